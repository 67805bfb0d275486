import { constants, createHash, type KeyObject, verify } from 'node:crypto'
import { holdsCardNumber, maskCardNumbers } from '../card-number.ts'
import type { Clock } from '../clock.ts'
import { refuse, type Tolerate } from '../errors.ts'
import { nonceMemory } from './nonces.ts'

/** What is verified: the request as it came, body as raw bytes. */
export type SignedRequest = {
  readonly method: string
  readonly url: URL
  /** The header `Authorization`, if there was one. */
  readonly authorization: string | undefined
  readonly body: Uint8Array
  /** Other origins the caller may have signed for, such as the one a proxy names. */
  readonly alsoKnownAs: readonly string[]
}

/** Someone who may call: a consumer key and the public half of the key it signs with. */
export type Issuer = {
  readonly consumerKey: string
  readonly publicKey: KeyObject
  /** Whether its project is enabled for Token Connect. Default true. */
  readonly entitled?: boolean
}

export type RequestVerification = {
  /**
   * OAuth 1.0a with a body hash, as Mastercard's gateway checks it.
   *
   * @returns who called.
   * @throws {Refusal} INVALID_AUTH_HEADER, INVALID_OAUTH_SBS, UNKNOWN_CONSUMER_KEY, TIMESTAMP_OUT_OF_RANGE, INVALID_BODY_HASH,
   * AUTHENTICATION_FAILED, NONCE_REPLAYED or DECLINED, in this order of checking.
   */
  verify(request: SignedRequest, tolerate: Tolerate): Issuer
}

/** Clients that are re-routed here still sign for the hosts they believe they call. */
const realOrigins = ['https://sandbox.api.mastercard.com', 'https://api.mastercard.com']

const required = [
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_timestamp',
  'oauth_signature_method',
  'oauth_signature',
  'oauth_body_hash',
] as const
export type OAuthParameters = Readonly<Record<(typeof required)[number], string>> &
  Readonly<Record<string, string>>

/** Everything there is to know about one `oauth_signature_method`, in one place. */
const signatureMethods: Readonly<Record<string, { padding: number; saltLength?: number }>> = {
  'RSA-SHA256': { padding: constants.RSA_PKCS1_PADDING },
  // RSASSA-PSS with SHA-256, MGF1-SHA-256 and a salt of 32 bytes, as the official Java and Node signers make it.
  'RSA-PSS': { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
}

/**
 * @param findIssuer by consumer key, decoded.
 * @param windowSeconds how far `oauth_timestamp` may be from the clock, either way. Assumption: Mastercard publishes no number.
 * @param nonceMemorySeconds how long a nonce is remembered. Assumption: as long as its timestamp is accepted.
 */
export function requestVerification({
  findIssuer,
  clock,
  windowSeconds = 300,
  nonceMemorySeconds = windowSeconds,
}: {
  readonly findIssuer: (consumerKey: string) => Issuer | undefined
  readonly clock: Clock
  readonly windowSeconds?: number
  readonly nonceMemorySeconds?: number
}): RequestVerification {
  const nonces = nonceMemory(nonceMemorySeconds)
  return {
    verify(request, tolerate) {
      const parameters = readHeader(request.authorization)
      const consumerKey = decoded(parameters.oauth_consumer_key)
      const issuer = findIssuer(consumerKey)
      if (issuer === undefined)
        refuse(
          'UNKNOWN_CONSUMER_KEY',
          `oauth_consumer_key ${consumerKey} is not registered: use the one printed at the start, or register it under "issuers" in the configuration file`,
        )
      const now = Math.floor(clock.now() / 1000)
      const timestamp = readTimestamp(parameters.oauth_timestamp, now, windowSeconds)
      checkBodyHash(parameters.oauth_body_hash, request.body)
      checkSignature(request, parameters, issuer, tolerate)
      const nonce = decoded(parameters.oauth_nonce)
      const usedWith = nonces.remember(consumerKey, nonce, timestamp, now)
      if (usedWith !== undefined)
        refuse(
          'NONCE_REPLAYED',
          `oauth_nonce ${parameters.oauth_nonce} was used before within ${nonceMemorySeconds} s: sign each request anew, retries too`,
          { usedWith: String(usedWith) },
        )
      // Assumption: whether a project may is asked once it is known who calls.
      if (issuer.entitled === false)
        refuse(
          'DECLINED',
          `${consumerKey} is not entitled: it is registered with "entitled: false" in the configuration file`,
        )
      return issuer
    },
  }
}

/** The consumer key a request claims, proven or not; for the journal. */
export function claimedConsumerKey(authorization: string | undefined): string | undefined {
  const value = /oauth_consumer_key="([^"]*)"/.exec(authorization ?? '')?.[1]
  return value === undefined ? undefined : decoded(value)
}

