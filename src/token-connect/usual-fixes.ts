import type { Fault } from '../errors.ts'
import { assetCodes, operationCodes } from './codes.ts'
import { gatewayCodes } from './gateway-codes.ts'

const usual: Readonly<Record<string, { readonly fix: string }>> = {
  ...operationCodes,
  ...gatewayCodes,
  ...assetCodes,
}

/** A fault that nothing explains better has at least what is usually done about its code. */
export function withUsualFix(fault: Fault): Fault {
  const { code, because, facts, explanation } = fault
  const known = Object.hasOwn(usual, code) ? usual[code] : undefined
  if (known === undefined || facts?.scripted !== undefined || (explanation?.causes.length ?? 0) > 0)
    return fault
  return {
    ...fault,
    explanation: {
      causes: [{ code, because, fix: known.fix, proven: false }],
      comparisons: explanation?.comparisons ?? [],
    },
  }
}
