import { type IssuerProject, send, signed } from './signed-request.ts'

/*
 * Before a push: who takes the issuer's cards, and what its logo looks like. Issuers keep both and ask again from time to time.
 */

/** A token requestor as the API describes it; be ready for more members than these. */
export type EligibleTokenRequestor = {
  readonly tokenRequestorId: string
  readonly name: string
  readonly consumerFacingEntityName: string
  /** For {@link asset}. */
  readonly imageAssetId?: string
  readonly tokenRequestorType: string
  /** Text of 19 digits. On the wire they are integers that a JavaScript number cannot hold. */
  readonly enabledAccountRanges: readonly string[]
  readonly supportedPushMethods?: readonly string[]
  readonly supportsMultiplePushedCards?: boolean
  readonly supportedAccountHolderData?: readonly string[]
  readonly availablePushMethods?: readonly { readonly type: string; readonly uri: string }[]
}

/**
 * Calls `getEligibleTokenRequestors`.
 *
 * @param request `accountRanges`: at most 25, each 9 to 19 digits that are exactly the start of a range.
 * @throws {Error} the network's, or with the service's own errors when it refuses.
 */
export async function eligibleTokenRequestors(
  project: IssuerProject,
  request: { readonly requestId: string; readonly accountRanges: readonly string[] },
  scenario?: string,
): Promise<readonly EligibleTokenRequestor[]> {
  const path = '/mdes/connect/1/0/getEligibleTokenRequestors'
  const body = JSON.stringify(request)
  const { text } = await send(project, await signed(project, { path, body, scenario }))
  const { tokenRequestors } = JSON.parse(withRangesAsText(text))
  if (tokenRequestors === undefined)
    throw new Error(`getEligibleTokenRequestors was refused: ${text}`)
  return tokenRequestors
}

/** Before JSON.parse, which would make doubles of them. */
function withRangesAsText(json: string): string {
  return json.replace(/"enabledAccountRanges"\s*:\s*\[[\d,\s]*\]/g, (member) =>
    member.replace(/\d+/g, '"$&"'),
  )
}

/** One form of an asset. */
export type MediaContent = {
  /** Such as `image/png` or `image/svg+xml`. */
  readonly type: string
  /** Base64. */
  readonly data: string
  /** Pixels, as digits; of what is made of pixels. */
  readonly height?: string
  readonly width?: string
}

/**
 * Calls `getAsset`, for an `imageAssetId`. What an id stands for never changes.
 *
 * @throws {Error} the network's, or with the service's own errors when it refuses.
 */
export async function asset(
  project: IssuerProject,
  assetId: string,
): Promise<readonly MediaContent[]> {
  const path = `/mdes/issuer-assets/1/0/asset/tokenrequestor/${encodeURIComponent(assetId)}`
  const { text } = await send(project, await signed(project, { path }))
  const { mediaContents } = JSON.parse(text)
  if (mediaContents === undefined) throw new Error(`getAsset was refused: ${text}`)
  return mediaContents
}
