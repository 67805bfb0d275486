import type { ClickToPayVisit, Journey } from './cardholder.ts'
import {
  answersTo,
  attributes,
  formOf,
  isAddressOf,
  mostPages,
  wayOn,
} from './click-to-pay-page.ts'
import type { CookieJar } from './cookie-jar.ts'
import { whyLost } from './exchange.ts'
import { pageRequest } from './html-page.ts'
import { titleOf } from './masked-message.ts'

/** Over HTTP: what a page makes the browser wait is counted, and not waited for. */
export function httpClickToPayVisit(
  { course, isClickToPay }: Pick<Journey, 'course' | 'isClickToPay'>,
  cookies: CookieJar,
): ClickToPayVisit {
  return async (start, { callbackURL, comeBack, patienceMs, skip }) => {
    const asked: string[] = []
    const isCallback = (url: string) => isAddressOf(callbackURL, url)

    async function load(request: Request): Promise<Response> {
      cookies.attach(request)
      const response = await course.call('browser', 'click-to-pay', request, patienceMs)
      cookies.keep(request.url, response)
      return response
    }

    let next = pageRequest(start)
    for (let pages = 0; pages < mostPages; pages += 1) {
      const { url } = next
      if (!isCallback(url) && !isClickToPay(url))
        return { asked, ended: 'elsewhere', detail: url.split('?')[0] ?? '' }
      try {
        if (isCallback(url)) {
          await comeBack(url)
          return { asked, ended: 'at the bank', detail: '' }
        }
        const response = await load(next)
        const page = await response.text()
        const title = titleOf(page) ?? ''
        if (response.status >= 400) return { asked, ended: 'on a problem page', detail: title }
        const way = wayOn(response.headers, page)
        if (way.kind === 'refresh')
          course.remark(`The page goes on by itself after ${way.ms} ms: counted, not waited for.`)
        for (const frame of attributes(page, /<iframe\b[^>]* src="([^"]*)"/g)) {
          const there = new URL(frame, url).href
          if (isCallback(there)) await comeBack(there)
          else if (isClickToPay(there)) await load(pageRequest(there))
        }
        if (way.kind === 'end') return { asked, ended: 'on the last page', detail: title }
        if (way.kind === 'question') {
          asked.push(title)
          if (way.move === undefined)
            return { asked, ended: 'on a page that nobody answers', detail: title }
          next = filledForm(page, way.move, url)
          continue
        }
        if (way.kind === 'refresh') skip(way.ms)
        next = pageRequest(new URL(way.to, url).href)
      } catch (error) {
        return { asked, ended: 'lost', detail: whyLost(error) }
      }
    }
    return { asked, ended: 'on too many pages', detail: `${mostPages}` }
  }
}

function filledForm(page: string, decision: string, url: string): Request {
  const { action, visit } = formOf(page)
  return new Request(new URL(action, url), {
    method: 'POST',
    body: new URLSearchParams({ visit, decision, ...answersTo(page) }),
  })
}
