import { type Context, Hono } from 'hono'
import { maskCardNumbers } from '../card-number.ts'
import type { Journal } from '../journal.ts'
import type { PushSignature } from '../keys/push-signature.ts'
import { isLoopback } from '../loopback.ts'
import type { Tenants } from '../tenants.ts'

export type AdminParts = {
  readonly version: string
  readonly journal: Journal
  readonly pushSignature: PushSignature
  /** Forgets the state of one consumer key, or of all. */
  readonly reset: (consumerKey?: string) => Promise<void>
  readonly tenants: Tenants
  /** @returns the new `kid`. */
  readonly rotateSignatureKey: () => Promise<string>
  /** What is served, described in OpenAPI. */
  readonly openApi: () => Promise<object>
  /** One-time codes that pages are waiting for; there is no phone to read them on. */
  readonly oneTimeCodes: (consumerKey?: string) => readonly object[]
  /** Where browsers reach this simulator; its host may call, besides loopback. */
  readonly publicUrl: () => string
}

/** `/__simulator`: for tests and tools on this machine, and never for another site's page. */
export function adminRoutes(parts: AdminParts): Hono {
  const app = new Hono()
  app.use('/__simulator/*', async (c, next) => {
    const objection = objectionTo(c, parts.publicUrl())
    if (objection !== undefined) return problem(c, 403, 'Forbidden', objection)
    c.header('Cache-Control', 'no-store')
    return next()
  })
  app.use('/__simulator/*', async (c, next) => {
    const consumerKey = c.req.query('consumerKey')
    if (consumerKey !== undefined && parts.tenants.find(consumerKey) === undefined)
      return problem(
        c,
        404,
        'No such issuer',
        `there is no issuer with the consumer key ${consumerKey}`,
      )
    return next()
  })
  app.get('/__simulator/health', (c) => c.json({ status: 'ok', version: parts.version }))
  app.get('/__simulator/jwks.json', (c) => c.json(parts.pushSignature.publicKeys()))
  app.get('/__simulator/journal', async (c) => {
    const wanted = c.req.query('with')
    const part = journalParts.find((name) => name === wanted)
    if (wanted !== undefined && part === undefined)
      return problem(c, 400, 'Bad query', `with=${wanted}: expected ${journalParts.join(', ')}`)
    const entries = await parts.journal.entries(c.req.query('consumerKey'))
    return c.json({
      entries: entries.filter((entry) => part === undefined || (entry[part]?.length ?? 0) > 0),
    })
  })
  app.get('/__simulator/one-time-codes', (c) =>
    c.json({ oneTimeCodes: parts.oneTimeCodes(c.req.query('consumerKey')) }),
  )
  app.get('/__simulator/openapi.json', async (c) => c.json(await parts.openApi()))
  app.post('/__simulator/signature-key', async (c) =>
    c.json({ kid: await parts.rotateSignatureKey() }, 201),
  )
  app.post('/__simulator/reset', async (c) => {
    await parts.reset(c.req.query('consumerKey'))
    return c.body(null, 204)
  })
  app.all('/__simulator/*', (c) =>
    problem(
      c,
      404,
      'Not found',
      'served are GET /__simulator/health, GET /__simulator/journal, GET /__simulator/jwks.json, GET /__simulator/one-time-codes, GET /__simulator/openapi.json, POST /__simulator/signature-key and POST /__simulator/reset',
    ),
  )
  app.onError((error, c) => problem(c, 500, 'The simulator failed', error.message))
  return app
}

/** What entries can be chosen by: `?with=leniencies` lists what passed here and may not pass at Mastercard. */
const journalParts = ['faults', 'leniencies', 'warnings'] as const

/**
 * Why a request may not come in: a foreign Host is how a web page reaches loopback through a name of its own (DNS
 * rebinding), a foreign Origin or Sec-Fetch-Site is another site's page.
 */
function objectionTo(c: Context, publicUrl: string): string | undefined {
  const { hostname, origin } = new URL(c.req.url)
  const configured = new URL(publicUrl)
  // Both, because a request line may name another host than the header does.
  for (const name of [hostname, hostnameOf(c.req.header('Host')) ?? hostname])
    if (!isLoopback(name) && name !== configured.hostname)
      return `the admin API answers to loopback and to the host of --public-url, not to ${name}`
  const from = c.req.header('Origin')
  if (from !== undefined && from !== origin && from !== configured.origin)
    return `the admin API does not answer to pages of another origin (${from})`
  const site = c.req.header('Sec-Fetch-Site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return `the admin API does not answer to pages of another site (Sec-Fetch-Site: ${site})`
  return undefined
}

function hostnameOf(host: string | undefined): string | undefined {
  return host !== undefined && URL.canParse(`http://${host}`)
    ? new URL(`http://${host}`).hostname
    : host
}

/** RFC 9457. */
function problem(
  c: Context,
  status: 400 | 403 | 404 | 500,
  title: string,
  detail: string,
): Response {
  return c.body(JSON.stringify({ title, status, detail: maskCardNumbers(detail) }), status, {
    'Content-Type': 'application/problem+json',
  })
}
