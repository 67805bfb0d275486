import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { explain, header, proven, request } from '../support/mistaken-signer.ts'

const message = {
  requestId: '1',
  account: { name: 'Jörg <a/b>', amount: 12 },
  list: ['z', 'a'],
}
const compact = JSON.stringify(message)
const sha256 = (body: string | Buffer) => createHash('sha256').update(body).digest()
const base64 = (body: string | Buffer) => sha256(body).toString('base64')

function explained(hash: string, sent: string | Buffer, decryptedBody?: unknown) {
  const refused = request(header({ values: { oauth_body_hash: hash } }), { body: sent })
  return explain('INVALID_BODY_HASH', refused, decryptedBody)
}

const python = compact.replaceAll('":', '": ').replaceAll(',"', ', "')
const inAscii = compact.replace('ö', '\\u00f6')

describe('what was hashed was not what was sent', () => {
  test.for<[string, readonly string[], string | Buffer, string | Buffer]>([
    [
      'compact signed, indented sent',
      ['BODY_RESERIALISED'],
      compact,
      JSON.stringify(message, null, 2),
    ],
    ['compact signed, Python separators sent', ['BODY_RESERIALISED'], compact, python],
    ['Python separators signed, compact sent', ['BODY_RESERIALISED'], python, compact],
    ['indented by 2 signed', ['BODY_RESERIALISED'], JSON.stringify(message, null, 2), compact],
    ['indented by 4 signed', ['BODY_RESERIALISED'], JSON.stringify(message, null, 4), compact],
    [
      'members sorted by the signer',
      ['KEYS_SORTED'],
      '{"a":{"c":2,"d":1},"b":3}',
      '{"b":3,"a":{"d":1,"c":2}}',
    ],
    ['slashes escaped', ['CHARACTERS_ESCAPED'], compact.replace('/', '\\/'), compact],
    ['slashes not escaped', ['CHARACTERS_ESCAPED'], compact, compact.replace('/', '\\/')],
    ['all beyond ASCII escaped', ['CHARACTERS_ESCAPED'], inAscii, compact],
    ['all beyond ASCII not escaped', ['CHARACTERS_ESCAPED'], compact, inAscii],
    [
      'escaped as by System.Text.Json',
      ['CHARACTERS_ESCAPED'],
      compact.replace('<', '\\u003C').replace('>', '\\u003E').replace('ö', '\\u00F6'),
      compact,
    ],
    [
      'json.dumps: separators and ASCII',
      ['BODY_RESERIALISED', 'CHARACTERS_ESCAPED'],
      python.replace('ö', '\\u00f6'),
      compact,
    ],
    [
      'json_encode: slashes and ASCII',
      ['CHARACTERS_ESCAPED'],
      inAscii.replace('/', '\\/'),
      compact,
    ],
    [
      'LF signed, CR LF sent',
      ['LINE_ENDINGS_CHANGED'],
      JSON.stringify(message, null, 3),
      JSON.stringify(message, null, 3).replaceAll('\n', '\r\n'),
    ],
    [
      'CR LF signed, LF sent',
      ['LINE_ENDINGS_CHANGED'],
      JSON.stringify(message, null, 3).replaceAll('\n', '\r\n'),
      JSON.stringify(message, null, 3),
    ],
    ['a line feed at the end signed', ['SURROUNDING_WHITE_SPACE'], `${compact}\n`, compact],
    ['a line feed at the end sent', ['SURROUNDING_WHITE_SPACE'], compact, `${compact}\n`],
    ['a byte order mark signed', ['BYTE_ORDER_MARK'], `\uFEFF${compact}`, compact],
    ['a byte order mark sent', ['BYTE_ORDER_MARK'], compact, `\uFEFF${compact}`],
    ['no body signed', ['EMPTY_BODY_SIGNED'], '', compact],
    ['an empty object signed', ['EMPTY_OBJECT_SIGNED'], '{}', compact],
    ['an object signed, not its text', ['OBJECT_NOT_SERIALISED'], String(message), compact],
    [
      'serialised twice by the HTTP client',
      ['BODY_STRINGIFIED_TWICE'],
      compact,
      JSON.stringify(compact),
    ],
    [
      'serialised twice by the signer',
      ['BODY_STRINGIFIED_TWICE'],
      JSON.stringify(compact),
      compact,
    ],
    ['Latin-1 signed', ['OTHER_CHARSET'], Buffer.from(compact, 'latin1'), compact],
    ['Latin-1 sent', ['OTHER_CHARSET'], compact, Buffer.from(compact, 'latin1')],
    ['UTF-16 signed', ['OTHER_CHARSET'], Buffer.from(compact, 'utf16le'), compact],
    [
      'numbers keep their digits',
      ['BODY_RESERIALISED'],
      '{"a":1.0,"b":1234567890123456789}',
      '{ "a": 1.0, "b": 1234567890123456789 }',
    ],
  ])('%s', ([, codes, signed, sent]) => {
    const explanation = explained(base64(signed), sent)
    expect(explanation.causes.map(({ code }) => code)).toEqual(codes)
    expect(proven(explanation)).toEqual(codes)
    expect(explanation.comparisons).toMatchObject([
      { what: 'oauth_body_hash', expected: base64(sent), received: base64(signed) },
    ])
  })
})

