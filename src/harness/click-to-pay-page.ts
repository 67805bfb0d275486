import { unescaped } from './masked-message.ts'

/* Pages of Click to Pay, as a cardholder reads them who always goes on. */

/** No journey has more. */
export const mostPages = 50

export type WayOn =
  | { readonly kind: 'redirect' | 'link'; readonly to: string }
  | { readonly kind: 'refresh'; readonly to: string; readonly ms: number }
  /** @param move undefined where nobody knows what to answer. */
  | { readonly kind: 'question'; readonly move: (typeof moves)[number] | undefined }
  | { readonly kind: 'end' }

export function wayOn(headers: Headers, page: string): WayOn {
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

/** Whether an address is that of the callback, whatever its query. */
export function isAddressOf(callbackURL: string, url: string): boolean {
  return addressOf(url) === addressOf(callbackURL)
}

/** As browsers write it. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) return url
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
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

export function attributes(page: string, pattern: RegExp): readonly string[] {
  return [...page.matchAll(pattern)].map(([, value = '']) => unescaped(value))
}

/** Of the page's form: where it is sent, and the visit it belongs to. */
export function formOf(page: string): { readonly action: string; readonly visit: string } {
  const [action = ''] = attributes(page, /<form method="post" action="([^"]*)"/g)
  const [visit = ''] = attributes(page, /name="visit" value="([^"]*)"/g)
  return { action, visit }
}

/** What is filled in, by field; a page has some of them. */
export function answersTo(page: string): Readonly<Record<string, string>> {
  const found = (pattern: RegExp) => attributes(page, pattern)[0] ?? ''
  return {
    // Somebody new each time.
    email: `${formOf(page).visit}@example.com`,
    dialCode: '1',
    mobile: '7181234567',
    consent: 'on',
    code: found(/<b id="one-time-code">(\d+)</g),
    method: found(/name="method" value="([\w-]+)" checked/g),
  }
}
