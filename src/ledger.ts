import { newTokenUniqueReference, type PushRoot } from './keys/identifiers.ts'
import type { Choice } from './scenarios/choose.ts'
import { type Status, statuses } from './scenarios/statuses.ts'

/** What the issuer told of the account holder, for a form that the token requestor fills in; never shown elsewhere. */
export type AccountHolder = Readonly<
  Partial<
    Record<
      'name' | 'line1' | 'line2' | 'city' | 'countrySubdivision' | 'postalCode' | 'country',
      string
    >
  >
>

/**
 * The record of one account that was pushed: issued by the API, carried by the browser, settled on the page. Several accounts of one request
 * are as many records, since each has a receipt of its own and may end otherwise.
 */
export type Push = {
  readonly consumerKey: string
  /** From 1, per consumer key since the last reset. */
  readonly number: number
  /** Of the account in the request, from 0. */
  readonly position: number
  readonly root: PushRoot
  readonly requestId: string
  readonly tokenRequestorId: string
  readonly pushAccountId: string
  readonly pushAccountReceipt: string
  /** First six and last four; the whole number is never kept. */
  readonly maskedAccount: string
  /** By a keyed hash. */
  readonly card: string
  /** Whose card it is, by a keyed hash; absent where the issuer did not say. */
  readonly cardholder?: string
  /** Kept until it is fetched, and not longer. */
  readonly accountHolder?: AccountHolder
  /** Chosen when the push was issued; later stages read it here, so an edit to the files cannot change a push under way. */
  readonly choice: Choice
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
  readonly settlement?: Settlement
}

/** How one receipt ended. */
export type Result = {
  readonly pushAccountReceipt: string
  readonly status: Status
  readonly tokenUniqueReference?: string
}

export type Settlement = {
  /** Which visit of the page it was, so that the same one sent twice hears the same again. */
  readonly visit: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly result: Result
  /** The receipt that the same card of the same cardholder was added with, where that is why it ended so. */
  readonly duplicateOf?: string
}

/** How a push is to end. */
export type Ending = {
  readonly pushAccountReceipt: string
  readonly status: Status
  /** Instead, when it would get a token and has one already: same card, same cardholder. Without it, nobody looks. */
  readonly ifThere?: Status
  /** Who said at the page whose card it is to be, which counts for more than what the issuer said; by the same keyed hash. */
  readonly cardholder?: string
}

/** How a push ends with a status, with a token's reference where the status has one. */
export function resultOf(push: Push, status: Status): Result {
  const { pushAccountReceipt } = push
  return statuses[status].token
    ? { pushAccountReceipt, status, tokenUniqueReference: referenceOf(push) }
    : { pushAccountReceipt, status }
}

/** The reference that the token of a push has, or would have had. */
export function referenceOf({ root }: Push): string {
  return newTokenUniqueReference(root, 0)
}

/**
 * Where pushes live, and the only place where they change. Asynchronous and without live objects in its records, so that
 * instances can share one later.
 */
export type Ledger = {
  /** Counts the pushes of a consumer key. */
  nextPushNumber(consumerKey: string): Promise<number>
  issue(push: Push): Promise<void>
  find(pushAccountReceipt: string): Promise<Push | undefined>
  /** Counts the visits of a push, from 1. */
  nextVisit(pushAccountReceipt: string): Promise<number>
  /** Hands out what is known of the account holder, once: it is erased with that. */
  takeAccountHolder(pushAccountReceipt: string): Promise<AccountHolder | undefined>
  /**
   * Ends pushes, all or none, and once and for all: what another visit settled stays, atomically.
   *
   * @param visit whose decision it is.
   * @param at epoch milliseconds.
   * @returns the settlements in force, which are this visit's only if all of them are; undefined when one of the pushes is gone.
   */
  settle(
    visit: string,
    at: number,
    endings: readonly Ending[],
  ): Promise<readonly Settlement[] | undefined>
  /** Forgets the pushes of one consumer key, or all. */
  clear(consumerKey?: string): Promise<void>
}

type Stored = {
  push: Push
  visits: number
  /** Under which it is among the cards. */
  owned?: string
}

