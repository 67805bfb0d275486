/** A card number as it may be stored and shown: first six, last four. */
export function maskedCardNumber(cardNumber: string): string {
  // With fewer than eleven digits six and four would be all of it, or all but nothing.
  if (cardNumber.length < 12) return '*'.repeat(cardNumber.length - 4) + cardNumber.slice(-4)
  return cardNumber.slice(0, 6) + '*'.repeat(cardNumber.length - 10) + cardNumber.slice(-4)
}

// Identifiers of the protocol that may hold long runs of digits by chance: receipts and other UUIDs, token unique references, signatures,
// consumer keys, kids, fingerprints.
const identifiers = [
  /[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}/,
  /D[0-9A-Z]{3}MC\d{10}[0-9a-f]{32}/,
  /eyJ[\w-]+\.[\w-]+\.[\w-]+/,
  /[\w-]{48}(?:!|%21|%2521)[0-9a-f]{32}0{16}/,
  /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{40})(?![0-9A-Fa-f])/,
  /\d{14}-MDES-token-connect-[a-z0-9]+/,
]
const digits = /\d(?:(?:[ -]|%20|%2520|\+)?\d){11,}/
const findings = new RegExp(
  `(${identifiers.map((pattern) => pattern.source).join('|')})|${digits.source}`,
  'g',
)

/**
 * The text without anything that may be a card number: each run of twelve digits or more, single blanks and dashes between them
 * included, keeps its first six and last four.
 */
export function maskCardNumbers(text: string): string {
  return text.replace(findings, (found, identifier?: string) =>
    identifier === undefined ? maskedCardNumber(found.replace(/%20|%2520|\D/g, '')) : found,
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
]

/** Whether this may be somebody's real card: its check digit is right, and it is in no range known to be for tests. */
export function looksReal(cardNumber: string): boolean {
  return hasCheckDigit(cardNumber) && !testRanges.some((range) => cardNumber.startsWith(range))
}

/** ISO/IEC 7812-1, annex B (Luhn). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let position = 0; position < digits.length; position += 1) {
    const digit = Number(digits[digits.length - 1 - position])
    const weighted = position % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}
