import { z } from 'zod'
import { callbackObjection, maximumCallbackLength } from '../callback-url.ts'
import { parseInstant } from '../clock.ts'

/*
 * The shapes of Token Connect's requests: spec 2.11, restated field by field. Every field that is wrong is one fault. Unknown members are
 * let through (assumption: the real service ignores them; a widely copied test payload carries `securityCode`).
 */

const text = (min: number, max: number) => z.string().min(min).max(max)
const digits = (min: number, max: number) => text(min, max).regex(/^\d*$/, 'expected digits only')
const hex = (min: number, max: number) =>
  text(min, max).regex(/^[0-9a-fA-F]*$/, 'expected hexadecimal digits only')
const alpha3 = z
  .string()
  .length(3)
  .regex(/^[A-Z]*$/, 'expected 3 letters in upper case')

/** What zod is told of a rule of ours, with the reason code it gives. */
function brokenRule(reasonCode: string, message: string) {
  return { code: 'custom' as const, message, params: { reasonCode } }
}

/** A rule for one value; its objection says what would be right. */
function rule<T>(reasonCode: string, objectionTo: (value: T) => string | undefined) {
  return (value: T, context: z.core.$RefinementCtx<T>) => {
    const message = objectionTo(value)
    if (message !== undefined) context.addIssue(brokenRule(reasonCode, message))
  }
}

/** Rules of several members are asked whatever else is wrong: several faults are several errors. */
const evenWithFaults = {
  when: ({ value }: z.core.ParsePayload) => typeof value === 'object' && !Array.isArray(value),
}
const evenWithFaultyItems = { when: ({ value }: z.core.ParsePayload) => Array.isArray(value) }

const callbackURL = text(1, maximumCallbackLength).superRefine(
  rule('INVALID_FIELD_VALUE', callbackObjection),
)

const signatureData = z.object({
  callbackURL: callbackURL.optional(),
  completeIssuerAppActivation: z.boolean().optional(),
  completeWebsiteActivation: z.boolean().optional(),
  accountHolderDataSupplied: z.boolean().optional(),
  locale: text(4, 5)
    .regex(/^[a-z]{2}_[A-Z]{2}$/, 'expected ll_CC, such as en_US')
    .optional(),
  tokenRequestorSessionId: text(3, 64).optional(),
})

/** 24 digits for GCM, 32 for CBC. Which fits the cipher mode is asked when it is decrypted. */
const iv = hex(24, 32).superRefine(
  rule('INVALID_FIELD_LENGTH', ({ length }) =>
    length > 24 && length < 32 ? 'expected 24 or 32 hexadecimal digits' : undefined,
  ),
)

const cbcPayload = z.object({
  encryptedData: z.string().min(1),
  publicKeyFingerprint: hex(32, 64),
  encryptedKey: hex(32, 512),
  oaepHashingAlgorithm: z.enum(['SHA256', 'SHA512']).optional(),
  iv: iv.optional(),
})

const encryptedPayload = cbcPayload
  .extend({
    algorithmCipherMode: z.enum(['CBC', 'GCM']).optional(),
    tag: hex(1, 36).optional(),
    aad: hex(1, 36).optional(),
  })
  .superRefine(({ algorithmCipherMode, tag, aad }, context) => {
    // Of a mode that is none, nobody can say what goes with it.
    if (!['CBC', 'GCM', undefined].includes(algorithmCipherMode)) return
    for (const [member, value] of Object.entries({ tag, aad })) {
      const [reasonCode, expected] =
        algorithmCipherMode === 'GCM'
          ? ['MISSING_REQUIRED_FIELD', 'required with GCM']
          : ['INVALID_FIELD_VALUE', 'expected to be absent without GCM']
      if ((value === undefined) === (algorithmCipherMode === 'GCM'))
        context.addIssue({ path: [member], ...brokenRule(reasonCode, expected) })
    }
  }, evenWithFaults)

/** What `--relaxed` takes in place of ciphertext: the accounts themselves, or the one account. */
const plainPayload = z.object({ encryptedData: z.array(z.unknown()) })
const plainSinglePayload = z.object({ encryptedData: z.looseObject({}) })

const requestId = text(1, 64)

/** Minutes: "more than 4", and whole ones, as a fraction is nowhere seen. */
const validityPeriod = z
  .number()
  .min(5)
  .max(15)
  .superRefine(
    rule('INVALID_FIELD_VALUE', (minutes) =>
      Number.isInteger(minutes) ? undefined : 'expected whole minutes',
    ),
  )

