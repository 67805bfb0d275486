import { type Fault, Refusal, SetupError } from '../errors.ts'
import { counted, inOneLine } from '../problem.ts'
import type { ScenarioChooser } from './choose.ts'
import type { CataloguedTokenRequestor, ScenarioSet } from './load.ts'

/** The set in force. Neither list is to be kept: another reading may bring others. */
export type LiveScenarios = {
  readonly scenarios: ScenarioSet['scenarios']
  readonly tokenRequestors: readonly CataloguedTokenRequestor[]
  /** @throws {SetupError} with every problem; the last good set stays in force. */
  reload(): Promise<void>
}

/** What a reading brought, for the journal. */
export type Reloaded = {
  readonly summary: string
  readonly faults?: readonly Fault[]
  readonly warnings?: readonly string[]
}

/**
 * Keeps the set in force until a good reading replaces it.
 *
 * @param initial what `chooser` chooses among.
 * @param read the set as the files have it now.
 * @param tell hears of each reading that changed something, or was refused for other reasons than the one before.
 */
export function liveScenarios({
  initial,
  chooser,
  read,
  tell,
}: {
  readonly initial: ScenarioSet
  readonly chooser: ScenarioChooser
  readonly read: () => Promise<ScenarioSet>
  readonly tell: (reloaded: Reloaded) => Promise<void>
}): LiveScenarios {
  let inForce = initial
  let refusal: SetupError | undefined
  let underWay: Promise<void> = Promise.resolve()

  async function readAgain(): Promise<void> {
    try {
      const next = await read()
      chooser.replace(next.scenarios)
      const changes = changesBetween(inForce, next)
      const known = new Set(inForce.warnings.map((one) => inOneLine(one)))
      const warnings = next.warnings
        .map((one) => inOneLine(one))
        .filter((warning) => !known.has(warning))
      const mended = refusal !== undefined
      inForce = next
      refusal = undefined
      if (mended || changes.length > 0 || warnings.length > 0)
        await tell({
          ...(warnings.length > 0 && { warnings }),
          summary: `reloaded: ${[contentOf(next), ...changes, ...(changes.length > 0 ? [] : ['as before'])].join('; ')}`,
        })
    } catch (error) {
      const next = asSetupError(error)
      // A folder is often told about more than once.
      if (next.message === refusal?.message) throw refusal
      refusal = next
      await tell({
        summary: 'not reloaded: the last good set stays in force',
        faults: next.problems.map((problem) => ({
          code: 'SCENARIOS_REFUSED',
          because: problem.replace(/\s+/g, ' '),
        })),
      })
      throw next
    }
  }

  return {
    get scenarios() {
      return inForce.scenarios
    },
    get tokenRequestors() {
      return inForce.tokenRequestors
    },
    reload() {
      // One after another, so that what was read last is in force.
      underWay = underWay.catch(() => {}).then(readAgain)
      return underWay
    },
  }
}

function asSetupError(error: unknown): SetupError {
  if (error instanceof SetupError) return error
  if (!(error instanceof Refusal)) throw error
  const problems = error.faults.map(({ because }) => because)
  return new SetupError(problems.join('\n'), { problems, cause: error })
}

function contentOf({ scenarios, tokenRequestors }: ScenarioSet): string {
  return `${counted(scenarios.length, 'scenario')}, ${counted(tokenRequestors.length, 'token requestor')}`
}

/** Such as `changed: declined`, `new: my-story, Corner Shop`; empty when all is as it was. */
function changesBetween(before: ScenarioSet, after: ScenarioSet): readonly string[] {
  if (before === after) return []
  const [old, current] = [contentsByName(before), contentsByName(after)]
  const names = [...current.keys()]
  const [wasReplaced, isReplaced] = [new Set(before.replaced), new Set(after.replaced)]
  const changed = names.filter((name) => old.has(name) && old.get(name) !== current.get(name))
  const kinds = {
    changed: changed.filter((name) => wasReplaced.has(name) === isReplaced.has(name)),
    replaced: changed.filter((name) => !wasReplaced.has(name) && isReplaced.has(name)),
    'built-in again': changed.filter((name) => wasReplaced.has(name) && !isReplaced.has(name)),
    new: names.filter((name) => !old.has(name)),
    gone: [...old.keys()].filter((name) => !current.has(name)),
  }
  return Object.entries(kinds)
    .filter(([, members]) => members.length > 0)
    .map(([kind, members]) => `${kind}: ${members.join(', ')}`)
}

function contentsByName({ scenarios, tokenRequestors }: ScenarioSet): ReadonlyMap<string, string> {
  return new Map([
    ...scenarios.map((one) => [one.name, JSON.stringify(one)] as const),
    ...tokenRequestors.map(
      (one) =>
        [`${one.consumerFacingEntityName} (${one.tokenRequestorId})`, JSON.stringify(one)] as const,
    ),
  ])
}
