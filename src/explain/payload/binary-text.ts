/** How the text of a binary member is written; Token Connect takes hex. */
export type Form =
  | 'hex'
  | 'base64'
  | 'base64url'
  | 'hex of hex'
  | 'hex of base64'
  | 'hex with separators'
  | 'neither hex nor base64'

export type BinaryText = { readonly form: Form; readonly bytes: Uint8Array }

/** Reads a binary member however it was written. */
export function readBinary(text: string): BinaryText {
  const bytes = fromHex(text)
  if (bytes !== undefined) return readTwice(bytes) ?? { form: 'hex', bytes }
  const plain = /^(0x)?[\da-f]{2}[\s:-]?[\da-f]{2}/i.test(text)
    ? fromHex(withoutSeparators(text))
    : undefined
  if (plain !== undefined) return { form: 'hex with separators', bytes: plain }
  return fromBase64(text) ?? { form: 'neither hex nor base64', bytes: Buffer.alloc(0) }
}

/** The bytes of a text in hex or base64; undefined where it is neither. */
export function bytesOfText(text: string): Uint8Array | undefined {
  return fromHex(text) ?? fromBase64(text)?.bytes
}

/** Beyond this a text is judged by its beginning. */
const longest = 4096

function fromHex(text: string): Uint8Array | undefined {
  // Node stops at the first character that is not hex; much faster than a regular expression over a megabyte.
  const bytes = Buffer.from(text, 'hex')
  return bytes.length * 2 === text.length ? bytes : undefined
}

function fromBase64(text: string): BinaryText | undefined {
  const joined = text.replace(/[\r\n]/g, '')
  const judged = joined.length > longest ? joined.slice(0, longest) : joined.replace(/={1,2}$/, '')
  if (!/^[\w+/-]+$/.test(judged) || judged.length % 4 === 1 || judged.length < 16) return undefined
  return {
    form: /[_-]/.test(judged) ? 'base64url' : 'base64',
    bytes: Buffer.from(joined, 'base64'),
  }
}

function withoutSeparators(text: string): string {
  // A loop over bytes, because replacing a million colons takes a tenth of a second.
  const bytes = Buffer.from(text.replace(/^0x/i, ''), 'latin1')
  let length = 0
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0
    // Line ends, tab, space, hyphen and colon.
    if (byte > 0x20 && byte !== 0x2d && byte !== 0x3a) bytes[length++] = byte
  }
  return bytes.toString('latin1', 0, length)
}

/** Hex or base64 that was put into hex once more. */
function readTwice(bytes: Uint8Array): BinaryText | undefined {
  if (bytes.length < 24 || bytes.some((byte, index) => index < 64 && !isTextByte(byte)))
    return undefined
  const inner = Buffer.from(bytes).toString('latin1')
  const fromInnerHex = fromHex(inner)
  if (fromInnerHex !== undefined) return { form: 'hex of hex', bytes: fromInnerHex }
  const fromInnerBase64 = fromBase64(inner)
  return fromInnerBase64 && { form: 'hex of base64', bytes: fromInnerBase64.bytes }
}

/** Of hex, base64 and base64url. */
function isTextByte(byte: number): boolean {
  return /[\w+/=-]/.test(String.fromCharCode(byte))
}
