import { type Context, Hono } from 'hono'
import { maskCardNumbers } from '../card-number.ts'
import type { Clock } from '../clock.ts'
import { atOnce, both, type Delivery, deliver, isLost, trouble } from '../delivery.ts'
import { suggestion } from '../did-you-mean.ts'
import { type Fault, Refusal } from '../errors.ts'
import type { Happening, Journal } from '../journal.ts'
import type { Keyring } from '../keys/keyring.ts'
import {
  claimedConsumerKey,
  type Issuer,
  type RequestVerification,
} from '../keys/request-signature.ts'
import type { SignedRequest } from '../keys/signature-base-string.ts'
import { received } from '../received.ts'
import type { Choice } from '../scenarios/choose.ts'
import { withRangesAsIntegers } from './account-ranges.ts'
import type { Answer, Call, OperationParts } from './call.ts'
import { checkEncoding, checkType, rawBody, signedRequest } from './gateway.ts'
import type { GatewayScript } from './gateway-script.ts'
import { requestIdOf } from './json-body.ts'
import { type Operation, operations, served, servedPaths } from './operations.ts'
import { assetAnswer, gatewayAnswer, refusalBody } from './refusals.ts'
import { responseIdFor } from './response-id.ts'
import { withUsualFix } from './usual-fixes.ts'

export type TokenConnectParts = OperationParts & {
  readonly requestVerification: RequestVerification
  readonly gatewayScript: GatewayScript
  readonly journal: Journal
  /** Whom unsigned requests belong to, with `relaxed`. */
  readonly defaultConsumerKey: string
  /** Refuses what passes only on an assumption. */
  readonly pedantic: boolean
  readonly machineClock: Clock
  /** What explanations of refusals try their attempts with. */
  readonly keyring: Pick<Keyring, 'encryption'>
  /** Whom explanations may name: not those of tests that run side by side. */
  readonly namedIssuers: readonly Issuer[]
}

export const scenarioHeader = 'X-Simulator-Scenario'

/** What the issuer's backend calls. The test facility's paths answer like the others. */
export function tokenConnectRoutes(parts: TokenConnectParts): Hono {
  const app = new Hono()
  for (const operation of operations)
    for (const path of operation.paths) {
      app.on(operation.method, path, (c) => signedCall(c, operation, parts))
      app.all(path, (c) => {
        const because = `${operation.name} takes ${operation.method}, not ${c.req.method}`
        const facts = { allow: operation.method }
        return refused(c, [{ code: 'METHOD_NOT_ALLOWED', because, facts }], parts)
      })
    }
  app.onError((error, c) => {
    if (isLost(error, c.req.raw.signal)) throw error
    const because = `the simulator failed: ${error.message}`
    return refused(c, [{ code: 'INTERNAL_SERVER_ERROR', because }], parts)
  })
  app.all('/mdes/*', (c) => {
    const meant = c.req.path.replace(/^(\/mdes)+(?=\/)/, '/mdes')
    const because = `there is no ${c.req.method} ${c.req.path}${suggestion(meant, servedPaths)}; served are ${served()}`
    return refused(c, [{ code: 'NOT_FOUND', because }], parts)
  })
  return app
}

/** What is known of a call by the time it is answered or refused. */
type Known = {
  readonly operation?: string
  readonly consumerKey?: string
  readonly body?: Uint8Array
  readonly choice?: Choice
  readonly leniencies?: readonly string[]
  /** How the answer reaches the caller, where the scenario's gateway has a say. */
  readonly delivery?: Delivery
}

