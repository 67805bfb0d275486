import { z } from 'zod'
import { callbackObjection, maximumCallbackLength } from '../callback-url.ts'
import { parseInstant } from '../clock.ts'
import { type Fault, Refusal, refuse, type Tolerate } from '../errors.ts'
import { membersAt } from '../schema-members.ts'

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

export const pushMultipleAccounts = z.object({
  requestId,
  tokenRequestorId: digits(11, 11),
  pushFundingAccounts: z.object({ encryptedPayload }),
  signatureData: signatureData.optional(),
  requestIssuerInitiatedDigitizationData: z.boolean().optional(),
  pushAccountReceiptsValidityPeriod: z.number().int().min(5).max(15).optional(),
  authenticationCode: text(1, 32)
    .regex(/^[0-9A-Za-z]*$/, 'expected letters and digits only')
    .optional(),
})
const plainPushMultipleAccounts = pushMultipleAccounts.extend({
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
const plainPushAccount = pushAccount.extend({
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

/**
 * @param plainAllowed whether accounts may come unencrypted, which they may with `--relaxed` only.
 * @throws {Refusal} INVALID_JSON (nested without end), or one fault per field: MISSING_REQUIRED_FIELD, INVALID_FIELD_FORMAT,
 * INVALID_FIELD_LENGTH or INVALID_FIELD_VALUE.
 */
export function readPushMultipleAccounts(
  json: unknown,
  plainAllowed: boolean,
  tolerate: Tolerate,
): PushRequest {
  return read(plainAllowed ? plainPushMultipleAccounts : pushMultipleAccounts, json, [], tolerate)
}

/** @throws {Refusal} like {@link readPushMultipleAccounts}. */
export function readPushAccount(json: unknown, plainAllowed: boolean, tolerate: Tolerate) {
  return read(plainAllowed ? plainPushAccount : pushAccount, json, [], tolerate)
}

/** @throws {Refusal} like {@link readPushMultipleAccounts}. */
export function readGetEligibleTokenRequestors(json: unknown, tolerate: Tolerate) {
  return read(getEligibleTokenRequestors, json, [], tolerate)
}

/**
 * What the ciphertext of pushAccount holds: one account, without a name.
 *
 * @throws {Refusal} like {@link readPushMultipleAccounts}.
 */
export function readFundingAccount(
  json: unknown,
  tolerate: Tolerate,
): Account['fundingAccountData'] {
  const under = ['pushFundingAccount', 'encryptedPayload', 'encryptedData']
  return read(fundingAccountData, json, under, tolerate)
}

/**
 * What the ciphertext of pushMultipleAccounts holds.
 *
 * @throws {Refusal} like {@link readPushMultipleAccounts}.
 */
export function readAccounts(json: unknown, tolerate: Tolerate): readonly Account[] {
  const under = ['pushFundingAccounts', 'encryptedPayload', 'encryptedData']
  return read(accounts, json, under, tolerate)
}

function read<T>(
  schema: z.ZodType<T>,
  json: unknown,
  under: readonly PropertyKey[],
  tolerate: Tolerate,
): T {
  const tolerated: Tolerated = { nulls: [], wordsForBooleans: [] }
  const result = schema.safeParse(tolerant(json, tolerated), { reportInput: true })
  if (result.success) {
    for (const fault of assumedIn(tolerated)) tolerate(fault)
    return result.data
  }
  // A field that is too long is often ill-formed too; its first fault says enough.
  const faults = new Map<string, Fault>()
  for (const issue of result.error.issues.map(innermost)) {
    const path = [...under, ...issue.path]
    const name = path.map(String).join('.')
    // An item of an array goes by the array's name.
    const field = path.findLast((part) => typeof part === 'string') ?? 'body'
    if (!faults.has(name)) faults.set(name, faultOf(issue, name, field))
  }
  const [first, ...rest] = faults.values()
  throw first === undefined ? result.error : new Refusal(first, ...rest)
}

/** Names of the members. */
type Tolerated = { readonly nulls: string[]; readonly wordsForBooleans: string[] }

/** Far beyond any message, and far from the end of the stack. */
const maximumDepth = 50

const booleans: readonly string[] = [
  'completeIssuerAppActivation',
  'completeWebsiteActivation',
  'accountHolderDataSupplied',
  'requestIssuerInitiatedDigitizationData',
  'supportsTokenConnect',
]

/** Assumption: members that are `null` count as absent, and the names of booleans as booleans, in any case. */
function tolerant(value: unknown, tolerated: Tolerated, depth = 0): unknown {
  if (depth > maximumDepth)
    refuse('INVALID_JSON', `the JSON is nested more than ${maximumDepth} deep`)
  if (Array.isArray(value)) return value.map((item) => tolerant(item, tolerated, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (member === null) {
      tolerated.nulls.push(name)
      return []
    }
    if (booleans.includes(name) && typeof member === 'string' && /^(true|false)$/i.test(member)) {
      tolerated.wordsForBooleans.push(name)
      return [[name, member.toLowerCase() === 'true']]
    }
    return [[name, tolerant(member, tolerated, depth + 1)]]
  })
  return Object.fromEntries(members)
}

function assumedIn({ nulls, wordsForBooleans }: Tolerated): readonly Fault[] {
  const fault = (names: readonly string[], what: string): readonly Fault[] => {
    const [field] = names
    if (field === undefined) return []
    const others = names.length > 1 ? ` (and ${names.length - 1} more)` : ''
    return [
      {
        code: 'INVALID_FIELD_FORMAT',
        because: `${field}${others} ${what}`,
        facts: { field },
      },
    ]
  }
  return [
    ...fault(nulls, 'is null and was taken as absent; leave it out to be sure'),
    ...fault(
      wordsForBooleans,
      'is text; the specification declares a JSON boolean, though "not case sensitive"',
    ),
  ]
}

/** Of ciphertext or plain accounts, what is said about ciphertext counts. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const first = issue.code === 'invalid_union' ? issue.errors[0]?.[0] : undefined
  return first === undefined ? issue : { ...first, path: [...issue.path, ...first.path] }
}

function faultOf(issue: z.core.$ZodIssue, path: string, field: string): Fault {
  return {
    code: reasonCodeOf(issue),
    because: `${path || 'body'}: ${wordingOf(issue)}`,
    facts: { field },
  }
}

function reasonCodeOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'MISSING_REQUIRED_FIELD' : 'INVALID_FIELD_FORMAT'
    case 'too_small':
    case 'too_big':
      return issue.origin === 'number' ? 'INVALID_FIELD_VALUE' : 'INVALID_FIELD_LENGTH'
    case 'invalid_value':
      return typeof issue.input === 'string' ? 'INVALID_FIELD_VALUE' : 'INVALID_FIELD_FORMAT'
    case 'custom':
      return String(issue.params?.reasonCode)
    default:
      return 'INVALID_FIELD_FORMAT'
  }
}

/** What came, by its kind and length and never by its value, and what is allowed. */
function wordingOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing; expected ${kinds[issue.expected] ?? issue.expected}`
        : `expected ${kinds[issue.expected] ?? issue.expected}, and not ${kindOf(issue.input)}`
    case 'too_small':
      return `${sizeOf(issue.input)}; expected at least ${issue.minimum}`
    case 'too_big':
      return `${sizeOf(issue.input)}; expected at most ${issue.maximum}`
    case 'invalid_value':
      return `expected ${issue.values.map(String).join(' or ')}`
    case 'invalid_format':
      return `${issue.message}, in text of ${String(issue.input).length} characters`
    default:
      return issue.message
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'an array' : (kinds[typeof value] ?? typeof value)
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `has ${value.length} characters`
  if (Array.isArray(value)) return `has ${value.length} items`
  return 'is out of range'
}

/** The member names that the messages of an operation know, at a path. */
export type OperationMembers = {
  readonly request: (path: readonly PropertyKey[]) => readonly string[]
  /** Of what the ciphertext holds. */
  readonly content: (path: readonly PropertyKey[]) => readonly string[]
}

const nothingInside = z.object({})
export const pushMultipleAccountsMembers = membersOf(pushMultipleAccounts, accounts)
export const pushAccountMembers = membersOf(pushAccount, fundingAccountData)
export const getEligibleTokenRequestorsMembers = membersOf(
  getEligibleTokenRequestors,
  nothingInside,
)

const operationMembers: Readonly<Record<string, OperationMembers>> = {
  pushMultipleAccounts: pushMultipleAccountsMembers,
  pushAccount: pushAccountMembers,
  getEligibleTokenRequestors: getEligibleTokenRequestorsMembers,
}

/** @returns undefined for an operation without a body. */
export function membersOfOperation(operation: string): OperationMembers | undefined {
  return Object.hasOwn(operationMembers, operation) ? operationMembers[operation] : undefined
}

function membersOf(request: z.core.$ZodType, content: z.core.$ZodType): OperationMembers {
  return { request: rememberedMembers(request), content: rememberedMembers(content) }
}

/** Walking a schema takes a while, and it never changes. */
function rememberedMembers(schema: z.core.$ZodType) {
  const known = new Map<string, readonly string[]>()
  return (path: readonly PropertyKey[]): readonly string[] => {
    // Items of a list are alike; only paths that exist in the schema are asked for again and again.
    const key = path.map((part) => (typeof part === 'number' ? 0 : String(part))).join('\n')
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const members = membersAt(schema, path)
    if (members.length > 0) known.set(key, members)
    return members
  }
}
