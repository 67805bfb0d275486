import { z } from 'zod'
import { schemaWords } from '../schema-words.ts'
import { transportFaults } from '../transport.ts'
import { problemNames } from './problem-names.ts'
import { unknownReasonCode } from './reason-codes.ts'
import { notEmpty, quoted } from './schema-parts.ts'
import { nonsense } from './sense.ts'
import { type Status, statuses } from './statuses.ts'

const statusNames = Object.keys(statuses) as [Status, ...Status[]]
const status = z.enum(statusNames)

const cardNumber = quoted(/^\d{9,19}$/, '9 to 19 digits, quoted')
const cardNumberPart = quoted(/^\d{1,19}$/, '1 to 19 digits, quoted')
/** What may stand in a URL once it is percent-encoded. */
const visible = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible characters, quoted')

const apiError = z
  .strictObject({
    source: z
      .enum(['INPUT', 'MDES'])
      .describe('Who found it: INPUT for the request, MDES for what lies behind.'),
    reasonCode: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'expected a code such as ACCOUNT_INELIGIBLE')
      .describe(
        'A code of Token Connect or its sibling APIs, or one of your own, which then needs a description.',
      ),
    description: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe('At most 256 characters; without it the usual text of the code.'),
  })
  .superRefine(({ reasonCode, description }, { addIssue }) => {
    const message = description === undefined ? unknownReasonCode(reasonCode) : undefined
    if (message !== undefined) addIssue({ code: 'custom', path: ['reasonCode'], message })
  })
export type ApiError = z.infer<typeof apiError>
const apiErrors = z.array(apiError).min(1)

const milliseconds = z
  .number()
  .int()
  .min(0)
  .max(600_000)
  .register(schemaWords, { unit: 'milliseconds' })
const delay = z
  .union([
    milliseconds,
    z
      .tuple([milliseconds, milliseconds])
      .refine(([least, most]) => least <= most, {
        error: ({ input }) =>
          `expected the smaller number first: write [${[input].flat().reverse().join(', ')}]`,
      })
      .register(schemaWords, { form: '[least, most]' }),
  ])
  .describe(
    'Milliseconds, at most ten minutes; of a range such as [100, 900] each time one is drawn, with a seed the same ones again.',
  )
export type Delay = z.infer<typeof delay>

const transport = z.enum(transportFaults)

const wouldAlwaysHold = 'is empty and would always hold; name a fact or leave it out'

const card = z
  .strictObject({
    number: cardNumber.optional().describe('The whole card number.'),
    startsWith: cardNumberPart.optional().describe('How the card number begins.'),
    endsWith: cardNumberPart.optional().describe('How the card number ends.'),
  })
  .refine(notEmpty, wouldAlwaysHold)
  .refine(
    ({ number, startsWith, endsWith }) =>
      number === undefined || (startsWith === undefined && endsWith === undefined),
    'number says it all; leave out startsWith and endsWith',
  )
  .describe('Holds when it fits any card of the push.')
  .register(schemaWords, { main: 'number' })

const when = z
  .strictObject({
    card: card.optional(),
    tokenRequestorId: quoted(/^\d{11}$/, '11 digits, quoted')
      .optional()
      .describe('Whom the card is pushed to; Click to Pay is 50123197928.'),
    accountHolderName: z
      .string()
      .min(1)
      .optional()
      .describe('Exactly as sent, of any account of the push.'),
    locale: z
      .string()
      .regex(/^[a-z]{2}_[A-Z]{2}$/, 'expected ll_CC, such as en_US')
      .optional()
      .describe("Of the push's signatureData, as ll_CC."),
    consumerKey: quoted(
      /^[^!\s]{48}![^!\s]{48}$/,
      '97 characters: client id, "!" and key id, quoted',
    )
      .optional()
      .describe('Which issuer pushes.'),
    push: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('The n-th push of the consumer key since the last reset.'),
  })
  .refine(notEmpty, wouldAlwaysHold)
  .describe('Facts of the push; all must hold. Without it the scenario is chosen by name only.')
export type When = z.infer<typeof when>

