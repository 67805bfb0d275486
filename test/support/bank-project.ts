import { type ChildProcess, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What one command came to. */
export type Ended = { readonly code: number | null; readonly output: string }

/** A bank's project, with the package installed as it would be published. */
export type BankProject = {
  readonly folder: string
  readonly write: (path: string, text: string) => Promise<void>
  /** Runs Node on a file of the project, such as a program of its `node_modules`. */
  readonly node: (
    args: readonly string[],
    environment?: Readonly<Record<string, string>>,
  ) => Promise<Ended>
}

export const programs = {
  exec: ['node_modules/mdes-simulator/dist/cli.js', 'exec', '--'],
  vitest: ['node_modules/vitest/vitest.mjs', 'run'],
  playwright: ['node_modules/@playwright/test/cli.js', 'test'],
} as const

export const test = base.extend<{ project: BankProject }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  project: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'mdes-simulator-bank-'))
    await install(join(folder, 'node_modules'))
    const running: ChildProcess[] = []
    await use({
      folder,
      write: async (path, text) => {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      },
      node: (args, environment = {}) => {
        const child = spawn(process.execPath, args, {
          cwd: folder,
          // Nothing of the vitest that runs this.
          env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', ...environment },
          stdio: ['ignore', 'pipe', 'pipe'],
        })
        running.push(child)
        let output = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk) => {
            output += chunk
          })
        return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
      },
    })
    for (const child of running) child.kill('SIGKILL')
    await rm(folder, { recursive: true, maxRetries: 3 })
  },
})

/** Copies what is published, because a link to it would be taken for the bank's own code; its dependencies are links. */
async function install(modules: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const link = async (name: string) => {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(root, 'node_modules', name), join(modules, name), 'junction')
  }
  await Promise.all(
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)].map(link),
  )
  for (const path of ['package.json', 'dist', 'scenarios'])
    await cp(join(root, path), join(modules, 'mdes-simulator', path), { recursive: true })
}
