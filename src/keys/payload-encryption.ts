import {
  constants,
  createDecipheriv,
  createHash,
  type KeyObject,
  privateDecrypt,
  webcrypto,
} from 'node:crypto'
import { availableParallelism } from 'node:os'
import { refuse, type Tolerate } from '../errors.ts'
import { readJson } from '../json-bytes.ts'
import type { Keyring } from './keyring.ts'

/** Encrypted data as an issuer sends it; every binary member in hex of either case. */
export type EncryptedPayload = {
  readonly encryptedData: string
  /** Of the certificate the key was wrapped with, in one of three forms; see {@link fingerprintsOf}. */
  readonly publicKeyFingerprint: string
  readonly encryptedKey: string
  /** Absent: RSA PKCS#1 v1.5. */
  readonly oaepHashingAlgorithm?: 'SHA256' | 'SHA512' | undefined
  /** 16 bytes for CBC (absent: zeros), 12 for GCM. */
  readonly iv?: string | undefined
  /** Absent: CBC. Assumption: as before there was a choice. */
  readonly algorithmCipherMode?: 'CBC' | 'GCM' | undefined
  /** With GCM. Assumption: hex, and not appended to `encryptedData` too, though that is tolerated. */
  readonly tag?: string | undefined
  /** With GCM: additional authenticated data. */
  readonly aad?: string | undefined
}

export type PayloadDecryption = {
  /**
   * AES-CBC or, since June 2026, AES-GCM under a key that RSA wraps (the field level encryption of Mastercard's client libraries).
   *
   * @returns the JSON value inside.
   * @throws {Refusal} CRYPTOGRAPHY_ERROR, whatever the step that failed; `because` names it.
   */
  decrypt(payload: EncryptedPayload, tolerate: Tolerate): Promise<unknown>
}

const oaepHashes = { SHA256: 'SHA-256', SHA512: 'SHA-512' } as const

export function payloadDecryption({
  certificate,
  privateKey,
}: Keyring['encryption']): PayloadDecryption {
  const fingerprints = fingerprintsOf(certificate)
  const pools = new Map<string, Promise<() => webcrypto.CryptoKey>>()

  // RSA-OAEP by WebCrypto runs in the thread pool, but one CryptoKey does one decryption at a time: hence one import per core.
  function keyFor(hash: string): Promise<() => webcrypto.CryptoKey> {
    const existing = pools.get(hash)
    if (existing !== undefined) return existing
    const pool = importPool(privateKey, hash)
    pools.set(hash, pool)
    return pool
  }

  async function unwrapKey(payload: EncryptedPayload): Promise<Uint8Array> {
    const wrapped = fromHex(payload.encryptedKey, 'encryptedKey')
    const { oaepHashingAlgorithm } = payload
    if (oaepHashingAlgorithm === undefined) return withoutPkcs1Padding(wrapped, privateKey)
    const nextKey = await keyFor(oaepHashes[oaepHashingAlgorithm])
    try {
      return new Uint8Array(
        await webcrypto.subtle.decrypt({ name: 'RSA-OAEP' }, nextKey(), wrapped),
      )
    } catch {
      return refuse(
        'CRYPTOGRAPHY_ERROR',
        `encryptedKey does not open with RSA-OAEP and ${oaepHashingAlgorithm}: wrapped for another key, or with another hash (MGF1 must use the same one)`,
      )
    }
  }

  return {
    async decrypt(payload, tolerate) {
      if (!fingerprints.includes(payload.publicKeyFingerprint.toLowerCase()))
        refuse(
          'CRYPTOGRAPHY_ERROR',
          `publicKeyFingerprint is not of this simulator's encryption certificate; expected ${fingerprints.join(' or ')}`,
        )
      const { algorithmCipherMode: mode = 'CBC' } = payload
      const iv = payload.iv === undefined ? Buffer.alloc(16) : fromHex(payload.iv, 'iv')
      const ivBytes = mode === 'GCM' ? 12 : 16
      if (iv.length !== ivBytes)
        refuse('CRYPTOGRAPHY_ERROR', `iv has ${iv.length} bytes; AES-${mode} takes ${ivBytes}`)
      const key = await unwrapKey(payload)
      if (key.length !== 16 && key.length !== 32)
        refuse(
          'CRYPTOGRAPHY_ERROR',
          `the unwrapped AES key has ${key.length} bytes; expected 16 or 32`,
        )
      const ciphertext = fromHex(payload.encryptedData, 'encryptedData')
      const plaintext =
        mode === 'GCM'
          ? decryptGcm(ciphertext, key, iv, payload, tolerate)
          : decryptCbc(ciphertext, key, iv)
      const json = readJson(plaintext)
      if (json === undefined)
        refuse(
          'CRYPTOGRAPHY_ERROR',
          'encryptedData decrypts to something that is not JSON: the iv is of another message, or what was encrypted was not the JSON of the accounts',
        )
      return json.value
    },
  }
}

