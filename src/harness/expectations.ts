import { type CallbackResult, readCallback } from '../issuer/client.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { delaysOf, lossesOf } from './scripted-trouble.ts'
import type { Seen } from './seen.ts'

/** Something that was not as expected. */
export type Failure = {
  /** The key of the file, such as `callback.status`, or what every journey must have. */
  readonly what: string
  readonly expected: string
  readonly came: string
  /** The nearest thing known. */
  readonly cause?: string
  /** Position of the exchange where it went wrong, as far as is known. */
  readonly exchange?: number
}

/** In a sentence, without its cause. */
export function inOneLine({ what, expected, came }: Failure): string {
  return `${what}: expected ${expected}, came ${came}`
}

/** Where in the journey to look for the cause. */
export type Stage = 'push' | 'redirect' | 'browser'

/** With what is known of its cause beside {@link nearestCause}. */
export type Difference = Pick<Failure, 'what' | 'expected' | 'came'> &
  Partial<Pick<Failure, 'cause'>>

type Rule = {
  readonly stage: Stage
  readonly differences: (scenario: Scenario, seen: Seen) => readonly Difference[]
}

/**
 * Holds what was seen of a journey against what its scenario expects, and against what every journey must have.
 *
 * @returns in the order of the journey; empty when all is well.
 */
export function failuresOf(scenario: Scenario, seen: Seen): readonly Failure[] {
  return rules.flatMap(({ stage, differences }) =>
    differences(scenario, seen).map(({ cause, ...difference }) => {
      const nearest = nearestCause(stage, scenario, seen)
      const causes = [cause, nearest.cause].filter((one) => one !== undefined)
      return {
        ...difference,
        ...nearest,
        ...(causes.length > 0 && { cause: causes.join('; ') }),
      }
    }),
  )
}

export function difference(what: string, expected: unknown, came: unknown): readonly Difference[] {
  const [one, other] = [shown(expected), shown(came)]
  return one === other ? [] : [{ what, expected: one, came: other }]
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ')
  return value === undefined || value === '' ? 'none' : String(value)
}

/** Where nothing is expected, nothing is compared. */
function comparing<T>(
  what: string,
  stage: Stage,
  expected: (scenario: Scenario) => T | undefined,
  came: (seen: Seen, expected: T, scenario: Scenario) => unknown,
): Rule {
  return {
    stage,
    differences(scenario, seen) {
      const wanted = expected(scenario)
      return wanted === undefined ? [] : difference(what, wanted, came(seen, wanted, scenario))
    },
  }
}

const rules: readonly Rule[] = [
  { stage: 'push', differences: otherScenarios },
  comparing(
    'pushes',
    'push',
    ({ expect }) => expect?.pushes,
    ({ pushes }) => pushes.length,
  ),
  comparing(
    'push.status',
    'push',
    ({ expect }) => expect?.push?.status,
    ({ pushes }) => pushes.at(-1)?.status ?? lostOr(pushes.at(-1)?.lost, 'no push was made'),
  ),
  comparing(
    'push.errors',
    'push',
    ({ expect }) => expect?.push?.errors,
    ({ pushes }) => pushes.at(-1)?.errors,
  ),
  comparing(
    'push.receipts',
    'push',
    ({ expect }) => expect?.push?.receipts,
    ({ pushes }) => pushes.at(-1)?.receipts.length ?? 0,
  ),
  comparing(
    'redirect.useCase',
    'redirect',
    ({ expect }) => expect?.redirect?.useCase,
    ({ redirect }) => redirect?.useCase ?? 'no redirect',
  ),
  { stage: 'redirect', differences: redirectParameters },
  comparing(
    'page',
    'browser',
    ({ expect }) => expect?.page,
    ({ page }) => page ?? 'no problem page',
  ),
  { stage: 'browser', differences: callbackDifferences },
  { stage: 'browser', differences: foreignReceipts },
  { stage: 'browser', differences: misshapenTokens },
]

const lostOr = (lost: string | undefined, otherwise: string) =>
  lost === undefined ? otherwise : `lost (${lost})`

