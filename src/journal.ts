import { withoutCardNumbers } from './card-number.ts'
import type { Fault } from './errors.ts'
import type { TransportFault } from './transport.ts'

/** What happened in one exchange; or in the simulator itself, then without method and URL, and with status 0. */
export type Happening = {
  /** The consumer key it belongs to, once that is proven; without one it is in nobody's view. */
  readonly consumerKey?: string | undefined
  /** The operation, or the page; of the simulator itself `ledger` or `scenarios`. */
  readonly kind: string
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly status: number
  /** One sentence for people. */
  readonly summary: string
  readonly requestId?: string | undefined
  readonly pushAccountReceipts?: readonly string[] | undefined
  /** The scenario that plays, and the rule that chose it. */
  readonly scenario?: string | undefined
  /** Milliseconds that the scenario holds the answer back. */
  readonly delayMs?: number | undefined
  /** How the scenario has the answer lost; the status is then what would have come. */
  readonly transport?: TransportFault | undefined
  /** Why it was refused: each fault with what was expected and what came. */
  readonly faults?: readonly Fault[] | undefined
  /** What was accepted only because `relaxed` was chosen, or on an assumption: it may not pass at Mastercard. */
  readonly leniencies?: readonly string[] | undefined
  /** What works, and should be looked at all the same. */
  readonly warnings?: readonly string[] | undefined
}

export type JournalEntry = Happening & {
  /** Counts up from 1. */
  readonly id: number
  /** ISO 8601, by the virtual clock. */
  readonly at: string
}

/** What happened, in order, without card numbers. Asynchronous, so that instances can share one later. */
export type Journal = {
  record(happening: Happening): Promise<void>
  /** Oldest first. @param consumerKey only this issuer's; undefined: everything. */
  entries(consumerKey?: string): Promise<readonly JournalEntry[]>
  /** Told of each entry as it is written. @returns what ends that. */
  listen(listener: (entry: JournalEntry) => void): () => void
  /** Forgets this issuer's entries, or all. */
  clear(consumerKey?: string): Promise<void>
}

/** Of one text, and of one list: callers choose what is in them, and a thousand entries are kept. */
const longestText = 8192
const longestList = 100

function bounded<T>(value: T): T {
  return cut(value) as T
}

function cut(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > longestText
      ? `${value.slice(0, longestText)}... (${value.length} characters)`
      : value
  if (Array.isArray(value)) return value.slice(0, longestList).map(cut)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cut(member)]))
  return value
}

/**
 * @param now epoch milliseconds, by the clock of this issuer.
 * @param limits entries kept; of each consumer key the oldest go first, and of all keys those of whoever has most.
 */
export function memoryJournal({
  now,
  limits: { perConsumerKey: limit, inAll } = { perConsumerKey: 1000, inAll: 50_000 },
}: {
  readonly now: (consumerKey: string | undefined) => number
  readonly limits?: { readonly perConsumerKey: number; readonly inAll: number }
}): Journal {
  const listeners = new Set<(entry: JournalEntry) => void>()
  const views = new Map<string | undefined, JournalEntry[]>()
  let count = 0
  let kept = 0

  function trim(view: JournalEntry[], length: number): void {
    kept -= view.splice(0, view.length - length).length
  }

  /** A tenth at a time, so that it is not looked for at every entry. */
  function makeRoom(): void {
    const most = 0.9 * inAll
    for (let length = limit; kept > most && length >= 1; length = Math.floor(length / 2))
      for (const view of views.values()) if (view.length > length) trim(view, length)
  }

  function forget(consumerKey: string | undefined): void {
    kept -= views.get(consumerKey)?.length ?? 0
    views.delete(consumerKey)
  }

  return {
    async record(happening) {
      count += 1
      const entry: JournalEntry = {
        id: count,
        at: new Date(now(happening.consumerKey)).toISOString(),
        ...bounded(withoutCardNumbers(happening)),
      }
      const view = views.get(happening.consumerKey) ?? []
      views.set(happening.consumerKey, view)
      view.push(entry)
      kept += 1
      // In one stroke now and then, so that a full view does not shift its entries at every request.
      if (view.length >= 2 * limit) trim(view, limit)
      if (kept > inAll) makeRoom()
      for (const listener of listeners) listener(entry)
    },

    async entries(consumerKey) {
      if (consumerKey !== undefined) return (views.get(consumerKey) ?? []).slice(-limit)
      return [...views.values()].flatMap((view) => view.slice(-limit)).sort((a, b) => a.id - b.id)
    },

    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    async clear(consumerKey) {
      for (const key of consumerKey === undefined ? [...views.keys()] : [consumerKey]) forget(key)
    },
  }
}
