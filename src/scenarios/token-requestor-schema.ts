import { z } from 'zod'
import { notEmpty, quoted } from './schema-parts.ts'

const accountType = z.enum(['card', 'financialAccount'])

/** The largest that a JSON integer of 64 bits can say. */
const maximumRangeStart = '9223372036854775807'

const enabledAccountRange = quoted(
  /^(?:[1-9]\d{0,18}|([1-9]\d{0,17})-([1-9]\d{0,17}))$/,
  'the 1 to 19 digits that card numbers begin with, or two such numbers and a dash between them, quoted',
)
  .refine((range) => {
    const [from = '', to = from] = range.split('-')
    return from.length === to.length && from <= to
  }, 'expected as many digits after the dash as before it, and not less, such as "2221-2720"')
  .refine(
    (range) => (range.split('-')[0] ?? '').padEnd(19, '0') <= maximumRangeStart,
    `expected a range that begins at ${maximumRangeStart} or below, which is what the API's 64-bit integers can say`,
  )

const pushUri = z.url().min(11).max(128)

/** A token requestor file. */
export const tokenRequestorFile = z
  .strictObject({
    tokenRequestorId: quoted(/^\d{11}$/, '11 digits, quoted').describe('Its own.'),
    name: z.string().min(1).max(64).describe('Legal name.'),
    consumerFacingEntityName: z.string().min(1).max(100).describe('What cardholders call it.'),
    imageAssetId: z
      .uuid()
      .optional()
      .describe(
        'Of its logo, for getAsset. The files beside this one, of the same name: .svg, and .png of 192 x 192 pixels.',
      ),
    tokenRequestorType: z
      .enum(['MERCHANT', 'WALLET'])
      .describe('WALLET also covers commerce platforms.'),
    walletId: quoted(/^[0-9A-Za-z]{1,3}$/, '1 to 3 letters or digits, quoted')
      .optional()
      .describe('Of wallet providers only.'),
    accountTypes: z.array(accountType).min(1).describe('What it can tokenize.'),
    enabledAccountRanges: z
      .array(enabledAccountRange)
      .min(1)
      .describe(
        'Each how its card numbers begin, such as "5123456789", or "51-55" for all between; any other card is ineligible. A range starts at these digits, padded with zeros to 19.',
      ),
    pushMethods: z
      .strictObject({
        ANDROID: pushUri.optional().describe('An app link, or a scheme of its own.'),
        IOS: pushUri.optional().describe('A universal link.'),
        WEB: z
          .union([z.literal('simulator'), pushUri])
          .optional()
          .describe(
            "Where the cardholder's browser is sent; simulator is a page of this simulator, which plays the scenarios: /provision for Click to Pay, /provision/ID for others.",
          ),
      })
      .refine(notEmpty, 'is empty; name a way to reach it: ANDROID, IOS or WEB')
      .describe('How it is reached from each platform; at least one.'),
    supportsMultiplePushedCards: z
      .boolean()
      .default(false)
      .describe('Takes up to 5 receipts at once; otherwise it uses the first.'),
    supportedAccountHolderData: z
      .array(z.enum(['NAME', 'ADDRESS', 'EMAIL_ADDRESS', 'MOBILE_PHONE_NUMBER']))
      .default([])
      .describe('What it takes from a push about the account holder.'),
    supportsCardHolderAuthentication: z
      .boolean()
      .default(false)
      .describe(
        'Uses the authentication service: cardholders are authenticated after tokenization.',
      ),
    supportIssuerInitiatedDigitizationData: z
      .boolean()
      .default(false)
      .describe('Takes digitization data from the issuer.'),
    supportsSignature: z
      .boolean()
      .default(true)
      .describe('Without it pushes carry no signature, and the receipt use case is the only one.'),
  })
  .refine(
    ({ walletId, tokenRequestorType }) => walletId === undefined || tokenRequestorType === 'WALLET',
    {
      path: ['walletId'],
      message:
        'only wallet providers have one: leave it out, or make the tokenRequestorType WALLET',
    },
  )
  .refine(
    (one) =>
      !(
        one.tokenRequestorType === 'MERCHANT' &&
        one.supportsCardHolderAuthentication &&
        one.supportsMultiplePushedCards
      ),
    {
      path: ['supportsMultiplePushedCards'],
      message: 'a merchant with the authentication service must not support multiple cards',
    },
  )
/** Who may be pushed to. */
export type TokenRequestor = z.infer<typeof tokenRequestorFile>
