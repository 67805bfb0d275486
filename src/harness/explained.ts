import type { Fault } from '../errors.ts'
import type { JournalEntry } from '../journal.ts'
import type { Exchange } from './exchange.ts'

/** An exchange, and what the simulator's journal says of it. */
export type Explained = Exchange & {
  /** One sentence; absent where the simulator had no part in it. */
  readonly summary?: string
  /** Why it was refused: code and reason, and what to do about it. */
  readonly faults: readonly string[]
  /** What is odd and no refusal. */
  readonly asides: readonly string[]
}

/**
 * Finds each exchange's entry: both are in the order of the journey, and the journal may have fewer.
 *
 * @param entries of this consumer key alone.
 * @param masked what may be shown of a text.
 */
export function explained(
  exchanges: readonly Exchange[],
  entries: readonly JournalEntry[],
  masked: (text: string) => string,
): readonly Explained[] {
  let from = 0
  return exchanges.map((exchange) => {
    // What a bank is asked has no entry.
    if (exchange.to === 'callback' || exchange.to === 'issuer')
      return { ...exchange, faults: [], asides: [] }
    const position = entries.findIndex(
      ({ method, url, status }, index) =>
        index >= from &&
        method === exchange.method &&
        url.split('?')[0] === exchange.path &&
        // Of what was lost the journal has the status that would have come, or 0.
        (exchange.status === undefined || status === exchange.status),
    )
    const entry = entries[position]
    if (entry === undefined) return { ...exchange, faults: [], asides: [] }
    from = position + 1
    const { summary, faults = [], leniencies = [], warnings = [], delayMs, transport } = entry
    return {
      ...exchange,
      summary: masked(summary),
      faults: faults.map((fault) => masked(inWords(fault))),
      asides: [
        ...(delayMs === undefined ? [] : [`The scenario holds the answer back for ${delayMs} ms.`]),
        ...(transport === undefined ? [] : [`The scenario has the answer lost: ${transport}.`]),
        ...leniencies.map((leniency) => `Passes here only: ${leniency}.`),
        ...warnings.map((warning) => `Warning: ${warning}.`),
      ].map(masked),
    }
  })
}

/** What was accepted and may not be at Mastercard, and what should be looked at all the same. */
export function notesOf(exchanges: readonly Explained[]): readonly string[] {
  const notes = exchanges.flatMap(({ asides }) => asides.filter((aside) => isNote.test(aside)))
  return [...new Set(notes)]
}

const isNote = /^(Passes here only|Warning): /

/** A refusal, its likely cause and the way out. */
export function inWords({ code, because, explanation }: Fault): string {
  const [cause] = explanation?.causes ?? []
  const first = sentence(because)
  const then = cause === undefined ? [] : [sentence(cause.because)]
  const fix = cause === undefined ? [] : [`${cause.proven ? 'Fix' : 'Try'}: ${cause.fix}`]
  return `${code}: ${[first, ...then.filter((text) => text !== first), ...fix].join(' ')}`
}

/** Of something that is said in passing. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.?$/, '.')}`
}
