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

const allowed: { readonly [Name in keyof Assumptions]: readonly Assumptions[Name][] } = {
  responseId: ['echo', 'random'],
  receiptDataCentre: ['STL', 'none'],
  completeIssuerAppActivationInSignature: [true, false],
  duplicateCard: ['DUPLICATE_REQUEST', 'CANCELLED'],
  errorStatus: [200, 400],
  unknownTokenRequestor: ['INVALID_FIELD_VALUE', 'AUTHORIZATION_FAILED'],
  maximumAccountsPerPush: Array.from({ length: 100 }, (_, index) => index + 1),
}

/** What types rule out and JavaScript lets through. */
export function assumptionProblems(chosen: object): readonly string[] {
  const known: Readonly<Record<string, readonly unknown[]>> = allowed
  return Object.entries(chosen).flatMap(([name, value]) => {
    const values = Object.hasOwn(known, name) ? known[name] : undefined
    if (values === undefined)
      return [`assumptions: there is no ${name}; known are ${Object.keys(allowed).join(', ')}`]
    if (value === undefined || values.includes(value)) return []
    const expected = values.length > 10 ? `${values[0]} to ${values.at(-1)}` : values.join(' or ')
    return [`assumptions.${name}: expected ${expected}, not ${String(value)}`]
  })
}
