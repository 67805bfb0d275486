import type { CodeMeaning } from './codes.ts'
import type { gatewayRefusals } from './refusals.ts'

type GatewayCode = keyof typeof gatewayRefusals

const assumed = 'assumed: no source shows how the gateway words this'
const assumedUnderKnownStatus =
  'status 401 documented; reason code and text assumed, no source shows them'
const transient = 'when a scenario says so (gateway: { status: ... })'
const tryAgain =
  'Nothing is wrong with the request. Try again after a while, signed anew: a nonce counts once.'

/** Names of the simulator that are another reason code on the wire, because no source tells theirs. */
export const sharingAuthenticationFailed = [
  'UNKNOWN_CONSUMER_KEY',
  'TIMESTAMP_OUT_OF_RANGE',
  'NONCE_REPLAYED',
] as const satisfies readonly GatewayCode[]

/** What the gateway refuses. */
export const gatewayCodes = {
  NOT_FOUND: {
    meaning: 'There is no such path.',
    when: 'when a path below /mdes is not served; the journal lists those that are',
    sure: assumed,
    fix: 'Check the base URL and the spelling; paths are case-sensitive.',
  },
  METHOD_NOT_ALLOWED: {
    meaning: 'The path takes another method.',
    when: 'when an operation is called with another method than its own; the header Allow names it',
    sure: assumed,
    fix: 'POST for getEligibleTokenRequestors and the pushes, GET for getAsset.',
  },
  UNSUPPORTED_ENCODING: {
    meaning: 'The payload came compressed.',
    when: 'when Content-Encoding is anything but identity',
    sure: assumed,
    fix: 'Send the JSON as it is, and no Content-Encoding.',
  },
  PAYLOAD_TOO_LARGE: {
    meaning: 'The payload is larger than the gateway takes.',
    when: 'when the body has more than 1 MiB',
    sure: `${assumed}, nor its limit`,
    fix: 'A push of five accounts has under 10 KiB: look at what else is in the body.',
  },
  BODY_INCOMPLETE: {
    meaning: 'The connection ended before the payload did.',
    when: 'when the caller goes away in the middle of the body',
    sure: assumed,
    fix: 'Look for a time limit in your client or in a proxy, and for a Content-Length that is too large.',
  },
  INVALID_AUTH_HEADER: {
    meaning: 'The Authorization header is missing or is not OAuth 1.0a.',
    when: 'when the header is missing, is no list of name="value", has a name twice, or has another oauth_signature_method than RSA-SHA256 and RSA-PSS or another oauth_version than 1.0',
    sure: 'code and status documented; text assumed',
    fix: "Sign each request with one of Mastercard's oauth1-signer libraries and send what it gives as the Authorization header, unchanged.",
  },
  INVALID_OAUTH_SBS: {
    meaning: 'An OAuth parameter is missing, so that no signature base string can be made.',
    when: 'when the Authorization header lacks a parameter or has it empty',
    sure: 'observed in reports of other developers',
    fix: 'Send the parameter that is named; oauth_consumer_key, oauth_nonce, oauth_timestamp, oauth_signature_method, oauth_body_hash and oauth_signature are needed.',
  },
  UNKNOWN_CONSUMER_KEY: {
    meaning: 'Nobody is registered under this consumer key.',
    when: 'when oauth_consumer_key is neither the one printed at the start nor of an issuer in the configuration file',
    sure: assumedUnderKnownStatus,
    fix: 'Use the consumer key printed at the start, or register yours under "issuers". At Mastercard: is it the key of this environment? Sandbox keys do not work in production.',
  },
  TIMESTAMP_OUT_OF_RANGE: {
    meaning: 'The request was signed too long ago, or in the future.',
    when: "when oauth_timestamp is no number of seconds, or more than 300 s from this machine's clock (requestSignature.timestampWindowSeconds)",
    sure: `${assumedUnderKnownStatus}, and no source tells the window`,
    fix: 'Set the clock by NTP, send seconds and not milliseconds, and sign when you send.',
  },
  INVALID_BODY_HASH: {
    meaning: 'The payload that came is not the one that was signed.',
    when: 'when oauth_body_hash is not the SHA-256 of the bytes that came',
    sure: 'observed: the wording since 2023; older reports lack "Bad Request - "',
    fix: 'Serialise once, sign those bytes and send those bytes. An HTTP client that serialises anew, escapes slashes or encrypts after signing breaks it. A GET has the hash of nothing.',
  },
  AUTHENTICATION_FAILED: {
    meaning: 'The signature does not fit the request.',
    when: 'when oauth_signature does not verify, or is not percent-encoded',
    sure: 'status documented; text observed since 2023. Older reports have 401 and other words',
    fix: 'Compare your signature base string with the one in the answer: method, URL with its query, every parameter. If they are equal, the key is another one than that of the consumer key.',
  },
  NONCE_REPLAYED: {
    meaning: 'The same signed request came before.',
    when: 'when oauth_nonce was used within the last 300 s (requestSignature.nonceMemorySeconds)',
    sure: 'status, reason code and text assumed; that a nonce must be unique is documented',
    fix: 'Sign every request anew, retries too, with a random nonce.',
  },
  DECLINED: {
    meaning: 'The project is known, and not enabled for this API.',
    when: 'when the issuer is configured with entitled: false, or a scenario says so (gateway: { status: 401 })',
    sure: 'documented; text observed',
    fix: 'Ask Mastercard to enable the project for Token Connect; it is not self-service.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    meaning: 'The payload is not declared as JSON in UTF-8.',
    when: 'when Content-Type is not application/json, or has another charset',
    sure: `${assumed}; that the API is JSON in UTF-8 is documented`,
    fix: 'Send Content-Type: application/json; charset=UTF-8.',
  },
  REQUEST_TIMEOUT: {
    meaning: 'The gateway waited too long.',
    when: transient,
    sure: "that 408 may be tried again is observed in Mastercard's own client code; reason code and text assumed",
    fix: tryAgain,
  },
  QUOTA_EXCEEDED: {
    meaning: 'Too many calls.',
    when: transient,
    sure: "that 429 may be tried again is observed in Mastercard's own client code; reason code and text assumed",
    fix: `Wait as long as Retry-After says. ${tryAgain}`,
  },
  INTERNAL_SERVER_ERROR: {
    meaning: 'Something failed inside.',
    when: `${transient}, or the simulator has a bug; its journal then says more`,
    sure: assumed,
    fix: tryAgain,
  },
  BAD_GATEWAY: {
    meaning: 'The gateway could not reach what is behind it.',
    when: transient,
    sure: assumed,
    fix: tryAgain,
  },
  SERVICE_UNAVAILABLE: {
    meaning: 'What is behind the gateway is out of service for a while.',
    when: transient,
    sure: assumed,
    fix: tryAgain,
  },
  GATEWAY_TIMEOUT: {
    meaning: 'What is behind the gateway did not answer in time.',
    when: transient,
    sure: assumed,
    fix: `${tryAgain} Whether the first call had an effect is unknown: its receipt, if any, expires by itself.`,
  },
} as const satisfies Readonly<Record<GatewayCode, CodeMeaning & { readonly when: string }>>
