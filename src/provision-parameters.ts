/** What `/provision` knows; anything else is ignored, as the rules for token requestors have it. */
export const signedParameters = ['pushAccountData', 'extFlow'] as const
export const plainParameters = [
  'pushAccountReceipts',
  'callbackURL',
  'callbackRequired',
  'completeIssuerAppActivation',
  'completeWebsiteActivation',
  'accountHolderDataSupplied',
  'locale',
  'extFlow',
] as const

/** Click to Pay's token requestor id. */
export const clickToPay = '50123197928'

/** The path of the page that the simulator has for a token requestor: Click to Pay's own, and one below it for any other. */
export function pageOf(tokenRequestorId: string): string {
  return tokenRequestorId === clickToPay ? '/provision' : `/provision/${tokenRequestorId}`
}
