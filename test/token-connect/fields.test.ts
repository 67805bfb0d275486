import { describe, expect } from 'vitest'
import { push as pushTo, signed } from '../../src/issuer/client.ts'
import { card, noon, pushArguments, test as story } from '../support/journey.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'

type Json = { [name: string]: unknown }
type Answer = {
  errors?: unknown
  because: readonly string[]
  leniencies: readonly string[]
  body: Json
}

const test = story.extend<{
  /** Sends a valid request after a change to it. */
  send: (change: (request: Json) => unknown) => Promise<Answer>
  /** Pushes a valid account after a change to it. */
  sendAccount: (change: (account: Json) => unknown) => Promise<Answer>
}>({
  send: async ({ project, simulator }, use) => {
    const { request } = await pushTo(...pushArguments(project))
    const valid = await request.text()
    await use(async (change) => {
      const json = JSON.parse(valid)
      const body = JSON.stringify(change(json) ?? json)
      const response = await simulator.fetch(await signed(project, { path, body: body }))
      expect(response.status).toBe(200)
      return read((await response.json()) as Json, await lastEntry(simulator))
    })
  },
  sendAccount: async ({ project, simulator }, use) =>
    use(async (change) => {
      const account = JSON.parse(JSON.stringify(card()))
      const changed = change(account) ?? [account]
      const { text } = await pushTo(...pushArguments(project, { accounts: changed as never }))
      return read(JSON.parse(text), await lastEntry(simulator))
    }),
})

type Simulator = {
  journal: {
    entries(): Promise<
      readonly {
        faults?: readonly { because: string }[] | undefined
        leniencies?: readonly string[] | undefined
      }[]
    >
  }
}

async function lastEntry({ journal }: Simulator) {
  return (await journal.entries()).at(-1)
}

function read(body: Json, entry: Awaited<ReturnType<typeof lastEntry>>): Answer {
  return {
    body,
    errors: body.errors,
    because: entry?.faults?.map(({ because }) => because) ?? [],
    leniencies: entry?.leniencies ?? [],
  }
}

const texts = {
  INVALID_FIELD_FORMAT: 'Invalid Field Format',
  INVALID_FIELD_VALUE: 'Invalid Field Value',
} as const

/** What each rule answers is in rules.test.ts. */
function error(reasonCode: keyof typeof texts, field: string) {
  return { source: 'INPUT', reasonCode, description: `${texts[reasonCode]} - ${field}` }
}

/** Changes members; undefined leaves one out of the JSON. */
function set(target: Json, members: Json): void {
  Object.assign(target, members)
}

const data = (request: Json) => request.signatureData as Json

