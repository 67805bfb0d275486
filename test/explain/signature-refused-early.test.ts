import { describe, expect, test } from 'vitest'
import { explainSignature } from '../../src/explain/signature/signature.ts'
import {
  explain,
  header,
  issuers,
  now,
  other,
  own,
  proven,
  request,
  stranger,
  url,
} from '../support/mistaken-signer.ts'

function codes(code: string, authorization: string | undefined): readonly string[] {
  return explain(code, request(authorization)).causes.map((cause) => cause.code)
}

describe('a header that is not OAuth 1.0a', () => {
  test.for<[string, string | undefined, readonly string[]]>([
    ['none', undefined, ['AUTHORIZATION_MISSING']],
    ['empty', '', ['AUTHORIZATION_MISSING']],
    ['only the scheme', 'OAuth ', ['AUTHORIZATION_MISSING']],
    ['a bearer token', 'Bearer eyJsecret', ['BEARER_SENT']],
    ['a user name and password', 'Basic c2VjcmV0', ['BASIC_SENT']],
    ['a signature of AWS', 'AWS4-HMAC-SHA256 Credential=x', ['OTHER_SCHEME']],
    ['no scheme', header().slice('OAuth '.length), ['SCHEME_MISSING']],
    ['no quotes', header().replaceAll('"', ''), ['QUOTES_MISSING']],
    ['single quotes', header().replaceAll('"', "'"), ['QUOTES_MISSING']],
    ['semicolons', header().replaceAll('",', '";'), ['WRONG_SEPARATOR']],
    ['blanks', header().replaceAll('",', '" '), ['WRONG_SEPARATOR']],
    ['a parameter twice', `${header()},oauth_nonce="2"`, ['PARAMETER_TWICE']],
    ['HMAC-SHA1', header({ values: { oauth_signature_method: 'HMAC-SHA1' } }), ['HMAC_DECLARED']],
    [
      'RSA-SHA1',
      header({ values: { oauth_signature_method: 'RSA-SHA1' } }),
      ['OTHER_METHOD_DECLARED'],
    ],
    [
      "the Node signer's own name",
      header({ values: { oauth_signature_method: 'RSA-PSS-SHA256' } }),
      ['OTHER_METHOD_DECLARED'],
    ],
    ['OAuth 2', header({ values: { oauth_version: '2.0' } }), ['OTHER_VERSION_DECLARED']],
    ['a comma at the end', `${header()},`, ['HEADER_MALFORMED']],
    ['commas alone', 'OAuth ,,,', ['BODY_HASH_MISSING']],
    [
      'an old OAuth library',
      header({ values: { oauth_signature_method: 'HMAC-SHA1' } }).replace(
        /oauth_body_hash="[^"]*",/,
        '',
      ),
      ['HMAC_DECLARED', 'BODY_HASH_MISSING'],
    ],
  ])('%s', ([, authorization, expected]) => {
    expect(codes('INVALID_AUTH_HEADER', authorization)).toEqual(expected)
  })

  test('credentials of other schemes are not repeated', () => {
    for (const credentials of ['Bearer eyJsecret', 'Basic c2VjcmV0', 'eyJsecret'])
      expect(JSON.stringify(explain('INVALID_AUTH_HEADER', request(credentials)))).not.toMatch(
        /eyJsecret|c2VjcmV0/,
      )
  })

  test('without a body hash', () => {
    const authorization = header().replace(/oauth_body_hash="[^"]*",/, '')
    expect(explain('INVALID_OAUTH_SBS', request(authorization))).toEqual({
      causes: [
        {
          code: 'BODY_HASH_MISSING',
          because: 'The header has no oauth_body_hash.',
          fix: "Generic OAuth 1.0a libraries do not know oauth_body_hash. Use Mastercard's oauth1-signer, or add oauth_body_hash = base64(SHA-256(body bytes)) to the parameters before signing, on requests without a body too.",
          proven: true,
        },
      ],
      comparisons: [],
    })
  })

  test('without a nonce', () => {
    const authorization = header().replace(/oauth_nonce="[^"]*",/, '')
    expect(codes('INVALID_OAUTH_SBS', authorization)).toEqual(['PARAMETER_MISSING'])
  })
})

