import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { SetupError } from '../errors.ts'
import { formatProblem, inOrder, type Problem } from '../problem.ts'
import { type FileKind, jsonSchema } from '../scenarios/json-schema.ts'
import {
  builtInScenarios,
  readFolder,
  readTokenRequestorFiles,
  type SourceFile,
  unreadFiles,
} from '../scenarios/load.ts'
import { readScenarioSet, readTokenRequestors } from '../scenarios/read.ts'
import { counted } from '../schema-wording.ts'

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
  const all = [
    ...readScenarioSet([beside, scenarioFiles]).problems,
    ...readTokenRequestors(await readTokenRequestorFiles([builtInScenarios, folder])).problems,
    ...(await unreadFiles([folder])),
  ]
  const [scenarios, tokenRequestors] = [
    scenarioFiles.filter(isMeant),
    tokenRequestorFiles.filter(isMeant),
  ]
  const names = (files: readonly SourceFile[]) => files.map(({ name }) => basename(name, '.yaml'))
  return {
    folder,
    files: scenarios.length + tokenRequestors.length,
    scenarios: names(scenarios),
    tokenRequestors: names(tokenRequestors),
    problems: inOrder(all.filter((problem) => !file || resolve(problem.file) === path)),
  }
}

/** @throws {SetupError} there is nothing, or a file that is never read. */
async function isFile(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return false
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new SetupError(
      `${path}: cannot be read (${code}); name a folder of *.yaml files, or one such file`,
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
  const { problems, files, scenarios, tokenRequestors } = report
  const errors = errorsOf(report)
  const broken = new Set(errors.map(({ file }) => file)).size
  const warnings = problems.length - errors.length
  const counts = [
    ...(errors.length > 0 ? [counted(errors.length, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(' and ')
  const good = `${counted(scenarios.length, 'scenario')} and ${counted(tokenRequestors.length, 'token requestor')}`
  return [
    ...problems.map(formatProblem),
    broken > 0
      ? `${counts}; ${broken} of ${counted(files, 'file')} broken`
      : files === 0
        ? ['there are no *.yaml files', counts].filter(Boolean).join('; ')
        : `${good}, ${warnings > 0 ? `no errors, ${counts}` : 'all good'}: ${[...scenarios, ...tokenRequestors].join(', ')}`,
  ]
}

export function printSchema(kind: FileKind, print: (line: string) => void): void {
  print(JSON.stringify(jsonSchema(kind), null, 2))
}
