import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { maskCardNumbers } from '../card-number.ts'
import { type Explanation, type Fault, Refusal, refuse } from '../errors.ts'
import { explainRedirect } from '../explain/redirect/redirect.ts'
import type { Happening, Journal } from '../journal.ts'
import type { Ledger, Push, Settlement } from '../ledger.ts'
import { plainParameters, signedParameters } from '../provision-parameters.ts'
import { returnUrl } from './callback.ts'
import {
  decisionPage,
  decisions,
  endPage,
  type Problem,
  problemPage,
  problems,
  styleSheet,
} from './pages.ts'
import {
  checkPush,
  findPush,
  type Opening,
  openVisit,
  type ProvisionParts,
  readOpening,
  settle,
} from './provision.ts'

export type ClickToPayParts = ProvisionParts & { readonly journal: Journal }

/** What the cardholder's browser visits. */
export function clickToPayRoutes(parts: ClickToPayParts): Hono {
  const app = new Hono()
  app.get('/provision/style.css', (c) =>
    c.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=UTF-8' }),
  )
  app.get('/provision', (c) => (isVisitOfAPerson(c) ? arrive(c, parts) : notForMachines(c)))
  // The form has two short fields.
  const maxSize = 4096
  const tooLarge = new Refusal({
    code: 'FORM_TOO_LARGE',
    because: `the form has more than ${maxSize} bytes`,
  })
  app.post(
    '/provision',
    bodyLimit({ maxSize, onError: (c) => refused(c, tooLarge, {}, parts) }),
    (c) => decide(c, parts),
  )
  app.all('/provision', (c) => c.body(null, 405, { Allow: 'GET, POST' }))
  app.onError((error, c) => {
    const because = `the simulator failed: ${error.message}`
    return refused(c, new Refusal({ code: 'UNAVAILABLE', because }), {}, parts)
  })
  return app
}

/** A link preview (HEAD) or a prefetch must not use up a receipt. */
function isVisitOfAPerson(c: Context): boolean {
  const purpose = c.req.header('Sec-Purpose') ?? c.req.header('Purpose') ?? ''
  return c.req.method === 'GET' && !/prefetch|prerender|preview/.test(purpose)
}

function notForMachines(c: Context): Response {
  if (c.req.method !== 'GET') return c.body(null, 405, { Allow: 'GET, POST' })
  return c.body(null, 503, { 'Cache-Control': 'no-store' })
}

/** What is known of a visit by the time it is refused. */
type Known = { opening?: Opening; push?: Push }

/** Reads what the browser brought, finds its push, and goes on with both; a refusal on the way is a problem page. */
async function withPush(
  c: Context,
  parts: ClickToPayParts,
  next: (opening: Opening, push: Push) => Promise<Response>,
): Promise<Response> {
  const known: Known = {}
  try {
    known.opening = await readOpening(searchOf(c), parts)
    known.push = await findPush(known.opening, parts)
    checkPush(known.push, parts)
    return await next(known.opening, known.push)
  } catch (error) {
    if (error instanceof Refusal) return refused(c, error, known, parts)
    throw error
  }
}

function arrive(c: Context, parts: ClickToPayParts): Promise<Response> {
  return withPush(c, parts, async (opening, push) => {
    const visit = await openVisit(push, parts)
    const { outcome } = push.choice.scenario.provision
    if (outcome === 'ask') return ask(c, opening, push, visit, parts)
    return finish(c, opening, push, await settle(push, visit, outcome, parts), parts)
  })
}

function decide(c: Context, parts: ClickToPayParts): Promise<Response> {
  return withPush(c, parts, async (opening, push) => {
    const form = new URLSearchParams(await c.req.text())
    const decision = decisions.find((offered) => offered === form.get('decision'))
    if (decision === undefined || push.choice.scenario.provision.outcome !== 'ask')
      refuse(
        'VISIT_UNKNOWN',
        `decision: expected one of ${decisions.join(', ')}, of a page that asks`,
      )
    const settlement = await settle(push, form.get('visit') ?? '', decision, parts)
    return finish(c, opening, push, settlement, parts)
  })
}

async function ask(
  c: Context,
  opening: Opening,
  push: Push,
  visit: string,
  { journal }: ClickToPayParts,
): Promise<Response> {
  await journal.record({
    ...exchange(c, opening, push),
    status: 200,
    summary: `asks how ${opening.pushAccountReceipts[0]} ends`,
  })
  const { callbackURL } = opening
  const scenario = push.choice.scenario.name
  return show(
    c,
    200,
    decisionPage({ action: ownUrl(c), visit, scenario, callbackURL }),
    callbackURL,
  )
}