describe('a consumer key that is not registered', () => {
  const key = own.consumerKey
  test.for<[string, string, string]>([
    ['encoded twice', key.replace('!', '%2521'), 'CONSUMER_KEY_ENCODED_TWICE'],
    ['with a blank behind it', `${key} `, 'CONSUMER_KEY_WHITE_SPACE'],
    ['only the client id', key.slice(0, 48), 'CONSUMER_KEY_CLIENT_ID_ONLY'],
    ['without the mark', key.replace('!', ''), 'CONSUMER_KEY_WITHOUT_MARK'],
    ['with the mark escaped for a shell', key.replace('!', '\\!'), 'CONSUMER_KEY_WITHOUT_MARK'],
    ['in capitals', key.toUpperCase(), 'CONSUMER_KEY_CASE'],
    ['cut off', key.slice(0, 90), 'CONSUMER_KEY_TRUNCATED'],
    [
      'of another project than the signature',
      `${'X'.repeat(48)}!${'e'.repeat(48)}`,
      'CONSUMER_KEY_OF_OTHER_PROJECT',
    ],
  ])('%s', ([, oauth_consumer_key, code]) => {
    const refused = request(header({ values: { oauth_consumer_key } }))
    const explanation = explain('UNKNOWN_CONSUMER_KEY', refused)
    expect(proven(explanation)).toEqual([code])
    expect(explanation.causes[0]?.because).toContain(key)
  })

  test('mistyped, signed with a key nobody knows', () => {
    const oauth_consumer_key = other.consumerKey.replace('BBBB', 'BBCB')
    const refused = request(header({ values: { oauth_consumer_key }, key: stranger.signingKey }))
    expect(explain('UNKNOWN_CONSUMER_KEY', refused).causes).toMatchObject([
      { code: 'CONSUMER_KEY_MISTYPED', proven: false },
      { code: 'CONSUMER_KEY_NOT_REGISTERED', proven: false },
    ])
  })

  test('unlike any', () => {
    const values = { oauth_consumer_key: stranger.consumerKey }
    const refused = request(header({ values, key: stranger.signingKey }))
    expect(explain('UNKNOWN_CONSUMER_KEY', refused).causes).toMatchInlineSnapshot(`
      [
        {
          "because": ""CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC!cccccccccccccccccccccccccccccccc0000000000000000" has the form of a real consumer key, but is not registered here.",
          "code": "CONSUMER_KEY_NOT_REGISTERED",
          "fix": "Use the consumer key printed at the start, or register this one with its public key under "issuers" in the configuration file.",
          "proven": false,
        },
      ]
    `)
  })
})

describe('a timestamp out of range', () => {
  test.for<[string, string, string, boolean, RegExp]>([
    ['milliseconds', `${now}123`, 'TIMESTAMP_IN_OTHER_UNIT', true, /in milliseconds/],
    [
      'DateTime.Ticks',
      String((BigInt(now) + 62_135_596_800n) * 10_000_000n),
      'TIMESTAMP_IN_OTHER_UNIT',
      true,
      /ticks/,
    ],
    ['ISO 8601', '2026-09-21T12:00:00Z', 'TIMESTAMP_NOT_A_NUMBER', true, /2026/],
    ['a fraction', `${now}.5`, 'TIMESTAMP_NOT_A_NUMBER', true, /fraction/],
    ['two hours ahead', String(now + 7200), 'LOCAL_TIME_AS_UTC', true, /2 hours ahead/],
    [
      'five hours behind, less a second',
      String(now - 18_001),
      'LOCAL_TIME_AS_UTC',
      false,
      /5 hours behind.* within 1 s/,
    ],
    [
      'five and a half hours ahead',
      String(now + 19_800),
      'LOCAL_TIME_AS_UTC',
      false,
      /5 hours 30 minutes ahead/,
    ],
    [
      'seven minutes ahead',
      String(now + 427),
      'CLOCK_OFF',
      true,
      /7 minutes 7 seconds \(427 s\) ahead/,
    ],
    [
      'seven minutes behind',
      String(now - 427),
      'CLOCK_OFF',
      false,
      /7 minutes 7 seconds \(427 s\) behind/,
    ],
    [
      'a year and more behind',
      String(now - 40_000_123),
      'CLOCK_OFF',
      false,
      /1 year 97 days behind/,
    ],
  ])('%s', ([, oauth_timestamp, code, isProven, because]) => {
    const refused = request(header({ values: { oauth_timestamp } }))
    const [cause] = explain('TIMESTAMP_OUT_OF_RANGE', refused).causes
    expect(cause).toMatchObject({ code, proven: isProven })
    expect(cause?.because).toMatch(because)
  })
})

