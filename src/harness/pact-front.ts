import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProject } from '../issuer/project.ts'
import type { JournalEntry } from '../journal.ts'
import { serve } from '../serve.ts'
import type { Simulator } from '../simulator.ts'
import type { Json } from './pact.ts'
import { pactCopy, renamedLocation, tagOf } from './pact-copy.ts'
import { runVerifier, type VerifierResults } from './pact-verifier.ts'
import { type SetUp, setUpStates } from './provider-states.ts'
import { accountsFor } from './recorded-payload.ts'
import { revived } from './revive.ts'
import { unnoticedRefusal } from './unnoticed-refusal.ts'
import type { Refused } from './verification.ts'
import type { Wanted } from './wanted.ts'

const providerStates = '/pact/provider-states'

/** An interaction on its way. */
export type Exchange = Wanted & {
  /** Path of what Pact's verifier reads in place of its pact. */
  copy?: string
  setUp?: SetUp
  notes: readonly string[]
  /** What was accepted on an assumption. */
  leniencies: readonly string[]
  refusals: readonly Refused[]
  /** A refusal that the pact would be kept by. */
  unnoticed?: string | undefined
  isSignedAnew?: boolean
}

/** How requests come through. */
export type Passage = {
  readonly signsAll: boolean
  readonly pkcs1: boolean
  /** Ends it, and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs Pact's verifier over interactions. Between it and the simulator stands a front, which sets up the provider states, revives the requests
 * and notes in each exchange what came of it.
 *
 * @param exchanges each is known by the tag of its place, from 1.
 */
export async function verifyThrough(
  simulator: Simulator,
  exchanges: readonly Exchange[],
  { signsAll, pkcs1, signal }: Passage,
): Promise<VerifierResults> {
  const project = await readProject(simulator.keyring, 'http://localhost')
  // Pact's verifier takes one interaction after the other: what comes belongs to the one that was set up last.
  let current: Exchange | undefined

  async function setUp(request: Request): Promise<Response> {
    const { action, state } = (await request.json()) as { action: string; state: string }
    if (action !== 'setup') return Response.json({})
    current = exchanges.find((_, position) => tagOf(position + 1) === state)
    if (current === undefined) return Response.json({}, { status: 404 })
    current.setUp = await setUpStates(simulator, project, current.interaction)
    return 'problem' in current.setUp
      ? Response.json({}, { status: 404 })
      : Response.json(current.setUp.values)
  }

  async function answer(request: Request): Promise<Response> {
    const exchange = current
    if (exchange?.setUp === undefined || 'problem' in exchange.setUp)
      return new Response('No interaction was set up', { status: 500 })
    const { testCard, scenario, values, notes: noted } = exchange.setUp
    const { request: recorded, response } = exchange.interaction.recorded
    const revival = await revived(request, {
      project,
      accounts: accountsFor(response as Json, testCard),
      scenario,
      // A pact that can have generators says itself what is injected where.
      pendingPush: (recorded as Json).generators === undefined ? values : undefined,
      signsAll,
      pkcs1,
    })
    const before = await lastEntry(simulator)
    try {
      return withoutLocation(await simulator.fetch(revival.request))
    } finally {
      const entries = await entriesSince(before, simulator)
      exchange.refusals = refusalsIn(entries)
      exchange.unnoticed = unnoticedRefusal(response as Json, entries)
      exchange.leniencies = entries.flatMap(({ leniencies = [] }) => leniencies)
      exchange.isSignedAnew = revival.isSignedAnew
      exchange.notes = [
        ...noted,
        ...revival.notes,
        ...entries.flatMap((entry) => choiceOfRequest(entry, simulator)),
        ...entries.flatMap(({ warnings = [] }) => warnings.map((text) => `warning: ${text}`)),
      ]
    }
  }

  const front = await serve(
    {
      fetch: (request) =>
        new URL(request.url).pathname === providerStates ? setUp(request) : answer(request),
    },
    { port: 0 },
  )
  const folder = await mkdtemp(join(tmpdir(), 'mdes-simulator-pacts-'))
  try {
    const files = await writeCopies(folder, exchanges)
    return await runVerifier(
      { url: front.url, statesUrl: front.url + providerStates },
      files,
      signal,
    )
  } finally {
    simulator.use(undefined)
    await Promise.all([front.close(), rm(folder, { recursive: true })])
  }
}

/** @returns paths of the copies, one for each pact. */
async function writeCopies(
  folder: string,
  exchanges: readonly Exchange[],
): Promise<readonly string[]> {
  const numbered = exchanges
    .map((exchange, position) => ({ exchange, number: position + 1 }))
    .filter(({ exchange }) => exchange.interaction.skipped === undefined)
  const pacts = [...new Set(numbered.map(({ exchange }) => exchange.pact))]
  return Promise.all(
    pacts.map(async (pact, position) => {
      const copy = join(folder, `${position + 1}.json`)
      const own = numbered.filter(({ exchange }) => exchange.pact === pact)
      for (const { exchange } of own) exchange.copy = copy
      const interactions = own.map(
        ({ number, exchange }) => [number, exchange.interaction] as const,
      )
      // Accounts may be in it in clear.
      await writeFile(copy, pactCopy(pact, interactions), { mode: 0o600 })
      return copy
    }),
  )
}

function withoutLocation(response: Response): Response {
  const location = response.headers.get('Location')
  // Only then, since another response may have its own way to the socket.
  if (location === null) return response
  const { status, body } = response
  const headers = new Headers(response.headers)
  headers.delete('Location')
  headers.set(renamedLocation, location)
  return new Response(body, { status, headers })
}

async function lastEntry({ journal }: Simulator): Promise<number> {
  return (await journal.entries()).at(-1)?.id ?? 0
}

async function entriesSince(
  before: number,
  { journal, keyring }: Simulator,
): Promise<readonly JournalEntry[]> {
  // Without a consumer key: what was refused before anybody could know whose it was.
  const isOurs = ({ consumerKey = keyring.consumerKey }: JournalEntry) =>
    consumerKey === keyring.consumerKey
  return (await journal.entries()).filter((entry) => entry.id > before && isOurs(entry))
}

/** Without a provider state, the request itself may tell a story, by its card above all. */
function choiceOfRequest({ scenario }: JournalEntry, { scenarios }: Simulator): readonly string[] {
  const chosen = /^(.+); by=when$/.exec(scenario ?? '')?.[1]
  if (chosen === undefined) return []
  const isByCard = scenarios.some(({ name, testCard }) => name === chosen && testCard !== undefined)
  return [`the ${isByCard ? 'card' : 'request'} chose the scenario "${chosen}"`]
}

function refusalsIn(entries: readonly JournalEntry[]): readonly Refused[] {
  return entries
    .filter(({ faults = [] }) => faults.length > 0)
    .map(({ status, method, url, summary, faults = [] }) => ({
      what: `${status} ${method} ${url.split('?')[0]} ${summary}`,
      faults,
    }))
}