/** The form comes back to the page it is on, with the parameters that matter and no others. */
function ownUrl(c: Context): string {
  const query = queryOf(c)
  const kept = query.has('pushAccountData') ? signedParameters : plainParameters
  const pairs = kept.flatMap((name) =>
    query.getAll(name).map((value): [string, string] => [name, value]),
  )
  return `/provision?${new URLSearchParams(pairs)}`
}

async function finish(
  c: Context,
  opening: Opening,
  push: Push,
  { results }: Settlement,
  { journal }: ClickToPayParts,
): Promise<Response> {
  const { callbackURL } = opening
  const end = results.map(({ status }) => status).join(', ')
  await journal.record({
    ...exchange(c, opening, push),
    status: callbackURL === undefined ? 200 : 303,
    summary:
      callbackURL === undefined
        ? `ended ${end}; there is no callbackURL to go back to`
        : `ended ${end}; back to ${callbackURL}`,
  })
  if (callbackURL === undefined)
    return show(c, 200, endPage(results, push.choice.scenario.name), undefined)
  return c.body(null, 303, { ...headers(callbackURL), Location: returnUrl(callbackURL, results) })
}

async function refused(
  c: Context,
  { faults }: Refusal,
  { opening, push }: Known,
  { journal, ledger }: ClickToPayParts,
): Promise<Response> {
  const [fault] = faults
  const { code } = fault
  const problem: Problem = Object.hasOwn(problems, code) ? (code as Problem) : 'UNAVAILABLE'
  const { status } = problems[problem]
  await journal.record({
    ...exchange(c, opening, push),
    status,
    summary: `shows the problem page ${problem}`,
    faults: [{ ...fault, explanation: await explained(c, fault, opening, ledger) }],
    // The explanation has them.
    warnings: undefined,
  })
  return show(c, status, problemPage(problem, wayBack(opening)), opening?.callbackURL)
}

async function explained(
  c: Context,
  fault: Fault,
  opening: Opening | undefined,
  ledger: Ledger,
): Promise<Explanation> {
  const pushes = await Promise.all(
    (opening?.pushAccountReceipts ?? []).slice(0, 5).map(async (pushAccountReceipt) => {
      const push = await ledger.find(pushAccountReceipt)
      return push === undefined ? [] : [{ pushAccountReceipt, ...push }]
    }),
  )
  const redirect = { search: searchOf(c), claims: opening?.claims }
  return explainRedirect(fault, redirect, pushes.flat())
}

/** Real receipts vary more than ours; anything else is somebody's text and goes nowhere. */
const receiptShape = /^[A-Z]{3}-(?:[A-Z]{3}-)?[0-9A-Za-z-]{36}$/

/** For a person to choose: nothing here proves that the issuer of this link is a bank of ours. */
function wayBack(opening: Opening | undefined): string | undefined {
  if (opening?.callbackURL === undefined) return undefined
  // Nobody vouches for this URL, and a page shows no card number.
  if (maskCardNumbers(opening.callbackURL) !== opening.callbackURL) return undefined
  const receipts = opening.pushAccountReceipts.filter((receipt) => receiptShape.test(receipt))
  return returnUrl(
    opening.callbackURL,
    // Assumption: what to report for a receipt that cannot be used is not defined.
    receipts.map((pushAccountReceipt) => ({ pushAccountReceipt, status: 'ERROR' })),
  )
}

function searchOf(c: Context): string {
  return new URL(c.req.url).search
}

function queryOf(c: Context): URLSearchParams {
  return new URLSearchParams(searchOf(c))
}

function exchange(
  c: Context,
  opening: Opening | undefined,
  push?: Push,
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
    warnings: opening?.mistakes.map(({ because }) => because),
  }
}

/** What is signed may hold what the journal must not, and base64 hides it from masking. */
function shortened(search: string): string {
  return search.replace(/(pushAccountData=[^&]{40})[^&]+/g, '$1...')
}

function show(
  c: Context,
  status: number,
  content: ReturnType<typeof decisionPage>,
  callbackURL: string | undefined,
): Response | Promise<Response> {
  return c.html(content, status as 200, headers(callbackURL))
}

/**
 * `form-action` also rules where a form's redirects may lead, the bank's own after ours included: so any web address, and the bank's app.
 */
function headers(callbackURL: string | undefined): Record<string, string> {
  const scheme = new URL(callbackURL ?? 'https://nowhere').protocol
  const destinations = new Set(["'self'", 'https:', 'http:', scheme])
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; form-action ${[...destinations].join(' ')}; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}
