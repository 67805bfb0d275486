import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto'
import { describe, expect } from 'vitest'
import {
  asset,
  clickToPay,
  eligibleTokenRequestors,
  push as pushTo,
  redirectUrl,
  signed,
} from '../../src/issuer/client.ts'
import { encryptedPayload } from '../support/encryption.ts'
import {
  accepted,
  card,
  locationOf,
  projectOf,
  pushArguments,
  receiptOf,
  test as story,
} from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as withFolder } from '../support/temporary-folder.ts'

type Json = { [name: string]: unknown }

const test = story.extend<{
  /** Calls an operation with a signed body; without one it is a GET. */
  call: (
    path: string,
    body?: unknown,
    scenario?: string,
  ) => Promise<{ status: number; text: string; json: Json; headers: Headers }>
}>({
  call: async ({ project, simulator }, use) =>
    use(async (path, body, scenario) => {
      const request = await signed(project, {
        path,
        scenario,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const response = await simulator.fetch(request)
      const text = await response.text()
      return { status: response.status, text, json: JSON.parse(text), headers: response.headers }
    }),
})

describe('getEligibleTokenRequestors', () => {
  const path = '/mdes/connect/1/0/getEligibleTokenRequestors'

  test('describes Click to Pay, every member, for a range that is exactly the start of an enabled one', async ({
    call,
  }) => {
    const { json, headers } = await call(path, { requestId: '1', accountRanges: ['5123456789'] })
    const [first] = json.tokenRequestors as Json[]
    expect(json.responseId).toBe('1')
    expect(first).toEqual({
      tokenRequestorId: clickToPay,
      name: 'Click to Pay',
      consumerFacingEntityName: 'Click to Pay',
      imageAssetId: '7c0e2b5a-3d14-4f86-9a61-0b8f5d2c6e10',
      tokenRequestorType: 'WALLET',
      enabledAccountRanges: [5123456789000000000],
      supportedPushMethods: ['WEB'],
      supportsMultiplePushedCards: false,
      supportedAccountHolderData: ['NAME', 'ADDRESS', 'EMAIL_ADDRESS', 'MOBILE_PHONE_NUMBER'],
      supportsCardHolderAuthentication: false,
      supportsTokenConnect: true,
      availablePushMethods: [{ type: 'WEB', uri: 'http://localhost:6337/provision' }],
      supportIssuerInitiatedDigitizationData: false,
    })
    expect(headers.get('X-Simulator-Scenario')).toBe('approved; by=default')
  })

  test('ranges are JSON integers with every digit right, all nineteen of them', async ({
    call,
    project,
  }) => {
    const request = { requestId: '1', accountRanges: ['5204731600123456789', '512345678901'] }
    const { text } = await call(path, request)
    expect(text).toContain('"enabledAccountRanges":[5204731600123456789,5123456789010000000]')
    // A JavaScript number is not enough for them, which is why they are written raw.
    expect(String(JSON.parse('5204731600123456789'))).toBe('5204731600123457000')
    const [first] = await eligibleTokenRequestors(project, request)
    expect(first?.enabledAccountRanges).toEqual(['5204731600123456789', '5123456789010000000'])
  })

  test('the canned sandbox call names the two documented token requestors too', async ({
    project,
  }) => {
    const all = await eligibleTokenRequestors(project, {
      requestId: '123456',
      accountRanges: ['512345678901', '512345678902', '512345678903'],
    })
    const ranges = (id: string) =>
      all.find(({ tokenRequestorId }) => tokenRequestorId === id)?.enabledAccountRanges
    expect(ranges('12345678901')).toEqual([
      '5123456789010000000',
      '5123456789020000000',
      '5123456789030000000',
    ])
    expect(ranges('12345678903')).toEqual(['5123456789020000000'])
  })

  test.for([
    [
      'inside a range but not its start',
      '512345678904',
      'accountRanges.0: 512345**8904 is not the start of an enabled account range, though inside the one that starts at 5123456789: only the exact start counts',
    ],
    [
      "in nobody's range",
      '411111111',
      'accountRanges.0: 411111111 is not the start of an enabled account range, nor in any',
    ],
  ] as const)(
    'names nobody for a number %s, and says so',
    async ([, range, warning], { call, simulator }) => {
      const { json } = await call(path, { requestId: '1', accountRanges: [range] })
      expect(json).toEqual({ responseId: '1', tokenRequestors: [] })
      const entry = (await simulator.journal.entries()).at(-1)
      expect(entry?.summary).toBe('named nobody: none of the ranges is the start of an enabled one')
      expect(entry?.warnings).toEqual([warning])
    },
  )

  test('the same range twice, or padded, is one', async ({ project }) => {
    const [first] = await eligibleTokenRequestors(project, {
      requestId: '1',
      accountRanges: ['5123456789', '5123456789000000000', '5123456789'],
    })
    expect(first?.enabledAccountRanges).toEqual(['5123456789000000000'])
  })

  test('supportsTokenConnect is without effect, and warned of', async ({ call, simulator }) => {
    const request = { requestId: '1', accountRanges: ['5123456789'] }
    const { text } = await call(path, { ...request, supportsTokenConnect: false })
    expect(text).toBe((await call(path, request)).text)
    expect((await simulator.journal.entries())[0]?.warnings).toEqual([
      'supportsTokenConnect is deprecated and without effect since August 2022: only token requestors in Token Connect are returned',
    ])
  })

  test('answers under /mdes/mtf too', async ({ call }) => {
    const request = { requestId: '1', accountRanges: ['5123456789'] }
    const { status } = await call('/mdes/mtf/connect/1/0/getEligibleTokenRequestors', request)
    expect(status).toBe(200)
  })
})

describe('getAsset', () => {
  const path = '/mdes/issuer-assets/1/0/asset/tokenrequestor'

  test('gives the logo of every token requestor as PNG of 192 x 192 and as SVG', async ({
    project,
  }) => {
    const all = await eligibleTokenRequestors(project, {
      requestId: '1',
      accountRanges: ['5123456789', '512345678902'],
    })
    expect(all.length).toBeGreaterThanOrEqual(4)
    for (const { imageAssetId = '' } of all) {
      const [png, svg] = await asset(project, imageAssetId)
      expect(png).toMatchObject({ type: 'image/png', height: '192', width: '192' })
      const bytes = Buffer.from(png?.data ?? '', 'base64')
      expect(bytes.toString('latin1', 1, 4)).toBe('PNG')
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([192, 192])
      expect(svg?.type).toBe('image/svg+xml')
      expect(svg).not.toHaveProperty('height')
      expect(Buffer.from(svg?.data ?? '', 'base64').toString()).toMatch(/^<svg /)
    }
  })

  test('an id stands for the same bytes, in any case', async ({ call }) => {
    const id = 'dbc55444-496a-4896-b41c-5d5e2dd431e2'
    const { text } = await call(`${path}/${id}`)
    expect((await call(`${path}/${id.toUpperCase()}`)).text).toBe(text)
    expect((await call(`/mdes/mtf/issuer-assets/1/0/asset/tokenrequestor/${id}`)).text).toBe(text)
  })

  test.for([
    ['554dbc44-496a-4896-b41c-000000000000', 404, 'INVALID_FIELD_VALUE', 'Value'],
    ['not-a-uuid', 400, 'INVALID_FIELD_FORMAT', 'Format'],
    ['..%2F..%2Fetc%2Fpasswd', 400, 'INVALID_FIELD_FORMAT', 'Format'],
  ] as const)('refuses %s with %i', async ([id, status, reasonCode, word], { call }) => {
    const answer = await call(`${path}/${id}`)
    expect([answer.status, answer.json]).toEqual([
      status,
      {
        errors: [{ source: 'INPUT', reasonCode, description: `Invalid Field ${word} - AssetId` }],
      },
    ])
  })

  test('is signed like any other call', async ({ simulator }) => {
    const url = `http://localhost:6337${path}/dbc55444-496a-4896-b41c-5d5e2dd431e2`
    const response = await simulator.fetch(new Request(url))
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('INVALID_AUTH_HEADER')
  })
})

describe('the signature key', () => {
  const jwkOf = (json: Json) => {
    const [content] = json.mediaContents as { type: string; data: string }[]
    expect(content?.type).toBe('application/jwk+json')
    return JSON.parse(Buffer.from(content?.data ?? '', 'base64').toString())
  }

  test.for(['/mdes/assets/static/1/0/asset', '/mdes/assets/mtf/1/0/asset'])(
    'is served by its kid under %s, and verifies a push',
    async (path, { call, pushed }) => {
      const { signature = '' } = await pushed()
      const [header = '', payload = '', proof = ''] = signature.split('.')
      const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
      const jwk = jwkOf((await call(`${path}/${kid}`)).json)
      expect(Object.keys(jwk)).toEqual([
        'kty',
        'x5t#S256',
        'e',
        'use',
        'kid',
        'x5c',
        'key_ops',
        'alg',
        'n',
      ])
      expect(jwk).toMatchObject({ kty: 'RSA', e: 'AQAB', use: 'sig', kid, alg: 'RS256' })
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      const signedText = Buffer.from(`${header}.${payload}`)
      expect(verify('sha256', signedText, key, Buffer.from(proof, 'base64url'))).toBe(true)
      const der = Buffer.from(jwk.x5c[0], 'base64')
      expect(createHash('sha256').update(der).digest('base64url')).toBe(jwk['x5t#S256'])
      expect(new X509Certificate(der).publicKey.equals(key)).toBe(true)
    },
  )

  test('that is unknown is refused with 404', async ({ call }) => {
    const { status, json } = await call('/mdes/assets/static/1/0/asset/1095231617412915806')
    expect([status, json]).toEqual([
      404,
      {
        errors: [
          {
            source: 'INPUT',
            reasonCode: 'INVALID_FIELD_VALUE',
            description: 'Invalid Field Value - AssetId',
          },
        ],
      },
    ])
  })

  withFolder('can be rotated: the new one signs, the old one stays served', async ({ folder }) => {
    const simulator = await createSimulator({ data: folder })
    const project = await projectOf(simulator)
    const push = async () => accepted(await pushTo(...pushArguments(project)))
    const kidOf = (signature = '') =>
      JSON.parse(Buffer.from(signature.split('.')[0] ?? '', 'base64url').toString()).kid
    const before = await push()
    const rotated = await simulator.fetch(
      new Request('http://localhost:6337/__simulator/signature-key', { method: 'POST' }),
    )
    const { kid } = (await rotated.json()) as { kid: string }
    const after = await push()
    expect(rotated.status).toBe(201)
    expect(kidOf(after.signature)).toBe(kid)
    expect(kid).not.toBe(kidOf(before.signature))

    for (const served of [kidOf(before.signature), kid]) {
      const path = `/mdes/assets/static/1/0/asset/${served}`
      expect((await simulator.fetch(await signed(project, { path }))).status).toBe(200)
    }
    const jwks = await simulator.fetch(new Request('http://localhost:6337/__simulator/jwks.json'))
    const { keys } = (await jwks.json()) as { keys: readonly { kid: string }[] }
    expect(keys.map((key) => key.kid)).toEqual([kidOf(before.signature), kid])
    // What was signed before the rotation is good until it expires.
    const visit = new Request(redirectUrl(before, { useCase: 'signature' }))
    expect(locationOf(await simulator.fetch(visit))).toContain('APPROVED')

    const later = await createSimulator({ data: folder })
    const again = accepted(await pushTo(...pushArguments(await projectOf(later))))
    expect(kidOf(again.signature)).toBe(kid)
  })
})

describe('pushAccount', () => {
  const path = '/mdes/connect/1/0/pushAccount'
  const request = (
    project: Parameters<typeof encryptedPayload>[0],
    account: unknown = oneCard(),
  ) => ({
    requestId: '123456',
    tokenRequestorId: clickToPay,
    pushFundingAccount: { encryptedPayload: encryptedPayload(project, account) },
  })
  const oneCard = () => card('5123456789012346').fundingAccountData

  test('gives a receipt of fifteen minutes, and no signature', async ({
    call,
    project,
    simulator,
    visit,
  }) => {
    const { json } = await call(path, request(project))
    expect(json).toEqual({
      responseId: '123456',
      pushAccountReceipt: expect.stringMatching(/^MCC-STL-/),
      availablePushMethods: [{ type: 'WEB', uri: 'http://localhost:6337/provision' }],
    })
    const entry = (await simulator.journal.entries()).at(-1)
    expect(entry?.kind).toBe('pushAccount')
    expect(entry?.warnings?.[0]).toContain('pushAccount is deprecated')
    const page = `http://localhost:6337/provision?pushAccountReceipts=${json.pushAccountReceipt}&locale=en_US&extFlow=true`
    simulator.clock.advance(15 * 60_000 - 1)
    expect(await (await visit(page)).text()).not.toContain('expired')
  })

  test('its receipt expires like any other', async ({ call, project, simulator, visit }) => {
    const { json } = await call(path, request(project))
    simulator.clock.advance(15 * 60_000)
    const page = `http://localhost:6337/provision?pushAccountReceipts=${json.pushAccountReceipt}&locale=en_US&extFlow=true`
    expect((await visit(page)).status).toBe(410)
  })

  test('what is wrong with its account is a top-level error', async ({ call, project }) => {
    const { json } = await call(path, request(project, card('4111111111111111').fundingAccountData))
    expect(json).toEqual({
      responseId: '123456',
      errors: [
        {
          source: 'MDES',
          reasonCode: 'ACCOUNT_INELIGIBLE',
          description: 'The card or financial account is not eligible.',
        },
      ],
    })
  })

  test.for<[string, unknown, string, string]>([
    ['an array, as pushMultipleAccounts takes', [card()], 'INVALID_FIELD_FORMAT', 'encryptedData'],
    ['an account with its name around it', card(), 'MISSING_REQUIRED_FIELD', 'cardAccountData'],
  ])('refuses %s', async ([, account, reasonCode, field], { call, project }) => {
    const { json } = await call(path, request(project, account))
    expect(json.errors).toMatchObject([{ reasonCode, description: expect.stringContaining(field) }])
  })

  test('has no AES-GCM', async ({ call, project }) => {
    const body = request(project)
    Object.assign(body.pushFundingAccount.encryptedPayload, {
      iv: '00'.repeat(12),
      algorithmCipherMode: 'GCM',
      tag: '00'.repeat(16),
      aad: '00',
    })
    const { json } = await call(path, body)
    expect(json.errors).toMatchObject([{ reasonCode: 'CRYPTOGRAPHY_ERROR' }])
  })

  test('scenarios play for it too', async ({ call, project }) => {
    const { json } = await call(path, request(project), 'ineligible-card')
    expect(json).toMatchObject({ errors: [{ reasonCode: 'ACCOUNT_INELIGIBLE' }] })
  })
})

describe('several accounts in one push', () => {
  const two = () => [card('5123456789012345', 'CA-1'), card('5123456789065478', 'CA-2')]

  test('for Click to Pay: a receipt each, warned of, and each used by itself', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const push = await pushed({ accounts: two() })
    const receipts = push.pushAccountReceipts.map((one) => one.pushAccountReceipt)
    expect(new Set(receipts).size).toBe(2)
    expect((await simulator.journal.entries())[0]?.warnings).toEqual([
      '2 accounts were pushed; Click to Pay takes one card at a time: it uses the first receipt it is handed and ignores the rest',
    ])
    const back = locationOf(await visit(redirectUrl(push, { useCase: 'signature' })))
    expect([...new URL(back).searchParams.keys()]).toEqual([`results[${receipts[0]}]`])
    const second = `http://localhost:6337/provision?pushAccountReceipts=${receipts[1]}&locale=en_US&extFlow=true&callbackURL=https%3A%2F%2Fbank.test%2F`
    const next = new URL(locationOf(await visit(second)))
    expect(next.searchParams.get(`results[${receipts[1]}]`)).toMatch(/^APPROVED\|DM4MMC/)
    expect(next.searchParams.get(`results[${receipts[1]}]`)).not.toBe(
      new URL(back).searchParams.get(`results[${receipts[0]}]`),
    )
  })

  test('one that is not eligible leaves the other its receipt, and the signature', async ({
    pushed,
  }) => {
    const push = await pushed({
      accounts: [card('4111111111111111', 'visa'), card(undefined, 'good')],
    })
    expect(push.pushAccountReceipts).toEqual([
      {
        pushAccountId: 'visa',
        errors: [
          {
            source: 'MDES',
            reasonCode: 'ACCOUNT_INELIGIBLE',
            description: 'The card or financial account is not eligible.',
          },
        ],
      },
      { pushAccountId: 'good', pushAccountReceipt: expect.stringMatching(/^MCC-STL-/) },
    ])
    const payload = Buffer.from(push.signature?.split('.')[1] ?? '', 'base64url').toString()
    expect(JSON.parse(payload).pushAccountReceipts).toEqual([
      push.pushAccountReceipts[1]?.pushAccountReceipt,
    ])
  })

  test('a card and a financial account, for a wallet that takes both', async ({ pushed }) => {
    const financial = {
      pushAccountId: 'account',
      fundingAccountData: {
        financialAccountData: {
          financialAccountId: '1123456789012345',
          interbankCardAssociationId: '1234',
          countryCode: 'GBR',
        },
      },
    }
    const push = await pushed({
      tokenRequestorId: '50170000001',
      accounts: [card(), financial as never],
    })
    expect(push.pushAccountReceipts.map((one) => one.pushAccountReceipt?.slice(0, 3))).toEqual([
      'MCC',
      'DMC',
    ])
  })

  test('a financial account is not for Click to Pay', async ({ push }) => {
    const { text } = await push({
      accounts: [
        {
          pushAccountId: 'account',
          fundingAccountData: {
            financialAccountData: {
              financialAccountId: '1123456789012345',
              interbankCardAssociationId: '1234',
              countryCode: 'GBR',
            },
          },
        } as never,
      ],
    })
    expect(JSON.parse(text).pushAccountReceipts).toMatchObject([
      { errors: [{ reasonCode: 'ACCOUNT_INELIGIBLE' }] },
    ])
    expect(JSON.parse(text)).not.toHaveProperty('signature')
  })

  test('a receipt of another number is the same push for a wallet that takes several', async ({
    pushed,
    simulator,
  }) => {
    await pushed({ tokenRequestorId: '50170000001', accounts: two() })
    expect((await simulator.journal.entries())[0]?.warnings).not.toContainEqual(
      expect.stringContaining('one card at a time'),
    )
    expect(receiptOf(await pushed())).toMatch(/^MCC/)
  })
})
