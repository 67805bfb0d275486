import type { Context } from 'hono'
import { isSameToken } from '../keys/admin-token.ts'
import { isLoopback } from '../loopback.ts'
import { problem } from './problem.ts'

export type GuardParts = {
  /** Where browsers reach this simulator; its host may call, besides loopback. */
  readonly publicUrl: () => string
  /** Whoever knows it may call from anywhere, and nobody else may. */
  readonly adminToken: string | undefined
}

/** The answer to whoever may not call. */
export function turnedAway(
  c: Context,
  { publicUrl, adminToken }: GuardParts,
): Response | undefined {
  const objection = objectionTo(c, publicUrl(), adminToken === undefined)
  if (objection !== undefined) return problem(c, 403, 'Forbidden', objection)
  if (adminToken === undefined || isPublic.test(c.req.path)) return undefined
  const given = /^Bearer (\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1]
  if (given !== undefined && isSameToken(given, adminToken)) return undefined
  c.header('WWW-Authenticate', 'Bearer')
  const what = given === undefined ? 'send' : 'this is not the token; send'
  return problem(
    c,
    401,
    'Unauthorized',
    `${what} Authorization: Bearer TOKEN, which the simulator printed at the start and wrote to the ready file (adminToken)`,
  )
}

/** What says nothing that must be kept; a container is asked for its health by whoever runs it. */
const isPublic = /^\/__simulator\/(health|jwks\.json|openapi\.json)$/

/**
 * Why a request may not come in: a foreign Host is how a web page reaches loopback through a name of its own (DNS
 * rebinding), a foreign Origin or Sec-Fetch-Site is another site's page.
 */
function objectionTo(c: Context, publicUrl: string, isLocal: boolean): string | undefined {
  const { hostname, origin } = new URL(c.req.url)
  const configured = new URL(publicUrl)
  // Both, because a request line may name another host than the header does.
  for (const name of [hostname, hostnameOf(c.req.header('Host')) ?? hostname])
    if (isLocal && !isLoopback(name) && name !== configured.hostname)
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
