import { type VirtualClock, virtualClock } from './clock.ts'
import { refuse } from './errors.ts'
import { newConsumerKey } from './keys/identifiers.ts'
import { publicKeyOf } from './keys/public-key-file.ts'
import type { Issuer } from './keys/request-signature.ts'

/** An issuer, and what is its own: tests that run side by side each take one. */
export type Tenant = {
  readonly issuer: Issuer
  /** Rules its receipts, codes, card expiry and journal. */
  readonly clock: VirtualClock
  /** Makes its identifiers repeatable; undefined: they are random. */
  readonly seed: string | undefined
}

/** Who is to be registered while the simulator runs. */
export type Registration = {
  /** Without it a new one is made. */
  readonly consumerKey?: string | undefined
  /** Or certificate, in PEM. Without it the default issuer's. */
  readonly publicKey?: string | undefined
  /** Whether its project is enabled for Token Connect. Default true. */
  readonly entitled?: boolean | undefined
  /** Default: that of the simulator. */
  readonly seed?: string | number | undefined
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
   * @throws {Refusal} ISSUER_EXISTS, or KEY_INVALID.
   */
  register(registration: Registration): Tenant
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
    register({ consumerKey = newConsumerKey(), publicKey, entitled = true, seed: own }) {
      if (!/^[^!\s]{48}![^!\s]{48}$/.test(consumerKey))
        refuse('KEY_INVALID', 'consumerKey: expected 97 characters: client id, "!", key id')
      if (find(consumerKey) !== undefined)
        refuse('ISSUER_EXISTS', `an issuer with the consumer key ${consumerKey} is registered`)
      const key = publicKey === undefined ? first.publicKey : keyIn(publicKey)
      const issuer = { consumerKey, publicKey: key, entitled }
      const tenant = tenantOf(issuer, own === undefined ? seed : String(own))
      later.set(consumerKey, tenant)
      const [oldest] = later.keys()
      if (later.size > limit && oldest !== undefined) remove(oldest)
      return tenant
    },
    remove,
  }
}

function keyIn(pem: string): Issuer['publicKey'] {
  try {
    return publicKeyOf(pem)
  } catch (error) {
    return refuse('KEY_INVALID', `publicKey or certificate: ${(error as Error).message}`)
  }
}
