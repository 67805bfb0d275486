import type { Context } from 'hono'
import { trouble } from '../delivery.ts'
import type { Result, Settlement } from '../ledger.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { statuses } from '../scenarios/statuses.ts'
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
  warningsOf,
} from './answer.ts'
import { reportsOf, returnUrl } from './callback.ts'
import { endPage, isApp } from './pages.ts'

/* The way back to the bank. */

/** Until the browser goes back by itself, or a second time. Milliseconds. */
const usualWait = { once: 0, late: 30_000, twice: 1000 } as const

/** @param walked who has come here page by page reads how it ended, and goes back by a link. */
export async function finish(
  c: Context,
  { host, opening, arrival, scenario, delivery }: Visitor,
  settlements: readonly Settlement[],
  parts: Pick<ClickToPayParts, 'journal'>,
  walked?: {
    readonly visit: string
    readonly isDefault: boolean
    /** The code of a step-up was wrong too often. */
    readonly isUsedUp: boolean
  },
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
  const isRedirect = goesBack && send === 'once' && !isApp(back) && !walked
  const happening = {
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
  }
  const answer = (reply: Reply) => recorded(c, happening, reply, parts)
  if (isRedirect) return answer(sendTo(c, back, callbackURL))
  const ended = settlements.map(({ result: { status } }, position) => ({
    status,
    last4: statuses[status].lasts ? arrival.pushes[position]?.maskedAccount.slice(-4) : undefined,
  }))
  const waits = walked !== undefined && (!goesBack || (send === 'once' && !isApp(back)))
  const last = {
    ended,
    scenario: scenario.name,
    host: host.consumerFacingEntityName,
    spoken: spokenTo(c, opening),
    ...(walked?.isUsedUp && { why: spokenTo(c, opening).messages.code.used }),
    // Documented: offered once there is a token, and only a page that stays has the time for it.
    ...(waits && results.some(isUsable) && { offer: { ...walked, action: ownUrl(c) } }),
  }
  if (!goesBack) return answer(await show(c, 200, endPage(last), callbackURL))
  if (!waits) c.header('Refresh', `${(callback.delay ?? usualWait[send]) / 1000}; url=${back}`)
  const isTwice = send === 'twice'
  const page = endPage({
    ...last,
    back,
    goesByItself: !waits,
    ...(isTwice && { fetched: back }),
  })
  return answer(await show(c, 200, page, callbackURL, isTwice))
}

const isUsable = ({ status }: Result) => status === 'APPROVED' || status === 'AUTHENTICATED'

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
