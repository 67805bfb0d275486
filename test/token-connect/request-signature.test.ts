import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect } from 'vitest'
import { pushRequest } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { pushArguments, test as story } from '../support/journey.ts'
import { authorization, encode, type Signing } from '../support/oauth.ts'
import { createSimulator } from '../support/simulator.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'

/** As RFC 5849 has it, whatever the header looks like. */
const decodedThenEncoded = (transmitted: string) => encode(decodeURIComponent(transmitted))
const url = `http://localhost:6337${path}`

type Call = (
  signing?: Partial<Signing>,
  sent?: {
    url?: string
    body?: string
    headers?: Record<string, string>
    rewrite?: (header: string) => string
  },
) => Promise<{
  status: number
  error: GatewayError
  text: string
  because: readonly string[]
  leniencies: readonly string[]
}>
type GatewayError = {
  Source?: string
  ReasonCode?: string
  Description?: string
  Recoverable?: boolean
  Details?: null
}

/** Calls the operation with a real push's body, signed by the signer that can make every mistake. */
const test = story.extend<{ call: Call }>({
  call: async ({ simulator, project }, use) => {
    const body = await (await pushRequest(...pushArguments(project))).text()
    const { consumerKey, signingKey } = project
    await use(async (signing, sent) => {
      const response = await simulator.fetch(
        new Request(sent?.url ?? signing?.url ?? url, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json; charset=UTF-8',
            Authorization: (sent?.rewrite ?? String)(
              authorization({ url, body, consumerKey, signingKey, ...signing }),
            ),
            ...sent?.headers,
          },
          body: sent?.body ?? body,
        }),
      )
      const text = await response.text()
      const [entry] = (await simulator.journal.entries()).slice(-1)
      return {
        status: response.status,
        error: JSON.parse(text).Errors?.Error[0] ?? {},
        text,
        because: entry?.faults?.map(({ because }) => because) ?? [],
        leniencies: entry?.leniencies ?? [],
      }
    })
  },
})

