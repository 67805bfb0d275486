import { maskCardNumbers, withoutCardNumbers } from '../card-number.ts'
import { suggestion } from '../did-you-mean.ts'
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
  /**
   * Wraps keys with PKCS#1 v1.5 where no `oaepHashingAlgorithm` was recorded. Only for clients that do so: by default OAEP is taken, as a
   * client has it that forgets to declare it, and the simulator refuses that.
   */
  readonly pkcs1?: boolean
  /** For pacts that are URLs. */
  readonly credentials?: Credentials | undefined
  /** The only origin that is shown them, such as `https://broker.bank.test`. Default: any. */
  readonly credentialsOrigin?: string | undefined
  /** For each answer of a broker or another server with pacts. Default 30. */
  readonly timeoutSeconds?: number
  /** Ends it early, and leaves no files behind. */
  readonly signal?: AbortSignal
}

const signaturesReplaced =
  'Recorded signatures were replaced by good ones: that your client signs well is not verified by pacts.'

/**
 * Verifies an issuer's pacts against a simulator, which stays as strict as it is. Recorded signatures and ciphertext are long dead, so a
 * request that was recorded signed is signed anew by the default issuer, and its accounts are encrypted anew: those of the pact if they are in
 * clear, else the test card of the scenario. Both is said, since a pact cannot show that a client signs and encrypts well.
 *
 * A provider state is the name of a scenario; or `a push is pending`, which pushes a card and gives `pushAccountReceipt`, `signature`,
 * `scenario` and `expiresAt` to the pact's generators. Before each interaction the default issuer's pushes, journal and scenario in use
 * are forgotten, so give it a simulator of its own.
 *
 * Needs `@pact-foundation/pact-core`.
 *
 * @param pacts paths of pact files or of folders of them, or http(s) URLs; of the specification's versions 1 to 4.
 * @throws {SetupError} an option is unknown, a pact cannot be read, no interaction is wanted, or Pact could not run: it is not installed, or
 * its native library does not load. No card number is in its message.
 */
export async function verifyPacts(
  simulator: Simulator,
  pacts: readonly string[],
  options: VerifyOptions = {},
): Promise<Verification> {
  checkOptions(pacts, options)
  try {
    return await verified(simulator, pacts, options)
  } catch (error) {
    if (options.signal?.aborted)
      throw new SetupError('interrupted: nothing is verified', { cause: error })
    if (!(error instanceof SetupError)) throw error
    throw new SetupError(maskCardNumbers(error.message), { cause: error.cause })
  }
}

async function verified(
  simulator: Simulator,
  pacts: readonly string[],
  options: VerifyOptions,
): Promise<Verification> {
  const found = await findPacts(pacts, options)
  const { wanted, filteredOut, notes } = filtered(found.pacts, options)
  const exchanges: readonly Exchange[] = wanted.map((one) => ({
    ...one,
    notes: [],
    leniencies: [],
    refusals: [],
  }))
  options.signal?.throwIfAborted()
  const runnable = exchanges.filter(({ interaction }) => interaction.skipped === undefined)
  const results =
    runnable.length === 0
      ? undefined
      : await verifyThrough(simulator, exchanges, {
          signsAll: options.signAll ?? false,
          pkcs1: options.pkcs1 ?? false,
          signal: options.signal,
        })
  const interactions = exchanges.map((exchange, position) =>
    verifiedInteraction(exchange, tagOf(position + 1), results),
  )
  const outcome = withoutCardNumbers({
    interactions,
    notes: [
      ...found.notes,
      ...notes,
      ...(exchanges.some(({ isSignedAnew }) => isSignedAnew) ? [signaturesReplaced] : []),
    ],
    filteredOut,
  })
  return {
    passed: runnable.length > 0 && !interactions.some(isBroken),
    ...outcome,
    report: reportLines(outcome).join('\n'),
  }
}

const knownOptions = {
  provider: true,
  consumers: true,
  descriptions: true,
  states: true,
  broker: true,
  signAll: true,
  pkcs1: true,
  credentials: true,
  credentialsOrigin: true,
  timeoutSeconds: true,
  signal: true,
} as const satisfies Record<keyof VerifyOptions, true>

const knownOfBroker = {
  url: true,
  credentials: true,
  tags: true,
  branches: true,
  enablePending: true,
  providerBranch: true,
} as const satisfies Record<keyof Broker, true>

/** What types rule out and JavaScript lets through: an option that nobody reads would seem to hold. */
function checkOptions(pacts: readonly string[], options: VerifyOptions): void {
  if (!Array.isArray(pacts))
    throw new SetupError('pacts: expected a list of files, folders or URLs')
  for (const [prefix, given, known] of [
    ['', options, Object.keys(knownOptions)],
    ['broker.', options.broker ?? {}, Object.keys(knownOfBroker)],
  ] as const)
    for (const name of Object.keys(given))
      if (!known.includes(name))
        throw new SetupError(
          `${prefix}${name}: is no option${suggestion(name, known) || `; known are ${known.join(', ')}`}`,
        )
}

async function findPacts(
  sources: readonly string[],
  {
    broker,
    provider = 'token-connect',
    consumers = [],
    timeoutSeconds,
    signal,
    ...shown
  }: VerifyOptions,
): Promise<{ readonly pacts: readonly Pact[]; readonly notes: readonly string[] }> {
  if (sources.length === 0 && broker === undefined)
    throw new SetupError('nothing to verify: name pact files, folders or URLs, or a Pact broker')
  const files = await readPacts(sources, {
    credentials: shown.credentials,
    credentialsOrigin: shown.credentialsOrigin,
    timeoutSeconds,
    signal,
  })
  if (broker === undefined) return files
  const brokers = await readBroker(broker, { provider, consumers }, { timeoutSeconds, signal })
  return {
    pacts: [...files.pacts, ...brokers.pacts],
    notes: [...files.notes, ...brokers.notes],
  }
}

function verifiedInteraction(
  { pact, interaction, copy, setUp, notes, leniencies, refusals, unnoticed }: Exchange,
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
      leniencies: [],
      seconds: 0,
    }
  const result = results?.interactionResults.find((one) => one.description === tag)
  const seconds = Number.parseFloat(result?.duration ?? '') / 1000 || 0
  // Whatever Pact makes of it: a state that could not be set up proves nothing.
  const found =
    setUp !== undefined && 'problem' in setUp ? [setUp.problem] : differencesIn(results, tag, copy)
  const differences = found.length > 0 || unnoticed === undefined ? found : [unnoticed]
  if (differences.length > 0)
    return { ...common, outcome: 'failed', differences, refusals, notes, leniencies, seconds }
  // It is what the pact is about, or what its scenario is.
  const refused = refusals.map(({ what }) => `the simulator says: ${what}`)
  return {
    ...common,
    outcome: 'passed',
    differences,
    refusals: [],
    notes: [...refused, ...notes],
    leniencies,
    seconds,
  }
}
