import type { Context } from 'hono'
import { trouble } from '../delivery.ts'
import { refuse } from '../errors.ts'
import type { Settlement } from '../ledger.ts'
import type { Status } from '../scenarios/statuses.ts'
import { statusOfStepUp } from '../scenarios/story.ts'
import {
  type ClickToPayParts,
  exchange,
  ownUrl,
  type Reply,
  recorded,
  sendTo,
  show,
  spokenTo,
  type Visitor,
  visitUrl,
} from './answer.ts'
import { deviceOf, rememberDevice } from './device.ts'
import { finish } from './finish.ts'
import type { Asking } from './pages.ts'
import { type Decided, resumeVisit, settle } from './provision.ts'
import { screenPage } from './screen-pages.ts'
import {
  type Facts,
  firstScreen,
  type Move,
  processed,
  type Screen,
  step,
  typedEmail,
} from './screens.ts'
import { ownerOf, type VisitState } from './visits.ts'

/* A cardholder's way through the screens. */

/** Opens a visit with the screen that its scenario, or what the device is remembered for, begins with. */
export async function ask(
  c: Context,
  visitor: Visitor,
  visit: string,
  parts: ClickToPayParts,
): Promise<Response> {
  const [{ consumerKey, pushAccountReceipt, expiresAt }] = visitor.arrival.pushes
  const device = deviceOf(c, visitor)
  const state = firstScreen(
    { consumerKey, pushAccountReceipt, expiresAt },
    factsOf(visitor, visit, parts),
    device === undefined ? undefined : parts.visits.remembered(device, consumerKey),
  )
  parts.visits.save(visit, state)
  return showScreen(c, visitor, visit, state, parts)
}

/** One step of the cardholder; the page that it leads to is fetched anew, so that it can be reloaded and gone back from. */
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
  } = step(before, move, form, factsOf(visitor, visit, parts))
  parts.visits.save(visit, state)
  if (signedIn === true && state.email !== undefined)
    parts.visits.learn(state.consumerKey, state.email)
  if (remember !== undefined) rememberDevice(c, visitor, visit, state, remember, parts)
  if (ending !== undefined) {
    const decided: Decided | undefined =
      ending === 'usual'
        ? undefined
        : { status: statusOfStepUp(ending, visitor.scenario), by: 'cardholder' }
    await settleVisit(visitor, visit, decided, parts)
    if (isUsedUp(state))
      parts.visits.save(visit, { ...ownerOf(state), screen: { name: 'ended', isUsedUp: true } })
  }
  const happening = {
    ...exchange(c, visitor.opening, visitor.arrival.pushes),
    status: 303,
    summary: `${move}: goes on to ${ending === undefined ? `the screen ${state.screen.name}` : 'the end'}`,
  }
  return recorded(c, happening, backToVisit(c, visitor, visit), parts)
}

function backToVisit(c: Context, { opening }: Visitor, visit: string): Reply {
  return sendTo(c, visitUrl(c, visit), opening.callbackURL)
}

/** The token is made, unless the issuer wants more proof first. */
async function tokenize(
  c: Context,
  visitor: Visitor,
  visit: string,
  state: VisitState,
  { isNew }: Extract<Screen, { name: 'processing' }>,
  parts: ClickToPayParts,
): Promise<Response> {
  const { state: next, end: ending } = processed(state, visitor.scenario)
  if (ending === undefined) {
    parts.visits.save(visit, next)
    return showScreen(c, visitor, visit, next, parts)
  }
  parts.visits.save(visit, { ...state, screen: { name: 'processing', isNew, isUnderWay: true } })
  const settlements = await settleVisit(visitor, visit, undefined, parts).catch((error) => {
    parts.visits.save(visit, state)
    throw error
  })
  if (isNew && settlements.every(isApproved))
    parts.visits.save(visit, await withProfile(visitor, next, parts))
  return ended(c, visitor, visit, settlements, parts)
}

/** Of a step-up: what has become of it is for the last page to say. */
function isUsedUp({ screen, code }: VisitState): boolean {
  return (
    screen.name === 'code' &&
    screen.method !== undefined &&
    code?.attemptsLeft === 0 &&
    screen.notice === 'wrong'
  )
}

const isApproved = ({ result: { status } }: Settlement) => status === 'APPROVED'

/** Somebody new tells the rest now. Documented: the account holder's data come with an approved tokenization, and not before or without it. */
async function withProfile(
  { arrival: { pushes } }: Visitor,
  state: VisitState,
  { ledger }: ClickToPayParts,
): Promise<VisitState> {
  const values = await ledger.takeAccountHolder(pushes[0].pushAccountReceipt)
  return { ...state, screen: { name: 'profile', values: values ?? {} } }
}

