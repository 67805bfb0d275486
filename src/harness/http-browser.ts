import { cookieJar } from './cookie-jar.ts'
import { type Course, whyLost } from './exchange.ts'
import { titleOf, unescaped } from './masked-message.ts'
import type { Visit } from './seen.ts'

/** Goes a cardholder's way through Click to Pay: whatever does can stand in its place. */
export type Browser = (
  url: string,
  parts: {
    readonly course: Course
    /** Where the way ends. */
    readonly callbackURL: string
    /** Goes there. */
    readonly comeBack: (request: Request) => Promise<unknown>
    /** Whether a page is one of the simulator; no other is visited. */
    readonly isOurs: (url: string) => boolean
    /** How long an answer is waited for. Milliseconds. */
    readonly patienceMs: number
    /** Told instead of waiting: milliseconds. */
    readonly skip: (ms: number) => void
  },
) => Promise<Visit>

const mostPages = 50

/** Without a browser, by HTTP and with cookies: a cardholder who always goes on, and does not wait. */
export const httpBrowser: Browser = async (
  start,
  { course, callbackURL, comeBack, isOurs, patienceMs, skip },
) => {
  const cookies = cookieJar()
  const asked: string[] = []
  const isCallback = (url: string) => url.split(/[?#]/)[0] === callbackURL

  async function load(request: Request): Promise<Response> {
    cookies.attach(request)
    const response = await course.call('browser', 'click-to-pay', request, patienceMs)
    cookies.keep(request.url, response)
    return response
  }

  let next = pageRequest(start)
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { url } = next
    if (!isCallback(url) && !isOurs(url))
      return { asked, ended: 'elsewhere', detail: url.split('?')[0] ?? '' }
    try {
      if (isCallback(url)) {
        await comeBack(next)
        return { asked, ended: 'at the bank', detail: '' }
      }
      const response = await load(next)
      const page = await response.text()
      const title = titleOf(page) ?? ''
      if (response.status >= 400) return { asked, ended: 'on a problem page', detail: title }
      const way = wayOn(response, page)
      if (way.kind === 'refresh')
        course.remark(`The page goes on by itself after ${way.ms} ms: counted, not waited for.`)
      for (const frame of attributes(page, /<iframe\b[^>]* src="([^"]*)"/g))
        await (isCallback(frame) ? comeBack : load)(pageRequest(frame, url))
      if (way.kind === 'end') return { asked, ended: 'on the last page', detail: title }
      if (way.kind === 'question') {
        asked.push(title)
        if (way.move === undefined)
          return { asked, ended: 'on a page that nobody answers', detail: title }
        next = filledForm(page, way.move, url)
        continue
      }
      if (way.kind === 'refresh') skip(way.ms)
      next = pageRequest(way.to, url)
    } catch (error) {
      return { asked, ended: 'lost', detail: whyLost(error) }
    }
  }
  return { asked, ended: 'on too many pages', detail: `${mostPages}` }
}

function pageRequest(url: string, base?: string): Request {
  return new Request(new URL(url, base), { headers: { Accept: 'text/html' } })
}

type WayOn =
  | { readonly kind: 'redirect' | 'link'; readonly to: string }
  | { readonly kind: 'refresh'; readonly to: string; readonly ms: number }
  | { readonly kind: 'question'; readonly move: (typeof moves)[number] | undefined }
  | { readonly kind: 'end' }

function wayOn({ headers }: Response, page: string): WayOn {
  const location = headers.get('Location')
  if (location !== null) return { kind: 'redirect', to: location }
  const [, seconds, to] = /^([\d.]+); url=(.*)$/.exec(headers.get('Refresh') ?? '') ?? []
  if (to !== undefined) return { kind: 'refresh', to, ms: Number(seconds) * 1000 }
  const move = moves.find((one) => page.includes(`value="${one}"`))
  if (move !== undefined || page.includes('<option value="CONFIRM">'))
    return { kind: 'question', move }
  const [back] = attributes(page, /<a class="back" href="([^"]*)"/g)
  return back === undefined ? { kind: 'end' } : { kind: 'link', to: back }
}

function attributes(page: string, pattern: RegExp): readonly string[] {
  return [...page.matchAll(pattern)].map(([, value = '']) => unescaped(value))
}

/** What goes on, on one page or another; the first that there is. */
const moves = [
  'BEGIN',
  'CODE',
  'SIGN_UP',
  'ADD',
  'METHOD',
  'PROVED',
  'LATER',
  'PROFILE',
  'NEW_CODE',
] as const

function filledForm(page: string, decision: string, url: string): Request {
  const found = (pattern: RegExp) => attributes(page, pattern)[0] ?? ''
  const visit = found(/name="visit" value="([^"]*)"/g)
  return new Request(new URL(found(/<form method="post" action="([^"]*)"/g), url), {
    method: 'POST',
    body: new URLSearchParams({
      visit,
      decision,
      // Somebody new each time.
      email: `${visit}@example.com`,
      dialCode: '1',
      mobile: '7181234567',
      consent: 'on',
      code: found(/<b id="one-time-code">(\d+)</g),
      method: found(/name="method" value="([\w-]+)" checked/g),
    }),
  })
}
