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
  if ('publicUrl' in served) served.publicUrl ??= url
  return {
    url,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        if ('closeIdleConnections' in server) server.closeIdleConnections()
        const patience = setTimeout(() => {
          if ('closeAllConnections' in server) server.closeAllConnections()
        }, 2000)
        patience.unref()
      }),
  }
}

function cannotListen(port: number, cause: NodeJS.ErrnoException): SetupError {
  const reason =
    cause.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be used (${cause.code})`
  return new SetupError(
    `port ${port} ${reason}: choose another with --port, or --port 0 for any free one`,
    { cause },
  )
}
