import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { SetupError } from '../errors.ts'
import {
  type CardAccount,
  clickToPay,
  type IssuerProject,
  pushRequest,
  signed,
} from '../issuer/client.ts'
import { readProject } from '../issuer/project.ts'
import { serve } from '../serve.ts'
import type { Simulator } from '../simulator.ts'

export type Verification = {
  /** Every interaction was answered as the pact says, and there was one at least. */
  readonly passed: boolean
  readonly interactions: readonly { readonly description: string; readonly passed: boolean }[]
  /** For people: Pact's own report, then the provider states that could not be set up. */
  readonly report: string
}

/** What ciphertext that nobody can open any more is replaced with. */
const testAccount: CardAccount = {
  pushAccountId: 'card-1',
  fundingAccountData: {
    cardAccountData: { accountNumber: '5123456789012346', expiryMonth: '12', expiryYear: '39' },
  },
}

const providerStates = '/pact/provider-states'

/**
 * Verifies an issuer's pact files against a simulator, which stays as strict as it is. A provider state is the name of a scenario; its
 * parameters are not used. Recorded signatures and ciphertext are long dead, so a request that was recorded signed is signed anew by the
 * default issuer, and its accounts are encrypted anew: those of the pact if they are in clear, else one test card, `card-1`.
 *
 * Needs `@pact-foundation/pact-core`. Redirects (3xx) cannot be verified yet: Pact follows them.
 *
 * @param files paths of pact files.
 * @throws {SetupError} Pact could not run: it is not installed, its native library does not load, or a file is missing.
 */
export async function verifyPacts(
  simulator: Simulator,
  files: readonly string[],
): Promise<Verification> {
  const project = await readProject(simulator.keyring, '')
  const unknownStates: string[] = []

  async function setUp(request: Request): Promise<Response> {
    // An interaction without a state calls too, with an empty one.
    const { action, state } = (await request.json()) as { action: string; state: string }
    try {
      simulator.use(action === 'setup' && state !== '' ? state : undefined)
      return Response.json({})
    } catch (error) {
      if (!(error instanceof SetupError)) throw error
      unknownStates.push(`provider state "${state}": ${error.message}`)
      return Response.json({ error: error.message }, { status: 404 })
    }
  }

  const front = await serve(
    {
      fetch: async (request) =>
        new URL(request.url).pathname === providerStates
          ? setUp(request)
          : simulator.fetch(await revived(request, project)),
    },
    { port: 0 },
  )
  try {
    const results = await runVerifier({
      providerBaseUrl: front.url,
      providerStatesSetupUrl: front.url + providerStates,
      pactUrls: files.map((file) => resolve(file)),
      failIfNoPactsFound: true,
      logLevel: 'error',
    })
    const interactions = results.interactionResults.map(({ description, result }) => ({
      description,
      passed: result === 'OK',
    }))
    return {
      passed: results.result && interactions.length > 0,
      interactions,
      report: [
        ...results.output.map(stripVTControlCharacters),
        ...unknownStates,
        ...(interactions.length === 0 ? ['No interaction was verified.'] : []),
      ].join('\n'),
    }
  } finally {
    simulator.use(undefined)
    await front.close()
  }
}

/** The recorded request, signed and encrypted as of now. What was recorded without a signature gets none: its refusal is the truth. */
async function revived(request: Request, keys: IssuerProject): Promise<Request> {
  if (!request.headers.get('Authorization')?.startsWith('OAuth ')) return request
  const { origin, pathname, search } = new URL(request.url)
  const project = { ...keys, url: origin }
  const recorded = Buffer.from(await request.arrayBuffer()).toString()
  const fresh = await signed(project, {
    path: pathname + search,
    ...(request.method !== 'GET' && { body: await encryptedAnew(recorded, project) }),
  })
  const headers = new Headers(request.headers)
  headers.set('Authorization', fresh.headers.get('Authorization') ?? '')
  headers.delete('Content-Length')
  return new Request(fresh, { headers })
}

type RecordedPush = {
  readonly pushFundingAccounts?: {
    readonly encryptedPayload?: Readonly<Record<string, unknown>>
  }
}

async function encryptedAnew(body: string, project: IssuerProject): Promise<string> {
  const message = parsed(body)
  const recorded = message?.pushFundingAccounts?.encryptedPayload
  if (recorded === undefined) return body
  const inClear = Array.isArray(recorded.encryptedData)
  const request = await pushRequest(
    { ...project, oaepHash: recorded.oaepHashingAlgorithm === 'SHA256' ? 'SHA-256' : 'SHA-512' },
    {
      requestId: 'encryption-only',
      tokenRequestorId: clickToPay,
      accounts: inClear ? (recorded.encryptedData as CardAccount[]) : [testAccount],
    },
  )
  const fresh = ((await request.json()) as RecordedPush).pushFundingAccounts?.encryptedPayload ?? {}
  // Only members that were recorded: one that the issuer forgot to send must stay missing.
  const encryptedPayload = inClear
    ? fresh
    : Object.fromEntries(
        Object.entries(recorded).map(([name, value]) => [name, fresh[name] ?? value]),
      )
  return JSON.stringify({
    ...message,
    pushFundingAccounts: { ...message?.pushFundingAccounts, encryptedPayload },
  })
}

function parsed(body: string): RecordedPush | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

type VerifierResults = {
  readonly result: boolean
  readonly interactionResults: readonly { readonly description: string; readonly result: string }[]
  readonly output: readonly string[]
}

/**
 * Runs Pact's verifier in a process of its own. Its native half prints to standard output whatever the log level, and obeys the
 * environment: HTTP_PROXY even for loopback, PACT_BROKER_BASE_URL, PACT_DESCRIPTION, and statistics are sent unless told not to. `fork` finds this Node
 * by itself, and `--eval` spares a second file.
 */
async function runVerifier(options: object): Promise<VerifierResults> {
  const core = pactCore()
  const program = `
    const { default: pact } = require(${JSON.stringify(core)})
    const answer = (results) => require('node:fs').writeFileSync(4, results)
    const verify = async () => pact.verifyPacts(${JSON.stringify(options)})
    verify().then(answer, (error) => answer(error.message))`
  const child = fork('verifier', {
    execArgv: ['--eval', program],
    env: { PACT_DO_NOT_TRACK: 'true', NO_PROXY: 'localhost,127.0.0.1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  const [results, complaint] = await Promise.all([
    text(child.stdio[4] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ])
  try {
    return JSON.parse(results)
  } catch (cause) {
    throw new SetupError(`Pact's verifier could not run: ${results || complaint}`, { cause })
  }
}

function pactCore(): string {
  try {
    return createRequire(import.meta.url).resolve('@pact-foundation/pact-core')
  } catch (cause) {
    throw new SetupError(
      "verifying pact files needs Pact's library: npm install --save-dev @pact-foundation/pact-core",
      { cause },
    )
  }
}
