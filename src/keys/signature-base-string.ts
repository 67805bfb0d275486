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

/** What a header must have; more may come. */
export const required = [
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_timestamp',
  'oauth_signature_method',
  'oauth_signature',
  'oauth_body_hash',
] as const
export type OAuthParameters = Readonly<Record<(typeof required)[number], string>> &
  Readonly<Record<string, string>>

/** Clients that are re-routed here still sign for the hosts they believe they call. */
const realOrigins = ['https://sandbox.api.mastercard.com', 'https://api.mastercard.com']

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
export function* acceptableBaseStrings(
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
