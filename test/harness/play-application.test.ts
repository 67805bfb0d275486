import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { showProgress } from '../../src/commands/play-progress.ts'
import { conformance } from '../../src/harness/conformance.ts'
import { inOneLine } from '../../src/harness/expectations.ts'
import { htmlReport } from '../../src/harness/html-report.ts'
import { issuerFileSchema, readIssuerFile } from '../../src/harness/issuer-file.ts'
import type { Played, PlayReport } from '../../src/harness/play.ts'
import { type ApplicationPlayOptions, playApplication } from '../../src/harness/play-application.ts'
import { bank } from '../../src/issuer/bank.ts'
import { readProject } from '../../src/issuer/project.ts'
import { type Server, serve } from '../../src/serve.ts'
import { type Mistake, startApplication, wayThrough } from '../support/application.ts'
import { test as base } from '../support/playing.ts'

const wayThroughDemo = `steps:
  - click: Ask MDES again
  - click: { button: card, value: Everyday }
results:
  APPROVED: /^Your card is in Click to Pay$/
  REQUIRE_ADDITIONAL_AUTHENTICATION: One more step
  DECLINED: /^Your card was not added$/
  CANCELLED: You did not add the card
  ERROR: Something went wrong at Click to Pay
  DUPLICATE_REQUEST: Your card was in Click to Pay already
  AUTHENTICATED: Your card is ready, and you are verified
  DELETED: Your card was removed again
failed: /^(This card cannot be added|Click to Pay is not available|This card is in too many|We cannot add cards)/
`

type Against = (
  application: Server,
  way: string,
  scenarios: readonly string[],
  options?: Partial<ApplicationPlayOptions>,
) => Promise<PlayReport>

const test = base.extend<{
  /** Plays scenarios against an application, and closes it. */
  against: Against
  demo: () => Promise<Server>
  /** A small application, with a mistake. */
  small: (mistake?: Mistake) => Promise<Server>
}>({
  against: async ({ admin, folder }, use) =>
    use(async (application, way, scenarios, options) => {
      const path = join(folder, 'issuer.yaml')
      await writeFile(path, way)
      try {
        return await playApplication({
          admin,
          playables: await Promise.all(
            scenarios.map(async (name) => ({ scenario: await admin.story(name) })),
          ),
          url: application.url,
          file: await readIssuerFile(path, { BANK_USER: 'demo', BANK_PASSWORD: 'demo' }),
          now: Date.UTC(2026, 0, 30, 12),
          ...options,
        })
      } finally {
        await application.close()
      }
    }),
  demo: async ({ admin, simulator }, use) =>
    use(async () => {
      const project = await readProject(simulator.keyring, admin.url)
      const demo: Parameters<typeof serve>[0] = bank({
        project,
        ownUrl: () => demo.publicUrl ?? '',
        patienceMs: 3000,
      })
      return serve(demo, { port: 0 })
    }),
  small: async ({ admin, simulator }, use) =>
    use(async (mistake) =>
      startApplication(await readProject(simulator.keyring, admin.url), mistake),
    ),
})

const told = ({ failures, exchanges }: Played) =>
  failures.map((failure) => [
    inOneLine(failure),
    failure.cause ?? 'nobody knows why',
    exchanges[failure.exchange ?? -1]?.asks ?? 'nowhere',
  ])

const battery = conformance.map(({ scenario }) => scenario)
const lessons = new Map(conformance.map(({ scenario, ...lesson }) => [scenario, lesson]))

describe('an application that does as it should', () => {
  test.for([
    ['the demo bank', wayThroughDemo],
    ['a bank with a log-in', wayThrough],
  ] as const)('passes the battery: %s', async ([which, way], { against, admin, demo, small }) => {
    const application = await (which === 'the demo bank' ? demo() : small())
    const report = await against(application, way, battery, { lessons })
    expect(report.scenarios.flatMap((one) => told(one).map((why) => [one.name, ...why]))).toEqual(
      [],
    )
    const page = htmlReport(report)
    expect(page).toContain(`<h1>Conformance: ${battery.length} of ${battery.length}</h1>`)
    expect(page).not.toMatch(/eyJ[\w-]{20}|localhost:|PRIVATE KEY/)
    const key = await admin.defaultConsumerKey()
    const response = await fetch(
      `${admin.url}/__simulator/scenario?consumerKey=${encodeURIComponent(key)}`,
    )
    expect(await response.json()).toEqual({ scenario: null })
  })

  test('passes other scenarios, refusals and problem pages among them', async ({
    against,
    demo,
  }) => {
    const { scenarios } = await against(await demo(), wayThroughDemo, [
      'ask',
      'approved-new-consumer',
      'approved-without-signature',
      'step-up-by-text',
      'ineligible-card',
      'ineligible-click-to-pay',
      'ineligible-issuer',
      'forged-approval',
      'forged-signature-changed',
      'wire-garbage',
      'wire-page-reset',
    ])
    expect(scenarios.flatMap((one) => told(one).map((why) => [one.name, ...why]))).toEqual([])
  })
})

