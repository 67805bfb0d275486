import type { Fault } from '../errors.ts'
import type { Choice } from '../scenarios/choose.ts'
import type { ApiError } from '../scenarios/schema.ts'

/*
 * How a refusal sounds on the wire. Token Connect has three layers: the gateway in front of it (an envelope of its own,
 * 4xx), and the operations behind it, which answer HTTP 200 with `errors` ("if the call was successfully received").
 */

type Facts = NonNullable<Fault['facts']>

type GatewayRefusal = {
  readonly status: number
  /** On the wire; without it the code of the fault. */
  readonly reasonCode?: string
  readonly description: (facts: Facts) => string
  /** Whether the same request may succeed later; false for every signature fault seen. */
  readonly recoverable?: true
  readonly headers?: (facts: Facts) => Readonly<Record<string, string>>
}

const retryAfter = ({ retryAfter }: Facts): Record<string, string> =>
  retryAfter === undefined ? {} : { 'Retry-After': retryAfter }

/** What the gateway refuses, by the code of the fault. Wording and status of the newer (2023 and later) reports. */
export const gatewayRefusals = {
  INVALID_AUTH_HEADER: {
    status: 400,
    description: () => 'Bad Request - Invalid Authorization header',
  },
  INVALID_OAUTH_SBS: {
    status: 400,
    description: ({ missing }) => `Problem with signature base string. Missing ${missing}`,
  },
  INVALID_BODY_HASH: {
    status: 400,
    description: ({ calculated, received }) =>
      `Bad Request - The provided oauth_body_hash does not match the RSA-SHA256 hash of the request payload. Calculated: ${calculated}, Received: ${received}`,
  },
  AUTHENTICATION_FAILED: {
    status: 403,
    description: ({ acceptable }) =>
      `OAuth Signature parameter failed verification. Acceptable signature base string: ${acceptable}`,
  },
  // Assumption: 401 is documented for the next two, their reason codes are not; for the third nothing is.
  UNKNOWN_CONSUMER_KEY: {
    status: 401,
    reasonCode: 'AUTHENTICATION_FAILED',
    description: () => 'Unauthorized - Unknown oauth_consumer_key',
  },
  TIMESTAMP_OUT_OF_RANGE: {
    status: 401,
    reasonCode: 'AUTHENTICATION_FAILED',
    description: () => 'Unauthorized - oauth_timestamp is outside the accepted range',
  },
  NONCE_REPLAYED: {
    status: 401,
    reasonCode: 'AUTHENTICATION_FAILED',
    description: () => 'Unauthorized - oauth_nonce has already been used',
  },
  DECLINED: { status: 401, description: () => 'Unauthorized - Access Not Granted' },
  // Assumption: no source shows how the gateway words the rest. That 408 and 429 may be tried again is seen in Mastercard's own client code.
  NOT_FOUND: { status: 404, description: () => 'Not Found - There is no such resource' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    description: () => 'Method Not Allowed - The resource does not take this method',
    // RFC 9110, 15.5.6.
    headers: ({ allow = '' }) => ({ Allow: allow }),
  },
  BODY_INCOMPLETE: { status: 400, description: () => 'Bad Request - The payload is incomplete' },
  PAYLOAD_TOO_LARGE: { status: 413, description: () => 'Bad Request - The payload is too large' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    description: () => 'Unsupported Media Type - The payload must be application/json in UTF-8',
  },
  UNSUPPORTED_ENCODING: {
    status: 415,
    description: () => 'Unsupported Media Type - The payload must not be compressed',
    // RFC 9110, 15.5.16.
    headers: () => ({ 'Accept-Encoding': 'identity' }),
  },
  REQUEST_TIMEOUT: { status: 408, description: () => 'Request Timeout', recoverable: true },
  QUOTA_EXCEEDED: {
    status: 429,
    description: () => 'Too Many Requests - The quota has been exceeded',
    recoverable: true,
    headers: retryAfter,
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    description: () => 'Internal Server Error',
    recoverable: true,
  },
  BAD_GATEWAY: { status: 502, description: () => 'Bad Gateway', recoverable: true },
  SERVICE_UNAVAILABLE: {
    status: 503,
    description: () => 'Service Unavailable',
    recoverable: true,
    headers: retryAfter,
  },
  GATEWAY_TIMEOUT: { status: 504, description: () => 'Gateway Timeout', recoverable: true },
} satisfies Readonly<Record<string, GatewayRefusal>>

/** The gateway's envelope. Note the capital initials, unlike everything behind it. */
export type GatewayAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: {
    readonly Errors: {
      readonly Error: readonly {
        readonly Source: 'Gateway'
        readonly ReasonCode: string
        readonly Description: string
        readonly Recoverable: boolean
        readonly Details: null
      }[]
    }
  }
}

/** @returns the gateway's answer to a fault that is the gateway's to find, otherwise undefined. */
export function gatewayAnswer({ code, facts = {} }: Fault): GatewayAnswer | undefined {
  const refusal = gatewayRefusalOf(code)
  if (refusal === undefined) return undefined
  const { status, reasonCode = code, description, recoverable = false, headers } = refusal
  return {
    status,
    headers: headers?.(facts) ?? {},
    body: {
      Errors: {
        Error: [
          {
            Source: 'Gateway',
            ReasonCode: reasonCode,
            Description: description(facts),
            Recoverable: recoverable,
            Details: null,
          },
        ],
      },
    },
  }
}

