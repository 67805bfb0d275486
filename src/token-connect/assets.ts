import { refuse } from '../errors.ts'
import type { Answer, Call, OperationParts } from './call.ts'

/** "UUID-like": no source has a stricter form. */
const assetIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * `getAsset` for issuers: the logo of a token requestor, as PNG and SVG. What an id stands for never changes.
 *
 * @throws {Refusal} ASSET_MALFORMED, ASSET_UNKNOWN.
 */
export async function getAsset(
  { assetId }: Call,
  { tokenRequestors }: OperationParts,
): Promise<Answer> {
  if (!assetIdForm.test(assetId))
    refuse(
      'ASSET_MALFORMED',
      `AssetId ${assetId} is no UUID; take an imageAssetId that getEligibleTokenRequestors gave`,
      { field: 'AssetId' },
    )
  const owner = tokenRequestors.find(({ imageAssetId }) => imageAssetId === assetId.toLowerCase())
  if (owner?.logo === undefined)
    return refuse(
      'ASSET_UNKNOWN',
      `AssetId: there is no asset ${assetId}; known are ${tokenRequestors.flatMap(({ imageAssetId = [], consumerFacingEntityName }) => `${imageAssetId} (${consumerFacingEntityName})`).join(', ')}`,
      { field: 'AssetId' },
    )
  return {
    summary: `gave the logo of ${owner.consumerFacingEntityName}`,
    // Height and width are said of what is made of pixels.
    body: {
      mediaContents: [
        { type: 'image/png', data: owner.logo.png, height: '192', width: '192' },
        { type: 'image/svg+xml', data: owner.logo.svg },
      ],
    },
  }
}

/**
 * `getAsset` for token requestors: the public key of the push signature, by its `kid`.
 *
 * @throws {Refusal} ASSET_UNKNOWN.
 */
export async function getSignatureKey(
  { assetId }: Call,
  { pushSignature }: OperationParts,
): Promise<Answer> {
  const { keys } = pushSignature.publicKeys()
  const key = keys.find(({ kid }) => kid === assetId)
  if (key === undefined)
    return refuse(
      'ASSET_UNKNOWN',
      `there is no key ${assetId}; known are ${keys.map(({ kid }) => kid).join(', ')}`,
      { field: 'AssetId' },
    )
  return {
    summary: `gave the signature key ${assetId}`,
    body: {
      mediaContents: [
        {
          type: 'application/jwk+json',
          data: Buffer.from(JSON.stringify(key)).toString('base64'),
        },
      ],
    },
  }
}
