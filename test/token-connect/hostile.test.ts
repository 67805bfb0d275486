import { describe, expect } from 'vitest'
import { clickToPay, pushRequest, signed } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { encryptedPayload } from '../support/encryption.ts'
import { pushArguments, test as story } from '../support/journey.ts'
import { authorization } from '../support/oauth.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as withFolder } from '../support/temporary-folder.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'
const eligibility = '/mdes/connect/1/0/getEligibleTokenRequestors'

const test = story.extend<{
  /** Posts a signed body, and says how large the journal's entry is. */
  send: (
    where: string,
    body: object,
  ) => Promise<{
    status: number
    json: { responseId?: string; errors?: readonly object[] }
    entryBytes: number
    entry: string
  }>
}>({
  send: async ({ project, simulator }, use) =>
    use(async (where, body) => {
      const request = await signed(project, { path: where, body: JSON.stringify(body) })
      const response = await simulator.fetch(request)
      const json = (await response.json()) as { errors?: readonly object[] }
      const entry = JSON.stringify((await simulator.journal.entries()).at(-1))
      return { status: response.status, json, entryBytes: entry.length, entry }
    }),
})

describe('a request made to hurt is answered like any other, and leaves little behind', () => {
  test.for([20_000, 150_000])('%i accounts', async (count, { send, project }) => {
    const { status, json, entryBytes } = await send(path, {
      requestId: '1',
      tokenRequestorId: clickToPay,
      pushFundingAccounts: {
        encryptedPayload: encryptedPayload(project, Array(count).fill({})),
      },
    })
    expect(status).toBe(200)
    expect(json.errors).toHaveLength(1)
    expect(json.errors?.[0]).toMatchObject({ reasonCode: 'INVALID_FIELD_LENGTH' })
    expect(entryBytes).toBeLessThan(5000)
  })

  test('a hundred thousand account ranges', async ({ send }) => {
    const { json, entryBytes } = await send(eligibility, {
      requestId: '1',
      accountRanges: Array(100_000).fill(7),
    })
    expect(json.errors?.length).toBeLessThanOrEqual(100)
    expect(entryBytes).toBeLessThan(50_000)
  })

  test.for<[string, string]>([
    ['dashes', '-'.repeat(300_000)],
    ['what a JWS begins with', 'eyJ'.repeat(100_000)],
    ['digits', '1'.repeat(500_000)],
  ])('a member name of %s', async ([, name], { send }) => {
    const { status, entryBytes } = await send(eligibility, {
      requestId: '1',
      accountRanges: ['5123456789'],
      [name]: 1,
    })
    expect(status).toBe(200)
    expect(entryBytes).toBeLessThan(2000)
  })

  test('a wrong body hash over JSON nested without end, whose payload opens', async ({
    project,
    simulator,
  }) => {
    const whole = await (await pushRequest(...pushArguments(project))).text()
    const body = `${whole.slice(0, -1)},"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
    const url = `http://localhost:6337${path}`
    const header = authorization({ ...project, url, body: '{}' })
    const response = await simulator.fetch(
      new Request(url, {
        method: 'POST',
        headers: { Authorization: header, 'Content-Type': 'application/json' },
        body,
      }),
    )
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('INVALID_BODY_HASH')
  })

  test('plaintext of quotes and colons', async ({ project, simulator }) => {
    const request = await signed(project, {
      path,
      body: JSON.stringify({
        requestId: '1',
        tokenRequestorId: clickToPay,
        pushFundingAccounts: {
          encryptedPayload: encryptedPayload(project, `${'a'.repeat(20)}${'":'.repeat(32_000)}`),
        },
      }),
    })
    expect((await simulator.fetch(request)).status).toBe(200)
  })
})