const { privateKey: strangersKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

describe('accepted', () => {
  test.for<[string, Partial<Signing>]>([
    ['RSA-SHA256, values sent bare (the official Java, Node and Python signers)', {}],
    ['RSA-PSS', { signatureMethod: 'RSA-PSS' }],
    [
      'values percent-encoded in the header and signed as transmitted (C# and others)',
      { encodesHeader: true },
    ],
    ['a blank after each comma', { separator: ', ' }],
    [
      'signed for the sandbox and re-routed here',
      { baseUri: `https://sandbox.api.mastercard.com${path}` },
    ],
    ['signed for production and re-routed here', { baseUri: `https://api.mastercard.com${path}` }],
    [
      'signed with the default port spelled out',
      { baseUri: `https://sandbox.api.mastercard.com:443${path}` },
    ],
    ['behind a proxy that ends TLS', { baseUri: `https://localhost:6337${path}` }],
    ['without oauth_version, which RFC 5849 makes optional', { without: 'oauth_version' }],
    [
      'a timestamp just inside the window, behind',
      { timestamp: String(Math.floor(Date.now() / 1000) - 290) },
    ],
    [
      'a timestamp just inside the window, ahead',
      { timestamp: String(Math.floor(Date.now() / 1000) + 290) },
    ],
  ])('%s', async ([, signing], { call }) => {
    const { status, error, leniencies } = await call(signing)
    expect(error).toEqual({})
    expect(status).toBe(200)
    expect(leniencies).toEqual([])
  })

  test('under the test facility too', async ({ call }) => {
    const mtf = 'http://localhost:6337/mdes/mtf/connect/1/0/pushMultipleAccounts'
    expect(await call({ url: mtf })).toMatchObject({ status: 200, error: {} })
  })

  test('query parameters are part of the base string', async ({ call }) => {
    const queried = `${url}?b=x%20y&a=1&a=%2B&c`
    expect(await call({ url: queried })).toMatchObject({ status: 200, error: {} })
    expect((await call({ url }, { url: queried })).error.ReasonCode).toBe('AUTHENTICATION_FAILED')
  })

  test('the origin that a proxy names', async ({ call }) => {
    const headers = { 'X-Forwarded-Host': 'mdes.bank.test', 'X-Forwarded-Proto': 'https' }
    const baseUri = `https://mdes.bank.test${path}`
    expect((await call({ baseUri }, { headers })).status).toBe(200)
    expect((await call({ baseUri })).status).toBe(403)
  })

  test('on an assumption: a base string of encoded values whose header has them bare', async ({
    call,
  }) => {
    const { status, leniencies } = await call({ inBaseString: encode })
    expect(status).toBe(200)
    expect(leniencies).toHaveLength(1)
  })

  test("Mastercard's own signer, with a query that its encoding has gaps for", async ({
    simulator,
    project,
  }) => {
    const { default: oauth } = await import('mastercard-oauth1-signer')
    const { consumerKey, signingKey } = project
    const target = `${url}?q=it's(a)*test*!`
    const header = oauth.getAuthorizationHeader(target, 'POST', '{}', consumerKey, signingKey)
    const response = await simulator.fetch(
      new Request(target, {
        method: 'POST',
        headers: { Authorization: header, 'Content-Type': 'application/json' },
        body: '{}',
      }),
    )
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('MISSING_REQUIRED_FIELD')
  })
})

describe('refused', () => {
  test.for<[string, Partial<Signing>, number, string, RegExp]>([
    [
      'a timestamp six minutes behind',
      { timestamp: String(Math.floor(Date.now() / 1000) - 360) },
      401,
      'AUTHENTICATION_FAILED',
      /oauth_timestamp/,
    ],
    [
      'a timestamp six minutes ahead',
      { timestamp: String(Math.floor(Date.now() / 1000) + 360) },
      401,
      'AUTHENTICATION_FAILED',
      /oauth_timestamp/,
    ],
    [
      'a timestamp in milliseconds',
      { timestamp: String(Date.now()) },
      401,
      'AUTHENTICATION_FAILED',
      /oauth_timestamp/,
    ],
    [
      'a timestamp that is no number',
      { timestamp: 'now' },
      401,
      'AUTHENTICATION_FAILED',
      /oauth_timestamp/,
    ],
    [
      'an unknown consumer key',
      { consumerKey: 'x'.repeat(97) },
      401,
      'AUTHENTICATION_FAILED',
      /oauth_consumer_key/,
    ],
    [
      'a key that does not belong to the consumer key',
      { signingKey: strangersKey },
      403,
      'AUTHENTICATION_FAILED',
      /^OAuth Signature parameter failed verification\. Acceptable signature base string: POST&http%3A%2F%2Flocalhost%3A6337%2Fmdes/,
    ],
    [
      'PKCS#1 signed, PSS declared',
      { signatureMethod: 'RSA-PSS', pss: false },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'PSS signed, PKCS#1 declared',
      { signatureMethod: 'RSA-SHA256', pss: true },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'signed for another host',
      { baseUri: `https://example.com${path}` },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'signed for another path',
      { baseUri: `https://api.mastercard.com${path}s` },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'signed for another method',
      { method: 'PUT' },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'a signature that is not percent-encoded',
      { encodesSignature: false },
      403,
      'AUTHENTICATION_FAILED',
      /failed verification/,
    ],
    [
      'RSA-SHA1',
      { signatureMethod: 'RSA-SHA1' },
      400,
      'INVALID_AUTH_HEADER',
      /Authorization header/,
    ],
    [
      'HMAC-SHA256',
      { signatureMethod: 'HMAC-SHA256' },
      400,
      'INVALID_AUTH_HEADER',
      /Authorization header/,
    ],
    ['OAuth 2', { version: '2.0' }, 400, 'INVALID_AUTH_HEADER', /Authorization header/],
    ...[
      'oauth_consumer_key',
      'oauth_nonce',
      'oauth_timestamp',
      'oauth_signature_method',
      'oauth_signature',
      'oauth_body_hash',
    ].map((name): [string, Partial<Signing>, number, string, RegExp] => [
      `without ${name}`,
      { without: name },
      400,
      'INVALID_OAUTH_SBS',
      new RegExp(`^Problem with signature base string\\. Missing ${name}$`),
    ]),
  ])('%s', async ([, signing, status, reasonCode, description], { call }) => {
    const answer = await call(signing)
    expect(answer.status).toBe(status)
    expect(answer.error).toEqual({
      Source: 'Gateway',
      ReasonCode: reasonCode,
      Description: expect.stringMatching(description),
      Recoverable: false,
      Details: null,
    })
    expect(answer.because).toHaveLength(1)
  })

  test('one byte of the body changed after signing', async ({ call }) => {
    const { status, error } = await call(
      { body: '{"requestId":"123456"}' },
      { body: '{"requestId":"123457"}' },
    )
    expect(status).toBe(400)
    expect(error.ReasonCode).toBe('INVALID_BODY_HASH')
    expect(error.Description).toMatchInlineSnapshot(
      `"Bad Request - The provided oauth_body_hash does not match the RSA-SHA256 hash of the request payload. Calculated: a6L5naMEpI9Af48ZLKvogu6VAw+YH0FkFGT3ZNQtOnc=, Received: d2OExow9DSfIPDaovpDErIIDJ9qM6JcwQUAFC6o7RZA="`,
    )
  })

  test('the same JSON serialised anew', async ({ call }) => {
    const { error, because } = await call(
      { body: '{"requestId":"1"}' },
      { body: '{ "requestId": "1" }' },
    )
    expect(error.ReasonCode).toBe('INVALID_BODY_HASH')
    expect(because[0]).toContain('serialised anew after it was signed')
  })

  test('a nonce replayed, even with another timestamp', async ({ call }) => {
    const timestamp = Math.floor(Date.now() / 1000)
    expect((await call({ nonce: 'replayed' })).status).toBe(200)
    for (const again of [timestamp, timestamp - 200, timestamp + 200]) {
      const { status, error } = await call({ nonce: 'replayed', timestamp: String(again) })
      expect(status).toBe(401)
      expect(error.Description).toContain('oauth_nonce')
    }
  })

  test('a nonce replayed in another encoding', async ({ call }) => {
    const signing = { encodesHeader: true, inBaseString: decodedThenEncoded }
    expect((await call({ ...signing, nonce: 'abcdef' })).status).toBe(200)
    expect((await call({ ...signing, nonce: 'abcdef' })).status).toBe(401)
    const rewrite = (header: string) => header.replace('"abcdef"', '"%61bcdef"')
    expect((await call({ ...signing, nonce: 'abcdef' }, { rewrite })).status).toBe(401)
  })

  test.for<[string, (signature: string) => string]>([
    ['base64url', (text) => text.replaceAll('%2B', '-').replaceAll('%2F', '_')],
    ['without its padding', (text) => text.replaceAll('%3D', '')],
    ['with something behind it', (text) => `${text}ZZZZ`],
    ['with a blank in it', (text) => `${text.slice(0, 20)}%20${text.slice(20)}`],
    ['no base64 at all', () => '!*'],
  ])('a signature that is not exactly base64: %s', async ([, spoil], { call }) => {
    const rewrite = (header: string) =>
      header.replace(
        /oauth_signature="([^"]*)"/,
        (_all, text: string) => `oauth_signature="${spoil(text)}"`,
      )
    // A signature without + and / reads the same in base64url, so it is made to have one.
    let answer = await call({}, { rewrite })
    for (let tries = 0; answer.status === 200 && tries < 5; tries += 1)
      answer = await call({}, { rewrite })
    expect(answer.status).toBe(403)
  })

  test('a request that failed does not use its nonce up', async ({ call }) => {
    expect((await call({ nonce: 'kept', signingKey: strangersKey })).status).toBe(403)
    expect((await call({ nonce: 'kept' })).status).toBe(200)
  })

  test.for<[string, string | undefined]>([
    ['no header', undefined],
    ['another scheme', 'Bearer abc'],
    ['only the scheme', 'OAuth '],
    ['values without quotes', 'OAuth oauth_nonce=1'],
    ['a parameter twice', 'OAuth oauth_nonce="1",oauth_nonce="2"'],
  ])('a header that is not OAuth: %s', async ([, header], { simulator }) => {
    const response = await simulator.fetch(
      new Request(url, {
        method: 'POST',
        body: '{}',
        ...(header !== undefined && {
          headers: { Authorization: header, 'Content-Type': 'application/json' },
        }),
      }),
    )
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      Errors: { Error: [{ ReasonCode: 'INVALID_AUTH_HEADER' }] },
    })
  })
})

