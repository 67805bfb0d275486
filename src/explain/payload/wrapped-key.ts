import type { Cause, Comparison } from '../../errors.ts'
import { type KeyPadding, rawBlock, unpadded } from '../../keys/decryption-attempts.ts'
import type { Keyring } from '../../keys/keyring.ts'
import type { EncryptedPayload } from '../../keys/payload-encryption.ts'
import { bytesOfText } from './binary-text.ts'
import { proven } from './causes.ts'

/** An AES key that may be the one, and what was wrong if it is. */
export type KeyCandidate = { readonly key: Uint8Array; readonly causes: readonly Cause[] }

export type KeyFinding = {
  /** Whether RSA and a padding opened it. */
  readonly opened: boolean
  /** Likeliest first. */
  readonly candidates: readonly KeyCandidate[]
  readonly causes: readonly Cause[]
  readonly comparisons: readonly Comparison[]
  /** Whether its number is beyond the modulus, which no wrapping for this key makes. */
  readonly impossible: boolean
}

/** Opens `encryptedKey` by every padding. */
export function examineWrappedKey(
  wrapped: Uint8Array,
  declared: EncryptedPayload['oaepHashingAlgorithm'],
  privateKey: Keyring['encryption']['privateKey'],
): KeyFinding {
  const size = (privateKey.asymmetricKeyDetails?.modulusLength ?? 2048) / 8
  const block = rawBlock(inBlock(wrapped, size), privateKey)
  const inside = block && unpadded(block)
  if (inside === undefined)
    return {
      opened: false,
      candidates: [16, 24, 32].includes(wrapped.length)
        ? [
            {
              key: wrapped,
              causes: [
                proven(
                  'ENCRYPTED_KEY_NOT_WRAPPED',
                  'encryptedKey is the AES key itself, in clear.',
                ),
              ],
            },
          ]
        : [],
      causes: lengthCauses(wrapped.length, size),
      comparisons: [],
      impossible: block === undefined && wrapped.length === size,
    }
  const { padding, content } = inside
  return {
    opened: true,
    candidates: candidatesFrom(content),
    causes: [...lengthCauses(wrapped.length, size), ...paddingCauses(padding, declared)],
    comparisons: comparisonOf(padding, declared),
    impossible: false,
  }
}

/** Big integers lose leading zeros, or gain one for their sign. */
function inBlock(wrapped: Uint8Array, size: number): Uint8Array {
  const missing = size - wrapped.length
  if (missing === -1 && wrapped[0] === 0) return wrapped.subarray(1)
  return missing > 0 && missing <= 4 ? Buffer.concat([Buffer.alloc(missing), wrapped]) : wrapped
}

function lengthCauses(length: number, size: number): readonly Cause[] {
  if (length === size) return []
  const made = [128, 384, 512].includes(length)
    ? `, which is a block of RSA-${length * 8}: wrapped for another key`
    : ''
  return [
    proven('ENCRYPTED_KEY_LENGTH', `encryptedKey has ${length} bytes; expected ${size}${made}.`),
  ]
}

function paddingCauses(
  padding: KeyPadding,
  declared: EncryptedPayload['oaepHashingAlgorithm'],
): readonly Cause[] {
  if (padding.scheme === 'PKCS1')
    return declared === undefined
      ? []
      : [
          proven(
            'OAEP_DECLARED_PKCS1_USED',
            `encryptedKey opens with RSA PKCS#1 v1.5; oaepHashingAlgorithm says ${shown(declared)}.`,
          ),
        ]
  const { hash, mgf1Hash } = padding
  const opens = `encryptedKey opens with RSA-OAEP and ${hash}`
  return [
    ...(mgf1Hash === hash
      ? []
      : [
          proven(
            'OAEP_MGF1_HASH',
            mgf1Hash === 'SHA-1'
              ? `${opens}, but with MGF1 and SHA-1: Java's default for "OAEPWith${hash}AndMGF1Padding".`
              : `${opens}, but with MGF1 and ${mgf1Hash}.`,
          ),
        ]),
    ...(declared === undefined
      ? [proven('OAEP_NOT_DECLARED', `${opens}; oaepHashingAlgorithm is absent.`)]
      : declared === hash.replace('-', '')
        ? []
        : [
            proven('OAEP_HASH_MISMATCH', `${opens}; oaepHashingAlgorithm says ${shown(declared)}.`),
          ]),
  ]
}

function comparisonOf(
  padding: KeyPadding,
  declared: EncryptedPayload['oaepHashingAlgorithm'],
): readonly Comparison[] {
  const used = padding.scheme === 'OAEP' ? padding.hash.replace('-', '') : undefined
  if (used === undefined || used === declared) return []
  return [
    {
      what: 'oaepHashingAlgorithm',
      expected: used,
      ...(declared !== undefined && { received: shown(declared) }),
    },
  ]
}

/** Nothing that was sent is repeated unless it is known to be harmless. */
function shown(declared: string): string {
  return /^sha-?\d{1,3}$/i.test(declared) ? declared : 'something else'
}

function candidatesFrom(content: Uint8Array): readonly KeyCandidate[] {
  const { length } = content
  const asItIs: KeyCandidate = {
    key: content,
    causes:
      length === 16 || length === 32
        ? []
        : [
            proven(
              'AES_KEY_LENGTH',
              `The AES key inside encryptedKey has ${length} bytes${length === 24 ? ' (AES-192)' : ''}.`,
            ),
          ],
  }
  const text = Buffer.from(content).toString('latin1').trim()
  const decoded = /^[\w+/=-]{22,}$/.test(text) ? bytesOfText(text) : undefined
  if (decoded === undefined || ![16, 24, 32].includes(decoded.length)) return [asItIs]
  const encoded: KeyCandidate = {
    key: decoded,
    causes: [
      proven(
        'AES_KEY_ENCODED',
        `What is wrapped in encryptedKey is not the AES key but its text in ${/^[\da-f]+$/i.test(text) ? 'hex' : 'base64'}, ${length} characters.`,
      ),
    ],
  }
  // A key of 32 characters may have been used as such, which is allowed.
  return length === 32 ? [asItIs, encoded] : [encoded, asItIs]
}
