import { readdirSync } from 'node:fs'
import { test as base, describe, expect } from 'vitest'
import { type IssuerProject, readCallback, signed } from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import { builtInScenarios, readFolder } from '../../src/scenarios/load.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import type { Scenario } from '../../src/scenarios/schema.ts'
import { serve } from '../../src/serve.ts'
import { createSimulator, type Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { type Journey, type Played, play } from '../support/play.ts'

/*
 * Every shipped file, chosen by the means it names, through HTTP.
 */

const stories = readScenarios(await readFolder(builtInScenarios)).values

const test = base.extend<{ simulator: Simulator; project: IssuerProject }>({
  // Garbage is no answer of the API, so answers are not compared with its description here.
  simulator: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from it
    async ({}, use) => use(await createSimulator({ data: dataDirectory, seed: 'catalogue' })),
    { scope: 'file' },
  ],
  project: [
    async ({ simulator }, use) => {
      const server = await serve(simulator, { port: 0 })
      await use(await readProject(simulator.keyring, server.url))
      await server.close()
    },
    { scope: 'file' },
  ],
})

/** What an issuer and a browser see of it. Receipts stand as R, or R1 and so on; token references as T. */
type Seen = Partial<Omit<Played, 'chosen'>>

const once = (value: string): Seen => ({ pushes: ['200'], callbacks: [`?results%5BR%5D=${value}`] })
const approved = once('APPROVED%7CT')
const signUp = ['Add your card to Click to Pay']
const prove = 'Your bank wants to be sure that it is you'
const code = 'Enter your code'
const newcomer = [...signUp, 'You are new to Click to Pay']
const refused = (code: string): Seen => ({ pushes: [`200 ${code}`], receipts: [], callbacks: [] })
const secondAttempt = (first: string): Seen => ({ ...approved, pushes: [first, '200'] })
const lost = (what: string): Seen => ({ pushes: [what], receipts: [], callbacks: [] })
const forged: Seen = {
  pushes: ['200'],
  useCase: 'signature',
  page: 'SIGNATURE_INVALID',
  callbacks: [],
}
const notLoaded = (page: string): Seen => ({ pushes: ['200'], page, callbacks: [] })

