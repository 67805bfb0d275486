import { newTokenUniqueReference } from '../keys/identifiers.ts'
import { type Push, type Result, referenceOf } from '../ledger.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { statuses } from '../scenarios/statuses.ts'

/** What goes back with the cardholder for one receipt; a token's reference only where the status has one. */
export type Report = {
  readonly pushAccountReceipt: string
  /** A status of the wire, unless a scenario makes one up. */
  readonly status: string
  readonly tokenUniqueReference?: string | undefined
}

type Callback = NonNullable<Scenario['callback']>

/**
 * What the bank is told of how its receipts ended: the truth, or what the scenario has in its place.
 *
 * @param pushes of these results, in their order; a token that was never made has the reference that it would have had.
 */
export function reportsOf(
  results: readonly Result[],
  { results: instead, malformed }: Callback,
  pushes: readonly [Push, ...Push[]],
): readonly Report[] {
  if (instead?.length === 0) return []
  const foreign = (instead ?? [])
    .slice(results.length)
    .flatMap(({ receipt }) => (receipt === undefined ? [] : [receipt]))
    // Of a receipt that was never brought nothing is known but what the scenario says.
    .map((pushAccountReceipt): Result => ({ pushAccountReceipt, status: 'APPROVED' }))
  return [...results, ...foreign].map((result, position) => {
    const { status = result.status, token, receipt } = instead?.[position] ?? {}
    const push = pushes[position]
    const made =
      push === undefined ? newTokenUniqueReference(pushes[0].root, position) : referenceOf(push)
    const told = token ?? (statuses[status].token ? made : undefined)
    return {
      pushAccountReceipt: receipt ?? result.pushAccountReceipt,
      status: malformed === 'unknown-status' ? unknownStatus : status,
      tokenUniqueReference: malformed === 'no-token' ? undefined : told,
    }
  })
}

/** No source knows it, and clients must tolerate new values. */
const unknownStatus = 'PENDING'

/**
 * Where Click to Pay sends the cardholder's browser at the end: the issuer's URL with one `results[RECEIPT]=STATUS|REFERENCE` for each
 * receipt, brackets and bar percent-encoded. What the URL had stays first and as it was; without anything to add nothing is appended.
 *
 * @see Token Requestor guide, callback format.
 */
export function returnUrl(
  callbackURL: string,
  reports: readonly Report[],
  { malformed, extra = {} }: Callback = {},
): string {
  const added = [
    ...reports.map((report) => written(report, malformed)),
    ...Object.entries(extra).map((pair) => pair.map(encodeURIComponent).join('=')),
  ]
  if (added.length === 0) return callbackURL
  const [address = '', ...fragment] = callbackURL.split('#')
  const separator = !address.includes('?') ? '?' : /[?&]$/.test(address) ? '' : '&'
  return [address + separator + added.join('&'), ...fragment].join('#')
}

function written(
  { pushAccountReceipt, status, tokenUniqueReference }: Report,
  malformed: Callback['malformed'],
): string {
  const value = tokenUniqueReference === undefined ? status : `${status}|${tokenUniqueReference}`
  const name = encodeURIComponent(`results[${pushAccountReceipt}]`)
  if (malformed === 'empty') return `${name}=`
  const usual = `${name}=${encodeURIComponent(value)}`
  if (malformed === 'double-encoded') return usual.replaceAll('%', '%25')
  return malformed === 'raw-brackets' ? usual.replace(/%5B|%5D|%7C/g, decodeURIComponent) : usual
}
