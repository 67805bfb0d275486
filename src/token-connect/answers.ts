import { z } from 'zod'

/*
 * The shapes of Token Connect's answers as this simulator gives them: spec 2.11, restated member by member, and strict, so that a member
 * too many is found. For its own description (OpenAPI) and the tests against it; nothing is parsed with these while serving. The real
 * service may add members and enum values at any time.
 */

const text = (min: number, max: number) => z.string().min(min).max(max)
const base64 = z.string().regex(/^[0-9A-Za-z+/]+={0,2}$/)

const error = z
  .strictObject({
    source: z
      .enum(['INPUT', 'MDES'])
      .describe('Who found it: INPUT for the request, MDES for what lies behind.'),
    reasonCode: text(1, 100).describe(
      'Assumption: beyond ACCOUNT_INELIGIBLE and AUTHORIZATION_FAILED, the codes of the sibling MDES APIs.',
    ),
    description: z.string().max(256).optional(),
  })
  .describe('One thing that is wrong, as an operation says it.')

const responseId = text(1, 64).describe(
  'Echoes the requestId (assumption; a configuration makes it a UUID).',
)
const errors = z.array(error).min(1)

const refused = z
  .strictObject({ responseId, errors })
  .describe('How a request is refused as a whole.')

const errorWrapper = z.strictObject({ errors }).describe('How getAsset refuses.')

const pushMethod = z
  .strictObject({
    type: z
      .enum(['ANDROID', 'IOS', 'WEB'])
      .describe('ANDROID and IOS: the URI opens an app; WEB: a browser.'),
    uri: text(11, 128).describe('The issuer appends the query parameters.'),
  })
  .describe('One way to send the cardholder on.')

/** On the wire the ranges are JSON integers; what makes them so works on text. */
const accountRange = z.string().meta({
  type: 'integer',
  format: 'int64',
  minimum: 10 ** 18,
  description: '19 digits, beyond what a JavaScript number holds exactly.',
})

const tokenRequestor = z
  .strictObject({
    tokenRequestorId: z.string().regex(/^\d{11}$/),
    name: text(1, 64).describe('Legal name.'),
    consumerFacingEntityName: text(1, 100).describe('What cardholders call it.'),
    imageAssetId: text(1, 64).optional().describe('Of its logo, for getAsset.'),
    tokenRequestorType: z
      .enum(['MERCHANT', 'WALLET'])
      .describe('WALLET also covers commerce platforms.'),
    walletId: text(1, 3).optional().describe('Of wallet providers only.'),
    enabledAccountRanges: z
      .array(accountRange)
      .min(1)
      .describe('Those of the requested ranges that it takes.'),
    supportedPushMethods: z.array(z.enum(['ANDROID', 'IOS', 'WEB'])).optional(),
    supportsMultiplePushedCards: z
      .boolean()
      .optional()
      .describe('True: up to five receipts at once. Otherwise it uses the first.'),
    supportedAccountHolderData: z
      .array(z.enum(['NAME', 'ADDRESS', 'EMAIL_ADDRESS', 'MOBILE_PHONE_NUMBER']))
      .optional(),
    supportsCardHolderAuthentication: z.boolean().optional(),
    supportsTokenConnect: z.boolean().optional(),
    availablePushMethods: z.array(pushMethod).optional(),
    supportIssuerInitiatedDigitizationData: z.boolean().optional(),
  })
  .describe('Who may be pushed to.')

const pushAccountReceipt = text(1, 64)
  .regex(/^[A-Z]{3}-(?:[A-Z]{3}-)?[0-9A-Za-z-]{36}$/)
  .describe('MCC, DMC, MSI or PVL, a data centre (assumption: STL), and a UUID.')
const pushAccountId = text(1, 36).describe('As in the request.')

const pushedAccount = z
  .union([
    z.strictObject({
      pushAccountId,
      pushAccountReceipt,
      issuerInitiatedDigitizationData: base64
        .max(5000)
        .optional()
        .describe('Base64 of JSON, if it was requested.'),
    }),
    z.strictObject({ pushAccountId, errors }),
  ])
  .describe('What became of one account: a receipt or errors.')

const mediaContent = z
  .strictObject({
    type: z.enum([
      'application/pdf',
      'image/png',
      'image/svg+xml',
      'text/plain',
      'text/html',
      'application/jwk+json',
    ]),
    data: base64,
    height: z
      .string()
      .regex(/^\d{1,6}$/)
      .optional()
      .describe('Pixels; of what is made of them.'),
    width: z
      .string()
      .regex(/^\d{1,6}$/)
      .optional(),
  })
  .describe('One form of an asset, in base64.')

/** By the names they have in the description. */
export const answers = {
  Error: error,
  Refused: refused,
  ErrorWrapper: errorWrapper,
  PushMethod: pushMethod,
  TokenRequestor: tokenRequestor,
  PushedAccount: pushedAccount,
  MediaContent: mediaContent,
  EligibleTokenRequestors: z.strictObject({
    responseId,
    tokenRequestors: z.array(tokenRequestor),
  }),
  MultipleAccountsPushed: z.strictObject({
    pushAccountReceipts: z.array(pushedAccount).min(1).describe('One for each account, in order.'),
    availablePushMethods: z
      .array(pushMethod)
      .min(1)
      .optional()
      .describe('Where there is any receipt.'),
    signature: z
      .string()
      .regex(/^[\w-]+\.[\w-]+\.[\w-]+$/)
      .optional()
      .describe(
        'Compact JWS, RS256, for the pushAccountData parameter: where there is any receipt and the token requestor supports it.',
      ),
    tokenRequestorSignatureSupport: z.boolean().optional(),
    responseId,
  }),
  AccountPushed: z.strictObject({
    responseId,
    pushAccountReceipt,
    availablePushMethods: z.array(pushMethod).min(1),
  }),
  Asset: z.strictObject({ mediaContents: z.array(mediaContent).min(1) }),
  GatewayErrors: z
    .strictObject({
      Errors: z.strictObject({
        Error: z
          .array(
            z.strictObject({
              Source: z.literal('Gateway'),
              ReasonCode: text(1, 100),
              Description: z.string(),
              Recoverable: z
                .boolean()
                .describe('Whether the same request may succeed later; false for signatures.'),
              Details: z.null(),
            }),
          )
          .min(1),
      }),
    })
    .describe(
      'The envelope of the gateway in front of Token Connect, with capital initials. It refuses what is badly signed or no request at all.',
    ),
} as const satisfies Readonly<Record<string, z.ZodType>>
