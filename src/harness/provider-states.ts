import { setTimeout as after } from 'node:timers/promises'
import { suggestion } from '../did-you-mean.ts'
import { type CardAccount, clickToPay, type IssuerProject, push } from '../issuer/client.ts'
import type { Simulator } from '../simulator.ts'
import { type Interaction, isObject, type Json, type ProviderState } from './pact.ts'

/** What the states of one interaction made of the simulator. */
export type SetUp =
  | {
      /** What Pact injects where the pact has a generator of the type ProviderState. */
      readonly values: Json
      /** Plays the story of the states, where the card decides. */
      readonly testCard: string
      readonly scenario?: string
      readonly notes: readonly string[]
    }
  | {
      /** Why they cannot be set up: which one, and what would be right. */
      readonly problem: string
    }

/** Any scenario's name is a state; and this one is. */
const pushIsPending = 'a push is pending'

const pendingPushParameters = ['scenario', 'callbackURL', 'locale', 'tokenRequestorId'] as const
type PendingPush = Partial<Record<(typeof pendingPushParameters)[number], string>>

/** Of the shipped contract whose provider is the issuer. */
const ofCallbacks = 'a card was pushed'

/** Tells no story of its own. */
const everydayCard = '5123456789012346'

/** Milliseconds for the push of a state, whose answer a scenario may hold back for good. */
const patience = 10_000

export function testAccount(accountNumber: string, pushAccountId = 'card-1'): CardAccount {
  return {
    pushAccountId,
    fundingAccountData: {
      cardAccountData: { accountNumber, expiryMonth: '12', expiryYear: '39' },
    },
  }
}

/**
 * Sets up the provider states of one interaction, from a clean slate: what the default issuer did before is forgotten.
 *
 * @param project of the default issuer.
 */
export async function setUpStates(
  simulator: Simulator,
  project: IssuerProject,
  { states, recorded }: Interaction,
): Promise<SetUp> {
  await simulator.reset(simulator.keyring.consumerKey)
  const names = simulator.scenarios.map(({ name }) => name)
  const unknown = states.find(({ name }) => name !== pushIsPending && !names.includes(name))
  if (unknown !== undefined) return { problem: whyUnknown(unknown.name, names) }
  const contradiction = contradictionIn(states)
  if (contradiction !== undefined) return { problem: contradiction }
  const scenario = states.find(({ name }) => name !== pushIsPending)?.name
  simulator.use(scenario)
  let values: Json = {}
  for (const { name, params } of states) {
    if (name !== pushIsPending) continue
    const pushed = await pushPending(simulator, project, params, scenario)
    if (typeof pushed === 'string')
      return { problem: `provider state "${pushIsPending}": ${pushed}` }
    values = { ...values, ...pushed }
  }
  return {
    values,
    testCard: testCardOf(simulator, scenario),
    ...(scenario !== undefined && { scenario }),
    notes: [
      ...uselessParameters(states),
      ...missingValues(recorded, values),
      ...idleStates(states, recorded.request as Json, simulator),
    ],
  }
}

function whyUnknown(state: string, scenarios: readonly string[]): string {
  if (state === ofCallbacks)
    return `provider state "${state}": the provider of this pact is your callback endpoint; verify it with your own Pact verifier`
  const meant = suggestion(state, [pushIsPending, ...scenarios])
  const known = `known are "${pushIsPending}" and the names of scenarios: ${scenarios.join(', ')}`
  return `provider state "${state}" is not known${meant || `; ${known}`}`
}

function contradictionIn(states: readonly ProviderState[]): string | undefined {
  const named = states.flatMap(({ name, params }): readonly (readonly [string, string])[] => {
    if (name !== pushIsPending) return [[name, `"${name}"`]]
    const { scenario } = params
    return typeof scenario === 'string'
      ? [[scenario, `"${name}" with the scenario "${scenario}"`]]
      : []
  })
  const labels = new Map(named)
  return labels.size < 2
    ? undefined
    : `provider states ${[...labels.values()].join(', ')}: an interaction plays one scenario; name one of them`
}

