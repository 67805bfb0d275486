import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { assumptions } from '../../src/assumptions.ts'
import { tables, withTables } from '../support/rules-page.ts'

const file = fileURLToPath(new URL('../../src/token-connect/README.md', import.meta.url))

describe('the page of rules', () => {
  test('has a place for every table', async () => {
    const page = await readFile(file, 'utf8')
    for (const name of Object.keys(tables)) expect(page).toContain(`<!-- ${name} -->\n`)
  })

  // `npx vitest run test/token-connect/rules-page.test.ts --update` writes them anew.
  test('its tables are those of the code', async () => {
    await expect(withTables(await readFile(file, 'utf8'))).toMatchFileSnapshot(file)
  })

  test('tells every assumption that can be changed, and its default', async () => {
    const page = await readFile(file, 'utf8')
    for (const [name, value] of Object.entries(assumptions)) {
      const row = page.split('\n').find((line) => line.includes(`| \`${name}\`: `))
      expect(row, name).toContain(`\`${value}\``)
    }
    expect(page).toContain('`requestSignature.timestampWindowSeconds`')
    expect(page).toContain('`requestSignature.nonceMemorySeconds`')
  })

  test('its links lead somewhere', async () => {
    const links = [...(await readFile(file, 'utf8')).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(
      ([, target = '']) => target,
    )
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((target) => !existsSync(join(dirname(file), target)))).toEqual([])
  })
})
