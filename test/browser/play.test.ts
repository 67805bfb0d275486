import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { inOneLine } from '../../src/harness/expectations.ts'
import { htmlReport } from '../../src/harness/html-report.ts'
import { readIssuerFile } from '../../src/harness/issuer-file.ts'
import type { Played } from '../../src/harness/play.ts'
import { playApplication } from '../../src/harness/play-application.ts'
import { type RealBrowser, startBrowser } from '../../src/harness/real-browser.ts'
import { readProject } from '../../src/issuer/project.ts'
import { type Server, serve } from '../../src/serve.ts'
import { startApplication, wayThrough } from '../support/application.ts'
import { inBrowser } from '../support/browser.ts'
import { test as base, story } from '../support/playing.ts'
import { chromium } from '../support/programs.ts'
import {
  type Manner,
  startScriptApplication,
  wayThroughScripts,
} from '../support/script-application.ts'

const test = base.extend<{
  real: RealBrowser
  /** Plays scenarios against an application in the real browser, and closes the application. */
  against: (
    application: Server,
    way: string,
    scenarios: readonly string[],
    over?: 'http',
  ) => Promise<readonly Played[]>
  scripts: (manner?: Manner) => Promise<Server>
}>({
  real: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
    async ({}, use) => {
      const browser = await startBrowser({ path: chromium, programs: '', endsWithSignals: true })
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  against: async ({ admin, folder, real }, use) =>
    use(async (application, way, names, over) => {
      const path = join(folder, 'issuer.yaml')
      await writeFile(path, way)
      try {
        const { scenarios } = await playApplication({
          admin,
          playables: await Promise.all(
            names.map(async (name) => ({ scenario: await admin.story(name) })),
          ),
          url: application.url,
          file: await readIssuerFile(path, {}),
          now: Date.UTC(2026, 0, 30, 12),
          ...(over === undefined && { newCardholder: real.newCardholder }),
        })
        return scenarios
      } finally {
        await application.close()
      }
    }),
  scripts: async ({ admin, simulator }, use) =>
    use(async (manner) =>
      startScriptApplication(await readProject(simulator.keyring, admin.url), manner),
    ),
})

const told = ({ failures }: Played) =>
  failures.map((failure) => [inOneLine(failure), failure.cause ?? 'nobody knows why'])

inBrowser('mdes-sim play --browser', () => {
  describe('scenarios', () => {
    test('end as they do over HTTP', { timeout: 120_000 }, async ({ played, real }) => {
      const names = [
        'approved',
        'approved-new-consumer',
        'ask',
        'cardholder-double-clicks',
        'cardholder-walks-away',
        'cardholder-goes-back',
        'forged-signature-changed',
        'ineligible-card',
        'mixed-outcomes',
        'odd-raw-brackets',
        'step-up-by-text',
        'wire-page-no-answer',
        'wire-page-slow',
      ]
      const { report } = await played(names, { newCardholder: real.newCardholder, atOnce: 4 })
      const overHttp = await played(names)
      const endings = (scenarios: readonly Played[]) =>
        scenarios.map(({ name, ending, failures }) => [name, ending, failures])
      expect(endings(report.scenarios)).toEqual(endings(overHttp.report.scenarios))
      expect(report.passed).toBe(true)
    })

    test('tell the same twice, times apart, and no secret', { timeout: 60_000 }, async ({
      played,
      real,
    }) => {
      const times = new Set(['ms', 'seconds', 'startedAt'])
      const run = async () =>
        (
          await played(['approved-new-consumer', 'cardholder-double-clicks', 'step-up-by-text'], {
            newCardholder: real.newCardholder,
          })
        ).report
      const [first, again] = [await run(), await run()]
      const withoutTimes = (report: object) =>
        JSON.stringify(report, (name, value) => (times.has(name) ? undefined : value))
      expect(withoutTimes(again)).toBe(withoutTimes(first))
      expect(htmlReport(first)).not.toMatch(
        /eyJ|@example\.com|7181234567|one-time-code|no phone here|localhost:/,
      )
    })

    test('that expect something else fail with the same cause', async ({ playedOne, real }) => {
      const one = await playedOne(story('expect: { callback: { status: CANCELLED } }'), {
        newCardholder: real.newCardholder,
      })
      expect(told(one)).toEqual([
        [
          'callback.status: expected CANCELLED, came APPROVED',
          'the simulator ended APPROVED; back to http://bank/tokenization-results',
        ],
      ])
    })

    test('whose page never comes are lost, in words of the browser', async ({
      playedOne,
      real,
    }) => {
      const { ending } = await playedOne('wire-page-reset', { newCardholder: real.newCardholder })
      expect(ending).toBe('page lost, ConnectionReset')
    })
  })

  describe('an application', () => {
    test('of plain HTML passes as over HTTP', async ({ against, admin, simulator }) => {
      const project = await readProject(simulator.keyring, admin.url)
      const scenarios = await against(await startApplication(project), wayThrough, [
        'approved',
        'cardholder-double-clicks',
        'cardholder-returns-after-expiry',
        'ineligible-card',
      ])
      expect(scenarios.flatMap(told)).toEqual([])
    })

    test('made by scripts has to be opened in a browser', async ({ against, scripts }) => {
      const [one] = await against(await scripts(), wayThroughScripts, ['approved'], 'http')
      expect(one && told(one)[0]).toEqual([
        'way: expected a form with the field "Your name" and the field "Secret word", came the page "Script Bank" with nothing to click; its scripts are not run here',
        'step 1 of issuer.yaml does not fit this page. Without --browser only plain HTML is played: forms, buttons and links, without JavaScript',
      ])
    })

    test.for<[Manner, readonly string[]]>([
      ['goes there', ['approved', 'declined', 'ineligible-card', 'cardholder-double-clicks']],
      ['opens a window', ['approved']],
      ['goes there later', ['approved', 'declined', 'approved']],
      ['goes on from its callback', ['approved', 'cardholder-double-clicks']],
    ])('made by scripts passes there: it %s', async ([manner, names], { against, scripts }) => {
      const scenarios = await against(await scripts(manner), wayThroughScripts, names)
      expect(scenarios.flatMap(told)).toEqual([])
      if (manner === 'goes on from its callback') return
      const [{ exchanges } = { exchanges: [] }] = scenarios
      expect(exchanges.map(({ from, to, asks, answers }) => [from, to, asks, answers])).toEqual([
        ['browser', 'issuer', 'GET /', '200, Script Bank'],
        ['browser', 'issuer', 'POST /api/log-in', '200'],
        ['browser', 'issuer', 'POST /api/add', '200'],
        ['issuer', 'token-connect', 'POST pushMultipleAccounts', '200, 1 receipt'],
        ['browser', 'click-to-pay', 'GET /provision', '303, back to the bank'],
        ['browser', 'callback', 'GET /back', '200, Script Bank'],
        ['browser', 'issuer', 'GET /api/result', '200'],
      ])
      expect(JSON.stringify(scenarios)).not.toMatch(/open-sesame|opaque-0815/)
    })

    test.for<[Manner, scenario: string, ...expected: (string | RegExp)[]]>([
      [
        'DECLINED is success',
        'declined',
        'result page: expected DECLINED: "Not added.", came APPROVED: "Added."',
        /with the status DECLINED: once decoded/,
      ],
      [
        'says nothing',
        'approved',
        /^result page: expected APPROVED: "Added\.", came no words of issuer\.yaml, but "Script Bank"/,
        /with the status APPROVED/,
      ],
      [
        'throws',
        'approved',
        /^push: expected one, came none that the simulator knows of, and the page "Script Bank" with the buttons "Add to Click to Pay"; the fields "City"/,
        /The browser's console says: Cannot read properties of undefined \(reading 'add'\)$/,
      ],
      [
        'covers its button',
        'approved',
        'way: expected the field "agreed" to take what is filled in, came the page "Script Bank" with the buttons "Add to Click to Pay" (disabled); the fields "City", "Send me news", "Gold", "Everyday", "I agree"',
        'step 3 of issuer.yaml does not fit this page. It is covered by <div class="cover">. The page asked for https://fonts.example, where nobody goes: list under origins what belongs to the application',
      ],
    ])('fails where it %s', async ([manner, scenario, ...expected], { against, scripts }) => {
      const [one] = await against(await scripts(manner), wayThroughScripts, [scenario])
      expect(one && told(one)).toEqual([
        expected.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
      ])
    })

    test('that leads where nobody goes is told so, and nobody went', async ({
      against,
      scripts,
    }) => {
      let visits = 0
      const other = await serve(
        {
          fetch: () => {
            visits += 1
            return new Response('Here?')
          },
        },
        { port: 0 },
      )
      const leadsTo = `${other.url}/provision?pushAccountReceipts=1`
      const [one] = await against(await scripts({ leadsTo }), wayThroughScripts, ['approved'])
      await other.close()
      expect(one && told(one)).toEqual([
        [
          `redirect: expected a page of http://bank, or Click to Pay at the simulator, came ${other.url}/provision`,
          expect.stringMatching(
            /^nobody goes there\. If it belongs to the application, list its origin/,
          ),
        ],
      ])
      expect(visits).toBe(0)
    })
  })
})