/**
 * @param limits pushes kept; the oldest go first.
 * @param onEvicted told of each push that went to make room.
 */
export function memoryLedger({
  limits = { perConsumerKey: 20_000, inAll: 200_000 },
  onEvicted,
}: {
  readonly limits?: { readonly perConsumerKey: number; readonly inAll: number }
  readonly onEvicted?: (push: Push) => void
} = {}): Ledger {
  const byReceipt = new Map<string, Stored>()
  // Maps and sets keep insertion order, so the first member is the oldest.
  const pushes = new Set<Stored>()
  const byConsumerKey = new Map<string, Set<Stored>>()
  const counts = new Map<string, number>()
  /** By card and cardholder, the push that brought it. */
  const cards = new Map<string, Stored>()

  function remove(stored: Stored): void {
    byReceipt.delete(stored.push.pushAccountReceipt)
    if (stored.owned !== undefined) cards.delete(stored.owned)
    pushes.delete(stored)
    byConsumerKey.get(stored.push.consumerKey)?.delete(stored)
  }

  function evictOldest(from: Set<Stored>): void {
    const [oldest] = from
    if (oldest === undefined) return
    remove(oldest)
    onEvicted?.(oldest.push)
  }

  function endOf(
    stored: Stored,
    { status, ifThere, cardholder = stored.push.cardholder }: Ending,
  ): Pick<Settlement, 'result' | 'duplicateOf'> {
    const { push } = stored
    if (cardholder === undefined || !statuses[status].lasts)
      return { result: resultOf(push, status) }
    const owned = `${push.card} ${cardholder}`
    const earlier = cards.get(owned)
    if (ifThere !== undefined && earlier !== undefined)
      return {
        result: resultOf(push, ifThere),
        duplicateOf: earlier.push.pushAccountReceipt,
      }
    delete earlier?.owned
    stored.owned = owned
    cards.set(owned, stored)
    return { result: resultOf(push, status) }
  }

  return {
    async nextPushNumber(consumerKey) {
      const number = (counts.get(consumerKey) ?? 0) + 1
      counts.set(consumerKey, number)
      return number
    },

    async issue(push) {
      const stored = { push, visits: 0 }
      const own = byConsumerKey.get(push.consumerKey) ?? new Set()
      byConsumerKey.set(push.consumerKey, own)
      own.add(stored)
      pushes.add(stored)
      byReceipt.set(push.pushAccountReceipt, stored)
      if (own.size > limits.perConsumerKey) evictOldest(own)
      if (pushes.size > limits.inAll) evictOldest(pushes)
    },

    async find(pushAccountReceipt) {
      return byReceipt.get(pushAccountReceipt)?.push
    },

    async nextVisit(pushAccountReceipt) {
      const stored = byReceipt.get(pushAccountReceipt)
      if (stored === undefined) return 1
      stored.visits += 1
      return stored.visits
    },

    async takeAccountHolder(pushAccountReceipt) {
      const stored = byReceipt.get(pushAccountReceipt)
      if (stored === undefined) return undefined
      const { accountHolder, ...rest } = stored.push
      stored.push = rest
      return accountHolder
    },

    async settle(visit, at, endings) {
      const found = endings.flatMap((ending) => {
        const stored = byReceipt.get(ending.pushAccountReceipt)
        return stored === undefined ? [] : [{ ending, stored }]
      })
      if (found.length < endings.length) return undefined
      const earlier = found.flatMap(({ stored }) => stored.push.settlement ?? [])
      if (earlier.some((settlement) => settlement.visit !== visit)) return earlier
      return found.map(({ ending, stored }) => {
        const settlement = stored.push.settlement ?? { visit, at, ...endOf(stored, ending) }
        stored.push = { ...stored.push, settlement }
        return settlement
      })
    },

    async clear(consumerKey) {
      if (consumerKey === undefined) {
        for (const collection of [byReceipt, pushes, byConsumerKey, counts, cards])
          collection.clear()
        return
      }
      for (const stored of byConsumerKey.get(consumerKey) ?? []) remove(stored)
      byConsumerKey.delete(consumerKey)
      counts.delete(consumerKey)
    },
  }
}