async function signedCall(
  c: Context,
  operation: Operation,
  parts: TokenConnectParts,
): Promise<Response> {
  const leniencies: string[] = []
  const tolerate = parts.pedantic
    ? (fault: Fault) => {
        throw new Refusal({ ...fault, because: `${fault.because} (refused by --pedantic)` })
      }
    : (fault: Fault) => void leniencies.push(fault.because)
  let known: Known = { operation: operation.name, leniencies }
  try {
    const header = c.req.header(scenarioHeader)
    checkEncoding(c.req.raw)
    // Once, and as bytes: the body hash, the JSON and the decryption all work from these.
    const body = await rawBody(c.req.raw)
    known = { ...known, body }
    const consumerKey = caller(c, body, tolerate, parts)
    // An unknown name in the header is the tester's mistake; whose own there are, only they are told.
    const choice = parts.chooser.chooseWithoutFacts(consumerKey, header)
    known = { ...known, consumerKey, choice }
    const play = parts.gatewayScript.play(consumerKey, choice)
    if (play !== undefined) known = { ...known, delivery: play.delivery }
    if (play?.fault !== undefined) throw new Refusal(play.fault)
    if (isCut(play?.delivery)) return await notCarriedOut(c, known, parts)
    if (operation.method === 'POST') checkType(c.req.raw, parts.relaxed, tolerate)
    const assetId = c.req.param('AssetId') ?? ''
    const answer = await operation.answer(
      { consumerKey, body, assetId, scenarioHeader: header, choice, tolerate },
      parts,
    )
    return await answered(c, answer, known, parts)
  } catch (error) {
    if (error instanceof Refusal) return refused(c, error.faults, parts, known)
    throw error
  }
}

/**
 * @returns the consumer key, proven.
 * @throws {Refusal} as {@link RequestVerification} says.
 */
function caller(
  c: Context,
  body: Uint8Array,
  tolerate: Call['tolerate'],
  { requestVerification, relaxed, defaultConsumerKey }: TokenConnectParts,
): string {
  const request = signedRequest(c.req.raw, body)
  if (relaxed && request.authorization === undefined) {
    tolerate({ code: 'INVALID_AUTH_HEADER', because: 'relaxed: the request is not signed' })
    return defaultConsumerKey
  }
  return requestVerification.verify(request, tolerate).consumerKey
}

/** Lost before it is carried out, so that there is nothing to answer. */
function isCut(delivery: Delivery | undefined): boolean {
  return delivery?.transport === 'reset' || delivery?.transport === 'timeout'
}

async function notCarriedOut(
  c: Context,
  { operation, consumerKey, body, choice, delivery = atOnce }: Known,
  { journal }: TokenConnectParts,
): Promise<Response> {
  await journal.record(
    {
      ...exchange(c, operation),
      consumerKey,
      status: 0,
      ...(choice !== undefined && { scenario: labelOf(choice) }),
      ...trouble(delivery),
      summary: 'is lost on its way in, as the scenario says, and not carried out',
    },
    { request: received(c.req.raw, body) },
  )
  return deliver(new Response(), delivery, c.req.raw)
}

async function answered(
  c: Context,
  { body, choice: played, delivery: later = atOnce, isRefusal = false, ...told }: Answer,
  { operation, consumerKey, body: asked, leniencies, delivery: sooner, choice: before }: Known,
  { journal, assumptions }: TokenConnectParts,
): Promise<Response> {
  const delivery = both(sooner ?? atOnce, later)
  // An operation that no scenario has a say in may have met one at the gateway.
  const choice = played ?? (sooner === undefined ? undefined : before)
  const status = isRefusal ? assumptions.errorStatus : 200
  if (choice !== undefined) c.header(scenarioHeader, labelOf(choice))
  const text = withRangesAsIntegers(JSON.stringify(body))
  const answer = json(c, status, text)
  await journal.record(
    {
      ...exchange(c, operation),
      consumerKey,
      status,
      ...trouble(delivery),
      ...(choice !== undefined && { scenario: labelOf(choice) }),
      ...told,
      ...(told.faults !== undefined && { faults: told.faults.map(withUsualFix) }),
      leniencies,
    },
    {
      request: received(c.req.raw, asked),
      response: { headers: answer.headers, body: text },
    },
  )
  return deliver(answer, delivery, c.req.raw)
}

const labelOf = ({ scenario, by }: Choice) => `${scenario.name}; by=${by}`