describe('a nonce that came before', () => {
  test.for<[string, Record<string, string>, usedWith: number, readonly string[]]>([
    ['with the same timestamp', {}, now, ['HEADER_REUSED']],
    ['with another timestamp', {}, now - 60, ['NONCE_CONSTANT']],
    [
      'that is the timestamp',
      { oauth_nonce: String(now) },
      now,
      ['HEADER_REUSED', 'NONCE_FROM_TIMESTAMP'],
    ],
    ['that is short', { oauth_nonce: '42' }, now - 60, ['NONCE_TOO_SHORT', 'NONCE_CONSTANT']],
  ])('%s', ([, values, usedWith, expected]) => {
    const facts = { usedWith: String(usedWith) }
    const { causes } = explainSignature(
      request(header({ values })),
      { code: 'NONCE_REPLAYED', because: '', facts },
      { issuers: [], now },
    )
    expect(causes.map(({ code }) => code)).toEqual(expected)
  })
})

describe('hostile requests', () => {
  const faults = [
    'INVALID_AUTH_HEADER',
    'INVALID_OAUTH_SBS',
    'UNKNOWN_CONSUMER_KEY',
    'TIMESTAMP_OUT_OF_RANGE',
    'INVALID_BODY_HASH',
    'AUTHENTICATION_FAILED',
    'NONCE_REPLAYED',
    'SOMETHING_ELSE',
  ]
  const long = 'x'.repeat(100_000)
  test.for<[string, string | undefined, string]>([
    ['a header of 100 KB', `OAuth oauth_nonce="${long}"`, url],
    ['thousands of query parameters', header(), `${url}?${'a=1&'.repeat(5000)}`],
    ['dozens of query parameters', header(), `${url}?${'a=1&'.repeat(60)}`],
    ['%-escapes that are none', header({ values: { oauth_nonce: '%zz%' } }), `${url}?%zz=%`],
    ['lone surrogates', header({ values: { oauth_nonce: '\ud800' }, baseString: () => 'x' }), url],
    ['no signature worth the name', header({ written: () => '%' }), url],
    ['no header', undefined, url],
  ])('%s', ([, authorization, target]) => {
    for (const code of faults) {
      const { causes } = explain(code, request(authorization, { url: target }))
      expect(causes.length).toBeGreaterThan(0)
    }
  })

  test('says why it did not try', () => {
    const many = request(header(), { url: `${url}?${'a=1&'.repeat(60)}` })
    expect(explain('AUTHENTICATION_FAILED', many).causes[0]).toMatchObject({
      code: 'REQUEST_TOO_LARGE_TO_EXPLAIN',
      because: 'Header and query have 67 parameters; causes are tried only up to 30.',
      proven: false,
    })
  })

  test('hundreds of issuers', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...stranger,
      consumerKey: stranger.consumerKey.replace('C', String(index)),
    }))
    const refused = request(header())
    const fault = { code: 'AUTHENTICATION_FAILED', because: '' }
    const { causes } = explainSignature(refused, fault, { issuers: [...many, ...issuers], now })
    expect(causes[0]?.code).toBe('NOT_EXPLAINED')
  })
})
