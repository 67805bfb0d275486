import type { Fault } from '../errors.ts'
import { linesOfFault, printable } from '../explain/fault-lines.ts'
import { counted } from '../problem.ts'

/** What became of pacts; no card number and no key is in it. */
export type Verification = {
  /** No interaction failed that is not pending, and one at least was verified. */
  readonly passed: boolean
  /** In the order of the files. */
  readonly interactions: readonly VerifiedInteraction[]
  /** Of files and broker, for people: what was passed over, and why. */
  readonly notes: readonly string[]
  /** How many interactions were not wanted. */
  readonly filteredOut: number
  /** All of it in lines for people. */
  readonly report: string
}

export type VerifiedInteraction = {
  readonly consumer: string
  readonly provider: string
  readonly description: string
  /** Names of its provider states. */
  readonly states: readonly string[]
  /** Path or URL of the pact. */
  readonly source: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** Then its failure does not count. */
  readonly pending: boolean
  /** What is not as the pact says; or why it was skipped. */
  readonly differences: readonly string[]
  /** Where the simulator refused what should not have been refused: why, as its journal has it. */
  readonly refusals: readonly Refused[]
  /** What was sent in place of what was recorded, and what else is worth a look. */
  readonly notes: readonly string[]
  /** What was accepted on an assumption: it may not pass at Mastercard, nor with `pedantic`. */
  readonly leniencies: readonly string[]
  readonly seconds: number
}

/** One exchange that the simulator refused. */
export type Refused = {
  /** Such as `403 POST /mdes/connect/1/0/pushMultipleAccounts refused with AUTHENTICATION_FAILED`. */
  readonly what: string
  readonly faults: readonly Fault[]
}

/** A failure that counts. */
export const isBroken = ({ outcome, pending }: VerifiedInteraction) =>
  outcome === 'failed' && !pending

/** For people, a line for each interaction and more where it failed. */
export function reportLines({
  interactions,
  notes,
  filteredOut,
}: Omit<Verification, 'report' | 'passed'>): readonly string[] {
  return [
    ...notes,
    ...interactions.flatMap((interaction, position) => [
      ...(interaction.source === interactions[position - 1]?.source ? [] : [interaction.source]),
      `  ${headline(interaction)}`,
      ...details(interaction).map((line) => `      ${line}`),
    ]),
    summary(interactions, filteredOut),
  ].map(printable)
}

function headline({
  outcome,
  pending,
  consumer,
  description,
  states,
}: VerifiedInteraction): string {
  const mark =
    outcome === 'failed' && pending ? '~' : { passed: '✓', failed: '✗', skipped: '-' }[outcome]
  const given = states.length === 0 ? '' : ` (${states.join(', ')})`
  return `${mark} ${consumer}: ${description}${given}${pending ? ', pending' : ''}`
}

/** What there is to say below the headline, without indentation. */
export function details({
  differences,
  refusals,
  notes,
  leniencies,
}: VerifiedInteraction): readonly string[] {
  return [
    ...differences,
    ...refusals.flatMap(({ what, faults }) => [
      `the simulator says: ${what}`,
      ...faults.flatMap((fault) => linesOfFault(fault, faults)).map((line) => `  ${line}`),
    ]),
    ...notes.map((note) => `note: ${note}`),
    ...leniencies.map((leniency) => `note: passes here only: ${leniency}`),
  ]
}

function summary(interactions: readonly VerifiedInteraction[], filteredOut: number): string {
  const count = (wanted: (interaction: VerifiedInteraction) => boolean) =>
    interactions.filter(wanted).length
  const counts: readonly (readonly [number, string])[] = [
    [count(({ outcome }) => outcome === 'passed'), 'passed'],
    [count(isBroken), 'failed'],
    [
      count((one) => one.outcome === 'failed' && one.pending),
      'pending and failed, which counts for nothing',
    ],
    [count(({ outcome }) => outcome === 'skipped'), 'skipped'],
    [filteredOut, 'filtered out'],
  ]
  const said = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  const verified = count(({ outcome }) => outcome !== 'skipped')
  const total = verified === 0 ? 'No interaction was verified' : counted(verified, 'interaction')
  const lenient = interactions.flatMap(({ leniencies }) => leniencies).length
  const sum = [total, said.join(', ')].filter(Boolean).join(': ')
  return lenient === 0 ? sum : `${sum}; passes here only: ${lenient} (--pedantic refuses it)`
}
