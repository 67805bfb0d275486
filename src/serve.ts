import type { Server as HttpServer } from 'node:http'
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
 * Gives a simulator a socket, on loopback.
 *
 * @param port default 6337; 0 picks a free one.
 * @throws {SetupError} the port is taken or not allowed.
 */
export async function serve(
  served: Served,
  { port = 6337 }: { readonly port?: number } = {},
): Promise<Server> {
  const server = createAdaptorServer({ fetch: served.fetch })
  await new Promise<void>((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => failed(cannotListen(port, error)))
    server.listen(port, '127.0.0.1', listening)
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const isPublic = 'publicUrl' in served && served.publicUrl === undefined
  if (isPublic) served.publicUrl = url
  return {
    url,
    close: async () => {
      await stop(server)
      // Another server may follow, on another port.
      if (isPublic) served.publicUrl = undefined
    },
  }
}

function stop(server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  return new Promise((stopped) => {
    const close = (how: 'closeIdleConnections' | 'closeAllConnections') =>
      how in server && (server as HttpServer)[how]()
    // A connection whose request has just ended stays open for the next one, which must not come.
    const idle = setInterval(() => close('closeIdleConnections'), 20)
    const patience = setTimeout(() => close('closeAllConnections'), 2000)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(patience)
      stopped()
    })
    close('closeIdleConnections')
  })
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): SetupError {
  const reason =
    cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${cause.code})`
  return new SetupError(
    `port ${port} ${reason}: choose another (--port, or --demo-port for the demo bank; 0 picks any free one)`,
    { cause },
  )
}
