import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError, whyUnreadable } from '../errors.ts'
import { formatProblem, inOneLine, type Problem, toll } from '../problem.ts'
import { type Logo, type LogoFiles, readLogoFiles } from './logos.ts'
import type { Scenario } from './schema.ts'
import type { TokenRequestor } from './token-requestor-schema.ts'
import { unreadEntries } from './unread.ts'

/** What ships with the package. */
export const builtInScenarios = fileURLToPath(new URL('../../scenarios', import.meta.url))

/** A token requestor, with its logo when it has an `imageAssetId`. */
export type CataloguedTokenRequestor = TokenRequestor & { readonly logo?: Logo }

export type ScenarioSet = {
  /** In the order of a directory listing, which is that in which `when` is tried. */
  readonly scenarios: readonly Scenario[]
  /** In the order of {@link readTokenRequestorFiles}. */
  readonly tokenRequestors: readonly CataloguedTokenRequestor[]
  /** What in the folders has no effect. */
  readonly warnings: readonly Problem[]
  /** Names of the built-in scenarios that a folder has in their place. */
  readonly replaced: readonly string[]
}

/** A file as it was read. */
export type SourceFile = {
  /** For messages: from the working directory where it lies below it, otherwise absolute. */
  readonly name: string
  readonly text: string
  /** Why it cannot be read. */
  readonly fault?: string
}

/** A token requestor's file, and the logo beside it. */
export type TokenRequestorFile = SourceFile & { readonly logo: LogoFiles }

/** A parsed set, and all the text it was made from. */
type Loaded = { readonly source: string; readonly set: ScenarioSet }

/** The last good one of each list of folders. */
const sets = new Map<string, Promise<Loaded>>()

/**
 * The built-in scenarios and token requestors, and those of `folders`; the same name in a later folder overrides. Parsed once per
 * process, and again in the next one only if something has changed.
 *
 * @param cacheFolder where the parsed set is kept from one process to the next.
 * @throws {SetupError} with every problem of every file.
 */
export async function loadScenarios(
  folders: readonly string[],
  cacheFolder: string,
): Promise<ScenarioSet> {
  const key = folders.join('\n')
  const loaded = sets.get(key) ?? load(folders, cacheFolder)
  sets.set(key, loaded)
  // What is broken may be mended; only what worked is kept.
  loaded.catch(() => sets.delete(key))
  return (await loaded).set
}

/**
 * Like {@link loadScenarios}, from the files as they are now; what is good is also what the process loads from now on.
 *
 * @returns the very set of before when no file has changed.
 */
export async function reloadScenarios(
  folders: readonly string[],
  cacheFolder: string,
): Promise<ScenarioSet> {
  const key = folders.join('\n')
  const loaded = await load(folders, cacheFolder, await sets.get(key))
  sets.set(key, Promise.resolve(loaded))
  return loaded.set
}

async function load(
  folders: readonly string[],
  cacheFolder: string,
  before?: Loaded,
): Promise<Loaded> {
  const all = [builtInScenarios, ...folders]
  const [scenarioFiles, tokenRequestorFiles] = await Promise.all([
    Promise.all(all.map(readFolder)),
    readTokenRequestorFiles(all),
  ])
  const unread = [
    ...(await emptyFolders(folders, scenarioFiles.slice(1))),
    ...(await unreadFiles(folders)),
  ]
  const source = await sourceOf([...tokenRequestorFiles, ...scenarioFiles.flat()], unread)
  if (before?.source === source) return before
  const cacheFile = join(cacheFolder, 'scenarios.json')
  const cached = await readCache(cacheFile, source)
  if (cached !== undefined) return cached

  const { readScenarioSet, readTokenRequestors } = await import('./read.ts')
  const tokenRequestors = readTokenRequestors(tokenRequestorFiles)
  const read = readScenarioSet(
    scenarioFiles,
    tokenRequestors.problems.length === 0 ? tokenRequestors.values : undefined,
  )
  const warnings = read.problems.filter(({ severity }) => severity === 'warning')
  const errors = [...tokenRequestors.problems, ...read.problems].filter(
    ({ severity }) => severity === 'error',
  )
  if (errors.length > 0)
    throw new SetupError(errors.map(formatProblem).join('\n'), {
      problems: errors.map((error) => inOneLine(error)),
      toll: toll(errors, (await filesOf(folders)).length),
    })
  const set: ScenarioSet = {
    scenarios: read.values,
    tokenRequestors: tokenRequestors.values,
    warnings: [...unread, ...warnings],
    replaced: read.replaced,
  }
  const loaded = { source, set }
  await writeCache(cacheFile, loaded)
  return loaded
}

/**
 * The YAML files directly in a folder, in name order; without hidden ones, which are an editor's own (Emacs locks
 * `story.yaml` with a link `.#story.yaml` to nowhere).
 *
 * @throws {SetupError} the folder cannot be read.
 */
export async function readFolder(folder: string): Promise<readonly SourceFile[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries
      // A pipe or a socket would be read for ever.
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => entry.name)
      .filter((name) => name.endsWith('.yaml') && !name.startsWith('.'))
      .sort()
    return await Promise.all(names.map((name) => readSource(join(folder, name))))
  } catch (cause) {
    const { path = folder } = cause as NodeJS.ErrnoException
    throw new SetupError(`${path}: ${whyUnreadable(cause)}; name a folder of *.yaml files`, {
      cause,
    })
  }
}

