import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstHolding, type PushFacts } from '../../src/scenarios/first-holding.ts'
import type { Scenario, When } from '../../src/scenarios/schema.ts'

const digits = (least: number, most: number) =>
  fc
    .array(fc.constantFrom('1', '2'), { minLength: least, maxLength: most })
    .map((all) => all.join(''))

const card = fc.oneof(
  fc.record({ number: digits(4, 4) }),
  fc.record({ startsWith: digits(1, 3) }),
  fc.record({ endsWith: digits(1, 3) }),
  fc.record({ startsWith: digits(1, 2), endsWith: digits(1, 2) }),
)
const few = fc.constantFrom('a', 'b')
const when = fc
  .record(
    {
      card,
      tokenRequestorId: few,
      accountHolderName: few,
      locale: few,
      consumerKey: few,
      push: fc.constantFrom(1, 2),
    },
    { requiredKeys: [] },
  )
  .filter((facts) => Object.keys(facts).length > 0) as fc.Arbitrary<When>

const push: fc.Arbitrary<PushFacts> = fc.record({
  consumerKey: few,
  tokenRequestorId: few,
  locale: fc.option(few, { nil: undefined }),
  cardNumbers: fc.array(digits(4, 4), { maxLength: 3 }),
  accountHolderNames: fc.array(few, { maxLength: 2 }),
  pushNumber: fc.constantFrom(1, 2, 3),
})

/** As the language's page has it, one after the other. */
function firstByReading(scenarios: readonly Scenario[], facts: PushFacts): Scenario | undefined {
  return scenarios.find(({ when }) => {
    if (when === undefined) return false
    const { card: wanted = {}, accountHolderName: name = facts.accountHolderNames[0] } = when
    const { number, startsWith = '', endsWith = '' } = wanted
    const fits = (one: string) =>
      (number ?? one) === one && one.startsWith(startsWith) && one.endsWith(endsWith)
    return (
      (when.card === undefined || facts.cardNumbers.some(fits)) &&
      (when.accountHolderName === undefined || facts.accountHolderNames.includes(name ?? '')) &&
      (when.tokenRequestorId ?? facts.tokenRequestorId) === facts.tokenRequestorId &&
      (when.locale ?? facts.locale) === facts.locale &&
      (when.consumerKey ?? facts.consumerKey) === facts.consumerKey &&
      (when.push ?? facts.pushNumber) === facts.pushNumber
    )
  })
}

test('finds what reading all of them in order would find', () => {
  fc.assert(
    fc.property(
      fc.array(fc.option(when, { nil: undefined }), { maxLength: 12 }),
      push,
      (all, facts) => {
        const scenarios = all.map(
          (one, n): Scenario => ({
            name: `story-${n}`,
            description: 'A story.',
            ...(one !== undefined && { when: one }),
          }),
        )
        expect(firstHolding(scenarios)(facts)).toBe(firstByReading(scenarios, facts))
      },
    ),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 1000) },
  )
})
