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