describe('encrypted after it was signed', () => {
  const plain = {
    requestId: '1',
    encryptedPayload: { encryptedData: [{ card: '5123456789012346' }] },
  }
  const encryptedPayload = { encryptedData: 'ab12', iv: 'cd', encryptedKey: 'ef' }
  const sent = JSON.stringify({ requestId: '1', encryptedPayload })
  const decrypted = {
    requestId: '1',
    encryptedPayload: { ...encryptedPayload, encryptedData: plain.encryptedPayload.encryptedData },
  }

  test.for<[string, string]>([
    ['the plaintext alone', JSON.stringify(plain)],
    ['indented', JSON.stringify(plain, null, 2)],
    [
      'in place of the whole payload',
      JSON.stringify({ requestId: '1', encryptedPayload: plain.encryptedPayload.encryptedData }),
    ],
    ['with what encryption adds', JSON.stringify(decrypted)],
  ])('%s', ([, signed]) => {
    const explanation = explained(base64(signed), sent, decrypted)
    expect(explanation.causes).toEqual([
      {
        code: 'SIGNED_BEFORE_ENCRYPTION',
        because: 'What was hashed is the body before encryptedData was encrypted.',
        fix: 'Encrypt first, then sign what is sent: register the encryption interceptor so that it runs before the signing one.',
        proven: true,
      },
    ])
    expect(JSON.stringify(explanation)).not.toContain('5123456789012346')
  })

  test('encrypted once for the hash and once for the request cannot be proven', () => {
    const { causes } = explained(base64(sent.replace('ab12', 'ffff')), sent, decrypted)
    expect(causes.map(({ code, proven: sure }) => [code, sure])).toEqual([
      ['BODY_CHANGED_AFTER_SIGNING', false],
      ['BODY_ENCRYPTED_ANEW', false],
      ['SIGNED_BEFORE_ENCRYPTION', false],
    ])
  })
})

describe('the right body, another hash or another form of it', () => {
  const digest = sha256(compact)
  test.for<[string, readonly string[], string]>([
    ['SHA-1', ['BODY_HASH_OTHER_DIGEST'], createHash('sha1').update(compact).digest('base64')],
    ['SHA-512', ['BODY_HASH_OTHER_DIGEST'], createHash('sha512').update(compact).digest('base64')],
    ['hex', ['BODY_HASH_NOT_BASE64'], digest.toString('hex')],
    [
      'base64 of hex',
      ['BODY_HASH_NOT_BASE64'],
      Buffer.from(digest.toString('hex')).toString('base64'),
    ],
    ['base64url', ['BODY_HASH_NOT_BASE64'], digest.toString('base64url')],
    [
      'percent-encoded twice',
      ['BODY_HASH_ENCODED_TWICE'],
      encodeURIComponent(encodeURIComponent(digest.toString('base64'))),
    ],
    [
      'SHA-1 in hex',
      ['BODY_HASH_NOT_BASE64', 'BODY_HASH_OTHER_DIGEST'],
      createHash('sha1').update(compact).digest('hex'),
    ],
    [
      'SHA-1 of the indented body',
      ['BODY_HASH_OTHER_DIGEST', 'BODY_RESERIALISED'],
      createHash('sha1')
        .update(JSON.stringify(message, null, 2))
        .digest('base64'),
    ],
    ['no hash at all', ['BODY_HASH_NOT_BASE64'], 'hello'],
  ])('%s', ([, codes, hash]) => {
    expect(proven(explained(hash, compact))).toEqual(codes)
  })
})

test('nothing found: an honest answer', () => {
  expect(explained(base64('another body'), compact)).toMatchInlineSnapshot(`
    {
      "causes": [
        {
          "because": "Neither the body that came nor 398 other ways to write it have this hash.",
          "code": "BODY_CHANGED_AFTER_SIGNING",
          "fix": "Log the bytes when they are signed and when they are sent, and compare: something between them (HTTP client, interceptor, proxy) changed the body.",
          "proven": false,
        },
      ],
      "comparisons": [
        {
          "differsAt": 0,
          "expected": "xoZ6Lf3xEGNq+mr2PLtae/RAOMDj4h4VkBlDyHX7fSk=",
          "received": "hnrYwQomsuknP3Phfk0ABcd7VMhf3r4WizVN7klHfX4=",
          "what": "oauth_body_hash",
        },
      ],
    }
  `)
})

test('a body too large to write anew is still compared as it is', () => {
  const large = JSON.stringify({ text: 'x'.repeat(100_000) })
  expect(proven(explained(sha256(large).toString('hex'), large))).toEqual(['BODY_HASH_NOT_BASE64'])
  expect(explained(base64(`${large}\n`), large).causes[0]?.because).toBe(
    'The body has 100011 bytes; other ways to write it are tried only up to 32768.',
  )
})