/** What is left to do once there is a token; of a profile nothing is kept. A double click leads to where the first one did. */
export function afterwards(
  c: Context,
  visitor: Visitor,
  visit: string,
  move: Move,
  { visits }: ClickToPayParts,
): Response {
  if (move === 'PROFILE') visits.close(visit)
  const state = visits.find(visit)
  if (move === 'DEFAULT' && state?.screen.name === 'ended')
    visits.save(visit, { ...state, screen: { name: 'ended', isDefault: true } })
  return backToVisit(c, visitor, visit).response
}

/**
 * The page of a visit that is under way, or how it ended.
 *
 * @throws {Refusal} VISIT_UNKNOWN, or RECEIPT_USED by another visit.
 */
export function resume(
  c: Context,
  visitor: Visitor,
  visit: string,
  parts: ClickToPayParts,
): Promise<Response> {
  const earlier = resumeVisit(visitor.arrival, visit)
  if (earlier !== undefined) return ended(c, visitor, visit, earlier, parts)
  const state = parts.visits.find(visit)
  if (state === undefined) return refuse('VISIT_UNKNOWN', 'the page is too old, or was never shown')
  const { screen } = state
  if (screen.name !== 'processing') return showScreen(c, visitor, visit, state, parts)
  if (screen.isShown) return tokenize(c, visitor, visit, state, screen, parts)
  if (!screen.isUnderWay)
    parts.visits.save(visit, { ...state, screen: { ...screen, isShown: true } })
  c.header('Refresh', `${processingSeconds}; url=${visitUrl(c, visit)}`)
  return showScreen(c, visitor, visit, state, parts)
}

/** Long enough to be read. */
const processingSeconds = 1

async function ended(
  c: Context,
  visitor: Visitor,
  visit: string,
  settlements: readonly Settlement[],
  parts: ClickToPayParts,
): Promise<Response> {
  const state = parts.visits.find(visit)
  const [{ consumerKey, expiresAt }] = visitor.arrival.pushes
  if (state?.screen.name === 'profile' && parts.tenants.clockOf(consumerKey).now() < expiresAt)
    return showScreen(c, visitor, visit, state, parts)
  parts.visits.close(visit)
  const { isDefault = false, isUsedUp = false } = state?.screen.name === 'ended' ? state.screen : {}
  return finish(c, visitor, settlements, parts, { visit, isDefault, isUsedUp })
}

/** Ends a visit from the bar. @param status without it each push ends as its scenario says. */
export async function end(
  c: Context,
  visitor: Visitor,
  visit: string,
  status: Status | undefined,
  parts: ClickToPayParts,
): Promise<Response> {
  const decided = status && ({ status, by: 'tester' } as const)
  return finish(c, visitor, await settleVisit(visitor, visit, decided, parts), parts)
}

async function settleVisit(
  { arrival }: Visitor,
  visit: string,
  decided: Decided | undefined,
  parts: ClickToPayParts,
): Promise<readonly Settlement[]> {
  const { pushes } = arrival
  if (pushes.some(({ choice }) => choice.scenario.push?.receipt?.state === 'expiring'))
    return refuse('RECEIPT_EXPIRED', 'it expired while the page was open, as the scenario says')
  const state = parts.visits.find(visit)
  const settlements = await settle(arrival, visit, decided, parts, state && typedEmail(state))
  parts.visits.close(visit)
  return settlements
}

async function showScreen(
  c: Context,
  visitor: Visitor,
  visit: string,
  state: VisitState,
  parts: ClickToPayParts,
): Promise<Response> {
  const { arrival, opening, delivery } = visitor
  const { screen } = state
  if (screen.name === 'ended') return refuse('VISIT_UNKNOWN', 'the visit is over')
  const happening = {
    ...exchange(c, opening, arrival.pushes),
    ...trouble(delivery),
    status: 200,
    summary: `shows the screen ${screen.name}`,
  }
  const page = screenPage(
    asking(c, visitor, visit),
    screen,
    state,
    parts.tenants.clockOf(state.consumerKey).now(),
    { mayRemember: opening.extFlow, scenario: visitor.scenario },
  )
  return recorded(c, happening, await show(c, 200, page, opening.callbackURL), parts)
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
  { tenants, visits }: ClickToPayParts,
): Facts {
  const [{ root, consumerKey }] = pushes
  return {
    now: tenants.clockOf(consumerKey).now(),
    root,
    visit,
    scenario,
    knows: (email) => visits.knows(consumerKey, email),
    completes: opening.completes,
  }
}