const endings: Readonly<Record<string, Seen>> = {
  approved,
  'approved-again': approved,
  'approved-debit-card': { ...approved, receipts: [expect.stringMatching(/^DMC-/)] as never },
  'approved-for-five-minutes': approved,
  'approved-known-consumer': { ...approved, asked: [code, 'Welcome back'] },
  'approved-maestro-card': { ...approved, receipts: [expect.stringMatching(/^MSI-/)] as never },
  'approved-new-consumer': { ...approved, asked: ['You are new to Click to Pay', 'Your details'] },
  'approved-private-label-card': {
    ...approved,
    receipts: [expect.stringMatching(/^PVL-/)] as never,
  },
  'approved-remembered-consumer': { ...approved, asked: ['Welcome back'] },
  'approved-without-signature': { ...approved, useCase: 'receipt' },
  ask: { ...approved, asked: [...newcomer, 'Your details'] },
  'cardholder-cancels': once('CANCELLED'),
  'cardholder-double-clicks': {
    pushes: ['200'],
    page: 'You can pay with it online right away.',
    callbacks: ['?results%5BR%5D=APPROVED%7CT', '?results%5BR%5D=APPROVED%7CT'],
    wait: 1,
  },
  'cardholder-goes-back': notLoaded('RECEIPT_USED'),
  'cardholder-reads-too-long': { ...notLoaded('RECEIPT_EXPIRED'), asked: newcomer },
  'cardholder-returns-after-expiry': notLoaded('RECEIPT_EXPIRED'),
  'cardholder-returns-late': {
    ...approved,
    page: 'You can pay with it online right away.',
    wait: 30,
  },
  'cardholder-walks-away': notLoaded('You can pay with it online right away.'),
  declined: once('DECLINED'),
  'declined-as-duplicate': once('DUPLICATE_REQUEST'),
  'declined-by-failure': once('ERROR'),
  'forged-approval': approved,
  'forged-receipt': {
    pushes: ['200'],
    callbacks: ['?results%5BMCC-STL-0BADC0DE-0000-4000-8000-0BADC0DE0BAD%5D=APPROVED%7CT'],
  },
  'forged-signature-changed': forged,
  'forged-signature-other-key': forged,
  'forged-signature-unknown-key': forged,
  'forged-token': once('APPROVED%7CDM4MMC00000000010badc0de0badc0de0badc0de0badc0de'),
  'ineligible-card': refused('ACCOUNT_INELIGIBLE'),
  'ineligible-expired-card': refused('INVALID_FIELD_VALUE'),
  'ineligible-issuer': refused('AUTHORIZATION_FAILED'),
  'ineligible-project': { pushes: ['401 DECLINED', '401 DECLINED', '401 DECLINED'], callbacks: [] },
  'ineligible-too-many-tokens': refused('PAN_PROVISIONING_COUNT_EXCEEDED'),
  'merchant-authenticated': once('AUTHENTICATED%7CT'),
  'merchant-authentication-failed': once('DELETED%7CT'),
  'mixed-outcomes': {
    pushes: ['200'],
    callbacks: [
      '?results%5BR1%5D=APPROVED%7CT&results%5BR2%5D=DECLINED&results%5BR3%5D=REQUIRE_ADDITIONAL_AUTHENTICATION%7CT&results%5BR4%5D=CANCELLED&results%5BR5%5D=ERROR',
    ],
  },
  'mixed-receipts': {
    pushes: ['200 ACCOUNT_INELIGIBLE'],
    callbacks: [
      '?results%5BR1%5D=APPROVED%7CT&results%5BR2%5D=APPROVED%7CT&results%5BR3%5D=APPROVED%7CT&results%5BR4%5D=APPROVED%7CT',
    ],
  },
  'odd-double-encoding': {
    pushes: ['200'],
    callbacks: ['?results%255BR%255D=APPROVED%257CT'],
  },
  'odd-empty-result': once(''),
  'odd-extra-parameters': once('APPROVED%7CT&utm_source=wallet&lang=en'),
  'odd-missing-token': once('APPROVED'),
  'odd-no-results': { pushes: ['200'], callbacks: [''] },
  'odd-raw-brackets': { pushes: ['200'], callbacks: ['?results[R]=APPROVED|T'] },
  'odd-unknown-status': once('PENDING%7CT'),
  'step-up-by-call-centre': {
    ...once('REQUIRE_ADDITIONAL_AUTHENTICATION%7CT'),
    asked: [...newcomer, prove, 'Call your bank'],
  },
  'step-up-by-email': { ...approved, asked: [...newcomer, prove, code] },
  'step-up-by-text': { ...approved, asked: [...newcomer, prove, code] },
  'step-up-failed': {
    ...once('REQUIRE_ADDITIONAL_AUTHENTICATION%7CT'),
    asked: [...newcomer, prove, code, code, code],
  },
  'step-up-in-issuer-app': {
    ...once('REQUIRE_ADDITIONAL_AUTHENTICATION%7CT'),
    asked: [...newcomer, prove, 'Confirm in your bank&#39;s app'],
  },
  'step-up-on-issuer-website': {
    ...once('REQUIRE_ADDITIONAL_AUTHENTICATION%7CT'),
    asked: [...newcomer, prove, 'Confirm on your bank&#39;s website'],
  },
  'wire-bad-gateway': secondAttempt('502 BAD_GATEWAY'),
  'wire-failure-behind-gateway': refused('INTERNAL_SERVICE_FAILURE'),
  'wire-garbage': { ...refused(''), pushes: ['200'] },
  'wire-gateway-timeout': secondAttempt('504 GATEWAY_TIMEOUT'),
  'wire-internal-error': secondAttempt('500 INTERNAL_SERVER_ERROR'),
  'wire-no-answer': lost('TimeoutError'),
  'wire-page-no-answer': notLoaded('TimeoutError'),
  'wire-page-reset': notLoaded('ECONNRESET'),
  'wire-page-slow': approved,
  'wire-quota-exceeded': {
    ...approved,
    pushes: ['429 QUOTA_EXCEEDED', '429 QUOTA_EXCEEDED', '200'],
  },
  'wire-request-timeout': secondAttempt('408 REQUEST_TIMEOUT'),
  'wire-reset-after-push': lost('ECONNRESET'),
  'wire-reset-before-push': secondAttempt('ECONNRESET'),
  'wire-slow': approved,
  'wire-truncated': lost('UND_ERR_SOCKET'),
  'wire-unavailable': secondAttempt('503 SERVICE_UNAVAILABLE'),
}

