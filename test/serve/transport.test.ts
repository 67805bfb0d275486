import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, vi } from 'vitest'
import { openKeyring } from '../../src/keys/keyring.ts'
import { openTlsCertificate } from '../../src/keys/tls-certificate.ts'
import { serve } from '../../src/serve.ts'
import { ConnectionBroken, spoiled, type TransportFault } from '../../src/transport.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { test as base } from '../support/temporary-folder.ts'

const program = fileURLToPath(new URL('spoiling-server.mjs', import.meta.url))
const body = '{"responseId":"1","ok":true}'
const status = 200

/** What is asked of the server of these tests. */
type Wanted = {
  readonly fault?: TransportFault
  readonly body?: string
  /** How often the body has it; a query cannot be that long. */
  readonly times?: number
  readonly status?: number
}
type Seen = {
  readonly status?: number | undefined
  readonly type?: string | undefined
  readonly contentLength?: string | undefined
  /** One character for each byte. */
  readonly body?: string
  /** What the caller is told when the connection breaks. */
  readonly error?: string
}
type Server = {
  readonly url: (wanted?: Wanted) => string
  /** Calls it with Node's client, on the same connection as before where there is one that is free. */
  readonly post: (wanted?: Wanted, signal?: AbortSignal) => Promise<Seen & { reused: boolean }>
  /** @returns everything it printed after its URL. */
  readonly stop: () => Promise<{ readonly code: number | null; readonly printed: string }>
}

const schemes = ['http', 'https'] as const

const test = base.extend<{ start: (scheme: (typeof schemes)[number]) => Promise<Server> }>({
  start: async ({ folder }, use) => {
    const started: (() => void)[] = []
    await use(async (scheme) => {
      await openKeyring(dataDirectory, Date.now())
      const tls = await openTlsCertificate(dataDirectory, { now: Date.now() })
      const files = [join(folder, 'key.pem'), join(folder, 'cert.pem')] as const
      await Promise.all([writeFile(files[0], tls.key), writeFile(files[1], tls.cert)])
      const child = spawn(process.execPath, [program, ...(scheme === 'https' ? files : [])])
      started.push(() => child.kill('SIGKILL'))
      const printed = Promise.all([text(child.stdout), text(child.stderr)])
      const [line] = await once(child.stdout, 'data')
      const origin = String(line).trim()
      const options = { keepAlive: true, ca: await readFile(tls.caFile) }
      const agent = scheme === 'https' ? new https.Agent(options) : new http.Agent(options)
      const url = (wanted: Wanted = {}) => {
        const query = new URLSearchParams()
        for (const [name, value] of Object.entries({ body, status, ...wanted }))
          query.set(name, String(value))
        return `${origin}/?${query}`
      }
      return {
        url,
        post: (wanted, signal) =>
          post(url(wanted), { agent, method: 'POST', ...(signal !== undefined && { signal }) }),
        async stop() {
          child.kill('SIGTERM')
          const [code] = await once(child, 'close')
          return { code, printed: (await printed).join('').replace(`${origin}\n`, '') }
        },
      }
    })
    for (const kill of started) kill()
  },
})

function post(url: string, options: http.RequestOptions): Promise<Seen & { reused: boolean }> {
  return new Promise((done) => {
    const request = (url.startsWith('https:') ? https : http).request(url, options)
    const failed = ({ message: error }: Error) => done({ error, reused: request.reusedSocket })
    request.once('error', failed)
    request.once('response', (response) => {
      let received = ''
      response.setEncoding('latin1').on('data', (chunk) => {
        received += chunk
      })
      const seen = () => ({
        status: response.statusCode,
        type: response.headers['content-type'],
        contentLength: response.headers['content-length'],
        body: received,
        reused: request.reusedSocket,
      })
      response.once('error', ({ message: error }) => done({ ...seen(), error }))
      response.once('end', () => done(seen()))
    })
    request.end('{}')
  })
}

const type = 'application/json'
const whole: Seen = { status, type, contentLength: '28', body }
const noise =
  '\x80\xd9\xb2\x8b\xe4\xbd\x96\xef\xc8\xa1\xfa\xd3\xac\x85\xde\xb7\x90\xe9\xc2\x9b\xf4\xcd\xa6\xff\xd8\xb1\x8a\xe3'

/** What Node's own client sees of each. */
const faults: readonly (readonly [string, Wanted & { fault: TransportFault }, Seen])[] = [
  ['reset', { fault: 'reset' }, { error: 'read ECONNRESET' }],
  ['truncated', { fault: 'truncated' }, { ...whole, body: '{"responseId":', error: 'aborted' }],
  [
    'truncated after nothing, of one byte',
    { fault: 'truncated', body: '1' },
    { ...whole, contentLength: '1', body: '', error: 'aborted' },
  ],
  [
    'truncated, of no bytes: one more was promised',
    { fault: 'truncated', body: '' },
    { ...whole, contentLength: '1', body: '', error: 'aborted' },
  ],
  [
    'truncated, of a status that has no body: the connection breaks instead',
    { fault: 'truncated', body: '', status: 204 },
    { error: 'read ECONNRESET' },
  ],
  ['garbage', { fault: 'garbage' }, { ...whole, body: noise }],
  [
    'garbage, of one byte',
    { fault: 'garbage', body: '1' },
    { ...whole, contentLength: '1', body: '\x80' },
  ],
]