describe('an application with a mistake fails, and is told which', () => {
  test.for<[Mistake, scenario: string, ...(string | RegExp)[]]>([
    [
      'DECLINED is success',
      'declined',
      'result page: expected DECLINED: "Not added.", came APPROVED: "Added."',
      /^the browser brought results%5BMCC-[^ ]*%5D=DECLINED, which is receipt MCC-[^ ]* with the status DECLINED: once decoded, /,
      'GET /back',
    ],
    [
      'splits at the wrong bracket',
      'approved',
      'result page: expected APPROVED: "Added.", came no words of issuer.yaml, but "Small Bank / We do not know."',
      /which is receipt MCC-[^ ]* with the status APPROVED and a token reference after the bar: once decoded, the name is results\[RECEIPT\], and the value STATUS or STATUS\|TOKEN\. Where the page is right, issuer\.yaml has other words than it$/,
      'GET /back',
    ],
    [
      'pushes twice',
      'approved',
      'pushes: expected 1, came 2',
      /^a push that was answered was made again: push once for each click/,
      'POST pushMultipleAccounts',
    ],
    [
      'pushes twice',
      'wire-slow',
      'pushes: expected 1, came 2',
      /^a push that was answered was made again/,
      'POST pushMultipleAccounts',
    ],
    [
      'trusts any receipt',
      'forged-receipt',
      'result page: expected nothing that sounds like success, came APPROVED: "Added."',
      /^the receipt MCC-STL-0BADC0DE-.* was never pushed from here: anybody can write that address, so hold each receipt against those that were pushed$/,
      'GET /back',
    ],
    [
      'fails on what it cannot read',
      'odd-no-results',
      'application: expected no HTTP 5xx, came HTTP 500 for /back',
      /^the page says "Small Bank \/ Oh\."; /,
      'GET /back',
    ],
    [
      'says nothing of a failed push',
      'ineligible-card',
      'page after a failed push: expected "/^We cannot add/", or another push that works, came "Small Bank / Hello."',
      'the last push was refused: ACCOUNT_INELIGIBLE; the cardholder must be told',
      'POST /add',
    ],
    [
      'does not wait',
      'wire-quota-exceeded',
      /^patience: expected no push for 30 s, since the answer before had Retry-After: 30, came one after \d\.\d s$/,
      /^whoever asks again sooner is refused again: wait as long/,
      'POST pushMultipleAccounts',
    ],
    [
      'shows its stack trace',
      'approved',
      'application: expected words for a cardholder, came "java.lang.NullPointerException: token at com.bank.Result.show(Result.java:17)"',
      /^the page shows how the application is built inside/,
      'GET /back',
    ],
    [
      'has the card in an address',
      'approved',
      /^addresses: expected no card number in any, came http:\/\/bank\/back\?card=512345\*{6}2346&results/,
      /^addresses are in the logs of every server on the way/,
      'GET /back',
    ],
    [
      'signs with an unknown key',
      'approved',
      'push: expected one, came none that the simulator knows of, and the page "Small Bank" with nothing to click',
      /^a call came that was refused, and is nobody's until it is signed well; it may be the application's\. UNKNOWN_CONSUMER_KEY: .* Fix: Send the consumer key/,
      'POST /add',
    ],
  ])('%s: %s', async ([mistake, scenario, ...expected], { against, small }) => {
    const [one] = (await against(await small(mistake), wayThrough, [scenario])).scenarios
    expect(one && told(one)).toEqual([
      expected.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
    ])
  })

  test('and is told what nothing failed for', async ({ against, small }) => {
    const report = await against(await small('forgets extFlow'), wayThrough, [
      'approved',
      'declined',
    ])
    const note = 'Warning: extFlow=true is missing: Click to Pay then offers no "Remember Me".'
    expect(report.scenarios.map(({ passed, notes }) => [passed, notes])).toEqual([
      [true, [note]],
      [true, [note]],
    ])
    expect(htmlReport(report)).toMatch(
      /<li>Warning: extFlow=true is .* <small>approved, declined<\/small>/,
    )
    const lines: string[] = []
    showProgress([], { print: (line) => lines.push(line) }).ended(report)
    expect(lines).toContain(`  ${note} (approved, declined)`)
  })

  test('in the report, which has the calls of the application as arrows', async ({
    against,
    small,
  }) => {
    const report = await against(await small('pushes twice'), wayThrough, ['approved'])
    expect(
      report.scenarios[0]?.exchanges.map(({ from, to, asks }) => `${from} ${to} ${asks}`),
    ).toEqual([
      'browser issuer GET /start',
      'browser issuer POST /log-in',
      'browser issuer GET /cards',
      'browser issuer POST /add',
      'issuer token-connect POST pushMultipleAccounts',
      'issuer token-connect POST pushMultipleAccounts',
      'browser click-to-pay GET /provision',
      'browser callback GET /back',
    ])
    const calls = report.scenarios[0]?.exchanges.filter(({ to }) => to === 'token-connect') ?? []
    for (const { request, response } of calls) {
      expect(request).toMatch(/^POST http:\/\/simulator\/mdes\/.*"encryptedData": "\(cut\)"/s)
      expect(response).toMatch(/^HTTP 200\n.*"pushAccountReceipt": "MCC-/s)
    }
    expect(htmlReport(report)).not.toMatch(/eyJ|oauth_signature=(&quot;|")(?!\(cut)/)
  })
})

test('the issuer.yaml of the README is one', async ({ folder }) => {
  const page = await readFile(new URL('../../src/harness/README.md', import.meta.url), 'utf8')
  const path = join(folder, 'issuer.yaml')
  await writeFile(path, /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '')
  const { steps, secrets } = await readIssuerFile(path, { BANK_PASSWORD: 'sesame' })
  expect(steps).toHaveLength(2)
  expect(secrets).toEqual(['sesame'])
})

test('the JSON Schema of issuer.yaml is current (npm run schema)', async () => {
  const schema = new URL('../../src/harness/issuer.schema.json', import.meta.url)
  expect(JSON.parse(await readFile(schema, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(issuerFileSchema())),
  )
})

describe('a log-in from the environment', () => {
  /** Repeats what it was told, in its address too. */
  const echo = () =>
    serve(
      {
        fetch: async (request) => {
          const said = new URL(request.url).searchParams.get('password') ?? ''
          const text = said.replaceAll('&', '&amp;')
          return new Response(
            `<title>Bank</title><body><p>You said: ${text}<form action="/in"><input name=password></form></body>`,
            { headers: { 'Content-Type': 'text/html' } },
          )
        },
      },
      { port: 0 },
    )

  test('is typed in, and shown in no report', async ({ against, folder }) => {
    const way = `steps: [{ fill: { password: '\${PASSWORD} or $\${PASSWORD}' } }]\nresults: { APPROVED: Added }\n`
    const path = join(folder, 'secret.yaml')
    await writeFile(path, way)
    const file = await readIssuerFile(path, { PASSWORD: 'sésame & 1' })
    expect(file.steps[0]?.fill).toEqual({ password: `sésame & 1 or \${PASSWORD}` })
    const report = await against(await echo(), 'results: { APPROVED: Added }', ['approved'], {
      file,
    })
    for (const shown of [JSON.stringify(report), htmlReport(report)]) {
      expect(shown).toContain(`You said: (secret) or \${PASSWORD}`)
      expect(shown).not.toMatch(/s(é|%C3%A9)same/i)
    }
  })

  test.for<[string, string, RegExp]>([
    [
      'is not set',
      `\${NOBODY}`,
      /:1:29 steps\[0\]\.fill\.password: the environment variable NOBODY is not set; set it, or write \$\$\{/,
    ],
    ['is empty', `x\${EMPTY}`, /:1:29 .* the environment variable EMPTY is empty; /],
    [
      'has no name',
      `\${1}`,
      /:1:29 .* \$\{ begins the name of an environment variable, such as \$\{BANK_PASSWORD\}/,
    ],
  ])('is refused when a variable %s', async ([, value, message], { folder }) => {
    const path = join(folder, 'issuer.yaml')
    await writeFile(
      path,
      `steps: [{ fill: { password: '${value}' } }]\nresults: { APPROVED: Added }\n`,
    )
    await expect(readIssuerFile(path, { EMPTY: '' })).rejects.toThrow(message)
  })
})

describe('a way that does not fit the application', () => {
  test.for<[string, steps: string, ...(string | RegExp)[]]>([
    [
      'a field that is not there',
      '[{ fill: { user: demo }, click: Log in }]',
      /^way: expected a form with the field "user", came the page "Small Bank" with the buttons "Log in"; the links "Log in help"; the fields username, password$/,
      /^step 1 of issuer\.yaml does not fit this page\. Without --browser only plain HTML is played/,
      'GET /start',
    ],
    [
      'a button that is not there',
      '[{ click: Sign in }]',
      /^way: expected a button or a link "Sign in", came the page/,
      /^step 1/,
      'GET /start',
    ],
    [
      'a choice that is not there',
      '[{ fill: { username: a, password: a } }, { fill: { card: Silver }, click: add=yes }]',
      /^way: expected the option "Silver" and not only Gold, Everyday in the field "card", came the page "Small Bank" with the buttons "Add" \(add=later\), "Add" \(add=yes\); the fields card, agreed$/,
      /^step 2/,
      'GET /cards',
    ],
    [
      'too few steps',
      '[]',
      /^push: expected one, came none that the simulator knows of, and the page "Small Bank" with the buttons "Log in"/,
      /^the steps of issuer\.yaml do not lead to a push/,
      'GET /start',
    ],
  ])('%s', async ([, steps, ...expected], { against, small }) => {
    const way = wayThrough.replace(/steps:\n.*(?=results:)/s, `steps: ${steps}\n`)
    const [one] = (await against(await small(), way, ['approved'])).scenarios
    expect(one && told(one)).toEqual([
      expected.map((text) => (typeof text === 'string' ? text : expect.stringMatching(text))),
    ])
  })

  test('words of issuer.yaml that fit two endings', async ({ against, small }) => {
    const way = wayThrough
      .replace('APPROVED: Added.', 'APPROVED: /^Added.$/')
      .replace('CANCELLED: You changed your mind.', 'CANCELLED: /^Added\\.?$/')
    const [one] = (await against(await small(), way, ['approved'])).scenarios
    expect(one && told(one)[0]?.[0]).toBe(
      'result page: expected APPROVED: "/^Added.$/" alone, came APPROVED: "/^Added.$/" and CANCELLED: "/^Added\\.?$/"',
    )
    expect(one?.failures[0]?.cause).toContain('make the words of issuer.yaml narrower')
  })

  test('words of one ending that are in those of another', async ({ against, small }) => {
    const way = wayThrough.replace('AUTHENTICATED: Added, and', 'AUTHENTICATED: Added. And')
    await expect(against(await small(), way, ['approved'])).rejects.toThrow(
      /issuer\.yaml:8:13 results\.APPROVED: is in the words of AUTHENTICATED, too \("Added\. And you are verified\."\): make it narrower; /,
    )
  })
})

test.for(['http://', 'http://[', 'http://user:word@localhost/'])(
  'an application that leads to %s fails, and the next scenario is played',
  async (Location, { against }) => {
    const odd = await serve(
      { fetch: () => new Response(null, { status: 302, headers: { Location } }) },
      { port: 0 },
    )
    const { scenarios } = await against(odd, wayThrough, ['approved', 'declined'])
    expect(scenarios.map((one) => told(one)[0]?.[0])).toEqual([
      expect.stringMatching(/^way: expected an answer, came none \(an address that is none: /),
      expect.stringMatching(/^way: expected an answer, came none \(an address that is none: /),
    ])
  },
)

test('an application that was stopped in the middle has no scenario in use', async ({
  against,
  small,
  admin,
}) => {
  const stopping = new AbortController()
  const onBegun = () => void setTimeout(() => stopping.abort(), 100)
  await expect(
    against(await small(), wayThrough, ['wire-slow'], { signal: stopping.signal, onBegun }),
  ).rejects.toThrow(/^stopped/)
  const response = await fetch(`${admin.url}/__simulator/scenario`)
  expect(await response.json()).toEqual({ scenario: null })
})
