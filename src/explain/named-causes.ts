import type { Cause } from '../errors.ts'

/** Causes by their codes, each with what to do about it. */
export function namedCauses<Code extends string>(fixes: Readonly<Record<Code, string>>) {
  return {
    proven: (code: Code, because: string): Cause => ({
      code,
      because,
      fix: fixes[code],
      proven: true,
    }),
    likely: (code: Code, because: string): Cause => ({
      code,
      because,
      fix: fixes[code],
      proven: false,
    }),
  }
}
