import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { builtInScenarios, readFolder } from '../src/scenarios/load.ts'
import { readScenarios } from '../src/scenarios/read.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFile(join(root, path), 'utf8')

function block(text: string, language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(text)?.[1] ?? ''
}

describe('README', () => {
  test('its table of scenarios is that of the files', async () => {
    const { values } = readScenarios(await readFolder(builtInScenarios))
    const rows = values.map(
      ({ name, when, description }) =>
        `| \`${name}\` | ${when?.card?.number ?? ''} | ${description} |`,
    )
    const [, table = ''] =
      /<!-- scenarios: .*?-->\n(.*?)<!-- \/scenarios -->/s.exec(await read('README.md')) ?? []
    const cells = (row: string) => row.replace(/ +/g, ' ')
    expect(table.trim().split('\n').slice(2).map(cells)).toEqual(rows.map(cells))
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

  test("the scenario language's example is a good file", async () => {
    const text = block(await read('scenarios/README.md'), 'yaml')
    expect(readScenarios([{ name: 'debit-declined-in-prague.yaml', text }])).toMatchObject({
      problems: [],
      values: [{ provision: { outcome: 'DECLINED' } }],
    })
  })
})