describe.for(schemes)('over %s', (scheme) => {
  test.for(faults)('%s', async ([, wanted, seen], { start }) => {
    const { post, stop } = await start(scheme)
    expect(await post()).toEqual({ ...whole, reused: false })
    expect(await post(wanted)).toEqual({ ...seen, reused: true })
    // Whatever became of the connection, the server answers.
    expect(await post()).toMatchObject(whole)
    expect(await stop()).toEqual({ code: 0, printed: '' })
  })

  test('of a body of megabytes the half arrives, too', async ({ start }) => {
    const { post, stop } = await start(scheme)
    const { contentLength, body, error } = await post({ fault: 'truncated', times: 100_000 })
    expect([contentLength, body?.length, error]).toEqual(['2800000', 1_400_000, 'aborted'])
    expect(await stop()).toEqual({ code: 0, printed: '' })
  })

  test('timeout: no answer comes, until the caller gives up', async ({ start }) => {
    const { post, stop } = await start(scheme)
    const caller = new AbortController()
    const held = post({ fault: 'timeout' }, caller.signal)
    expect(await post()).toMatchObject(whole)
    caller.abort()
    expect(await held).toMatchObject({ error: 'The operation was aborted' })
    expect(await post()).toMatchObject(whole)
    expect(await stop()).toEqual({ code: 0, printed: '' })
  })

  test('closing does not wait for answers that never come, nor for callers that say nothing', async ({
    start,
  }) => {
    const { url, post, stop } = await start(scheme)
    const held = post({ fault: 'timeout' })
    const silent = connect(Number(new URL(url()).port), '127.0.0.1').on('error', () => {})
    await once(silent, 'connect')
    // Later than the one that is held, so that it has come in.
    expect(await post()).toMatchObject(whole)
    expect(await stop()).toEqual({ code: 0, printed: '' })
    expect(await held).toMatchObject({ error: 'socket hang up' })
  })
})

test('any other failure is a 500, as ever', async () => {
  const server = await serve({ fetch: () => Promise.reject(new Error('no')) }, { port: 0 })
  expect((await fetch(server.url)).status).toBe(500)
  await server.close()
})

type SeenByFetch = Seen & { readonly sent?: string | null }

async function seenBy(answer: Promise<Response>): Promise<SeenByFetch> {
  const told = (error: unknown) => {
    const { name, message, cause } = error as Error
    return `${name}: ${message}, ${(cause as NodeJS.ErrnoException).code}`
  }
  try {
    const { status, headers, body } = await answer
    const head = {
      status,
      type: headers.get('Content-Type') ?? '',
      contentLength: headers.get('Content-Length') ?? '',
      sent: headers.get('X-Sent'),
    }
    let received = ''
    try {
      for await (const chunk of body ?? []) received += Buffer.from(chunk).toString('latin1')
      return { ...head, body: received }
    } catch (error) {
      return { ...head, body: received, error: told(error) }
    }
  } catch (error) {
    return { error: told(error) }
  }
}

describe('in process', () => {
  const answer = (wanted: Wanted) =>
    new Response((wanted.body ?? body) || null, {
      status: wanted.status ?? status,
      headers: { 'Content-Type': type, 'X-Sent': 'yes' },
    })

  test.for(faults)(
    "%s: as Node's own fetch sees it over http",
    async ([, wanted, seen], { start }) => {
      const { url, stop } = await start('http')
      const inProcess = await seenBy(
        spoiled(answer(wanted), wanted.fault, new AbortController().signal),
      )
      const { error, ...rest } = seen
      expect(inProcess).toEqual({
        ...rest,
        ...(rest.status !== undefined && { sent: 'yes' }),
        ...(error !== undefined && {
          error:
            error === 'aborted'
              ? 'TypeError: terminated, UND_ERR_SOCKET'
              : 'TypeError: fetch failed, ECONNRESET',
        }),
      })
      expect(await seenBy(fetch(url(wanted), { method: 'POST', body: '{}' }))).toEqual(inProcess)
      await stop()
    },
  )

  test('timeout: fails with the reason of the caller that gives up', async () => {
    const caller = new AbortController()
    const late = spoiled(answer({}), 'timeout', caller.signal)
    caller.abort('enough')
    await expect(late).rejects.toBe('enough')
    await expect(spoiled(answer({}), 'timeout', caller.signal)).rejects.toBe('enough')
  })

  test("timeout: fails after the 300 seconds of undici's headersTimeout", async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const late = spoiled(answer({}), 'timeout', new AbortController().signal)
      const failed = expect(late).rejects.toMatchObject({
        message: 'fetch failed',
        cause: { code: 'UND_ERR_HEADERS_TIMEOUT' },
      })
      vi.advanceTimersByTime(300_000)
      await failed
      await expect(late).rejects.toBeInstanceOf(ConnectionBroken)
    } finally {
      vi.useRealTimers()
    }
  })

  test('garbage is no text, and the same every time', async () => {
    const bytes = async () => {
      const garbage = await spoiled(answer({}), 'garbage', new AbortController().signal)
      return new Uint8Array(await garbage.arrayBuffer())
    }
    const first = await bytes()
    expect(await bytes()).toEqual(first)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(first)).toThrow()
  })
})
