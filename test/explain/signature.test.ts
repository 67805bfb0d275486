import {
  constants,
  createHash,
  generateKeyPairSync,
  privateEncrypt,
  randomBytes,
  sign,
} from 'node:crypto'
import oauth from 'mastercard-oauth1-signer'
import { describe, expect, test } from 'vitest'
import type { Explanation } from '../../src/errors.ts'
import {
  asItShouldBe,
  body,
  explain,
  header,
  type Mistakes,
  other,
  own,
  path,
  proven,
  request,
  stranger,
  url,
} from '../support/mistaken-signer.ts'
import { encode } from '../support/oauth.ts'

const queried = `${url}?b=x%20y&a=it%2Fs&a=2`

function mismatch(mistakes: Mistakes, sent?: Parameters<typeof request>[1]): Explanation {
  return explain(
    'AUTHENTICATION_FAILED',
    request(header(mistakes), { ...(mistakes.url && { url: mistakes.url }), ...sent }),
  )
}

describe("a mistake made with Mastercard's own signer", () => {
  const key = own.pem
  const signedBy = (target: string, method = 'POST', consumerKey = own.consumerKey, pem = key) =>
    oauth.getAuthorizationHeader(target, method, body, consumerKey, pem)
  test.for<[string, string, string]>([
    ['the URL without its query was signed', 'QUERY_NOT_SIGNED', url],
    ['another port', 'SIGNED_FOR_OTHER_PORT', queried.replace('6337', '8080')],
    ['no port', 'SIGNED_FOR_OTHER_PORT', queried.replace(':6337', '')],
    ['another host', 'SIGNED_FOR_OTHER_HOST', queried.replace('localhost', '127.0.0.1')],
    [
      'another host and port',
      'SIGNED_FOR_OTHER_HOST',
      queried.replace('localhost:6337', '127.0.0.1:3000'),
    ],
    ['an IPv6 address', 'SIGNED_FOR_OTHER_HOST', queried.replace('localhost', '[::1]')],
    ['the path without /mdes', 'SIGNED_FOR_OTHER_PATH', queried.replace('/mdes', '')],
    [
      'the path of the test facility',
      'SIGNED_FOR_OTHER_PATH',
      queried.replace('/mdes', '/mdes/mtf'),
    ],
    ['a slash at the end', 'SIGNED_FOR_OTHER_PATH', queried.replace('?', '/?')],
    ['a slash twice', 'SIGNED_FOR_OTHER_PATH', queried.replace('/mdes/', '/mdes//')],
    ['the query encoded once more', 'QUERY_ENCODED_TWICE', queried.replaceAll('%', '%25')],
    [
      'the sandbox, by http',
      'SIGNED_FOR_OTHER_SCHEME',
      queried.replace('localhost:6337', 'sandbox.api.mastercard.com'),
    ],
  ])('%s', ([, code, target]) => {
    const explanation = explain(
      'AUTHENTICATION_FAILED',
      request(signedBy(target), { url: queried }),
    )
    expect(proven(explanation)).toEqual([code])
  })

  test('another method', () => {
    const refused = request(signedBy(url, 'GET'))
    expect(proven(explain('AUTHENTICATION_FAILED', refused))).toEqual(['OTHER_METHOD_SIGNED'])
  })

  test("another issuer's key", () => {
    const refused = request(signedBy(url, 'POST', own.consumerKey, other.pem))
    const { causes } = explain('AUTHENTICATION_FAILED', refused)
    expect(causes).toEqual([
      {
        code: 'WRONG_KEY',
        because: `The signature was made with the key of consumer key ${other.consumerKey}, but the header names ${own.consumerKey}.`,
        fix: 'Sign with the private key of the project whose consumer key is sent. A keystore may hold several: check alias and file, and do not use the key for payload encryption.',
        proven: true,
      },
    ])
  })

  test('query and port, both with RSA-PSS', () => {
    const target = url.replace('6337', '8080')
    const pss = oauth.getAuthorizationHeader(
      target,
      'POST',
      body,
      own.consumerKey,
      key,
      'RSA-PSS-SHA256',
    )
    const explanation = explain('AUTHENTICATION_FAILED', request(pss, { url: queried }))
    expect(proven(explanation)).toEqual(['SIGNED_FOR_OTHER_PORT', 'QUERY_NOT_SIGNED'])
  })

  test('a query that its encoding has gaps for is no mistake beside another', () => {
    const target = `${url}?q=it's(a)*test*!`
    const refused = request(signedBy(target.replace('6337', '8080')), { url: target })
    expect(proven(explain('AUTHENTICATION_FAILED', refused))).toEqual(['SIGNED_FOR_OTHER_PORT'])
  })

  test('signed for the sandbox without its query: the query is the mistake, the host is none', () => {
    const refused = request(signedBy(`https://sandbox.api.mastercard.com${path}`), { url: queried })
    const { causes, comparisons } = explain('AUTHENTICATION_FAILED', refused)
    expect(causes).toEqual([
      {
        code: 'QUERY_NOT_SIGNED',
        because: 'What was signed is a base string without the query.',
        fix: 'Give the signer the whole URL with its query, as it is sent; add the parameters before signing, not by an option of the HTTP client (axios params, requests params=) after it.',
        proven: true,
      },
    ])
    const [{ what, expected, received, differsAt } = { what: '', expected: '' }] = comparisons
    expect(what).toBe('signature base string')
    expect(expected).toContain('https%3A%2F%2Fsandbox.api.mastercard.com%2Fmdes')
    expect(expected.slice(differsAt)).toMatch(
      /^a%3D2%26a%3Dit%252Fs%26b%3Dx%2520y%26oauth_body_hash/,
    )
    expect(received?.slice(differsAt)).toMatch(/^oauth_body_hash/)
  })
})

