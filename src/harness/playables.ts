import { stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { suggestion } from '../did-you-mean.ts'
import { SetupError } from '../errors.ts'
import { inOrder, type Problem } from '../problem.ts'
import { noFiles, readFolder, type SourceFile, unreadFiles } from '../scenarios/load.ts'
import { readScenarios } from '../scenarios/read.ts'
import type { AdminApi } from './admin-api.ts'
import type { BrokenFile, Playable } from './play.ts'

/** A thing to play, as somebody names it. */
export type Named =
  | { readonly kind: 'folder' | 'file'; readonly path: string }
  | { readonly kind: 'scenario'; readonly name: string }

/**
 * What is there by this name counts as a file or a folder, anything else as the name of a scenario.
 *
 * @throws {SetupError} a file that is never read.
 */
export async function named(word: string): Promise<Named> {
  const path = resolve(word)
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory()) return { kind: 'folder', path }
  if (there !== undefined && word.endsWith('.yaml')) return { kind: 'file', path }
  if (there === undefined && !/[./\\]/.test(word)) return { kind: 'scenario', name: word }
  throw new SetupError(
    `${path}: ${there === undefined ? 'is not there' : 'is not read, because of its ending'}; name a folder of *.yaml files, one such file, or a scenario`,
  )
}

/**
 * What is to be played, each scenario once, and what would be if there were no mistake in it: the others do not need it, since each is played
 * by itself.
 *
 * @param wanted nothing: every scenario that the simulator knows.
 * @throws {SetupError} two files of one name, or the name that is unknown.
 */
export async function playablesOf(
  wanted: readonly Named[],
  admin: AdminApi,
): Promise<{
  readonly playables: readonly Playable[]
  /** With what lies in a folder and is never read. */
  readonly broken: readonly BrokenFile[]
}> {
  const known = await admin.scenarios()
  const all: readonly Named[] =
    wanted.length > 0 ? wanted : known.map((name) => ({ kind: 'scenario', name }))
  const files = await Promise.all(all.map(filesOf))
  const { values, problems } = readScenarios(files.flat())
  const folders = all.flatMap((one) => (one.kind === 'folder' ? [one.path] : []))
  const mistakes = namesakes(files.flat())
  if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'))
  const read = new Map(values.map((scenario) => [scenario.name, scenario]))

  const playables = new Map<string, Playable>()
  for (const [position, one] of all.entries()) {
    if (one.kind === 'scenario') {
      if (!known.includes(one.name))
        throw new SetupError(`there is no scenario "${one.name}"${suggestion(one.name, known)}`)
      playables.set(one.name, { scenario: await admin.story(one.name) })
    }
    for (const { name: path, text } of files[position] ?? []) {
      const scenario = read.get(basename(path, '.yaml'))
      if (scenario !== undefined) playables.set(scenario.name, { scenario, yaml: text })
    }
  }
  return {
    playables: [...playables.values()],
    broken: byFile(inOrder([...problems, ...(await unreadFiles(folders))])),
  }
}

function byFile(problems: readonly Problem[]): readonly BrokenFile[] {
  return [...new Set(problems.map(({ file }) => file))].map((file) => ({
    name: basename(file, '.yaml'),
    file,
    problems: problems.filter((problem) => problem.file === file),
  }))
}

/** Only one of them could be played, and nobody would hear of the other. */
function namesakes(files: readonly SourceFile[]): readonly string[] {
  const paths = new Map<string, string>()
  return files.flatMap(({ name: path }) => {
    const name = basename(path, '.yaml')
    const other = paths.get(name) ?? path
    paths.set(name, other)
    return resolve(other) === resolve(path)
      ? []
      : [
          `${path}: the scenario "${name}" is in ${other} too; rename one of them, or play them apart`,
        ]
  })
}

async function filesOf(one: Named): Promise<readonly SourceFile[]> {
  if (one.kind === 'scenario') return []
  const { kind, path } = one
  const files = await readFolder(kind === 'folder' ? path : dirname(path))
  if (kind === 'file') return files.filter(({ name }) => resolve(name) === path)
  if (files.length === 0) throw new SetupError(`${path}: ${noFiles}`)
  return files
}
