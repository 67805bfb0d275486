import { hasCheckDigit, maskedCardNumber } from '../card-number.ts'
import { nearest } from '../did-you-mean.ts'
import type { Finding } from '../yaml-file.ts'
import type { Scenario } from './schema.ts'
import type { TokenRequestor } from './token-requestor-schema.ts'

/**
 * What is possible, and hardly meant.
 *
 * @param tokenRequestors whom a push can be for; undefined when that is not known.
 */
export function suspicions(
  { when, eligibility }: Scenario,
  tokenRequestors: readonly TokenRequestor[] | undefined,
): readonly Finding[] {
  const number = when?.card?.number
  const ids = [
    { path: ['when', 'tokenRequestorId'], id: when?.tokenRequestorId },
    ...(eligibility?.tokenRequestors ?? []).map((id, position) => ({
      path: ['eligibility', 'tokenRequestors', position],
      id,
    })),
  ]
  return [
    ...(number === undefined || hasCheckDigit(number)
      ? []
      : [{ path: ['when', 'card', 'number'], message: wrongCheckDigit(number) }]),
    ...ids.flatMap(({ path, id }) => {
      const message = id && tokenRequestors && unknownTokenRequestor(id, tokenRequestors)
      return message ? [{ path, message }] : []
    }),
  ]
}

function wrongCheckDigit(number: string): string {
  const right = [...'0123456789'].find((digit) => hasCheckDigit(number.slice(0, -1) + digit))
  return `${maskedCardNumber(number)} has a wrong check digit, as no real card has; with the last digit ${right} it would be right`
}

function unknownTokenRequestor(
  id: string,
  tokenRequestors: readonly TokenRequestor[],
): string | undefined {
  const ids = tokenRequestors.map(({ tokenRequestorId }) => tokenRequestorId)
  if (ids.includes(id)) return undefined
  const meant = nearest(id, ids)
  const known = tokenRequestors.map(
    (one) => `${one.tokenRequestorId} (${one.consumerFacingEntityName})`,
  )
  return `no token requestor has the id ${id}${meant === undefined ? '' : `, did you mean "${meant}"?`}; known are ${known.join(', ')}`
}
