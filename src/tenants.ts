import { type VirtualClock, virtualClock } from './clock.ts'
import { refuse } from './errors.ts'
import type { Issuer } from './keys/request-signature.ts'

/** An issuer, and what is its own: tests that run side by side each take one. */
export type Tenant = {
  readonly issuer: Issuer
  /** Rules its receipts, codes, card expiry and journal. */
  readonly clock: VirtualClock
  /** Makes its identifiers repeatable; undefined: they are random. */
  readonly seed: string | undefined
}

/** The issuers that are registered, by consumer key. */
export type Tenants = {
  find(consumerKey: string): Tenant | undefined
  consumerKeys(): Iterable<string>
  /** Of an issuer that is not registered, or of nobody: the simulator's own. */
  clockOf(consumerKey: string | undefined): VirtualClock
  seedOf(consumerKey: string): string | undefined
  /**
   * Registers one more, with a clock of its own that starts like the simulator's did.
   *
   * @param seed default: that of the simulator.
   * @throws {Refusal} ISSUER_EXISTS.
   */
  register(issuer: Issuer, seed?: string): Tenant
  /** @returns false when there is none, or it was there from the start and stays. */
  remove(consumerKey: string): boolean
}

/**
 * @param issuers registered from the start, and for good; the first one's clock is the simulator's own.
 * @param startsFrozenAt where all clocks stand; without it they run with the machine's.
 * @param limit of those registered later; the oldest are removed to make room.
 * @param onRemoved told of each that is removed.
 */
export function tenantRegister({
  issuers: [first, ...others],
  seed,
  startsFrozenAt,
  limit = 10_000,
  onRemoved,
}: {
  readonly issuers: readonly [Issuer, ...Issuer[]]
  readonly seed: string | undefined
  readonly startsFrozenAt: Date | undefined
  readonly limit?: number
  readonly onRemoved: (consumerKey: string) => void
}): Tenants {
  const tenantOf = (issuer: Issuer, own = seed): Tenant => ({
    issuer,
    clock: virtualClock(startsFrozenAt),
    seed: own,
  })
  const main = tenantOf(first)
  const permanent = new Map(
    [main, ...others.map((issuer) => tenantOf(issuer))].map((one) => [one.issuer.consumerKey, one]),
  )
  const later = new Map<string, Tenant>()
  const find = (consumerKey: string) => permanent.get(consumerKey) ?? later.get(consumerKey)

  function remove(consumerKey: string): boolean {
    if (!later.delete(consumerKey)) return false
    onRemoved(consumerKey)
    return true
  }

  return {
    find,
    *consumerKeys() {
      yield* permanent.keys()
      yield* later.keys()
    },
    clockOf: (consumerKey = '') => (find(consumerKey) ?? main).clock,
    seedOf: (consumerKey) => (find(consumerKey) ?? main).seed,
    register(issuer, own) {
      const { consumerKey } = issuer
      if (find(consumerKey) !== undefined)
        refuse('ISSUER_EXISTS', `an issuer with the consumer key ${consumerKey} is registered`)
      const tenant = tenantOf(issuer, own)
      later.set(consumerKey, tenant)
      const [oldest] = later.keys()
      if (later.size > limit && oldest !== undefined) remove(oldest)
      return tenant
    },
    remove,
  }
}
