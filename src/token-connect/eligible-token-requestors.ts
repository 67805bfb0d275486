import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import { isInRange, paddedRange, rangeStart } from './account-ranges.ts'
import { tolerateUnknownMembers } from './advice.ts'
import type { Answer, Call, OperationParts } from './call.ts'
import { parseJson } from './json-body.ts'
import { getEligibleTokenRequestorsMembers as members } from './message-members.ts'
import { pushMethods } from './push-accounts.ts'
import { readGetEligibleTokenRequestors } from './read-messages.ts'
import { scriptedError, scriptedFaults } from './refusals.ts'
import { responseIdFor } from './response-id.ts'

/**
 * `getEligibleTokenRequestors`: who takes cards of these account ranges. A range that is asked for must be exactly the start of an enabled one.
 *
 * @throws {Refusal} for the request as a whole.
 */
export async function getEligibleTokenRequestors(
  call: Call,
  { tokenRequestors, assumptions, publicUrl, tenants }: OperationParts,
): Promise<Answer> {
  const json = parseJson(call.body)
  const request = readGetEligibleTokenRequestors(json, call.tolerate)
  tolerateUnknownMembers(json, members.request, call.tolerate)
  const { requestId } = request
  const responseId = responseIdFor(requestId, call.consumerKey, { assumptions, tenants })
  const wanted = [...new Set(request.accountRanges.map(paddedRange))]
  const answer = {
    choice: call.choice,
    requestId,
    warnings: [...warningsAbout(request), ...unknownStarts(wanted, tokenRequestors)],
  }
  const { errors, tokenRequestors: scripted } = call.choice.scenario.eligibility ?? {}
  if (errors !== undefined)
    return {
      ...answer,
      isRefusal: true,
      faults: scriptedFaults(call.choice, 'eligibility.errors', errors),
      body: { responseId, errors: errors.map(scriptedError) },
      summary: `refused with ${errors.map(({ reasonCode }) => reasonCode).join(', ')}, as the scenario says`,
    }
  const eligible = tokenRequestors
    .filter(({ tokenRequestorId }) => scripted?.includes(tokenRequestorId) ?? true)
    .map((one) => {
      const starts = new Set(one.enabledAccountRanges.map(rangeStart))
      return { one, ranges: wanted.filter((range) => starts.has(range)) }
    })
    .filter(({ ranges }) => ranges.length > 0)
  return {
    ...answer,
    body: {
      responseId,
      tokenRequestors: eligible.map(({ one, ranges }) =>
        onTheWire(one, ranges, pushMethods(one, publicUrl())),
      ),
    },
    summary:
      eligible.length > 0
        ? `named ${eligible.map(({ one }) => one.consumerFacingEntityName).join(', ')}`
        : scripted === undefined
          ? 'named nobody: none of the ranges is the start of an enabled one'
          : 'named nobody, as the scenario says',
  }
}

/**
 * A token requestor as the API describes it, member order as in the specification.
 *
 * @param ranges as text of digits; `withRangesAsIntegers` makes them numbers.
 */
function onTheWire(
  one: TokenRequestor,
  ranges: readonly string[],
  availablePushMethods: ReturnType<typeof pushMethods>,
) {
  return {
    tokenRequestorId: one.tokenRequestorId,
    name: one.name,
    consumerFacingEntityName: one.consumerFacingEntityName,
    ...(one.imageAssetId !== undefined && { imageAssetId: one.imageAssetId }),
    tokenRequestorType: one.tokenRequestorType,
    ...(one.walletId !== undefined && { walletId: one.walletId }),
    enabledAccountRanges: ranges,
    supportedPushMethods: Object.keys(one.pushMethods),
    supportsMultiplePushedCards: one.supportsMultiplePushedCards,
    supportedAccountHolderData: one.supportedAccountHolderData,
    supportsCardHolderAuthentication: one.supportsCardHolderAuthentication,
    // Only those onboarded to Token Connect are returned since August 2022.
    supportsTokenConnect: true,
    availablePushMethods,
    supportIssuerInitiatedDigitizationData: one.supportIssuerInitiatedDigitizationData,
  }
}

function warningsAbout({
  supportsTokenConnect,
}: ReturnType<typeof readGetEligibleTokenRequestors>): readonly string[] {
  return supportsTokenConnect === undefined
    ? []
    : [
        'supportsTokenConnect is deprecated and without effect since August 2022: only token requestors in Token Connect are returned',
      ]
}

/** Only the exact start counts, which is easily missed. */
function unknownStarts(
  wanted: readonly string[],
  tokenRequestors: readonly TokenRequestor[],
): readonly string[] {
  const ranges = tokenRequestors.flatMap(({ enabledAccountRanges }) => enabledAccountRanges)
  const starts = new Set(ranges.map(rangeStart))
  return wanted
    .map((range, position) => ({ range, position }))
    .filter(({ range }) => !starts.has(range))
    .map(({ range, position }) => {
      const inside = ranges.find((one) => isInRange(range, one))
      const where =
        inside === undefined
          ? 'nor in any'
          : `though inside the one that starts at ${shortest(rangeStart(inside))}: only the exact start counts`
      return `accountRanges.${position}: ${shortest(range)} is not the start of an enabled account range, ${where}`
    })
}

/** Without the zeros that pad it, which say nothing. */
function shortest(range: string): string {
  return range.replace(/0+$/, '')
}