export const pushMultipleAccounts = z.object({
  requestId,
  tokenRequestorId: digits(11, 11),
  pushFundingAccounts: z.object({ encryptedPayload }),
  signatureData: signatureData.optional(),
  requestIssuerInitiatedDigitizationData: z.boolean().optional(),
  pushAccountReceiptsValidityPeriod: validityPeriod.optional(),
  authenticationCode: text(1, 32)
    .regex(/^[0-9A-Za-z]*$/, 'expected letters and digits only')
    .optional(),
})
export const plainPushMultipleAccounts = pushMultipleAccounts.extend({
  pushFundingAccounts: z.object({ encryptedPayload: z.union([encryptedPayload, plainPayload]) }),
})
export type PushRequest = z.infer<typeof plainPushMultipleAccounts>

export const pushAccount = z.object({
  requestId,
  tokenRequestorId: digits(11, 11),
  pushFundingAccount: z.object({
    // AES-GCM came with pushMultipleAccounts only: its members are unknown here, so they are ignored.
    encryptedPayload: cbcPayload,
  }),
})
export const plainPushAccount = pushAccount.extend({
  pushFundingAccount: z.object({ encryptedPayload: z.union([cbcPayload, plainSinglePayload]) }),
})

/** How many account ranges may be asked for at once. */
const maximumAccountRanges = 25

export const getEligibleTokenRequestors = z.object({
  requestId,
  accountRanges: z.array(digits(9, 19)).min(1).max(maximumAccountRanges),
  // Deprecated, and without effect since August 2022.
  supportsTokenConnect: z.boolean().optional(),
})

/** ISO 8601 extended, seconds and an offset required. */
const timestamp = text(20, 29).superRefine(
  rule('INVALID_FIELD_FORMAT', (value) =>
    parseInstant(value) === undefined
      ? 'expected YYYY-MM-DDThh:mm:ssZ or with an offset, of a date that exists'
      : undefined,
  ),
)

const cardAccountData = z.object({
  accountNumber: digits(9, 19),
  expiryMonth: digits(2, 2)
    .superRefine(
      rule('INVALID_FIELD_VALUE', (month) =>
        /^(0[1-9]|1[0-2])$/.test(month) ? undefined : 'expected 01 to 12',
      ),
    )
    .optional(),
  expiryYear: digits(2, 2).optional(),
})

const financialAccountData = z.object({
  financialAccountId: text(9, 64).regex(/^\S*$/, 'expected no blanks'),
  interbankCardAssociationId: digits(3, 11),
  countryCode: alpha3,
})

const accountHolderData = z.object({
  accountHolderName: text(1, 27).optional(),
  accountHolderAddress: z
    .object({
      line1: z.string().max(64).optional(),
      line2: z.string().max(64).optional(),
      city: z.string().max(32).optional(),
      countrySubdivision: z.string().max(12).optional(),
      postalCode: z.string().max(16).optional(),
      country: alpha3.optional(),
    })
    .optional(),
  accountHolderEmailAddress: text(6, 320).optional(),
  accountHolderMobilePhoneNumber: z
    .object({ countryDialInCode: digits(1, 4), phoneNumber: digits(1, 20) })
    .optional(),
})

export const fundingAccountData = z
  .object({
    dataValidUntilTimestamp: timestamp.optional(),
    cardAccountData: cardAccountData.optional(),
    financialAccountData: financialAccountData.optional(),
    accountHolderData: accountHolderData.optional(),
  })
  .superRefine((data, context) => {
    // Assumption: the specification marks neither as required; one must be there. With both, the card counts.
    if (data.cardAccountData === undefined && data.financialAccountData === undefined)
      context.addIssue({
        path: ['cardAccountData'],
        ...brokenRule('MISSING_REQUIRED_FIELD', 'expected cardAccountData or financialAccountData'),
      })
  }, evenWithFaults)

const account = z.object({ pushAccountId: text(1, 36), fundingAccountData })
export type Account = z.infer<typeof account>

export const accounts = z
  .array(account)
  .min(1)
  .superRefine((list, context) => {
    const seen = new Set<string>()
    for (const [position, item] of list.entries()) {
      // An item that is faulty itself may lack it.
      const pushAccountId: string | undefined = item?.pushAccountId
      if (pushAccountId === undefined) continue
      if (seen.has(pushAccountId))
        context.addIssue({
          path: [position, 'pushAccountId'],
          ...brokenRule('INVALID_FIELD_VALUE', 'expected to be unique in the request'),
        })
      seen.add(pushAccountId)
    }
  }, evenWithFaultyItems)
