import type { Cause, Explanation } from '../../errors.ts'
import { digestOf, digestsOfLength } from '../../keys/signature-attempts.ts'
import { decoded } from '../../keys/signature-base-string.ts'
import { type BodyVariant, bodyVariants, largestBody } from './body-hash-variants.ts'
import { comparison, likely, proven, quoted } from './causes.ts'

/** Bounds the work: at most so many hashes, over at most so many bytes in all. */
const mostAttempts = 1500
const mostBytes = 3_000_000

/**
 * Why `oauth_body_hash` is not the hash of the body.
 *
 * @param transmitted as it stands in the header.
 * @param decryptedBody the request's JSON with `encryptedData` replaced by its plaintext.
 */
export function explainBodyHash(
  transmitted: string,
  body: Uint8Array,
  decryptedBody: unknown,
): Explanation {
  const comparisons = [comparison('oauth_body_hash', digestOf(body), transmitted)]
  const form = readHash(transmitted)
  const [digest] = form === undefined ? [] : digestsOfLength(form.bytes.length)
  if (form === undefined || digest === undefined)
    return {
      causes: [
        proven(
          'BODY_HASH_NOT_BASE64',
          `oauth_body_hash is ${quoted(transmitted)}, which is not the 32 bytes of a SHA-256 in base64.`,
        ),
      ],
      comparisons,
    }
  const known = [...form.causes]
  if (digest !== 'sha256')
    known.push(
      proven(
        'BODY_HASH_OTHER_DIGEST',
        `oauth_body_hash has ${form.bytes.length} bytes, as ${digest.toUpperCase().replace('SHA', 'SHA-')} makes; SHA-256 makes 32.`,
      ),
    )
  const wanted = form.bytes.toString('base64')
  let attempts = 0
  let bytes = 0
  for (const variant of bodyVariants(body, decryptedBody)) {
    attempts += 1
    bytes += variant.text.length
    // The body as it came is always worth a hash, whatever its size.
    if (attempts > 1 && (attempts > mostAttempts || bytes > mostBytes)) break
    if (digestOf(variant.text, digest) === wanted)
      return { causes: [...known, ...changes(variant)], comparisons }
  }
  return { causes: [...known, ...unfound(body, attempts)], comparisons }
}

function changes({ changes: found }: BodyVariant): readonly Cause[] {
  return found.map(({ code, phrase }) => proven(code, `What was hashed is ${phrase}.`))
}

function unfound(body: Uint8Array, attempts: number): readonly Cause[] {
  const encrypted = body.length <= largestBody && Buffer.from(body).includes('"encryptedData"')
  return [
    likely(
      'BODY_CHANGED_AFTER_SIGNING',
      body.length > largestBody
        ? `The body has ${body.length} bytes; other ways to write it are tried only up to ${largestBody}.`
        : `Neither the body that came nor ${attempts - 1} other ways to write it have this hash.`,
    ),
    ...(encrypted
      ? [
          likely(
            'BODY_ENCRYPTED_ANEW',
            'The body has encryptedData: it may have been encrypted once for the hash and once more for the request.',
          ),
          likely(
            'SIGNED_BEFORE_ENCRYPTION',
            'Or the body was hashed before it was encrypted, in a form that was not among those tried.',
          ),
        ]
      : []),
  ]
}

type HashForm = { readonly bytes: Buffer; readonly causes: readonly Cause[] }

/** The bytes of the hash, read as generously as can be. */
function readHash(transmitted: string): HashForm | undefined {
  const causes: Cause[] = []
  let text = decoded(transmitted)
  if (text.includes('%') && decoded(text) !== text) {
    causes.push(
      proven(
        'BODY_HASH_ENCODED_TWICE',
        'oauth_body_hash still has %-escapes after decoding it once.',
      ),
    )
    text = decoded(text)
  }
  const notBase64 = (how: string) =>
    causes.push(proven('BODY_HASH_NOT_BASE64', `oauth_body_hash is ${how}.`))
  if (isHex(text)) {
    notBase64('in hex')
    return { bytes: Buffer.from(text, 'hex'), causes }
  }
  const inner = Buffer.from(text, 'base64').toString('latin1')
  if (isHex(inner)) {
    notBase64('base64 of the hash in hex; it must be base64 of the 32 bytes themselves')
    return { bytes: Buffer.from(inner, 'hex'), causes }
  }
  const bytes = Buffer.from(text, 'base64')
  if (bytes.toString('base64') === text) return { bytes, causes }
  if (bytes.toString('base64url') === text.replace(/=+$/, '')) {
    notBase64(/[-_]/.test(text) ? 'in base64url' : 'without the = at its end')
    return { bytes, causes }
  }
  if (bytes.toString('base64') === text.replace(/\s/g, '')) {
    notBase64('base64 with white space in it')
    return { bytes, causes }
  }
  return undefined
}

const hexLengths = [32, 40, 64, 96, 128]

function isHex(text: string): boolean {
  return hexLengths.includes(text.length) && /^[0-9a-f]+$/i.test(text)
}
