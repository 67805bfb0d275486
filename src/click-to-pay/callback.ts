import type { Result } from '../ledger.ts'

/** What goes back with the cardholder for one receipt; a token's reference only where the status has one. */
export type Report = Pick<Result, 'pushAccountReceipt' | 'status' | 'tokenUniqueReference'>

/**
 * Where Click to Pay sends the cardholder's browser at the end: the issuer's URL with one `results[RECEIPT]=STATUS|REFERENCE` for each
 * receipt, brackets and bar percent-encoded. What the URL had stays first and as it was; without results nothing is appended.
 *
 * @see Token Requestor guide, callback format.
 */
export function returnUrl(callbackURL: string, reports: readonly Report[]): string {
  if (reports.length === 0) return callbackURL
  const [address = '', ...fragment] = callbackURL.split('#')
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return [address + separator + reports.map(result).join('&'), ...fragment].join('#')
}

function result({ pushAccountReceipt, status, tokenUniqueReference }: Report): string {
  const value = tokenUniqueReference === undefined ? status : `${status}|${tokenUniqueReference}`
  return `${encodeURIComponent(`results[${pushAccountReceipt}]`)}=${encodeURIComponent(value)}`
}
