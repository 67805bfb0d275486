import type { Context } from 'hono'
import { maskCardNumbers } from '../card-number.ts'

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 500

/** RFC 9457: the tester's mistake, so never in Mastercard's shape. */
export function problem(
  c: Context,
  status: ProblemStatus,
  title: string,
  detail: string,
  errors: readonly string[] = [],
): Response {
  const body = {
    title,
    status,
    detail: maskCardNumbers(detail),
    ...(errors.length > 1 && { errors: errors.map(maskCardNumbers) }),
  }
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json' })
}
