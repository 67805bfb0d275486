/** The problem pages at /provision, each by its name in the journal. */
export const problemNames = [
  'SIGNATURE_INVALID',
  'CALLBACK_INVALID',
  'PARAMETER_REPEATED',
  'FORM_TOO_LARGE',
  'RECEIPT_MISSING',
  'VISIT_UNKNOWN',
  'RECEIPT_UNKNOWN',
  'RECEIPT_FOREIGN',
  'RECEIPT_EXPIRED',
  'RECEIPT_USED',
  'UNAVAILABLE',
] as const
export type ProblemName = (typeof problemNames)[number]
