import { holdsCardNumber } from '../card-number.ts'
import { newResponseId } from '../keys/identifiers.ts'
import type { OperationParts } from './call.ts'

/**
 * What an answer is known by: the requestId. Assumption: documented as matching it; one recording shows another UUID. There is another one as
 * well where the request has none that can be sent back, because every answer must have one, and where it would send a card number back.
 */
export function responseIdFor(
  requestId: string | undefined,
  consumerKey: string,
  { assumptions, tenants }: Pick<OperationParts, 'assumptions' | 'tenants'>,
): string {
  const seed = tenants.seedOf(consumerKey)
  if (requestId === undefined) return newResponseId(seed, consumerKey, '')
  return assumptions.responseId === 'echo' && !holdsCardNumber(requestId)
    ? requestId
    : newResponseId(seed, consumerKey, requestId)
}
