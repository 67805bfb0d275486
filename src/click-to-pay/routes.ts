import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { atOnce, held, isLost, trouble } from '../delivery.ts'
import { Refusal, refuse } from '../errors.ts'
import { drawn } from '../keys/identifiers.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { type Status, statuses } from '../scenarios/statuses.ts'
import { delayMs, showsPages } from '../scenarios/story.ts'
import { spoiled, type TransportFault } from '../transport.ts'
import {
  type ClickToPayParts,
  exchange,
  headers,
  type Known,
  queryOf,
  recorded,
  searchOf,
  show,
  spokenTo,
  type Visitor,
} from './answer.ts'
import { finish } from './finish.ts'
import { choices, problemPage, troubles } from './pages.ts'
import { refused } from './problem.ts'
import {
  type Arrival,
  arrivalOf,
  hostOf,
  openVisit,
  readOpening,
  resumeVisit,
  settle,
} from './provision.ts'
import { moves } from './screens.ts'
import { styleSheet } from './style.ts'
import { afterwards, ask, end, resume, walk } from './walk.ts'

/** What the cardholder's browser visits. */
export function clickToPayRoutes(parts: ClickToPayParts): Hono {
  const app = new Hono()
  app.get('/provision/style.css', (c) =>
    c.body(styleSheet, 200, { ...headers(undefined), 'Content-Type': 'text/css; charset=UTF-8' }),
  )
  const pages = ['/provision', '/provision/:tokenRequestorId']
  for (const path of pages)
    app.get(path, (c) => (isVisitOfAPerson(c) ? arrive(c, parts) : notForMachines(c)))
  // The longest form has an e-mail address and a telephone number.
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
    const underWay = queryOf(c).get('visit')
    if (underWay !== null) return resume(c, visitor, underWay, parts)
    const { provision = {} } = visitor.scenario
    const [{ consumerKey, number, pushAccountReceipt }] = visitor.arrival.pushes
    const visitNumber = await parts.ledger.nextVisit(pushAccountReceipt)
    const fraction = () =>
      drawn(parts.tenants.seedOf(consumerKey), consumerKey, `provision ${number}`, visitNumber)
    const delivery = {
      delayMs: delayMs(provision.delay, fraction),
      transport: provision.transport,
    }
    // First, so that for a cardholder who does not wait nothing is decided.
    if (delivery.delayMs > 0) await held(delivery.delayMs, c.req.raw.signal)
    // Meanwhile it may have expired, been used or been forgotten.
    const arrival =
      delivery.delayMs > 0 ? await arrivalOf(visitor.opening, visitor.host, parts) : visitor.arrival
    const late = { ...visitor, arrival, delivery }
    if (delivery.transport !== undefined) return broken(c, late, delivery.transport, parts)
    const visit = openVisit(arrival, visitNumber)
    return showsPages(provision)
      ? ask(c, late, visit, parts)
      : finish(c, late, await settle(arrival, visit, undefined, parts), parts)
  })
}

/** The page does not arrive, or not whole; nothing is decided, so that the cardholder may try again. */
async function broken(
  c: Context,
  visitor: Visitor,
  transport: TransportFault,
  parts: ClickToPayParts,
): Promise<Response> {
  const { consumerFacingEntityName: host } = visitor.host
  const unavailable = problemPage('UNAVAILABLE', undefined, host, spokenTo(c, visitor.opening))
  const happening = {
    ...exchange(c, visitor.opening, visitor.arrival.pushes),
    ...trouble(visitor.delivery),
    status: 200,
    summary: 'shows a page that does not arrive whole, as the scenario says; nothing is decided',
  }
  const page = await recorded(c, happening, await show(c, 200, unavailable, undefined), parts)
  return spoiled(page, transport, c.req.raw.signal)
}

function decide(c: Context, parts: ClickToPayParts): Promise<Response> {
  return withVisitor(c, parts, async (visitor) => {
    const { arrival, scenario } = visitor
    // Browsers say so; a visit could not be guessed anyway.
    const site = c.req.header('Sec-Fetch-Site') ?? 'none'
    if (site !== 'same-origin' && site !== 'none')
      return refuse('VISIT_UNKNOWN', `the form came from a page of another site (${site})`)
    const form = new URLSearchParams(await c.req.text())
    const visit = form.get('visit') ?? ''
    const choice = choices.find((one) => one === form.get('decision'))
    const move = moves.find((one) => one === choice)
    const earlier = resumeVisit(arrival, visit)
    if (earlier !== undefined) {
      if (move !== undefined) return afterwards(c, visitor, visit, move, parts)
      parts.visits.close(visit)
      return finish(c, visitor, earlier, parts)
    }
    const state = parts.visits.find(visit)
    if (choice === undefined || !showsPages(scenario.provision) || state === undefined)
      return refuse(
        'VISIT_UNKNOWN',
        state === undefined
          ? 'the page is too old, or was never shown'
          : `decision: expected one of ${choices.join(', ')}`,
      )
    if (move !== undefined) return walk(c, visitor, visit, state, move, form, parts)
    if (Object.hasOwn(troubles, choice))
      return refuse(choice, 'chosen in the bar of the page; nothing is decided by that', {
        chosenBy: 'tester',
      })
    const decided = statusNames.find((status) => status === choice)
    return end(c, visitor, visit, decided, parts)
  })
}

const statusNames = Object.keys(statuses) as readonly Status[]
