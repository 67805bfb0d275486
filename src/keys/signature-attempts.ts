import { constants, hash, type KeyObject, publicDecrypt } from 'node:crypto'
import { mgf1 } from './mgf1.ts'

/** The digests a signer may have used, the right one first. */
export const digestNames = ['sha256', 'sha1', 'sha512', 'sha384', 'md5'] as const
export type DigestName = (typeof digestNames)[number]

const digestBytes: Readonly<Record<DigestName, number>> = {
  sha256: 32,
  sha1: 20,
  sha512: 64,
  sha384: 48,
  md5: 16,
}

/** RFC 8017, 9.2, note 1: what stands before the digest in a PKCS#1 v1.5 signature. */
const digestInfo: Readonly<Record<DigestName, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha1: '3021300906052b0e03021a05000414',
  sha512: '3051300d060960864801650304020305000440',
  sha384: '3041300d060960864801650304020205000430',
  md5: '3020300c06082a864886f70d020505000410',
}

/** @returns base64, because strings are made and compared faster than buffers. */
export function digestOf(text: string | Uint8Array, digest: DigestName = 'sha256'): string {
  return hash(digest, text, 'base64')
}

/** The digests that have this many bytes. */
export function digestsOfLength(bytes: number): readonly DigestName[] {
  return digestNames.filter((name) => digestBytes[name] === bytes)
}

/** What a signature turns out to hold once a public key has opened it. */
export type OpenedSignature = {
  readonly padding: 'PKCS#1 v1.5' | 'PSS'
  /** Undefined: it holds something else, so no text can be compared with it. */
  readonly digest: DigestName | undefined
  /** PKCS#1 only: whether the digest is named in front of it, as a DigestInfo, which verifying needs. */
  readonly namesDigest: boolean
  /** PSS only. */
  readonly maskDigest?: DigestName
  /** PSS only, in bytes. */
  readonly saltLength?: number
  /** Whether the padding alone proves that the key is the right one; otherwise only a text that fits does. */
  readonly certain: boolean
  /** Whether this text was signed. */
  isOver(text: string | Uint8Array): boolean
}

/**
 * Takes a signature's padding off with the public key, so that comparing it with a text costs a hash and no RSA operation.
 *
 * @returns nothing when the signature was not made with this key; more than one, likeliest first, when a PSS salt could be read in several ways.
 */
export function openSignature(
  signature: Uint8Array,
  publicKey: KeyObject,
): readonly OpenedSignature[] {
  const block = rawBlock(signature, publicKey)
  if (block === undefined) return []
  const pkcs1 = openPkcs1(block)
  return pkcs1 === undefined ? openPss(block, publicKey) : [pkcs1]
}

/** How many bytes each signature of this key has; undefined for a key that is not RSA. */
export function signatureBytes(publicKey: KeyObject): number | undefined {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength
  return bits === undefined ? undefined : Math.ceil(bits / 8)
}

function rawBlock(signature: Uint8Array, key: KeyObject): Buffer | undefined {
  if (signature.length !== signatureBytes(key)) return undefined
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature)
  } catch {
    // As a number it is not below the modulus: made with another key.
    return undefined
  }
}

/** RFC 8017, 9.2: 00 01 FF ... FF 00, then the digest with its name. */
function openPkcs1(block: Buffer): OpenedSignature | undefined {
  const end = block.indexOf(0, 2)
  if (block[0] !== 0 || block[1] !== 1 || end < 10) return undefined
  if (!block.subarray(2, end).every((byte) => byte === 0xff)) return undefined
  const content = block.subarray(end + 1)
  const hex = content.toString('hex')
  const named = digestNames.find(
    (name) => hex.startsWith(digestInfo[name]) && hex.length === digestInfoLength(name),
  )
  const digest = named ?? digestsOfLength(content.length)[0]
  const held = digest && content.subarray(-digestBytes[digest]).toString('base64')
  return {
    padding: 'PKCS#1 v1.5',
    digest,
    namesDigest: named !== undefined,
    certain: true,
    isOver: (text) => digest !== undefined && digestOf(text, digest) === held,
  }
}

function digestInfoLength(name: DigestName): number {
  return digestInfo[name].length + digestBytes[name] * 2
}

/**
 * RFC 8017, 9.1.2, steps 4 to 10. Salt and digest come out without the text. No verifier says which salt length or mask digest
 * was used, so each is tried.
 */
function openPss(block: Buffer, publicKey: KeyObject): readonly OpenedSignature[] {
  const bits = (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) - 1
  const message = block.subarray(block.length - Math.ceil(bits / 8))
  if (message.at(-1) !== 0xbc) return []
  const opened: OpenedSignature[] = []
  for (const digest of digestNames)
    for (const maskDigest of new Set([digest, ...digestNames])) {
      const reading = unmasked(message, bits, digest, maskDigest)
      if (reading !== undefined) opened.push(reading)
    }
  return opened.sort((a, b) => Number(b.certain) - Number(a.certain))
}

function unmasked(
  message: Buffer,
  bits: number,
  digest: DigestName,
  maskDigest: DigestName,
): OpenedSignature | undefined {
  const split = message.length - digestBytes[digest] - 1
  if (split < 1) return undefined
  const held = message.subarray(split, -1)
  const mask = mgf1(held, split, maskDigest)
  const block = message.subarray(0, split).map((byte, index) => byte ^ (mask[index] ?? 0))
  block[0] = (block[0] ?? 0) & (0xff >> (8 * message.length - bits))
  const start = block.findIndex((byte) => byte !== 0)
  if (block[start] !== 1) return undefined
  const salt = block.subarray(start + 1)
  const heldText = held.toString('base64')
  return {
    padding: 'PSS',
    digest,
    namesDigest: true,
    maskDigest,
    saltLength: salt.length,
    // A salt as long as fits leaves a single byte to recognise, and chance can make that.
    certain: start >= 8,
    isOver(text) {
      const hashed = Buffer.from(digestOf(text, digest), 'base64')
      return digestOf(Buffer.concat([Buffer.alloc(8), hashed, salt]), digest) === heldText
    },
  }
}
