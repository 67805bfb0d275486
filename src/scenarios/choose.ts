import { suggestion } from '../did-you-mean.ts'
import { type Fault, Refusal, refuse } from '../errors.ts'
import { firstHolding, type PushFacts } from './first-holding.ts'
import type { Scenario } from './schema.ts'

/** The rule that chose. */
export type Rule = 'header' | 'use' | 'when' | 'default'
export type Choice = { readonly scenario: Scenario; readonly by: Rule }

/** The ladder: the header of the request, the scenario in use for the consumer key, the first `when` that holds, the default. */
export type ScenarioChooser = {
  choose(facts: PushFacts, header: string | undefined): Choice
  /** For a call that is no push, or not yet: `when` has no facts to hold against. */
  chooseWithoutFacts(consumerKey: string, header: string | undefined): Choice
  /** @throws {Refusal} UNKNOWN_SCENARIO, with the known names. */
  named(name: string): Scenario
  /** Plays this scenario for the consumer key until told otherwise; undefined goes back to the ladder. */
  use(consumerKey: string, name: string | undefined): void
  /**
   * Chooses among these from now on; what is in use, and the default, stay so by name.
   *
   * @throws {Refusal} SCENARIOS_REFUSED, one of these is gone: to play another story in its place would mislead.
   */
  replace(scenarios: readonly Scenario[]): void
}

/** @throws {Refusal} UNKNOWN_SCENARIO when there is no scenario named `fallback`. */
export function scenarioChooser(initial: readonly Scenario[], fallback: string): ScenarioChooser {
  let known = indexed(initial)
  /** Names, by consumer key. */
  const inUse = new Map<string, string>()

  function named(name: string): Scenario {
    const { byName } = known
    return byName.get(name) ?? refuse('UNKNOWN_SCENARIO', nobodyIs(name, [...byName.keys()].sort()))
  }
  let byDefault = named(fallback)

  function asked(consumerKey: string, header: string | undefined): Choice | undefined {
    if (header !== undefined) return { scenario: named(header), by: 'header' }
    const used = inUse.get(consumerKey)
    return used === undefined ? undefined : { scenario: named(used), by: 'use' }
  }

  return {
    named,
    use(consumerKey, name) {
      if (name === undefined) inUse.delete(consumerKey)
      else inUse.set(consumerKey, named(name).name)
    },
    replace(scenarios) {
      const next = indexed(scenarios)
      const isGone = (name: string) => !next.byName.has(name)
      const [first, ...others] = [
        ...[fallback].filter(isGone).map(defaultGone),
        ...[...new Set(inUse.values())].filter(isGone).map(usedGone),
      ]
      if (first !== undefined) throw new Refusal(first, ...others)
      known = next
      byDefault = named(fallback)
    },
    choose(facts, header) {
      const choice = asked(facts.consumerKey, header)
      if (choice !== undefined) return choice
      const fitting = known.firstHolding(facts)
      if (fitting !== undefined) return { scenario: fitting, by: 'when' }
      return { scenario: byDefault, by: 'default' }
    },
    chooseWithoutFacts: (consumerKey, header) =>
      asked(consumerKey, header) ?? { scenario: byDefault, by: 'default' },
  }
}

/** All the known names, unless one of them is near enough to be meant. */
function nobodyIs(name: string, known: readonly string[]): string {
  const meant = suggestion(name, known)
  const rest =
    meant === ''
      ? `; known are ${known.join(', ')}`
      : `; there are ${known.length - 1} others, which mdes-sim check [DIR] lists`
  return `there is no scenario "${name}"${meant}${rest}`
}

/** For choosing without a search through all at every push. */
function indexed(scenarios: readonly Scenario[]) {
  return {
    byName: new Map(scenarios.map((scenario) => [scenario.name, scenario])),
    firstHolding: firstHolding(scenarios),
  }
}

function defaultGone(name: string): Fault {
  return {
    code: 'SCENARIOS_REFUSED',
    because: `the scenario "${name}" plays when nothing else chooses, and no file has it any more: bring it back, or start with another`,
  }
}

function usedGone(name: string): Fault {
  return {
    code: 'SCENARIOS_REFUSED',
    because: `the scenario "${name}" is in use, and no file has it any more: bring it back, or use another and reload`,
  }
}
