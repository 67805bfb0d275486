import { constants, createHash, sign } from 'node:crypto'

/**
 * An OAuth 1.0a signer made for these tests: it can make every mistake. Independent of the code under test, after RFC 5849.
 */
export type Signing = {
  readonly url: string
  readonly body: string
  readonly consumerKey: string
  readonly signingKey: string
  readonly method?: string
  readonly signatureMethod?: string
  /** Pads like RSA-PSS whatever `signatureMethod` says. */
  readonly pss?: boolean
  readonly timestamp?: string
  readonly nonce?: string
  readonly version?: string
  /** Percent-encodes header values, as C# and mastercard-api-core do. */
  readonly encodesHeader?: boolean
  /** What the base string has for a parameter's value, given what the header has. Default: the same. */
  readonly inBaseString?: (transmitted: string) => string
  /** The base URI that is signed. Default: that of `url`. */
  readonly baseUri?: string
  readonly encodesSignature?: boolean
  readonly without?: string
  readonly separator?: string
}

let count = 0

export function authorization({
  url,
  body,
  consumerKey,
  signingKey,
  method = 'POST',
  signatureMethod = 'RSA-SHA256',
  pss = signatureMethod === 'RSA-PSS',
  timestamp = String(Math.floor(Date.now() / 1000)),
  nonce = `nonce${++count}`,
  version = '1.0',
  encodesHeader = false,
  inBaseString = (transmitted) => transmitted,
  baseUri,
  encodesSignature = true,
  without,
  separator = ',',
}: Signing): string {
  const values: Record<string, string> = {
    oauth_consumer_key: consumerKey,
    oauth_nonce: nonce,
    oauth_timestamp: timestamp,
    oauth_signature_method: signatureMethod,
    oauth_version: version,
    oauth_body_hash: createHash('sha256').update(body).digest('base64'),
  }
  if (without !== undefined) delete values[without]
  const transmitted = Object.entries(values).map(([name, value]) => [
    name,
    encodesHeader ? encode(value) : value,
  ])
  const { origin, pathname, searchParams } = new URL(url)
  const pairs = [
    ...[...searchParams].map(([name, value]) => [encode(name), encode(value)]),
    ...transmitted.map(([name, value = '']) => [name, inBaseString(value)]),
  ]
  const normalized = pairs
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')
  const text = [method, baseUri ?? origin + pathname, normalized].map(encode).join('&')
  const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const signature = sign('sha256', Buffer.from(text), {
    key: signingKey,
    padding,
    ...(pss && { saltLength: 32 }),
  }).toString('base64')
  const all = [
    ...transmitted,
    ['oauth_signature', encodesSignature ? encode(signature) : signature],
  ]
  return `OAuth ${all
    .filter(([name]) => name !== without)
    .map(([name, value]) => `${name}="${value}"`)
    .join(separator)}`
}

/** RFC 5849, 3.6. */
export function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
