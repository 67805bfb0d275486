import { Refusal } from '../errors.ts'
import { inOneLine } from '../problem.ts'
import type { Scenario } from './schema.ts'

/**
 * Reads a scenario that comes without a file, as strictly as if it had one.
 *
 * @param name what its file would be called, without `.yaml`.
 * @throws {Refusal} SCENARIO_INVALID, with each thing that is wrong and its position.
 */
export async function readAddedScenario(name: string, yaml: string): Promise<Scenario> {
  const { readScenarios } = await import('./read.ts')
  const { values, problems } = readScenarios([{ name: `${name}.yaml`, text: yaml }])
  const [first, ...others] = problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => ({ code: 'SCENARIO_INVALID', because: inOneLine(problem) }))
  if (first !== undefined) throw new Refusal(first, ...others)
  const [scenario] = values
  if (scenario === undefined)
    throw new Refusal({ code: 'SCENARIO_INVALID', because: `${name}.yaml holds no scenario` })
  return scenario
}
