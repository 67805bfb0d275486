/** What Click to Pay reports for a receipt, whether a token's reference goes with it, and whether the card is there afterwards. */
export const statuses = {
  APPROVED: { token: true, lasts: true },
  REQUIRE_ADDITIONAL_AUTHENTICATION: { token: true, lasts: true },
  DECLINED: { token: false, lasts: false },
  CANCELLED: { token: false, lasts: false },
  ERROR: { token: false, lasts: false },
  // Assumption: no source shows a reference after this one.
  DUPLICATE_REQUEST: { token: false, lasts: false },
  AUTHENTICATED: { token: true, lasts: true },
  DELETED: { token: true, lasts: false },
} as const
export type Status = keyof typeof statuses
