import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, isIP, type Socket } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { SetupError } from './errors.ts'
import { isLoopback } from './loopback.ts'
import { rememberSpelling } from './received.ts'
import { ConnectionBroken, isSpoiled } from './transport.ts'

/** Anything that answers requests. A `publicUrl` that is still undefined becomes where it listens. */
export type Served = {
  readonly fetch: (request: Request) => Response | Promise<Response>
  publicUrl?: string | undefined
  /** Whether it may be served beyond loopback; a simulator only with an admin token. */
  readonly isGuarded?: boolean
}

export type ServeOptions = {
  /** Default 6337; 0 picks a free one. */
  readonly port?: number
  /** Address of one interface to listen on, such as 0.0.0.0 for all. Default: loopback. */
  readonly host?: string
  /** Serves https, with this private key and certificate in PEM. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export type Server = {
  /** Such as `http://localhost:6337`. */
  readonly url: string
  /** Lets requests under way end (for at most two seconds), and frees the port. */
  close(): Promise<void>
}

/**
 * Gives a simulator a socket; on loopback, unless told otherwise, and then on both addresses that `localhost` may mean, so that no client tries in vain and no
 * other program is reached in its place.
 *
 * @throws {SetupError} the port is taken or not allowed, or the key and the certificate cannot be used.
 */
export async function serve(
  served: Served,
  { port: wanted = 6337, host, tls }: ServeOptions = {},
): Promise<Server> {
  if (
    served.isGuarded === false &&
    host !== undefined &&
    !isLoopback(host === '::1' ? '[::1]' : host)
  )
    throw new SetupError(
      `host ${host} is beyond loopback, where the admin API must not be open: create the simulator with an adminToken`,
    )
  const listeners =
    host === undefined
      ? await listenOnBoth(served, wanted, tls)
      : ([await listen(served, wanted, host, tls)] as const)
  const scheme = tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${nameFor(host)}:${portOf(listeners[0])}`
  const isPublic = 'publicUrl' in served && served.publicUrl === undefined
  if (isPublic) served.publicUrl = url
  return {
    url,
    close: async () => {
      await Promise.all(listeners.map(stop))
      // Another server may follow, on another port.
      if (isPublic) served.publicUrl = undefined
    },
  }
}

/** What this machine may call it by. */
function nameFor(host = ''): string {
  if (host === '' || host === '0.0.0.0' || host === '::') return 'localhost'
  return isIP(host) === 6 ? `[${host}]` : host
}

type Listener = {
  readonly server: HttpServer
  /** What is below TLS, too. */
  readonly connections: ReadonlySet<Socket>
}

const portOf = ({ server }: Listener) => (server.address() as AddressInfo).port

async function listenOnBoth(
  served: Served,
  wanted: number,
  tls: ServeOptions['tls'],
): Promise<readonly [Listener, ...Listener[]]> {
  const ipv4 = await listen(served, wanted, '127.0.0.1', tls)
  try {
    return [ipv4, await listen(served, portOf(ipv4), '::1', tls)]
  } catch (error) {
    // A machine without IPv6.
    if (!isTaken((error as SetupError).cause)) return [ipv4]
    await stop(ipv4)
    // Any free port was wanted, and this one is free on one address only.
    if (wanted === 0) return listenOnBoth(served, wanted, tls)
    throw error
  }
}

/** Node's five seconds are over while a busy test machine looks away, and the next request then meets a connection that has just been closed. */
const idleConnectionMs = 30_000

async function listen(
  served: Served,
  port: number,
  host: string,
  tls: ServeOptions['tls'],
): Promise<Listener> {
  const connections = new Set<Socket>()
  const server = createListener(answersOf(served, connections), tls)
  server.keepAliveTimeout = idleConnectionMs
  server.on('connection', (connection: Socket) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(cannotListen(host, port, error)))
    server.listen(port, host, listening)
  })
  return { server, connections }
}

type Answers = Parameters<typeof createAdaptorServer>[0]['fetch']

function createListener(fetch: Answers, tls: ServeOptions['tls']): HttpServer {
  if (tls === undefined) return createAdaptorServer({ fetch, createServer }) as HttpServer
  try {
    const options = { fetch, createServer: createSecureServer, serverOptions: tls }
    return createAdaptorServer(options) as HttpServer
  } catch (cause) {
    throw new SetupError(
      `tls: expected a private key and its certificate in PEM (${(cause as Error).message})`,
      { cause },
    )
  }
}

/** What was served, and what becomes of it on the socket when a connection has to break. */
function answersOf({ fetch }: Served, connections: ReadonlySet<Socket>): Answers {
  return async (request, bindings) => {
    const { incoming, outgoing } = bindings as HttpBindings
    rememberSpelling(request, incoming.rawHeaders)
    try {
      const response = await fetch(request)
      if (!isSpoiled(response) || response.body === null) return response
      await writeUntilItBreaks(response, response.body, outgoing)
    } catch (error) {
      if (error instanceof ConnectionBroken) reset(incoming.socket, connections)
      // Nobody is left to hear about it when the caller has gone.
      else if (!outgoing.destroyed) throw error
    }
    return RESPONSE_ALREADY_SENT
  }
}

/** In node-server's place, which prints the stack of a body that fails, and loses what came before. */
async function writeUntilItBreaks(
  { status, headers }: Response,
  body: NonNullable<Response['body']>,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.writeHead(status, [...headers].flat())
  outgoing.flushHeaders()
  try {
    for await (const chunk of body) await new Promise((written) => outgoing.write(chunk, written))
    outgoing.end()
  } catch {
    outgoing.socket?.destroySoon()
  }
}

/** Only what is below TLS can be reset: a TLS socket has no handle for it, and `destroy` would end the connection in good order. */
function reset(socket: Socket | null, connections: ReadonlySet<Socket>): void {
  for (const connection of connections)
    if (
      connection.remotePort === socket?.remotePort &&
      connection.remoteAddress === socket?.remoteAddress
    )
      connection.resetAndDestroy()
}

function stop({ server, connections }: Listener): Promise<void> {
  return new Promise((stopped) => {
    // A connection whose request has just ended stays open for the next one, which must not come.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    // Not `closeAllConnections`, which leaves those that never began with TLS.
    const patience = setTimeout(() => {
      for (const connection of connections) connection.destroy()
    }, 2000)
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

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): SetupError {
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND')
    return new SetupError(
      `host ${host} is no address of this machine (${cause.code}): name one of its interfaces, or 0.0.0.0 for all`,
      { cause },
    )
  const reason = isTaken(cause) ? 'is taken' : `cannot be used (${cause.code})`
  return new SetupError(
    `port ${port} ${reason}: choose another (--port, or --demo-port for the demo bank; 0 picks any free one)`,
    { cause },
  )
}
