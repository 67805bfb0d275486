import {
  constants,
  createCipheriv,
  createHash,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { describe, expect } from 'vitest'
import { push as pushTo, signed } from '../../src/issuer/client.ts'
import { card, pushArguments, test as story } from '../support/journey.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'

type Encryption = {
  readonly plaintext?: string
  /** 16 or 32. */
  readonly keyBytes?: number
  readonly padding?: 'OAEP' | 'PKCS1'
  readonly oaepHash?: string
  /** Members to change or, with undefined, to leave out. */
  readonly members?: Record<string, string | undefined>
  readonly iv?: Buffer
  readonly publicKey?: string
  readonly encoding?: 'hex' | 'base64'
  /** Additional authenticated data; makes it AES-GCM. */
  readonly aad?: Buffer
  readonly appendsTag?: boolean
}

type Send = (encryption?: Encryption) => Promise<{
  body: Record<string, unknown>
  because: readonly string[]
  leniencies: readonly string[]
}>

/** Sends payloads encrypted by node:crypto, which can make every mistake. */
const test = story.extend<{ certificate: X509Certificate; send: Send }>({
  certificate: async ({ project }, use) => use(new X509Certificate(project.encryptionCertificate)),
  send: async ({ project, certificate, simulator }, use) =>
    use(
      async ({
        plaintext = JSON.stringify([card()]),
        keyBytes = 16,
        padding = 'OAEP',
        oaepHash = 'sha256',
        members,
        iv = randomBytes(16),
        publicKey,
        encoding = 'hex',
        aad,
        appendsTag = false,
      } = {}) => {
        const key = randomBytes(keyBytes)
        const gcm =
          aad === undefined
            ? undefined
            : createCipheriv(`aes-${keyBytes * 8}-gcm` as 'aes-128-gcm', key, iv).setAAD(aad)
        const cipher = gcm ?? createCipheriv(`aes-${keyBytes * 8}-cbc`, key, iv)
        const ciphertext = Buffer.concat([
          cipher.update(plaintext),
          cipher.final(),
          ...(appendsTag && gcm !== undefined ? [gcm.getAuthTag()] : []),
        ])
        const wrapped = publicEncrypt(
          padding === 'OAEP'
            ? {
                key: publicKey ?? certificate.publicKey,
                padding: constants.RSA_PKCS1_OAEP_PADDING,
                oaepHash,
              }
            : { key: publicKey ?? certificate.publicKey, padding: constants.RSA_PKCS1_PADDING },
          key,
        )
        const encryptedPayload = {
          encryptedData: ciphertext.toString(encoding),
          publicKeyFingerprint: sha('sha256', certificate.raw),
          encryptedKey: wrapped.toString(encoding),
          oaepHashingAlgorithm: padding === 'OAEP' ? oaepHash.toUpperCase() : undefined,
          iv: iv.toString(encoding),
          ...(gcm !== undefined && {
            algorithmCipherMode: 'GCM',
            tag: gcm.getAuthTag().toString('hex'),
            aad: aad?.toString('hex'),
          }),
          ...members,
        }
        const body = JSON.stringify({
          requestId: 'request-1',
          tokenRequestorId: '50123197928',
          pushFundingAccounts: { encryptedPayload },
        })
        const response = await simulator.fetch(await signed(project, { path, body }))
        expect(response.status).toBe(200)
        const [entry] = (await simulator.journal.entries()).slice(-1)
        return {
          body: (await response.json()) as Record<string, unknown>,
          because: entry?.faults?.map(({ because }) => because) ?? [],
          leniencies: entry?.leniencies ?? [],
        }
      },
    ),
})

const receipt = {
  pushAccountReceipts: [
    { pushAccountId: 'card-1', pushAccountReceipt: expect.stringMatching(/^MCC-STL-/) },
  ],
}

describe('decrypted', () => {
  test.for<[string, Encryption]>([
    ['RSA-OAEP with SHA-256, AES-128', {}],
    ['RSA-OAEP with SHA-512', { oaepHash: 'sha512' }],
    ['AES-256', { keyBytes: 32 }],
    ['RSA PKCS#1 v1.5, when oaepHashingAlgorithm is absent', { padding: 'PKCS1' }],
    ['RSA PKCS#1 v1.5 with AES-256', { padding: 'PKCS1', keyBytes: 32 }],
    ['AES-GCM', { iv: randomBytes(12), aad: Buffer.from('more') }],
    ['AES-GCM with AES-256', { iv: randomBytes(12), aad: Buffer.from('more'), keyBytes: 32 }],
    ['an absent iv is sixteen zeros', { iv: Buffer.alloc(16), members: { iv: undefined } }],
  ])('%s', async ([, encryption], { send }) => {
    expect((await send(encryption)).body).toMatchObject(receipt)
  })

  test('GCM is listed as an assumption', async ({ send }) => {
    const { leniencies } = await send({ iv: randomBytes(12), aad: Buffer.from('more') })
    expect(leniencies).toContainEqual(expect.stringContaining('AES-GCM'))
  })

  test('a GCM tag that is left at the end of the ciphertext too is tolerated, and said so', async ({
    send,
  }) => {
    const { body, leniencies } = await send({
      iv: randomBytes(12),
      aad: Buffer.from('more'),
      appendsTag: true,
    })
    expect(body).toMatchObject(receipt)
    expect(leniencies).toEqual([
      'AES-GCM: the tag is at the end of encryptedData too, which no source allows',
    ])
  })

  test('hex of either case', async ({ send, certificate }) => {
    const publicKeyFingerprint = sha('sha256', certificate.raw).toUpperCase()
    expect((await send({ members: { publicKeyFingerprint } })).body).toMatchObject(receipt)
  })

  test('with each of the three fingerprints', async ({ send, certificate }) => {
    for (const publicKeyFingerprint of [
      sha('sha256', certificate.raw),
      sha('sha1', certificate.raw),
      sha('sha256', certificate.publicKey.export({ type: 'spki', format: 'der' })),
    ])
      expect((await send({ members: { publicKeyFingerprint } })).body).toMatchObject(receipt)
  })

  story.for(['SHA-256', 'SHA-512'] as const)(
    "as Mastercard's own library does it, with %s",
    async (oaepHash, { project }) => {
      expect(await pushTo(...pushArguments(project, { project: { oaepHash } }))).toMatchObject({
        accepted: true,
      })
    },
  )
})

describe('refused with CRYPTOGRAPHY_ERROR', () => {
  const { publicKey: anotherKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })

  test.for<[string, Encryption, RegExp]>([
    [
      'an unknown fingerprint',
      { members: { publicKeyFingerprint: 'ab'.repeat(32) } },
      /publicKeyFingerprint .* expected/,
    ],
    ['a key wrapped for another certificate', { publicKey: anotherKey }, /wrapped for another key/],
    [
      'another OAEP hash than the request says',
      { oaepHash: 'sha512', members: { oaepHashingAlgorithm: 'SHA256' } },
      /with another hash/,
    ],
    [
      'OAEP, but oaepHashingAlgorithm is absent',
      { members: { oaepHashingAlgorithm: undefined } },
      /was it wrapped with OAEP\?/,
    ],
    [
      'PKCS#1 v1.5, but oaepHashingAlgorithm is there',
      { padding: 'PKCS1', members: { oaepHashingAlgorithm: 'SHA256' } },
      /does not open/,
    ],
    ['the iv of another message', { members: { iv: '00'.repeat(16) } }, /iv is of another message/],
    ['an iv of twelve bytes', { members: { iv: 'ab'.repeat(12) } }, /12 bytes; AES-CBC takes 16/],
    ['ciphertext cut off', { members: { encryptedData: 'abcd' } }, /not whole blocks/],
    [
      'ciphertext that is no hex',
      { members: { encryptedData: 'xyz!' } },
      /encryptedData is not hex/,
    ],
    ['plaintext that is no JSON', { plaintext: 'PAN=5123456789012346' }, /not JSON/],
    [
      'a byte order mark before the JSON',
      { plaintext: `\uFEFF${JSON.stringify([card()])}` },
      /not JSON/,
    ],
    [
      'GCM with the tag of another message',
      { iv: randomBytes(12), aad: Buffer.from('more'), members: { tag: '00'.repeat(16) } },
      /tag does not fit/,
    ],
    [
      'GCM with other additional data',
      { iv: randomBytes(12), aad: Buffer.from('more'), members: { aad: 'ab' } },
      /tag does not fit/,
    ],
    [
      'GCM with an iv of sixteen bytes',
      { iv: randomBytes(16), aad: Buffer.from('more') },
      /16 bytes; AES-GCM takes 12/,
    ],
    [
      'GCM with a short tag',
      { iv: randomBytes(12), aad: Buffer.from('more'), members: { tag: 'abcd' } },
      /tag has 2 bytes/,
    ],
  ])('%s', async ([, encryption, because], { send }) => {
    const answer = await send(encryption)
    expect(answer.body).toEqual({
      responseId: 'request-1',
      errors: [
        { source: 'INPUT', reasonCode: 'CRYPTOGRAPHY_ERROR', description: 'Cryptography Error' },
      ],
    })
    expect(answer.because).toEqual([expect.stringMatching(because)])
    expect(answer.because.join()).not.toContain('5123456789012346')
  })

  test('base64 in place of hex is refused by its format', async ({ send }) => {
    const { body } = await send({ encoding: 'base64', members: { encryptedData: 'abcd' } })
    expect(body).toMatchObject({
      errors: [
        { reasonCode: 'INVALID_FIELD_FORMAT', description: 'Invalid Field Format - encryptedKey' },
        { reasonCode: 'INVALID_FIELD_FORMAT', description: 'Invalid Field Format - iv' },
      ],
    })
  })
})

function sha(hash: string, bytes: Uint8Array): string {
  return createHash(hash).update(bytes).digest('hex')
}
