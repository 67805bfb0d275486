/*
 * What node:crypto does not do in one call: open a payload in ways that nobody declared, to find out how it was made. For explanations only;
 * nothing that is accepted ever comes through here.
 */

import {
  constants,
  createDecipheriv,
  createHash,
  type KeyObject,
  privateDecrypt,
  type X509Certificate,
} from 'node:crypto'
import { mgf1 } from './mgf1.ts'

/** The hashes that OAEP and MGF1 are known to be used with, likeliest first. */
export const oaepHashes = ['SHA-512', 'SHA-256', 'SHA-1', 'SHA-384', 'SHA-224'] as const
export type OaepHash = (typeof oaepHashes)[number]

export type KeyPadding =
  | { readonly scheme: 'OAEP'; readonly hash: OaepHash; readonly mgf1Hash: OaepHash }
  | { readonly scheme: 'PKCS1' }

/** The block under RSA without any padding taken off, or undefined where it is no block of this key. */
export function rawBlock(wrapped: Uint8Array, privateKey: KeyObject): Uint8Array | undefined {
  try {
    return privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, wrapped)
  } catch {
    return undefined
  }
}

/** What is inside a raw block, by whichever padding fits. */
export function unpadded(
  block: Uint8Array,
): { readonly padding: KeyPadding; readonly content: Uint8Array } | undefined {
  for (const hash of oaepHashes) {
    // The likeliest MGF1 hash is the same one.
    for (const mgf1Hash of [hash, ...oaepHashes.filter((other) => other !== hash)]) {
      const content = withoutOaep(block, hash, mgf1Hash)
      if (content !== undefined) return { padding: { scheme: 'OAEP', hash, mgf1Hash }, content }
    }
  }
  const content = withoutPkcs1(block)
  return content === undefined ? undefined : { padding: { scheme: 'PKCS1' }, content }
}

/** EME-OAEP decoding with the empty label (RFC 8017, 7.1.2, step 3). */
export function withoutOaep(
  block: Uint8Array,
  hash: OaepHash,
  mgf1Hash: OaepHash,
): Uint8Array | undefined {
  const labelHash = digest(hash, new Uint8Array())
  const { length } = labelHash
  if (block.length < 2 * length + 2 || block[0] !== 0) return undefined
  const maskedSeed = block.subarray(1, 1 + length)
  const maskedData = block.subarray(1 + length)
  const seed = xor(maskedSeed, mgf1(maskedData, length, nodeName(mgf1Hash)))
  // The hash of the label is at the front, so that the whole mask is made only where it fits.
  const front = xor(maskedData.subarray(0, length), mgf1(seed, length, nodeName(mgf1Hash)))
  if (!labelHash.equals(front)) return undefined
  const data = xor(maskedData, mgf1(seed, maskedData.length, nodeName(mgf1Hash)))
  const end = data.findIndex((byte, index) => index >= length && byte !== 0)
  return end < 0 || data[end] !== 1 ? undefined : data.subarray(end + 1)
}

/** EME-PKCS1-v1_5 decoding (RFC 8017, 7.2.2, step 3). */
function withoutPkcs1(block: Uint8Array): Uint8Array | undefined {
  const end = block.indexOf(0, 2)
  const content = block.subarray(end + 1)
  // Two bytes are there by chance once in 65536 times, so the length must be that of an AES key, or of its hex or base64.
  return block[0] === 0 && block[1] === 2 && end >= 10 && keyLengths.includes(content.length)
    ? content
    : undefined
}

const keyLengths = [16, 24, 32, 44, 48, 64]

const nodeName = (hash: OaepHash) => hash.replace('-', '')

function digest(hash: OaepHash, ...parts: readonly Uint8Array[]): Buffer {
  const state = createHash(nodeName(hash))
  for (const part of parts) state.update(part)
  return state.digest()
}

function xor(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => byte ^ (other[index] ?? 0))
}

export type Mode = 'cbc' | 'gcm' | 'ecb' | 'ctr'

/**
 * AES with the padding left on and no tag looked at.
 *
 * @returns undefined where key, iv or ciphertext has a length that the mode does not take.
 */
export function unverified(
  mode: Mode,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv(
      `aes-${key.length * 8}-${mode}`,
      key,
      mode === 'ecb' ? null : iv,
    )
    return decipher.setAutoPadding(false).update(ciphertext)
  } catch {
    return undefined
  }
}

/** Whether AES-GCM accepts this tag. */
export function tagFits(
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
  aad: Uint8Array,
): boolean {
  try {
    const decipher = createDecipheriv(`aes-${key.length * 8}-gcm` as 'aes-128-gcm', key, iv, {
      authTagLength: tag.length,
    })
    decipher.setAAD(aad).setAuthTag(tag).update(ciphertext)
    decipher.final()
    return true
  } catch {
    return false
  }
}

/** One way to make a fingerprint of a certificate, in lower-case hex. */
export type FingerprintFormula = { readonly formula: string; readonly value: string }

/** What clients have been seen to send, or could by mistake, in place of a fingerprint that is accepted. */
export function mistakenFingerprints(certificate: X509Certificate): readonly FingerprintFormula[] {
  const { raw, publicKey } = certificate
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const pkcs1 = publicKey.export({ type: 'pkcs1', format: 'der' })
  const pem = certificate.toString().trim()
  const hex = (hash: string, content: Uint8Array | string) =>
    createHash(hash).update(content).digest('hex')
  return [
    { formula: 'the SHA-1 of the public key', value: hex('sha1', spki) },
    { formula: 'the MD5 of the certificate', value: hex('md5', raw) },
    { formula: 'the MD5 of the public key', value: hex('md5', spki) },
    ...[pem, `${pem}\n`, pem.replaceAll('\n', '\r\n'), `${pem}\n`.replaceAll('\n', '\r\n')].flatMap(
      (text) => [
        { formula: 'the SHA-256 of the PEM text', value: hex('sha256', text) },
        { formula: 'the SHA-1 of the PEM text', value: hex('sha1', text) },
      ],
    ),
    {
      formula: "the SHA-256 of the certificate's base64",
      value: hex('sha256', raw.toString('base64')),
    },
    { formula: 'the SHA-256 of the public key in PKCS#1 form', value: hex('sha256', pkcs1) },
    { formula: 'the subject key identifier', value: hex('sha1', pkcs1) },
    { formula: 'the SHA-512 of the certificate', value: hex('sha512', raw) },
    {
      formula: 'the serial number of the certificate',
      value: certificate.serialNumber.toLowerCase(),
    },
  ]
}
