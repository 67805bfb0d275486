import type { Assumptions } from '../assumptions.ts'
import type { Delivery } from '../delivery.ts'
import type { Fault, Tolerate } from '../errors.ts'
import type { CardIdentity } from '../keys/card-identity.ts'
import type { PayloadDecryption } from '../keys/payload-encryption.ts'
import type { PushSignature } from '../keys/push-signature.ts'
import type { Ledger } from '../ledger.ts'
import type { Choice, ScenarioChooser } from '../scenarios/choose.ts'
import type { CataloguedTokenRequestor } from '../scenarios/load.ts'
import type { Tenants } from '../tenants.ts'

/** One call of an issuer's backend, its signature verified. */
export type Call = {
  readonly consumerKey: string
  /** Raw, and read by the operation. */
  readonly body: Uint8Array
  /** `AssetId` of the path, decoded; empty where the path has none. */
  readonly assetId: string
  /** The request's `X-Simulator-Scenario`. */
  readonly scenarioHeader: string | undefined
  /** What plays before there is a push to have facts. */
  readonly choice: Choice
  readonly tolerate: Tolerate
}

/** What an operation answers with HTTP 200, and what the journal says of it. */
export type Answer = {
  readonly body: object
  /** Absent where no scenario has a say. */
  readonly choice?: Choice
  readonly requestId?: string
  readonly summary: string
  /** Errors that a scenario has for the whole request. */
  readonly isRefusal?: boolean
  readonly pushAccountReceipts?: readonly string[]
  /** How it reaches the caller, if not at once and whole. */
  readonly delivery?: Delivery
  readonly faults?: readonly Fault[]
  readonly warnings?: readonly string[]
}

/** What the operations work with. */
export type OperationParts = {
  /** The clock and the seed of each issuer. */
  readonly tenants: Pick<Tenants, 'clockOf' | 'seedOf' | 'find'>
  readonly relaxed: boolean
  readonly assumptions: Assumptions
  /** Where cardholders' browsers reach this simulator. */
  readonly publicUrl: () => string
  readonly payloadDecryption: PayloadDecryption
  readonly pushSignature: PushSignature
  readonly cardIdentity: CardIdentity
  readonly tokenRequestors: readonly CataloguedTokenRequestor[]
  readonly chooser: ScenarioChooser
  readonly ledger: Ledger
}
