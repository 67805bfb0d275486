import type { z } from 'zod'
import { type Fault, Refusal, refuse, type Tolerate } from '../errors.ts'
import { misplacedEncryption } from '../explain/payload/encrypted-place.ts'
import type { KnownMembers } from '../explain/payload/unknown-members.ts'
import { pushAccountMembers, pushMultipleAccountsMembers } from './message-members.ts'
import {
  type Account,
  accounts,
  fundingAccountData,
  getEligibleTokenRequestors,
  type PushRequest,
  plainPushAccount,
  plainPushMultipleAccounts,
  pushAccount,
  pushMultipleAccounts,
} from './messages.ts'

/*
 * Reads messages by their shapes: what is tolerated, and how each field that is wrong is called on the wire and in the journal.
 */

/**
 * @param plainAllowed whether accounts may come unencrypted, which they may with `--relaxed` only.
 * @throws {Refusal} INVALID_JSON (no object, nested without end, or an encrypted object at the wrong place), or one fault per field: MISSING_REQUIRED_FIELD, INVALID_FIELD_FORMAT,
 * INVALID_FIELD_LENGTH or INVALID_FIELD_VALUE.
 */
export function readPushMultipleAccounts(
  json: unknown,
  plainAllowed: boolean,
  tolerate: Tolerate,
): PushRequest {
  const schema = plainAllowed ? plainPushMultipleAccounts : pushMultipleAccounts
  return readSealed(schema, json, pushMultipleAccountsMembers.request, tolerate)
}

/** @throws {Refusal} like {@link readPushMultipleAccounts}. */
export function readPushAccount(json: unknown, plainAllowed: boolean, tolerate: Tolerate) {
  const schema = plainAllowed ? plainPushAccount : pushAccount
  return readSealed(schema, json, pushAccountMembers.request, tolerate)
}

/** Observed: an encrypted object at the wrong place is no valid JSON to the real service, whatever fields are missing for it. */
function readSealed<T>(
  schema: z.ZodType<T>,
  json: unknown,
  knownMembers: KnownMembers,
  tolerate: Tolerate,
): T {
  try {
    return read(schema, json, [], tolerate)
  } catch (error) {
    const [misplaced] = misplacedEncryption(json, knownMembers)
    if (misplaced === undefined) throw error
    return refuse('INVALID_JSON', misplaced.because)
  }
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
 * @param most accounts.
 * @throws {Refusal} like {@link readPushMultipleAccounts}.
 */
export function readAccounts(json: unknown, most: number, tolerate: Tolerate): readonly Account[] {
  const under = ['pushFundingAccounts', 'encryptedPayload', 'encryptedData']
  if (Array.isArray(json) && json.length > most)
    refuse(
      'INVALID_FIELD_LENGTH',
      `${under.join('.')}: holds ${json.length} accounts; at most ${most} are taken at once (assumed: five receipts are what may be handed over)`,
      { field: 'encryptedData', path: under.join('.') },
    )
  return read(accounts, json, under, tolerate)
}

/** More than any message of ours can have; a hostile one could have a million. */
const mostFaults = 100

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
  for (const issue of result.error.issues.flatMap(innermost)) {
    const path = [...under, ...issue.path]
    const name = path.map(String).join('.')
    // An item of an array goes by the array's name.
    const field = path.findLast((part) => typeof part === 'string')
    if (field === undefined)
      refuse('INVALID_JSON', `the body is ${kindOf(issue.input)}; expected an object`)
    if (!faults.has(name)) faults.set(name, faultOf(issue, name, field))
    if (faults.size === mostFaults) break
  }
  const [first, ...rest] = faults.values()
  throw first === undefined ? result.error : new Refusal(first, ...rest)
}

/** Names of the members. */
type Tolerated = { readonly nulls: string[]; readonly wordsForBooleans: string[] }

/** Far beyond any message, and far from the end of the stack. */
const maximumDepth = 50
/** One more than any list may have, so that a longer one is seen to be too long and its items need not all be looked at. */
const itemsRead = 101

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
    refuse('INVALID_JSON', `the JSON is nested more than ${maximumDepth} deep`, {
      depth: 'exceeded',
    })
  if (Array.isArray(value))
    return value.slice(0, itemsRead).map((item) => tolerant(item, tolerated, depth + 1))
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
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  const first = issue.code === 'invalid_union' ? issue.errors[0] : undefined
  return first === undefined
    ? [issue]
    : first.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

function faultOf(issue: z.core.$ZodIssue, path: string, field: string): Fault {
  return {
    code: reasonCodeOf(issue),
    because: `${path || 'body'}: ${wordingOf(issue)}`,
    facts: { field, path },
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
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : (kinds[typeof value] ?? typeof value)
}

function sizeOf(value: unknown): string {
  if (typeof value === 'string') return `has ${value.length} characters`
  if (Array.isArray(value))
    return `has ${value.length < itemsRead ? value.length : `more than ${itemsRead - 1}`} items`
  return 'is out of range'
}