describe('the acceptable base string echoed to the client', () => {
  test('has the values as transmitted: bare ones encoded once, encoded ones twice', async ({
    call,
  }) => {
    const bare = await call({ signingKey: strangersKey })
    expect(bare.error.Description).toMatch(
      /oauth_body_hash%3D[^&]+%3D%26oauth_consumer_key%3D[\w-]{48}%21/,
    )
    const encoded = await call({ signingKey: strangersKey, encodesHeader: true })
    expect(encoded.error.Description).toMatch(
      /oauth_body_hash%3D[^&]+%253D%26oauth_consumer_key%3D[\w-]{48}%2521/,
    )
  })

  test('is acceptable indeed: a client that signs it passes', async ({
    call,
    project,
    simulator,
  }) => {
    const body = '{"requestId":"1"}'
    const { error } = await call({ signingKey: strangersKey, body }, { body })
    const text = error.Description?.split('Acceptable signature base string: ')[1] ?? ''
    const signature = encode(
      sign('sha256', Buffer.from(text), project.signingKey).toString('base64'),
    )
    const parameters = decodeURIComponent(text.split('&')[2] ?? '').split('&')
    const header = [...parameters, `oauth_signature=${signature}`]
      .map((pair) => pair.replace(/=(.*)$/, '="$1"'))
      .join(',')

    const response = await simulator.fetch(
      new Request(url, {
        method: 'POST',
        headers: { Authorization: `OAuth ${header}`, 'Content-Type': 'application/json' },
        body,
      }),
    )

    expect(response.status).toBe(200)
  })
})

story(
  'issuers registered in the configuration sign with their own key, and only for themselves',
  async ({ project }) => {
    const consumerKey = `${'B'.repeat(48)}!${'a'.repeat(32)}${'0'.repeat(16)}`
    const shared = await createSimulator({
      data: dataDirectory,
      issuers: [{ consumerKey, publicKey: createPublicKey(strangersKey) }],
    })
    const status = async (signing: Pick<Signing, 'consumerKey' | 'signingKey'>) => {
      const body = await (await pushRequest(...pushArguments(project))).text()
      const headers = {
        Authorization: authorization({ url, body, ...signing }),
        'Content-Type': 'application/json',
      }
      return (await shared.fetch(new Request(url, { method: 'POST', headers, body }))).status
    }
    expect(await status({ consumerKey, signingKey: strangersKey })).toBe(200)
    expect(await status({ consumerKey, signingKey: project.signingKey })).toBe(403)
    expect(await status({ consumerKey: project.consumerKey, signingKey: strangersKey })).toBe(403)
  },
)