function gatewayRefusalOf(code: string): GatewayRefusal | undefined {
  const all: Readonly<Record<string, GatewayRefusal>> = gatewayRefusals
  return Object.hasOwn(all, code) ? all[code] : undefined
}

/** What a scenario's `gateway` refuses with, by its status. */
const scriptedGateway = {
  401: 'DECLINED',
  408: 'REQUEST_TIMEOUT',
  429: 'QUOTA_EXCEEDED',
  500: 'INTERNAL_SERVER_ERROR',
  502: 'BAD_GATEWAY',
  503: 'SERVICE_UNAVAILABLE',
  504: 'GATEWAY_TIMEOUT',
} as const satisfies Readonly<Record<number, keyof typeof gatewayRefusals>>

export function scriptedGatewayFault({ scenario: { name, gateway } }: Choice): Fault {
  const { status = 500, retryAfter } = gateway ?? {}
  return {
    code: scriptedGateway[status],
    because: `the scenario ${name} has gateway.status: ${status}`,
    facts: {
      scripted: 'yes',
      ...(retryAfter !== undefined && { retryAfter: String(retryAfter) }),
    },
  }
}

/** What getAsset refuses: not HTTP 200, and `errors` without a responseId. */
export const assetRefusals: Readonly<Record<string, { status: number; reasonCode: string }>> = {
  // Assumption: the documentation says only that these are no success.
  ASSET_UNKNOWN: { status: 404, reasonCode: 'INVALID_FIELD_VALUE' },
  ASSET_MALFORMED: { status: 400, reasonCode: 'INVALID_FIELD_FORMAT' },
}

/** @returns the answer to a fault that is getAsset's to find, otherwise undefined. */
export function assetAnswer(fault: Fault): { status: number; body: object } | undefined {
  const refusal = Object.hasOwn(assetRefusals, fault.code) ? assetRefusals[fault.code] : undefined
  if (refusal === undefined) return undefined
  const { status, reasonCode } = refusal
  return { status, body: { errors: [apiError({ ...fault, code: reasonCode })] } }
}

/** Source and usual text of each reason code of the operations. */
export const apiErrors: Readonly<
  Record<string, { source: ApiError['source']; description: (field: string) => string }>
> = {
  ACCOUNT_INELIGIBLE: {
    source: 'MDES',
    description: () => 'The card or financial account is not eligible.',
  },
  AUTHORIZATION_FAILED: { source: 'MDES', description: () => 'Authorization failed.' },
  // Assumption: the documented table is readable up to here only; the rest are the codes of the sibling MDES APIs.
  INVALID_JSON: { source: 'INPUT', description: () => 'Invalid JSON' },
  MISSING_REQUIRED_FIELD: {
    source: 'INPUT',
    description: (field) => `Missing Required Field - ${field}`,
  },
  INVALID_FIELD_FORMAT: {
    source: 'INPUT',
    description: (field) => `Invalid Field Format - ${field}`,
  },
  INVALID_FIELD_LENGTH: {
    source: 'INPUT',
    description: (field) => `Invalid Field Length - ${field}`,
  },
  INVALID_FIELD_VALUE: {
    source: 'INPUT',
    description: (field) => `Invalid Field Value - ${field}`,
  },
  UNRECOGNIZED_FIELD: {
    source: 'INPUT',
    description: (field) => `Unrecognized Field - ${field}`,
  },
  CRYPTOGRAPHY_ERROR: { source: 'INPUT', description: () => 'Cryptography Error' },
}

/** An error object of the operations, member order as in the specification. */
export function apiError({ code, facts }: Fault): Required<ApiError> {
  const known = Object.hasOwn(apiErrors, code) ? apiErrors[code] : undefined
  return {
    source: known?.source ?? 'MDES',
    reasonCode: code,
    description: known?.description(facts?.field ?? '') ?? '',
  }
}

/** An error that a scenario asks for; its text is the usual one of the code, where that needs no field, unless the scenario has its own. */
export function scriptedError({ source, reasonCode, description }: ApiError): ApiError {
  const usual = apiError({ code: reasonCode, because: '' }).description
  const text = description ?? usual
  return text === undefined || text === '' || text.endsWith(' - ')
    ? { source, reasonCode }
    : { source, reasonCode, description: text }
}

/** What the journal says of errors that a scenario has under this key. */
export function scriptedFaults(
  { scenario: { name } }: Choice,
  key: 'eligibility.errors' | 'push.errors',
  errors: readonly ApiError[],
): readonly Fault[] {
  return errors.map(({ reasonCode }) => ({
    code: reasonCode,
    because: `the scenario ${name} has ${key}`,
    facts: { scripted: 'yes' },
  }))
}

/** How an operation refuses a request as a whole. */
export function refusalBody(faults: readonly Fault[], responseId: string): object {
  return { responseId, errors: faults.map(apiError) }
}
