/** A source of time. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
}

/** The machine's own clock. The OAuth timestamp window follows it, because a real client's signer cannot be moved. */
export const machineClock: Clock = { now: () => Date.now() }

/** The clock that rules receipts, card expiry and the journal. It can be stopped and moved. */
export type VirtualClock = Clock & {
  /** Stops at `time`, or where it is. */
  freeze(time?: Date): void
  /** Moves forward; a frozen clock stays frozen. */
  advance(milliseconds: number): void
  /** Runs with the machine's clock again. */
  resume(): void
}

/** @param startsFrozenAt without it the clock runs with `source`. */
export function virtualClock(startsFrozenAt?: Date, source: Clock = machineClock): VirtualClock {
  let frozenAt: number | undefined = startsFrozenAt?.getTime()
  let ahead = 0
  const now = () => frozenAt ?? source.now() + ahead
  return {
    now,
    freeze(time) {
      frozenAt = time?.getTime() ?? now()
    },
    advance(milliseconds) {
      if (frozenAt === undefined) ahead += milliseconds
      else frozenAt += milliseconds
    },
    resume() {
      frozenAt = undefined
      ahead = 0
    },
  }
}
