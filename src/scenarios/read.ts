import { basename } from 'node:path'
import type { z } from 'zod'
import { type Finding, type Problem, parseYaml } from '../yaml-file.ts'
import type { SourceFile } from './load.ts'
import { type Scenario, scenarioFile, type TokenRequestor, tokenRequestorFile } from './schema.ts'

/** What reading found: the good and the bad. */
export type Findings<T> = { readonly values: readonly T[]; readonly problems: readonly Problem[] }

/** Scenarios, each named like its file. */
export function readScenarios(files: readonly SourceFile[]): Findings<Scenario> {
  return readAll(files, scenarioFile, (content, file) => {
    const expected = basename(file.name, '.yaml')
    const name = (content as { name?: unknown } | null)?.name
    const message = `is "${name}"; a scenario is named like its file, "${expected}"`
    return typeof name !== 'string' || name === expected ? [] : [{ path: ['name'], message }]
  })
}

export function readTokenRequestors(files: readonly SourceFile[]): Findings<TokenRequestor> {
  return readAll(files, tokenRequestorFile, () => [])
}

function readAll<T>(
  files: readonly SourceFile[],
  schema: z.ZodType<T>,
  alsoCheck: (content: unknown, file: SourceFile) => readonly Finding[],
): Findings<T> {
  const values: T[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const result = parseYaml(file.text, schema, file.name, (content) => alsoCheck(content, file))
    if (result.problems === undefined) values.push(result.value)
    else problems.push(...result.problems)
  }
  return { values, problems }
}
