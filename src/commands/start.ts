import { rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { machineClock } from '../clock.ts'
import { SetupError } from '../errors.ts'
import type { JournalEntry } from '../journal.ts'
import { journalLines } from '../journal-lines.ts'
import { newAdminToken } from '../keys/admin-token.ts'
import { signingKeyAlias, signingKeyPassword } from '../keys/key-files.ts'
import type { TlsCertificate } from '../keys/tls-certificate.ts'
import { isLoopback } from '../loopback.ts'
import { builtInScenarios } from '../scenarios/load.ts'
import { type ServeOptions, type Server, serve } from '../serve.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../simulator.ts'
import { configOf } from './config-file.ts'
import { watchScenarios } from './watch-scenarios.ts'

export type StartOptions = {
  readonly port: number
  /** Address of an interface; default loopback. */
  readonly host?: string
  /** For the admin API, where that is beyond loopback; default: a new one. */
  readonly adminToken?: string
  readonly publicUrl?: string
  readonly data: string
  readonly config?: string
  readonly scenarios?: readonly string[]
  readonly scenario?: string
  readonly relaxed?: boolean
  readonly pedantic?: boolean
  readonly seed?: string
  readonly clock?: Date
  readonly demo?: boolean
  readonly demoPort: number
  /** Serves https, with a certificate of the data directory's own. */
  readonly tls?: boolean
  readonly readyFile?: string
  /** One JSON line when ready, and nothing else. */
  readonly json?: boolean
  /** Writes a line for people, or for `json`. */
  readonly print: (line: string) => void
}

/** What a client needs to know; the line of `--json`, the content of `--ready-file` and the environment of `exec`. */
export type Ready = {
  readonly url: string
  readonly provisionUrl: string
  readonly adminUrl: string
  readonly inspectorUrl: string
  readonly pid: number
  readonly consumerKey: string
  readonly signingKeyStore: string
  readonly signingKeyAlias: string
  readonly signingKeyPassword: string
  readonly signingKeyPem: string
  readonly encryptionCertificate: string
  readonly jwksUrl: string
  readonly demoUrl?: string
  /** For the admin API: `Authorization: Bearer ...`. */
  readonly adminToken?: string
  /** Path of the certificate, in PEM, of the CA to trust. */
  readonly tlsCa?: string
}

/**
 * Starts the simulator, and the demo bank if wanted; reloads the files of scenarios and token requestors when they change.
 *
 * @returns what a client needs to know, and how to stop it all.
 * @throws {SetupError} before anything listens, or when a port is taken.
 */
export async function start(
  options: StartOptions,
  pid: number,
): Promise<{ readonly ready: Ready; stop(): Promise<void> }> {
  const adminToken =
    options.adminToken ?? (isBeyondLoopback(options.host) ? newAdminToken() : undefined)
  const simulator = await made({
    ...(await configOf(options.config)),
    data: options.data,
    scenarios: options.scenarios ?? [],
    scenario: options.scenario ?? (options.demo ? 'ask' : 'approved'),
    relaxed: options.relaxed ?? false,
    pedantic: options.pedantic ?? false,
    ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.clock !== undefined && { clock: options.clock }),
    ...(adminToken !== undefined && { adminToken }),
    ...(!options.json && { onJournalEntry: (entry) => options.print(entryLines(entry)) }),
  })
  const tls = options.tls ? await tlsCertificate(options.data, simulator.publicUrl) : undefined
  const where = options.host === undefined ? {} : { host: options.host }
  const server = await serve(simulator, {
    ...where,
    port: options.port,
    ...(tls !== undefined && { tls }),
  })
  let demo: Server | undefined
  let ready: Ready
  const close = () => Promise.all([server.close(), demo?.close()])
  try {
    if (options.demo)
      demo = await startDemo(simulator, server.url, { ...where, port: options.demoPort })
    ready = readyOf(simulator, server.url, pid, {
      ...(demo !== undefined && { demoUrl: demo.url }),
      ...(adminToken !== undefined && { adminToken }),
      ...(tls !== undefined && { tlsCa: tls.caFile }),
    })
    if (options.readyFile !== undefined) await writeWhole(resolve(options.readyFile), ready)
    if (!options.json) for (const warning of simulator.warnings) options.print(warning)
    options.print(
      options.json ? JSON.stringify(ready) : welcome(ready, options, simulator.scenarios.length),
    )
    await simulator.warmUp()
  } catch (error) {
    await close()
    throw error
  }
  const watching = watchScenarios(
    [builtInScenarios, ...(options.scenarios ?? []).map((folder) => resolve(folder))],
    reloading(simulator, options),
  )
  return {
    ready,
    async stop() {
      watching.close()
      if (options.readyFile !== undefined) await rm(resolve(options.readyFile), { force: true })
      await close()
    },
  }
}

function isBeyondLoopback(host: string | undefined): boolean {
  return host !== undefined && !isLoopback(host === '::1' ? '[::1]' : host)
}

/** @throws {SetupError} whose last line says how much is wrong with the scenarios, if that is why. */
function made(options: SimulatorOptions): Promise<Simulator> {
  return createSimulator(options).catch((error: unknown) => {
    if (!(error instanceof SetupError) || error.toll === undefined) throw error
    throw new SetupError(`${error.message}\n${error.toll}: not started`, { cause: error })
  })
}