async function refused(
  c: Context,
  faults: readonly Fault[],
  parts: TokenConnectParts,
  { operation, consumerKey, body: asked, choice, leniencies, delivery }: Known = {},
): Promise<Response> {
  const body = asked ?? new Uint8Array()
  const requestId = requestIdOf(body)
  const responseId = responseIdFor(requestId, consumerKey ?? '', parts)
  const answer = onTheWire(faults, responseId, parts)
  const { code } = faults[0] ?? { code: '' }
  if (choice?.scenario.gateway !== undefined && code !== 'UNKNOWN_SCENARIO')
    c.header(scenarioHeader, labelOf(choice))
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value)
  const text = JSON.stringify(answer.body)
  const response = json(c, answer.status, text, answer.type)
  const claimed = consumerKey ?? claimedConsumerKey(c.req.header('Authorization'))
  await parts.journal.record(
    {
      ...exchange(c, operation),
      consumerKey,
      requestId,
      status: answer.status,
      ...(delivery !== undefined && choice !== undefined && { scenario: labelOf(choice) }),
      ...trouble(delivery),
      summary: `refused${claimed === undefined ? '' : ` ${claimed.slice(0, 8)}...`} with ${faults.map(({ code }) => code).join(', ')}`,
      faults: await explained(faults, operation ?? '', signedRequest(c.req.raw, body), parts),
      leniencies,
    },
    {
      request: received(c.req.raw, asked),
      response: { headers: response.headers, body: text },
    },
  )
  return deliver(response, delivery ?? atOnce, c.req.raw)
}

/** Loaded on use: who makes no mistake needs no explanation. */
async function explained(
  faults: readonly Fault[],
  operation: string,
  request: SignedRequest,
  {
    machineClock,
    namedIssuers,
    tenants,
    keyring: { encryption },
    payloadDecryption,
  }: TokenConnectParts,
): Promise<readonly Fault[]> {
  const [{ explainRefusal }, { membersOfOperation }] = await Promise.all([
    import('../explain/refusal.ts'),
    import('./message-members.ts'),
  ])
  const claimed = claimedIssuer(request, namedIssuers, tenants)
  const told = await explainRefusal(
    faults,
    { operation, request, members: membersOfOperation(operation) },
    {
      issuers: claimed === undefined ? namedIssuers : [...namedIssuers, claimed.issuer],
      encryption,
      payloadDecryption,
      now: Math.floor(machineClock.now() / 1000),
    },
  )
  return told.some(({ explanation }) => (explanation?.causes.length ?? 0) > 0)
    ? told
    : told.map(withUsualFix)
}

/** Whom the request says that it is of, unless that is known anyway. */
function claimedIssuer(
  { authorization }: SignedRequest,
  namedIssuers: readonly Issuer[],
  tenants: TokenConnectParts['tenants'],
) {
  const claimed = claimedConsumerKey(authorization) ?? ''
  return namedIssuers.some(({ consumerKey }) => consumerKey === claimed)
    ? undefined
    : tenants.find(claimed)
}

type WireAnswer = {
  readonly status: number
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
}

function onTheWire(
  faults: readonly Fault[],
  responseId: string,
  { assumptions }: TokenConnectParts,
): WireAnswer {
  const [fault] = faults
  // The tester's mistake and not the service's, so never in Mastercard's shape.
  if (fault?.code === 'UNKNOWN_SCENARIO')
    return {
      status: 400,
      body: {
        title: 'Unknown scenario',
        status: 400,
        detail: maskCardNumbers(`${scenarioHeader}: ${fault.because}`),
      },
      type: 'application/problem+json',
    }
  const special = fault && (gatewayAnswer(fault) ?? assetAnswer(fault))
  return special ?? { status: assumptions.errorStatus, body: refusalBody(faults, responseId) }
}

/** What the journal says of any exchange. */
function exchange(c: Context, operation?: string): Pick<Happening, 'kind' | 'method' | 'url'> {
  const { pathname, search } = new URL(c.req.url)
  return {
    kind: operation ?? pathname.slice(pathname.lastIndexOf('/') + 1),
    method: c.req.method,
    url: pathname + search,
  }
}

function json(
  c: Context,
  status: number,
  text: string,
  type = 'application/json; charset=UTF-8',
): Response {
  return c.body(text, status as 200, { 'Content-Type': type })
}
