import { readdirSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { type Played, play } from '../../src/harness/play.ts'
import type { Seen } from '../../src/harness/seen.ts'
import { push } from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import { builtInScenarios, readFolder } from '../../src/scenarios/load.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import { pushArguments } from '../support/journey.ts'
import { test as base } from '../support/playing.ts'

/*
 * Every shipped file, played once as `mdes-sim play` does.
 */

const stories = readScenarios(await readFolder(builtInScenarios)).values

type Told = { readonly played: Played; readonly seen: Seen }

const test = base.extend<{ told: ReadonlyMap<string, Told> }>({
  told: [
    async ({ admin }, use) => {
      const told = new Map<string, Told>()
      await play({
        admin,
        playables: stories.map((scenario) => ({ scenario })),
        seed: 'catalogue',
        now: 0,
        onPlayed: (played, seen) => told.set(played.name, { played, seen }),
      })
      await use(told)
    },
    { scope: 'file' },
  ],
})

/** What an issuer and a browser see of it. Receipts stand as R, or R1 and so on; token references as T. */
type Ending = {
  readonly ending: string
  /** Of each push, its HTTP status and reason codes, or what its connection died of. Default: one that is accepted. */
  readonly pushes?: readonly string[]
  /** What the bank is called with, without its own address; in order. Default: it is not. */
  readonly callbacks?: readonly string[]
  /** The titles of the pages that asked. Default: none did. */
  readonly asked?: readonly string[]
  /** Default: signature. */
  readonly useCase?: 'receipt' | 'signature'
  /** How the receipt begins. */
  readonly prefix?: string
  /** Milliseconds between the push and the callback, at least. */
  readonly after?: number
}

const once = (value: string, ending: string): Ending => ({
  ending,
  callbacks: [`?results%5BR%5D=${value}`],
})
const result = (status: string) => once(status, status)
const withToken = (status: string) => once(`${status}%7CT`, status)
const approved = withToken('APPROVED')
const signUp = ['Add your card to Click to Pay']
const prove = 'Your bank wants to be sure that it is you'
const code = 'Enter your code'
const newcomer = [...signUp, 'You are new to Click to Pay']
const callTheBank: Ending = withToken('REQUIRE_ADDITIONAL_AUTHENTICATION')
const refused = (code: string): Ending => ({
  ending: `push refused, ${code}`,
  pushes: [`200 ${code}`],
})
const secondAttempt = (first: string): Ending => ({ ...approved, pushes: [first, '200'] })
const lost = (what: string): Ending => ({
  ending: `push lost, ${what}`,
  pushes: [what, what, what],
})
const forged: Ending = { ending: 'page SIGNATURE_INVALID' }
const notOffered: Ending = { ending: 'not offered', pushes: [] }

const endings: Readonly<Record<string, Ending>> = {
  approved,
  'approved-again': approved,
  'approved-debit-card': { ...approved, prefix: 'DMC-' },
  'approved-for-five-minutes': approved,
  'approved-known-consumer': { ...approved, asked: [code, 'Welcome back'] },
  'approved-maestro-card': { ...approved, prefix: 'MSI-' },
  'approved-new-consumer': { ...approved, asked: ['You are new to Click to Pay', 'Your details'] },
  'approved-private-label-card': { ...approved, prefix: 'PVL-' },
  'approved-remembered-consumer': { ...approved, asked: ['Welcome back'] },
  'approved-without-signature': { ...approved, useCase: 'receipt' },
  ask: { ...approved, asked: [...newcomer, 'Your details'] },
  'cardholder-cancels': result('CANCELLED'),
  'cardholder-double-clicks': {
    ending: 'APPROVED, 2 times',
    callbacks: ['?results%5BR%5D=APPROVED%7CT', '?results%5BR%5D=APPROVED%7CT'],
  },
  'cardholder-goes-back': { ending: 'page RECEIPT_USED' },
  'cardholder-reads-too-long': { ending: 'page RECEIPT_EXPIRED', asked: newcomer },
  'cardholder-returns-after-expiry': { ending: 'page RECEIPT_EXPIRED' },
  'cardholder-returns-late': { ...approved, after: 30_000 },
  'cardholder-walks-away': { ending: 'stays on the last page' },
  declined: result('DECLINED'),
  'declined-as-duplicate': result('DUPLICATE_REQUEST'),
  'declined-by-failure': result('ERROR'),
  'forged-approval': approved,
  'forged-receipt': {
    ending: 'APPROVED',
    callbacks: ['?results%5BMCC-STL-0BADC0DE-0000-4000-8000-0BADC0DE0BAD%5D=APPROVED%7CT'],
  },
  'forged-signature-changed': forged,
  'forged-signature-other-key': forged,
  'forged-signature-unknown-key': forged,
  'forged-token': once('APPROVED%7CDM4MMC00000000010badc0de0badc0de0badc0de0badc0de', 'APPROVED'),
  'ineligible-card': refused('ACCOUNT_INELIGIBLE'),
  'ineligible-click-to-pay': notOffered,
  'ineligible-everywhere': notOffered,
  'ineligible-expired-card': refused('INVALID_FIELD_VALUE'),
  'ineligible-issuer': refused('AUTHORIZATION_FAILED'),
  'ineligible-project': { ending: 'push refused, DECLINED', pushes: ['401 DECLINED'] },
  'ineligible-range-lookup': notOffered,
  'ineligible-too-many-tokens': refused('PAN_PROVISIONING_COUNT_EXCEEDED'),
  'merchant-authenticated': withToken('AUTHENTICATED'),
  'merchant-authentication-failed': withToken('DELETED'),
  'mixed-outcomes': {
    ending: 'APPROVED, DECLINED, REQUIRE_ADDITIONAL_AUTHENTICATION, CANCELLED, ERROR',
    callbacks: [
      '?results%5BR1%5D=APPROVED%7CT&results%5BR2%5D=DECLINED&results%5BR3%5D=REQUIRE_ADDITIONAL_AUTHENTICATION%7CT&results%5BR4%5D=CANCELLED&results%5BR5%5D=ERROR',
    ],
  },
  'mixed-receipts': { ...approved, pushes: ['200 ACCOUNT_INELIGIBLE'] },
  'odd-double-encoding': {
    ending: 'no result',
    callbacks: ['?results%255BR%255D=APPROVED%257CT'],
  },
  'odd-empty-result': once('', 'no status'),
  'odd-extra-parameters': once('APPROVED%7CT&utm_source=wallet&lang=en', 'APPROVED'),
  'odd-missing-token': once('APPROVED', 'APPROVED'),
  'odd-no-results': { ending: 'no result', callbacks: [''] },
  'odd-raw-brackets': { ending: 'APPROVED', callbacks: ['?results[R]=APPROVED|T'] },
  'odd-unknown-status': withToken('PENDING'),
  'step-up-by-call-centre': { ...callTheBank, asked: [...newcomer, prove, 'Call your bank'] },
  'step-up-by-email': { ...approved, asked: [...newcomer, prove, code] },
  'step-up-by-text': { ...approved, asked: [...newcomer, prove, code] },
  'step-up-failed': { ...callTheBank, asked: [...newcomer, prove, code, code, code] },
  'step-up-in-issuer-app': {
    ...callTheBank,
    asked: [...newcomer, prove, "Confirm in your bank's app"],
  },
  'step-up-on-issuer-website': {
    ...callTheBank,
    asked: [...newcomer, prove, "Confirm on your bank's website"],
  },
  'wire-bad-gateway': secondAttempt('502 BAD_GATEWAY'),
  'wire-failure-behind-gateway': refused('INTERNAL_SERVICE_FAILURE'),
  'wire-garbage': { ending: 'push refused, 200 unreadable', pushes: ['200'] },
  'wire-gateway-timeout': secondAttempt('504 GATEWAY_TIMEOUT'),
  'wire-internal-error': secondAttempt('500 INTERNAL_SERVER_ERROR'),
  'wire-no-answer': lost('TimeoutError'),
  'wire-page-no-answer': { ending: 'page lost, TimeoutError' },
  'wire-page-reset': { ending: 'page lost, ECONNRESET' },
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

/** Milliseconds that the answers of a scenario are held back, by the journal. */
const slow: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'wire-gateway-timeout': [2000, 2000],
  'wire-page-slow': [3000, 3000],
  'wire-slow': [1000, 2000],
}

/** What came back, without the bank's address, and identifiers as letters. */
function queriesOf({ pushes, callbacks }: Seen): readonly string[] {
  const receipts = pushes.at(-1)?.receipts ?? []
  const letter = (n: number) => (receipts.length === 1 ? 'R' : `R${n + 1}`)
  return callbacks.map(({ url }) =>
    receipts
      .reduce((all, receipt, n) => all.replaceAll(receipt, letter(n)), new URL(url).search)
      .replace(/DM4MMC0000000001(?!0badc0de)[0-9a-f]{32}/g, 'T'),
  )
}

describe('the catalogue', () => {
  test('has a story told here for each file, and no other', () => {
    const files = readdirSync(builtInScenarios).filter((name) => name.endsWith('.yaml'))
    expect(files.map((name) => name.replace('.yaml', ''))).toEqual(
      expect.arrayContaining(Object.keys(endings)),
    )
    expect(files).toHaveLength(Object.keys(endings).length)
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

describe('each shipped file does what it says', () => {
  test.for(stories)('$name: $description', async ({ name }, { told }) => {
    const { played, seen } = told.get(name) ?? {}
    if (played === undefined || seen === undefined) throw new Error('it was not played')
    expect(played.failures).toEqual([])
    const expected = endings[name] ?? { ending: '' }
    const { pushes = ['200'], callbacks = [], asked = [], prefix = '', after = 0 } = expected
    expect(played.ending).toBe(expected.ending)
    expect(
      seen.pushes.map(({ status, lost, errors }) => [status ?? lost, ...errors].join(' ')),
    ).toEqual(pushes)
    expect(queriesOf(seen)).toEqual(callbacks)
    expect(seen.visit?.asked ?? []).toEqual(asked)
    if (seen.redirect !== undefined)
      expect(seen.redirect.useCase).toBe(expected.useCase ?? 'signature')
    for (const { receipts } of seen.pushes)
      for (const receipt of receipts) expect(receipt.startsWith(prefix)).toBe(true)
    for (const { afterMs } of seen.callbacks) expect(afterMs).toBeGreaterThanOrEqual(after)
    const [least, most] = slow[name] ?? [0, 0]
    const delays = played.exchanges
      .flatMap(({ asides }) => asides)
      .flatMap((aside) => /holds the answer back for (\d+) ms/.exec(aside)?.[1] ?? [])
    expect(delays.length > 0).toBe(most > 0)
    for (const delay of delays.map(Number))
      expect([delay, least <= delay && delay <= most]).toEqual([delay, true])
  })

  test('and each test card chooses its story', async ({ simulator, admin }) => {
    const { consumerKey } = simulator.registerIssuer()
    const project = { ...(await readProject(simulator.keyring, admin.url)), consumerKey }
    const withCards = stories.filter(({ when }) => when?.card?.number !== undefined)
    // Some never answer.
    const fetch = (request: Request) =>
      simulator.fetch(new Request(request, { signal: AbortSignal.timeout(5000) }))
    await Promise.allSettled(
      withCards.map(({ name, when }) =>
        push(
          ...pushArguments(
            { ...project, fetch },
            { requestId: name, ...(when?.card?.number && { card: when.card.number }) },
          ),
        ),
      ),
    )
    const entries = await simulator.journal.entries(consumerKey)
    const chosen = new Map(entries.map(({ requestId, scenario }) => [requestId, scenario]))
    expect(chosen.size).toBeGreaterThan(50)
    expect([...chosen].sort()).toEqual(
      withCards.map(({ name }) => [name, `${name}; by=when`]).sort(),
    )
  })
})