const eligibilities: Readonly<Record<string, string>> = {
  'ineligible-click-to-pay': '50123456789',
  'ineligible-everywhere': '',
  'ineligible-range-lookup': 'ACCOUNT_INELIGIBLE',
}

/** What the plain journey does not show. */
const peculiar: Readonly<Record<string, Journey>> = {
  'mixed-outcomes': severalCards('50170000001'),
  'mixed-receipts': severalCards('50170000001'),
  'merchant-authenticated': { tokenRequestorId: '50170000002' },
  'merchant-authentication-failed': { tokenRequestorId: '50170000002' },
  'wire-no-answer': { patience: 1000, attempts: 1 },
  'wire-page-no-answer': { patience: 1000 },
  'wire-reset-after-push': { attempts: 1 },
  'wire-truncated': { attempts: 1 },
}

function severalCards(tokenRequestorId: string): Journey {
  const others = ['5123456789012346', '5412346789012349', '5123456789065478', '5412346789012345']
  return { tokenRequestorId, cards: others }
}

/** By its card where it has one, otherwise by the header. */
function journeyOf({ name, when }: (typeof stories)[number]): Journey {
  const number = when?.card?.number
  const { cards = ['5123456789012346'], ...journey } = peculiar[name] ?? {}
  if (number === undefined) return { ...journey, cards, scenario: name }
  return { ...journey, cards: [number, ...(peculiar[name]?.cards ?? [])] }
}

/** Milliseconds that the answers of a scenario are held back, by the journal. */
const slow: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'wire-gateway-timeout': [2000, 2000],
  'wire-page-slow': [3000, 3000],
  'wire-slow': [1000, 2000],
}

function withoutIdentifiers(played: Played): Played {
  const letters = played.receipts.map((receipt, n) => ({
    receipt,
    letter: played.receipts.length === 1 ? 'R' : `R${n + 1}`,
  }))
  const short = (text: string) =>
    letters
      .reduce((all, { receipt, letter }) => all.replaceAll(receipt, letter), text)
      .replace(/DM4MMC0000000001(?!0badc0de)[0-9a-f]{32}/g, 'T')
  return { ...played, callbacks: played.callbacks.map(short) }
}

describe('the catalogue', () => {
  test('has a story told here for each file, and no other', () => {
    const files = readdirSync(builtInScenarios).filter((name) => name.endsWith('.yaml'))
    expect(files.map((name) => name.replace('.yaml', ''))).toEqual(
      expect.arrayContaining([...Object.keys(endings), ...Object.keys(eligibilities)]),
    )
    expect(files).toHaveLength(Object.keys(endings).length + Object.keys(eligibilities).length)
  })

  test('points editors at the schema beside it', async () => {
    for (const { name, text } of await readFolder(builtInScenarios))
      expect(text.split('\n')[0], name).toBe(
        '# yaml-language-server: $schema=./scenario.schema.json',
      )
  })

  test('has test cards that are valid, of the documented ranges, and each its own', () => {
    const numbers = stories.flatMap(({ when }) => when?.card?.number ?? [])
    expect(new Set(numbers).size).toBe(numbers.length)
    for (const number of numbers) {
      expect(number).toMatch(/^(5123456789|5412346789)\d{6}$/)
      expect(luhn(number)).toBe(0)
    }
    // The card of every example must tell no story.
    expect(numbers).not.toContain('5123456789012346')
  })
})

