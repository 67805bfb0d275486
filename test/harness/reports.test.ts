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

  test('says of an exchange that failed that it did, and of a lost one that nothing came', async ({
    played,
  }) => {
    const refused = story('gateway: { status: 503, times: 1 }\nexpect: { pushes: 1 }', 'refused')
    const lost = story('provision: { transport: reset }\nexpect: { page: RECEIPT_USED }', 'lost')
    const page = htmlReport((await played([refused, lost])).report)
    expect(page).toMatch(
      /<text class="said"[^>]*>✗ 503, SERVICE_UNAVAILABLE<\/text>\n<line class="answers failed"/,
    )
    expect(page).toMatch(
      /<text class="said"[^>]*>✗ lost: ECONNRESET<\/text>\n<line class="answers lost"[^>]* marker-end="url\(#head-lost\)"/,
    )
    expect(page).toContain(
      'aria-label="3: Browser to Click to Pay, GET /provision, lost: ECONNRESET; here it went wrong"',
    )
    // What went well has no mark.
    expect(page).toMatch(/<text class="said"[^>]*>200, 1 receipt<\/text>\n<line class="answers"/)
  })

  test('has no list of exchanges where nobody called anybody', async ({ played }) => {
    const browserless = await played(['approved'], { issuer: async () => ({ pushes: [] }) })
    const page = htmlReport(browserless.report)
    expect(page).toContain('<h1>0 of 1 as expected</h1>')
    expect(page).not.toMatch(/<ol|<svg class="diagram"/)
  })

  test('is a page of text whatever a file has in it', async ({ played }) => {
    const yaml = `name: story\ndescription: "<script>alert(1)</script>"\n`
    const page = htmlReport((await played([yaml])).report)
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).not.toContain('<script')
  })
})
