import type { Cause, Fault } from '../errors.ts'
import { proven } from '../explain/redirect/causes.ts'
import type { Push } from '../ledger.ts'
import type { Scenario } from '../scenarios/schema.ts'

/** What a scenario does that ends on a problem page, by the fault of that page. */
const scripts: Readonly<Record<string, (scenario: Scenario) => string | undefined>> = {
  SIGNATURE_INVALID: ({ push }) =>
    push?.signature === undefined || push.signature === 'valid' || push.signature === 'absent'
      ? undefined
      : `push.signature: ${push.signature}`,
  RECEIPT_EXPIRED: ({ push }) =>
    push?.receipt?.state === 'expired' || push?.receipt?.state === 'expiring'
      ? `push.receipt.state: ${push.receipt.state}`
      : undefined,
  RECEIPT_USED: ({ push }) =>
    push?.receipt?.state === 'used' ? 'push.receipt.state: used' : undefined,
}

/** Where the scenario of a push is why a link is refused, so that nobody looks for a mistake of the bank. */
export function scriptedCause({ code }: Fault, pushes: readonly Push[]): Cause | undefined {
  for (const { choice } of pushes) {
    const script = scripts[code]?.(choice.scenario)
    if (script !== undefined)
      return proven('SCENARIO_SAYS_SO', `the scenario ${choice.scenario.name} has ${script}`)
  }
  return undefined
}
