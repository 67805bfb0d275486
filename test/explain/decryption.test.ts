import { generateKeyPairSync, randomBytes, type X509Certificate } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { test as base, describe, expect } from 'vitest'
import { explainDecryption } from '../../src/explain/payload/decryption.ts'
import { type Keyring, openKeyring } from '../../src/keys/keyring.ts'
import type { EncryptedPayload } from '../../src/keys/payload-encryption.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accounts,
  cardNumber,
  encryptedBy,
  type Mistakes,
  payloadByLibrary,
  sha,
} from '../support/encryption-mistakes.ts'
import { noon } from '../support/journey.ts'

const multiple = '/mdes/connect/1/0/pushMultipleAccounts'
const single = '/mdes/connect/1/0/pushAccount'

const test = base.extend<{ known: Keyring['encryption']; certificate: X509Certificate }>({
  // biome-ignore lint/correctness/noEmptyPattern: how Vitest wants a fixture without others.
  known: async ({}, use) => use((await openKeyring(dataDirectory, noon.getTime())).encryption),
  certificate: async ({ known }, use) => use(known.certificate),
})

const another = generateKeyPairSync('rsa', { modulusLength: 2048 })
const foreignFingerprint = () => ({ publicKeyFingerprint: 'ab'.repeat(32) })

type Row = [code: string, because: RegExp, mistakes: Mistakes, operation?: string]

const base64Of =
  (...members: readonly ('encryptedKey' | 'encryptedData' | 'iv' | 'tag' | 'aad')[]) =>
  (made: EncryptedPayload) =>
    Object.fromEntries(
      members.map((member) => [member, Buffer.from(made[member] ?? '', 'hex').toString('base64')]),
    )

const gcm = { mode: 'gcm' } as const
const appended = ({ encryptedData, tag = '' }: EncryptedPayload) => encryptedData + tag

