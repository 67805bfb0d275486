import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from 'vitest'

/** Gives each test a folder of its own, gone afterwards. */
export const test = base.extend<{ folder: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'mdes-simulator-test-'))
    await use(folder)
    await rm(folder, { recursive: true })
  },
})
