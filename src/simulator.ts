import { join, resolve } from 'node:path'
import { Hono } from 'hono'
import { adminRoutes } from './admin/routes.ts'
import { assumptions } from './assumptions.ts'
import { clickToPayRoutes } from './click-to-pay/routes.ts'
import { memoryVisits } from './click-to-pay/visits.ts'
import { machineClock, type VirtualClock } from './clock.ts'
import { isLost } from './delivery.ts'
import { Refusal, refuse, SetupError } from './errors.ts'
import { homePage } from './home.ts'
import { type Journal, memoryJournal } from './journal.ts'
import { cardIdentity } from './keys/card-identity.ts'
import { type Keyring, openKeyring } from './keys/keyring.ts'
import { payloadDecryption } from './keys/payload-encryption.ts'
import { pushSignature } from './keys/push-signature.ts'
import { requestVerification } from './keys/request-signature.ts'
import { memoryLedger } from './ledger.ts'
import { formatProblem } from './problem.ts'
import { received } from './received.ts'
import { readAddedScenario } from './scenarios/added.ts'
import { scenarioChooser } from './scenarios/choose.ts'
import { loadScenarios, reloadScenarios } from './scenarios/load.ts'
import { liveScenarios } from './scenarios/reload.ts'
import type { Scenario } from './scenarios/schema.ts'
import { showsPages } from './scenarios/story.ts'
import { checkedPublicUrl, checkOptions, type SimulatorOptions } from './simulator-options.ts'
import { type Registration, tenantRegister } from './tenants.ts'
import { gatewayScript } from './token-connect/gateway-script.ts'
import { operations } from './token-connect/operations.ts'
import { tokenConnectRoutes } from './token-connect/routes.ts'
import { version } from './version.ts'

export type { SimulatorOptions } from './simulator-options.ts'

export type Simulator = {
  /** The whole simulator: a function, no socket. */
  fetch(request: Request): Promise<Response>
  readonly journal: Journal
  /** Rules receipts, card expiry and the journal. The OAuth timestamp window follows the machine's clock. */
  readonly clock: VirtualClock
  /** The default issuer: consumer key, key files and all. */
  readonly keyring: Keyring
  /** What in the scenario folders has no effect, each with its position. */
  readonly warnings: readonly string[]
  /** The stories in force, and the card number that plays each. Another reading may bring others. */
  readonly scenarios: readonly {
    readonly name: string
    readonly description: string
    readonly testCard?: string
    /** Whether Click to Pay asks the cardholder anything. */
    readonly showsPages: boolean
    /** Where it differs from the everyday story: `gateway`, `eligibility`, `push`, `provision` and `callback`, as its file has them. */
    readonly sections: readonly string[]
  }[]
  /** The clock of another issuer. */
  clockOf(consumerKey: string): VirtualClock
  /**
   * One more issuer, so that a test shares nothing with those that run beside it: the scenario in use, clock, pushes, journal and counters
   * belong to a consumer key.
   *
   * @returns its consumer key; with the default issuer's key files it can call at once.
   * @throws {SetupError} the consumer key is taken, or the public key cannot be used.
   */
  registerIssuer(registration?: Registration): { readonly consumerKey: string }
  /** Forgets an issuer that was registered, and all that is its own. @returns false when there is none that can go. */
  removeIssuer(consumerKey: string): boolean
  /**
   * A scenario for one issuer alone, in the place of one of the same name.
   *
   * @param name as its file would be called, without `.yaml`.
   * @throws {SetupError} with each thing that is wrong and its position.
   */
  addScenario(name: string, yaml: string, consumerKey?: string): Promise<void>
  /**
   * Plays this scenario for all pushes of a consumer key, `when` or not; without a name the files decide again.
   *
   * @throws {SetupError} there is no such scenario, or no such issuer.
   */
  use(scenario: string | undefined, consumerKey?: string): void
  /** Forgets pushes, journal, counters and the scenario in use, of one consumer key or of all. Keys and clock stay. */
  reset(consumerKey?: string): Promise<void>
  /**
   * Reads the files of scenarios and token requestors again. Pushes under way keep the scenario they were issued with; what is in use
   * stays in use by name.
   *
   * @throws {SetupError} with every problem; the last good set stays in force. The very same error while nothing changes.
   */
  reloadScenarios(): Promise<void>
  /**
   * Signs pushes with a new key from now on; the old one stays served and verifies what it signed. On disk too.
   *
   * @returns the new `kid`.
   * @throws {SetupError} the data directory cannot be written.
   */
  rotateSignatureKey(): Promise<string>
  /** @returns until when a receipt is good, in epoch milliseconds of the virtual clock; undefined: it was never issued, or is forgotten. */
  expiryOf(pushAccountReceipt: string): Promise<number | undefined>
  /** Loads now what the first push would otherwise wait for. */
  warmUp(): Promise<void>
  /** Where cardholders' browsers reach the simulator; undefined until it is known. */
  publicUrl: string | undefined
  /** Whether the admin API asks for a token, and so may be served beyond loopback. */
  readonly isGuarded: boolean
}