export function readHeader(authorization: string | undefined): OAuthParameters {
  if (authorization === undefined)
    refuse(
      'INVALID_AUTH_HEADER',
      'there is no Authorization header; requests are signed with OAuth 1.0a',
    )
  const rest = /^OAuth\s+(.+)$/is.exec(authorization)?.[1]
  if (rest === undefined)
    refuse(
      'INVALID_AUTH_HEADER',
      'the Authorization header does not begin with the scheme "OAuth "',
    )
  const parameters: Record<string, string> = Object.create(null)
  // A comma between quotes is part of a value.
  const parts = rest.match(/(?:"[^"]*"|[^",])+/g) ?? []
  if (parts.join(',') !== rest)
    refuse('INVALID_AUTH_HEADER', 'the Authorization header has a comma or a quote too many')
  for (const part of parts) {
    const [, name, value] = /^\s*([\w.-]+)="([^"]*)"\s*$/.exec(part) ?? []
    if (name === undefined || value === undefined)
      refuse(
        'INVALID_AUTH_HEADER',
        'the Authorization header is not a list of name="value" between commas',
      )
    if (Object.hasOwn(parameters, name))
      refuse('INVALID_AUTH_HEADER', `the Authorization header has ${name} twice`)
    parameters[name] = value
  }
  for (const name of required)
    if (parameters[name] === undefined || parameters[name] === '')
      refuse('INVALID_OAUTH_SBS', `the Authorization header has no ${name}`, { missing: name })
  const { oauth_signature_method: method, oauth_version: version = '1.0' } = parameters
  if (method === undefined || !Object.hasOwn(signatureMethods, method))
    refuse(
      'INVALID_AUTH_HEADER',
      `oauth_signature_method is ${method}; Mastercard takes ${Object.keys(signatureMethods).join(' and ')}`,
    )
  if (version !== '1.0') refuse('INVALID_AUTH_HEADER', `oauth_version is ${version}, not 1.0`)
  return parameters as OAuthParameters
}

function readTimestamp(text: string, now: number, windowSeconds: number): number {
  const timestamp = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  const off = timestamp - now
  if (Number.isNaN(off))
    refuse('TIMESTAMP_OUT_OF_RANGE', 'oauth_timestamp is not a whole number of seconds since 1970')
  if (Math.abs(off) > windowSeconds)
    refuse(
      'TIMESTAMP_OUT_OF_RANGE',
      `oauth_timestamp is ${Math.abs(off) < 1e9 ? `${Math.abs(off)} s` : 'decades'} ${off < 0 ? 'behind' : 'ahead of'} this machine's clock; at most ${windowSeconds} s are allowed. Signed long before it was sent, in milliseconds, or a clock is off`,
    )
  return timestamp
}

function checkBodyHash(received: string, body: Uint8Array): void {
  const calculated = createHash('sha256').update(body).digest('base64')
  if (received !== calculated && decoded(received) !== calculated)
    refuse(
      'INVALID_BODY_HASH',
      `oauth_body_hash is ${received}, but the ${body.length} bytes that came hash to ${calculated}: the body was changed or serialised anew after it was signed`,
      { calculated, received: maskCardNumbers(received) },
    )
}

