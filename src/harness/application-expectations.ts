import { clickToPay } from '../issuer/client.ts'
import { counted } from '../problem.ts'
import type { Scenario } from '../scenarios/schema.ts'
import type { WhyNoPush } from './application-journal.ts'
import { exposedCardNumbers, impatience, stackTraces } from './application-manners.ts'
import type { Landing, PageSeen } from './cardholder.ts'
import {
  callbackDifferences,
  type Difference,
  difference,
  type Failure,
  foreignReceipts,
  nearestCause,
  otherScenarios,
  type Stage,
} from './expectations.ts'
import { type IssuerFile, says } from './issuer-file.ts'
import { quoted, withComplaints } from './page-words.ts'
import { wrongResultPages } from './result-pages.ts'
import type { Seen } from './seen.ts'

/** What was seen of a journey through somebody's application. */
export type ApplicationSeen = Seen & {
  /** Every answer of the application. */
  readonly pages: readonly PageSeen[]
  /** Where the steps ended, when not at Click to Pay. */
  readonly stoppedOn?: PageSeen | undefined
  /** A step that could not be done, or a place where nobody goes on. */
  readonly stuck?: Omit<Failure, 'what'> | undefined
  /** Where each callback led. */
  readonly results: readonly Landing[]
  /** Whether the scenario has the lookup fail, or not name Click to Pay. */
  readonly isNotOffered: boolean
  /** Card numbers that were pushed. */
  readonly pushedCards: readonly RegExp[]
  /** Why the simulator may have heard nothing. */
  readonly whyNoPush?: WhyNoPush | undefined
}

export type Found = Difference & Pick<Failure, 'cause' | 'exchange'>

type Rule = {
  readonly stage: Stage
  readonly differences: (
    scenario: Scenario,
    seen: ApplicationSeen,
    file: IssuerFile,
  ) => readonly Found[]
}

/**
 * Holds a journey through an application against its scenario, and against what every application owes its cardholders. Where an application
 * may choose, both is right: to push again after a failure, or to tell the cardholder.
 *
 * @returns in the order of the journey; empty when all is well.
 */
export function applicationFailures(
  scenario: Scenario,
  seen: ApplicationSeen,
  file: IssuerFile,
): readonly Failure[] {
  return rules.flatMap(({ stage, differences }) =>
    differences(scenario, seen, file).map((found) => ({
      ...nearestCause(stage, scenario, seen),
      ...found,
    })),
  )
}

const rules: readonly Rule[] = [
  { stage: 'push', differences: otherScenarios },
  { stage: 'push', differences: brokenPages },
  { stage: 'push', differences: (_, seen) => stackTraces(seen) },
  { stage: 'push', differences: missingPushes },
  { stage: 'push', differences: missingRedirects },
  { stage: 'push', differences: tooManyPushes },
  { stage: 'push', differences: (_, seen) => impatience(seen) },
  { stage: 'push', differences: (_, seen) => exposedCardNumbers(seen) },
  { stage: 'redirect', differences: wrongUseCases },
  { stage: 'browser', differences: problemPages },
  {
    stage: 'browser',
    differences: (scenario, seen) =>
      seen.redirect === undefined || isOutOfReach(scenario, seen)
        ? []
        : callbackDifferences(scenario, seen),
  },
  {
    stage: 'browser',
    differences: (scenario, seen) =>
      seen.pushes.length === 0 ? [] : foreignReceipts(scenario, seen),
  },
  { stage: 'browser', differences: wrongResultPages },
]

/** A page that fails with 5xx is its own excuse only if it has words for it. */
function brokenPages(
  _: Scenario,
  { pages }: ApplicationSeen,
  { failed }: IssuerFile,
): readonly Found[] {
  const broken = pages.find(({ status, text }) => status >= 500 && !says(text, failed))
  if (broken === undefined) return []
  const { status, url, text, exchange } = broken
  return [
    {
      what: 'application',
      expected: 'no HTTP 5xx',
      came: `HTTP ${status} for ${new URL(url).pathname}`,
      cause: `the page says ${quoted(text)}; it may only fail so with the words that issuer.yaml has under failed`,
      exchange,
    },
  ]
}

