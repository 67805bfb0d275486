import { nearest } from '../../did-you-mean.ts'
import type { Cause } from '../../errors.ts'
import type { PushClaims } from '../../keys/push-signature.ts'
import { plainParameters, signedParameters } from '../../provision-parameters.ts'
import { proven } from './causes.ts'

const knownParameters = [...signedParameters, ...plainParameters]
const booleans = [
  'callbackRequired',
  'completeIssuerAppActivation',
  'completeWebsiteActivation',
  'accountHolderDataSupplied',
  'extFlow',
] as const satisfies readonly (typeof plainParameters)[number][]

/** What the cardholder's browser was sent to `/provision` with. */
export type Redirect = {
  /** As it came, `?` and all. */
  readonly search: string
  /** What `pushAccountData` says, once it is verified. */
  readonly claims?: Partial<PushClaims> | undefined
  /** Whose page it is; without it Click to Pay's. */
  readonly host?: Host | undefined
}

export type Host = {
  /** As cardholders call it. */
  readonly name: string
  /** extFlow is for Click to Pay only. */
  readonly isClickToPay: boolean
  /** Receipts at once. */
  readonly takes: number
}

const clickToPayItself: Host = { name: 'Click to Pay', isClickToPay: true, takes: 1 }

/** What is wrong with a redirect to `/provision`, though it may work all the same. */
export function redirectMistakes({
  search,
  claims,
  host = clickToPayItself,
}: Redirect): readonly Cause[] {
  const query = new URLSearchParams(search)
  const isSigned = query.has('pushAccountData')
  return [
    ...(host.isClickToPay ? extFlow(query) : []),
    ...(isSigned ? bothForms(query, claims) : [...locale(query), ...malformedBooleans(query)]),
    ...misspelt(query),
    ...severalReceipts(query, host),
    ...(isSigned ? [] : bareCallback(search)),
  ]
}

function extFlow(query: URLSearchParams): readonly Cause[] {
  if (query.get('extFlow')?.toLowerCase() === 'true') return []
  return [
    proven('EXTFLOW_MISSING', 'extFlow=true is missing: Click to Pay then offers no "Remember Me"'),
  ]
}

function locale(query: URLSearchParams): readonly Cause[] {
  const value = query.get('locale')
  if (value === null)
    return [proven('LOCALE_MISSING', 'locale is missing: with plain parameters it must be set')]
  return /^[a-z]{2}_[A-Z]{2}$/.test(value)
    ? []
    : [proven('LOCALE_MALFORMED', `locale is ${value}; expected ll_CC, such as en_US`)]
}

function malformedBooleans(query: URLSearchParams): readonly Cause[] {
  return booleans
    .filter((name) => !/^(true|false)$/i.test(query.get(name) ?? 'true'))
    .map((name) =>
      proven('BOOLEAN_MALFORMED', `${name} is ${query.get(name)}; expected true or false`),
    )
}

function bothForms(
  query: URLSearchParams,
  claims: Partial<PushClaims> | undefined,
): readonly Cause[] {
  return plainParameters
    .filter((name) => name !== 'extFlow' && query.has(name))
    .map((name) => {
      const plain = query.get(name) ?? ''
      const signed = claims === undefined ? undefined : signedValue(name, claims)
      const disagree = signed !== undefined && signed !== plain
      return proven(
        disagree ? 'SIGNED_AND_PLAIN_DISAGREE' : 'BOTH_FORMS',
        `${name} is ignored: pushAccountData stands alone, with extFlow=true only${
          disagree ? `; it says ${plain}, and the signature says ${signed}, which counts` : ''
        }`,
      )
    })
}

function signedValue(
  name: (typeof plainParameters)[number],
  claims: Partial<PushClaims>,
): string | undefined {
  const value = (claims as Readonly<Record<string, unknown>>)[name]
  return value === undefined ? undefined : String(value)
}

function misspelt(query: URLSearchParams): readonly Cause[] {
  const unknown = [...new Set(query.keys())].filter(
    (name) => !knownParameters.some((known) => known === name),
  )
  return unknown.flatMap((name) => {
    const meant = nearest(name, knownParameters)
    if (meant === undefined || query.has(meant)) return []
    const singular = name === 'pushAccountReceipt'
    return [
      proven(
        singular ? 'RECEIPTS_PARAMETER_SINGULAR' : 'PARAMETER_MISSPELT',
        `${name} is ignored: the parameter is ${meant}`,
      ),
    ]
  })
}

function severalReceipts(query: URLSearchParams, { name, takes }: Host): readonly Cause[] {
  const receipts = query.get('pushAccountReceipts')?.split(',') ?? []
  if (receipts.length <= takes) return []
  return [
    takes === 1
      ? proven(
          'SEVERAL_RECEIPTS',
          `only the first of pushAccountReceipts is used: ${name} takes one card at a time`,
        )
      : proven(
          'TOO_MANY_RECEIPTS',
          `only the first ${takes} of ${receipts.length} pushAccountReceipts are used: ${name} takes ${takes} cards at a time`,
        ),
  ]
}

/** A callbackURL that was not encoded ends at its first `&`, and what follows becomes parameters of ours. */
function bareCallback(search: string): readonly Cause[] {
  const raw = /[?&]callbackURL=([^&]*)/.exec(search)?.[1] ?? ''
  if (!/^[a-z][a-z0-9+.-]*:/i.test(raw)) return []
  const lost = [...new URLSearchParams(search).keys()].filter(
    (name) => !knownParameters.some((known) => known === name),
  )
  const because =
    raw.includes('?') && lost.length > 0
      ? `callbackURL is not percent-encoded, so ${lost.slice(0, 5).join(', ')} may belong to it and is lost`
      : 'callbackURL is not percent-encoded: it works until it has a query of its own'
  return [proven('CALLBACK_NOT_ENCODED', because)]
}
