import { suggestion } from '../did-you-mean.ts'
import { statuses } from './statuses.ts'

/** What the operations of Token Connect refuse with. */
export const operationCodes = [
  'ACCOUNT_INELIGIBLE',
  'AUTHORIZATION_FAILED',
  'INVALID_JSON',
  'MISSING_REQUIRED_FIELD',
  'INVALID_FIELD_FORMAT',
  'INVALID_FIELD_LENGTH',
  'INVALID_FIELD_VALUE',
  'UNRECOGNIZED_FIELD',
  'CRYPTOGRAPHY_ERROR',
] as const

/** Codes of sibling APIs of MDES. Nothing here gives them, but a scenario may. */
export const siblingCodes = [
  'INTERNAL_SERVICE_FAILURE',
  'INVALID_PAN',
  'MISSING_EXPIRY_DATE',
  'PAN_INELIGIBLE',
  'INVALID_RESPONSE_HOST',
  'NO_RESPONSE_FROM_ISSUER',
  'PROVISION_FAILED',
  'DEVICE_INELIGIBLE',
  'PAN_INELIGIBLE_FOR_DEVICE',
  'PAN_PROVISIONING_COUNT_EXCEEDED',
  'INVALID_ELIGIBILITY_RECEIPT',
  'INVALID_TASK_ID',
  'INVALID_TERMS_AND_CONDITIONS',
  'INVALID_TOKEN_UNIQUE_REFERENCE',
  'INVALID_PAN_UNIQUE_REFERENCE',
  'INVALID_TOKEN_STATUS',
  'EXPIRED_CODE',
  'INVALID_AUTHENTICATION_METHOD',
  'INVALID_WORKFLOW',
  'DUPLICATE_REQUEST',
  'INVALID_METHOD',
] as const

const known: readonly string[] = [...operationCodes, ...siblingCodes]

/**
 * Most codes are published nowhere, and new ones may come at any time: so any code may be said, but a misspelt one should not pass for it.
 *
 * @returns what is wrong with a code that has no description of its own; undefined when it is known.
 */
export function unknownReasonCode(code: string): string | undefined {
  if (known.includes(code)) return undefined
  if (Object.hasOwn(statuses, code))
    return `${code} is how a journey ends, and no reason code: write it as provision.outcome`
  const meant = suggestion(code, known)
  return `nobody knows the code ${code}${meant || ': mdes-sim explain lists those that are known'}; one of your own needs a description`
}