const gateway = z
  .strictObject({
    status: z
      .literal([401, 408, 429, 500, 502, 503, 504])
      .optional()
      .describe(
        'HTTP status of the gateway, in its own envelope. 401: the project is not entitled; 429: its quota is used up.',
      ),
    retryAfter: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .register(schemaWords, { unit: 'seconds' })
      .optional()
      .describe('Seconds, for the header Retry-After of 429 and 503.'),
    times: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe(
        'How many calls of the consumer key this happens to; then as usual. Without it, all.',
      ),
    delay: delay.optional(),
    transport: transport
      .optional()
      .describe(
        'reset and timeout: the call is lost on its way in, and not carried out. truncated and garbage: its answer is cut in half, or unreadable.',
      ),
  })
  .describe(
    'What happens to any signed call at the gateway, in front of the operations. Acts before there is a push: chosen by header, use or default.',
  )

const eligibility = z
  .strictObject({
    tokenRequestors: z
      .array(quoted(/^\d{11}$/, '11 digits, quoted'))
      .optional()
      .describe('Only these are named, if they are eligible at all.'),
    errors: apiErrors.optional().describe('Refuses the request.'),
  })
  .describe('What getEligibleTokenRequestors answers. Chosen by header, use or default.')

const receipt = z
  .strictObject({
    prefix: z
      .enum(['MCC', 'DMC', 'MSI', 'PVL'])
      .optional()
      .describe('Credit, debit, Maestro or private label.'),
    validityMinutes: z
      .number()
      .int()
      .min(5)
      .max(15)
      .register(schemaWords, { unit: 'minutes' })
      .optional()
      .describe('Instead of what the push asks for.'),
    state: z
      .enum(['valid', 'expiring', 'expired', 'used'])
      .optional()
      .describe(
        'expired and used are so from the moment of the push; expiring is valid when the page opens, and expired when the cardholder decides.',
      ),
  })
  .describe('The receipts of the push.')

const push = z
  .strictObject({
    delay: delay.optional(),
    transport: transport
      .optional()
      .describe(
        'The push is carried out, and its answer lost: by a reset, never coming (timeout), cut in half, or unreadable.',
      ),
    errors: apiErrors.optional().describe('Refuses the whole request.'),
    accounts: z
      .array(
        z.strictObject({
          errors: apiErrors.optional().describe('Refuses this account, which gets no receipt.'),
        }),
      )
      .optional()
      .describe('By position; an account with errors gets no receipt.'),
    receipt: receipt.optional(),
    signature: z
      .enum(['valid', 'tampered', 'wrong-key', 'unknown-kid', 'absent'])
      .optional()
      .describe(
        'tampered: changed after signing; wrong-key: signed with another key than its kid says; unknown-kid: signed with a key that is served nowhere; absent: as of token requestors without signatures. The page refuses the first three.',
      ),
  })
  .describe('How the push is answered.')

const provision = z
  .strictObject({
    consumer: z
      .enum(['remembered', 'known', 'new'])
      .optional()
      .describe(
        'Whom the pages meet: a device that is remembered, a known e-mail address, or somebody new.',
      ),
    pages: z
      .enum(['show', 'skip'])
      .optional()
      .describe(
        'skip sends the browser on at once. Without it: show with the outcome ask, else skip.',
      ),
    outcome: z
      .union([z.enum(['ask', ...statusNames]), z.array(status).min(1).max(5)])
      .optional()
      .describe(
        'ask lets the person at the page decide; a status is how it ends, whatever was there before; a list ends the receipts by position, its last one all further ones. Without it: APPROVED, or DUPLICATE_REQUEST when the same cardholder has the card already.',
      ),
    stepUp: z
      .strictObject({
        method: z
          .enum(['text', 'email', 'issuer-app', 'issuer-website', 'call-centre'])
          .describe('How the cardholder proves who they are.'),
        outcome: z
          .enum(['completed', 'failed', 'skipped'])
          .describe(
            'completed ends APPROVED, the others REQUIRE_ADDITIONAL_AUTHENTICATION; with the authentication service of merchants AUTHENTICATED and DELETED, if outcome says so.',
          ),
      })
      .optional()
      .describe('The issuer asks for more proof before it approves.'),
    delay: delay.optional(),
    transport: transport
      .optional()
      .describe('The page does not arrive, or not whole; nothing is decided.'),
  })
  .describe("What the cardholder's browser meets at Click to Pay.")

/** What the browser may be made to tell. */
const toldStatus = z
  .enum(statusNames)
  .register(schemaWords, { hint: 'an unknown status is malformed: unknown-status' })

