import { describe, expect } from 'vitest'
import { maskCardNumbers } from '../../src/card-number.ts'
import { htmlReport } from '../../src/harness/html-report.ts'
import { planOf } from '../../src/harness/plan.ts'
import { story, test } from '../support/playing.ts'

/** What differs from run to run. */
const times = new Set(['ms', 'seconds', 'startedAt'])
const withoutTimes = (name: string, value: unknown) => (times.has(name) ? undefined : value)

/** All kinds of endings. */
const some = [
  'approved',
  'ask',
  'step-up-by-text',
  'cardholder-double-clicks',
  'cardholder-returns-after-expiry',
  'forged-signature-unknown-key',
  'ineligible-click-to-pay',
  'ineligible-card',
  'wire-quota-exceeded',
  'wire-truncated',
]

describe('a run', () => {
  test('tells the same twice, times apart; with another seed, something else', async ({
    played,
  }) => {
    const run = async (seed: string) =>
      JSON.stringify((await played(some, { seed })).report, withoutTimes)
    const [first, again, other] = [await run('one'), await run('one'), await run('two')]
    expect(first).toBe(again)
    expect(other.replace('"two"', '"one"')).not.toBe(first)
  })

  test('tells scenarios in the order in which they were asked for, whichever ends first', async ({
    played,
  }) => {
    const begun: string[] = []
    const { report } = await played(['wire-slow', 'approved', 'declined'], {
      onBegun: (name) => begun.push(name),
      atOnce: 2,
    })
    expect(report.scenarios.map(({ name }) => name)).toEqual(['wire-slow', 'approved', 'declined'])
    expect(begun.slice(0, 2)).toEqual(['wire-slow', 'approved'])
  })

  test('leaves no issuer behind, and takes another key while its own is taken', async ({
    played,
    admin,
    simulator,
  }) => {
    const keys: string[] = []
    const watching = {
      ...admin,
      register: async (issuer: Parameters<typeof admin.register>[0]) => {
        const made = await admin.register(issuer)
        if (made !== undefined) keys.push(issuer.consumerKey)
        return made
      },
    }
    await played(['approved'], { admin: watching })
    const [taken = ''] = keys
    simulator.registerIssuer({ consumerKey: taken })
    const { report } = await played(['approved'], { admin: watching })
    expect(report.passed).toBe(true)
    expect(keys).toHaveLength(2)
    expect(keys[1]).not.toBe(taken)
    expect(simulator.removeIssuer(taken)).toBe(true)
    expect(keys.map((key) => simulator.removeIssuer(key))).toEqual([false, false])
  })

  test('plays a file that the simulator does not have, and in the place of one that it has', async ({
    played,
  }) => {
    const declined = story(
      'provision: { outcome: CANCELLED }\nexpect: { callback: { status: CANCELLED } }',
      'declined',
    )
    const { report } = await played([declined, story('push: { delay: 1 }')])
    expect(report.scenarios.map(({ passed, ending }) => [passed, ending])).toEqual([
      [true, 'CANCELLED'],
      [true, 'APPROVED'],
    ])
  })
})

describe('the bank', () => {
  test.for([
    ['as often as is expected', 'expect: { pushes: 2 }', 2],
    ['three times', '', 3],
  ] as const)('tries again after a failure, %s', async ([, sections, pushes], { played }) => {
    const { seen } = await played([story(`gateway: { status: 503, retryAfter: 60 }\n${sections}`)])
    expect(seen.get('story')?.pushes.map(({ status }) => status)).toEqual(Array(pushes).fill(503))
    expect(seen.get('story')?.exchanges[0]?.remarks).toEqual([
      'Retry-After: 60 s, which is not waited for here.',
    ])
  })

  test('asks who is eligible, through a failure of the gateway, and pushes if it may', async ({
    playedOne,
  }) => {
    const one = await playedOne(
      story(
        'gateway: { status: 500, times: 1 }\neligibility: { tokenRequestors: ["50123197928"] }',
      ),
    )
    expect(one.exchanges.slice(0, 3).map(({ asks, answers }) => `${asks}: ${answers}`)).toEqual([
      'POST getEligibleTokenRequestors: 500, INTERNAL_SERVER_ERROR',
      'POST getEligibleTokenRequestors: 200, Click to Pay',
      'POST pushMultipleAccounts: 200, 1 receipt',
    ])
    expect(one.ending).toBe('APPROVED')
  })

  test('does as the scenario says: card, name, language, parameters', async ({ played }) => {
    const sections = `when: { card: { startsWith: "541234", endsWith: "13" }, accountHolderName: Jan Novak, locale: cs_CZ }
provision: { pages: show, consumer: new }
expect:
  redirect: { parameters: { locale: cs_CZ, accountHolderDataSupplied: "true", completeWebsiteActivation: "false", callbackURL: http://bank/tokenization-results } }`
    const { seen, report } = await played([story(sections)])
    expect(report.passed).toBe(true)
    const { asked = [] } = seen.get('story')?.visit ?? {}
    expect(asked).toHaveLength(2)
    expect(asked[0]).not.toBe('You are new to Click to Pay')
    expect(JSON.stringify(report)).toContain('541234******')
    expect(JSON.stringify(report)).not.toContain('Novak')
  })
})