/** Every answer must be of this story, or nothing else says anything about it. */
export function otherScenarios(
  { name }: Scenario,
  { eligibility, pushes }: Seen,
): readonly Difference[] {
  const answers = [...(eligibility === undefined ? [] : [eligibility]), ...pushes]
  const last = answers.filter(({ status }) => status !== undefined).at(-1)
  return last === undefined
    ? []
    : difference('scenario that plays', name, last.chosen?.split(';')[0] ?? 'none is named')
}

function redirectParameters({ expect }: Scenario, { redirect }: Seen): readonly Difference[] {
  const sent = redirect === undefined ? undefined : new URL(redirect.url).searchParams
  return Object.entries(expect?.redirect?.parameters ?? {}).flatMap(([name, value]) =>
    difference(
      `redirect.parameters.${name}`,
      value,
      sent === undefined ? 'no redirect' : (asReported(name, sent.get(name)) ?? 'not there'),
    ),
  )
}

/** The bank that is played has another port each time; reports, and so files, call it by one name. */
function asReported(name: string, value: string | null): string | null {
  return name === 'callbackURL' && value !== null
    ? value.replace(/^http:\/\/localhost:\d+(?=\/)/, 'http://bank')
    : value
}

export function callbackDifferences(
  scenario: Scenario,
  { callbacks }: Seen,
): readonly Difference[] {
  const { expect, callback: told } = scenario
  const expected = expect?.callback
  if (expected === undefined) return []
  if (expected === 'none')
    return callbacks.length === 0
      ? []
      : [{ what: 'callback', expected: 'none', came: callbacks.map(tellingOf).join(' and ') }]
  const { status, token, within, times = told?.send === 'twice' ? 2 : 1 } = expected
  if (callbacks.length === 0)
    return [{ what: 'callback', expected: shown(status ?? 'a callback'), came: 'none' }]
  const delays = delaysOf(scenario)
  const late = callbacks.filter(({ afterMs }) => within !== undefined && afterMs > within)
  return [
    ...difference('callback.times', times, callbacks.length),
    ...firstOf(callbacks, ({ url }) => statusDifference(status, readCallback(url))),
    ...firstOf(callbacks, ({ url }) => tokenDifference(token, readCallback(url))),
    ...late.slice(0, 1).map(({ afterMs }) => ({
      what: 'callback.within',
      expected: `at most ${within} ms after the push`,
      came: `${afterMs} ms`,
      ...(delays.length > 0 && { cause: `the scenario has ${delays.join(', ')}` }),
    })),
  ]
}

/** Two callbacks that are wrong alike are one failure. */
function firstOf<T>(
  all: readonly T[],
  differences: (one: T) => readonly Difference[],
): readonly Difference[] {
  return all.map(differences).find((some) => some.length > 0) ?? []
}

const tellingOf = ({ url }: { readonly url: string }) =>
  readCallback(url)
    .map(({ status }) => status)
    .join(', ') || 'one without results'

type Expected = Exclude<NonNullable<NonNullable<Scenario['expect']>['callback']>, 'none'>

function statusDifference(
  status: Expected['status'],
  results: readonly CallbackResult[],
): readonly Difference[] {
  if (status === undefined) return []
  const wanted = Array.isArray(status) ? status : results.map(() => status)
  return difference(
    'callback.status',
    wanted.length === 0 ? status : wanted,
    results.map((one) => one.status),
  )
}

function tokenDifference(
  token: Expected['token'],
  results: readonly CallbackResult[],
): readonly Difference[] {
  if (token === undefined) return []
  const odd = results.filter(
    ({ tokenUniqueReference }) => (tokenUniqueReference === undefined) === (token === 'present'),
  )
  const came = odd.map(
    ({ status, tokenUniqueReference = 'absent' }) => `${status} ${tokenUniqueReference}`,
  )
  return odd.length > 0
    ? [{ what: 'callback.token', expected: token, came: came.join(', ') }]
    : results.length === 0
      ? [{ what: 'callback.token', expected: token, came: 'no result' }]
      : []
}

