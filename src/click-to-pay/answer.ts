import type { Context } from 'hono'
import type { Delivery } from '../delivery.ts'
import type { Happening, Journal } from '../journal.ts'
import type { Push } from '../ledger.ts'
import { plainParameters, signedParameters } from '../provision-parameters.ts'
import { received } from '../received.ts'
import type { Scenario } from '../scenarios/schema.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import { messagesOf, type Spoken } from './messages/languages.ts'
import type { Page } from './pages.ts'
import type { Arrival, Opening, ProvisionParts } from './provision.ts'
import type { Visits } from './visits.ts'

/* What every answer to a cardholder's browser has, and what the journal says of it. */

export type ClickToPayParts = ProvisionParts & {
  readonly journal: Journal
  readonly visits: Visits
}

/** A browser that is at the right page, with receipts that may be decided on. */
export type Visitor = {
  readonly host: TokenRequestor
  readonly opening: Opening
  readonly arrival: Arrival
  /** Tells what the browser meets; what becomes of each receipt is for its own push to say. */
  readonly scenario: Scenario
  /** How the answer reaches the browser. */
  readonly delivery: Delivery
}

/** What is known of a visit by the time it is refused. */
export type Known = {
  host?: TokenRequestor | undefined
  opening?: Opening | undefined
  pushes?: readonly Push[]
}

/** What the bank asks for, or else the browser. */
export function spokenTo(c: Context, opening: Opening | undefined): Spoken {
  return messagesOf(opening?.locale, c.req.header('Accept-Language'))
}

export function searchOf(c: Context): string {
  return new URL(c.req.url).search
}

export function queryOf(c: Context): URLSearchParams {
  return new URLSearchParams(searchOf(c))
}

/** The form comes back to the page it is on, with the parameters that matter and no others. */
export function ownUrl(c: Context): string {
  const query = queryOf(c)
  const kept = query.has('pushAccountData') ? signedParameters : plainParameters
  const pairs = kept.flatMap((name) =>
    query.getAll(name).map((value): [string, string] => [name, value]),
  )
  return `${c.req.path}?${new URLSearchParams(pairs)}`
}

/** Where a visit goes on, at whatever screen it is. */
export function visitUrl(c: Context, visit: string): string {
  return `${ownUrl(c)}&visit=${visit}`
}

export function exchange(
  c: Context,
  opening: Opening | undefined,
  [push]: readonly Push[] = [],
): Pick<
  Happening,
  'kind' | 'method' | 'url' | 'consumerKey' | 'scenario' | 'pushAccountReceipts' | 'warnings'
> {
  const { pathname, search } = new URL(c.req.url)
  return {
    kind: 'provision',
    method: c.req.method,
    url: pathname + shortened(search),
    consumerKey: push?.consumerKey,
    scenario: push?.choice.scenario.name,
    pushAccountReceipts: opening?.pushAccountReceipts,
    warnings: opening && warningsOf(c, opening),
  }
}

export function warningsOf(c: Context, opening: Opening): readonly string[] {
  const { locale, mistakes, form } = opening
  const { fellBack, language } = spokenTo(c, opening)
  return [
    ...mistakes.map(({ because }) => because),
    // With plain parameters a missing locale is a mistake of its own.
    ...(fellBack && locale === undefined && form === 'signed'
      ? [`signatureData had no locale: the pages are in ${language}, as the browser likes it`]
      : []),
    // One that is malformed is a mistake of its own.
    ...(fellBack && /^[a-z]{2}_[A-Z]{2}$/.test(locale ?? '')
      ? [
          `there are no pages in the language of ${locale} here: they are in ${language}; which languages Click to Pay has is published nowhere`,
        ]
      : []),
  ]
}

/** What is signed may hold what the journal must not, and base64 hides it from masking; a visit is for whoever is at its page. */
function shortened(search: string): string {
  return search
    .replace(/(pushAccountData=[^&]{40})[^&]+/g, '$1...')
    .replace(/([?&]visit=\d+-)[^&]+/g, '$1...')
}

/** What a browser is answered, before it is. */
export type Reply = {
  readonly response: Response
  /** Of it. */
  readonly body: string
}

export async function show(
  c: Context,
  status: number,
  content: Page,
  callbackURL: string | undefined,
  frames = false,
): Promise<Reply> {
  const body = String(await content)
  return { response: c.html(body, status as 200, headers(callbackURL, frames)), body }
}

export function sendTo(c: Context, location: string, callbackURL: string | undefined): Reply {
  return { response: c.body(null, 303, { ...headers(callbackURL), Location: location }), body: '' }
}

/** Has the journal tell of an exchange that ends with this reply. */
export async function recorded(
  c: Context,
  happening: Happening,
  { response, body }: Reply,
  { journal }: Pick<ClickToPayParts, 'journal'>,
): Promise<Response> {
  await journal.record(happening, {
    request: received(c.req.raw, await formOf(c)),
    response: { headers: response.headers, body },
  })
  return response
}

/** As far as somebody has read it: one that is too large or came from elsewhere nobody does. */
async function formOf({ req }: Context): Promise<string | undefined> {
  if (req.method !== 'POST') return ''
  return req.raw.bodyUsed ? req.text().catch(() => undefined) : undefined
}

/**
 * Chromium takes no IPv6 address for a source, so there the scheme stands for it, as it does for apps.
 *
 * `form-action` also rules where a form's redirects may lead, the bank's own after ours included: so any web address, and the bank's app.
 */
export function headers(callbackURL: string | undefined, frames = false): Record<string, string> {
  const { protocol: scheme, origin } = new URL(callbackURL ?? 'https://nowhere')
  const destinations = new Set(["'self'", 'https:', 'http:', scheme])
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'self';${frames ? ` frame-src ${/^https?:\/\/[^[]/.test(origin) ? origin : scheme};` : ''} form-action ${[...destinations].join(' ')}; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}
