import type { Fault, Refusal } from '../errors.ts'
import type { ApiError } from '../scenarios/schema.ts'

/*
 * How a refusal sounds on the wire. Token Connect has three layers: the gateway in front of it (an envelope of its own,
 * 4xx), and the operations behind it, which answer HTTP 200 with `errors` ("if the call was successfully received").
 */

type Facts = NonNullable<Fault['facts']>

type GatewayRefusal = {
  readonly status: 400 | 401 | 403 | 404 | 413 | 500
  /** On the wire; without it the code of the fault. */
  readonly reasonCode?: string
  readonly description: (facts: Facts) => string
}

/** What the gateway refuses, by the code of the fault. Wording and status of the newer (2023 and later) reports. */
const gatewayRefusals: Readonly<Record<string, GatewayRefusal>> = {
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
  // Assumption: 401 is documented for the next three, their reason codes are not.
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
  // Assumption: no source shows how the gateway words the rest.
  NOT_FOUND: { status: 404, description: () => 'Not Found - There is no such resource' },
  BODY_INCOMPLETE: { status: 400, description: () => 'Bad Request - The payload is incomplete' },
  PAYLOAD_TOO_LARGE: { status: 413, description: () => 'Bad Request - The payload is too large' },
  INTERNAL_SERVER_ERROR: { status: 500, description: () => 'Internal Server Error' },
}

/** The gateway's envelope. Note the capital initials, unlike everything behind it. */
export type GatewayAnswer = {
  readonly status: GatewayRefusal['status']
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
  const refusal = Object.hasOwn(gatewayRefusals, code) ? gatewayRefusals[code] : undefined
  if (refusal === undefined) return undefined
  const { status, reasonCode = code, description } = refusal
  return {
    status,
    body: {
      Errors: {
        Error: [
          {
            Source: 'Gateway',
            ReasonCode: reasonCode,
            Description: description(facts),
            Recoverable: false,
            Details: null,
          },
        ],
      },
    },
  }
}

/** Source and usual text of each reason code of the operations. */
const apiErrors: Readonly<
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

/** How an operation refuses a request as a whole: HTTP 200 and `errors`. */
export function refusalBody({ faults }: Refusal, requestId: string | undefined): object {
  const errors = faults.map(apiError)
  return requestId === undefined ? { errors } : { responseId: requestId, errors }
}
