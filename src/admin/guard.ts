import type { Context } from 'hono'
import { isLoopback } from '../loopback.ts'

/**
 * Why a request may not come in: a foreign Host is how a web page reaches loopback through a name of its own (DNS
 * rebinding), a foreign Origin or Sec-Fetch-Site is another site's page.
 */
export function objectionTo(c: Context, publicUrl: string): string | undefined {
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
