/**
 * A moment in ISO 8601 extended form, with seconds and an offset: `YYYY-MM-DDThh:mm:ss[.sss]Z`, or `±hh:mm` in place of `Z`.
 *
 * @returns epoch milliseconds; undefined for another form, or a day or time that does not exist.
 */
export function parseInstant(text: string): number | undefined {
  const [, date, time] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? []
  // JavaScript takes 30 February for 2 March, and 24:00 for the next day.
  const local = `${date}T${time}.000Z`
  const exists = !Number.isNaN(Date.parse(local)) && new Date(local).toISOString() === local
  const instant = Date.parse(text)
  return exists && !Number.isNaN(instant) ? instant : undefined
}

/** A source of time. */
export type Clock = {
  /** Epoch milliseconds. */
  now(): number
}

/** The machine's own clock. The OAuth timestamp window follows it, because a real client's signer cannot be moved. */
export const machineClock: Clock = { now: () => Date.now() }

/** The clock that rules receipts, card expiry and the journal. It can be stopped and moved. */
export type VirtualClock = Clock & {
  readonly isFrozen: boolean
  /** Goes on, or stands still, from this time. @throws {RangeError} `time` is no date. */
  set(time: Date): void
  /** Goes on from where it stands. */
  run(): void
  /** Stops at `time`, or where it is. @throws {RangeError} `time` is no date. */
  freeze(time?: Date): void
  /** Moves forward; a frozen clock stays frozen. @throws {RangeError} beyond the year 9999. */
  advance(milliseconds: number): void
  /** Runs with the machine's clock again. */
  resume(): void
}

/** Later ones cannot be written in four digits. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** @param startsFrozenAt without it the clock runs with the machine's. */
export function virtualClock(startsFrozenAt?: Date): VirtualClock {
  let frozenAt: number | undefined = startsFrozenAt?.getTime()
  let ahead = 0
  const now = () => frozenAt ?? machineClock.now() + ahead

  function set(time: Date): void {
    const instant = time.getTime()
    if (Number.isNaN(instant)) throw new RangeError('the clock cannot be set to an invalid date')
    if (frozenAt === undefined) ahead = instant - machineClock.now()
    else frozenAt = instant
  }

  return {
    now,
    get isFrozen() {
      return frozenAt !== undefined
    },
    set,
    run() {
      ahead = now() - machineClock.now()
      frozenAt = undefined
    },
    freeze(time) {
      frozenAt = now()
      if (time !== undefined) set(time)
    },
    advance(milliseconds) {
      if (now() + milliseconds > endOfTime)
        throw new RangeError('the clock goes no further than the year 9999')
      if (frozenAt === undefined) ahead += milliseconds
      else frozenAt += milliseconds
    },
    resume() {
      frozenAt = undefined
      ahead = 0
    },
  }
}
