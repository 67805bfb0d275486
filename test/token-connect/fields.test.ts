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
  MISSING_REQUIRED_FIELD: 'Missing Required Field',
  INVALID_FIELD_FORMAT: 'Invalid Field Format',
  INVALID_FIELD_LENGTH: 'Invalid Field Length',
  INVALID_FIELD_VALUE: 'Invalid Field Value',
} as const
type ReasonCode = keyof typeof texts

function error(reasonCode: ReasonCode, field: string) {
  return { source: 'INPUT', reasonCode, description: `${texts[reasonCode]} - ${field}` }
}

/** Changes members; undefined leaves one out of the JSON. */
function set(target: Json, members: Json): void {
  Object.assign(target, members)
}

const payload = (request: Json) =>
  (request.pushFundingAccounts as { encryptedPayload: Json }).encryptedPayload
const data = (request: Json) => request.signatureData as Json

describe('each field of the request that is wrong is one error, named', () => {
  test.for<
    [field: string, reasonCode: ReasonCode, what: string, change: (request: Json) => unknown]
  >([
    ['requestId', 'MISSING_REQUIRED_FIELD', 'missing', (r) => set(r, { requestId: undefined })],
    ['requestId', 'MISSING_REQUIRED_FIELD', 'null', (r) => set(r, { requestId: null })],
    ['requestId', 'INVALID_FIELD_FORMAT', 'a number', (r) => set(r, { requestId: 123456 })],
    ['requestId', 'INVALID_FIELD_LENGTH', 'empty', (r) => set(r, { requestId: '' })],
    [
      'requestId',
      'INVALID_FIELD_LENGTH',
      '65 characters',
      (r) => set(r, { requestId: 'x'.repeat(65) }),
    ],
    [
      'tokenRequestorId',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(r, { tokenRequestorId: undefined }),
    ],
    [
      'tokenRequestorId',
      'INVALID_FIELD_LENGTH',
      '10 digits',
      (r) => set(r, { tokenRequestorId: '5012319792' }),
    ],
    [
      'tokenRequestorId',
      'INVALID_FIELD_FORMAT',
      'letters',
      (r) => set(r, { tokenRequestorId: 'abcdefghijk' }),
    ],
    [
      'tokenRequestorId',
      'INVALID_FIELD_VALUE',
      'unknown',
      (r) => set(r, { tokenRequestorId: '50000000000' }),
    ],
    [
      'pushFundingAccounts',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(r, { pushFundingAccounts: undefined }),
    ],
    [
      'pushFundingAccounts',
      'INVALID_FIELD_FORMAT',
      'an array',
      (r) => set(r, { pushFundingAccounts: [] }),
    ],
    [
      'encryptedPayload',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(r, { pushFundingAccounts: {} }),
    ],
    [
      'encryptedData',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(payload(r), { encryptedData: undefined }),
    ],
    [
      'encryptedData',
      'INVALID_FIELD_FORMAT',
      'plain accounts',
      (r) => set(payload(r), { encryptedData: [card()] }),
    ],
    [
      'publicKeyFingerprint',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(payload(r), { publicKeyFingerprint: undefined }),
    ],
    [
      'publicKeyFingerprint',
      'INVALID_FIELD_LENGTH',
      '31 digits',
      (r) => set(payload(r), { publicKeyFingerprint: 'a'.repeat(31) }),
    ],
    [
      'publicKeyFingerprint',
      'INVALID_FIELD_LENGTH',
      '65 digits',
      (r) => set(payload(r), { publicKeyFingerprint: 'a'.repeat(65) }),
    ],
    [
      'publicKeyFingerprint',
      'INVALID_FIELD_FORMAT',
      'colons',
      (r) => set(payload(r), { publicKeyFingerprint: 'a:'.repeat(20) }),
    ],
    [
      'encryptedKey',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (r) => set(payload(r), { encryptedKey: undefined }),
    ],
    [
      'encryptedKey',
      'INVALID_FIELD_LENGTH',
      '513 digits',
      (r) => set(payload(r), { encryptedKey: 'a'.repeat(513) }),
    ],
    [
      'oaepHashingAlgorithm',
      'INVALID_FIELD_VALUE',
      'SHA-256 with its dash',
      (r) => set(payload(r), { oaepHashingAlgorithm: 'SHA-256' }),
    ],
    ['iv', 'INVALID_FIELD_LENGTH', '34 digits', (r) => set(payload(r), { iv: 'a'.repeat(34) })],
    [
      'callbackURL',
      'INVALID_FIELD_LENGTH',
      '257 characters',
      (r) => set(data(r), { callbackURL: `https://bank.test/${'x'.repeat(239)}` }),
    ],
    [
      'callbackURL',
      'INVALID_FIELD_VALUE',
      'relative',
      (r) => set(data(r), { callbackURL: '/results' }),
    ],
    ['tag', 'INVALID_FIELD_VALUE', 'present without GCM', (r) => set(payload(r), { tag: '00' })],
    [
      'aad',
      'INVALID_FIELD_VALUE',
      'present with CBC',
      (r) => set(payload(r), { algorithmCipherMode: 'CBC', aad: '00' }),
    ],
    [
      'algorithmCipherMode',
      'INVALID_FIELD_VALUE',
      'unknown',
      (r) => set(payload(r), { algorithmCipherMode: 'XYZ' }),
    ],
    [
      'tag',
      'MISSING_REQUIRED_FIELD',
      'missing with GCM',
      (r) => set(payload(r), { algorithmCipherMode: 'GCM', aad: '00' }),
    ],
    [
      'pushAccountReceiptsValidityPeriod',
      'INVALID_FIELD_FORMAT',
      'half a minute',
      (r) => set(r, { pushAccountReceiptsValidityPeriod: 5.5 }),
    ],
    ['callbackURL', 'INVALID_FIELD_FORMAT', 'an object', (r) => set(data(r), { callbackURL: {} })],
    ['locale', 'INVALID_FIELD_LENGTH', 'a language only', (r) => set(data(r), { locale: 'en' })],
    ['locale', 'INVALID_FIELD_FORMAT', 'a dash', (r) => set(data(r), { locale: 'en-US' })],
    [
      'completeWebsiteActivation',
      'INVALID_FIELD_FORMAT',
      'yes',
      (r) => set(data(r), { completeWebsiteActivation: 'yes' }),
    ],
    [
      'completeIssuerAppActivation',
      'INVALID_FIELD_FORMAT',
      'a number',
      (r) => set(data(r), { completeIssuerAppActivation: 1 }),
    ],
    [
      'tokenRequestorSessionId',
      'INVALID_FIELD_LENGTH',
      'two characters',
      (r) => set(data(r), { tokenRequestorSessionId: 'ab' }),
    ],
    [
      'pushAccountReceiptsValidityPeriod',
      'INVALID_FIELD_VALUE',
      '4 minutes',
      (r) => set(r, { pushAccountReceiptsValidityPeriod: 4 }),
    ],
    [
      'pushAccountReceiptsValidityPeriod',
      'INVALID_FIELD_VALUE',
      '16 minutes',
      (r) => set(r, { pushAccountReceiptsValidityPeriod: 16 }),
    ],
    [
      'pushAccountReceiptsValidityPeriod',
      'INVALID_FIELD_FORMAT',
      'text',
      (r) => set(r, { pushAccountReceiptsValidityPeriod: '10' }),
    ],
    [
      'requestIssuerInitiatedDigitizationData',
      'INVALID_FIELD_FORMAT',
      'text',
      (r) => set(r, { requestIssuerInitiatedDigitizationData: 'maybe' }),
    ],
    [
      'authenticationCode',
      'INVALID_FIELD_FORMAT',
      'a dash',
      (r) => set(r, { authenticationCode: 'AB-12' }),
    ],
  ])('%s: %s for %s', async ([field, reasonCode, , change], { send }) => {
    const { errors, because } = await send(change)
    expect(errors).toEqual([error(reasonCode, field)])
    expect(because).toHaveLength(1)
  })

  test('several faults are several errors, and the requestId comes back', async ({ send }) => {
    const { body } = await send((request) => {
      delete request.tokenRequestorId
      data(request).locale = 'english'
      payload(request).iv = 'zz'
    })
    expect(body).toEqual({
      responseId: 'request-1',
      errors: [
        error('MISSING_REQUIRED_FIELD', 'tokenRequestorId'),
        error('INVALID_FIELD_LENGTH', 'iv'),
        error('INVALID_FIELD_LENGTH', 'locale'),
      ],
    })
  })

  test.for(['[]', '"text"', 'false', '7'])(
    'a body that is no object: %s',
    async (body, { send }) => {
      const { errors } = await send(() => JSON.parse(body))
      expect(errors).toEqual([error('INVALID_FIELD_FORMAT', 'body')])
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
      { errors: [{ source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' }] },
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
        { errors: [{ source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' }] },
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
    expect(errors).toContainEqual(error('INVALID_FIELD_FORMAT', 'encryptedData'))
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain('5123456789012346')
  })
})

const funding = (account: Json) => account.fundingAccountData as Json
const cardData = (account: Json) => funding(account).cardAccountData as Json
const inMinutes = (minutes: number) => new Date(noon.getTime() + minutes * 60_000).toISOString()
const thirtyDays = 30 * 24 * 60

describe('inside the ciphertext', () => {
  test.for<
    [field: string, reasonCode: ReasonCode, what: string, change: (account: Json) => unknown]
  >([
    ['encryptedData', 'INVALID_FIELD_FORMAT', 'one account without its array', (a) => a],
    ['encryptedData', 'INVALID_FIELD_LENGTH', 'no account', () => []],
    [
      'encryptedData',
      'INVALID_FIELD_LENGTH',
      'six cards',
      (a) => [1, 2, 3, 4, 5, 6].map((n) => ({ ...a, pushAccountId: `card-${n}` })),
    ],
    [
      'pushAccountId',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (a) => set(a, { pushAccountId: undefined }),
    ],
    [
      'pushAccountId',
      'INVALID_FIELD_LENGTH',
      '37 characters',
      (a) => set(a, { pushAccountId: 'x'.repeat(37) }),
    ],
    ['pushAccountId', 'INVALID_FIELD_VALUE', 'the same twice', (a) => [a, a]],
    [
      'fundingAccountData',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (a) => set(a, { fundingAccountData: undefined }),
    ],
    [
      'cardAccountData',
      'MISSING_REQUIRED_FIELD',
      'neither card nor account',
      (a) => set(funding(a), { cardAccountData: undefined }),
    ],
    [
      'accountNumber',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (a) => set(cardData(a), { accountNumber: undefined }),
    ],
    [
      'accountNumber',
      'INVALID_FIELD_LENGTH',
      '8 digits',
      (a) => set(cardData(a), { accountNumber: '51234567' }),
    ],
    [
      'accountNumber',
      'INVALID_FIELD_LENGTH',
      '20 digits',
      (a) => set(cardData(a), { accountNumber: '5'.repeat(20) }),
    ],
    [
      'accountNumber',
      'INVALID_FIELD_FORMAT',
      'blanks',
      (a) => set(cardData(a), { accountNumber: '5123 4567 8901 2346' }),
    ],
    [
      'accountNumber',
      'INVALID_FIELD_FORMAT',
      'a number',
      (a) => set(cardData(a), { accountNumber: 5123456789012346 }),
    ],
    [
      'expiryMonth',
      'INVALID_FIELD_LENGTH',
      'one digit',
      (a) => set(cardData(a), { expiryMonth: '1' }),
    ],
    ['expiryMonth', 'INVALID_FIELD_VALUE', '13', (a) => set(cardData(a), { expiryMonth: '13' })],
    [
      'expiryYear',
      'INVALID_FIELD_LENGTH',
      'four digits',
      (a) => set(cardData(a), { expiryYear: '2039' }),
    ],
    [
      'dataValidUntilTimestamp',
      'INVALID_FIELD_LENGTH',
      'a date only',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-01-31' }),
    ],
    [
      'dataValidUntilTimestamp',
      'INVALID_FIELD_FORMAT',
      'no offset',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-01-31T12:00:00.000' }),
    ],
    [
      'dataValidUntilTimestamp',
      'INVALID_FIELD_FORMAT',
      'a month that is not',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-13-31T12:00:00Z' }),
    ],
    [
      'dataValidUntilTimestamp',
      'INVALID_FIELD_FORMAT',
      'a day that is not',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-02-30T12:00:00Z' }),
    ],
    [
      'dataValidUntilTimestamp',
      'INVALID_FIELD_FORMAT',
      'an hour that is not',
      (a) => set(funding(a), { dataValidUntilTimestamp: '2026-01-31T24:00:00Z' }),
    ],
    [
      'accountHolderName',
      'INVALID_FIELD_LENGTH',
      '28 characters',
      (a) => set(funding(a), { accountHolderData: { accountHolderName: 'x'.repeat(28) } }),
    ],
    [
      'accountHolderEmailAddress',
      'INVALID_FIELD_LENGTH',
      'five characters',
      (a) => set(funding(a), { accountHolderData: { accountHolderEmailAddress: 'a@b.c' } }),
    ],
    [
      'country',
      'INVALID_FIELD_LENGTH',
      'alpha-2',
      (a) => set(funding(a), { accountHolderData: { accountHolderAddress: { country: 'US' } } }),
    ],
    [
      'phoneNumber',
      'MISSING_REQUIRED_FIELD',
      'missing',
      (a) =>
        set(funding(a), {
          accountHolderData: {
            accountHolderMobilePhoneNumber: { countryDialInCode: '1' },
          },
        }),
    ],
    [
      'countryDialInCode',
      'INVALID_FIELD_FORMAT',
      'a plus sign',
      (a) =>
        set(funding(a), {
          accountHolderData: {
            accountHolderMobilePhoneNumber: { countryDialInCode: '+1', phoneNumber: '7181234567' },
          },
        }),
    ],
  ])('%s: %s for %s', async ([field, reasonCode, , change], { sendAccount }) => {
    const { errors } = await sendAccount(change)
    expect(errors).toEqual([error(reasonCode, field)])
  })

  const ineligible = {
    source: 'MDES',
    reasonCode: 'ACCOUNT_INELIGIBLE',
    description: 'The card or financial account is not eligible.',
  }
  test.for<[string, object, (account: Json) => unknown]>([
    [
      'an expired card',
      error('INVALID_FIELD_VALUE', 'expiryYear'),
      (a) => set(cardData(a), { expiryMonth: '12', expiryYear: '25' }),
    ],
    [
      'an expired card without its month',
      error('INVALID_FIELD_VALUE', 'expiryYear'),
      (a) => set(cardData(a), { expiryMonth: undefined, expiryYear: '25' }),
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
    [
      'a card in no account range',
      ineligible,
      (a) => set(cardData(a), { accountNumber: '4111111111111111' }),
    ],
    [
      'a financial account, which Click to Pay does not take',
      ineligible,
      (a) =>
        set(a, {
          fundingAccountData: {
            financialAccountData: {
              financialAccountId: '1123456789012345',
              interbankCardAssociationId: '1234',
              countryCode: 'GBR',
            },
          },
        }),
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

  test('an account with an error leaves the other its receipt and the signature', async ({
    push,
  }) => {
    const { text } = await push({
      tokenRequestorId: '50123456789',
      accounts: [card('4111111111111111', 'bad'), card('5123456789012346', 'good')],
    })
    const body = JSON.parse(text)
    expect(body.pushAccountReceipts).toMatchObject([
      { pushAccountId: 'bad', errors: [ineligible] },
      { pushAccountId: 'good', pushAccountReceipt: expect.stringMatching(/^MCC-STL-/) },
    ])
    const claims = JSON.parse(Buffer.from(body.signature.split('.')[1], 'base64url').toString())
    expect(claims.pushAccountReceipts).toEqual([body.pushAccountReceipts[1].pushAccountReceipt])
  })

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
