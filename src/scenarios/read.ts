import { basename } from 'node:path'
import type { z } from 'zod'
import { type Finding, type Problem, parseYaml } from '../yaml-file.ts'
import type { CataloguedTokenRequestor, SourceFile, TokenRequestorFile } from './load.ts'
import { logoFaults } from './logos.ts'
import { type Scenario, scenarioFile, type TokenRequestor, tokenRequestorFile } from './schema.ts'

/** What reading found: the good and the bad. */
export type Findings<T> = { readonly values: readonly T[]; readonly problems: readonly Problem[] }

/** Scenarios, each named like its file. */
export function readScenarios(files: readonly SourceFile[]): Findings<Scenario> {
  return readAll(
    files,
    scenarioFile,
    (content, file) => {
      const expected = basename(file.name, '.yaml')
      const name = member(content, 'name')
      const message = `is "${name}"; a scenario is named like its file, "${expected}"`
      return name === undefined || name === expected ? [] : [{ path: ['name'], message }]
    },
    (scenario) => scenario,
  )
}

/** Token requestors with their logos; no two have the same id, or the same logo. */
export function readTokenRequestors(
  files: readonly TokenRequestorFile[],
): Findings<CataloguedTokenRequestor> {
  const taken = new Map<string, string>()
  return readAll(
    files,
    tokenRequestorFile,
    (content, file) => [
      ...logoFindings(content, file),
      ...(['tokenRequestorId', 'imageAssetId'] as const).flatMap((key) => {
        const id = member(content, key)
        if (id === undefined) return []
        // A UUID is the same in any case.
        const claim = `${key} ${id.toLowerCase()}`
        const owner = taken.get(claim)
        if (owner === undefined) taken.set(claim, file.name)
        return owner === undefined
          ? []
          : [{ path: [key], message: `is that of ${owner} already; choose another` }]
      }),
    ],
    withLogo,
  )
}

function logoFindings(content: unknown, { name, logo }: TokenRequestorFile): readonly Finding[] {
  if (member(content, 'imageAssetId') === undefined) return []
  return logoFaults(logo, basename(name, '.yaml')).map((message) => ({
    path: ['imageAssetId'],
    message,
  }))
}

function withLogo(
  tokenRequestor: TokenRequestor,
  { logo: { svg, png } }: TokenRequestorFile,
): CataloguedTokenRequestor {
  const hasLogo =
    tokenRequestor.imageAssetId !== undefined && svg !== undefined && png !== undefined
  return hasLogo ? { ...tokenRequestor, logo: { svg, png } } : tokenRequestor
}

/** A text of a file that may be of any shape. */
function member(content: unknown, key: string): string | undefined {
  const value = (content as Readonly<Record<string, unknown>> | null)?.[key]
  return typeof value === 'string' ? value : undefined
}

function readAll<File extends SourceFile, Content, Value>(
  files: readonly File[],
  schema: z.ZodType<Content>,
  alsoCheck: (content: unknown, file: File) => readonly Finding[],
  complete: (content: Content, file: File) => Value,
): Findings<Value> {
  const values: Value[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const result = parseYaml(file.text, schema, file.name, (content) => alsoCheck(content, file))
    if (result.problems === undefined) values.push(complete(result.value, file))
    else problems.push(...result.problems)
  }
  return { values, problems }
}
