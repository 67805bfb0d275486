import { withoutCardNumbers } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import type { Simulator } from '../simulator.ts'
import { differencesIn } from './differences.ts'
import type { Credentials } from './download.ts'
import type { Pact } from './pact.ts'
import { type Broker, readBroker } from './pact-broker.ts'
import { tagOf } from './pact-copy.ts'
import { type Exchange, verifyThrough } from './pact-front.ts'
import type { VerifierResults } from './pact-verifier.ts'
import { readPacts } from './pacts.ts'
import {
  isBroken,
  reportLines,
  type Verification,
  type VerifiedInteraction,
} from './verification.ts'
import { type Filters, filtered } from './wanted.ts'

export type { Credentials } from './download.ts'
export type { Broker } from './pact-broker.ts'
export type { Refused, Verification, VerifiedInteraction } from './verification.ts'
export type { Filters } from './wanted.ts'

export type VerifyOptions = Filters & {
  /** A Pact broker, whose pacts are verified too. */
  readonly broker?: Broker
  /**
   * Signs API requests that were recorded without an Authorization header, too. Many consumers' tests leave it out; that the consumer signs
   * at all is then taken for granted.
   */
  readonly signAll?: boolean
  /** For pacts that are URLs. */
  readonly credentials?: Credentials | undefined
  /** The only origin that is shown them, such as `https://broker.bank.test`. Default: any. */
  readonly credentialsOrigin?: string | undefined
  /** For each answer of a broker or another server with pacts. Default 30. */
  readonly timeoutSeconds?: number
}

/**
 * Verifies an issuer's pacts against a simulator, which stays as strict as it is. Recorded signatures and ciphertext are long dead, so a
 * request that was recorded signed is signed anew by the default issuer, and its accounts are encrypted anew: those of the pact if they are in
 * clear, else the test card of the scenario.
 *
 * A provider state is the name of a scenario; or `a push is pending`, which pushes a card and gives `pushAccountReceipt`, `signature`,
 * `scenario` and `expiresAt` to the pact's generators. Before each interaction the default issuer's pushes, journal and scenario in use
 * are forgotten, so give it a simulator of its own.
 *
 * Needs `@pact-foundation/pact-core`.
 *
 * @param pacts paths of pact files or of folders of them, or http(s) URLs; of the specification's versions 1 to 4.
 * @throws {SetupError} a pact cannot be read, no interaction is wanted, or Pact could not run: it is not installed, or its native library
 * does not load.
 */
export async function verifyPacts(
  simulator: Simulator,
  pacts: readonly string[],
  options: VerifyOptions = {},
): Promise<Verification> {
  const found = await findPacts(pacts, options)
  const { wanted, filteredOut, notes } = filtered(found.pacts, options)
  const exchanges: readonly Exchange[] = wanted.map((one) => ({ ...one, notes: [], refusals: [] }))
  const verified = exchanges.filter(({ interaction }) => interaction.skipped === undefined)
  const results =
    verified.length === 0
      ? undefined
      : await verifyThrough(simulator, exchanges, options.signAll ?? false)
  const interactions = exchanges.map((exchange, position) =>
    verifiedInteraction(exchange, tagOf(position + 1), results),
  )
  const outcome = withoutCardNumbers({
    interactions,
    notes: [...found.notes, ...notes],
    filteredOut,
  })
  return {
    passed: verified.length > 0 && !interactions.some(isBroken),
    ...outcome,
    report: reportLines(outcome).join('\n'),
  }
}

async function findPacts(
  sources: readonly string[],
  { broker, provider = 'token-connect', consumers = [], timeoutSeconds, ...shown }: VerifyOptions,
): Promise<{ readonly pacts: readonly Pact[]; readonly notes: readonly string[] }> {
  if (sources.length === 0 && broker === undefined)
    throw new SetupError('nothing to verify: name pact files, folders or URLs, or a Pact broker')
  const files = await readPacts(sources, {
    credentials: shown.credentials,
    credentialsOrigin: shown.credentialsOrigin,
    timeoutSeconds,
  })
  if (broker === undefined) return files
  const brokers = await readBroker(broker, { provider, consumers }, { timeoutSeconds })
  return {
    pacts: [...files.pacts, ...brokers.pacts],
    notes: [...files.notes, ...brokers.notes],
  }
}

function verifiedInteraction(
  { pact, interaction, copy, setUp, notes, refusals }: Exchange,
  tag: string,
  results: VerifierResults | undefined,
): VerifiedInteraction {
  const { consumer, provider, source } = pact
  const { description, states, pending, skipped } = interaction
  const common = {
    consumer,
    provider,
    description,
    states: states.map(({ name }) => name),
    source,
    pending,
  }
  if (skipped !== undefined)
    return {
      ...common,
      outcome: 'skipped',
      differences: [skipped],
      refusals: [],
      notes: [],
      seconds: 0,
    }
  const result = results?.interactionResults.find((one) => one.description === tag)
  const seconds = Number.parseFloat(result?.duration ?? '') / 1000 || 0
  // Whatever Pact makes of it: a state that could not be set up proves nothing.
  const differences =
    setUp !== undefined && 'problem' in setUp ? [setUp.problem] : differencesIn(results, tag, copy)
  if (differences.length > 0)
    return { ...common, outcome: 'failed', differences, refusals, notes, seconds }
  // It may be what the pact is about. But most refusals come with HTTP 200, and a pact that expects no more than that is kept by them.
  const refused = refusals.map(({ what }) => `the simulator says: ${what}`)
  return {
    ...common,
    outcome: 'passed',
    differences,
    refusals: [],
    notes: [...refused, ...notes],
    seconds,
  }
}