describe('a body that cannot be read', () => {
  test.for(['[]', '"text"', 'false', '7'])(
    'a body that is no object: %s',
    async (body, { send }) => {
      const { errors } = await send(() => JSON.parse(body))
      expect(errors).toEqual([
        { source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' },
      ])
    },
  )

  test.for<[string, Uint8Array]>([
    ['no JSON', Buffer.from('{"requestId":')],
    ['empty', Buffer.alloc(0)],
    ['a byte order mark', Buffer.from('\uFEFF{}')],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ])('a body that is not JSON: %s', async ([, bytes], { project, simulator }) => {
    const { authorization } = await import('../support/oauth.ts')
    const url = `http://localhost:6337${path}`
    const headers = {
      Authorization: authorization({ ...project, url, body: bytes as never }),
      'Content-Type': 'application/json',
    }
    const response = await simulator.fetch(
      new Request(url, { method: 'POST', headers, body: new Uint8Array(bytes) }),
    )
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        responseId: expect.any(String),
        errors: [{ source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' }],
      },
    ])
  })

  test.for(['[', '{"a":'])(
    'JSON nested without end is refused: %s',
    async (open, { project, simulator }) => {
      const body =
        open.repeat(100_000) + (open === '[' ? ']'.repeat(100_000) : `1${'}'.repeat(100_000)}`)
      const response = await simulator.fetch(await signed(project, { path, body: body }))
      expect([response.status, await response.json()]).toEqual([
        200,
        {
          responseId: expect.any(String),
          errors: [{ source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' }],
        },
      ])
    },
  )

  test('the $. trap: a library that leaves the card in clear is refused, and the card is nowhere', async ({
    send,
    simulator,
  }) => {
    const { errors } = await send((request) => ({
      ...request,
      pushFundingAccounts: { encryptedPayload: { encryptedData: [card('5123456789012346')] } },
      $: request.pushFundingAccounts,
    }))
    expect(errors).toMatchObject([{ reasonCode: 'INVALID_JSON' }])
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain('5123456789012346')
  })
})

const funding = (account: Json) => account.fundingAccountData as Json
const cardData = (account: Json) => funding(account).cardAccountData as Json
const inMinutes = (minutes: number) => new Date(noon.getTime() + minutes * 60_000).toISOString()
const thirtyDays = 30 * 24 * 60

describe('the limits of an account', () => {
  test.for<[string, object, (account: Json) => unknown]>([
    [
      'an expired card',
      error('INVALID_FIELD_VALUE', 'expiryYear'),
      (a) => set(cardData(a), { expiryMonth: '12', expiryYear: '25' }),
    ],
    [
      'a timestamp that is past',
      error('INVALID_FIELD_VALUE', 'dataValidUntilTimestamp'),
      (a) => set(funding(a), { dataValidUntilTimestamp: inMinutes(0) }),
    ],
    [
      'a timestamp more than 30 days ahead',
      error('INVALID_FIELD_VALUE', 'dataValidUntilTimestamp'),
      (a) => set(funding(a), { dataValidUntilTimestamp: inMinutes(thirtyDays + 1) }),
    ],
  ])(
    '%s is the error of its account: no receipt, no signature',
    async ([, expected, change], { sendAccount }) => {
      const { body } = await sendAccount(change)
      expect(body).toEqual({
        pushAccountReceipts: [{ pushAccountId: 'card-1', errors: [expected] }],
        tokenRequestorSignatureSupport: true,
        responseId: 'request-1',
      })
    },
  )

  test.for<[string, (account: Json) => unknown]>([
    [
      'a card without expiry',
      (a) => set(cardData(a), { expiryMonth: undefined, expiryYear: undefined }),
    ],
    ['a card in its last month', (a) => set(cardData(a), { expiryMonth: '01', expiryYear: '26' })],
    [
      'members that the specification does not know',
      (a) => set(cardData(a), { securityCode: '123' }),
    ],
    [
      'a timestamp 30 days ahead',
      (a) => set(funding(a), { dataValidUntilTimestamp: inMinutes(thirtyDays) }),
    ],
    [
      'a timestamp with an offset',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-01-30T14:30:00.5+02:00' }),
    ],
    [
      "Maestro's nineteen digits",
      (a) => set(cardData(a), { accountNumber: '6759649826438453003' }),
    ],
  ])('accepted: %s', async ([, change], { sendAccount }) => {
    expect((await sendAccount(change)).body).toMatchObject({ signature: expect.any(String) })
  })
})

test('issuer-initiated digitization data comes with each receipt, when it is asked for', async ({
  send,
}) => {
  const { body } = await send((r) => set(r, { requestIssuerInitiatedDigitizationData: true }))
  const [receipt] = body.pushAccountReceipts as { [name: string]: string }[]
  expect(Object.keys(receipt ?? {})).toEqual([
    'pushAccountId',
    'pushAccountReceipt',
    'issuerInitiatedDigitizationData',
  ])
  const data = Buffer.from(receipt?.issuerInitiatedDigitizationData ?? '', 'base64').toString()
  expect(data).toBe(
    `{"fundingAccountInfo":{"pushAccountReceipt":"${receipt?.pushAccountReceipt}"}}`,
  )
})

describe('accepted on an assumption, and said so in the journal', () => {
  test('null for members that are not set', async ({ send }) => {
    const { body, leniencies } = await send((r) => set(r, { authenticationCode: null }))
    expect(body).toHaveProperty('signature')
    expect(leniencies).toEqual([expect.stringContaining('null')])
  })

  test('card and financial account at once', async ({ sendAccount }) => {
    const { body, leniencies } = await sendAccount((a) =>
      set(funding(a), {
        financialAccountData: {
          financialAccountId: '1123456789012345',
          interbankCardAssociationId: '1234',
          countryCode: 'GBR',
        },
      }),
    )
    expect(body).toHaveProperty('signature')
    expect(leniencies).toEqual([expect.stringContaining('the card was taken')])
  })

  test('booleans as text', async ({ send }) => {
    const { body, leniencies } = await send((r) =>
      set(data(r), { completeWebsiteActivation: 'False' }),
    )
    expect(
      JSON.parse(Buffer.from(String(body.signature).split('.')[1] ?? '', 'base64url').toString()),
    ).toMatchObject({
      completeWebsiteActivation: false,
    })
    expect(leniencies).toEqual([expect.stringContaining('is text')])
  })
})

describe('what is warned of', () => {
  const warnings = async (simulator: {
    journal: { entries(): Promise<readonly { warnings?: readonly string[] | undefined }[]> }
  }) => (await simulator.journal.entries()).at(-1)?.warnings

  test('a card that may be real', async ({ pushed, simulator }) => {
    await pushed({ card: '5301250070000191' })
    expect(await warnings(simulator)).toEqual([
      expect.stringContaining("530125******0191 may be somebody's REAL CARD"),
    ])
  })

  test('a callback over http, except on loopback', async ({ pushed, simulator }) => {
    await pushed({ signatureData: { callbackURL: 'http://partnerbank.com/' } })
    expect(await warnings(simulator)).toEqual([expect.stringContaining('use https')])
    await pushed({ signatureData: { callbackURL: 'http://127.0.0.1:6338/' } })
    expect(await warnings(simulator)).toEqual([])
  })
})

describe('relaxed', () => {
  const relaxed = test.extend({ options: { relaxed: true } })

  relaxed('takes unsigned requests with plain accounts, and says so', async ({ simulator }) => {
    const response = await simulator.fetch(
      new Request(`http://localhost:6337${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          requestId: 'request-1',
          tokenRequestorId: '50123197928',
          pushFundingAccounts: { encryptedPayload: { encryptedData: [card()] } },
        }),
      }),
    )
    expect(await response.json()).toHaveProperty('signature')
    expect((await simulator.journal.entries()).at(-1)?.leniencies).toEqual([
      'relaxed: the request is not signed',
      'relaxed: the accounts came unencrypted',
    ])
  })

  relaxed('still refuses a signature that is wrong', async ({ project }) => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const signingKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const refused = await pushTo(...pushArguments(project, { project: { signingKey } }))
    expect(refused).toMatchObject({ accepted: false, status: 403 })
  })
})