describe('proven by trying', () => {
  test.for<Row>([
    // encoding
    ['ENCODING_NOT_HEX', /encryptedKey is base64, .*iv is base64/, { encoding: 'base64' }],
    ['ENCODING_NOT_HEX', /encryptedKey is base64url/, { encoding: 'base64url' }],
    ['ENCODING_NOT_HEX', /^encryptedKey is base64;/, { members: base64Of('encryptedKey') }],
    ['ENCODING_NOT_HEX', /^encryptedData is base64;/, { members: base64Of('encryptedData') }],
    ['ENCODING_NOT_HEX', /^iv is base64;/, { members: base64Of('iv') }],
    ['ENCODING_NOT_HEX', /^tag is base64;/, { ...gcm, members: base64Of('tag') }],
    [
      'ENCODING_NOT_HEX',
      /^iv is hex of hex;/,
      { members: ({ iv = '' }) => ({ iv: Buffer.from(iv).toString('hex') }) },
    ],
    [
      'ENCODING_NOT_HEX',
      /^encryptedKey is hex of base64;/,
      {
        members: ({ encryptedKey }) => ({
          encryptedKey: Buffer.from(Buffer.from(encryptedKey, 'hex').toString('base64')).toString(
            'hex',
          ),
        }),
      },
    ],
    ['ENCODING_NOT_HEX', /neither/, { members: () => ({ encryptedData: 'no{data}' }) }],
    [
      'BYTES_AS_TEXT',
      /^encryptedKey/,
      {
        members: ({ encryptedKey }) => ({
          encryptedKey: Buffer.from(Buffer.from(encryptedKey, 'hex').toString('utf8')).toString(
            'hex',
          ),
        }),
      },
    ],
    // wrapping
    [
      'OAEP_HASH_MISMATCH',
      /SHA-512.*says SHA256/,
      { oaepHash: 'sha512', members: () => ({ oaepHashingAlgorithm: 'SHA256' }) },
    ],
    [
      'OAEP_HASH_MISMATCH',
      /SHA-256.*says SHA512/,
      { members: () => ({ oaepHashingAlgorithm: 'SHA512' }) },
    ],
    ['OAEP_HASH_MISMATCH', /SHA-1;.*says SHA256/, { oaepHash: 'sha1' }],
    ['OAEP_HASH_MISMATCH', /SHA-224;/, { oaepHash: 'sha224' }],
    ['OAEP_HASH_MISMATCH', /SHA-384;/, { oaepHash: 'sha384' }],
    ['OAEP_MGF1_HASH', /MGF1 and SHA-1: Java's default/, { mgf1Hash: 'sha1' }],
    [
      'OAEP_MGF1_HASH',
      /SHA-512, but with MGF1 and SHA-1/,
      { oaepHash: 'sha512', mgf1Hash: 'sha1' },
    ],
    ['OAEP_MGF1_HASH', /MGF1 and SHA-512/, { mgf1Hash: 'sha512' }],
    [
      'OAEP_NOT_DECLARED',
      /SHA-256; .*absent/,
      { members: () => ({ oaepHashingAlgorithm: undefined }) },
    ],
    [
      'OAEP_DECLARED_PKCS1_USED',
      /says SHA256/,
      { padding: 'PKCS1', members: () => ({ oaepHashingAlgorithm: 'SHA256' }) },
    ],
    ['AES_KEY_LENGTH', /24 bytes/, { key: randomBytes(24) }],
    ['AES_KEY_ENCODED', /hex, 32 characters/, { wrap: (key) => Buffer.from(key.toString('hex')) }],
    [
      'AES_KEY_ENCODED',
      /hex, 64/,
      { key: randomBytes(32), wrap: (key) => Buffer.from(key.toString('hex')) },
    ],
    ['AES_KEY_ENCODED', /base64, 24/, { wrap: (key) => Buffer.from(key.toString('base64')) }],
    [
      'ENCRYPTED_KEY_LENGTH',
      /512 bytes.*RSA-4096/,
      { members: () => ({ encryptedKey: 'ab'.repeat(512) }) },
    ],
    [
      'ENCRYPTED_KEY_LENGTH',
      /257 bytes/,
      { members: ({ encryptedKey }) => ({ encryptedKey: `00${encryptedKey}` }) },
    ],
    [
      'ENCRYPTED_KEY_NOT_WRAPPED',
      /in clear/,
      { key: Buffer.alloc(16, 7), members: () => ({ encryptedKey: '07'.repeat(16) }) },
    ],
    // iv
    [
      'IV_LENGTH',
      /12 bytes.*zeros behind/,
      { iv: Buffer.alloc(12, 9), usedIv: Buffer.concat([Buffer.alloc(12, 9), Buffer.alloc(4)]) },
    ],
    ['IV_LENGTH', /12 bytes/, { iv: randomBytes(12), usedIv: randomBytes(16) }],
    ['IV_LENGTH', /16 bytes; AES-GCM takes 12/, { ...gcm, iv: randomBytes(16) }],
    ['IV_ZERO_USED', /sixteen zeros/, { usedIv: Buffer.alloc(16) }],
    ['PLAINTEXT_NOT_JSON', /broken/, { plaintext: `${accounts}]` }],
    ['IV_NOT_SENT', /iv is absent/, { members: () => ({ iv: undefined }) }],
    [
      'IV_PREPENDED',
      /first 16 bytes/,
      { members: ({ iv = '', encryptedData }) => ({ encryptedData: iv + encryptedData }) },
    ],
    [
      'IV_PREPENDED',
      /first 16 bytes/,
      {
        members: ({ iv = '', encryptedData }) => ({
          iv: undefined,
          encryptedData: iv + encryptedData,
        }),
      },
    ],
    [
      'IV_PREPENDED',
      /first 12 bytes/,
      {
        ...gcm,
        members: ({ iv = '', encryptedData }) => ({
          iv: '00'.repeat(12),
          encryptedData: iv + encryptedData,
        }),
      },
    ],
    // mode
    [
      'CIPHER_MODE_NOT_DECLARED',
      /AES-GCM/,
      {
        ...gcm,
        members: () => ({ algorithmCipherMode: undefined, tag: undefined, aad: undefined }),
      },
    ],
    [
      'CIPHER_MODE_NOT_DECLARED',
      /AES-GCM/,
      {
        ...gcm,
        aad: Buffer.alloc(0),
        members: (made) => ({
          encryptedData: appended(made),
          algorithmCipherMode: undefined,
          tag: undefined,
          aad: undefined,
        }),
      },
    ],
    [
      'CIPHER_MODE_MISMATCH',
      /AES-GCM; .*says CBC/,
      { ...gcm, members: () => ({ algorithmCipherMode: 'CBC' }) },
    ],
    [
      'CIPHER_MODE_MISMATCH',
      /AES-CBC; .*says GCM/,
      { members: () => ({ algorithmCipherMode: 'GCM', tag: '00'.repeat(16), aad: 'ab' }) },
    ],
    ['CIPHER_MODE_UNSUPPORTED', /ECB/, { mode: 'ecb' }],
    ['CIPHER_MODE_UNSUPPORTED', /CTR/, { mode: 'ctr' }],
    [
      'GCM_NOT_FOR_PUSH_ACCOUNT',
      /CBC only/,
      { ...gcm, plaintext: JSON.stringify({ pushAccountId: '1' }) },
      single,
    ],
    // tag
    [
      'TAG_APPENDED',
      /last 16 bytes/,
      { ...gcm, members: (made) => ({ encryptedData: appended(made), tag: undefined }) },
    ],
    [
      'TAG_APPENDED',
      /last 16 bytes/,
      { ...gcm, members: (made) => ({ encryptedData: appended(made) }) },
    ],
    ['TAG_MISSING', /absent/, { ...gcm, members: () => ({ tag: undefined }) }],
    ['TAG_MISMATCH', /does not fit/, { ...gcm, members: () => ({ tag: '00'.repeat(16) }) }],
    ['TAG_MISMATCH', /aad/, { ...gcm, members: () => ({ aad: 'abcd' }) }],
    ['TAG_LENGTH', /12 bytes/, { ...gcm, tagLength: 12 }],
    [
      'AAD_NOT_USED',
      /without any/,
      { ...gcm, aad: Buffer.alloc(0), members: () => ({ aad: 'abcd' }) },
    ],
    [
      'AAD_AS_TEXT',
      /characters of aad/,
      { ...gcm, aad: Buffer.from('abcd'), members: () => ({ aad: 'abcd' }) },
    ],
    // padding
    [
      'PADDING_ZERO',
      /zeros/,
      {
        pad: (text) => Buffer.concat([text, Buffer.alloc(16 - (text.length % 16))]),
        plaintext: `${accounts}${' '.repeat(3)}`,
      },
    ],
    [
      'PADDING_MISSING',
      /no padding/,
      { pad: (text) => text, plaintext: accounts.padEnd(Math.ceil(accounts.length / 16) * 16) },
    ],
    ['PADDING_OTHER', /counts/, { pad: counted, plaintext: `${accounts}   ` }],
    [
      'CIPHERTEXT_INCOMPLETE',
      /5 bytes into a block/,
      { members: ({ encryptedData }) => ({ encryptedData: encryptedData.slice(0, 32 * 3 + 10) }) },
    ],
    [
      'CIPHERTEXT_INCOMPLETE',
      /last block/,
      { members: ({ encryptedData }) => ({ encryptedData: encryptedData.slice(0, 32 * 4) }) },
    ],
    [
      'CIPHERTEXT_INCOMPLETE',
      /cut off or changed/,
      {
        plaintext: `[{"pushAccountId":"1234567890123"},{"a":"b"}]`,
        members: ({ encryptedData }) => ({ encryptedData: encryptedData.slice(0, 32) }),
      },
    ],
    // content
    ['PLAINTEXT_NOT_JSON', /name=value/, { plaintext: `PAN=${cardNumber}&PAN=${cardNumber}` }],
    ['PLAINTEXT_NOT_JSON', /Python/, { plaintext: accounts.replaceAll('"', "'") }],
    ['PLAINTEXT_NOT_JSON', /XML/, { plaintext: `<accounts><pan>${cardNumber}</pan></accounts>` }],
    ['PLAINTEXT_NOT_JSON', /cut off/, { plaintext: accounts.slice(0, -3) }],
    ['PLAINTEXT_NOT_JSON', /bare number/, { plaintext: cardNumber.slice(0, 10) }],
    ['PLAINTEXT_NOT_UTF8', /byte order mark/, { plaintext: `\ufeff${accounts}` }],
    ['PLAINTEXT_NOT_UTF8', /UTF-16/, { plaintext: Buffer.from(accounts, 'utf16le') }],
    [
      'PLAINTEXT_NOT_UTF8',
      /8859-1/,
      { plaintext: Buffer.from(accounts.replace('}]', ',"name":"MÜLLER"}]'), 'latin1') },
    ],
    ['PLAINTEXT_NOT_TEXT', /gzip/, { plaintext: gzipSync(accounts) }],
    [
      'PLAINTEXT_ENCRYPTED_TWICE',
      /object with encrypted data/,
      { plaintext: JSON.stringify({ encryptedData: 'ab', encryptedKey: 'cd' }) },
    ],
    [
      'PLAINTEXT_ENCRYPTED_TWICE',
      /JWE/,
      { plaintext: `${Buffer.from('{"alg":"RSA-OAEP-256"}').toString('base64url')}.ab.cd.ef.gh` },
    ],
    ['PLAINTEXT_ENCRYPTED_TWICE', /hex/, { plaintext: randomBytes(80).toString('hex') }],
    ['PLAINTEXT_STRINGIFIED_TWICE', /holds JSON/, { plaintext: JSON.stringify(accounts) }],
    [
      'PLAINTEXT_ONE_LEVEL_OFF',
      /with encryptedData around/,
      { plaintext: `{"encryptedData":${accounts}}` },
    ],
    [
      'PLAINTEXT_ONE_LEVEL_OFF',
      /with pushFundingAccounts around/,
      { plaintext: `{"pushFundingAccounts":{"encryptedPayload":{"encryptedData":${accounts}}}}` },
    ],
    [
      'PLAINTEXT_ONE_LEVEL_OFF',
      /whole request/,
      { plaintext: `{"requestId":"1","tokenRequestorId":"50123197928","pushFundingAccounts":{}}` },
    ],
    ['PLAINTEXT_OBJECT_NOT_ARRAY', /single object/, { plaintext: accounts.slice(1, -1) }],
    ['PLAINTEXT_ARRAY_NOT_OBJECT', /array/, {}, single],
  ])('%s %s', async ([code, because, mistakes, operation = multiple], { known, certificate }) => {
    const payload = encryptedBy(certificate, mistakes)
    const explanation = await explainDecryption(payload, known, operation)
    expect(explanation.causes[0]).toEqual({
      code,
      because: expect.stringMatching(because),
      fix: expect.stringMatching(/\.$/),
      proven: true,
    })
    expect(JSON.stringify(explanation)).not.toMatch(/\d{9,}/)
  })

  test('two mistakes at once', async ({ known, certificate }) => {
    const payload = encryptedBy(certificate, { mgf1Hash: 'sha1', mode: 'ecb', encoding: 'base64' })
    expect(await codes(payload, known)).toEqual([
      'ENCODING_NOT_HEX',
      'OAEP_MGF1_HASH',
      'CIPHER_MODE_UNSUPPORTED',
    ])
  })

  test('padding of every length', async ({ known, certificate }) => {
    const zeros = (text: Buffer) => Buffer.concat([text, Buffer.alloc(16 - (text.length % 16))])
    for (let length = 0; length < 16; length += 1) {
      const plaintext = accounts + ' '.repeat(length)
      const filled = encryptedBy(certificate, { plaintext, pad: zeros })
      expect(await codes(filled, known)).toEqual(['PADDING_ZERO'])
      // One byte of ISO 10126 is PKCS#7.
      const isSame = plaintext.length % 16 === 15
      const noisy = encryptedBy(certificate, { plaintext, pad: counted })
      expect(await codes(noisy, known)).toEqual(isSame ? [] : ['PADDING_OTHER'])
    }
  })

  test('ciphertext cut off anywhere', async ({ known, certificate }) => {
    const { encryptedData, ...rest } = encryptedBy(certificate)
    for (let length = 32; length < encryptedData.length; length += 2) {
      const payload = { ...rest, encryptedData: encryptedData.slice(0, length) }
      expect((await codes(payload, known))[0]).toMatch(
        /CIPHERTEXT_INCOMPLETE|CIPHERTEXT_OF_ANOTHER/,
      )
    }
  })

  test("each of Java's mistakes with AES-GCM", async ({ known, certificate }) => {
    const payload = encryptedBy(certificate, {
      ...gcm,
      aad: Buffer.alloc(0),
      members: (made) => ({ encryptedData: appended(made), tag: undefined, aad: 'abcd' }),
    })
    expect(await codes(payload, known)).toEqual(['TAG_APPENDED', 'AAD_NOT_USED'])
  })
})

describe("made with Mastercard's own library", () => {
  type LibraryRow = [code: string, settings: Parameters<typeof payloadByLibrary>[1]]
  test.for<LibraryRow>([
    ['ENCODING_NOT_HEX', { settings: { dataEncoding: 'base64' } }],
    ['OAEP_NOT_DECLARED', { settings: { oaepHashingAlgorithmFieldName: undefined } }],
    ['FINGERPRINT_WRONG', { settings: { publicKeyFingerprint: 'ab'.repeat(32) } }],
    ['IV_NOT_SENT', { settings: { ivFieldName: 'ivValue' } }],
    ['PLAINTEXT_ONE_LEVEL_OFF', { element: 'pushFundingAccounts.encryptedPayload' }],
    ['PLAINTEXT_ONE_LEVEL_OFF', { element: 'pushFundingAccounts' }],
    ['PLAINTEXT_ONE_LEVEL_OFF', { element: '$' }],
    [
      'PLAINTEXT_OBJECT_NOT_ARRAY',
      { body: { encryptedPayload: { encryptedData: JSON.parse(accounts)[0] } } },
    ],
  ])('%s %o', async ([code, settings], { known, certificate }) => {
    const explanation = await explainDecryption(
      payloadByLibrary(certificate, settings),
      known,
      multiple,
    )
    expect(explanation.causes[0]).toMatchObject({ code, proven: true })
    expect(JSON.stringify(explanation)).not.toContain(cardNumber)
  })

  test('encrypted twice', async ({ known, certificate }) => {
    const encryptedData = payloadByLibrary(certificate)
    const payload = payloadByLibrary(certificate, { body: { encryptedPayload: { encryptedData } } })
    expect(await codes(payload, known)).toEqual(['PLAINTEXT_ENCRYPTED_TWICE'])
  })

  test('nothing is wrong', async ({ known, certificate }) => {
    const nothing = { causes: [], comparisons: [] }
    expect(await explainDecryption(payloadByLibrary(certificate), known, multiple)).toEqual(nothing)
    for (const mistakes of [{}, gcm, { padding: 'PKCS1' }, { key: randomBytes(32) }] as const)
      expect(await explainDecryption(encryptedBy(certificate, mistakes), known, multiple)).toEqual(
        nothing,
      )
  })
})

describe('fingerprint', () => {
  const colons = (hex: string) => hex.replace(/..(?=.)/g, '$&:')
  type FingerprintRow = [
    code: string,
    because: RegExp,
    fingerprint: (certificate: X509Certificate) => string,
  ]
  test.for<FingerprintRow>([
    ['FINGERPRINT_FORMULA', /SHA-1 of the public key/, (c) => sha('sha1', spki(c))],
    ['FINGERPRINT_FORMULA', /MD5 of the certificate/, ({ raw }) => sha('md5', raw)],
    ['FINGERPRINT_FORMULA', /PEM text/, (c) => sha('sha256', c.toString())],
    ['FINGERPRINT_FORMULA', /PEM text/, (c) => sha('sha256', c.toString().trim())],
    ['FINGERPRINT_FORMAT', /separators/, ({ fingerprint256 }) => fingerprint256],
    ['FINGERPRINT_FORMAT', /separators/, ({ raw }) => colons(sha('sha1', raw))],
    [
      'FINGERPRINT_FORMAT',
      /base64/,
      ({ raw }) => Buffer.from(sha('sha256', raw), 'hex').toString('base64'),
    ],
    ['FINGERPRINT_WRONG', /of another certificate/, () => 'ab'.repeat(32)],
  ])('%s %s', async ([code, because, fingerprint], { known, certificate }) => {
    const sent = fingerprint(certificate)
    const payload = encryptedBy(certificate, { members: () => ({ publicKeyFingerprint: sent }) })
    const { causes, comparisons } = await explainDecryption(payload, known, multiple)
    expect(causes).toEqual([
      expect.objectContaining({ code, because: expect.stringMatching(because), proven: true }),
    ])
    expect(comparisons).toEqual([
      expect.objectContaining({
        what: 'publicKeyFingerprint',
        expected: sha('sha256', certificate.raw),
      }),
    ])
  })

  test("of Mastercard's sandbox certificate", async ({ known, certificate }) => {
    const payload = encryptedBy(certificate, {
      publicKey: another.publicKey,
      members: () => ({ publicKeyFingerprint: '8FC11150A7508F14BACA07285703392A399CC57C' }),
    })
    expect((await explainDecryption(payload, known, multiple)).causes[0]).toMatchObject({
      code: 'KEY_OF_ANOTHER_ENVIRONMENT',
      because: expect.stringContaining('published sandbox certificate'),
      proven: true,
    })
  })

  test('is not repeated where it is none', async ({ known, certificate }) => {
    const payload = encryptedBy(certificate, {
      members: () => ({ publicKeyFingerprint: cardNumber.repeat(3) }),
    })
    expect(JSON.stringify(await explainDecryption(payload, known, multiple))).not.toContain(
      cardNumber,
    )
  })
})

describe('only likely', () => {
  test.for<[string, Mistakes]>([
    ['KEY_OF_ANOTHER_ENVIRONMENT', { publicKey: another.publicKey, members: foreignFingerprint }],
    ['KEY_WRAPPED_FOR_ANOTHER_KEY', { publicKey: another.publicKey }],
    ['KEY_WRAPPED_FOR_ANOTHER_KEY', { members: () => ({ encryptedKey: `00${'ab'.repeat(255)}` }) }],
    ['CIPHERTEXT_OF_ANOTHER_KEY', { members: () => ({ encryptedData: 'c3'.repeat(160) }) }],
    ['CIPHERTEXT_OF_ANOTHER_KEY', { members: () => ({ encryptedData: 'c3'.repeat(7) }) }],
  ])('%s', async ([code, mistakes], { known, certificate }) => {
    const { causes } = await explainDecryption(encryptedBy(certificate, mistakes), known, multiple)
    expect(causes[0]?.code).toBe(code)
    // A number beyond the modulus proves another key.
    if (mistakes.publicKey === undefined)
      expect(causes.map((cause) => cause.proven)).not.toContain(true)
  })

  test('noise all over is ranked and proves nothing', async ({ known }) => {
    const hex = (length: number) => randomBytes(length).toString('hex')
    for (let round = 0; round < 50; round += 1) {
      const payload = {
        encryptedData: hex(160),
        encryptedKey: `00${hex(255)}`,
        iv: hex(16),
        publicKeyFingerprint: hex(32),
        oaepHashingAlgorithm: 'SHA256',
      } as const
      expect(await explainDecryption(payload, known, multiple)).toMatchObject({
        causes: [{ code: 'KEY_OF_ANOTHER_ENVIRONMENT', proven: false }],
      })
    }
  })

  test('noise under a key that opens proves nothing', async ({ known, certificate }) => {
    for (let round = 0; round < 100; round += 1) {
      const encryptedData = randomBytes(160).toString('hex')
      const payload = encryptedBy(certificate, { members: () => ({ encryptedData }) })
      const { causes } = await explainDecryption(payload, known, multiple)
      // By chance, noise ends in what looks like padding.
      expect(['CIPHERTEXT_OF_ANOTHER_KEY', 'PLAINTEXT_NOT_TEXT']).toContain(causes[0]?.code)
    }
  })
})

test('an iv of another message, or a changed first block: the two look alike, so it is only likely', async ({
  known,
  certificate,
}) => {
  const payload = encryptedBy(certificate, { usedIv: randomBytes(16) })
  expect((await explainDecryption(payload, known, multiple)).causes[0]).toMatchObject({
    code: 'IV_OF_ANOTHER_MESSAGE',
    because: expect.stringContaining('all but the first 16 bytes decrypts to readable text'),
    proven: false,
  })
})

describe('never', () => {
  test('throws', async ({ known, certificate }) => {
    const odd = ['', '0', 'zz', 'é'.repeat(300), '\u0000', 'ab', cardNumber, '='.repeat(40)]
    for (const text of odd)
      for (const mode of ['cbc', 'gcm'] as const)
        for (const member of [
          'encryptedData',
          'encryptedKey',
          'iv',
          'tag',
          'aad',
          'publicKeyFingerprint',
        ])
          expect(
            await explainDecryption(
              encryptedBy(certificate, { mode, members: () => ({ [member]: text }) }),
              known,
              multiple,
            ),
          ).toHaveProperty('causes')
  })

  test('fails for a payload of a megabyte', async ({ known, certificate }) => {
    const plaintext = `[${'{"a":"b"},'.repeat(100_000)}{}]`
    const worst: readonly EncryptedPayload[] = [
      encryptedBy(certificate, { ...gcm, plaintext, members: () => ({ tag: '00'.repeat(16) }) }),
      encryptedBy(certificate, { plaintext, publicKey: another.publicKey, encoding: 'base64' }),
      encryptedBy(certificate, { plaintext, usedIv: randomBytes(16), encoding: 'base64' }),
      encryptedBy(certificate, { members: () => ({ encryptedData: 'ab'.repeat(1_000_000) }) }),
      encryptedBy(certificate, { plaintext: 'x'.repeat(1_000_000) }),
      encryptedBy(certificate, { members: () => ({ encryptedData: '61'.repeat(1_000_000) }) }),
      encryptedBy(certificate, { members: () => ({ encryptedData: 'ab:'.repeat(700_000) }) }),
    ]
    for (const payload of worst)
      expect(await explainDecryption(payload, known, multiple)).toHaveProperty('causes')
  })
})

async function codes(payload: EncryptedPayload, known: Keyring['encryption']) {
  const { causes } = await explainDecryption(payload, known, multiple)
  return causes.map(({ code }) => code)
}

function spki({ publicKey }: X509Certificate): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' })
}

/** ISO 10126: noise, and the count at the end. */
function counted(text: Buffer): Buffer {
  const count = 16 - (text.length % 16)
  const noise = Buffer.alloc(count, 0xc3)
  noise[count - 1] = count
  return Buffer.concat([text, noise])
}
