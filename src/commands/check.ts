import { basename, resolve } from 'node:path'
import { builtInScenarios, readFolder, readTokenRequestorFiles } from '../scenarios/load.ts'
import { readScenarios, readTokenRequestors } from '../scenarios/read.ts'
import { type FileKind, jsonSchema } from '../scenarios/schema.ts'
import { formatProblem } from '../yaml-file.ts'

/**
 * Validates the scenario files of a folder and those of its token requestors, by default the built-in ones.
 *
 * @returns whether there are any, and all are good.
 * @throws {SetupError} the folder or a file cannot be read.
 */
export async function check(
  folder: string | undefined,
  print: (line: string) => void,
): Promise<boolean> {
  const checked = folder === undefined ? builtInScenarios : resolve(folder)
  const scenarioFiles = await readFolder(checked)
  const tokenRequestorFiles = await readTokenRequestorFiles([checked])
  const files = [...scenarioFiles, ...tokenRequestorFiles]
  // Beside the built-in ones, as they will be when the simulator starts: an id may be taken there.
  const catalogue = await readTokenRequestorFiles([builtInScenarios, checked])
  const problems = [
    ...readScenarios(scenarioFiles).problems,
    ...readTokenRequestors(catalogue).problems,
  ]

  for (const problem of problems) print(formatProblem(problem))
  const broken = new Set(problems.map(({ file }) => file)).size
  if (broken > 0)
    print(`${counted(problems.length, 'problem')} in ${broken} of ${counted(files.length, 'file')}`)
  else if (files.length === 0) print('there are no *.yaml files')
  else
    print(
      `${counted(scenarioFiles.length, 'scenario')} and ${counted(tokenRequestorFiles.length, 'token requestor')}, all good: ${files.map(({ name }) => basename(name, '.yaml')).join(', ')}`,
    )
  return problems.length === 0 && files.length > 0
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}

export function printSchema(kind: FileKind, print: (line: string) => void): void {
  print(JSON.stringify(jsonSchema(kind), null, 2))
}
