import type { Cause } from '../../errors.ts'
import { mistakenFingerprints } from '../../keys/decryption-attempts.ts'
import type { Keyring } from '../../keys/keyring.ts'
import { fingerprintsOf } from '../../keys/payload-encryption.ts'
import { readBinary } from './binary-text.ts'
import { proven } from './causes.ts'

export type FingerprintFinding =
  | { readonly of: 'this certificate'; readonly cause?: Cause }
  | { readonly of: 'another certificate'; readonly known?: string }

/** SHA-1 of the certificate in Mastercard's published samples. */
const sandboxFingerprint = '8fc11150a7508f14baca07285703392a399cc57c'

/** Whose fingerprint this is, and by which formula and in which form it was written. */
export function examineFingerprint(
  sent: string,
  certificate: Keyring['encryption']['certificate'],
): FingerprintFinding {
  const accepted = fingerprintsOf(certificate)
  const { form, bytes } = readBinary(sent.trim())
  const value = Buffer.from(bytes).toString('hex')
  const isAccepted = accepted.includes(value)
  if (isAccepted && form === 'hex' && sent === sent.trim()) return { of: 'this certificate' }
  if (isAccepted)
    return {
      of: 'this certificate',
      cause: proven(
        'FINGERPRINT_FORMAT',
        `publicKeyFingerprint is the right one, but written as ${form === 'hex' ? 'hex with spaces around it' : form}.`,
      ),
    }
  const mistaken = mistakenFingerprints(certificate).find((known) => known.value === value)
  if (mistaken !== undefined)
    return {
      of: 'this certificate',
      cause: proven(
        'FINGERPRINT_FORMULA',
        `publicKeyFingerprint is ${mistaken.formula}, which is not taken.`,
      ),
    }
  return value === sandboxFingerprint
    ? { of: 'another certificate', known: "Mastercard's published sandbox certificate" }
    : { of: 'another certificate' }
}
