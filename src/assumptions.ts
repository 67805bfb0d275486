/**
 * Where Mastercard's documentation conflicts with itself or with recorded traffic, or is silent, and someone's account may show the other
 * answer: what this simulator assumes, and what else it can be told (`assumptions` in the configuration file).
 */
export type Assumptions = {
  /** `responseId`: the specification says that it matches `requestId`; one recording shows another UUID. */
  readonly responseId: 'echo' | 'random'
  /** Receipts: `MCC-STL-UUID` in recordings since 2021, `MCC-UUID` in the documentation. */
  readonly receiptDataCentre: 'STL' | 'none'
  /** Absent from every signature seen, even where the request sent it. */
  readonly completeIssuerAppActivationInSignature: boolean
  /** What Click to Pay reports for a card it already has: the newer status, or what it was before April 2022. */
  readonly duplicateCard: 'DUPLICATE_REQUEST' | 'CANCELLED'
  /** HTTP status of an operation that refuses: "200 if the call was successfully received", but the specification declares others too. */
  readonly errorStatus: 200 | 400
  /** Reason code for a `tokenRequestorId` that is unknown or not enabled. */
  readonly unknownTokenRequestor: 'INVALID_FIELD_VALUE' | 'AUTHORIZATION_FAILED'
  /** No source limits the accounts of one push; five receipts is what may be handed over at once. */
  readonly maximumAccountsPerPush: number
}

export const assumptions: Assumptions = {
  responseId: 'echo',
  receiptDataCentre: 'STL',
  completeIssuerAppActivationInSignature: false,
  duplicateCard: 'DUPLICATE_REQUEST',
  errorStatus: 200,
  unknownTokenRequestor: 'INVALID_FIELD_VALUE',
  maximumAccountsPerPush: 5,
}
