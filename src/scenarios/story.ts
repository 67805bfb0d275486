import type { Delay, Scenario } from './schema.ts'
import type { Status } from './statuses.ts'

/* What a scenario says where it says nothing itself. */

type Provision = NonNullable<Scenario['provision']>
export type StepUp = NonNullable<Provision['stepUp']>

/** How receipts end: one status for all, or one for each by its position in the push, the last one for all further. */
export type Statuses = Status | readonly Status[]

/** Without a word of it in `outcome`. */
export const endingOfStepUp: Readonly<Record<StepUp['outcome'], Status>> = {
  completed: 'APPROVED',
  failed: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
  skipped: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
}

/** How a step-up ends that went so; with the authentication service of merchants, if the scenario's outcome says so. */
export function statusOfStepUp(
  ended: StepUp['outcome'],
  { provision: { outcome } = {} }: Pick<Scenario, 'provision'>,
): Status {
  if (ended === 'completed' && outcome === 'AUTHENTICATED') return outcome
  if (ended === 'failed' && outcome === 'DELETED') return outcome
  return endingOfStepUp[ended]
}

/** `ask`: whoever is at the page decides; `usual`: approved, unless the card is there already; else how it ends, whatever was there before. */
export type Outcome = Statuses | 'ask' | 'usual'

export function outcomeOf({ outcome, stepUp }: Provision = {}): Outcome {
  return outcome ?? (stepUp === undefined ? 'usual' : endingOfStepUp[stepUp.outcome])
}

/** Whether a page is shown before the journey ends. */
export function showsPages(provision: Provision = {}): boolean {
  return (provision.pages ?? (provision.outcome === 'ask' ? 'show' : 'skip')) === 'show'
}

/** @param fraction of the range, from 0 up to 1. @returns milliseconds. */
export function delayMs(delay: Delay = 0, fraction: () => number): number {
  if (typeof delay === 'number') return delay
  const [least, most] = delay
  return least + Math.floor(fraction() * (most - least + 1))
}

export function statusAt(outcome: Statuses, position: number): Status {
  if (typeof outcome === 'string') return outcome
  return outcome[Math.min(position, outcome.length - 1)] ?? 'ERROR'
}
