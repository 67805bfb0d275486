import { z } from 'zod'
import { membersAt } from '../schema-members.ts'
import {
  accounts,
  fundingAccountData,
  getEligibleTokenRequestors,
  pushAccount,
  pushMultipleAccounts,
} from './messages.ts'

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
