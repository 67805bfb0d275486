import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { SetupError, whyUnreadable } from '../errors.ts'
import { type DownloadOptions, download, withoutPassword } from './download.ts'
import { isMeantAsPact, type Pact, readJsonOf, readPact } from './pact.ts'

/** What was found. */
export type Found = {
  readonly pacts: readonly Pact[]
  /** What there is to say about them, for people. */
  readonly notes: readonly string[]
}

/**
 * Reads pact files, each once.
 *
 * @param sources each a file, a folder whose `*.json` files are read as far as they are pacts, in folders of it too, or an http(s) URL.
 * @throws {SetupError} one of them is missing, is no pact, or is of an unknown version; or a folder has none.
 */
export async function readPacts(
  sources: readonly string[],
  options: DownloadOptions,
): Promise<Found> {
  const pacts = new Map<string, Pact>()
  const notes = new Set<string>()
  for (const source of sources) {
    const found = await readSource(source, options)
    for (const pact of found.pacts) {
      const place = isUrl(pact.source) ? pact.source : await realpath(pact.source)
      if (!pacts.has(place)) pacts.set(place, pact)
    }
    for (const note of found.notes) notes.add(note)
  }
  return { pacts: [...pacts.values()], notes: [...notes] }
}

const isUrl = (source: string) => /^https?:\/\//i.test(source)

async function readSource(source: string, options: DownloadOptions): Promise<Found> {
  if (isUrl(source)) {
    const named = withoutPassword(source)
    const json = readJsonOf(named, await download(source, options))
    return { pacts: [readPact(named, json)], notes: [] }
  }
  if (await isFolder(source)) return readFolder(source)
  return { pacts: [readPact(source, readJsonOf(source, await textOf(source)))], notes: [] }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    throw new SetupError(
      `${path}: ${whyUnreadable(cause)}; name a pact file, a folder of them, or a URL that begins with http:// or https://`,
      { cause },
    )
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SetupError(`${path}: ${whyUnreadable(cause)}`, { cause })
  }
}

async function readFolder(folder: string): Promise<Found> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.json') && !isForeign(name))
    .sort()
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return { path, json: readJsonOf(path, await textOf(path)) }
    }),
  )
  const pacts = files.filter(({ json }) => isMeantAsPact(json))
  if (pacts.length === 0) {
    const has = names.length === 0 ? 'no *.json file' : `no pact among ${names.join(', ')}`
    throw new SetupError(
      `${folder}: has ${has}; expected pact files, such as issuer-token-connect.json`,
    )
  }
  return {
    pacts: pacts.map(({ path, json }) => readPact(path, json)),
    notes: files
      .filter(({ json }) => !isMeantAsPact(json))
      .map(({ path }) => `${path}: is not a pact, and was passed over`),
  }
}

/** Of tools, and of packages: with pacts in them that are somebody else's. */
function isForeign(name: string): boolean {
  return name.split(sep).some((part) => part.startsWith('.') || part === 'node_modules')
}
