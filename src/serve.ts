import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { SetupError } from './errors.ts'

/** Anything that answers requests. A `publicUrl` that is still undefined becomes where it listens. */
export type Served = {
  readonly fetch: (request: Request) => Response | Promise<Response>
  publicUrl?: string | undefined
}

export type Server = {
  /** Such as `http://localhost:6337`. */
  readonly url: string
  /** Lets requests under way end (for at most two seconds), and frees the port. */
  close(): Promise<void>
}

/**
 * Gives a simulator a socket, on loopback: on both addresses that `localhost` may mean, so that no client tries in vain and no
 * other program is reached in its place.
 *
 * @param port default 6337; 0 picks a free one.
 * @throws {SetupError} the port is taken or not allowed.
 */
export async function serve(
  served: Served,
  { port: wanted = 6337 }: { readonly port?: number } = {},
): Promise<Server> {
  const servers = await listenOnBoth(served, wanted)
  const { port } = servers[0].address() as AddressInfo
  const url = `http://localhost:${port}`
  const isPublic = 'publicUrl' in served && served.publicUrl === undefined
  if (isPublic) served.publicUrl = url
  return {
    url,
    close: async () => {
      await Promise.all(servers.map(stop))
      // Another server may follow, on another port.
      if (isPublic) served.publicUrl = undefined
    },
  }
}

async function listenOnBoth(
  served: Served,
  wanted: number,
): Promise<readonly [HttpServer, ...HttpServer[]]> {
  const ipv4 = await listen(served, wanted, '127.0.0.1')
  const { port } = ipv4.address() as AddressInfo
  try {
    return [ipv4, await listen(served, port, '::1')]
  } catch (error) {
    // A machine without IPv6.
    if (!isTaken((error as SetupError).cause)) return [ipv4]
    await stop(ipv4)
    // Any free port was wanted, and this one is free on one address only.
    if (wanted === 0) return listenOnBoth(served, wanted)
    throw error
  }
}

async function listen({ fetch }: Served, port: number, host: string): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch, createServer }) as HttpServer
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(cannotListen(port, error)))
    server.listen(port, host, listening)
  })
  return server
}

function stop(server: HttpServer): Promise<void> {
  return new Promise((stopped) => {
    // A connection whose request has just ended stays open for the next one, which must not come.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const patience = setTimeout(() => server.closeAllConnections(), 2000)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(patience)
      stopped()
    })
    server.closeIdleConnections()
  })
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE'
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): SetupError {
  const reason = isTaken(cause) ? 'is taken' : `cannot be used (${cause.code})`
  return new SetupError(
    `port ${port} ${reason}: choose another (--port, or --demo-port for the demo bank; 0 picks any free one)`,
    { cause },
  )
}