const joinedAfter =
  (change: (pairs: readonly string[]) => readonly string[]): NonNullable<Mistakes['baseString']> =>
  (method, uri, pairs) =>
    asItShouldBe(method, uri, change(pairs))
const each = (change: (pair: string) => string) => joinedAfter((pairs) => pairs.map(change))
const oauthOnly = (change: (value: string) => string) =>
  each((pair) =>
    pair.replace(/^(oauth_\w+)=(.*)$/, (_all, name, value) => `${name}=${change(value)}`),
  )
const lower = (text: string) => text.replace(/%../g, (found) => found.toLowerCase())

describe('a mistake in the base string', () => {
  test.for<[string, string, Mistakes]>([
    [
      'query decoded',
      'QUERY_SIGNED_DECODED',
      {
        url: queried,
        baseString: each((pair) => (/^[ab]=/.test(pair) ? decodeURIComponent(pair) : pair)),
      },
    ],
    [
      'query as it stands in the URL',
      'QUERY_NOT_NORMALISED',
      {
        url: `${url}?a=(x)*y*`,
        baseString: each((pair) => (pair.startsWith('a=') ? 'a=(x)*y*' : pair)),
      },
    ],
    [
      'blank as +',
      'QUERY_SPACE_AS_PLUS',
      {
        url: `${url}?a=x%20y`,
        baseString: each((pair) => (pair.startsWith('a=') ? 'a=x+y' : pair)),
      },
    ],
    [
      'lower-case hex in the query',
      'QUERY_LOWER_CASE_HEX',
      { url: `${url}?a=%2F`, baseString: each((pair) => (pair.startsWith('a=') ? 'a=%2f' : pair)) },
    ],
    [
      'one value per name',
      'QUERY_DUPLICATES_LOST',
      {
        url: `${url}?a=1&a=2`,
        baseString: joinedAfter((pairs) => pairs.filter((pair) => pair !== 'a=1')),
      },
    ],
    [
      'whole URL in the base URI',
      'WHOLE_URL_SIGNED',
      {
        url: `${url}?a=1`,
        baseString: (method, uri, pairs) => asItShouldBe(method, `${uri}?a=1`, pairs),
      },
    ],
    [
      'only the path',
      'BASE_URI_WITHOUT_ORIGIN',
      { baseString: (method, _uri, pairs) => asItShouldBe(method, path, pairs) },
    ],
    ['method in lower case', 'METHOD_LOWER_CASE', { method: 'post' }],
    [
      'header bare, base string of encoded values',
      'HEADER_VALUES_BARE',
      { baseString: oauthOnly(encode) },
    ],
    [
      'header encoded, base string of bare values',
      'HEADER_VALUES_ENCODED',
      { encodesHeader: true, baseString: oauthOnly(decodeURIComponent) },
    ],
    [
      'values encoded twice',
      'VALUES_ENCODED_TWICE',
      { encodesHeader: true, baseString: oauthOnly(encode) },
    ],
    [
      'without oauth_version',
      'VERSION_NOT_SIGNED',
      {
        baseString: joinedAfter((pairs) =>
          pairs.filter((pair) => !pair.startsWith('oauth_version')),
        ),
      },
    ],
    [
      'without oauth_body_hash',
      'BODY_HASH_NOT_SIGNED',
      {
        baseString: joinedAfter((pairs) =>
          pairs.filter((pair) => !pair.startsWith('oauth_body_hash')),
        ),
      },
    ],
    [
      'another signature method inside',
      'SIGNATURE_METHOD_CHANGED',
      { baseString: each((pair) => pair.replace('RSA-SHA256', 'RSA-SHA1')) },
    ],
    [
      'an empty oauth_signature',
      'SIGNATURE_INCLUDED',
      { baseString: joinedAfter((pairs) => [...pairs, 'oauth_signature='].sort()) },
    ],
    [
      'an empty oauth_token',
      'EMPTY_TOKEN_INCLUDED',
      { baseString: joinedAfter((pairs) => [...pairs, 'oauth_token='].sort()) },
    ],
    [
      'not sorted',
      'PARAMETERS_NOT_SORTED',
      {
        baseString: joinedAfter((pairs) =>
          ['consumer_key', 'nonce', 'timestamp', 'signature_method', 'version', 'body_hash'].map(
            (name) => pairs.find((pair) => pair.startsWith(`oauth_${name}`)) ?? '',
          ),
        ),
      },
    ],
    [
      'query behind the rest',
      'PARAMETERS_NOT_SORTED',
      { url: `${url}?a=1`, baseString: joinedAfter((pairs) => [...pairs.slice(1), 'a=1']) },
    ],
    [
      'not encoded',
      'BASE_STRING_NOT_ENCODED',
      { baseString: (method, uri, pairs) => [method, uri, pairs.join('&')].join('&') },
    ],
    [
      'parameters not encoded',
      'BASE_STRING_PARTLY_ENCODED',
      { baseString: (method, uri, pairs) => [method, encode(uri), pairs.join('&')].join('&') },
    ],
    [
      'lower-case hex',
      'LOWER_CASE_HEX',
      { baseString: (...parts) => lower(asItShouldBe(...parts)) },
    ],
    [
      'encodeURIComponent',
      'RESERVED_CHARACTERS_LEFT',
      {
        baseString: (method, uri, pairs) =>
          [method, uri, pairs.join('&')].map(encodeURIComponent).join('&'),
      },
    ],
    [
      'the & encoded too',
      'BASE_STRING_ENCODED_WHOLE',
      { baseString: (method, uri, pairs) => encode([method, uri, pairs.join('&')].join('&')) },
    ],
    [
      'encoded twice',
      'BASE_STRING_ENCODED_TWICE',
      {
        baseString: (method, uri, pairs) =>
          [method, encode(encode(uri)), encode(encode(pairs.join('&')))].join('&'),
      },
    ],
  ])('%s', ([, code, mistakes]) => {
    expect(proven(mismatch(mistakes))).toEqual([code])
  })

  test('the realm of the header', () => {
    const baseString = joinedAfter((pairs) => [...pairs, 'realm=x'].sort())
    const authorization = header({ baseString }).replace('OAuth ', 'OAuth realm="x",')
    const explanation = explain('AUTHENTICATION_FAILED', request(authorization))
    expect(proven(explanation)).toEqual(['REALM_INCLUDED'])
  })

  test('oauth_version only in the base string', () => {
    const authorization = header().replace('oauth_version="1.0",', '')
    const explanation = explain('AUTHENTICATION_FAILED', request(authorization))
    expect(proven(explanation)).toEqual(['VERSION_NOT_SENT'])
  })

  test.for<[string, string, Mistakes]>([
    ['sorted as "name=value"', 'PARAMETERS_SORTED_OTHERWISE', { url: `${url}?a=1&a-b=2` }],
    [
      'encoded like a form',
      'FORM_ENCODED',
      {
        url: `${url}?a=~`,
        baseString: (...parts) => asItShouldBe(...parts).replaceAll('~', '%7E'),
      },
    ],
  ])('%s', ([, code, mistakes]) => {
    expect(proven(mismatch(mistakes))).toEqual([code])
  })

  test.for<[string, string, Mistakes]>([
    [
      'lower-case hex and an unsigned version',
      'VERSION_NOT_SIGNED LOWER_CASE_HEX',
      {
        baseString: (method, uri, pairs) =>
          lower(
            asItShouldBe(
              method,
              uri,
              pairs.filter((pair) => !pair.startsWith('oauth_version')),
            ),
          ),
      },
    ],
    [
      'another port and a lower-case method',
      'METHOD_LOWER_CASE SIGNED_FOR_OTHER_PORT',
      {
        baseString: (_method, uri, pairs) =>
          asItShouldBe('post', uri.replace('6337', '443'), pairs),
      },
    ],
    [
      'the path of the test facility, not encoded',
      'SIGNED_FOR_OTHER_PATH BASE_STRING_NOT_ENCODED',
      {
        baseString: (method, uri, pairs) =>
          [method, uri.replace('/mdes/', '/mdes/mtf/'), pairs.join('&')].join('&'),
      },
    ],
  ])('two at once: %s', ([, codes, mistakes]) => {
    const { causes } = mismatch(mistakes)
    expect(causes.map(({ code }) => code)).toEqual(codes.split(' '))
    expect(causes[0]?.because).toMatch(/, together with the other causes proven\.$/)
  })
})

