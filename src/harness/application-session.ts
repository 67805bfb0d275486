import { cookieJar } from './cookie-jar.ts'
import { type Course, type Party, whyLost } from './exchange.ts'
import { type HtmlPage, pageRequest, readPage } from './html-page.ts'

/** A page of the application, as it was answered. */
export type PageSeen = HtmlPage & { readonly status: number; readonly exchange: number }

/** Where the browser is, when it goes nowhere by itself. */
export type Whereabouts =
  | { readonly at: 'a page'; readonly page: PageSeen }
  /** Not visited: it is no page of the application. */
  | { readonly at: 'elsewhere'; readonly url: string; readonly exchange: number }
  | { readonly at: 'nowhere'; readonly lost: string; readonly exchange: number }

/** One cardholder's visit to the application, over HTTP and with cookies. */
export type ApplicationSession = {
  /** Every page that was answered, redirects too. */
  readonly pages: readonly PageSeen[]
  /** Goes there, and on by itself as far as the application leads. */
  go(request: Request, as?: Party): Promise<Whereabouts>
}

const mostRedirects = 20
/** An application may try several times before it answers. */
const patienceMs = 60_000

export function applicationSession({
  course,
  isTheirs,
  onAnswer,
}: {
  readonly course: Course
  readonly isTheirs: (url: string) => boolean
  /** Told when the application has answered. */
  readonly onAnswer: () => Promise<void>
}): ApplicationSession {
  const cookies = cookieJar()
  const pages: PageSeen[] = []

  async function load(request: Request, to: Party): Promise<Response | string> {
    cookies.attach(request)
    try {
      const response = await course.call('browser', to, request, patienceMs)
      cookies.keep(request.url, response)
      return response
    } catch (error) {
      return whyLost(error)
    } finally {
      await onAnswer()
    }
  }

  return {
    pages,
    async go(request, as = 'issuer') {
      let next = request
      let exchange = course.exchanges.length - 1
      for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
        const { url } = next
        if (!isTheirs(url)) return { at: 'elsewhere', url, exchange }
        exchange = course.exchanges.length
        const again = next.clone()
        const response = await load(next, redirects === 0 ? as : 'issuer')
        if (typeof response === 'string') return { at: 'nowhere', lost: response, exchange }
        const page = { ...readPage(await response.text(), url), status: response.status, exchange }
        pages.push(page)
        const goesTo = whereTo(response, page)
        if (goesTo === undefined) return { at: 'a page', page }
        // Only these two say that the form is sent again.
        next =
          response.status === 307 || response.status === 308
            ? new Request(goesTo, again)
            : pageRequest(goesTo)
      }
      return { at: 'nowhere', lost: `more than ${mostRedirects} redirects`, exchange }
    },
  }
}

function whereTo({ headers }: Response, { url, goesTo }: HtmlPage): string | undefined {
  const [, refresh] = /^[\d.]+\s*[;,]\s*url=(.*)$/i.exec(headers.get('Refresh') ?? '') ?? []
  const location = headers.get('Location') ?? refresh
  return location === undefined ? goesTo : new URL(location, url).href
}
