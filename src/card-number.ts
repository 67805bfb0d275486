/** A card number as it may be stored and shown: first six, last four. */
export function maskedCardNumber(cardNumber: string): string {
  const { length } = cardNumber
  // With fewer digits six and four would be all of it, or all but nothing.
  if (length < 12)
    return '*'.repeat(Math.max(length - 4, Math.min(length, 4))) + cardNumber.slice(4).slice(-4)
  return cardNumber.slice(0, 6) + '*'.repeat(length - 10) + cardNumber.slice(-4)
}

// What may hold long runs of digits and is no card number: receipts and other UUIDs, token unique references, signatures, consumer keys, kids,
// fingerprints, addresses. A UUID or fingerprint needs a letter, or it could be card numbers in disguise.
const uuid = /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/
const fingerprint = /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})(?![0-9A-Fa-f])/
const identifiers = [
  new RegExp(`(?=[0-9-]{0,35}[A-Fa-f])${uuid.source}`),
  // But zeros are nobody's card.
  /(?<![\w-])0{8}(?:-0{4}){3}-0{12}(?![\w-])/,
  /D[0-9A-Z]{3}MC\d{10}[0-9a-f]{32}/,
  /(?<![\w-])eyJ[\w-]{1,8192}\.eyJ[\w-]{1,8192}\.[\w-]{1,8192}/,
  /[\w-]{48}(?:!|%21|%2521)[0-9a-f]{32}0{16}/,
  new RegExp(`(?=[0-9]{0,63}[A-Fa-f])${fingerprint.source}`),
  /\d{14}-MDES-token-connect-[a-z0-9]+/,
  /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\d.])/,
]
// A digit may be percent-encoded, once or more; so may what stands between two digits.
const digit = '(?:\\d|%(?:25)*3\\d)'
// A colon and a blank is how a sentence goes on, and not a number.
const between =
  '(?:[\\s.,|*_+/\\u00a0\\u200b\\u2010-\\u2015-]|:(?! )|%(?:25)*(?:0[9A]|20|2[ABCDEF]|3A|5F|7C)){0,3}'
const findings = new RegExp(
  `(${identifiers.map((pattern) => pattern.source).join('|')})|${digit}(?:${between}${digit}){11,}`,
  'gi',
)

/**
 * The text without anything that may be a card number: each run of twelve digits or more keeps its first six and last four, whatever is
 * between the digits.
 */
export function maskCardNumbers(text: string): string {
  if (!hasDigits(text, fewestDigits)) return text
  return text.replace(findings, (found, identifier?: string) =>
    identifier === undefined
      ? maskedCardNumber(digitsOf(found))
      : // Hex digits that a caller chose may be a card number and some letters.
        isHex(found) && holdsCardNumber(found)
        ? maskDigits(found)
        : found,
  )
}

const fewestDigits = 12

/** Most texts have too few digits for any card number, and need no closer look. Whatever stands for a digit has one in it. */
function hasDigits(text: string, count: number): boolean {
  let left = count
  for (let position = 0; position < text.length && left > 0; position += 1) {
    const code = text.charCodeAt(position)
    if (code >= 48 && code <= 57) left -= 1
  }
  return left === 0
}

/** Like {@link maskCardNumbers}, but every character keeps its place, for a line that something else points into. */
export function coverCardNumbers(text: string): string {
  return text.replace(findings, (found, identifier?: string) => {
    if (identifier !== undefined) return maskCardNumbers(found)
    const last = digitsOf(found).length - 4
    let position = 0
    return found.replace(digitsAndBetween, (one) => {
      if (!digitAlone.test(one)) return one
      position += 1
      return position > 6 && position <= last ? '*'.repeat(one.length) : one
    })
  })
}

const encodedBetween = '%(?:25)*(?:0.|2.|3A|5F|7C)'
const digitsAndBetween = new RegExp(`${digit}|${encodedBetween}|\\D`, 'gi')
const digitAlone = new RegExp(`^${digit}$`, 'i')

const isHex = (text: string) => /^[0-9A-Fa-f]+$/.test(text)
const maskDigits = (text: string) => text.replace(/\d{12,}/g, maskedCardNumber)

function digitsOf(text: string): string {
  return text.replace(
    /%(?:25)*3(\d)|%(?:25)*(?:0.|2.|3A|5F|7C)|\D/gi,
    (_all, encoded?: string) => encoded ?? '',
  )
}

/** Masks every text inside a JSON-like value, member names included. */
export function withoutCardNumbers<T>(value: T): T {
  return mask(value) as T
}

function mask(value: unknown): unknown {
  if (typeof value === 'string') return maskCardNumbers(value)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1e11)
    return maskCardNumbers(String(value))
  if (Array.isArray(value)) return value.map(mask)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [maskCardNumbers(name), mask(member)]),
    )
  return value
}

/** How test card numbers begin: the documented samples of Token Connect, and numbers that payment providers publish for tests. */
const testRanges = [
  '411111111111',
  '5123456789',
  '5412346789',
  '555555555555',
  '510510510510',
  '520082828282',
  '222300312200',
  '378282246310',
  '371449635398',
  '378734493671',
  '601111111111',
  '601100099013',
  '305693090259',
  '353011133330',
  '401288888888',
]

/** Whether this may be somebody's real card: its check digit is right, and it is in no range known to be for tests. */
export function looksReal(cardNumber: string): boolean {
  return hasCheckDigit(cardNumber) && !testRanges.some((range) => cardNumber.startsWith(range))
}

const knownCardNumber = new RegExp(`(?:${testRanges.join('|')})\\d{3,}`)

/**
 * Whether a text holds a card number of the ranges known to be for tests, whatever is between its digits. Of other ranges nobody could tell
 * one from an identifier of as many digits.
 */
export function holdsCardNumber(text: string): boolean {
  return knownCardNumber.test(digitsOf(text.slice(0, 2000)))
}

/** ISO/IEC 7812-1, annex B (Luhn). */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let position = 0; position < digits.length; position += 1) {
    const digit = Number(digits[digits.length - 1 - position])
    const weighted = position % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}