async function importPool(privateKey: KeyObject, hash: string): Promise<() => webcrypto.CryptoKey> {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' })
  const keys = await Promise.all(
    Array.from({ length: availableParallelism() }, () =>
      webcrypto.subtle.importKey('pkcs8', der, { name: 'RSA-OAEP', hash }, false, ['decrypt']),
    ),
  )
  let next = 0
  return () => keys[next++ % keys.length] as webcrypto.CryptoKey
}

/**
 * RSAES-PKCS1-v1_5 (RFC 8017, 7.2.2). Node refuses this padding since CVE-2023-46809, so the block is opened bare and the padding taken off here.
 */
function withoutPkcs1Padding(wrapped: Uint8Array, privateKey: KeyObject): Uint8Array {
  let block: Buffer
  try {
    block = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, wrapped)
  } catch {
    return refuse(
      'CRYPTOGRAPHY_ERROR',
      `encryptedKey has ${wrapped.length} bytes, which is no block of this simulator's RSA-2048 key (256 bytes)`,
    )
  }
  const end = block.indexOf(0, 2)
  if (block[0] !== 0 || block[1] !== 2 || end < 10)
    refuse(
      'CRYPTOGRAPHY_ERROR',
      'encryptedKey does not open with RSA PKCS#1 v1.5, which is what an absent oaepHashingAlgorithm means; was it wrapped with OAEP?',
    )
  return block.subarray(end + 1)
}

function decryptCbc(ciphertext: Uint8Array, key: Uint8Array, iv: Uint8Array): Uint8Array {
  const decipher = createDecipheriv(key.length === 16 ? 'aes-128-cbc' : 'aes-256-cbc', key, iv)
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  } catch {
    return refuse(
      'CRYPTOGRAPHY_ERROR',
      'encryptedData does not decrypt with AES-CBC and PKCS#7 padding: not whole blocks, changed, or encrypted with another key',
    )
  }
}

function decryptGcm(
  ciphertext: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array,
  { tag = '', aad = '' }: EncryptedPayload,
  tolerate: Tolerate,
): Uint8Array {
  const tagBytes = fromHex(tag, 'tag')
  if (tagBytes.length !== 16)
    refuse('CRYPTOGRAPHY_ERROR', `tag has ${tagBytes.length} bytes; AES-GCM makes 16`)
  const open = (bytes: Uint8Array) => openGcm(bytes, key, iv, tagBytes, fromHex(aad, 'aad'))
  // Most libraries leave the tag at the end of the ciphertext, and a client may send it twice.
  const end = ciphertext.length - tagBytes.length
  const isAppended = end >= 0 && Buffer.compare(ciphertext.subarray(end), tagBytes) === 0
  const plaintext = open(ciphertext) ?? (isAppended ? open(ciphertext.subarray(0, end)) : undefined)
  if (plaintext === undefined)
    refuse(
      'CRYPTOGRAPHY_ERROR',
      'encryptedData does not decrypt with AES-GCM: the tag does not fit; was it left at the end of encryptedData, or is the aad not the one that was used?',
    )
  tolerate({
    code: 'CRYPTOGRAPHY_ERROR',
    because:
      plaintext.length < ciphertext.length
        ? 'AES-GCM: the tag is at the end of encryptedData too, which no source allows'
        : 'AES-GCM: that the tag is hex and not part of encryptedData is not documented',
  })
  return plaintext
}

/** @returns undefined when the tag does not fit. */
function openGcm(
  ciphertext: Uint8Array,
  key: Uint8Array,
  iv: Uint8Array,
  tag: Uint8Array,
  aad: Uint8Array,
): Uint8Array | undefined {
  const decipher = createDecipheriv(key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', key, iv)
  decipher.setAAD(aad).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  } catch {
    return undefined
  }
}

function fromHex(text: string, member: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text))
    refuse(
      'CRYPTOGRAPHY_ERROR',
      `${member} is not hex; Token Connect takes hex in every binary member`,
    )
  return new Uint8Array(Buffer.from(text, 'hex'))
}

/**
 * The three fingerprints seen to be accepted, lower-case hex: SHA-256 and SHA-1 of the certificate, SHA-256 of its public key.
 *
 * Assumption: the sources conflict, so all three are taken (sandbox recordings show the first two, a test facility configuration the third).
 */
export function fingerprintsOf(
  certificate: Keyring['encryption']['certificate'],
): readonly string[] {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  const hex = (hash: string, bytes: Uint8Array) => createHash(hash).update(bytes).digest('hex')
  return [hex('sha256', certificate.raw), hex('sha1', certificate.raw), hex('sha256', spki)]
}
