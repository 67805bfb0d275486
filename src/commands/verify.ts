import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { maskCardNumbers } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import { junitXml, type TestCase, type TestSuite } from '../harness/junit.ts'
import { details, type Verification, type VerifiedInteraction } from '../harness/verification.ts'
import { type Credentials, verifyPacts } from '../harness/verify.ts'
import { createSimulator } from '../simulator.ts'
import { configOf } from './config-file.ts'

export type VerifyFlags = {
  readonly data: string
  readonly config?: string
  readonly scenarios?: readonly string[]
  readonly provider?: string
  readonly consumer?: readonly string[]
  readonly description?: readonly string[]
  readonly state?: readonly string[]
  readonly signAll?: boolean
  readonly pkcs1?: boolean
  readonly pedantic?: boolean
  readonly brokerUrl?: string
  /** The broker is not read; pacts that are URLs may be its own. */
  readonly onlyPacts?: boolean
  readonly brokerUsername?: string
  readonly brokerPassword?: string
  readonly brokerToken?: string
  readonly brokerTag?: readonly string[]
  readonly brokerBranch?: readonly string[]
  readonly enablePending?: boolean
  readonly providerBranch?: string
  /** Seconds to wait for each file of a broker or another server. */
  readonly timeout: number
  /** Where the report for a continuous integration server goes. */
  readonly junit?: string
  /** One JSON document for tools, and nothing else. */
  readonly json?: boolean
  /** Ends it early. */
  readonly signal?: AbortSignal
  readonly print: (line: string) => void
}

/**
 * Verifies pacts against a simulator that runs for as long as this takes, and without a port of its own. Whatever happens, a report that is
 * asked for tells of this run, and not of an earlier one.
 *
 * @returns whether all were kept.
 * @throws {SetupError} something cannot be read or written, or Pact could not run.
 */
export async function verify(pacts: readonly string[], flags: VerifyFlags): Promise<boolean> {
  const report = flags.junit === undefined ? undefined : resolve(flags.junit)
  if (report !== undefined) await removeReport(report)
  try {
    return await verified(pacts, flags, report)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    const message = maskCardNumbers(error.message)
    if (flags.json) flags.print(JSON.stringify({ ...nothing, error: message }, null, 2))
    // It may be the report that cannot be written; then that is what is said.
    if (report !== undefined)
      await writeReport(report, [brokenSuite(message)]).catch(() => undefined)
    throw new SetupError(message, { cause: error.cause })
  }
}

const nothing: Omit<Verification, 'report'> = {
  passed: false,
  interactions: [],
  notes: [],
  filteredOut: 0,
}

async function verified(
  pacts: readonly string[],
  { print, ...flags }: VerifyFlags,
  reportFile: string | undefined,
): Promise<boolean> {
  const { brokerUrl, onlyPacts = false, brokerTag = [], brokerBranch = [] } = flags
  const credentials = credentialsOf(flags)
  const readsBroker = brokerUrl !== undefined && !onlyPacts
  const simulator = await createSimulator({
    ...(await configOf(flags.config)),
    data: flags.data,
    scenarios: flags.scenarios ?? [],
    pedantic: flags.pedantic ?? false,
  })
  const verification = await verifyPacts(simulator, pacts, {
    provider: flags.provider,
    consumers: flags.consumer ?? [],
    descriptions: flags.description ?? [],
    states: flags.state ?? [],
    signAll: flags.signAll ?? false,
    pkcs1: flags.pkcs1 ?? false,
    ...(flags.signal !== undefined && { signal: flags.signal }),
    timeoutSeconds: flags.timeout,
    credentials,
    credentialsOrigin: brokerUrl && originOf(brokerUrl),
    ...(readsBroker && {
      broker: {
        url: brokerUrl,
        credentials,
        tags: brokerTag,
        branches: brokerBranch,
        enablePending: flags.enablePending ?? false,
        providerBranch: flags.providerBranch,
      },
    }),
  })
  if (reportFile !== undefined) await writeReport(reportFile, suitesOf(verification))
  const { report, ...forTools } = verification
  if (flags.json) print(JSON.stringify(forTools, null, 2))
  else {
    for (const warning of simulator.warnings) print(warning)
    print(report)
    if (readsBroker) print('The broker was only read: results are not published.')
  }
  return verification.passed
}

function originOf(brokerUrl: string): string {
  if (URL.canParse(brokerUrl)) return new URL(brokerUrl).origin
  throw new SetupError(
    `--broker-url ${brokerUrl}: expected a URL, such as https://broker.bank.test`,
  )
}

/** @throws {SetupError} half of them is missing, or there are too many. */
function credentialsOf({
  brokerUsername: username,
  brokerPassword: password,
  brokerToken: token,
}: Omit<VerifyFlags, 'print'>): Credentials | undefined {
  if (token !== undefined && (username !== undefined || password !== undefined))
    throw new SetupError('a broker takes a token, or a username and a password; give one of them')
  if (token !== undefined) return { token }
  if (username === undefined && password === undefined) return undefined
  if (username !== undefined) return { username, password: password ?? '' }
  throw new SetupError('--broker-password needs --broker-username')
}

/** Nobody is to take the one of an earlier run for that of one that was killed. */
async function removeReport(path: string): Promise<void> {
  // What cannot be removed cannot be written either, which is said then.
  await rm(path, { force: true }).catch(() => undefined)
}

function brokenSuite(message: string): TestSuite {
  const name = 'mdes-sim verify'
  return { name, cases: [{ name, seconds: 0, outcome: 'broken', message, text: message }] }
}

async function writeReport(path: string, suites: readonly TestSuite[]): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, junitXml('mdes-sim verify', suites))
  } catch (cause) {
    throw new SetupError(
      `${path}: the JUnit report cannot be written: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** One for each pact. */
function suitesOf({ interactions }: Verification): readonly TestSuite[] {
  const named = (one: VerifiedInteraction) => `${one.consumer} and ${one.provider} (${one.source})`
  return [...new Set(interactions.map(named))].map((name) => ({
    name,
    cases: interactions.filter((one) => named(one) === name).map(testCaseOf),
  }))
}

function testCaseOf(interaction: VerifiedInteraction): TestCase {
  const { description, states, seconds, outcome, pending, differences } = interaction
  const given = states.length === 0 ? '' : ` (${states.join(', ')})`
  const isPending = outcome === 'failed' && pending
  return {
    name: description + given,
    seconds,
    // A server that reads this knows no other way for a failure that does not count.
    outcome: isPending ? 'skipped' : outcome,
    message: isPending ? `pending, and fails: ${differences[0]}` : differences[0],
    text: outcome === 'skipped' ? undefined : details(interaction).join('\n'),
  }
}