/** RFC 8017, 9.1.1, which node:crypto does not do with two digests. */
function pssWithMaskBySha1(text: string): Buffer {
  const digest = (name: string, ...parts: Buffer[]) =>
    createHash(name).update(Buffer.concat(parts)).digest()
  const salt = randomBytes(32)
  const held = digest('sha256', Buffer.alloc(8), digest('sha256', Buffer.from(text)), salt)
  const block = Buffer.concat([Buffer.alloc(256 - 32 - 32 - 2), Buffer.from([1]), salt])
  const mask = Buffer.concat(
    Array.from({ length: 12 }, (_, counter) =>
      digest('sha1', held, Buffer.from([0, 0, 0, counter])),
    ),
  )
  const masked = block.map((byte, index) => byte ^ (mask[index] ?? 0))
  masked[0] = (masked[0] ?? 0) & 0x7f
  const message = Buffer.concat([masked, held, Buffer.from([0xbc])])
  return privateEncrypt({ key: own.signingKey, padding: constants.RSA_NO_PADDING }, message)
}

describe('a mistake in key, padding or digest', () => {
  const pssDeclared = { oauth_signature_method: 'RSA-PSS' }
  test.for<[string, string, Mistakes]>([
    ['PKCS#1 signed, PSS declared', 'PSS_DECLARED_PKCS1_SIGNED', { values: pssDeclared }],
    ['PSS signed, PKCS#1 declared', 'PKCS1_DECLARED_PSS_SIGNED', { pss: { saltLength: 32 } }],
    [
      'PSS with the longest salt, as Node does by default',
      'PKCS1_DECLARED_PSS_SIGNED',
      { pss: { saltLength: 222 } },
    ],
    [
      'PSS with another salt length',
      'PSS_PARAMETERS_DIFFER',
      { values: pssDeclared, pss: { saltLength: 20 } },
    ],
    [
      'PSS with the longest salt',
      'PSS_PARAMETERS_DIFFER',
      { values: pssDeclared, pss: { saltLength: 222 } },
    ],
    ['PSS without salt', 'PSS_PARAMETERS_DIFFER', { values: pssDeclared, pss: { saltLength: 0 } }],
    [
      'PSS with SHA-1, as Java does by default',
      'PSS_PARAMETERS_DIFFER',
      { values: pssDeclared, pss: { saltLength: 20 }, digest: 'sha1' },
    ],
    ['SHA-1', 'OTHER_DIGEST_SIGNED', { digest: 'sha1' }],
    ['SHA-512', 'OTHER_DIGEST_SIGNED', { digest: 'sha512' }],
    [
      'the digest signed as though it were the text',
      'DIGEST_SIGNED_TWICE',
      {
        baseString: (...parts) =>
          createHash('sha256')
            .update(asItShouldBe(...parts))
            .digest('hex'),
      },
    ],
  ])('%s', ([, code, mistakes]) => {
    const explanation = mismatch(mistakes)
    expect(explanation.causes.map(({ code: found }) => found)).toEqual([code])
    expect(proven(explanation)).toEqual([code])
  })

  test('PSS with MGF1 by SHA-1, as Java does when only the digest is named', () => {
    let text = ''
    const baseString = (...parts: Parameters<typeof asItShouldBe>) => {
      text = asItShouldBe(...parts)
      return text
    }
    const written = () => encode(pssWithMaskBySha1(text).toString('base64'))
    const { causes } = mismatch({ values: pssDeclared, baseString, written })
    expect(causes.map(({ code, because }) => [code, because])).toEqual([
      [
        'PSS_PARAMETERS_DIFFER',
        'The signature has other parameters of RSASSA-PSS: digest SHA-256, mask digest SHA-1, salt of 32 bytes.',
      ],
    ])
  })

  test('the digest encrypted without its name', () => {
    let text = ''
    const baseString = (...parts: Parameters<typeof asItShouldBe>) => {
      text = asItShouldBe(...parts)
      return text
    }
    const written = () =>
      encode(
        privateEncrypt(own.signingKey, createHash('sha256').update(text).digest()).toString(
          'base64',
        ),
      )
    expect(proven(mismatch({ baseString, written }))).toEqual(['DIGEST_WITHOUT_NAME'])
  })

  test('with the query too, the padding comes first', () => {
    const explanation = mismatch({ values: pssDeclared }, { url: queried })
    expect(proven(explanation)).toEqual(['PSS_DECLARED_PKCS1_SIGNED', 'QUERY_NOT_SIGNED'])
  })
})

