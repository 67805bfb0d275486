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
  /** @throws {Refusal} UNKNOWN_SCENARIO, with the names that the consumer key may play. */
  named(name: string, consumerKey: string): Scenario
  /** Plays this scenario for the consumer key until told otherwise; undefined goes back to the ladder. */
  use(consumerKey: string, name: string | undefined): void
  /** The name of what is in use for the consumer key. */
  inUse(consumerKey: string): string | undefined
  /** What this consumer key may play, in name order, its own in the place of those of the files. */
  knownTo(consumerKey: string): readonly Scenario[]
  /** Names of the scenarios of its own. */
  ownOf(consumerKey: string): readonly string[]
  /** One more for this consumer key alone, in the place of one of the same name. */
  add(consumerKey: string, scenario: Scenario): void
  /**
   * Takes back what was added.
   *
   * @returns false when there is none.
   * @throws {Refusal} SCENARIO_IN_USE, and no file has it.
   */
  remove(consumerKey: string, name: string): boolean
  /** Forgets what a consumer key uses and has of its own. */
  forget(consumerKey: string): void
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
  const own = new Map<string, Own>()
  const recent: Own[] = []

  function knownTo(consumerKey: string): Known {
    const mine = own.get(consumerKey)
    if (mine === undefined) return known
    if (mine.beside === known && mine.together !== undefined) return mine.together
    const together = indexed(inNameOrder([...known.scenarios, ...mine.scenarios.values()]))
    mine.beside = known
    mine.together = together
    // Made again on use: an index takes much more than the scenarios.
    recent.push(mine)
    const oldest = recent.length > mostIndexes ? recent.shift() : undefined
    if (oldest !== undefined && oldest !== mine) oldest.together = undefined
    return together
  }

  function named(name: string, { byName }: Known): Scenario {
    return byName.get(name) ?? refuse('UNKNOWN_SCENARIO', nobodyIs(name, [...byName.keys()].sort()))
  }
  named(fallback, known)

  function asked(consumerKey: string, header: string | undefined, mine: Known): Choice | undefined {
    if (header !== undefined) return { scenario: named(header, mine), by: 'header' }
    const used = inUse.get(consumerKey)
    return used === undefined ? undefined : { scenario: named(used, mine), by: 'use' }
  }

  const byDefault = (mine: Known): Choice => ({ scenario: named(fallback, mine), by: 'default' })

  return {
    named: (name, consumerKey) => named(name, knownTo(consumerKey)),
    use(consumerKey, name) {
      if (name === undefined) inUse.delete(consumerKey)
      else inUse.set(consumerKey, named(name, knownTo(consumerKey)).name)
    },
    inUse: (consumerKey) => inUse.get(consumerKey),
    knownTo: (consumerKey) => knownTo(consumerKey).scenarios,
    ownOf: (consumerKey) => [...(own.get(consumerKey)?.scenarios.keys() ?? [])],
    add(consumerKey, scenario) {
      const { scenarios = new Map<string, Scenario>() } = own.get(consumerKey) ?? {}
      scenarios.set(scenario.name, scenario)
      own.set(consumerKey, { scenarios, beside: undefined, together: undefined })
    },
    remove(consumerKey, name) {
      const mine = own.get(consumerKey)
      if (mine === undefined || !mine.scenarios.has(name)) return false
      if (inUse.get(consumerKey) === name && !known.byName.has(name))
        refuse('SCENARIO_IN_USE', `the scenario "${name}" is in use: use another first`)
      mine.scenarios.delete(name)
      mine.beside = undefined
      return true
    },
    forget(consumerKey) {
      inUse.delete(consumerKey)
      own.delete(consumerKey)
    },
    replace(scenarios) {
      const next = indexed(scenarios)
      const isGone = (name: string) => !next.byName.has(name)
      const [first, ...others] = [
        ...[fallback].filter(isGone).map(defaultGone),
        ...[...new Set([...inUse].filter(isOfTheFiles).map(([, name]) => name))]
          .filter(isGone)
          .map(usedGone),
      ]
      if (first !== undefined) throw new Refusal(first, ...others)
      known = next
    },
    choose(facts, header) {
      const mine = knownTo(facts.consumerKey)
      const choice = asked(facts.consumerKey, header, mine)
      if (choice !== undefined) return choice
      const fitting = mine.firstHolding(facts)
      return fitting === undefined ? byDefault(mine) : { scenario: fitting, by: 'when' }
    },
    chooseWithoutFacts(consumerKey, header) {
      const mine = knownTo(consumerKey)
      return asked(consumerKey, header, mine) ?? byDefault(mine)
    },
  }

  function isOfTheFiles([consumerKey, name]: readonly [string, string]): boolean {
    return own.get(consumerKey)?.scenarios.has(name) !== true
  }
}

/** What a consumer key has of its own, and that together with what all have. */
type Own = {
  readonly scenarios: Map<string, Scenario>
  /** What `together` was made of; another reading of the files brings another one. */
  beside: Known | undefined
  together: Known | undefined
}

const mostIndexes = 200

type Known = ReturnType<typeof indexed>

/** As their files stand in a directory listing; of two with one name the later one counts. */
function inNameOrder(scenarios: readonly Scenario[]): readonly Scenario[] {
  const byName = new Map(scenarios.map((scenario) => [scenario.name, scenario]))
  return [...byName.values()].sort((a, b) => (`${a.name}.yaml` < `${b.name}.yaml` ? -1 : 1))
}

/** All the known names, unless one of them is near enough to be meant. */
function nobodyIs(name: string, known: readonly string[]): string {
  const meant = suggestion(name, known)
  const rest =
    meant === ''
      ? `; known are ${known.join(', ')}`
      : `; there are ${known.length - 1} others, which GET /__simulator/scenarios lists`
  return `there is no scenario "${name}"${meant}${rest}`
}

/** For choosing without a search through all at every push. */
function indexed(scenarios: readonly Scenario[]) {
  return {
    scenarios,
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