/** What came back is told of what was pushed, unless the scenario forges it. */
export function foreignReceipts({ callback }: Scenario, { pushes, callbacks }: Seen) {
  if (callback?.results?.some(({ receipt }) => receipt !== undefined)) return []
  const pushed = pushes.flatMap(({ receipts }) => receipts)
  const foreign = resultsOf(callbacks)
    .map(({ pushAccountReceipt }) => pushAccountReceipt)
    .filter((receipt) => !pushed.includes(receipt))
  return foreign.length === 0
    ? []
    : difference('receipts that come back', `those pushed: ${shown(pushed)}`, foreign)
}

/** Documented: 48 to 64 characters. */
const tokenShape = /^[\x21-\x7e]{48,64}$/

function misshapenTokens({ callback }: Scenario, { callbacks }: Seen): readonly Difference[] {
  if (callback?.results?.some(({ token }) => token !== undefined)) return []
  const misshapen = resultsOf(callbacks)
    .flatMap(({ tokenUniqueReference }) => tokenUniqueReference ?? [])
    .filter((reference) => !tokenShape.test(reference))
  return misshapen.length === 0
    ? []
    : difference('shape of token references', '48 to 64 characters', misshapen)
}

const resultsOf = (callbacks: Seen['callbacks']) =>
  callbacks.flatMap(({ url }) => readCallback(url))

/** A fault or a lost connection on the last stretch; else where the browser was left; else what was last said of it. */
export function nearestCause(
  stage: Stage,
  scenario: Scenario,
  seen: Seen,
): Pick<Failure, 'cause' | 'exchange'> {
  const { name } = scenario
  const { exchanges, pushes, redirect, visit, eligibility } = seen
  const chosen = pushes.at(-1)?.chosen
  const lastPush = pushes.at(-1)?.exchange ?? eligibility?.exchange ?? 0
  if (stage === 'push' && chosen !== undefined && chosen.split(';')[0] !== name)
    return {
      cause: `another scenario was chosen: ${chosen.replace('; by=', ', by the rule ')}`,
      exchange: lastPush,
    }
  if (redirect !== undefined && stage === 'redirect') {
    const { because, exchange } = redirect
    return { ...(because !== undefined && { cause: because }), exchange }
  }
  const [from, to] =
    redirect === undefined || stage === 'push'
      ? [lastPush, lastPush + 1]
      : [redirect.exchange, exchanges.length]
  const stretch = exchanges
    .map((exchange, position) => ({ ...exchange, position }))
    .slice(from, to)
    .reverse()
  const trouble = stretch.find(({ faults, lost }) => faults.length > 0 || lost !== undefined)
  if (trouble !== undefined) {
    const losses = lossesOf(scenario, trouble)
    return {
      cause:
        trouble.faults[0] ??
        [
          `the answer to ${trouble.asks} was lost: ${trouble.lost}.`,
          ...(losses.length > 0 ? [`The scenario has ${losses.join(', ')}.`] : trouble.asides),
        ].join(' '),
      exchange: trouble.position,
    }
  }
  if (pushes.length === 0 && eligibility !== undefined)
    return {
      cause: 'the lookup does not say that the card is taken, so that nothing is pushed',
      exchange: eligibility.exchange,
    }
  const last = stretch.find(({ summary }) => summary !== undefined)
  const left = visit === undefined || stage === 'push' ? undefined : leftWhere(visit)
  const cause = left ?? (last?.summary && `the simulator ${last.summary}`)
  const exchange = last?.position ?? stretch[0]?.position
  return { ...(cause && { cause }), ...(exchange !== undefined && { exchange }) }
}

function leftWhere({ ended, detail }: NonNullable<Seen['visit']>): string | undefined {
  switch (ended) {
    case 'on a page that nobody answers':
      return `the page "${detail}" asked for something that nobody answered`
    case 'elsewhere':
      return `the browser was sent to ${detail}, which is no page of the simulator`
    case 'on too many pages':
      return `the journey was given up after ${detail} pages`
    case 'at the bank':
    case 'on a problem page':
    case 'on the last page':
    case 'lost':
      return undefined
  }
}
