import {
  type CipherGCM,
  constants,
  createCipheriv,
  createHash,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  type X509Certificate,
} from 'node:crypto'
import encryption from 'mastercard-client-encryption'
import type { EncryptedPayload } from '../../src/keys/payload-encryption.ts'
import { card } from './journey.ts'

export const cardNumber = '5123456789012346'
export const accounts = JSON.stringify([card(cardNumber)])

/** What to do otherwise than Token Connect wants it. */
export type Mistakes = {
  readonly plaintext?: string | Uint8Array
  readonly key?: Buffer
  /** What is wrapped, where it is not the key. */
  readonly wrap?: (key: Buffer) => Uint8Array
  readonly padding?: 'OAEP' | 'PKCS1'
  readonly oaepHash?: string
  readonly mgf1Hash?: string
  readonly publicKey?: KeyObject
  readonly mode?: 'cbc' | 'gcm' | 'ecb' | 'ctr'
  readonly iv?: Buffer
  /** The iv of the cipher, where it is not the one that is sent. */
  readonly usedIv?: Buffer
  readonly aad?: Buffer
  readonly tagLength?: number
  /** Takes the place of PKCS#7. */
  readonly pad?: (text: Buffer) => Buffer
  readonly encoding?: 'hex' | 'base64' | 'base64url'
  /** Members to change or, with undefined, to leave out. */
  readonly members?: (made: EncryptedPayload) => {
    readonly [Member in keyof EncryptedPayload]?: string | undefined
  }
}

/** A payload as a client of one's own makes it; without mistakes, a good one. */
export function encryptedBy(
  certificate: X509Certificate,
  {
    plaintext = accounts,
    key = randomBytes(16),
    wrap = (bytes) => bytes,
    padding = 'OAEP',
    oaepHash = 'sha256',
    mgf1Hash = oaepHash,
    publicKey = certificate.publicKey,
    mode = 'cbc',
    iv = randomBytes(mode === 'gcm' ? 12 : 16),
    usedIv = iv,
    aad = Buffer.from('more'),
    tagLength = 16,
    pad,
    encoding = 'hex',
    members,
  }: Mistakes = {},
): EncryptedPayload {
  const name = `aes-${key.length * 8}-${mode}`
  const cipher =
    mode === 'gcm'
      ? createCipheriv(name as 'aes-128-gcm', key, usedIv, { authTagLength: tagLength }).setAAD(aad)
      : createCipheriv(name, key, mode === 'ecb' ? null : usedIv).setAutoPadding(pad === undefined)
  const text = Buffer.from(plaintext)
  const ciphertext = Buffer.concat([cipher.update(pad?.(text) ?? text), cipher.final()])
  const wrapped =
    padding === 'OAEP'
      ? publicEncrypt(
          { key: publicKey, padding: constants.RSA_NO_PADDING },
          oaep(wrap(key), oaepHash, mgf1Hash),
        )
      : publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, wrap(key))
  const made = {
    encryptedData: ciphertext.toString(encoding),
    publicKeyFingerprint: sha('sha256', certificate.raw),
    encryptedKey: wrapped.toString(encoding),
    iv: iv.toString(encoding),
    ...(padding === 'OAEP' && {
      oaepHashingAlgorithm: oaepHash === 'sha512' ? ('SHA512' as const) : ('SHA256' as const),
    }),
    ...(mode === 'gcm' && {
      algorithmCipherMode: 'GCM' as const,
      tag: (cipher as CipherGCM).getAuthTag().toString(encoding),
      aad: aad.toString(encoding),
    }),
  }
  return { ...made, ...members?.(made) } as EncryptedPayload
}

/** EME-OAEP encoding for RSA-2048 (RFC 8017, 7.1.1), with any two hashes. */
function oaep(message: Uint8Array, hash: string, mgf1Hash: string): Buffer {
  const label = createHash(hash).digest()
  const { length } = label
  const filling = Buffer.alloc(256 - message.length - 2 * length - 2)
  const data = Buffer.concat([label, filling, Buffer.from([1]), message])
  const seed = randomBytes(length)
  const maskedData = xor(data, mgf1(seed, data.length, mgf1Hash))
  return Buffer.concat([Buffer.alloc(1), xor(seed, mgf1(maskedData, length, mgf1Hash)), maskedData])
}

function mgf1(seed: Buffer, length: number, hash: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 20) }, (_, index) =>
    createHash(hash)
      .update(seed)
      .update(Buffer.from([0, 0, 0, index]))
      .digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

function xor(bytes: Buffer, other: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (other[index] ?? 0)))
}

export function sha(hash: string, content: Uint8Array | string): string {
  return createHash(hash).update(content).digest('hex')
}

/** Settings of Mastercard's library; those it does not have to have may be taken away. */
export type LibrarySettings = {
  readonly element?: string
  readonly obj?: string
  readonly settings?: Readonly<Record<string, unknown>>
  readonly body?: object
}

/** The body of a push as Mastercard's Node library encrypts it with these settings. */
export function bodyByLibrary(
  certificate: X509Certificate,
  {
    element = 'pushFundingAccounts.encryptedPayload.encryptedData',
    obj = 'pushFundingAccounts.encryptedPayload',
    settings,
    body = { encryptedPayload: { encryptedData: [card(cardNumber)] } },
  }: LibrarySettings = {},
): unknown {
  const config = {
    paths: [{ path: '/push', toEncrypt: [{ element, obj }], toDecrypt: [] }],
    useCertificateContent: true,
    encryptionCertificate: certificate.toString(),
    publicKeyFingerprintType: 'certificate' as const,
    publicKeyFingerprintFieldName: 'publicKeyFingerprint',
    oaepPaddingDigestAlgorithm: 'SHA-512' as const,
    oaepHashingAlgorithmFieldName: 'oaepHashingAlgorithm',
    dataEncoding: 'hex' as const,
    encryptedValueFieldName: 'encryptedData',
    encryptedKeyFieldName: 'encryptedKey',
    ivFieldName: 'iv',
    ...settings,
  }
  return new encryption.FieldLevelEncryption(config).encrypt(
    '/push',
    {},
    {
      requestId: 'request-1',
      tokenRequestorId: '50123197928',
      pushFundingAccounts: structuredClone(body),
    },
  ).body
}

/** The payload inside a body of the library. */
export function payloadByLibrary(
  certificate: X509Certificate,
  settings: LibrarySettings = {},
): EncryptedPayload {
  const body = bodyByLibrary(certificate, settings) as {
    readonly pushFundingAccounts: { readonly encryptedPayload: EncryptedPayload }
  }
  return body.pushFundingAccounts.encryptedPayload
}
