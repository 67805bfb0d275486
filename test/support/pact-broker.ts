import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

/** What was asked of a server. */
export type Asked = {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: unknown
}

type Answer = { readonly status?: number; readonly type?: string; readonly body: unknown }

export type WebServer = { readonly url: string; readonly asked: readonly Asked[] }

/**
 * Serves for as long as the test runs.
 *
 * @param answer undefined: never.
 */
export async function webServer(
  answer: (asked: Asked, url: string) => Answer | undefined,
): Promise<WebServer> {
  const asked: Asked[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const body = await text(request)
    const one = {
      method: request.method ?? '',
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: body === '' ? undefined : JSON.parse(body),
    }
    asked.push(one)
    const given = answer(one, url)
    if (given === undefined) return
    const { status = 200, type = 'application/hal+json', body: content } = given
    response.writeHead(status, { 'Content-Type': type })
    response.end(typeof content === 'string' ? content : JSON.stringify(content))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked }
}

/** The pacts of a broker, by their consumers. */
export type BrokerPacts = Readonly<
  Record<string, { readonly pact: object; readonly pending?: boolean }>
>

export type BrokerOptions = {
  /** Links that its index lacks, as older ones do. */
  readonly without?: readonly string[]
  /** What `Authorization` must be. */
  readonly authorization?: string
}

const relations = {
  'pb:provider-pacts-for-verification': '/pacts/provider/{provider}/for-verification',
  'pb:latest-provider-pacts': '/pacts/provider/{provider}/latest',
  'pb:latest-provider-pacts-with-tag': '/pacts/provider/{provider}/latest/{tag}',
  'pb:latest-pact-version': '/pacts/provider/{provider}/consumer/{consumer}/latest',
}

/** As much of a Pact broker as is read: an index, lists of pacts, a page for each, and the pacts. */
export function pactBroker(
  pacts: BrokerPacts,
  { without = [], authorization }: BrokerOptions = {},
): Promise<WebServer> {
  const consumers = Object.keys(pacts)
  return webServer(({ method, path, authorization: shown, body }, url) => {
    if (authorization !== undefined && shown !== authorization)
      return { status: 401, type: 'text/html', body: '<h1>Unauthorized</h1>' }
    const { pathname, searchParams } = new URL(path, url)
    const href = (consumer: string) =>
      `${url}/pacts/provider/token-connect/consumer/${encodeURIComponent(consumer)}/latest`
    const page = Number(searchParams.get('page') ?? 0)
    const [consumer] = consumers.slice(page)
    const links =
      page + 1 < consumers.length ? { next: { href: `${pathname}?page=${page + 1}` } } : {}
    if (pathname === '/')
      return {
        body: {
          _links: Object.fromEntries(
            Object.entries(relations)
              .filter(([relation]) => !without.includes(relation))
              .map(([relation, template]) => [relation, { href: url + template, templated: true }]),
          ),
        },
      }
    if (pathname.startsWith('/pacts/provider/unknown/'))
      return { status: 404, body: { error: 'No provider' } }
    if (pathname.startsWith('/pacts/provider/other/'))
      return { body: { _links: { 'pb:pacts': [] } } }
    if (pathname.endsWith('/for-verification')) {
      const asks = body as { readonly includePendingStatus?: boolean } | undefined
      // Only the question has a body; the pages of the answer are fetched.
      if ((method === 'POST') !== (page === 0)) return { status: 405, body: {} }
      const pending = consumer !== undefined && pacts[consumer]?.pending === true
      return {
        body: {
          _embedded: {
            pacts:
              consumer === undefined
                ? []
                : [
                    {
                      shortDescription: 'latest',
                      verificationProperties: {
                        ...((asks?.includePendingStatus ?? page > 0) && { pending }),
                        notices: [
                          {
                            when: 'before_verification',
                            text: `The pact of ${consumer} is the latest`,
                          },
                          { when: 'after_verification:success_false', text: 'Too bad' },
                        ],
                      },
                      _links: { self: { href: href(consumer), name: `Pact of ${consumer}` } },
                    },
                  ],
          },
          _links: links,
        },
      }
    }
    if (/\/token-connect\/latest(\/main)?$/.test(pathname))
      return {
        body: {
          _links: {
            ...links,
            'pb:pacts': consumer === undefined ? [] : [{ href: href(consumer), name: consumer }],
          },
        },
      }
    const asked = consumers.find((name) => href(name) === url + pathname)
    return asked === undefined
      ? { status: 404, type: 'text/html', body: '<h1>Not Found</h1>' }
      : { body: { ...pacts[asked]?.pact, createdAt: '2026-01-30T12:00:00Z', _links: {} } }
  })
}