const callback = z
  .strictObject({
    send: z
      .enum(['once', 'twice', 'late', 'never'])
      .optional()
      .describe(
        'twice: the browser goes back, and again after the delay; late: it stays on the last page for the delay; never: it stays there for good.',
      ),
    delay: milliseconds
      .optional()
      .describe(
        'Milliseconds, at most ten minutes: of twice (default 1000) and late (default 30000).',
      ),
    results: z
      .array(
        z.strictObject({
          status: toldStatus.optional().describe('Instead of how it ended.'),
          token: visible.optional().describe('Instead of the token reference.'),
          receipt: visible.optional().describe('Instead of the receipt.'),
        }),
      )
      .max(10)
      .refine(
        (results) => results.length === 0 || results.some(notEmpty),
        'changes nothing; name what is different in one of them: status, token or receipt',
      )
      .optional()
      .describe(
        'What the bank is told instead of the truth, by position; {} is as usual, and [] tells nothing at all.',
      ),
    malformed: z
      .enum(['raw-brackets', 'no-token', 'unknown-status', 'empty', 'double-encoded'])
      .optional()
      .describe(
        'raw-brackets: [ ] and | not percent-encoded, as some browsers have it; no-token: without the token reference; unknown-status: PENDING, which nobody knows; empty: nothing after the =; double-encoded: percent-encoded twice.',
      ),
    extra: z
      .record(z.string().regex(/^[\w.~-]{1,64}$/, 'expected letters, digits and - . _ ~'), visible)
      .optional()
      .describe('Further query parameters, after the results.'),
  })
  .describe("How the browser goes back to the bank's callbackURL.")

const expect = z
  .strictObject({
    push: z
      .strictObject({
        status: z.number().int().min(200).max(599).optional().describe('HTTP status.'),
        errors: z
          .array(z.string())
          .min(1)
          .optional()
          .describe('Reason codes, of the request or its accounts, in their order.'),
        receipts: z.number().int().min(0).optional().describe('How many there are.'),
      })
      .refine(notEmpty, 'is empty; name what is expected, or leave it out')
      .optional()
      .describe('What the last push is answered with.'),
    redirect: z
      .strictObject({
        useCase: z
          .enum(['receipt', 'signature'])
          .optional()
          .describe('Plain parameters, or the signature.'),
        parameters: z
          .record(z.string(), z.string())
          .refine(notEmpty, 'is empty; name what is expected, or leave it out')
          .optional()
          .describe('Query parameters that the bank must send, as they are once decoded.'),
      })
      .refine(notEmpty, 'is empty; name what is expected, or leave it out')
      .optional()
      .describe("How the bank sends the cardholder's browser to Click to Pay."),
    page: z.enum(problemNames).optional().describe('The problem page on which the journey ends.'),
    callback: z
      .union([
        z.literal('none'),
        z
          .strictObject({
            status: z
              .union([status, z.array(status).min(1)])
              .optional()
              .describe('What the bank is told; a list for several receipts.'),
            token: z
              .enum(['present', 'absent'])
              .optional()
              .describe('Whether a token reference goes with it.'),
            within: milliseconds.optional().describe('Milliseconds since the push.'),
            times: z.number().int().min(1).max(2).optional().describe('How often it comes.'),
          })
          .refine(notEmpty, 'is empty; name what is expected, or leave it out'),
      ])
      .optional()
      .describe('What comes back to the bank; none: nothing may.'),
    pushes: z.number().int().min(1).optional().describe('How many pushes the bank makes in all.'),
  })
  .refine(notEmpty, 'is empty; name what is expected, or leave it out')
  .describe('What `play` checks; nothing here changes what happens.')

const sections = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words with dashes')
    .describe("The file's name without .yaml."),
  description: z.string().min(1).describe('One sentence: the story.'),
  when: when.optional(),
  gateway: gateway.optional(),
  eligibility: eligibility.optional(),
  push: push.optional(),
  provision: provision.optional(),
  callback: callback.optional(),
  expect: expect.optional(),
})

/** A scenario as its sections allow it; whether they go together is for `sense.ts` to say. */
export type ScenarioContent = z.infer<typeof sections>

/** A scenario file. Every section is optional and every key is strict. */
export const scenarioFile = sections.superRefine((scenario, { addIssue }) => {
  for (const { path, message } of nonsense(scenario))
    addIssue({ code: 'custom', path: [...path], message })
})

/** One story: what happens at each stage of a push. */
export type Scenario = z.infer<typeof scenarioFile>
