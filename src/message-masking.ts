import { maskCardNumbers } from './card-number.ts'
import { readJson } from './json-bytes.ts'

/*
 * HTTP messages as they may be kept and shown: no card number, one-time code, account holder data, cookie, key, ciphertext or OAuth value
 * that is a secret or new each time. What is not known to be harmless is cut.
 */

/** An HTTP message as it came or went. */
export type RawMessage = {
  readonly headers: Headers
  /** The same as they came: names and values in turn. Without it names are shown in their usual spelling. */
  readonly spelling?: readonly string[] | undefined
  /** Undefined where nobody has read it. */
  readonly body: string | Uint8Array | undefined
}

/** An HTTP message as it may be shown. */
export type Message = {
  /** Those that are known to be harmless, or what is left of them; of all others nothing is shown. */
  readonly headers: readonly Header[]
  /** Bytes of the whole body; -1 where nobody counted. */
  readonly bodySize: number
  /** What may be shown of it: JSON, or pairs of a form. */
  readonly body?: string
  /** Why there is none. */
  readonly comment?: string
}

export type Header = { readonly name: string; readonly value: string }

/** Requests are somebody's; answers are the simulator's own, and have more that may be shown. */
export type Side = 'request' | 'answer'

/** Stands in the place of what is not shown. */
export const cut = '(cut)'

export function masked(message: RawMessage, side: Side): Message {
  const { headers, body } = message
  const bodySize = sizeOf(headers, body)
  const rest = bodySize === 0 ? {} : maskedBody(headers.get('Content-Type') ?? '', body, side)
  return { headers: maskedHeaders(message), bodySize, ...rest }
}

/** By their names in small letters, in their usual spelling. */
const shownHeaders: ReadonlyMap<string, string> = new Map(
  [
    'Host',
    'User-Agent',
    'Accept',
    'Accept-Encoding',
    'Accept-Language',
    'Content-Type',
    'Content-Length',
    'Content-Encoding',
    'Transfer-Encoding',
    'Authorization',
    'Cookie',
    'Origin',
    'Sec-Fetch-Site',
    'Sec-Purpose',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Simulator-Scenario',
    'Retry-After',
    'Allow',
    'Cache-Control',
    'Location',
    'Refresh',
    'Set-Cookie',
  ].map((name) => [name.toLowerCase(), name]),
)

function maskedHeaders({ headers, spelling }: RawMessage): readonly Header[] {
  const shown: Header[] = []
  const show = (spelled: string | undefined, name: string, value: string) => {
    const usual = shownHeaders.get(name)
    if (usual !== undefined)
      shown.push({ name: spelled ?? usual, value: maskedHeader(name, value) })
  }
  if (spelling === undefined) for (const [name, value] of headers) show(undefined, name, value)
  else
    for (let n = 0; n + 1 < spelling.length; n += 2) {
      const [name = '', value = ''] = spelling.slice(n, n + 2)
      show(name, name.toLowerCase(), value)
    }
  return shown
}

/** @param name in small letters. */
function maskedHeader(name: string, value: string): string {
  if (name === 'authorization') return maskedAuthorization(value)
  if (name === 'cookie') return value.split(';').map(maskedCookie).join('; ')
  if (name === 'set-cookie') {
    const [cookie = '', ...attributes] = value.split(';')
    return [maskedCookie(cookie), ...attributes].join(';')
  }
  return maskedText(value)
}

function maskedCookie(cookie: string): string {
  const [, name] = /^\s*([\w.-]{1,64})=/.exec(cookie) ?? []
  return name === undefined ? cut : `${maskCardNumbers(name)}=${cut}`
}

/** Nonce, timestamp, body hash and signature are secrets, or new each time; whatever else there is may be a mistake. */
const shownParameters = /^oauth_(?:consumer_key|signature_method|version)$/

function maskedAuthorization(value: string): string {
  const [, scheme = '', rest = ''] = /^(OAuth|Basic|Bearer|Digest) (.*)$/is.exec(value) ?? []
  if (scheme.toLowerCase() !== 'oauth') return `${scheme} ${cut}`.trimStart()
  const parameters = rest.split(',').map((pair) => {
    const [, blank = '', name = '', text = ''] = /^(\s*)(\w{1,40})="([^"]*)"\s*$/.exec(pair) ?? []
    if (name === '') return cut
    const isShown = shownParameters.test(name) && /^[\w!%.-]{0,160}$/.test(text)
    return `${blank}${name}="${isShown ? maskedText(text) : cut}"`
  })
  return `${scheme} ${parameters.join(',')}`
}

function sizeOf(headers: Headers, body: RawMessage['body']): number {
  if (body !== undefined) return typeof body === 'string' ? Buffer.byteLength(body) : body.length
  const length = headers.get('Content-Length')
  if (length === null && !headers.has('Transfer-Encoding')) return 0
  return length !== null && /^\d{1,12}$/.test(length) ? Number(length) : -1
}

function maskedBody(
  type: string,
  body: RawMessage['body'],
  side: Side,
): Pick<Message, 'body' | 'comment'> {
  if (body === undefined) return { comment: 'The body was not read.' }
  if (/^text\/html\b/i.test(type))
    return { comment: "A page is not kept: it shows the cardholder's data." }
  // Whatever the type says: what is cut is the same, and a wrong type is a common mistake.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const json = readJson(bytes)
  if (json !== undefined) return { body: maskedJson(json.value, side) }
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type)
  const form = isForm ? maskedForm(new TextDecoder().decode(bytes)) : undefined
  if (form !== undefined) return { body: form }
  return { comment: `The body is not kept: it cannot be read as ${isForm ? 'a form' : 'JSON'}.` }
}

