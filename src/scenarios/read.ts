import { basename } from 'node:path'
import type { z } from 'zod'
import { type Problem, parseYaml } from '../yaml-file.ts'
import type { SourceFile } from './load.ts'
import { type Scenario, scenarioFile, type TokenRequestor, tokenRequestorFile } from './schema.ts'

/** What reading found: the good and the bad. */
export type Findings<T> = { readonly values: readonly T[]; readonly problems: readonly Problem[] }

/** Scenarios, each named like its file. */
export function readScenarios(files: readonly SourceFile[]): Findings<Scenario> {
  return readAll(files, scenarioFile, ({ name }, file) => {
    const expected = basename(file.name, '.yaml')
    return name === expected
      ? undefined
      : `name: is "${name}"; a scenario is named like its file, "${expected}"`
  })
}

export function readTokenRequestors(files: readonly SourceFile[]): Findings<TokenRequestor> {
  return readAll(files, tokenRequestorFile, () => undefined)
}

function readAll<T>(
  files: readonly SourceFile[],
  schema: z.ZodType<T>,
  objectionTo: (value: T, file: SourceFile) => string | undefined,
): Findings<T> {
  const values: T[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const result = parseYaml(file.text, schema, file.name)
    if (result.problems !== undefined) {
      problems.push(...result.problems)
      continue
    }
    const message = objectionTo(result.value, file)
    if (message === undefined) values.push(result.value)
    else problems.push({ file: file.name, line: 1, column: 1, message })
  }
  return { values, problems }
}
