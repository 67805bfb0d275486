import type { Context, Hono } from 'hono'
import { refuse } from '../errors.ts'
import type { Tenants } from '../tenants.ts'
import { problem } from './problem.ts'

export type IssuerParts = {
  readonly tenants: Tenants
  /** PEM, public: what every issuer encrypts its payloads with. */
  readonly encryptionCertificate: () => string
}

/** `/__simulator/issuers`: a consumer key of its own for each test. */
export function issuerRoutes(app: Hono, { tenants, encryptionCertificate }: IssuerParts): void {
  app.get('/__simulator/issuers', (c) =>
    c.json({ issuers: [...tenants.consumerKeys()].map((consumerKey) => ({ consumerKey })) }),
  )
  app.post('/__simulator/issuers', async (c) => {
    const { newIssuer, readBody } = await import('./bodies.ts')
    const {
      certificate,
      publicKey = certificate,
      ...rest
    } = readBody(await c.req.text(), newIssuer)
    const { issuer } = tenants.register({ publicKey, ...rest })
    const { consumerKey } = issuer
    return c.json({ consumerKey, encryptionCertificate: encryptionCertificate() }, 201)
  })
  app.delete('/__simulator/issuers', (c) => removeIssuer(c, tenants))
}

function removeIssuer(c: Context, tenants: Tenants): Response {
  const consumerKey =
    c.req.query('consumerKey') ?? refuse('BODY_INVALID', 'say which: ?consumerKey=...')
  return tenants.remove(consumerKey)
    ? c.body(null, 204)
    : problem(c, 409, 'Stays', `${consumerKey} was there from the start, and stays`)
}