/** A file that cannot be read is a problem like any other, and told with them. */
async function readSource(path: string): Promise<SourceFile> {
  const name = nameInMessages(path)
  try {
    return { name, text: await readFile(path, 'utf8') }
  } catch (error) {
    return { name, text: '', fault: whyUnreadable(error) }
  }
}

function nameInMessages(path: string): string {
  const below = relative('', path)
  return below.startsWith('..') ? path : below
}

/** Warnings about what lies in these folders and is not read, though it looks as if it should be. */
export async function unreadFiles(folders: readonly string[]): Promise<readonly Problem[]> {
  const entries = await Promise.all(folders.map(unreadEntries))
  return entries.flat().map(({ path, message }) => warningAbout(path, message))
}

function warningAbout(path: string, message: string): Problem {
  return {
    file: nameInMessages(path),
    line: 1,
    column: 1,
    endColumn: 1,
    path: '',
    message,
    severity: 'warning',
    source: '',
  }
}

/** All that is read from these folders. */
async function filesOf(folders: readonly string[]): Promise<readonly SourceFile[]> {
  const scenarioFiles = await Promise.all(folders.map(readFolder))
  return [...scenarioFiles.flat(), ...(await readTokenRequestorFiles(folders))]
}

/** What is said of a folder that adds nothing. */
export const noFiles = 'there are no *.yaml files'

async function emptyFolders(
  folders: readonly string[],
  scenarioFiles: readonly (readonly SourceFile[])[],
): Promise<readonly Problem[]> {
  const withoutScenarios = folders.filter((_, position) => scenarioFiles[position]?.length === 0)
  const found = await Promise.all(
    withoutScenarios.map(async (folder) =>
      (await readTokenRequestorFolder(folder)).length === 0 ? [warningAbout(folder, noFiles)] : [],
    ),
  )
  return found.flat()
}

/**
 * The files of the `token-requestors` sub-folders, where there are any; the same name in a later folder overrides. In the order of the
 * folders, and in each in name order.
 *
 * @throws {SetupError} a file cannot be read.
 */
export async function readTokenRequestorFiles(
  folders: readonly string[],
): Promise<readonly TokenRequestorFile[]> {
  const read = await Promise.all(folders.map(readTokenRequestorFolder))
  const files = new Map<string, TokenRequestorFile>()
  for (const file of read.flat()) {
    const name = basename(file.name)
    // Moves to the end: of two that contradict each other, the one that came later is at fault.
    files.delete(name)
    files.set(name, file)
  }
  return [...files.values()]
}

async function readTokenRequestorFolder(parent: string): Promise<readonly TokenRequestorFile[]> {
  const folder = join(parent, 'token-requestors')
  if (!existsSync(folder)) return []
  const files = await readFolder(folder)
  return Promise.all(
    files.map(async (file) => ({
      ...file,
      logo: await readLogoFiles(folder, basename(file.name, '.yaml')),
    })),
  )
}

/** The files, those that are passed over, and the code that judges them: a cache made from anything else is not trusted. */
async function sourceOf(files: readonly SourceFile[], unread: readonly Problem[]): Promise<string> {
  judges ??= readJudges()
  return JSON.stringify([await judges, files, unread])
}

/** All that `read.ts` is made of: what any of these says is in the parsed set, or in its warnings. */
export const judging = [
  'card-number',
  'did-you-mean',
  'problem',
  'scenarios/logos',
  'scenarios/never-chosen',
  'scenarios/problem-names',
  'scenarios/read',
  'scenarios/reason-codes',
  'scenarios/schema',
  'scenarios/schema-parts',
  'scenarios/sense',
  'scenarios/statuses',
  'scenarios/story',
  'scenarios/suspicions',
  'scenarios/token-requestor-schema',
  'schema-members',
  'schema-proposals',
  'schema-wording',
  'schema-words',
  'synonyms',
  'transport',
  'yaml-file',
  'yaml-syntax',
] as const

/** Read once: a build while the simulator runs does not change the code that runs. */
let judges: Promise<readonly string[]> | undefined

function readJudges(): Promise<readonly string[]> {
  return Promise.all(
    judging.map((name) =>
      readFile(new URL(`../${name}${extname(import.meta.url)}`, import.meta.url), 'utf8'),
    ),
  )
}

async function readCache(file: string, source: string): Promise<Loaded | undefined> {
  try {
    const cache: Loaded = JSON.parse(await readFile(file, 'utf8'))
    return cache.source === source ? cache : undefined
  } catch {
    // Missing or damaged: the files themselves are read.
    return undefined
  }
}

async function writeCache(file: string, cache: Loaded): Promise<void> {
  // Of its own: another process may be writing too.
  const draft = `${file}.${performance.now()}.tmp`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(draft, JSON.stringify(cache), { mode: 0o600 })
    await rename(draft, file)
  } catch {
    // A folder that cannot be written costs time at the next start and nothing else.
  }
}
