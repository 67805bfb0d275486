import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { suggestion } from '../did-you-mean.ts'
import { Refusal } from '../errors.ts'
import type { PushSignature } from '../keys/push-signature.ts'
import { hintAbout } from './body-hints.ts'
import { clockRoutes } from './clock.ts'
import { type GuardParts, turnedAway } from './guard.ts'
import { type IssuerParts, issuerRoutes } from './issuers.ts'
import { type JournalParts, journalRoutes } from './journal.ts'
import { type ProblemStatus, problem } from './problem.ts'
import { type ScenarioParts, scenarioRoutes } from './scenarios.ts'

export type AdminParts = IssuerParts &
  ScenarioParts &
  JournalParts &
  GuardParts & {
    readonly version: string
    readonly pushSignature: PushSignature
    /** Forgets the state of one consumer key. */
    readonly reset: (consumerKey: string) => Promise<void>
    /** @returns the new `kid`. */
    readonly rotateSignatureKey: () => Promise<string>
    /** What is served, described in OpenAPI. */
    readonly openApi: () => Promise<object>
    /** One-time codes that pages are waiting for; there is no phone to read them on. */
    readonly oneTimeCodes: (consumerKey?: string) => readonly object[]
  }

/** One that is misspelt would leave out what was meant, and be about the default issuer. */
function parametersOf(path: string): readonly string[] {
  const isOfEntries = /\/(journal|journal\.har|events)$/.test(path)
  const more = path.endsWith('/journal') ? ['atLeast', 'timeout', 'messages'] : []
  return ['consumerKey', ...(isOfEntries ? ['kind', 'requestId', 'receipt', 'with'] : []), ...more]
}

/** The longest scenario that is taken, and more than any other body needs. */
const maxSize = 64 * 1024

/** `/__simulator`: for tests and tools on this machine, and never for another site's page. */
export function adminRoutes(parts: AdminParts): Hono {
  const app = new Hono()
  app.use('/__simulator/*', async (c, next) => {
    c.header('Cache-Control', 'no-store')
    return turnedAway(c, parts) ?? next()
  })
  app.use('/__simulator/*', async (c, next) => {
    const consumerKey = c.req.query('consumerKey')
    return consumerKey === undefined || parts.tenants.find(consumerKey) !== undefined
      ? next()
      : problem(c, 404, 'No such issuer', `there is no issuer with the consumer key ${consumerKey}`)
  })
  app.use('/__simulator/*', async (c, next) => {
    const known = parametersOf(c.req.path)
    const strange = Object.keys(c.req.query()).find((name) => !known.includes(name))
    return strange === undefined || methodsAt(c.req.path, app).length === 0
      ? next()
      : problem(
          c,
          400,
          'Unknown parameter',
          `there is no parameter "${strange}"${suggestion(strange, known)}; known are ${known.join(', ')}`,
        )
  })
  app.use(
    '/__simulator/*',
    bodyLimit({
      maxSize,
      onError: (c) => problem(c, 413, 'Too large', `the body has more than ${maxSize} bytes`),
    }),
  )
  app.get('/__simulator/health', (c) => c.json({ status: 'ok', version: parts.version }))
  app.get('/__simulator/jwks.json', (c) => c.json(parts.pushSignature.publicKeys()))
  journalRoutes(app, parts)
  issuerRoutes(app, parts)
  scenarioRoutes(app, parts)
  clockRoutes(app, parts)
  app.get('/__simulator/one-time-codes', (c) =>
    c.json({ oneTimeCodes: parts.oneTimeCodes(c.req.query('consumerKey')) }),
  )
  app.get('/__simulator/openapi.json', async (c) => c.json(await parts.openApi()))
  app.post('/__simulator/signature-key', async (c) =>
    c.json({ kid: await parts.rotateSignatureKey() }, 201),
  )
  app.post('/__simulator/reset', async (c) => {
    await parts.reset(c.req.query('consumerKey') ?? parts.defaultConsumerKey)
    return c.body(null, 204)
  })
  const served = servedBy(app)
  app.all('/__simulator/*', (c) => {
    const { path, method } = c.req
    const taken = methodsAt(path, app)
    if (taken.length === 0) return problem(c, 404, 'Not found', `served are ${served}`)
    c.header('Allow', taken.join(', '))
    return problem(c, 405, 'Method not allowed', `${path} takes ${taken.join(', ')}, not ${method}`)
  })
  app.onError(async (error, c) => {
    if (!(error instanceof Refusal)) return problem(c, 500, 'The simulator failed', error.message)
    const [{ code }] = error.faults
    const [status, title] = refusals[code] ?? usualRefusal
    const reasons = error.faults.map(({ because }) => because)
    const isAboutBody = code === 'BODY_INVALID' || code === 'SCENARIO_INVALID'
    const hint = isAboutBody
      ? hintAbout(c.req.header('Content-Type') ?? '', await c.req.text())
      : undefined
    const detail = [...reasons, ...(hint === undefined ? [] : [hint])].join('; ')
    return problem(c, status, title, detail, reasons)
  })
  return app
}

/** What is there is called by; none where nothing is. */
function methodsAt(path: string, { routes }: Hono): readonly string[] {
  return routes
    .filter(
      (one) =>
        one.method !== 'ALL' &&
        new RegExp(`^${one.path.replaceAll('.', '\\.').replace(/:\w+/, '[^/]+')}$`).test(path),
    )
    .map(({ method }) => method)
}

function servedBy({ routes }: Hono): string {
  return routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/, '{$1}')}`)
    .join(', ')
}

const usualRefusal = [400, 'Not valid'] as const

/** What is wrong with what was asked for, by the code of the refusal. */
const refusals: Readonly<Record<string, readonly [ProblemStatus, string]>> = {
  ISSUER_EXISTS: [409, 'Is there already'],
  NO_SUCH_ISSUER: [404, 'No such issuer'],
  UNKNOWN_RECEIPT: [404, 'No such receipt'],
  UNKNOWN_SCENARIO: [404, 'No such scenario'],
  SCENARIO_IN_USE: [409, 'Is in use'],
  TOO_MANY_SCENARIOS: [409, 'Too many'],
}
