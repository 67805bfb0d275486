import type { Scenario, When } from './schema.ts'

/** What a scenario's `when` is held against. Lives only while the push is answered: it has whole card numbers. */
export type PushFacts = {
  readonly consumerKey: string
  readonly tokenRequestorId: string
  readonly locale?: string | undefined
  readonly cardNumbers: readonly string[]
  readonly accountHolderNames: readonly string[]
  /** The how-manieth push of the consumer key since the last reset, from 1. */
  readonly pushNumber: number
}

type Entry = { readonly scenario: Scenario; readonly when: When; readonly position: number }

/**
 * Finds the first scenario whose `when` holds. Each is filed under one of its facts, so that a push is held against the few that may fit it and
 * not against all.
 */
export function firstHolding(
  scenarios: readonly Scenario[],
): (facts: PushFacts) => Scenario | undefined {
  const filed = new Map<string, Entry[]>()
  const lengths = { startsWith: new Set<number>(), endsWith: new Set<number>() }
  for (const [position, scenario] of scenarios.entries()) {
    const { when } = scenario
    if (when === undefined) continue
    for (const part of ['startsWith', 'endsWith'] as const) {
      const length = when.card?.[part]?.length
      if (length !== undefined) lengths[part].add(length)
    }
    const key = keyOf(when)
    filed.set(key, [...(filed.get(key) ?? []), { scenario, when, position }])
  }

  const keysOf = ({ cardNumbers, accountHolderNames, ...facts }: PushFacts): readonly string[] => [
    ...cardNumbers.flatMap((number) => [
      `number ${number}`,
      ...[...lengths.endsWith].map((length) => `endsWith ${number.slice(-length)}`),
      ...[...lengths.startsWith].map((length) => `startsWith ${number.slice(0, length)}`),
    ]),
    ...accountHolderNames.map((name) => `accountHolderName ${name}`),
    `push ${facts.pushNumber}`,
    `locale ${facts.locale}`,
    `consumerKey ${facts.consumerKey}`,
    `tokenRequestorId ${facts.tokenRequestorId}`,
  ]

  return (facts) => {
    let first: Entry | undefined
    for (const key of keysOf(facts))
      for (const entry of filed.get(key) ?? [])
        if ((first === undefined || entry.position < first.position) && holds(entry.when, facts))
          first = entry
    return first?.scenario
  }
}

/** The fact that is likeliest to tell it from others; one that must hold, so any would do. */
function keyOf({ card, accountHolderName, push, locale, consumerKey, ...when }: When): string {
  if (card?.number !== undefined) return `number ${card.number}`
  if (card?.endsWith !== undefined) return `endsWith ${card.endsWith}`
  if (card?.startsWith !== undefined) return `startsWith ${card.startsWith}`
  if (accountHolderName !== undefined) return `accountHolderName ${accountHolderName}`
  if (push !== undefined) return `push ${push}`
  if (locale !== undefined) return `locale ${locale}`
  if (consumerKey !== undefined) return `consumerKey ${consumerKey}`
  return `tokenRequestorId ${when.tokenRequestorId}`
}

function holds(when: When, facts: PushFacts): boolean {
  const { card, accountHolderName } = when
  return (
    is(when.tokenRequestorId, facts.tokenRequestorId) &&
    is(when.locale, facts.locale) &&
    is(when.consumerKey, facts.consumerKey) &&
    is(when.push, facts.pushNumber) &&
    (accountHolderName === undefined || facts.accountHolderNames.includes(accountHolderName)) &&
    (card === undefined ||
      facts.cardNumbers.some(
        (number) =>
          is(card.number, number) &&
          number.startsWith(card.startsWith ?? '') &&
          number.endsWith(card.endsWith ?? ''),
      ))
  )
}

function is<T>(wanted: T | undefined, actual: T | undefined): boolean {
  return wanted === undefined || wanted === actual
}
