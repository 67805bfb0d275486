import type { PageSeen } from './cardholder.ts'

/* What is said of a page in a failure. */

/** Scripts that fail leave a page as it is, and say why where only developers look. */
export function withComplaints(
  cause: string,
  page: Pick<PageSeen, 'complaints'> | undefined,
): string {
  const said = (page?.complaints ?? []).map((one) => one.slice(0, longestComplaint))
  return said.length === 0 ? cause : `${cause}. The browser's console says: ${said.join(' / ')}`
}

const longestComplaint = 200
const longestQuote = 120

/** In one line, and not all of a long one. */
export function quoted(text: string): string {
  const line = text.replace(/\n/g, ' / ')
  return line === ''
    ? 'an empty page'
    : `"${line.length > longestQuote ? `${line.slice(0, longestQuote)}...` : line}"`
}
