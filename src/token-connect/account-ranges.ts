/*
 * Account ranges: in the catalogue each is how its card numbers begin (`5123456789`), or two beginnings of one length with all between
 * (`2221-2720`); on the wire it is the number it starts at, of 19 digits.
 */

/** Account numbers in MDES have up to 19 digits; a range is named by its first number. */
const digits = 19

/** @returns 19 digits. */
export function rangeStart(range: string): string {
  return paddedRange(range.split('-')[0] ?? '')
}

/** What a shorter number means as the start of a range: zeros to its right. */
export function paddedRange(beginning: string): string {
  return beginning.padEnd(digits, '0')
}

export function isInRange(cardNumber: string, range: string): boolean {
  const [from = '', to = from] = range.split('-')
  const beginning = cardNumber.slice(0, from.length)
  return beginning.length === from.length && beginning >= from && beginning <= to
}

/**
 * JSON text in which account ranges, texts of up to 19 digits, are integers with every digit right: JavaScript's own numbers lose the last ones.
 * Inside a text a quote is escaped, so nothing but the member itself fits.
 */
export function withRangesAsIntegers(json: string): string {
  return json.replace(/"enabledAccountRanges":\[("[\d",]+)\]/g, (member) =>
    member.replace(/"(\d+)"/g, '$1'),
  )
}