function luhn(number: string): number {
  return (
    [...number].reverse().reduce((sum, digit, n) => {
      const weighted = n % 2 === 0 ? Number(digit) : Number(digit) * 2
      return sum + (weighted > 9 ? weighted - 9 : weighted)
    }, 0) % 10
  )
}

type Eligibility = {
  readonly tokenRequestors?: readonly { readonly tokenRequestorId: string }[]
  readonly errors?: readonly { readonly reasonCode: string }[]
}

describe.concurrent('each shipped file does what it says', () => {
  test.for(stories.filter(({ name }) => endings[name] !== undefined))(
    '$name: $description',
    async (story, { simulator, project, expect }) => {
      const played = withoutIdentifiers(await play(project, journeyOf(story)))
      expect(played).toMatchObject(endings[story.name] ?? {})
      fulfils(story.expect ?? {}, played)
      const [least, most] = slow[story.name] ?? [0, 0]
      const entries = (await simulator.journal.entries()).filter(
        ({ scenario }) => scenario?.split(';')[0] === story.name,
      )
      for (const { delayMs } of entries.filter((entry) => entry.delayMs !== undefined))
        expect([delayMs, least <= (delayMs ?? 0) && (delayMs ?? 0) <= most]).toEqual([
          delayMs,
          true,
        ])
      expect(entries.some(({ delayMs }) => delayMs !== undefined)).toBe(most > 0)
      // What is lost tells nobody who has played.
      const answered = played.pushes.some((push) => push.startsWith('200'))
      if (answered)
        expect(played.chosen).toBe(
          `${story.name}; by=${story.when === undefined ? 'header' : 'when'}`,
        )
    },
  )

  test.for(Object.entries(eligibilities))(
    '%s: %s',
    async ([scenario, expected], { project, expect }) => {
      const body = JSON.stringify({ requestId: 'request-1', accountRanges: ['5123456789'] })
      const path = '/mdes/connect/1/0/getEligibleTokenRequestors'
      const answer = await (await fetch(await signed(project, { path, body, scenario }))).json()
      const { tokenRequestors = [], errors = [] } = answer as Eligibility
      expect(
        [
          ...tokenRequestors.map(({ tokenRequestorId }) => tokenRequestorId),
          ...errors.map(({ reasonCode }) => reasonCode),
        ].join(),
      ).toBe(expected)
    },
  )
})

/** Holds what was seen against what the file expects. */
function fulfils(expected: NonNullable<Scenario['expect']>, played: Played): void {
  const { callbacks, page, pushes, useCase, receipts } = played
  const results = readCallback(callbacks[0] ?? '')
  if (expected.callback === 'none') expect(callbacks).toEqual([])
  else if (expected.callback !== undefined) {
    const { status, token, times = 1 } = expected.callback
    expect(callbacks).toHaveLength(times)
    if (status !== undefined)
      expect(results.map((one) => one.status)).toEqual(
        Array.isArray(status) ? status : results.map(() => status),
      )
    if (token !== undefined)
      for (const one of results)
        expect(one.tokenUniqueReference !== undefined).toBe(token === 'present')
  }
  if (expected.page !== undefined) expect(page).toBe(expected.page)
  if (expected.pushes !== undefined) expect(pushes).toHaveLength(expected.pushes)
  const [status, ...errors] = pushes.at(-1)?.split(' ') ?? []
  if (expected.push?.status !== undefined) expect(status).toBe(String(expected.push.status))
  if (expected.push?.errors !== undefined) expect(errors).toEqual(expected.push.errors)
  if (expected.push?.receipts !== undefined) expect(receipts).toHaveLength(expected.push.receipts)
  if (expected.redirect?.useCase !== undefined) expect(useCase).toBe(expected.redirect.useCase)
}
