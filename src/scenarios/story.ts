import type { Delay, Scenario } from './schema.ts'
import type { Status } from './statuses.ts'

/* What a scenario says where it says nothing itself. */

type Provision = NonNullable<Scenario['provision']>
export type StepUp = NonNullable<Provision['stepUp']>

/** How a push ends: one status, or one for each receipt by position, the last one for all further receipts. */
export type Ending = Status | readonly Status[]

/** Without a word of it in `outcome`. */
export const endingOfStepUp: Readonly<Record<StepUp['outcome'], Status>> = {
  completed: 'APPROVED',
  failed: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
  skipped: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
}

/** `ask`: whoever is at the page decides; `usual`: approved, unless the card is there already; else how it ends, whatever was there before. */
export type Outcome = Ending | 'ask' | 'usual'

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

/** The status at a position. */
export function endingAt(ending: Ending, position: number): Status {
  if (typeof ending === 'string') return ending
  return ending[Math.min(position, ending.length - 1)] ?? 'ERROR'
}
