import type * as known from '../scenarios/reason-codes.ts'

/*
 * What the reason codes of the operations mean, for people. When they come is in `rules.ts`, how they sound in `refusals.ts`.
 */

export type CodeMeaning = {
  readonly meaning: string
  /** When it comes, beyond what the rules say. */
  readonly when?: string
  /** Documented, observed or assumed: which of it, in words. */
  readonly sure: string
  readonly fix: string
}

const family = (what: string) =>
  `${what} is documented for sibling APIs of MDES; that it is used here is assumed`

export const operationCodes: Readonly<Record<(typeof known.operationCodes)[number], CodeMeaning>> =
  {
    ACCOUNT_INELIGIBLE: {
      meaning: 'Token Connect does not take this card or financial account.',
      sure: 'code and text documented; that it is an error of the account, and its source, are assumed',
      fix: 'Ask getEligibleTokenRequestors for the account range before you offer it. The range must be enabled in MDES, for this token requestor. Use a test card of the ranges in scenarios/token-requestors.',
    },
    AUTHORIZATION_FAILED: {
      meaning: 'You may not do this.',
      when: 'with assumptions.unknownTokenRequestor: AUTHORIZATION_FAILED, for a token requestor that is unknown or not enabled; and when a scenario says so',
      sure: 'code and text documented; when it comes is assumed',
      fix: 'Check that the keys are of the right environment and that onboarding to MDES is finished.',
    },
    INVALID_JSON: {
      meaning: 'The payload is not JSON.',
      sure: `observed on pushMultipleAccounts; ${family('the text')}`,
      fix: 'Look at the bytes you send: cut off, a byte order mark, another charset, or an encrypted object one level off its place.',
    },
    MISSING_REQUIRED_FIELD: {
      meaning: 'A field that is needed is not there, or is null.',
      sure: family('the code'),
      fix: 'Send the field; names are case-sensitive. It is told with its whole path.',
    },
    INVALID_FIELD_FORMAT: {
      meaning: 'A field has the wrong type, or characters that do not belong there.',
      sure: family('the code'),
      fix: 'Compare the value with the specification: numbers that are identifiers are texts, binary data is hexadecimal, booleans have no quotes. It is told with its path and what was expected.',
    },
    INVALID_FIELD_LENGTH: {
      meaning: 'A text is too short or too long, or an array has too few or too many items.',
      sure: "code and form of the text documented, as the example of the specification's error object; that every field answers so is assumed",
      fix: 'Keep to the lengths of the specification. It is told with its path and the limit.',
    },
    INVALID_FIELD_VALUE: {
      meaning: 'A field is well-formed, and its value is not allowed.',
      sure: family('the code'),
      fix: 'It is told with its path and what is allowed; the value is never repeated.',
    },
    UNRECOGNIZED_FIELD: {
      meaning: 'The request has a member that the API does not know.',
      when: 'with --pedantic only; otherwise unknown members are ignored, and noted as a leniency',
      sure: family('the code'),
      fix: 'Leave the member out, or spell it as the specification does.',
    },
    CRYPTOGRAPHY_ERROR: {
      meaning: 'The encrypted payload could not be opened.',
      sure: family('the code'),
      fix: 'See which step failed: fingerprint of another certificate, key wrapped with another padding or hash, wrong iv, base64 in place of hexadecimal. Mastercard\'s client-encryption libraries get it right when configured without "$." in their paths (Node, Python).',
    },
  }

/** Codes of sibling APIs of MDES. Nothing here gives them, but a scenario may. */
export const siblingCodes: Readonly<Record<(typeof known.siblingCodes)[number], string>> = {
  INTERNAL_SERVICE_FAILURE: 'Something failed inside MDES.',
  INVALID_PAN: 'The card number is ill-formed, or what belongs to it does not fit.',
  MISSING_EXPIRY_DATE: 'Cards of this product need an expiry date.',
  PAN_INELIGIBLE: 'The card number is in no range that is approved.',
  INVALID_RESPONSE_HOST: 'The host that the answer should go to is not allowed.',
  NO_RESPONSE_FROM_ISSUER: 'MDES asked the issuer and had no answer.',
  PROVISION_FAILED: 'The token could not be put where it belongs.',
  DEVICE_INELIGIBLE: 'The device may not hold tokens.',
  PAN_INELIGIBLE_FOR_DEVICE: 'This card may not be on this device.',
  PAN_PROVISIONING_COUNT_EXCEEDED: 'The card has as many tokens as it may have.',
  INVALID_ELIGIBILITY_RECEIPT: 'The receipt of the eligibility check is unknown or expired.',
  INVALID_TASK_ID: 'The task is unknown.',
  INVALID_TERMS_AND_CONDITIONS: 'The terms that were accepted are not the ones that apply.',
  INVALID_TOKEN_UNIQUE_REFERENCE: 'The reference of the token is unknown.',
  INVALID_PAN_UNIQUE_REFERENCE: 'The reference of the card is unknown.',
  INVALID_TOKEN_STATUS: 'The token is in a state that does not allow this.',
  EXPIRED_CODE: 'The activation code came too late.',
  INVALID_AUTHENTICATION_METHOD: 'The way chosen to authenticate the cardholder is not offered.',
  INVALID_WORKFLOW: 'This step does not follow from the one before.',
  DUPLICATE_REQUEST:
    'The card is there already, or the same request is under way. A token requestor that gets it reports the status of the same name.',
  INVALID_METHOD: 'The method is not allowed here.',
}

/** What getAsset refuses with has names of its own here, because the wire has the codes of fields. */
export const assetCodes: Readonly<
  Record<'ASSET_UNKNOWN' | 'ASSET_MALFORMED', { readonly meaning: string; readonly fix: string }>
> = {
  ASSET_UNKNOWN: {
    meaning: 'There is no asset with this id.',
    fix: 'Ask with an imageAssetId that getEligibleTokenRequestors gave, or with the kid in the header of a signature.',
  },
  ASSET_MALFORMED: {
    meaning: 'The id of an asset is a UUID, and this is none.',
    fix: 'Ask with an imageAssetId that getEligibleTokenRequestors gave.',
  },
}