describe('a mistake in how the signature is written', () => {
  test.for<[string, readonly string[], (signature: Buffer) => string]>([
    ['not percent-encoded', ['SIGNATURE_NOT_PERCENT_ENCODED'], (bytes) => bytes.toString('base64')],
    [
      'encoded twice',
      ['SIGNATURE_ENCODED_TWICE'],
      (bytes) => encode(encode(bytes.toString('base64'))),
    ],
    ['hex', ['SIGNATURE_IN_HEX'], (bytes) => bytes.toString('hex')],
    [
      'without padding',
      ['SIGNATURE_WITHOUT_PADDING'],
      (bytes) => encode(bytes.toString('base64').replace(/=/g, '')),
    ],
    [
      'with line breaks',
      ['SIGNATURE_WITH_WHITE_SPACE'],
      (bytes) => encode(bytes.toString('base64').replace(/.{76}/g, '$&\r\n')),
    ],
  ])('%s', ([, codes, written]) => {
    expect(mismatch({ written }).causes.map(({ code }) => code)).toEqual(codes)
  })

  test('not percent-encoded, over a base string without the query', () => {
    const written = (bytes: Buffer) => bytes.toString('base64')
    const { causes } = mismatch({ written }, { url: queried })
    expect(causes.map(({ code, because }) => [code, because])).toEqual([
      ['SIGNATURE_NOT_PERCENT_ENCODED', 'oauth_signature has a bare + / or = in the header.'],
      [
        'QUERY_NOT_SIGNED',
        'What was signed is a base string without the query, together with the other causes proven.',
      ],
    ])
  })

  test('base64url', () => {
    const codes = mismatch({
      values: { oauth_nonce: 'n' },
      written: (bytes) => bytes.toString('base64url'),
    }).causes.map(({ code }) => code)
    expect(codes.at(-1)).toBe('SIGNATURE_WITHOUT_PADDING')
  })

  // Nearly every signature has these characters; one that has is looked for.
  test.for<[string, RegExp, string, (signature: Buffer) => string]>([
    [
      'base64url with padding',
      /[-_]/,
      'SIGNATURE_BASE64URL',
      (bytes) => encode(bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')),
    ],
    [
      'blanks for +',
      / /,
      'SIGNATURE_PLUS_LOST',
      (bytes) => encode(bytes.toString('base64').replaceAll('+', ' ')),
    ],
  ])('%s', ([, typical, code, written]) => {
    const headers = Array.from({ length: 5 }, (_, index) =>
      header({ values: { oauth_nonce: `nonce-${index}` }, written }),
    )
    const authorization = headers.find((one) =>
      typical.test(decodeURIComponent(one.split('oauth_signature="')[1] ?? '')),
    )
    const { causes } = explain('AUTHENTICATION_FAILED', request(authorization))
    expect(causes.map((cause) => cause.code)).toEqual([code])
  })
})

describe('nothing found', () => {
  test('a random signature', () => {
    const { causes, comparisons } = mismatch({
      written: () => encode(Buffer.concat([Buffer.from([0]), randomBytes(255)]).toString('base64')),
    })
    expect(causes).toMatchInlineSnapshot(`
      [
        {
          "because": "The signature opens with none of the 2 registered keys tried, this consumer key's among them: it was probably made with a key that is not registered.",
          "code": "WRONG_KEY",
          "fix": "Sign with the private key of the project whose consumer key is sent. A keystore may hold several: check alias and file, and do not use the key for payload encryption.",
          "proven": false,
        },
        {
          "because": "Or the signature was changed on its way, cut and filled up, or is not a signature at all.",
          "code": "SIGNATURE_DAMAGED",
          "fix": "Compare the oauth_signature that was made with the one that arrived.",
          "proven": false,
        },
      ]
    `)
    expect(comparisons).toEqual([
      {
        what: 'signature base string',
        expected: expect.stringMatching(/^POST&http%3A%2F%2Flocalhost/),
      },
    ])
  })

  test('a key that nobody registered', () => {
    expect(mismatch({ key: stranger.signingKey }).causes).toMatchObject([
      { code: 'WRONG_KEY', proven: false },
      { code: 'SIGNATURE_DAMAGED', proven: false },
    ])
  })

  test('the right key over something else', () => {
    const { causes } = mismatch({ baseString: () => 'something else' })
    expect(causes).toMatchObject([
      { code: 'OTHER_BASE_STRING_SIGNED', proven: true },
      { code: 'HEADER_CHANGED_AFTER_SIGNING', proven: false },
      { code: 'SIGNED_FOR_UNKNOWN_URL', proven: false },
    ])
  })

  test.for<[string, () => Buffer]>([
    ['HMAC-SHA256', () => randomBytes(32)],
    [
      'an elliptic curve key',
      () =>
        sign(
          'sha256',
          Buffer.from('x'),
          generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
        ),
    ],
    ['an RSA key of 3072 bits', () => randomBytes(384)],
  ])('the length of a signature by %s', ([maker, made]) => {
    const { causes } = mismatch({ written: () => encode(made().toString('base64')) })
    expect(causes).toMatchObject([{ code: 'SIGNATURE_OTHER_LENGTH', proven: true }])
    expect(causes[0]?.because).toContain(`That is what ${maker} makes.`)
  })
})
