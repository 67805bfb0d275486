import type { Cause } from '../../errors.ts'
import { type Mode, tagFits, unverified } from '../../keys/decryption-attempts.ts'
import { proven } from './causes.ts'
import type { Attempt, Sealed } from './ciphertext-attempts.ts'
import { endsJson, isWholeJson } from './plaintext.ts'

/** Whether the mode needs whole blocks. */
export const isBlockMode = (mode: Mode) => mode === 'cbc' || mode === 'ecb'

const noBytes = new Uint8Array()

/** What ends a ciphertext otherwise than it should, and the ciphertext without a tag. */
export type End = { readonly causes: readonly Cause[]; readonly body: Uint8Array }

/** The last block, decrypted. */
export function lastBlock(
  { mode, iv, data }: Pick<Attempt, 'mode' | 'iv' | 'data'>,
  key: Uint8Array,
): Uint8Array {
  const chain = data.length >= 32 ? data.subarray(-32, -16) : iv
  return unverified(mode, key, chain, data.subarray(-16)) ?? noBytes
}

/** How the last block was filled up. */
export function examinePadding(attempt: Attempt, key: Uint8Array): End {
  const body = attempt.data
  const over = body.length % 16
  if (over !== 0)
    return {
      causes: [
        proven(
          'CIPHERTEXT_INCOMPLETE',
          `encryptedData begins as it should, but ends ${over} bytes into a block of 16.`,
        ),
      ],
      body,
    }
  const { kind, text } = unpad(lastBlock(attempt, key))
  if (kind === 'PKCS#7') return { causes: [], body }
  // Any byte may end a block that was cut off or changed, so padding is believed only behind whole JSON.
  const whole = unverified(attempt.mode, key, attempt.iv, body) ?? noBytes
  const closes = (bytes: Uint8Array) =>
    attempt.readable === 'rest' ? endsJson(bytes) : isWholeJson(bytes)
  if (closes(whole))
    return {
      causes: [proven('PADDING_MISSING', 'The text fills its last block and no padding follows.')],
      body,
    }
  const isPadding = closes(unpad(whole).text)
  const zeros = kind === 'zeros' ? 16 - text.length : 0
  if (zeros >= 2 || (zeros === 1 && isPadding))
    return { causes: [proven('PADDING_ZERO', 'The last block is filled up with zeros.')], body }
  return {
    causes: [
      kind === 'counted' && isPadding
        ? proven(
            'PADDING_OTHER',
            'The last byte counts the padding, but the bytes before it are others than PKCS#7 has.',
          )
        : proven(
            'CIPHERTEXT_INCOMPLETE',
            'encryptedData begins as it should, but its last block is not the end of padded text: cut off or changed.',
          ),
    ],
    body,
  }
}

/** Takes padding off, of whichever kind it is. */
export function unpad(bytes: Uint8Array): {
  readonly kind: 'PKCS#7' | 'zeros' | 'counted' | 'none'
  readonly text: Uint8Array
} {
  const count = bytes.at(-1) ?? 0
  const within = count >= 1 && count <= Math.min(16, bytes.length)
  if (within && bytes.subarray(-count).every((byte) => byte === count))
    return { kind: 'PKCS#7', text: bytes.subarray(0, -count) }
  if (count === 0) {
    const end = bytes.findLastIndex((byte) => byte !== 0) + 1
    return { kind: 'zeros', text: bytes.subarray(0, end) }
  }
  if (within) return { kind: 'counted', text: bytes.subarray(0, -count) }
  return { kind: 'none', text: bytes }
}

/** Which tag and which additional data fit the ciphertext. */
export function examineTag(
  { tag, aad, aadText }: Sealed,
  { iv, data }: Attempt,
  key: Uint8Array,
): End {
  const tags = [
    ...(tag === undefined || tag.length === 0 ? [] : [{ bytes: tag, body: data, causes: [] }]),
    ...(data.length <= 16
      ? []
      : [
          {
            bytes: data.subarray(-16),
            body: data.subarray(0, -16),
            causes: [
              proven(
                'TAG_APPENDED',
                tag === undefined
                  ? 'The tag is the last 16 bytes of encryptedData; the member tag is absent.'
                  : 'The tag is the last 16 bytes of encryptedData.',
              ),
            ],
          },
        ]),
  ]
  const aads = [
    { bytes: aad ?? noBytes, causes: [] },
    ...(aad === undefined || aad.length === 0
      ? []
      : [
          {
            bytes: noBytes,
            causes: [proven('AAD_NOT_USED', 'The tag fits without any additional data.')],
          },
        ]),
    ...(aadText === undefined
      ? []
      : [
          {
            bytes: Buffer.from(aadText),
            causes: [proven('AAD_AS_TEXT', 'The tag fits with the characters of aad.')],
          },
        ]),
  ]
  for (const { bytes: triedTag, body, causes: ofTag } of tags)
    for (const { bytes: triedAad, causes: ofAad } of aads)
      if (tagFits(key, iv, body, triedTag, triedAad))
        return { causes: [...ofTag, ...tagLength(triedTag), ...ofAad], body }
  return tag === undefined || tag.length === 0
    ? {
        causes: [proven('TAG_MISSING', 'It decrypts with AES-GCM; the tag is absent.')],
        body: data,
      }
    : {
        causes: [
          ...tagLength(tag),
          proven(
            'TAG_MISMATCH',
            'It decrypts to readable text, but the tag does not fit: it, the aad or the end of encryptedData is of another message.',
          ),
        ],
        body: data,
      }
}

function tagLength({ length }: Uint8Array): readonly Cause[] {
  return length === 16
    ? []
    : [proven('TAG_LENGTH', `The tag has ${length} bytes; Token Connect takes 16.`)]
}
