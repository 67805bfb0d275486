import { describe, expect } from 'vitest'
import { htmlReport } from '../../src/harness/html-report.ts'
import { story, test } from '../support/playing.ts'

describe('the HTML report', () => {
  test('has failures first, open, and the arrow where it went wrong', async ({ played }) => {
    const wrong = story('provision: { outcome: ask }\nexpect: { callback: none }', 'wrong')
    const page = htmlReport((await played(['approved', wrong])).report)
    expect(page).toContain('<h1>1 of 2 as expected</h1>')
    const open = [...page.matchAll(/<details class="story (\w+)"( open)?>/g)].map(
      ([, verdict, isOpen]) => [verdict, isOpen],
    )
    expect(open).toEqual([
      ['bad', ' open'],
      ['good', undefined],
    ])
    expect(page).toMatch(/<a href="#wrong">wrong<\/a>\n<span class="where">Browser → Click to Pay/)
    expect(page.match(/; here it went wrong" class="wrong"/g)).toHaveLength(1)
    expect(page).not.toContain('<script')
    // Each arrow leads to something, and to something else.
    const links = [...page.matchAll(/<a href="#([^"]+)" aria-label/g)].map(([, id]) => id)
    expect(links.length).toBeGreaterThan(10)
    expect(new Set(links).size).toBe(links.length)
    for (const id of links) expect(page).toContain(`id="${id}"`)
  })

  test('is a page of text whatever a file has in it', async ({ played }) => {
    const yaml = `name: story\ndescription: "<script>alert(1)</script>"\n`
    const page = htmlReport((await played([yaml])).report)
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script')
  })
})
