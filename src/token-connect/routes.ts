import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Fault, Refusal, refuse } from '../errors.ts'
import type { Happening, Journal } from '../journal.ts'
import { claimedConsumerKey, type RequestVerification } from '../keys/request-signature.ts'
import { parseJson, requestIdOf } from './json-body.ts'
import type { PushAnswer, PushParts } from './push-accounts.ts'
import { gatewayAnswer, refusalBody } from './refusals.ts'

export type TokenConnectParts = PushParts & {
  readonly requestVerification: RequestVerification
  readonly journal: Journal
  /** Whom unsigned requests belong to, with `relaxed`. */
  readonly defaultConsumerKey: string
}

/** Assumption: no source names the gateway's limit; a push of five accounts has under 10 KiB. */
const maximumBodyBytes = 1024 * 1024

const scenarioHeader = 'X-Simulator-Scenario'

/** What the issuer's backend calls. The test facility's paths answer like the others. */
export function tokenConnectRoutes(parts: TokenConnectParts): Hono {
  const app = new Hono()
  for (const base of ['/mdes', '/mdes/mtf'])
    app.post(
      `${base}/connect/1/0/pushMultipleAccounts`,
      bodyLimit({
        maxSize: maximumBodyBytes,
        onError: (c) => {
          const because = `the body has more than ${maximumBodyBytes} bytes`
          return refused(c, new Refusal({ code: 'PAYLOAD_TOO_LARGE', because }), parts)
        },
      }),
      (c) => signedCall(c, parts),
    )
  app.onError((error, c) => {
    const because = `the simulator failed: ${error.message}`
    return refused(c, new Refusal({ code: 'INTERNAL_SERVER_ERROR', because }), parts)
  })
  app.all('/mdes/*', (c) => {
    const because = `there is no ${c.req.method} ${c.req.path}; served is POST /mdes/connect/1/0/pushMultipleAccounts, also under /mdes/mtf`
    return refused(c, new Refusal({ code: 'NOT_FOUND', because }), parts)
  })
  return app
}

async function signedCall(c: Context, parts: TokenConnectParts): Promise<Response> {
  let proven: string | undefined
  let json: unknown
  try {
    const header = c.req.header(scenarioHeader)
    if (header !== undefined) parts.chooser.named(header)
    // Once, and as bytes: the body hash, the JSON and the decryption all work from these.
    const body = await rawBody(c)
    const { consumerKey, leniencies } = caller(c, body, parts)
    proven = consumerKey
    json = parseJson(body)
    // Loaded on use: reading messages takes as long to load as the rest of the server.
    const { pushMultipleAccounts } = await import('./push-accounts.ts')
    const answer = await pushMultipleAccounts(json, consumerKey, header, parts)
    return await answered(
      c,
      { ...answer, leniencies: [...leniencies, ...contentTypeLeniency(c), ...answer.leniencies] },
      consumerKey,
      parts,
    )
  } catch (error) {
    if (error instanceof Refusal)
      return refused(c, error, parts, { consumerKey: proven, requestId: requestIdOf(json) })
    throw error
  }
}

/** Assumption: the API is JSON only, and no source says how another Content-Type is refused. */
function contentTypeLeniency(c: Context): readonly string[] {
  const type = c.req.header('Content-Type')
  return /^application\/json\b/i.test(type ?? '')
    ? []
    : [`Content-Type is ${type ?? 'missing'}; the API takes application/json; charset=UTF-8`]
}

/** @throws {Refusal} BODY_INCOMPLETE: the caller went away. */
async function rawBody(c: Context): Promise<Uint8Array> {
  try {
    return new Uint8Array(await c.req.arrayBuffer())
  } catch (error) {
    return refuse('BODY_INCOMPLETE', `the body ended early: ${(error as Error).message}`)
  }
}

/** @throws {Refusal} as {@link RequestVerification} says. */
function caller(
  c: Context,
  body: Uint8Array,
  { requestVerification, relaxed, defaultConsumerKey }: TokenConnectParts,
): { consumerKey: string; leniencies: readonly string[] } {
  const authorization = c.req.header('Authorization')
  if (relaxed && authorization === undefined)
    return { consumerKey: defaultConsumerKey, leniencies: ['relaxed: the request is not signed'] }
  const { issuer, assumptions } = requestVerification.verify({
    method: c.req.method,
    url: new URL(c.req.url),
    authorization,
    body,
    alsoKnownAs: forwardedOrigins(c),
  })
  return { consumerKey: issuer.consumerKey, leniencies: assumptions }
}

/** The origin that a proxy in front says it was called by. */
function forwardedOrigins(c: Context): readonly string[] {
  const host = c.req.header('X-Forwarded-Host')
  const protocol = c.req.header('X-Forwarded-Proto') ?? 'https'
  const origin = `${protocol}://${host}`
  return host !== undefined && /^https?$/.test(protocol) && URL.canParse(origin)
    ? [new URL(origin).origin]
    : []
}

async function answered(
  c: Context,
  { body, choice, ...told }: PushAnswer,
  consumerKey: string,
  { journal }: TokenConnectParts,
): Promise<Response> {
  await journal.record({
    ...exchange(c),
    consumerKey,
    status: 200,
    scenario: `${choice.scenario.name}; by=${choice.by}`,
    ...told,
  })
  c.header(scenarioHeader, `${choice.scenario.name}; by=${choice.by}`)
  return json(c, 200, body)
}

async function refused(
  c: Context,
  refusal: Refusal,
  { journal }: TokenConnectParts,
  known: Pick<Happening, 'consumerKey' | 'requestId'> = {},
): Promise<Response> {
  const [fault] = refusal.faults
  const { status, body, type } = onTheWire(refusal, fault, known.requestId)
  const claimed = known.consumerKey ?? claimedConsumerKey(c.req.header('Authorization'))
  await journal.record({
    ...exchange(c),
    ...known,
    status,
    summary: `refused${claimed === undefined ? '' : ` ${claimed.slice(0, 8)}...`} with ${refusal.faults.map(({ code }) => code).join(', ')}`,
    faults: refusal.faults,
  })
  return json(c, status, body, type)
}

function onTheWire(
  refusal: Refusal,
  fault: Fault,
  requestId: string | undefined,
): { status: number; body: object; type?: string } {
  // The tester's mistake and not the service's, so never in Mastercard's shape.
  if (fault.code === 'UNKNOWN_SCENARIO')
    return {
      status: 400,
      body: {
        title: 'Unknown scenario',
        status: 400,
        detail: `${scenarioHeader}: ${fault.because}`,
      },
      type: 'application/problem+json',
    }
  const gateway = gatewayAnswer(fault)
  return gateway ?? { status: 200, body: refusalBody(refusal, requestId) }
}

/** What the journal says of any exchange. */
function exchange(c: Context): Pick<Happening, 'kind' | 'method' | 'url'> {
  const { pathname, search } = new URL(c.req.url)
  return {
    kind: pathname.slice(pathname.lastIndexOf('/') + 1),
    method: c.req.method,
    url: pathname + search,
  }
}

function json(
  c: Context,
  status: number,
  body: object,
  type = 'application/json; charset=UTF-8',
): Response {
  return c.body(JSON.stringify(body), status as 200, { 'Content-Type': type })
}