function missingPushes(_: Scenario, seen: ApplicationSeen): readonly Found[] {
  const { pushes, stuck, redirect, stoppedOn, isNotOffered, whyNoPush } = seen
  // Without an offer there may be nothing to click.
  if (pushes.length > 0 || isNotOffered) return []
  if (redirect !== undefined)
    return [
      {
        what: 'push',
        expected: 'one with the consumer key that is played for',
        came: 'none, and yet the browser was sent to Click to Pay',
        cause: whyNoPush?.because ?? 'the receipt is of another push',
        exchange: redirect.exchange,
      },
    ]
  if (stuck !== undefined)
    return [{ what: 'way', ...stuck, ...(whyNoPush?.isCertain && { cause: whyNoPush.because }) }]
  return [
    {
      what: 'push',
      expected: 'one',
      came: `none that the simulator knows of, and ${stoppedOn?.offers ?? 'no page'}`,
      cause:
        whyNoPush?.because ??
        withComplaints(
          'the steps of issuer.yaml do not lead to a push, or the application calls another simulator',
          stoppedOn,
        ),
      ...(stoppedOn !== undefined && { exchange: stoppedOn.exchange }),
    },
  ]
}

function missingRedirects(
  _: Scenario,
  { pushes, redirect, stuck, stoppedOn }: ApplicationSeen,
  { failed }: IssuerFile,
): readonly Found[] {
  const last = pushes.at(-1)
  if (last === undefined || redirect !== undefined) return []
  const wentWrong = last.lost !== undefined || last.receipts.length === 0
  if (!wentWrong) {
    if (stuck !== undefined) return [{ what: 'redirect', ...stuck }]
    return [
      {
        what: 'redirect',
        expected: 'to Click to Pay, since the push was accepted',
        came: stoppedOn?.offers ?? 'no page',
        cause: withComplaints(
          `the push has ${counted(last.receipts.length, 'receipt')}, and the browser was not sent to the WEB address of availablePushMethods`,
          stoppedOn,
        ),
        ...(stoppedOn !== undefined && { exchange: stoppedOn.exchange }),
      },
    ]
  }
  if (failed === undefined || says(stoppedOn?.text ?? '', failed)) return []
  return [
    {
      what: 'page after a failed push',
      expected: `"${failed}", or another push that works`,
      came: stoppedOn === undefined ? (stuck?.came ?? 'no page') : quoted(stoppedOn.text),
      cause: `the last push was ${last.lost === undefined ? `refused: ${last.errors.join(', ') || last.status}` : `lost: ${last.lost}`}; the cardholder must be told`,
      ...(stoppedOn !== undefined && { exchange: stoppedOn.exchange }),
    },
  ]
}

export function offersClickToPay({ eligibility }: Scenario): boolean {
  if (eligibility === undefined) return true
  return eligibility.tokenRequestors?.includes(clickToPay) ?? eligibility.errors === undefined
}

/** More is no patience. */
const mostTries = 5

function tooManyPushes(
  scenario: Scenario,
  { pushes, isNotOffered }: ApplicationSeen,
): readonly Found[] {
  const { gateway, push, expect } = scenario
  const mayTryAgain = gateway !== undefined || push?.transport !== undefined
  // Whoever does not ask, or remembers an answer, cannot know.
  const isHidden = isNotOffered && !offersClickToPay(scenario)
  const accepted = pushes.findIndex((one) => one.lost === undefined && one.receipts.length > 0)
  const tries = accepted < 0 ? mostTries : Math.min(mostTries, accepted + 1)
  const most = isHidden ? 0 : mayTryAgain ? tries : (expect?.pushes ?? 1)
  if (pushes.length <= most) return []
  return [
    {
      what: 'pushes',
      expected: `${mayTryAgain ? 'at most ' : ''}${most}`,
      came: String(pushes.length),
      cause:
        most === 0
          ? 'the lookup does not name Click to Pay, and so it must not be offered'
          : mayTryAgain && accepted < 0
            ? 'a failure was answered with one push after the other: wait longer each time, and give up'
            : 'a push that was answered was made again: push once for each click, and again only when nothing came back, or 408, 429 or 5xx',
      exchange: pushes[most]?.exchange ?? 0,
    },
  ]
}

function wrongUseCases({ push }: Scenario, { redirect }: ApplicationSeen): readonly Found[] {
  if (push?.signature !== 'absent' || redirect === undefined) return []
  return difference('redirect.useCase', 'receipt', redirect.useCase).map((found) => ({
    ...found,
    cause: 'the answer to the push has no signature; plain parameters are all there is',
  }))
}

/** A signature that is forged is seen only by whoever sends it. */
function isOutOfReach({ push }: Scenario, { redirect }: ApplicationSeen): boolean {
  const isForged = !['valid', 'absent'].includes(push?.signature ?? 'valid')
  return isForged && redirect?.useCase === 'receipt'
}

function problemPages(scenario: Scenario, seen: ApplicationSeen): readonly Found[] {
  const expected = scenario.expect?.page
  if (expected === undefined || seen.redirect === undefined || isOutOfReach(scenario, seen))
    return []
  return difference('page', expected, seen.page ?? 'no problem page')
}