/** Members whose text or number may be shown. Of the others it is cut, but not that they are there. */
const shownMembers: Readonly<Record<Side, ReadonlySet<string>>> = {
  request: new Set([
    'requestId',
    'tokenRequestorId',
    'oaepHashingAlgorithm',
    'algorithmCipherMode',
    'callbackURL',
    'locale',
    'pushAccountReceiptsValidityPeriod',
    'accountRanges',
  ]),
  answer: new Set([
    'responseId',
    'pushAccountReceipt',
    'pushAccountId',
    'type',
    'uri',
    'source',
    'reasonCode',
    'description',
    'Source',
    'ReasonCode',
    'Description',
    'tokenRequestorId',
    'name',
    'consumerFacingEntityName',
    'imageAssetId',
    'tokenRequestorType',
    'walletId',
    'enabledAccountRanges',
    'supportedPushMethods',
    'supportedAccountHolderData',
    'height',
    'width',
    'title',
    'status',
    'detail',
  ]),
}

/** Whatever they hold: ciphertext, or in its place the account in clear; what the browser carries; who the cardholder is. */
const cutMembers = new Set([
  'encryptedData',
  'encryptedKey',
  // Another in each data directory.
  'publicKeyFingerprint',
  'iv',
  'tag',
  'aad',
  'signature',
  'accountHolderData',
  'authenticationCode',
  'data',
  'issuerInitiatedDigitizationData',
])

/** Of a message that somebody made to be a burden. */
const deepest = 12
const mostMembers = 100
const longestValue = 2048

function maskedJson(value: unknown, side: Side): string {
  const text = JSON.stringify(maskedMember(value, '', side, 0))
  // Numbers side by side may be one card number.
  return /\d,\d/.test(text) ? maskCardNumbers(text) : text
}

function maskedMember(value: unknown, name: string, side: Side, depth: number): unknown {
  if (value === '' || value === null || typeof value === 'boolean') return value
  if (cutMembers.has(name) || depth > deepest) return cut
  if (Array.isArray(value))
    return value.slice(0, mostMembers).map((item) => maskedMember(item, name, side, depth + 1))
  if (typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .slice(0, mostMembers)
        .map(([member, inner]) => [
          maskedName(member),
          maskedMember(inner, member, side, depth + 1),
        ]),
    )
  if (!shownMembers[side].has(name)) return cut
  const text = String(value)
  if (text.length > longestValue) return `${cut} ${text.length} characters`
  const shown = maskedText(text)
  return shown === text ? value : shown
}

/** A misspelt name helps whoever looks for it; what looks like no name is none. */
function maskedName(name: string): string {
  return /^[A-Za-z][\w-]{0,39}$/.test(name) ? maskCardNumbers(name) : cut
}

/** Whatever else a form has is the cardholder's. */
const shownFields = new Set(['decision', 'method', 'consent', 'remember'])

/** @returns undefined where it does not look like a form. */
function maskedForm(body: string): string | undefined {
  if (!body.split('&').every((pair) => pair.includes('='))) return undefined
  return [...new URLSearchParams(body)]
    .map(([name, value]) => {
      const isShown = value === '' || (shownFields.has(name) && /^[A-Za-z_-]{1,40}$/.test(value))
      return `${maskedName(name)}=${isShown ? value : cut}`
    })
    .join('&')
}

/** Of a header, or of one member. */
function maskedText(text: string): string {
  const shown = withoutSecrets(text)
  return /@|%40/.test(shown) || shown.length >= 200 ? shown.replace(emailOrKey, cut) : shown
}

/** A run as long as that is a key, a signature or ciphertext. */
const emailOrKey = /[^\s"'<>=&/?#:,;@]{1,128}(?:@|%40)[^\s"'<>&/,;]*|[\w+/=-]{200,}/g

/** A text of any length without what must not be shown wherever it stands. */
export function withoutSecrets(text: string): string {
  return maskCardNumbers(mayHoldSecrets.test(text) ? withSecretsCut(text) : text)
}

/** Most texts hold none, and are looked through once. */
const mayHoldSecrets = /eyJ|MI[GI]|visit|pushAccountData|-----BEGIN|Calculated: |oauth_/

function withSecretsCut(text: string): string {
  return (
    text
      .replace(/eyJ[\w+/=-]{16,}(?:\.[\w+/=-]*)*/g, cut)
      .replace(/\b(visit|pushAccountData)(=|%3D)[\w.-]+/g, `$1$2${cut}`)
      // A key in DER, without its frame.
      .replace(/MI[GI][\w+/=-]{10,}(?:(?:\s|%0A|%2B|%2F)+[\w+/=-]+){0,100}/g, (run) =>
        run.length > 60 ? cut : run,
      )
      .replace(/-----BEGIN.*?(?:-----END[^-]*-----|$)/gs, cut)
      // How the gateway words what is wrong with a body hash.
      .replace(/\b(Calculated: )[^",\s]+(, Received: )[^"\n]*/g, `$1${cut}$2${cut}`)
      .replace(
        /(oauth_(?:nonce|timestamp|signature|body_hash)(?:="?|%3D|%253D))(?:(?!%(?:25)*26)[^"&,\s])+/g,
        `$1${cut}`,
      )
  )
}
