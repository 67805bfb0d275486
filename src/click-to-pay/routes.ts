import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { maskCardNumbers } from '../card-number.ts'
import { atOnce, type Delivery, held, isLost, trouble } from '../delivery.ts'
import { type Explanation, type Fault, Refusal, refuse } from '../errors.ts'
import { explainRedirect } from '../explain/redirect/redirect.ts'
import type { Happening, Journal } from '../journal.ts'
import { drawn, newDevice } from '../keys/identifiers.ts'
import { receiptsClaimed } from '../keys/push-signature.ts'
import type { Ledger, Push, Result, Settlement } from '../ledger.ts'
import { plainParameters, signedParameters } from '../provision-parameters.ts'
import { problemNames } from '../scenarios/problem-names.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { type Status, statuses } from '../scenarios/statuses.ts'
import { delayMs, showsPages, statusOfStepUp } from '../scenarios/story.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import { spoiled, type TransportFault } from '../transport.ts'
import { reportsOf, returnUrl } from './callback.ts'
import { messagesOf, type Spoken } from './messages/languages.ts'
import {
  type Asking,
  choices,
  endPage,
  isApp,
  type Page,
  problemPage,
  problemStatuses,
} from './pages.ts'
import {
  type Arrival,
  arrivalOf,
  hostForMistakes,
  hostOf,
  type Opening,
  openVisit,
  type ProvisionParts,
  readOpening,
  resumeVisit,
  settle,
} from './provision.ts'
import { screenPage } from './screen-pages.ts'
import { type Facts, firstScreen, type Move, moves, step } from './screens.ts'
import { scriptedCause } from './scripted.ts'
import { styleSheet } from './style.ts'
import type { VisitState, Visits } from './visits.ts'

export type ClickToPayParts = ProvisionParts & {
  readonly journal: Journal
  readonly seed: string | undefined
  readonly visits: Visits
}

