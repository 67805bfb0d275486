import { readCallback } from '../issuer/client.ts'
import type { ProblemName } from '../scenarios/problem-names.ts'
import type { Explained } from './explained.ts'

/* What was seen of one journey. `exchange` is always the position among the exchanges. */

export type Eligibility = {
  /** HTTP status; absent where the answer was lost. */
  readonly status?: number
  readonly lost?: string
  /** Whether the token requestor takes the card. */
  readonly offers: boolean
  /** `X-Simulator-Scenario`. */
  readonly chosen?: string
  readonly exchange: number
}

export type PushSeen = {
  /** HTTP status; absent where the answer was lost. */
  readonly status?: number
  /** What the connection died of. */
  readonly lost?: string
  /** Reason codes. */
  readonly errors: readonly string[]
  readonly receipts: readonly string[]
  /** `X-Simulator-Scenario`. */
  readonly chosen?: string
  /** When it was answered, by the simulator's clock, where the journal told. Epoch milliseconds. */
  readonly at?: number
  /** `Retry-After` of the answer. Seconds. */
  readonly retryAfter?: number
  readonly exchange: number
}

export type Redirect = {
  readonly useCase: 'receipt' | 'signature'
  readonly url: string
  /** Why it is this use case, where the bank had no choice. */
  readonly because?: string
  readonly exchange: number
}

/** Where the browser was in the end. */
export type Visit = {
  /** Titles of the pages that asked something. */
  readonly asked: readonly string[]
  readonly ended:
    | 'at the bank'
    | 'on a problem page'
    | 'on the last page'
    | 'on a page that nobody answers'
    | 'elsewhere'
    | 'lost'
    | 'on too many pages'
  /** The title of that page, the address elsewhere, or what the connection died of. */
  readonly detail: string
}

export type CallbackSeen = {
  /** As it came. */
  readonly url: string
  /** Milliseconds since the last push; what a page makes the browser wait is counted. */
  readonly afterMs: number
  readonly exchange: number
}

export type Seen = {
  readonly exchanges: readonly Explained[]
  readonly eligibility?: Eligibility
  readonly pushes: readonly PushSeen[]
  readonly redirect?: Redirect | undefined
  readonly visit?: Visit
  /** The problem page that ended it, by the journal. */
  readonly page?: ProblemName
  readonly callbacks: readonly CallbackSeen[]
}

/** How it ended, in a few words. */
export function endingOf({
  eligibility,
  pushes,
  redirect,
  visit,
  page,
  callbacks: [callback, ...more],
}: Seen): string {
  if (callback !== undefined) {
    const results = readCallback(callback.url).map(({ status }) => status || 'no status')
    return `${results.join(', ') || 'no result'}${more.length > 0 ? `, ${more.length + 1} times` : ''}`
  }
  if (page !== undefined) return `page ${page}`
  if (visit !== undefined && redirect !== undefined)
    return visit.ended === 'lost' ? `page lost, ${visit.detail}` : `stays ${visit.ended}`
  const last = pushes.at(-1)
  if (last !== undefined && last.lost === undefined && last.receipts.length > 0)
    return 'pushed, and goes nowhere'
  if (last !== undefined)
    return last.lost === undefined
      ? `push refused, ${last.errors.join(', ') || `${last.status} unreadable`}`
      : `push lost, ${last.lost}`
  return eligibility?.offers === false ? 'not offered' : 'nothing pushed'
}
