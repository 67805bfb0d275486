/*
 * HTTP messages as they may be shown: no one-time code, signature, ciphertext, cookie or account holder data. Card numbers and signed texts
 * are masked wherever they stand, by whoever shows the whole.
 */

/** Of all others nothing is shown. */
const shownHeaders = [
  'Accept',
  'Content-Type',
  'Authorization',
  'Cookie',
  'X-Simulator-Scenario',
  'Retry-After',
  'Location',
  'Refresh',
  'Set-Cookie',
] as const

/** @param first the line above the headers. */
export function maskedMessage(first: string, headers: Headers, body: string): string {
  const shown = shownHeaders.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [`${name}: ${maskedHeader(name, value)}`]
  })
  const type = headers.get('Content-Type') ?? ''
  const content = body === '' ? [] : ['', maskedBody(type, body)]
  return [first, ...shown, ...content].join('\n')
}

function maskedHeader(name: (typeof shownHeaders)[number], value: string): string {
  // Nonce, timestamp, body hash and signature are secrets, or new each time.
  if (name === 'Authorization')
    return value.replace(
      /(oauth_(?:nonce|timestamp|signature|body_hash))="[^"]*"/g,
      (_, parameter) => `${parameter}="(cut)"`,
    )
  return /cookie/i.test(name) ? value.replace(/=[^;]*/, '=(cut)') : value
}

function maskedBody(type: string, body: string): string {
  if (type.startsWith('application/x-www-form-urlencoded')) return maskedForm(body)
  if (type.startsWith('text/html')) return wordsOf(body)
  if (!/json/.test(type)) return body
  try {
    return JSON.stringify(JSON.parse(body), maskedMember, 2)
  } catch {
    return '(unreadable)'
  }
}

/** Ciphertext is new each time, and its key is another in each data directory; the signature is what the browser carries. */
const cutMembers = new Set([
  'encryptedData',
  'encryptedKey',
  'publicKeyFingerprint',
  'iv',
  'tag',
  'signature',
  'accountHolderData',
])

function maskedMember(name: string, value: unknown): unknown {
  return cutMembers.has(name) ? '(cut)' : value
}

/** Whatever else a form has is the cardholder's. */
const shownFields = new Set(['decision', 'method', 'consent', 'remember'])

function maskedForm(body: string): string {
  return [...new URLSearchParams(body)]
    .map(([name, value]) => `${name}=${shownFields.has(name) || value === '' ? value : '(cut)'}`)
    .join('\n')
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
