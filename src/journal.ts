import { withoutCardNumbers } from './card-number.ts'
import type { Fault } from './errors.ts'
import { keptMessages, type Messages, type RawMessages, shortened } from './kept-messages.ts'
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
  /** @param messages of an exchange; masked at once, and kept for a while. */
  record(happening: Happening, messages?: RawMessages): Promise<void>
  /** Oldest first. @param consumerKey only this issuer's; undefined: everything. */
  entries(consumerKey?: string): Promise<readonly JournalEntry[]>
  /** The same entries, and what was asked and answered where that is kept still. */
  withMessages(
    entries: readonly JournalEntry[],
  ): Promise<readonly (JournalEntry & Partial<Messages>)[]>
  /** Told of each entry as it is written. @returns what ends that. */
  listen(listener: (entry: JournalEntry) => void): () => void
  /** Forgets this issuer's entries, or all. */
  clear(consumerKey?: string): Promise<void>
}

/** Callers choose what is in a list, and a thousand entries are kept. */
const longestList = 100

function bounded<T>(value: T): T {
  return cut(value) as T
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return shortened(withoutPrivateKeys(value))
  if (Array.isArray(value)) return value.slice(0, longestList).map(cut)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cut(member)]))
  return value
}

/** A private key in the place of an identifier has been seen; nothing else of the protocol begins so. */
const withoutPrivateKeys = (text: string): string =>
  text.includes('-----BEGIN') ? text.replace(/-----BEGIN.*/s, '(cut)') : text

/** How much is kept. */
type Limits = {
  /** Entries of each consumer key: the oldest go. */
  readonly perConsumerKey: number
  /** Entries of all of them: those of whoever has most go. */
  readonly inAll: number
  /** The newest entries of a consumer key and of all that have messages, and the characters of these. */
  readonly messages: {
    readonly perConsumerKey: number
    readonly inAll: number
    readonly characters: number
  }
}

const usualLimits: Limits = {
  perConsumerKey: 1000,
  inAll: 50_000,
  messages: { perConsumerKey: 100, inAll: 5000, characters: 16 * 1024 * 1024 },
}

/** @param now epoch milliseconds, by the clock of this issuer. */
export function memoryJournal({
  now,
  limits = {},
}: {
  readonly now: (consumerKey: string | undefined) => number
  readonly limits?: Partial<Limits>
}): Journal {
  const { perConsumerKey: limit, inAll, messages: few } = { ...usualLimits, ...limits }
  const messages = keptMessages(few)
  const listeners = new Set<(entry: JournalEntry) => void>()
  const views = new Map<string | undefined, JournalEntry[]>()
  let count = 0
  let kept = 0

  function trim(view: JournalEntry[], length: number): void {
    const gone = view.splice(0, view.length - length)
    kept -= gone.length
    for (const { id } of gone) messages.forget(id)
  }

  /** A tenth at a time, so that it is not looked for at every entry. */
  function makeRoom(): void {
    const most = 0.9 * inAll
    for (let length = limit; kept > most && length >= 1; length = Math.floor(length / 2))
      for (const view of views.values()) if (view.length > length) trim(view, length)
  }

  function forget(consumerKey: string | undefined): void {
    trim(views.get(consumerKey) ?? [], 0)
    views.delete(consumerKey)
  }

  return {
    async record(happening, exchanged) {
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
      if (exchanged !== undefined) messages.keep(entry.id, exchanged)
      const older = view.at(-1 - few.perConsumerKey)
      if (older !== undefined) messages.forget(older.id)
      // In one stroke now and then, so that a full view does not shift its entries at every request.
      if (view.length >= 2 * limit) trim(view, limit)
      if (kept > inAll) makeRoom()
      for (const listener of listeners) listener(entry)
    },

    async entries(consumerKey) {
      if (consumerKey !== undefined) return (views.get(consumerKey) ?? []).slice(-limit)
      return [...views.values()].flatMap((view) => view.slice(-limit)).sort((a, b) => a.id - b.id)
    },

    async withMessages(entries) {
      return entries.map((entry) => ({ ...entry, ...messages.find(entry.id) }))
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
