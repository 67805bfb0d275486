import { isDeepStrictEqual } from 'node:util'
import { excerptOf } from '../problem.ts'
import type { Scenario } from './schema.ts'

type When = NonNullable<Scenario['when']>
type Card = NonNullable<When['card']>

/** A scenario that no push can choose by its facts, because another one is asked first and always says yes. */
export type NeverChosen<S> = { readonly scenario: S; readonly because: S }

/** @param scenarios in the order in which their `when` is tried. */
export function neverChosen<S extends Pick<Scenario, 'when'>>(
  scenarios: readonly S[],
): readonly NeverChosen<S>[] {
  const earlier: S[] = []
  const found: NeverChosen<S>[] = []
  for (const scenario of scenarios) {
    const { when } = scenario
    if (when === undefined) continue
    const because = earlier.find((one) => one.when !== undefined && follows(one.when, when))
    if (because !== undefined) found.push({ scenario, because })
    earlier.push(scenario)
  }
  return found
}

/** Whether all the facts of `wide` hold wherever those of `narrow` do. */
function follows(wide: When, narrow: When): boolean {
  const { card: wideCard, ...wideFacts } = wide
  const { card: narrowCard, ...narrowFacts } = narrow
  const facts = new Map<string, unknown>(Object.entries(narrowFacts))
  return (
    Object.entries(wideFacts).every(
      ([name, fact]) => fact === undefined || isDeepStrictEqual(fact, facts.get(name)),
    ) &&
    // Held against one account at a time: the account that fits the narrow one fits the wide one too.
    (wideCard === undefined || (narrowCard !== undefined && cardFollows(wideCard, narrowCard)))
  )
}

function cardFollows(wide: Card, narrow: Card): boolean {
  const { number, startsWith, endsWith } = narrow
  return (
    (wide.number === undefined || wide.number === number) &&
    (wide.startsWith === undefined || (number ?? startsWith ?? '').startsWith(wide.startsWith)) &&
    (wide.endsWith === undefined || (number ?? endsWith ?? '').endsWith(wide.endsWith))
  )
}

/** The facts of a `when` in a few words, without card numbers. */
export function inWords({ card, ...facts }: When): string {
  return Object.entries({
    'card number': card?.number,
    // The two together may be all of a number.
    'card starting with': card?.startsWith?.slice(0, 6),
    'card ending with': card?.endsWith?.slice(-4),
    ...facts,
  })
    .filter(([, fact]) => fact !== undefined)
    .map(([name, fact]) => `${name} ${inFewWords(fact)}`)
    .join(', ')
}

const inFewWords = (fact: unknown) =>
  excerptOf(typeof fact === 'object' ? JSON.stringify(fact) : String(fact))