/** Why scenarios are refused is told by {@link reloading}, which knows more. */
function entryLines(entry: JournalEntry): string {
  return journalLines(entry.kind === 'scenarios' ? { ...entry, faults: [] } : entry)
}

/** @returns what reloads the scenarios, and prints in full why it cannot: once, however often it is tried. */
function reloading(simulator: Simulator, { json, print }: StartOptions): () => Promise<void> {
  let told: unknown
  return async () => {
    try {
      await simulator.reloadScenarios()
    } catch (error) {
      if (error === told) return
      told = error
      // Anything else is a mistake of ours, and no reason to stop serving the last good set.
      const { message, stack } = error as Error
      const reason = error instanceof SetupError ? message : (stack ?? message)
      if (!json) print(reason.replace(/^/gm, '          '))
    }
  }
}

async function tlsCertificate(
  data: string,
  publicUrl: string | undefined,
): Promise<TlsCertificate> {
  const { openTlsCertificate } = await import('../keys/tls-certificate.ts')
  // An IPv6 address is in brackets there.
  const host = publicUrl && new URL(publicUrl).hostname.replace(/[[\]]/g, '')
  return openTlsCertificate(resolve(data), { host, now: machineClock.now() })
}

async function startDemo(
  simulator: Simulator,
  url: string,
  where: Pick<ServeOptions, 'host' | 'port'>,
): Promise<Server> {
  const [{ bank }, { magicCards }, { readProject }] = await Promise.all([
    import('../issuer/bank.ts'),
    import('../issuer/bank-cards.ts'),
    import('../issuer/project.ts'),
  ])
  const project = {
    ...(await readProject(simulator.keyring, url)),
    // Node's fetch trusts no CA that the process was not started with, so the bank takes no socket then.
    ...(url.startsWith('https:') && { fetch: simulator.fetch }),
  }
  const demo: Parameters<typeof serve>[0] = bank({
    project,
    ownUrl: () => demo.publicUrl ?? '',
    cards: () => magicCards(simulator.scenarios),
  })
  return serve(demo, where)
}

function readyOf(
  { keyring, publicUrl }: Simulator,
  url: string,
  pid: number,
  optional: Pick<Ready, 'demoUrl' | 'adminToken' | 'tlsCa'>,
): Ready {
  return {
    url,
    provisionUrl: `${publicUrl ?? url}/provision`,
    adminUrl: `${url}/__simulator`,
    inspectorUrl: `${url}/`,
    pid,
    consumerKey: keyring.consumerKey,
    signingKeyStore: keyring.files.signingKeyStore,
    signingKeyAlias,
    signingKeyPassword,
    signingKeyPem: keyring.files.signingKeyPem,
    encryptionCertificate: keyring.files.encryptionCertificate,
    jwksUrl: `${url}/__simulator/jwks.json`,
    ...optional,
  }
}

/** Never half a file for whoever waits for it. */
async function writeWhole(path: string, ready: Ready): Promise<void> {
  const draft = `${path}.${ready.pid}.tmp`
  try {
    await writeFile(draft, `${JSON.stringify(ready)}\n`, { mode: 0o600 })
    await rename(draft, path)
  } catch (cause) {
    await rm(draft, { force: true })
    throw new SetupError(`${path}: the ready file cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function welcome(
  ready: Ready,
  { relaxed, pedantic, clock, scenarios = [] }: StartOptions,
  count: number,
): string {
  const lines = [
    '',
    ...(ready.demoUrl === undefined
      ? []
      : [`  Click here                ${ready.demoUrl}   (Partner Bank, the demo)`, '']),
    `  Token Connect             ${ready.url}/mdes`,
    `  Click to Pay              ${ready.provisionUrl}`,
    `  What happened             ${ready.adminUrl}/journal`,
    `  Scenarios                 ${count}${scenarios.length === 0 ? ', all built in' : `, with those of ${scenarios.join(', ')}`}`,
    '',
    `  Consumer key              ${ready.consumerKey}`,
    `  Signing key (PKCS#12)     ${ready.signingKeyStore}`,
    `                            alias ${ready.signingKeyAlias}, password ${ready.signingKeyPassword}`,
    `  Signing key (PEM)         ${ready.signingKeyPem}`,
    `  Encryption certificate    ${ready.encryptionCertificate}`,
    ...(ready.tlsCa === undefined
      ? []
      : [
          `  CA to trust (PEM)         ${ready.tlsCa}`,
          '                            for Node, its path in NODE_EXTRA_CA_CERTS; for curl, in --cacert',
        ]),
    ...(ready.adminToken === undefined
      ? []
      : [`  Admin API from anywhere   Authorization: Bearer ${ready.adminToken}`]),
    '',
    ...(relaxed
      ? ['  RELAXED: unsigned and unencrypted requests pass here. They will not at Mastercard.']
      : []),
    ...(pedantic ? ['  PEDANTIC: what is accepted only on an assumption is refused.'] : []),
    ...(clock === undefined ? [] : [`  The virtual clock stands at ${clock.toISOString()}.`]),
    '  A simulator, not a Mastercard product. Test cards only. Ctrl-C stops it.',
    '',
  ]
  return lines.join('\n')
}
