import type { Cause } from '../../errors.ts'
import { likely, proven } from './causes.ts'

/*
 * What decrypted bytes are. They hold card numbers: nothing here quotes them, it only says of what kind they are.
 */

/** Bytes enough to tell text from noise. */
export const telling = 64
/** Beyond this, content is judged by its beginning and end: parsing it would cost more than it tells. */
export const longest = 65_536

/** Whether this looks like (the beginning of) text rather than noise. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && (isUtf8(bytes, true) || isUtf16(bytes))
}

/** Whether this looks like the beginning of JSON with an object or array. */
export function opensJson(bytes: Uint8Array): boolean {
  return /^\s*[[{]/.test(latin1(bytes.subarray(0, telling)))
}

/** Whether this is JSON; of long content only its end is looked at. */
export function isWholeJson(bytes: Uint8Array): boolean {
  if (bytes.length > longest) return endsJson(bytes)
  return parsed(Buffer.from(bytes).toString('utf8')) !== undefined
}

/** Whether this looks like the end of JSON. */
export function endsJson(bytes: Uint8Array): boolean {
  return /[\]}"]\s*$/.test(latin1(bytes.subarray(-telling)))
}

function isUtf8(bytes: Uint8Array, stream = false): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: noise is told by them.
    return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
  } catch {
    return false
  }
}

function isUtf16(bytes: Uint8Array): boolean {
  const [even, odd] = [0, 1].map((start) =>
    bytes.filter((_, index) => index % 2 === start).every((byte) => byte === 0),
  )
  return bytes.length >= 8 && even !== odd
}

/** What is wrong with what comes out, where everything before it was right. */
export function explainPlaintext(bytes: Uint8Array, operation: string): Cause | undefined {
  const examined = bytes.subarray(0, longest)
  const startsWith = (...first: readonly number[]) =>
    first.every((byte, index) => bytes[index] === byte)
  if (startsWith(0x1f, 0x8b))
    return proven('PLAINTEXT_NOT_TEXT', 'What comes out is compressed with gzip.')
  if (startsWith(0xef, 0xbb, 0xbf))
    return proven('PLAINTEXT_NOT_UTF8', 'What comes out begins with a byte order mark.')
  if (startsWith(0xff, 0xfe) || startsWith(0xfe, 0xff) || isUtf16(bytes.subarray(0, telling)))
    return proven('PLAINTEXT_NOT_UTF8', 'What comes out is text in UTF-16.')
  if (bytes.length === 0)
    return proven('PLAINTEXT_NOT_JSON', 'Nothing comes out: an empty text was encrypted.')
  if (!isText(examined.subarray(0, telling)))
    return opensJson(examined)
      ? likely(
          'CIPHERTEXT_INCOMPLETE',
          'What comes out begins as JSON and is no text further on: encryptedData was changed after it was encrypted.',
        )
      : proven(
          'PLAINTEXT_NOT_TEXT',
          'The padding or tag fits, but what comes out is no text: compressed, serialized or encrypted once more.',
        )
  if (bytes.length > longest) return undefined
  const text = Buffer.from(bytes).toString('utf8')
  if (!isUtf8(bytes))
    return parsed(latin1(bytes)) === undefined
      ? proven('PLAINTEXT_NOT_JSON', 'What comes out begins as text, but is not UTF-8 throughout.')
      : proven('PLAINTEXT_NOT_UTF8', 'What comes out is JSON in ISO 8859-1 or a code page.')
  const json = parsed(text)
  if (json === undefined) return explainText(text)
  return explainJson(json.value, operation)
}

function explainText(text: string): Cause {
  const trimmed = text.trim()
  if (isCompactJwe(trimmed))
    return proven('PLAINTEXT_ENCRYPTED_TWICE', 'What comes out is a compact JWE.')
  if (/^[\da-f]{32,}$/i.test(trimmed))
    return proven('PLAINTEXT_ENCRYPTED_TWICE', 'What comes out is hex, as ciphertext is.')
  if (/^[\w+/-]{32,}={0,2}$/.test(trimmed))
    return likely('PLAINTEXT_ENCRYPTED_TWICE', 'What comes out may be base64, as ciphertext is.')
  if (/^[^[{"]/.test(trimmed) && /[\]}]$/.test(trimmed) && /"\s?:/.test(trimmed.slice(16)))
    return likely(
      'IV_OF_ANOTHER_MESSAGE',
      'What comes out is JSON but for its beginning, which an iv that differs a little would spoil.',
    )
  return proven('PLAINTEXT_NOT_JSON', `What comes out is ${kindOfText(trimmed)}.`)
}

function kindOfText(text: string): string {
  if (text.startsWith('<')) return 'XML, not JSON'
  if (/^\w+=/.test(text)) return 'name=value pairs, not JSON'
  if (/^[[{\s]*'/.test(text))
    return "what Python prints (its quotes are '), not what json.dumps makes"
  if (/^[[{]\s*["{[]/.test(text)) return 'JSON that is broken or cut off'
  return 'text, not JSON'
}

function explainJson(json: unknown, operation: string): Cause | undefined {
  const single = isSingleAccount(operation)
  if (typeof json === 'string') {
    if (isCompactJwe(json))
      return proven('PLAINTEXT_ENCRYPTED_TWICE', 'What comes out is a JSON string with a JWE.')
    if (/^[\da-f]{32,}$/i.test(json))
      return proven('PLAINTEXT_ENCRYPTED_TWICE', 'What comes out is a JSON string with hex.')
    return proven(
      'PLAINTEXT_STRINGIFIED_TWICE',
      parsed(json) === undefined
        ? 'What comes out is a JSON string.'
        : 'What comes out is a JSON string that holds JSON.',
    )
  }
  if (Array.isArray(json))
    return single
      ? proven(
          'PLAINTEXT_ARRAY_NOT_OBJECT',
          'What comes out is an array; pushAccount takes one account.',
        )
      : undefined
  if (typeof json !== 'object' || json === null)
    return proven(
      'PLAINTEXT_NOT_JSON',
      `What comes out is ${json === null ? 'null' : `a bare ${typeof json}`}.`,
    )
  return explainObject(json, single)
}

/** From the outside to the inside: members that stand around the accounts. */
const levels = ['tokenRequestorId', 'pushFundingAccounts', 'pushFundingAccount', 'encryptedPayload']

function explainObject(json: object, single: boolean): Cause | undefined {
  const has = (name: string) => Object.hasOwn(json, name)
  const { encryptedData } = json as { encryptedData?: unknown }
  if (typeof encryptedData === 'string' || has('encryptedKey'))
    return proven(
      'PLAINTEXT_ENCRYPTED_TWICE',
      'What comes out is again an object with encrypted data.',
    )
  const level = [...levels, 'encryptedData'].find(has)
  if (level !== undefined)
    return proven(
      'PLAINTEXT_ONE_LEVEL_OFF',
      level === 'tokenRequestorId'
        ? 'What comes out is the whole request.'
        : `What comes out is an object with ${level} around the accounts.`,
    )
  return single
    ? undefined
    : proven(
        'PLAINTEXT_OBJECT_NOT_ARRAY',
        'What comes out is a single object; pushMultipleAccounts takes an array of accounts.',
      )
}

/** Of pushAccount, by its name or its path. */
export function isSingleAccount(operation: string): boolean {
  return /(^|\/)pushAccount$/.test(operation)
}

function isCompactJwe(text: string): boolean {
  return /^eyJ[\w-]*(\.[\w-]*){4}$/.test(text)
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
