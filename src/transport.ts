/** How an answer gets lost on its way back. */
export const transportFaults = ['reset', 'timeout', 'truncated', 'garbage'] as const
export type TransportFault = (typeof transportFaults)[number]

const messages = {
  ECONNRESET: 'read ECONNRESET',
  UND_ERR_HEADERS_TIMEOUT: 'Headers Timeout Error',
} as const

/** What `fetch` rejects with when a connection breaks: a TypeError whose cause has the `code`, as undici's. */
export class ConnectionBroken extends TypeError {
  override readonly cause: Error & { readonly code: keyof typeof messages }

  constructor(code: keyof typeof messages) {
    super('fetch failed')
    this.cause = Object.assign(new Error(messages[code]), { code })
  }
}

/** undici's `headersTimeout`, after which a client without a time limit of its own gives up. */
const headersTimeoutMs = 300_000

const spoiledAnswers = new WeakSet<Response>()

/** Whether {@link spoiled} made this answer, so that its body may break off. */
export function isSpoiled(response: Response): boolean {
  return spoiledAnswers.has(response)
}

/** An answer with these has no body that could be cut or garbled (Fetch standard, null body status). */
const bodilessStatuses = [101, 103, 204, 205, 304]

/**
 * What is left of an answer. In process it fails as undici's `fetch` would; {@link serve} does the same to the socket.
 *
 * @param signal the caller's: aborted when it gives up.
 * @throws {ConnectionBroken} reset: at once. timeout: after 300 s, unless the caller gives up first.
 * @throws the signal's reason, when the caller gives up waiting.
 */
export async function spoiled(
  response: Response,
  fault: TransportFault,
  signal: AbortSignal,
): Promise<Response> {
  switch (fault) {
    case 'reset':
      throw new ConnectionBroken('ECONNRESET')
    case 'timeout':
      return noAnswer(signal)
    case 'truncated':
      return truncated(response)
    case 'garbage':
      return garbled(response)
  }
}

function noAnswer(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    const giveUp = () => {
      clearTimeout(timeout)
      fail(signal.reason)
    }
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', giveUp)
      fail(new ConnectionBroken('UND_ERR_HEADERS_TIMEOUT'))
    }, headersTimeoutMs)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

async function truncated(response: Response): Promise<Response> {
  // Its headers are all of it, so that only the connection itself can break.
  if (bodilessStatuses.includes(response.status)) throw new ConnectionBroken('ECONNRESET')
  const whole = new Uint8Array(await response.arrayBuffer())
  // Of an empty body nothing is missing, unless one byte more was promised.
  const promised = Math.max(whole.length, 1)
  return like(response, ReadableStream.from(firstHalf(whole)), promised)
}

async function* firstHalf(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  if (whole.length > 1) yield whole.subarray(0, whole.length / 2)
  const cause = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })
  throw new TypeError('terminated', { cause })
}

async function garbled(response: Response): Promise<Response> {
  if (bodilessStatuses.includes(response.status)) return response
  const { byteLength } = await response.arrayBuffer()
  // The first is a continuation byte with nothing to continue, which no UTF-8 begins with.
  const noise = Uint8Array.from({ length: byteLength }, (_, n) => 0x80 + ((n * 89) % 128))
  return like(response, noise, byteLength)
}

function like(
  { status, statusText, headers: original }: Response,
  body: ConstructorParameters<typeof Response>[0],
  contentLength: number,
): Response {
  const headers = new Headers(original)
  headers.set('Content-Length', String(contentLength))
  const answer = new Response(body, { status, statusText, headers })
  spoiledAnswers.add(answer)
  return answer
}
