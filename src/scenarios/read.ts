import { basename, dirname } from 'node:path'
import type { z } from 'zod'
import { inOrder, problemsIn, shown } from '../problem.ts'
import { type Finding, type Problem, parseYaml } from '../yaml-file.ts'
import type { CataloguedTokenRequestor, SourceFile, TokenRequestorFile } from './load.ts'
import { logoFaults } from './logos.ts'
import { inWords, neverChosen } from './never-chosen.ts'
import { type Scenario, scenarioFile } from './schema.ts'
import { suspicions } from './suspicions.ts'
import { type TokenRequestor, tokenRequestorFile } from './token-requestor-schema.ts'

/** What reading found: the good and the bad. */
export type Findings<T> = {
  readonly values: readonly T[]
  readonly problems: readonly Problem[]
}

export type ScenarioFindings = Findings<Scenario> & {
  /** Names of the built-in ones that another folder has in their place. */
  readonly replaced: readonly string[]
}

/** A value, and the file to say something about. */
type Read<T> = {
  readonly value: T
  readonly file: SourceFile
  readonly problemAt: (finding: Finding) => Problem
}

/** Scenarios, each named like its file. */
export function readScenarios(files: readonly SourceFile[]): Findings<Scenario> {
  const { read, problems } = readScenarioFiles(files)
  return { values: read.map(({ value }) => value), problems }
}

function readScenarioFiles(files: readonly SourceFile[]) {
  return readAll(
    files,
    scenarioFile,
    (content, file) => nameFindings(content, file, files),
    (scenario) => scenario,
  )
}

/**
 * The scenarios of several folders as they play together: in name order, and the same name in a later folder overrides.
 *
 * @param folders the built-in one first: what ships is not warned about.
 * @param tokenRequestors whom a push can be for; undefined when that is not known.
 */
export function readScenarioSet(
  folders: readonly (readonly SourceFile[])[],
  tokenRequestors?: readonly TokenRequestor[],
): ScenarioFindings {
  const builtIn = new Set(folders[0])
  const { read, problems } = readScenarioFiles(folders.flat())
  const byName = new Map(read.map((one) => [one.value.name, one]))
  // As the files stand in a directory listing: `approved-again.yaml` comes before `approved.yaml`.
  const effective = [...byName.values()].sort((a, b) =>
    `${a.value.name}.yaml` < `${b.value.name}.yaml` ? -1 : 1,
  )
  const warnings = neverChosen(effective.map((one) => ({ ...one, when: one.value.when })))
    .filter(({ scenario }) => !builtIn.has(scenario.file))
    .map(({ scenario, because }) => {
      const name = `${basename(because.file.name)}${builtIn.has(because.file) ? ' (built in)' : ''}`
      const facts = because.when === undefined ? '' : ` (${inWords(because.when)})`
      // What ships cannot be edited.
      const remedy = builtIn.has(because.file)
        ? `use another value, give this file an earlier name, or replace that one by a file ${basename(because.file.name)} of yours`
        : 'narrow that one, or give this file an earlier name'
      return scenario.problemAt({
        path: ['when'],
        severity: 'warning',
        message: `never chooses this story: ${name} comes first in name order, and its when${facts} always holds too; ${remedy}`,
      })
    })
  const own = effective.filter(({ file }) => !builtIn.has(file))
  const suspicious = own.flatMap(({ value, problemAt }) =>
    suspicions(value, tokenRequestors).map((finding) =>
      problemAt({ ...finding, severity: 'warning' }),
    ),
  )
  const shipped = new Set([...builtIn].map(({ name }) => basename(name, '.yaml')))
  return {
    values: effective.map(({ value }) => value),
    problems: inOrder([...problems, ...warnings, ...suspicious]),
    replaced: own.map(({ value }) => value.name).filter((name) => shipped.has(name)),
  }
}

/** A scenario is named like its file, and such a name can be a file on any system. */
function nameFindings(
  content: unknown,
  file: SourceFile,
  files: readonly SourceFile[],
): readonly Finding[] {
  const expected = basename(file.name, '.yaml')
  const name = member(content, 'name')
  if (name === undefined) return []
  const say = (message: string) => [{ path: ['name'], message, isEnough: true }]
  const plain = expected
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  if (plain !== expected)
    return say(
      `a scenario is named like its file, in lower-case words with dashes: rename the file to ${plain || 'story'}.yaml, and name it "${plain || 'story'}" here`,
    )
  if (name === expected) return []
  const owner = files.find(
    (other) => dirname(other.name) === dirname(file.name) && basename(other.name, '.yaml') === name,
  )
  return say(
    owner === undefined
      ? `is ${shown(name)}; a scenario is named like its file, "${expected}"`
      : `is ${shown(name)}, which is the name of ${owner.name} already; a scenario is named like its file, "${expected}"`,
  )
}

/** Token requestors with their logos; no two have the same id, or the same logo. */
export function readTokenRequestors(
  files: readonly TokenRequestorFile[],
): Findings<CataloguedTokenRequestor> {
  const taken = new Map<string, string>()
  const { read, problems } = readAll(
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
  return { values: read.map(({ value }) => value), problems }
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
): { readonly read: readonly Read<Value>[]; readonly problems: readonly Problem[] } {
  const read: Read<Value>[] = []
  const problems: Problem[] = []
  for (const file of files) {
    const { name, text, fault } = file
    if (fault !== undefined) {
      problems.push(problemsIn(name, '')([0, 0], { path: '', message: fault }))
      continue
    }
    const result = parseYaml(text, schema, name, (content) => [
      ...twinFindings(file, files),
      ...alsoCheck(content, file),
    ])
    if (result.problems === undefined)
      read.push({ value: complete(result.value, file), file, problemAt: result.problemAt })
    else problems.push(...result.problems)
  }
  return { read, problems }
}

/** Two files that only some file systems can tell apart. */
function twinFindings({ name }: SourceFile, files: readonly SourceFile[]): readonly Finding[] {
  const twin = files.find(
    (other) => other.name < name && other.name.toLowerCase() === name.toLowerCase(),
  )
  if (twin === undefined) return []
  const message = `the names of this file and ${basename(twin.name)} differ only in case, and are one file on Windows and macOS: rename one`
  return [{ path: [], message }]
}
