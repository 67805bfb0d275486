import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { trouble } from '../delivery.ts'
import { refuse } from '../errors.ts'
import { newDevice } from '../keys/identifiers.ts'
import { plainParameters, signedParameters } from '../provision-parameters.ts'
import type { Status } from '../scenarios/statuses.ts'
import { statusOfStepUp } from '../scenarios/story.ts'
import { type ClickToPayParts, exchange, queryOf, show, spokenTo, type Visitor } from './answer.ts'
import { finish } from './finish.ts'
import type { Asking } from './pages.ts'
import { settle } from './provision.ts'
import { screenPage } from './screen-pages.ts'
import { type Facts, firstScreen, type Move, step } from './screens.ts'
import type { VisitState } from './visits.ts'

/* A cardholder's way through the screens. */

export async function ask(
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

/** One step of the cardholder, and the screen that it leads to. */
export async function walk(
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

export async function end(
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

/** The form comes back to the page it is on, with the parameters that matter and no others. */
function ownUrl(c: Context): string {
  const query = queryOf(c)
  const kept = query.has('pushAccountData') ? signedParameters : plainParameters
  const pairs = kept.flatMap((name) =>
    query.getAll(name).map((value): [string, string] => [name, value]),
  )
  return `${c.req.path}?${new URLSearchParams(pairs)}`
}