describe('a card number where none belongs', () => {
  test.for([
    '5123456789012346',
    'id-5123456789012346',
    '5123 4567 8901 2346',
    '5123.4567.8901.2346',
    '%35%31%32%33456789012346',
  ])('requestId %s is not sent back', async (requestId, { send }) => {
    const good = await send(eligibility, { requestId, accountRanges: ['5123456789'] })
    const bad = await send(eligibility, { requestId, accountRanges: ['1'] })
    for (const { json, entry } of [good, bad]) {
      expect(json.responseId).toMatch(/^[0-9a-f]{8}-/)
      expect(JSON.stringify(json) + entry).not.toMatch(/5123[ .-]?4567[ .-]?8901|456789012346/)
    }
  })

  test('a requestId of as many digits that is no card number is', async ({ send }) => {
    const requestId = '20260130120000123'
    expect((await send(eligibility, { requestId, accountRanges: ['1'] })).json.responseId).toBe(
      requestId,
    )
  })

  test('as pushAccountId it is sent back, as documented, and warned of', async ({
    pushed,
    simulator,
  }) => {
    const { card } = await import('../support/journey.ts')
    await pushed({ accounts: [card(undefined, '5123456789012346')] })
    const entry = (await simulator.journal.entries()).at(-1)
    expect(entry?.warnings).toEqual([
      'pushAccountId holds a card number: put nothing there that must not be written into logs',
    ])
    expect(JSON.stringify(entry)).not.toContain('5123456789012346')
  })

  test('in the disguise of a fingerprint it is masked', async ({ project, simulator }) => {
    const payload = encryptedPayload(project, [])
    const publicKeyFingerprint = '5123456789012346'.repeat(2) + 'ab'.repeat(4)
    await simulator.fetch(
      await signed(project, {
        path,
        body: JSON.stringify({
          requestId: '1',
          tokenRequestorId: clickToPay,
          pushFundingAccounts: { encryptedPayload: { ...payload, publicKeyFingerprint } },
        }),
      }),
    )
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain('5123456789012346')
  })
})

withFolder('rotations at once each give a key of their own', async ({ folder }) => {
  const simulator = await createSimulator({ data: folder })
  const kids = await Promise.all(Array.from({ length: 4 }, () => simulator.rotateSignatureKey()))
  expect(new Set(kids).size).toBe(4)
  const jwks = await simulator.fetch(new Request('http://localhost:6337/__simulator/jwks.json'))
  expect(((await jwks.json()) as { keys: unknown[] }).keys).toHaveLength(5)
})

test.for<[string, RequestInit & { readonly path?: string }]>([
  ['path', { path: '/mdes/issuer-assets/1/0/asset/tokenrequestor/5123456789012346' }],
  ['nonce', {}],
])(
  'in the %s it is not in the base string that is echoed',
  async ([what, { path: where }], { project, simulator }) => {
    const url = `http://localhost:6337${where ?? '/mdes/assets/static/1/0/asset/x'}`
    const header = authorization({
      ...project,
      url,
      body: '',
      method: 'GET',
      nonce: what === 'nonce' ? '5123456789012346' : 'abcdefgh',
      baseUri: 'https://elsewhere.test/',
    })
    const response = await simulator.fetch(new Request(url, { headers: { Authorization: header } }))
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain('5123456789012346')
  },
)

describe('options that types rule out', () => {
  story.for<[object, string]>([
    [
      { assumptions: { errorStatus: 500 } },
      'assumptions.errorStatus: expected 200 or 400, not 500',
    ],
    [
      { assumptions: { maximumAccountsPerPush: 0 } },
      'assumptions.maximumAccountsPerPush: expected 1 to 100, not 0',
    ],
    [
      { assumptions: { foo: 1 } },
      'assumptions: there is no foo; known are responseId, receiptDataCentre, completeIssuerAppActivationInSignature, duplicateCard, errorStatus, unknownTokenRequestor, maximumAccountsPerPush',
    ],
    [
      { issuers: [{ consumerKey: 'x' }] },
      'issuers[0]: expected consumerKey (97 characters: client id, "!", key id) and publicKey (a KeyObject)',
    ],
    [{ relaxed: 'no' }, 'relaxed: expected true or false'],
    [{ nonceMemorySeconds: Number.NaN }, 'nonceMemorySeconds: expected 1 to 86400, not NaN'],
  ])('%j', async ([options, problem]) => {
    await expect(createSimulator({ data: dataDirectory, ...options })).rejects.toThrow(problem)
  })
})