test('a result that changes nothing is as usual, and the one beside it is forged', async ({
  played,
}) => {
  const sections = `provision: { outcome: [APPROVED, APPROVED] }
callback: { results: [{}, { status: DECLINED }] }
expect: { callback: { status: [APPROVED, DECLINED] } }`
  const { report } = await played([story(sections)])
  expect(report.scenarios.map(({ failures }) => failures)).toEqual([[]])
})

describe('the browser', () => {
  test('does not wait for a page that goes on by itself, and counts it', async ({ played }) => {
    const { seen, report } = await played(['cardholder-double-clicks', 'cardholder-returns-late'])
    const [first, second] = seen.get('cardholder-double-clicks')?.callbacks ?? []
    expect(second?.url).toBe(first?.url)
    expect((second?.afterMs ?? 0) - (first?.afterMs ?? 0)).toBeGreaterThanOrEqual(1000)
    expect(seen.get('cardholder-returns-late')?.callbacks[0]?.afterMs).toBeGreaterThanOrEqual(
      30_000,
    )
    expect(report.seconds).toBeLessThan(20)
  })

  test('keeps cookies, and shows no value of one', async ({ played }) => {
    const { report } = await played(['approved-known-consumer', 'ask'])
    expect(JSON.stringify(report)).not.toMatch(/ookie: \w+=(?!\(cut\))/)
  })
})

test('no report has a card number, a code, a signature or what the cardholder typed', async ({
  played,
}) => {
  const { report } = await played(some)
  for (const text of [JSON.stringify(report), htmlReport(report)]) {
    expect(text.length).toBeGreaterThan(20_000)
    // A day and a time are as many digits.
    const rest = text.replace(/Played .*? UTC/, '')
    expect(maskCardNumbers(rest)).toBe(rest)
    expect(text).toContain('512345******2783')
    expect(text).not.toMatch(
      /eyJ|@example\.com|7181234567|one-time-code|no phone here|PRIVATE KEY|localhost:/,
    )
    expect(text).toMatch(/oauth_signature=(&quot;|\\")\(cut\)/)
    expect(text).toMatch(/pushAccountData=\(cut\)/)
    expect(text).toMatch(/code=\(cut\)/)
  }
})

describe('the card of a journey', () => {
  const cardsOf = (when: object, more: object = {}) =>
    planOf({ name: 'story', description: '', when, ...more }).cards

  test.for([
    [{}, /^5123456789012346$/],
    [{ card: { number: '5123456789012353' } }, /^5123456789012353$/],
    [{ card: { startsWith: '2221' } }, /^2221\d{12}$/],
    [{ card: { endsWith: '0047' } }, /^5123456789\d{2}0047$/],
    [{ card: { startsWith: '541234', endsWith: '13' } }, /^541234\d{8}13$/],
    [{ card: { startsWith: '541234678901234' } }, /^541234678901234\d$/],
    [{ card: { startsWith: '5412346789012345', endsWith: '1' } }, /^5412346789012345\d1$/],
    [{ card: { endsWith: '123456789012345' } }, /^512\d123456789012345$/],
  ] as const)('%j', ([when, number]) => {
    const [card = ''] = cardsOf(when)
    expect(card).toMatch(number)
    expect([...card].reverse().reduce((sum, digit, n) => sum + luhn(digit, n), 0) % 10).toBe(0)
  })

  test('has others beside it where the story needs them, all different', () => {
    const accounts = { push: { accounts: [{}, {}, {}] } }
    expect(new Set(cardsOf({}, accounts)).size).toBe(3)
    expect(
      cardsOf({}, { callback: { results: [{ status: 'ERROR' }, { receipt: 'MCC' }] } }),
    ).toHaveLength(1)
    expect(cardsOf({}, { provision: { outcome: ['ERROR', 'APPROVED'] } })).toHaveLength(2)
  })
})

function luhn(digit: string, n: number): number {
  const weighted = n % 2 === 0 ? Number(digit) : Number(digit) * 2
  return weighted > 9 ? weighted - 9 : weighted
}
