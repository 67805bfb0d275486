import type { BankVisit, Journey, PageSeen, Whereabouts } from './cardholder.ts'
import type { CookieJar } from './cookie-jar.ts'
import { type Party, whyLost } from './exchange.ts'
import { type HtmlPage, pageRequest, readPage } from './html-page.ts'

const mostRedirects = 20
/** An idle connection may be closed just when it is used again. */
const isClosed = /^(UND_ERR_SOCKET|ECONNRESET|EPIPE)$/
/** An application may try several times before it answers. */
const patienceMs = 60_000

/** Over HTTP, as a browser without JavaScript. */
export function httpBankVisit(
  { course, isTheBank, onBankAnswer }: Pick<Journey, 'course' | 'isTheBank' | 'onBankAnswer'>,
  cookies: CookieJar,
): BankVisit {
  const pages: PageSeen[] = []
  let there: Whereabouts = { at: 'nowhere', lost: 'nothing was opened', exchange: 0 }
  let current: HtmlPage | undefined

  async function load(request: Request, to: Party, isAgain = false): Promise<Response | string> {
    cookies.attach(request)
    const again = request.clone()
    try {
      const response = await course.call('browser', to, request, patienceMs)
      cookies.keep(request.url, response)
      return response
    } catch (error) {
      const why = whyLost(error)
      if (isAgain || request.method !== 'GET' || !isClosed.test(why)) return why
      course.remark('The connection was closed. As browsers do, it is asked again on a new one.')
      return load(again, to, true)
    } finally {
      if (!isAgain) await onBankAnswer()
    }
  }

  /** An address that is none ends the way, and not the run. */
  async function go(to: () => Request, as?: Party): Promise<Whereabouts> {
    try {
      return await follow(to(), as)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const exchange = course.exchanges.length - 1
      return { at: 'nowhere', lost: `an address that is none: ${error.message}`, exchange }
    }
  }

  async function follow(request: Request, as: Party = 'issuer'): Promise<Whereabouts> {
    current = undefined
    let next = request
    let exchange = course.exchanges.length - 1
    for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
      const { url } = next
      if (!isTheBank(url)) return { at: 'elsewhere', url, exchange }
      exchange = course.exchanges.length
      const again = next.clone()
      const response = await load(next, redirects === 0 ? as : 'issuer')
      if (typeof response === 'string') return { at: 'nowhere', lost: response, exchange }
      const page = readPage(await response.text(), url)
      const seen = { ...page, status: response.status, exchange }
      pages.push(seen)
      const goesTo = whereTo(response, page)
      if (goesTo === undefined) {
        current = page
        return { at: 'a page', page: seen }
      }
      // Only these two say that the form is sent again.
      next =
        response.status === 307 || response.status === 308
          ? new Request(goesTo, again)
          : pageRequest(goesTo)
    }
    return { at: 'nowhere', lost: `more than ${mostRedirects} redirects`, exchange }
  }

  return {
    pages,
    async open(url) {
      there = await go(() => pageRequest(url))
    },
    async take(step) {
      if (there.at !== 'a page' || current === undefined) return undefined
      const page = current
      const request = page.request(step)
      if (!(request instanceof Request))
        return {
          expected: request.expected,
          page: there.page,
          because: [
            'Without --browser only plain HTML is played: forms, buttons and links, without JavaScript',
          ],
        }
      there = await go(() => request)
      return undefined
    },
    rest: async () => there,
    comeBack: (url) => go(() => pageRequest(url), 'callback'),
  }
}

function whereTo({ headers, status }: Response, { url, goesTo }: HtmlPage): string | undefined {
  const [, refresh] = /^[\d.]+\s*[;,]\s*url=(.*)$/i.exec(headers.get('Refresh') ?? '') ?? []
  const isRedirect = status >= 300 && status < 400
  const location = (isRedirect ? headers.get('Location') : null) ?? refresh
  return location === undefined ? goesTo : new URL(location, url).href
}