/** What the cardholder's browser visits. */
export function clickToPayRoutes(parts: ClickToPayParts): Hono {
  const app = new Hono()
  app.get('/provision/style.css', (c) =>
    c.body(styleSheet, 200, { 'Content-Type': 'text/css; charset=UTF-8' }),
  )
  const pages = ['/provision', '/provision/:tokenRequestorId']
  for (const path of pages)
    app.get(path, (c) => (isVisitOfAPerson(c) ? arrive(c, parts) : notForMachines(c)))
  // The form has two short fields.
  const maxSize = 4096
  const tooLarge = new Refusal({
    code: 'FORM_TOO_LARGE',
    because: `the form has more than ${maxSize} bytes`,
  })
  for (const path of pages) {
    app.post(path, bodyLimit({ maxSize, onError: (c) => refused(c, tooLarge, {}, parts) }), (c) =>
      decide(c, parts),
    )
    app.all(path, (c) => c.body(null, 405, { Allow: 'GET, POST' }))
  }
  app.onError((error, c) => {
    if (isLost(error, c.req.raw.signal)) throw error
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
type Known = {
  host?: TokenRequestor | undefined
  opening?: Opening | undefined
  pushes?: readonly Push[]
}

/** A browser that is at the right page, with receipts that may be decided on. */
type Visitor = {
  readonly host: TokenRequestor
  readonly opening: Opening
  readonly arrival: Arrival
  /** Tells what the browser meets; what becomes of each receipt is for its own push to say. */
  readonly scenario: Scenario
  /** How the answer reaches the browser. */
  readonly delivery: Delivery
}

/** Reads what the browser brought, finds its pushes, and goes on with them; a refusal on the way is a problem page. */
async function withVisitor(
  c: Context,
  parts: ClickToPayParts,
  next: (visitor: Visitor) => Promise<Response>,
): Promise<Response> {
  const host = hostOf(c.req.path, parts)
  if (host === undefined) return c.notFound()
  const known: Known = { host }
  try {
    const opening = await readOpening(searchOf(c), host, parts)
    known.opening = opening
    const arrival = await arrivalOf(opening, host, parts)
    known.pushes = arrival.pushes
    const scenario = leading(arrival.pushes)
    return await next({ host, opening, arrival, scenario, delivery: atOnce })
  } catch (error) {
    if (error instanceof Refusal) return refused(c, error, known, parts)
    throw error
  }
}

/** Of several pushes the first whose scenario has something to show, so that none of them is settled past a page that should have asked. */
function leading(pushes: Arrival['pushes']): Scenario {
  const scenarios = pushes.map(({ choice }) => choice.scenario)
  const shows = ({ provision }: Scenario) =>
    showsPages(provision) || provision?.transport !== undefined
  return scenarios.find(shows) ?? pushes[0].choice.scenario
}

function arrive(c: Context, parts: ClickToPayParts): Promise<Response> {
  return withVisitor(c, parts, async (visitor) => {
    const { provision = {} } = visitor.scenario
    const [{ consumerKey, number, pushAccountReceipt }] = visitor.arrival.pushes
    const visitNumber = await parts.ledger.nextVisit(pushAccountReceipt)
    const fraction = () => drawn(parts.seed, consumerKey, `provision ${number}`, visitNumber)
    const delivery = {
      delayMs: delayMs(provision.delay, fraction),
      transport: provision.transport,
    }
    // First, so that for a cardholder who does not wait nothing is decided.
    await held(delivery.delayMs, c.req.raw.signal)
    const late = { ...visitor, delivery }
    if (delivery.transport !== undefined) return broken(c, late, delivery.transport, parts)
    const visit = openVisit(visitor.arrival, visitNumber)
    return showsPages(provision)
      ? ask(c, late, visit, parts)
      : finish(c, late, await settle(visitor.arrival, visit, undefined, parts), parts)
  })
}

/** The page does not arrive, or not whole; nothing is decided, so that the cardholder may try again. */
async function broken(
  c: Context,
  visitor: Visitor,
  transport: TransportFault,
  { journal }: ClickToPayParts,
): Promise<Response> {
  await journal.record({
    ...exchange(c, visitor.opening, visitor.arrival.pushes),
    ...trouble(visitor.delivery),
    status: 200,
    summary: 'shows a page that does not arrive whole, as the scenario says; nothing is decided',
  })
  const unavailable = problemPage('UNAVAILABLE', undefined, spokenTo(c, visitor.opening))
  const page = await show(c, 200, unavailable, undefined)
  return spoiled(page, transport, c.req.raw.signal)
}

function decide(c: Context, parts: ClickToPayParts): Promise<Response> {
  return withVisitor(c, parts, async (visitor) => {
    const { arrival, scenario } = visitor
    const form = new URLSearchParams(await c.req.text())
    const visit = form.get('visit') ?? ''
    const choice = choices.find((one) => one === form.get('decision'))
    const move = moves.find((one) => one === choice)
    const earlier = resumeVisit(arrival, visit)
    if (earlier !== undefined) return finish(c, visitor, earlier, parts, move !== undefined)
    const state = parts.visits.find(visit)
    if (choice === undefined || !showsPages(scenario.provision) || state === undefined)
      return refuse(
        'VISIT_UNKNOWN',
        state === undefined
          ? 'the page is too old, or was never shown'
          : `decision: expected one of ${choices.join(', ')}`,
      )
    if (move !== undefined) return walk(c, visitor, visit, state, move, form, parts)
    const decided = statusNames.find((status) => status === choice)
    return end(c, visitor, visit, decided, parts)
  })
}

/** One step of the cardholder, and the screen that it leads to. */
async function walk(
  c: Context,
  visitor: Visitor,
  visit: string,
  before: VisitState,
  move: Move,
  form: URLSearchParams,
  parts: ClickToPayParts,
): Promise<Response> {
  const {
    state,
    end: ending,
    signedIn,
    remember,
  } = step(before, move, form, {
    ...factsOf(visitor, visit, parts),
  })
  parts.visits.save(visit, state)
  if (signedIn === true && state.email !== undefined)
    parts.visits.learn(state.consumerKey, state.email)
  if (remember !== undefined) rememberDevice(c, visitor, visit, state, remember, parts)
  if (ending === undefined) return showScreen(c, visitor, visit, state, parts)
  const decided = ending === 'usual' ? undefined : statusOfStepUp(ending, visitor.scenario)
  return end(c, visitor, visit, decided, parts, true)
}

function factsOf(
  { arrival: { pushes }, opening, scenario }: Visitor,
  visit: string,
  { clock, visits }: ClickToPayParts,
): Facts {
  const [{ root, consumerKey }] = pushes
  return {
    now: clock.now(),
    root,
    visit,
    scenario,
    knows: (email) => visits.knows(consumerKey, email),
    completes: opening.completes,
  }
}

const statusNames = Object.keys(statuses) as readonly Status[]

/** Cookies are shared across ports, hence the name. */
const cookieName = 'mdes_simulator_device'

function rememberDevice(
  c: Context,
  { arrival: { pushes }, opening }: Visitor,
  visit: string,
  { email, consumerKey }: VisitState,
  remember: boolean,
  { visits }: ClickToPayParts,
): void {
  const attributes = { path: '/provision', httpOnly: true, sameSite: 'Lax' } as const
  if (!remember) {
    deleteCookie(c, cookieName, attributes)
    return
  }
  if (!opening.extFlow || email === undefined) return
  const device = newDevice(pushes[0].root, visit)
  visits.remember(device, consumerKey, email)
  const secure = new URL(c.req.url).protocol === 'https:'
  setCookie(c, cookieName, device, { ...attributes, secure, maxAge: 31_536_000 })
}

async function end(
  c: Context,
  visitor: Visitor,
  visit: string,
  decided: Status | undefined,
  parts: ClickToPayParts,
  byCardholder = false,
): Promise<Response> {
  const { pushes } = visitor.arrival
  if (pushes.some(({ choice }) => choice.scenario.push?.receipt?.state === 'expiring'))
    return refuse('RECEIPT_EXPIRED', 'it expired while the page was open, as the scenario says')
  const settlements = await settle(visitor.arrival, visit, decided, parts)
  return finish(c, visitor, settlements, parts, byCardholder)
}

async function ask(
  c: Context,
  visitor: Visitor,
  visit: string,
  parts: ClickToPayParts,
): Promise<Response> {
  const [{ consumerKey, pushAccountReceipt }] = visitor.arrival.pushes
  // Only with extFlow=true: without it there is no "remember me".
  const device = visitor.opening.extFlow ? getCookie(c, cookieName) : undefined
  const state = firstScreen(
    { consumerKey, pushAccountReceipt },
    factsOf(visitor, visit, parts),
    device === undefined ? undefined : parts.visits.remembered(device),
  )
  parts.visits.save(visit, state)
  return showScreen(c, visitor, visit, state, parts)
}

async function showScreen(
  c: Context,
  visitor: Visitor,
  visit: string,
  state: VisitState,
  { journal, clock }: ClickToPayParts,
): Promise<Response> {
  const { arrival, opening, delivery } = visitor
  await journal.record({
    ...exchange(c, opening, arrival.pushes),
    ...trouble(delivery),
    status: 200,
    summary: `shows the screen ${state.screen.name}`,
  })
  const page = screenPage(asking(c, visitor, visit), state, clock.now(), opening.extFlow)
  return show(c, 200, page, opening.callbackURL)
}

function asking(c: Context, { host, opening, scenario }: Visitor, visit: string): Asking {
  return {
    action: ownUrl(c),
    visit,
    scenario: scenario.name,
    callbackURL: opening.callbackURL,
    host: host.consumerFacingEntityName,
    spoken: spokenTo(c, opening),
  }
}

/** What the bank asks for, or else the browser. */
function spokenTo(c: Context, opening: Opening | undefined): Spoken {
  return messagesOf(opening?.locale, c.req.header('Accept-Language'))
}

/** The form comes back to the page it is on, with the parameters that matter and no others. */
function ownUrl(c: Context): string {
  const query = queryOf(c)
  const kept = query.has('pushAccountData') ? signedParameters : plainParameters
  const pairs = kept.flatMap((name) =>
    query.getAll(name).map((value): [string, string] => [name, value]),
  )
  return `${c.req.path}?${new URLSearchParams(pairs)}`
}

/** Until the browser goes back by itself, or a second time. Milliseconds. */
const usualWait = { once: 0, late: 30_000, twice: 1000 } as const

async function finish(
  c: Context,
  { opening, arrival, scenario, delivery }: Visitor,
  settlements: readonly Settlement[],
  { journal }: ClickToPayParts,
  byCardholder = false,
): Promise<Response> {
  const { callbackURL } = opening
  const results = settlements.map(({ result }) => result)
  const { callback = {} } = scenario
  const { send = 'once' } = callback
  const end = results.map(({ status }) => status).join(', ')
  const reports = reportsOf(results, callback, arrival.pushes)
  const truth = callbackURL === undefined ? undefined : returnUrl(callbackURL, results)
  const back = callbackURL === undefined ? undefined : returnUrl(callbackURL, reports, callback)
  const goesBack = back !== undefined && send !== 'never'
  // A redirect to an app leaves the browser where it was; and whoever has come here page by page reads how it ended.
  const isRedirect = goesBack && send === 'once' && !isApp(back) && !byCardholder
  await journal.record({
    ...exchange(c, opening, arrival.pushes),
    ...trouble(delivery),
    status: isRedirect ? 303 : 200,
    summary: [
      `ended ${end}`,
      callbackURL === undefined
        ? 'there is no callbackURL to go back to'
        : `${ways[send]} ${callbackURL}`,
      ...(goesBack && back !== truth ? [`the bank is told otherwise: ${back}`] : []),
    ].join('; '),
    warnings: [
      ...warningsOf(c, opening),
      ...settlements.flatMap(duplicate),
      ...unsaid(callback, results),
    ],
  })
  if (isRedirect) return c.body(null, 303, { ...headers(callbackURL), Location: back })
  const ended = settlements.map(({ result: { status } }, position) => ({
    status,
    last4: statuses[status].lasts ? arrival.pushes[position]?.maskedAccount.slice(-4) : undefined,
  }))
  const last = { ended, scenario: scenario.name, spoken: spokenTo(c, opening) }
  if (!goesBack) return show(c, 200, endPage(last), undefined)
  const waits = byCardholder && send === 'once' && !isApp(back)
  if (!waits) c.header('Refresh', `${(callback.delay ?? usualWait[send]) / 1000}; url=${back}`)
  const isTwice = send === 'twice'
  return show(
    c,
    200,
    endPage({ ...last, back, goesByItself: !waits, ...(isTwice && { fetched: back }) }),
    callbackURL,
    isTwice,
  )
}

function duplicate({ result, duplicateOf }: Settlement): readonly string[] {
  if (duplicateOf === undefined) return []
  return [
    `${result.pushAccountReceipt}: the same cardholder added this card with ${duplicateOf}; to add it all the same, play approved-again, use another e-mail address, or reset`,
  ]
}

/** What the scenario would have told of receipts that nobody brought. */
function unsaid(
  { results: instead = [] }: NonNullable<Scenario['callback']>,
  results: readonly Result[],
): readonly string[] {
  return instead
    .map(({ receipt }, position) => ({ receipt, position }))
    .filter(({ receipt, position }) => receipt === undefined && position >= results.length)
    .map(
      ({ position }) =>
        `callback.results[${position}] of the scenario is told of no receipt: only ${results.length} came; give it a receipt of its own`,
    )
}

const ways: Readonly<Record<'once' | 'twice' | 'late' | 'never', string>> = {
  once: 'back to',
  twice: 'twice back to',
  late: 'after a while back to',
  never: 'and never back to',
}

async function refused(
  c: Context,
  { faults }: Refusal,
  { host, opening, pushes }: Known,
  { journal, ledger }: ClickToPayParts,
): Promise<Response> {
  const [fault] = faults
  const { code } = fault
  const problem = problemNames.find((name) => name === code) ?? 'UNAVAILABLE'
  const status = problemStatuses[problem]
  const meant = pushes ?? (await pushesMeant(c, opening, ledger))
  await journal.record({
    ...exchange(c, opening, meant),
    status,
    summary: `shows the problem page ${problem}`,
    faults: [{ ...fault, explanation: explained(c, fault, { host, opening, pushes: meant }) }],
    // The explanation has them.
    warnings: undefined,
  })
  const page = problemPage(problem, wayBack(opening), spokenTo(c, opening))
  return show(c, status, page, opening?.callbackURL)
}

/** The pushes that a link is about, for the journal alone: of a signature that does not verify nothing else may be believed. */
async function pushesMeant(
  c: Context,
  opening: Opening | undefined,
  ledger: Ledger,
): Promise<readonly Push[]> {
  const receipts =
    opening?.pushAccountReceipts ?? receiptsClaimed(queryOf(c).get('pushAccountData') ?? '')
  const found = await Promise.all(receipts.slice(0, 5).map((receipt) => ledger.find(receipt)))
  return found.flatMap((push) => push ?? [])
}

function explained(c: Context, fault: Fault, { host, opening, pushes = [] }: Known): Explanation {
  const redirect = {
    search: searchOf(c),
    claims: opening?.claims,
    host: host && hostForMistakes(host),
  }
  const explanation = explainRedirect(fault, redirect, pushes)
  const scripted = scriptedCause(fault, pushes)
  if (scripted === undefined) return explanation
  return { ...explanation, causes: [scripted] }
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

function warningsOf(c: Context, opening: Opening): readonly string[] {
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

/** What is signed may hold what the journal must not, and base64 hides it from masking. */
function shortened(search: string): string {
  return search.replace(/(pushAccountData=[^&]{40})[^&]+/g, '$1...')
}

function show(
  c: Context,
  status: number,
  content: Page,
  callbackURL: string | undefined,
  frames = false,
): Response | Promise<Response> {
  return c.html(content, status as 200, headers(callbackURL, frames))
}

/**
 * Chromium takes no IPv6 address for a source, so there the scheme stands for it, as it does for apps.
 *
 * `form-action` also rules where a form's redirects may lead, the bank's own after ours included: so any web address, and the bank's app.
 */
function headers(callbackURL: string | undefined, frames = false): Record<string, string> {
  const { protocol: scheme, origin } = new URL(callbackURL ?? 'https://nowhere')
  const destinations = new Set(["'self'", 'https:', 'http:', scheme])
  return {
    'Content-Security-Policy': `default-src 'none'; style-src 'self';${frames ? ` frame-src ${/^https?:\/\/[^[]/.test(origin) ? origin : scheme};` : ''} form-action ${[...destinations].join(' ')}; frame-ancestors 'none'; base-uri 'none'`,
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  }
}
