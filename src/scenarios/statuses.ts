/** What Click to Pay reports for a receipt, and whether a token's reference goes with it. */
export const statuses = {
  APPROVED: { token: true },
  REQUIRE_ADDITIONAL_AUTHENTICATION: { token: true },
  DECLINED: { token: false },
  CANCELLED: { token: false },
  ERROR: { token: false },
  // Assumption: no source shows a reference after this one.
  DUPLICATE_REQUEST: { token: false },
  AUTHENTICATED: { token: true },
  DELETED: { token: true },
} as const
export type Status = keyof typeof statuses
