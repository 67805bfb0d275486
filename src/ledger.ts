import { newTokenUniqueReference, type PushRoot } from './keys/identifiers.ts'
import type { Choice } from './scenarios/choose.ts'
import { type Status, statuses } from './scenarios/statuses.ts'
import { type Ending, endingAt } from './scenarios/story.ts'

/** An account that was pushed and got a receipt. */
export type PushedAccount = {
  readonly pushAccountId: string
  readonly pushAccountReceipt: string
  /** First six and last four; the whole number is never kept. */
  readonly maskedAccount: string
  /** The card and its cardholder, by a keyed hash; absent where nothing says whose card it is. */
  readonly identity?: string
}

/** The record of one push: issued by the API, carried by the browser, settled on the page. */
export type Push = {
  readonly consumerKey: string
  /** From 1, per consumer key since the last reset. */
  readonly number: number
  readonly root: PushRoot
  readonly requestId: string
  readonly tokenRequestorId: string
  readonly accounts: readonly PushedAccount[]
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
  readonly results: readonly Result[]
}

/** How a push ends: one result for each receipt, with a token's reference where the status has one. */
export function resultsOf({ accounts, root }: Push, ending: Ending): readonly Result[] {
  return accounts.map(({ pushAccountReceipt }, position) => {
    const status = endingAt(ending, position)
    return statuses[status].token
      ? {
          pushAccountReceipt,
          status,
          tokenUniqueReference: newTokenUniqueReference(root, position),
        }
      : { pushAccountReceipt, status }
  })
}

/** The reference that a token of this receipt would have; of a receipt of none of the pushes, one as good as any. */
export function referenceOf(
  pushes: readonly [Push, ...Push[]],
  pushAccountReceipt: string,
  position: number,
): string {
  const all = pushes.flatMap((push) => resultsOf(push, 'APPROVED'))
  const own = all.find((one) => one.pushAccountReceipt === pushAccountReceipt)
  return own?.tokenUniqueReference ?? newTokenUniqueReference(pushes[0].root, position)
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
  /**
   * Ends a push, once and for all: the first settlement stays, atomically.
   *
   * @param ifThere the status of an account that would get a token and has one already: same card, same cardholder. Without it, nobody looks.
   * @returns the settlement in force, which is the given one only for the first caller; undefined when the push is gone.
   */
  settle(
    pushAccountReceipt: string,
    settlement: Settlement,
    ifThere?: Status,
  ): Promise<Settlement | undefined>
  /** Forgets the pushes of one consumer key, or all. */
  clear(consumerKey?: string): Promise<void>
}

type Stored = { push: Push; visits: number }

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
  /** By identity, the push that brought the card. */
  const cards = new Map<string, Stored>()

  function remove(stored: Stored): void {
    for (const { pushAccountReceipt, identity } of stored.push.accounts) {
      byReceipt.delete(pushAccountReceipt)
      if (identity !== undefined && cards.get(identity) === stored) cards.delete(identity)
    }
    pushes.delete(stored)
    byConsumerKey.get(stored.push.consumerKey)?.delete(stored)
  }

  function evictOldest(from: Set<Stored>): void {
    const [oldest] = from
    if (oldest === undefined) return
    remove(oldest)
    onEvicted?.(oldest.push)
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
      for (const { pushAccountReceipt } of push.accounts) byReceipt.set(pushAccountReceipt, stored)
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

    async settle(pushAccountReceipt, settlement, ifThere) {
      const stored = byReceipt.get(pushAccountReceipt)
      if (stored === undefined) return undefined
      if (stored.push.settlement !== undefined) return stored.push.settlement
      const identities = new Map(
        stored.push.accounts.map((account) => [account.pushAccountReceipt, account.identity]),
      )
      const results = settlement.results.map((result) => {
        const identity = identities.get(result.pushAccountReceipt)
        if (identity === undefined || !statuses[result.status].lasts) return result
        if (ifThere !== undefined && cards.has(identity))
          return { pushAccountReceipt: result.pushAccountReceipt, status: ifThere }
        cards.set(identity, stored)
        return result
      })
      const settled = { ...settlement, results }
      stored.push = { ...stored.push, settlement: settled }
      return settled
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
