import { z } from 'zod'
import { type Status, statuses } from './statuses.ts'

const status = z.enum(Object.keys(statuses) as [Status, ...Status[]])

const quoted = (shape: RegExp, what: string) => z.string().regex(shape, `expected ${what}`)
const cardNumber = quoted(/^\d{9,19}$/, '9 to 19 digits, quoted')
const cardNumberPart = quoted(/^\d{1,19}$/, '1 to 19 digits, quoted')

const apiError = z.strictObject({
  source: z
    .enum(['INPUT', 'MDES'])
    .describe('Who found it: INPUT for the request, MDES for what lies behind.'),
  reasonCode: z.string().regex(/^[A-Z_]{1,100}$/, 'expected a code such as ACCOUNT_INELIGIBLE'),
  description: z
    .string()
    .max(256)
    .optional()
    .describe('At most 256 characters; without it the usual text of the code.'),
})
export type ApiError = z.infer<typeof apiError>

const notEmpty = (facts: object) => Object.keys(facts).length > 0
const wouldAlwaysHold = 'is empty and would always hold; name a fact or leave it out'

const card = z
  .strictObject({
    number: cardNumber.optional().describe('The whole card number.'),
    startsWith: cardNumberPart.optional(),
    endsWith: cardNumberPart.optional(),
  })
  .refine(notEmpty, wouldAlwaysHold)
  .refine(
    ({ number, startsWith, endsWith }) =>
      number === undefined || (startsWith === undefined && endsWith === undefined),
    'number says it all; leave out startsWith and endsWith',
  )
  .describe('Holds when it fits any account of the push.')

const when = z
  .strictObject({
    card: card.optional(),
    tokenRequestorId: quoted(/^\d{11}$/, '11 digits, quoted').optional(),
    accountHolderName: z
      .string()
      .min(1)
      .optional()
      .describe('Exactly as sent, of any account of the push.'),
    locale: z
      .string()
      .regex(/^[a-z]{2}_[A-Z]{2}$/, 'expected ll_CC, such as en_US')
      .optional(),
    consumerKey: z.string().min(1).optional(),
    push: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('The n-th push of the consumer key since the last reset.'),
  })
  .refine(notEmpty, wouldAlwaysHold)
  .describe('Facts of the push; all must hold. Without it the scenario is chosen by name only.')

const receipt = z.strictObject({
  prefix: z
    .enum(['MCC', 'DMC', 'MSI', 'PVL'])
    .optional()
    .describe('Credit, debit, Maestro or private label.'),
  validityMinutes: z
    .number()
    .int()
    .min(5)
    .max(15)
    .optional()
    .describe('Instead of what the push asks for.'),
  state: z
    .enum(['valid', 'expired', 'used'])
    .default('valid')
    .describe('expired and used are so from the moment of the push.'),
})

const gateway = z
  .strictObject({
    status: z
      .literal([401, 408, 429, 500, 502, 503, 504])
      .describe(
        'HTTP status of the gateway, in its own envelope. 401: the project is not entitled; 429: its quota is used up.',
      ),
    retryAfter: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe('Seconds, for the header Retry-After.'),
    times: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('How many calls are refused; then as usual. Without it, all.'),
  })
  .refine(({ status, retryAfter }) => retryAfter === undefined || [429, 503].includes(status), {
    path: ['retryAfter'],
    message: 'goes with status 429 or 503 only',
  })
  .describe(
    'Refuses any signed call at the gateway. Acts before there is a push: chosen by header, use or default.',
  )

const eligibility = z
  .strictObject({
    tokenRequestors: z
      .array(quoted(/^\d{11}$/, '11 digits, quoted'))
      .optional()
      .describe('Only these are named, if they are eligible at all.'),
    errors: z.array(apiError).min(1).optional().describe('Refuses the request.'),
  })
  .describe('What getEligibleTokenRequestors answers. Chosen by header, use or default.')

const push = z.strictObject({
  errors: z.array(apiError).min(1).optional().describe('Refuses the whole request.'),
  accounts: z
    .array(z.strictObject({ errors: z.array(apiError).default([]) }))
    .default([])
    .describe('By position; an account with errors gets no receipt.'),
  receipt: receipt.default({ state: 'valid' }),
})

const provision = z.strictObject({
  outcome: z
    .union([z.enum(['ask', ...(Object.keys(statuses) as Status[])]), z.array(status).min(1)])
    .default('APPROVED')
    .describe(
      'ask shows a page; a status is reported at once; a list reports by position, its last one for all further receipts.',
    ),
})

const beforeThePush = (section: 'gateway' | 'eligibility') => ({
  path: [section],
  message:
    'acts before there is a push whose facts "when" could be held against: leave one of the two out',
})

/** A scenario file. Every section is optional and every key is strict. */
export const scenarioFile = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with dashes')
      .describe("The file's name without .yaml."),
    description: z.string().min(1).describe('One sentence: the story.'),
    when: when.optional(),
    gateway: gateway.optional(),
    eligibility: eligibility.optional(),
    push: push.default({ accounts: [], receipt: { state: 'valid' } }),
    provision: provision.default({ outcome: 'APPROVED' }),
  })
  .refine(
    ({ when, gateway }) => when === undefined || gateway === undefined,
    beforeThePush('gateway'),
  )
  .refine(
    ({ when, eligibility }) => when === undefined || eligibility === undefined,
    beforeThePush('eligibility'),
  )

/** One story: what happens at each stage of a push. */
export type Scenario = z.infer<typeof scenarioFile>
export type Outcome = Scenario['provision']['outcome']

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
    tokenRequestorId: quoted(/^\d{11}$/, '11 digits, quoted'),
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
          .union([z.literal('click-to-pay'), pushUri])
          .optional()
          .describe(
            "Where the cardholder's browser is sent; click-to-pay is this simulator's own page.",
          ),
      })
      .refine(notEmpty, 'is empty; name a way to reach it: ANDROID, IOS or WEB'),
    supportsMultiplePushedCards: z
      .boolean()
      .default(false)
      .describe('Takes up to 5 receipts at once; otherwise it uses the first.'),
    supportedAccountHolderData: z
      .array(z.enum(['NAME', 'ADDRESS', 'EMAIL_ADDRESS', 'MOBILE_PHONE_NUMBER']))
      .default([]),
    supportsCardHolderAuthentication: z
      .boolean()
      .default(false)
      .describe(
        'Uses the authentication service: cardholders are authenticated after tokenization.',
      ),
    supportIssuerInitiatedDigitizationData: z.boolean().default(false),
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

const files = { scenario: scenarioFile, 'token-requestor': tokenRequestorFile }
/** What a person may write a file about. */
export type FileKind = keyof typeof files

/** The JSON Schema that editors complete and check files of this kind with. */
export function jsonSchema(kind: FileKind): object {
  return {
    title: `mdes-simulator ${kind}`,
    ...z.toJSONSchema(files[kind], { io: 'input' }),
  }
}
