import type { Cause } from '../../errors.ts'
import { tagFits, unverified } from '../../keys/decryption-attempts.ts'
import { type Attempt, attempts, type Sealed } from './ciphertext-attempts.ts'
import { examinePadding, examineTag, isBlockMode, lastBlock, unpad } from './ciphertext-end.ts'
import { isText, isWholeJson, longest, opensJson, telling } from './plaintext.ts'
import type { KeyCandidate } from './wrapped-key.ts'

export type CiphertextFinding = {
  /** Everything that had to be done otherwise than declared. */
  readonly causes: readonly Cause[]
  /** Undefined where its beginning is lost, or something is wrong with its end. */
  readonly plaintext?: Uint8Array
}

const noBytes = new Uint8Array()

/** Decrypts in every way that is known; undefined where nothing readable comes out. */
export function examineCiphertext(
  sealed: Sealed,
  keys: readonly KeyCandidate[],
): CiphertextFinding | undefined {
  for (const candidate of keys)
    for (const attempt of attempts(sealed))
      if (reads(attempt, candidate.key)) return finding(sealed, attempt, candidate)
  // No text: something else that was encrypted as declared?
  const [declared] = attempts(sealed)
  const fitting = keys.find(({ key }) => declared !== undefined && fits(declared, key, sealed))
  return fitting && declared && finding(sealed, declared, fitting)
}

/** Whether text comes out. */
function reads(attempt: Attempt, key: Uint8Array): boolean {
  const { mode, iv, data, readable } = attempt
  if (readable === 'whole' && !readsWhole(attempt, key)) return false
  // Padding and an appended tag are no text, so the end is left out.
  const length = Math.min(
    telling,
    isBlockMode(mode) ? Math.floor(data.length / 16) * 16 - 16 : data.length - 16,
  )
  if (length >= 16) return isText(unverified(mode, key, iv, data.subarray(0, length)) ?? noBytes)
  // A few bytes of a stream cipher are text by chance.
  if (!isBlockMode(mode) && data.length < 16) return false
  const start = unverified(mode, key, iv, data.subarray(0, isBlockMode(mode) ? 16 : telling))
  const text = start && (isBlockMode(mode) ? unpad(start).text : start)
  return text !== undefined && opensJson(text) && isText(text)
}

function readsWhole({ mode, iv, data }: Attempt, key: Uint8Array): boolean {
  const long = data.length > longest
  const plain = unverified(mode, key, iv, long ? data.subarray(0, telling) : data)
  if (plain === undefined || !opensJson(plain)) return false
  return long
    ? /^\s*(\[\s*[[{"]|\{\s*")/.test(Buffer.from(plain).toString('latin1'))
    : isWholeJson(unpad(plain).text)
}

/** Whether the padding or the tag says that this is how it was encrypted, whatever comes out. */
function fits({ mode, iv, data }: Attempt, key: Uint8Array, { tag, aad }: Sealed): boolean {
  if (mode === 'gcm') return tag !== undefined && tagFits(key, iv, data, tag, aad ?? noBytes)
  if (data.length < 16 || data.length % 16 !== 0) return false
  const { kind, text } = unpad(lastBlock({ mode, iv, data }, key))
  // One byte of padding is there by chance once in 256 times.
  return kind === 'PKCS#7' && text.length < 15
}

function finding(sealed: Sealed, attempt: Attempt, candidate: KeyCandidate): CiphertextFinding {
  const { key } = candidate
  const before = [...candidate.causes, ...attempt.causes]
  const end = isBlockMode(attempt.mode)
    ? examinePadding(attempt, key)
    : attempt.mode === 'gcm'
      ? examineTag(sealed, attempt, key)
      : { causes: [], body: attempt.data }
  const causes = [...before, ...end.causes]
  const [problem] = end.causes
  if (attempt.readable === 'rest' || problem?.code === 'CIPHERTEXT_INCOMPLETE') return { causes }
  const whole = unverified(attempt.mode, key, attempt.iv, end.body)
  if (whole === undefined) return { causes }
  return { causes, plaintext: isBlockMode(attempt.mode) ? unpad(whole).text : whole }
}
