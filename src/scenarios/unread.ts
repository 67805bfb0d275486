import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { suggestion } from '../did-you-mean.ts'

/** The one sub-folder that is read. */
const tokenRequestors = 'token-requestors'

/** Something that its author may believe to be read. */
type Unread = { readonly path: string; readonly message: string }

/** What lies in a folder of scenarios and looks like it, but has the wrong ending or is in the wrong place. */
export async function unreadEntries(folder: string): Promise<readonly Unread[]> {
  const found = await Promise.all(
    (await entriesOf(folder)).map(async (entry) => {
      const path = join(folder, entry.name)
      if (!entry.isDirectory()) return wrongEnding(entry.name, path)
      if (entry.name !== tokenRequestors) return wrongFolder(entry.name, path)
      return (await entriesOf(path)).flatMap(({ name }) => wrongEnding(name, join(path, name)))
    }),
  )
  return found.flat()
}

function wrongEnding(name: string, path: string): readonly Unread[] {
  if (!/\.ya?ml$/i.test(name) || name.endsWith('.yaml')) return []
  const right = `${basename(name, extname(name))}.yaml`
  return [{ path, message: `is not read, because of its ending: rename it to ${right}` }]
}

async function wrongFolder(name: string, path: string): Promise<readonly Unread[]> {
  if (name.startsWith('.') || name === 'node_modules') return []
  if (name.endsWith('.yaml')) return [{ path, message: 'is a folder, and not read' }]
  const files = (await entriesOf(path)).filter((entry) => /\.ya?ml$/i.test(entry.name))
  if (files.length === 0) return []
  const message = `the *.yaml files of this folder are not read${suggestion(name, [tokenRequestors])}; scenarios lie directly in the folder above`
  return [{ path, message }]
}

/** None of a folder that cannot be read: whoever needs it says so. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}
