import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { withScenarioTables } from './support/scenario-tables.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFile(join(root, path), 'utf8')

function block(text: string, language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? ''
}

describe('README', () => {
  // `npx vitest run test/readme.test.ts --update` writes them anew.
  test('its tables of scenarios are those of the files', async () => {
    const page = await read('README.md')
    await expect(withScenarioTables(page)).resolves.toMatchFileSnapshot(join(root, 'README.md'))
  })

  test('its example for tests runs as it stands, against the package as built', async () => {
    // In the package, so that it finds `mdes-simulator` by name.
    const file = join(root, 'dist', 'readme-example.mjs')
    const folder = await mkdtemp(join(tmpdir(), 'readme-'))
    await writeFile(file, block(await read('README.md'), 'js'))
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder })
      expect(stdout).toBe('DECLINED\n')
    } finally {
      await Promise.all([rm(file), rm(folder, { recursive: true })])
    }
  })

  test('its links lead somewhere', async () => {
    const links = [...(await read('README.md')).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
      ([, target = '']) => target,
    )
    expect(links.length).toBeGreaterThan(2)
    expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([])
  })
})
