import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { SetupError, whyUnreadable } from '../errors.ts'
import { issuerFileSchema } from '../harness/issuer-file.ts'
import { counted, formatProblem, inOrder, type Problem, toll } from '../problem.ts'
import { type FileKind, jsonSchema } from '../scenarios/json-schema.ts'
import {
  builtInScenarios,
  noFiles,
  readFolder,
  readTokenRequestorFiles,
  type SourceFile,
  unreadFiles,
} from '../scenarios/load.ts'
import { readScenarioSet, readTokenRequestors } from '../scenarios/read.ts'

export type CheckOptions = {
  readonly print: (line: string) => void
  /** One JSON document for tools, and nothing else. */
  readonly json?: boolean
}

/** The document of `--json`. */
export type CheckReport = {
  readonly folder: string
  /** How many were checked. */
  readonly files: number
  /** Names of the files, without `.yaml`. */
  readonly scenarios: readonly string[]
  /** Those of them that stand in place of a built-in one, whose test card then no longer chooses it. */
  readonly replaced: readonly string[]
  readonly tokenRequestors: readonly string[]
  readonly problems: readonly Problem[]
}

/**
 * Validates the scenario files of a folder and those of its token requestors, or one of these files; by default the built-in ones.
 *
 * @returns whether there are any, and none has an error.
 * @throws {SetupError} the folder or the file cannot be read.
 */
export async function check(
  path: string | undefined,
  { print, json = false }: CheckOptions,
): Promise<boolean> {
  const report = await reportOn(path === undefined ? builtInScenarios : resolve(path))
  if (json) print(JSON.stringify(report, null, 2))
  else for (const line of lines(report)) print(line)
  return report.files > 0 && errorsOf(report).length === 0
}

async function reportOn(path: string): Promise<CheckReport> {
  const file = await isFile(path)
  const folder = file ? folderOf(path) : path
  const scenarioFiles = await readFolder(folder)
  const tokenRequestorFiles = await readTokenRequestorFiles([folder])
  const isMeant = ({ name }: SourceFile) => !file || resolve(name) === path
  // Beside the built-in ones, as they will be when the simulator starts: an id may be taken there, and a `when` come first.
  const beside = folder === builtInScenarios ? [] : await readFolder(builtInScenarios)
  const known = readTokenRequestors(await readTokenRequestorFiles([builtInScenarios, folder]))
  const set = readScenarioSet(
    [beside, scenarioFiles],
    known.problems.length === 0 ? known.values : undefined,
  )
  const all = [...set.problems, ...known.problems, ...(await unreadFiles([folder]))]
  const [scenarios, tokenRequestors] = [
    scenarioFiles.filter(isMeant),
    tokenRequestorFiles.filter(isMeant),
  ]
  const names = (files: readonly SourceFile[]) => files.map(({ name }) => basename(name, '.yaml'))
  return {
    folder,
    files: scenarios.length + tokenRequestors.length,
    scenarios: names(scenarios),
    replaced: set.replaced.filter((name) => names(scenarios).includes(name)),
    tokenRequestors: names(tokenRequestors),
    problems: inOrder(all.filter((problem) => !file || resolve(problem.file) === path)),
  }
}

/** @throws {SetupError} there is nothing, or a file that is never read. */
async function isFile(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return false
  } catch (cause) {
    // What is sought below a file is not there either.
    const isBelowFile = (cause as NodeJS.ErrnoException).code === 'ENOTDIR'
    throw new SetupError(
      `${path}: ${isBelowFile ? 'is not there' : whyUnreadable(cause)}; name a folder of *.yaml files, or one such file`,
      { cause },
    )
  }
  if (path.endsWith('.yaml')) return true
  throw new SetupError(`${path}: is not read, because of its ending; expected a *.yaml file`)
}

/** The folder of scenarios that a file belongs to. */
function folderOf(file: string): string {
  const parent = dirname(file)
  return basename(parent) === 'token-requestors' ? dirname(parent) : parent
}

const errorsOf = ({ problems }: CheckReport) =>
  problems.filter(({ severity }) => severity === 'error')

function lines(report: CheckReport): readonly string[] {
  return [...report.problems.map(formatProblem), summary(report)]
}

function summary(report: CheckReport): string {
  const { folder, files, problems, scenarios, replaced, tokenRequestors } = report
  const counts = toll(problems, files)
  if (errorsOf(report).length > 0) return counts
  if (files === 0) return [`${folder}: ${noFiles}`, counts].filter(Boolean).join('; ')
  const ofThem = replaced.length === scenarios.length ? '' : `${replaced.length} of them `
  const instead =
    replaced.length === 0 ? '' : `, ${ofThem}in place of the built-in ${listed(replaced)},`
  const good = `${counted(scenarios.length, 'scenario')}${instead} and ${counted(tokenRequestors.length, 'token requestor')}`
  const names = [...scenarios, ...tokenRequestors].join(', ')
  return `${good}, ${counts === '' ? 'all good' : `no errors, ${counts}`}: ${names}`
}

/** Such as `ask, approved and declined`. */
const listed = (names: readonly string[]) =>
  [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ')

/** The files that editors can be told about. */
export type SchemaKind = FileKind | 'issuer'

export function printSchema(kind: SchemaKind, print: (line: string) => void): void {
  print(JSON.stringify(kind === 'issuer' ? issuerFileSchema() : jsonSchema(kind), null, 2))
}
