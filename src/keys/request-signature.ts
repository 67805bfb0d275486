import { constants, createHash, type KeyObject, verify } from 'node:crypto'
import { holdsCardNumber, maskCardNumbers } from '../card-number.ts'
import type { Clock } from '../clock.ts'
import { refuse, type Tolerate } from '../errors.ts'
import { nonceMemory } from './nonces.ts'
import {
  acceptableBaseStrings,
  decoded,
  type OAuthParameters,
  required,
  type SignedRequest,
} from './signature-base-string.ts'

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
          `oauth_consumer_key ${consumerKey} is not registered: use the one printed at the start, or register it (under "issuers" in the configuration file, or by POST /__simulator/issuers)`,
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
          `${consumerKey} is not entitled: it is registered with "entitled: false"`,
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
