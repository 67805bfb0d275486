import { resolve } from 'node:path'
import { builtInScenarios, readFolder } from '../scenarios/load.ts'
import { readScenarios } from '../scenarios/read.ts'
import { scenarioJsonSchema } from '../scenarios/schema.ts'
import { formatProblem } from '../yaml-file.ts'

/**
 * Validates the scenario files of a folder, by default the built-in ones.
 *
 * @returns whether there are any, and all are good.
 * @throws {SetupError} the folder cannot be read.
 */
export async function check(
  folder: string | undefined,
  print: (line: string) => void,
): Promise<boolean> {
  const files = await readFolder(folder === undefined ? builtInScenarios : resolve(folder))
  const { values, problems } = readScenarios(files)
  for (const problem of problems) print(formatProblem(problem))
  const broken = new Set(problems.map(({ file }) => file)).size
  if (broken > 0)
    print(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${broken} of ${files.length} files`,
    )
  else if (values.length === 0) print('there are no *.yaml files')
  else print(`${values.length} scenarios, all good: ${values.map(({ name }) => name).join(', ')}`)
  return problems.length === 0 && values.length > 0
}

export function printSchema(print: (line: string) => void): void {
  print(JSON.stringify(scenarioJsonSchema(), null, 2))
}
