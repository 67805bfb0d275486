import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** What whoever calls the admin API from elsewhere must know: 32 characters. */
export function newAdminToken(): string {
  return randomBytes(24).toString('base64url')
}

/** Takes as long for any wrong one. */
export function isSameToken(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
