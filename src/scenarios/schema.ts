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

/** A scenario file. Every section is optional and every key is strict. */
export const scenarioFile = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with dashes')
    .describe("The file's name without .yaml."),
  description: z.string().min(1).describe('One sentence: the story.'),
  when: when.optional(),
  push: push.default({ accounts: [], receipt: { state: 'valid' } }),
  provision: provision.default({ outcome: 'APPROVED' }),
})

/** One story: what happens at each stage of a push. */
export type Scenario = z.infer<typeof scenarioFile>
export type Outcome = Scenario['provision']['outcome']

const accountType = z.enum(['card', 'financialAccount'])
export type AccountType = z.infer<typeof accountType>

/** A token requestor file. */
export const tokenRequestorFile = z.strictObject({
  tokenRequestorId: quoted(/^\d{11}$/, '11 digits, quoted'),
  name: z.string().min(1).max(64).describe('Legal name.'),
  consumerFacingEntityName: z.string().min(1).max(100),
  accountTypes: z.array(accountType).min(1).describe('What it can tokenize.'),
  maximumAccountsPerPush: z.number().int().min(1).max(5).default(1),
  cardNumbers: z
    .array(quoted(/^\d{1,19}$/, 'leading digits, quoted'))
    .min(1)
    .describe(
      'How the card numbers in its enabled account ranges begin; any other card is ineligible.',
    ),
  pushURI: z
    .union([
      z.literal('click-to-pay'),
      z
        .url({ protocol: /^https?$/ })
        .min(11)
        .max(128),
    ])
    .describe("Where the cardholder's browser is sent; click-to-pay is this simulator's own page."),
  supportsSignature: z.boolean().default(true),
})
export type TokenRequestor = z.infer<typeof tokenRequestorFile>

/** The JSON Schema that editors complete and check scenario files with. */
export function scenarioJsonSchema(): object {
  return {
    title: 'mdes-simulator scenario',
    ...z.toJSONSchema(scenarioFile, { io: 'input' }),
  }
}
