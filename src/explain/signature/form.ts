import type { Cause } from '../../errors.ts'
import { decoded } from '../../keys/signature-base-string.ts'
import { type CauseCode, proven } from './causes.ts'

/** The bytes of a signature, read as generously as can be, and what was wrong with its form. */
export type SignatureForm = { readonly bytes: Uint8Array; readonly causes: readonly Cause[] }

/** @param transmitted the value of `oauth_signature` in the header. */
export function readSignature(transmitted: string): SignatureForm {
  const causes: Cause[] = []
  const found = (code: CauseCode, because: string) => causes.push(proven(code, because))
  if (/[+/=]/.test(transmitted))
    found('SIGNATURE_NOT_PERCENT_ENCODED', 'oauth_signature has a bare + / or = in the header.')
  let text = decoded(transmitted)
  if (text.includes('%') && decoded(text) !== text) {
    found('SIGNATURE_ENCODED_TWICE', 'oauth_signature still has %-escapes after decoding it once.')
    text = decoded(text)
  }
  if (/^[^\s]*( [^\s]*)+$/.test(text) && !text.includes('+')) {
    // A blank is as long as the plus it replaced.
    if (Buffer.from(text.replaceAll(' ', '+'), 'base64').length % 64 === 0) {
      found('SIGNATURE_PLUS_LOST', 'oauth_signature has blanks where base64 has +.')
      text = text.replaceAll(' ', '+')
    }
  }
  if (/\s/.test(text)) {
    found('SIGNATURE_WITH_WHITE_SPACE', 'oauth_signature has blanks or line breaks in it.')
    text = text.replace(/\s+/g, '')
  }
  if (text.length >= 256 && /^(?:[0-9a-f]{2})+$/i.test(text)) {
    found('SIGNATURE_IN_HEX', `oauth_signature is ${text.length} hex digits.`)
    return { bytes: Buffer.from(text, 'hex'), causes }
  }
  if (/[-_]/.test(text)) {
    found('SIGNATURE_BASE64URL', 'oauth_signature has - or _, which only base64url has.')
    text = text.replaceAll('-', '+').replaceAll('_', '/')
  }
  const bytes = Buffer.from(text, 'base64')
  if (text.length % 4 !== 0 && bytes.toString('base64').replace(/=+$/, '') === text)
    found('SIGNATURE_WITHOUT_PADDING', 'oauth_signature lacks the = at the end of its base64.')
  else if (bytes.toString('base64') !== text)
    found('SIGNATURE_DAMAGED', 'oauth_signature is not base64: something is in it or behind it.')
  return { bytes, causes }
}
