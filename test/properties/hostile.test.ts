import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { test as story } from '../support/journey.ts'
import { authorization } from '../support/oauth.ts'

/** How often each property is tried; more for a long look: `PROPERTY_RUNS=10000 npx vitest run test/properties`. */
const numRuns = Number(process.env.PROPERTY_RUNS ?? 150)

const cardNumber = '5123456789012346'

const operations = [
  '/mdes/connect/1/0/pushMultipleAccounts',
  '/mdes/mtf/connect/1/0/pushAccount',
  '/mdes/connect/1/0/getEligibleTokenRequestors',
  '/mdes/issuer-assets/1/0/asset/tokenrequestor/x',
  '/mdes/assets/static/1/0/asset/x',
]

const path = fc.oneof(
  fc.constantFrom(...operations, '/provision', '/', '/mdes', '/__simulator/health'),
  fc.webPath(),
)
const query = fc.oneof(
  fc.constant(''),
  fc.webQueryParameters().map((text) => `?${text}`),
  fc.string({ unit: 'binary' }).map((text) => `?pushAccountReceipts=${encodeURIComponent(text)}`),
  fc.string({ unit: 'binary' }).map((text) => `?pushAccountData=${encodeURIComponent(text)}`),
  fc
    .record({
      pushAccountReceipts: fc.string(),
      callbackURL: fc.oneof(fc.webUrl(), fc.string(), fc.constant(`https://x.test/${cardNumber}`)),
      locale: fc.string(),
      extFlow: fc.string(),
    })
    .map((members) => `?${new URLSearchParams(members)}`),
)

/** Names of the API's own members, so that what is made of them gets past the first check now and then. */
const member = fc.constantFrom(
  'requestId',
  'tokenRequestorId',
  'pushFundingAccounts',
  'pushFundingAccount',
  'encryptedPayload',
  'encryptedData',
  'encryptedKey',
  'publicKeyFingerprint',
  'iv',
  'signatureData',
  'callbackURL',
  'accountRanges',
  '__proto__',
  'constructor',
  'toString',
  cardNumber,
)
const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(cardNumber, '50123197928', 'SHA512', '00'.repeat(16), '00'.repeat(256)),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
)
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(member, fc.string()), tie('json'), { maxKeys: 6 }),
  ),
}))

const headerValue = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019 =",;%&/\\!\'()*+-._~<>@:') })
  .map((text) => text.trim())
const headers = fc.record(
  {
    Authorization: fc.oneof(
      headerValue,
      headerValue.map((value) => `OAuth ${value}`),
      fc
        .dictionary(
          fc.constantFrom(
            'oauth_consumer_key',
            'oauth_nonce',
            'oauth_timestamp',
            'oauth_signature_method',
            'oauth_signature',
            'oauth_body_hash',
            'oauth_version',
            'realm',
          ),
          fc.oneof(headerValue, fc.constantFrom('RSA-SHA256', 'RSA-PSS', '1.0', cardNumber)),
        )
        .map(
          (members) =>
            `OAuth ${Object.entries(members)
              .map(([name, value]) => `${name}="${value}"`)
              .join(',')}`,
        ),
    ),
    'Content-Type': fc.oneof(headerValue, fc.constant('application/json')),
    'Content-Encoding': headerValue,
    'X-Forwarded-Host': headerValue,
    'X-Forwarded-Proto': headerValue,
    'X-Simulator-Scenario': headerValue,
    Origin: headerValue,
    'Sec-Purpose': headerValue,
  },
  { requiredKeys: [] },
)

const test = story.extend<{
  /** Sends a request, and sees that nothing comes back that must not. */
  isAnswered: (url: string, init: RequestInit) => Promise<void>
}>({
  isAnswered: async ({ simulator }, use) =>
    use(async (url, init) => {
      const response = await simulator.fetch(new Request(`http://localhost:6337${url}`, init))
      const text = await response.text()
      expect(response.status).toBeLessThan(500)
      expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts:\d+/)
      expect(text).not.toContain(cardNumber)
      expect(response.headers.get('Location') ?? '').not.toContain(cardNumber)
    }),
})

describe('never a 5xx, a stack trace or a card number', () => {
  test('for any path, query, method and headers', async ({ isAnswered, simulator }) => {
    await fc.assert(
      fc.asyncProperty(
        path,
        query,
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
        headers,
        async (where, search, method, with_) =>
          isAnswered(where + search, { method, headers: with_ }),
      ),
      { numRuns },
    )
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain(cardNumber)
  })

  test('for a header of a known consumer key, and a card number in any place', async ({
    isAnswered,
    project,
    simulator,
  }) => {
    const now = String(Math.floor(Date.now() / 1000))
    const value = fc.oneof(headerValue, fc.constant(cardNumber))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...operations.slice(0, 3)),
        fc.constantFrom('', `?card=${cardNumber}`, `?${cardNumber}`),
        fc.record({
          oauth_signature_method: fc.constantFrom('RSA-SHA256', 'RSA-PSS'),
          oauth_body_hash: fc.oneof(
            value,
            fc.constant(`RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=`),
          ),
          oauth_signature: value,
          oauth_timestamp: fc.constantFrom(now, cardNumber),
        }),
        async (where, search, members) => {
          const all = { oauth_consumer_key: project.consumerKey, oauth_nonce: 'n', ...members }
          const Authorization = `OAuth ${Object.entries(all)
            .map(([name, text]) => `${name}="${text}"`)
            .join(',')}`
          await isAnswered(where + search, {
            method: 'POST',
            headers: { Authorization },
            body: '{}',
          })
        },
      ),
      { numRuns },
    )
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain(cardNumber)
  })

  const signedCalls = (body: fc.Arbitrary<Uint8Array>) =>
    fc.tuple(fc.constantFrom(...operations.slice(0, 3)), body, fc.constantFrom('', '?q=1&q=%20'))

  test.for<[string, fc.Arbitrary<Uint8Array>]>([
    ['any bytes', fc.uint8Array({ maxLength: 200 })],
    ['any JSON', json.map((value) => Buffer.from(JSON.stringify(value) ?? ''))],
    [
      'any JSON where an object belongs',
      fc
        .dictionary(member, json, { minKeys: 1 })
        .map((value) => Buffer.from(JSON.stringify(value))),
    ],
  ])('for %s, signed well', async ([, body], { isAnswered, project, simulator }) => {
    await fc.assert(
      fc.asyncProperty(signedCalls(body), async ([where, bytes, search]) => {
        const url = `http://localhost:6337${where}${search}`
        await isAnswered(where + search, {
          method: 'POST',
          headers: {
            Authorization: authorization({ ...project, url, body: Buffer.from(bytes) as never }),
            'Content-Type': 'application/json',
          },
          body: Buffer.from(bytes),
        })
      }),
      { numRuns },
    )
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain(cardNumber)
  })
})