function checkSignature(
  request: SignedRequest,
  parameters: OAuthParameters,
  { publicKey }: Issuer,
  tolerate: Tolerate,
): void {
  const acceptable = () => {
    const [{ text } = { text: '' }] = acceptableBaseStrings(request, parameters)
    // It goes back to the caller, and what it is made of may hold what must not be in any error.
    const { oauth_signature: _signature, ...signed } = parameters
    const parts = [request.url.href, ...Object.values(signed)]
    return parts.some(holdsCardNumber) ? maskCardNumbers(text) : text
  }
  const failed = (because: string) =>
    refuse('AUTHENTICATION_FAILED', because, { acceptable: acceptable() })
  // The gateway rejected a Python signer that sent its signature bare. Base64 of 256 bytes always ends in "==".
  if (/[+/=]/.test(parameters.oauth_signature))
    failed('oauth_signature is not percent-encoded: its + / = must be sent as %2B %2F %3D')
  const base64 = decoded(parameters.oauth_signature)
  const signature = Buffer.from(base64, 'base64')
  // Node's decoder would take base64url, missing padding and characters of no alphabet.
  if (signature.toString('base64') !== base64)
    failed('oauth_signature is not base64 (RFC 4648, section 4, with padding)')
  const method = signatureMethods[parameters.oauth_signature_method]
  const fitting = firstThat(acceptableBaseStrings(request, parameters), ({ text }) =>
    verify('sha256', Buffer.from(text), { key: publicKey, ...method }, signature),
  )
  if (fitting === undefined)
    failed(
      `the signature is not ${parameters.oauth_signature_method} by this consumer key's key over an acceptable base string`,
    )
  else if (fitting.assumption !== undefined)
    tolerate({
      code: 'AUTHENTICATION_FAILED',
      because: fitting.assumption,
      facts: { acceptable: acceptable() },
    })
}

function firstThat<T>(all: Iterable<T>, fits: (one: T) => boolean): T | undefined {
  for (const one of all) if (fits(one)) return one
  return undefined
}

export type Pair = readonly [name: string, value: string]

/** One way to read the parameters of a request. */
type Reading = {
  readonly pairs: readonly Pair[]
  readonly encode: (text: string) => string
  readonly assumption?: string
}

type BaseString = { readonly text: string; readonly assumption?: string }

/**
 * The base strings that count, likeliest first. The gateway builds its own from the header values as transmitted: the
 * official signers send them bare, others percent-encoded, and each then signs what it sent.
 */
function* acceptableBaseStrings(
  request: SignedRequest,
  parameters: OAuthParameters,
): Generator<BaseString> {
  const seen = new Set<string>()
  const transmitted = Object.entries(parameters).filter(
    ([name]) => name !== 'oauth_signature' && name !== 'realm',
  )
  const rawQuery = request.url.search.slice(1).split('&').filter(Boolean).map(nameAndValue)
  const query = rawQuery.map(([name, value]) =>
    encodedPair([formDecoded(name), formDecoded(value)]),
  )
  const reencoded = transmitted.map(([name, value]) => encodedPair([name, decoded(value)]))

  const readings: readonly Reading[] = [
    { pairs: [...query, ...transmitted], encode },
    // Mastercard's Node signer takes the query as it stands and encodes with gaps.
    { pairs: [...rawQuery, ...transmitted], encode: encodeLikeNodeSigner },
    {
      pairs: [...query, ...reencoded],
      encode,
      assumption:
        'the signature is over percent-encoded header values that were sent otherwise; the gateway is only known to take the values as transmitted',
    },
  ]
  for (const reading of readings)
    for (const origin of baseOrigins(request)) {
      const text = baseString(request.method, origin + request.url.pathname, reading)
      if (seen.has(text)) continue
      seen.add(text)
      yield reading.assumption === undefined ? { text } : { text, assumption: reading.assumption }
    }
}

/** Scheme and authority under which the caller may know this server: as called, behind a proxy, or the real hosts. */
export function* baseOrigins({ url, alsoKnownAs }: SignedRequest): Generator<string> {
  const known = [url.origin, `https://${url.host}`, ...alsoKnownAs, ...realOrigins]
  yield* known
  // Some signers keep a default port that RFC 5849, 3.4.1.2 tells them to drop.
  for (const origin of known) {
    const { protocol, hostname, port } = new URL(origin)
    yield `${protocol}//${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
  }
}

export function nameAndValue(pair: string): Pair {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

export function encodedPair([name, value]: Pair): Pair {
  return [encode(name), encode(value)]
}

/** RFC 5849, 3.4.1. */
function baseString(method: string, baseUri: string, { pairs, encode: encoded }: Reading): string {
  const normalized = [...pairs]
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return `${method.toUpperCase()}&${encoded(baseUri)}&${encoded(normalized)}`
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** RFC 5849, 3.6. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Mastercard's Node signer replaces only the first `!` and the first `*`, and leaves `'()`. */
export function encodeLikeNodeSigner(text: string): string {
  return encodeURIComponent(text).replace('*', '%2A').replace('!', '%21')
}

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export function formDecoded(text: string): string {
  return decoded(text.replaceAll('+', ' '))
}
