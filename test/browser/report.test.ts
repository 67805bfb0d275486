import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { chromium as engine } from 'playwright-core'
import { describe, expect } from 'vitest'
import { htmlReport } from '../../src/harness/html-report.ts'
import { story, test } from '../support/playing.ts'
import { chromium, hasChromium } from '../support/programs.ts'

const screenshots = fileURLToPath(new URL('../../node_modules/.cache/screenshots', import.meta.url))

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }

describe.skipIf(!hasChromium)(
  'the report of a run in a browser (skipped without Chromium)',
  { timeout: 60_000 },
  () => {
    test('fits phone and desktop, is accessible, and each arrow opens its exchange', async ({
      played,
      folder,
    }) => {
      const wrong = story('provision: { outcome: ask }\nexpect: { callback: none }', 'wrong')
      const { report } = await played([wrong, 'step-up-by-text', 'wire-quota-exceeded'])
      const file = join(folder, 'report.html')
      await writeFile(file, htmlReport(report))
      await mkdir(screenshots, { recursive: true })
      const browser = await engine.launch({
        executablePath: chromium,
        args: ['--no-sandbox', '--disable-gpu'],
      })
      try {
        for (const [size, viewport] of Object.entries(sizes)) {
          // The page's own policy keeps axe out.
          const page = await browser.newPage({ viewport, bypassCSP: true })
          await page.goto(pathToFileURL(file).href)
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width)
          await page.locator('details:has(> #step-up-by-text) > summary').click()
          // No label is cut off, and no duration is broken in two.
          expect(
            await page.evaluate(
              `[...document.querySelectorAll('.said')].filter((label) => {
                const { left, right } = label.getBoundingClientRect()
                const diagram = label.closest('svg').getBoundingClientRect()
                return left < diagram.left - 1 || right > diagram.right + 1
              }).map((label) => label.textContent)`,
            ),
          ).toEqual([])
          expect(
            await page.evaluate(
              `[...document.querySelectorAll('.time')].every((time) => time.getClientRects().length <= 1)`,
            ),
          ).toBe(true)
          const exchange = page.locator('#step-up-by-text_3')
          expect(await exchange.isVisible()).toBe(false)
          await page.locator('#step-up-by-text svg a').nth(2).click()
          await exchange.waitFor()
          await page.evaluate(axe.source)
          const { violations } = (await page.evaluate('axe.run()')) as Pick<
            AxeResults,
            'violations'
          >
          expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
          await page.screenshot({ path: join(screenshots, `${size}-report.png`), fullPage: true })
        }
      } finally {
        await browser.close()
      }
    })
  },
)