/** What of a story may be met in a call of the API, by how its path ends. */
const sectionsMet: readonly (readonly [path: RegExp, sections: readonly string[]])[] = [
  // A push remembers the whole story.
  [/\/(pushMultipleAccounts|pushAccount)$/, ['gateway', 'push', 'provision', 'callback']],
  [/\/getEligibleTokenRequestors$/, ['gateway', 'eligibility']],
  [/\/asset\//, ['gateway']],
]

/** States that cannot be seen in the answer, so that it says nothing about them. */
function idleStates(
  states: readonly ProviderState[],
  { method = 'GET', path, generators }: Json,
  { scenarios }: Simulator,
): readonly string[] {
  const called = String(path)
  const isPushed = states.some(({ name }) => name === pushIsPending)
  const met = sectionsMet.find(([end]) => end.test(called))?.[1]
  const isIdle = ({ name }: ProviderState): boolean => {
    if (called.startsWith('/provision')) return name !== pushIsPending && !isPushed
    if (met === undefined) return false
    if (name === pushIsPending) return generators === undefined
    const { sections = [] } = scenarios.find((one) => one.name === name) ?? {}
    // Where nothing differs from the everyday story, it is what comes.
    return sections.length > 0 && !sections.some((section) => met.includes(section))
  }
  const hint = called.startsWith('/provision') ? `; name "${pushIsPending}" beside it` : ''
  return states
    .filter(isIdle)
    .map(
      ({ name }) =>
        `the provider state "${name}" has no effect on ${String(method).toUpperCase()} ${called}${hint}`,
    )
}

function testCardOf({ scenarios }: Simulator, scenario: string | undefined): string {
  return scenarios.find(({ name }) => name === scenario)?.testCard ?? everydayCard
}

function uselessParameters(states: readonly ProviderState[]): readonly string[] {
  return states
    .filter(({ name, params }) => name !== pushIsPending && Object.keys(params).length > 0)
    .map(
      ({ name, params }) =>
        `the provider state "${name}" takes no parameters; ${Object.keys(params).join(', ')} had no effect`,
    )
}

/** Where a value is missing, Pact sends the example, and says nothing. */
function missingValues({ request }: Json, values: Json): readonly string[] {
  const generators = isObject(request) ? JSON.stringify(request.generators ?? {}) : ''
  const wanted = new Set([...generators.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name))
  const given = Object.keys(values)
  return [...wanted]
    .filter((name) => !given.includes(name))
    .map(
      (name) =>
        `the pact injects \${${name}}, which its provider states do not give (${given.join(', ') || `"${pushIsPending}" gives pushAccountReceipt, signature, scenario and expiresAt`}); sent was its example`,
    )
}

/** @returns what can be injected; or why there is no push. */
async function pushPending(
  simulator: Simulator,
  project: IssuerProject,
  params: Json,
  scenarioInUse = 'approved',
): Promise<Json | string> {
  const wrong = wrongParameter(params, simulator)
  if (wrong !== undefined) return wrong
  const {
    scenario = scenarioInUse,
    callbackURL = 'https://issuer.example/tokenization-results',
    locale = 'en_US',
    tokenRequestorId = clickToPay,
  } = params as PendingPush
  const result = await withinPatience((signal) =>
    push(
      { ...project, fetch: (request) => simulator.fetch(new Request(request, { signal })) },
      {
        requestId: 'provider-state',
        tokenRequestorId,
        accounts: [testAccount(testCardOf(simulator, scenario))],
        signatureData: {
          callbackURL,
          completeIssuerAppActivation: true,
          completeWebsiteActivation: true,
          accountHolderDataSupplied: false,
          locale,
        },
        scenario,
      },
    ),
  )
  if (typeof result === 'string') return `with the scenario "${scenario}" ${result}`
  const receipt = result.accepted && result.pushAccountReceipts[0]?.pushAccountReceipt
  if (!receipt) {
    const errors = result.accepted
      ? result.pushAccountReceipts.flatMap((one) => one.errors ?? [])
      : result.errors
    const codes = errors.map(({ reasonCode }) => reasonCode).join(', ')
    const faults = await lastFaults(simulator)
    const why = faults.length === 0 ? '' : ` because ${faults.join(', and ')}`
    return `with the scenario "${scenario}" no push is pending: it is refused with ${codes || `HTTP ${result.response.status}`}${why}`
  }
  const expiresAt = await simulator.expiryOf(receipt)
  return {
    pushAccountReceipt: receipt,
    scenario,
    ...(result.accepted && result.signature !== undefined && { signature: result.signature }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  }
}

async function lastFaults({ journal, keyring }: Simulator): Promise<readonly string[]> {
  const { faults = [] } = (await journal.entries(keyring.consumerKey)).at(-1) ?? {}
  return faults.map(({ because }) => because)
}

function wrongParameter(params: Json, { scenarios }: Simulator): string | undefined {
  for (const [name, value] of Object.entries(params)) {
    if (!pendingPushParameters.some((known) => known === name))
      return `the parameter ${name} is not known; known are ${pendingPushParameters.join(', ')}`
    if (typeof value !== 'string') return `the parameter ${name}: expected a text`
  }
  const { scenario } = params as PendingPush
  const names = scenarios.map(({ name }) => name)
  return scenario === undefined || names.includes(scenario)
    ? undefined
    : `there is no scenario "${scenario}"; known are ${names.join(', ')}`
}

/** @returns why nothing came, where a scenario has the answer lost. */
async function withinPatience<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | string> {
  const abort = new AbortController()
  const late = after(patience, undefined, { ref: false, signal: abort.signal }).then(
    () => `there is no answer within ${patience / 1000} s`,
  )
  try {
    return await Promise.race([work(abort.signal), late])
  } catch (error) {
    return `the answer is lost (${(error as Error).message})`
  } finally {
    late.catch(() => undefined)
    abort.abort()
  }
}
