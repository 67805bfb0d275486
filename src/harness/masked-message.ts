import { type Message, masked, type RawMessage, type Side } from '../message-masking.ts'

/*
 * Masked HTTP messages as text, for reports, which are the same in each run. Whoever shows the whole masks what stands in pages and addresses.
 */

/** Of those that may be shown, what is the same wherever a journey is played. */
const shownHeaders = [
  'accept',
  'content-type',
  'authorization',
  'cookie',
  'x-simulator-scenario',
  'retry-after',
  'location',
  'refresh',
  'set-cookie',
]

/** @param first the line above the headers. */
export function messageText(first: string, { headers, body, comment }: Message): string {
  const shown = shownHeaders
    .flatMap((shownName) => headers.filter(({ name }) => name.toLowerCase() === shownName))
    .map(({ name, value }) => `${name}: ${value}`)
  const type = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? ''
  const content = body === undefined ? comment : laidOut(type, body)
  return [first, ...shown, ...(content === undefined ? [] : ['', content])].join('\n')
}

export function maskedRequest(first: string, headers: Headers, body: string): string {
  return messageText(first, withWords({ headers, body }, 'request'))
}

export function maskedAnswer(first: string, headers: Headers, body: string): string {
  return messageText(first, withWords({ headers, body }, 'answer'))
}

/** Of a page what it says, and other text as it is: a report is of test data only. */
function withWords(message: RawMessage & { readonly body: string }, side: Side): Message {
  const { headers, body } = message
  const shown = masked(message, side)
  if (shown.body !== undefined || body === '') return shown
  const type = headers.get('Content-Type') ?? ''
  const content = type.startsWith('text/html')
    ? wordsOf(body)
    : /json|form-urlencoded/.test(type)
      ? '(unreadable)'
      : body
  return { ...shown, body: content }
}

/** JSON with a line for each member, and a form with one for each pair. */
function laidOut(type: string, body: string): string {
  if (type.startsWith('application/x-www-form-urlencoded')) return body.replaceAll('&', '\n')
  if (!/json/.test(type)) return body
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}

/** What a cardholder reads on a page; what they typed, and the bar above for testers with its code, is left out. */
function wordsOf(page: string): string {
  // The pages of Click to Pay have one; those of a bank may not.
  const [, main = ''] =
    /<main\b[^>]*>(.*)<\/main>/s.exec(page) ?? /<body\b[^>]*>(.*)<\/body>/s.exec(page) ?? []
  return unescaped(
    main
      .replace(/<(select|svg|script|style|textarea)\b.*?<\/\1>/gs, '')
      .replace(/<[^>]*>/g, '\n')
      .replace(/\s*\n\s*/g, '\n')
      .trim(),
  )
}

const characters = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
])

/** How a page is headed; undefined where it is none. */
export function titleOf(page: string): string | undefined {
  const title = /<h1\b[^>]*>(.*?)<\/h1>/s.exec(page)?.[1]
  return title === undefined ? undefined : unescaped(title.replace(/<[^>]*>/g, '').trim())
}

/** Of text in a page, what it stands for. */
export function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp|#39);/g, (entity) => characters.get(entity) ?? entity)
}