/** Where the simulator would listen if it had a socket. */
const usualUrl = 'http://localhost:6337'

/** Of one issuer. */
const mostOwnScenarios = 100

/** Of a journal entry about the simulator itself. */
const noExchange = { method: '', url: '', status: 0 } as const

const keyrings = new Map<string, Promise<Keyring>>()

/** Opened once per process and data directory. */
function keyringOf(dataDirectory: string): Promise<Keyring> {
  const existing = keyrings.get(dataDirectory)
  if (existing !== undefined) return existing
  const keyring = openKeyring(dataDirectory, machineClock.now())
  keyrings.set(dataDirectory, keyring)
  keyring.catch(() => keyrings.delete(dataDirectory))
  return keyring
}

/**
 * Makes a simulator of Token Connect and Click to Pay.
 *
 * @throws {SetupError} the data directory, a scenario file or an option is wrong.
 */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  checkOptions(options)
  const data = resolve(options.data ?? '.mdes-simulator')
  const folders = (options.scenarios ?? []).map((folder) => resolve(folder))
  // The keys first: they make the data directory, and with the right mode.
  const keyring = await keyringOf(data)
  const cache = join(data, 'cache')
  const initial = await loadScenarios(folders, cache)
  const namedIssuers = [
    { consumerKey: keyring.consumerKey, publicKey: keyring.signingPublicKey },
    ...(options.issuers ?? []),
  ] as const
  const tenants = tenantRegister({
    issuers: namedIssuers,
    seed: options.seed === undefined ? undefined : String(options.seed),
    startsFrozenAt: options.clock,
    onRemoved: (consumerKey) => {
      chooser.forget(consumerKey)
      void reset(consumerKey)
    },
  })
  const clock = tenants.clockOf(keyring.consumerKey)
  const now = (consumerKey?: string) => tenants.clockOf(consumerKey).now()
  const journal = memoryJournal({ now })
  if (options.onJournalEntry !== undefined) journal.listen(options.onJournalEntry)
  let evicted = 0
  const ledger = memoryLedger({
    onEvicted: ({ consumerKey, pushAccountReceipt }) => {
      evicted += 1
      // Full, it makes room at every push; one note in a thousand is enough.
      if (evicted % 1000 !== 1) return
      void journal.record({
        ...noExchange,
        consumerKey,
        kind: 'ledger',
        summary: `forgot the oldest push, ${pushAccountReceipt}, to make room (${evicted} so far)`,
      })
    },
  })
  const chooser = asSetup(() => scenarioChooser(initial.scenarios, options.scenario ?? 'approved'))
  const live = liveScenarios({
    initial,
    chooser,
    read: () => reloadScenarios(folders, cache),
    tell: (reloaded) => journal.record({ ...noExchange, kind: 'scenarios', ...reloaded }),
  })

  async function reset(consumerKey?: string): Promise<void> {
    // At once, so that whoever comes next begins anew even if nobody waits for this.
    parts.gatewayScript.clear(consumerKey)
    parts.visits.clear(consumerKey)
    for (const key of consumerKey === undefined ? tenants.consumerKeys() : [consumerKey])
      chooser.use(key, undefined)
    await Promise.all([ledger.clear(consumerKey), journal.clear(consumerKey)])
  }

  async function addScenario(name: string, yaml: string, consumerKey: string): Promise<Scenario> {
    const scenario = await readAddedScenario(name, yaml)
    if (tenants.find(consumerKey) === undefined)
      refuse('NO_SUCH_ISSUER', `there is no issuer with the consumer key ${consumerKey} any more`)
    const own = chooser.ownOf(consumerKey)
    if (own.length >= mostOwnScenarios && !own.includes(name))
      refuse('TOO_MANY_SCENARIOS', `there are ${own.length} already; remove some first`)
    chooser.add(consumerKey, scenario)
    return scenario
  }

  async function rotateSignatureKey(): Promise<string> {
    const keys = await keyring.rotatePushSignatureKey(machineClock.now())
    parts.pushSignature.replaceKeys(keys)
    // The next simulator reads the keys from disk again.
    keyrings.delete(data)
    return keys.active.kid
  }

  const parts = {
    version,
    rotateSignatureKey,
    addScenario,
    kinds: [
      ...new Set(operations.map(({ name }) => name)),
      'provision',
      'scenarios',
      'ledger',
      'unknown',
    ],
    adminToken: options.adminToken,
    tenants,
    namedIssuers,
    journal,
    ledger,
    chooser,
    get tokenRequestors() {
      return live.tokenRequestors
    },
    reset,
    relaxed: options.relaxed ?? false,
    pedantic: options.pedantic ?? false,
    assumptions: { ...assumptions, ...options.assumptions },
    gatewayScript: gatewayScript(tenants.seedOf),
    visits: memoryVisits(now),
    oneTimeCodes: (consumerKey?: string) => parts.visits.pendingCodes(consumerKey),
    keyring,
    machineClock,
    // On use: the description takes the schemas of all messages, and time.
    openApi: async () => (await import('./openapi/document.ts')).openApiDocument,
    publicUrl: () => simulator.publicUrl ?? usualUrl,
    defaultConsumerKey: keyring.consumerKey,
    encryptionCertificate: () => keyring.encryption.certificate.toString(),
    pushSignature: pushSignature(keyring.pushSignature, keyring.encryption.privateKey),
    cardIdentity: cardIdentity(keyring.encryption.privateKey),
    payloadDecryption: payloadDecryption(keyring.encryption),
    requestVerification: requestVerification({
      findIssuer: (consumerKey) => tenants.find(consumerKey)?.issuer,
      clock: machineClock,
      ...(options.timestampWindowSeconds !== undefined && {
        windowSeconds: options.timestampWindowSeconds,
      }),
      ...(options.nonceMemorySeconds !== undefined && {
        nonceMemorySeconds: options.nonceMemorySeconds,
      }),
    }),
  }
  const app = new Hono()
  app.onError((error, c) => {
    if (isLost(error, c.req.raw.signal)) throw error
    return c.text('Internal Server Error', 500)
  })
  app.route('/', tokenConnectRoutes(parts))
  app.route('/', clickToPayRoutes(parts))
  app.route('/', adminRoutes(parts))
  app.get('/', (c) => c.html(homePage(version)))
  // Browsers ask for it by themselves.
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.notFound(async (c) => {
    const because = `there is no ${c.req.method} ${c.req.path}; served are POST /mdes/connect/1/0/pushMultipleAccounts (base URL with /mdes), GET /provision and /__simulator`
    const body = 'Not Found'
    const response = c.text(body, 404)
    await journal.record(
      {
        kind: 'unknown',
        method: c.req.method,
        url: c.req.path,
        status: 404,
        summary: 'is served nowhere here',
        faults: [{ code: 'NOT_FOUND', because }],
      },
      {
        request: received(c.req.raw, undefined),
        response: { headers: response.headers, body },
      },
    )
    return response
  })

  const simulator: Simulator = {
    fetch: async (request) => app.fetch(request),
    journal,
    clock,
    clockOf: tenants.clockOf,
    registerIssuer: (registration = {}) =>
      asSetup(() => ({ consumerKey: tenants.register(registration).issuer.consumerKey })),
    removeIssuer: tenants.remove,
    async addScenario(name, yaml, consumerKey = keyring.consumerKey) {
      issuerNamed(consumerKey)
      await addScenario(name, yaml, consumerKey).catch(rethrownAsSetup)
    },
    keyring,
    warnings: initial.warnings.map(formatProblem),
    get scenarios() {
      return live.scenarios.map(({ name, description, when, expect: _, ...sections }) => {
        const testCard = when?.card?.number
        return {
          name,
          description,
          showsPages: showsPages(sections.provision),
          ...(testCard !== undefined && { testCard }),
          sections: Object.keys(sections),
        }
      })
    },
    isGuarded: options.adminToken !== undefined,
    publicUrl: options.publicUrl === undefined ? undefined : checkedPublicUrl(options.publicUrl),
    use(scenario, consumerKey = keyring.consumerKey) {
      issuerNamed(consumerKey)
      asSetup(() => chooser.use(consumerKey, scenario))
    },
    reset,
    reloadScenarios: live.reload,
    rotateSignatureKey,
    expiryOf: async (pushAccountReceipt) => (await ledger.find(pushAccountReceipt))?.expiresAt,
    async warmUp() {
      await Promise.all([
        import('./token-connect/push-multiple-accounts.ts'),
        parts.pushSignature.load(),
      ])
    },
  }
  return simulator

  function issuerNamed(consumerKey: string): void {
    if (tenants.find(consumerKey) === undefined)
      throw new SetupError(`there is no issuer with the consumer key ${consumerKey}`)
  }
}

/** What is refused to a caller over HTTP is a mistake in the set-up when it comes from an option. */
function asSetup<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    return rethrownAsSetup(error)
  }
}

function rethrownAsSetup(error: unknown): never {
  if (error instanceof Refusal) throw new SetupError(error.message, { cause: error })
  throw error
}
