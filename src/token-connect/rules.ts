import { assumptions } from '../assumptions.ts'
import { apiError, assetRefusals } from './refusals.ts'
import { accountSections } from './rules/accounts.ts'
import { requestSections } from './rules/requests.ts'
import type { FaultKind, FieldRule, Operation, Section, SpecialRule } from './rules/rule.ts'
import { specialRules } from './rules/special.ts'

/*
 * Every rule of Token Connect's requests as a table: what is refused, and how. The rules are under `rules/`; here is what they answer.
 */

export type { FaultKind, FieldRule, Operation, Section, SpecialRule }
export { specialRules }

export const sections: readonly Section[] = [...requestSections, ...accountSections]

/** Which part of the answer has the error: all of it, one account of several, or an asset's own form without a responseId. */
export type Layer = 'request' | 'account' | 'asset'

export type RuleAnswer = {
  readonly layer: Layer
  readonly status: number
  readonly source: 'INPUT' | 'MDES'
  readonly reasonCode: string
  readonly description: string
}

/** What every kind of fault in a field gives, whichever the field. */
export const reasonCodes: Readonly<Record<FaultKind, string>> = {
  missing: 'MISSING_REQUIRED_FIELD',
  'wrong type': 'INVALID_FIELD_FORMAT',
  'too short': 'INVALID_FIELD_LENGTH',
  'too long': 'INVALID_FIELD_LENGTH',
  'bad format': 'INVALID_FIELD_FORMAT',
  'bad value': 'INVALID_FIELD_VALUE',
}

/** The answer to a field with a fault. */
export function answerToFault(operation: Operation, path: string, kind: FaultKind): RuleAnswer {
  const layer = operation === 'getAsset' ? 'asset' : 'request'
  return answer(layer, reasonCodes[kind], fieldNameOf(path))
}

/** The answer to a rule that is broken. pushAccount has one account, so whatever is wrong with it is wrong with the request. */
export function answerToRule(
  { layer, reasonCode, field = '' }: SpecialRule,
  operation: Operation,
): RuleAnswer {
  return answer(operation === 'pushAccount' ? 'request' : layer, reasonCode, field)
}

function answer(layer: Layer, reasonCode: string, field: string): RuleAnswer {
  const { source, description = '' } = apiError({ code: reasonCode, because: '', facts: { field } })
  return { layer, status: statusOf(layer, reasonCode), source, reasonCode, description }
}

function statusOf(layer: Layer, reasonCode: string): number {
  const refusal = Object.values(assetRefusals).find((one) => one.reasonCode === reasonCode)
  // What is wrong with one account never makes the whole answer another one.
  if (layer === 'account') return 200
  return layer === 'asset' && refusal !== undefined ? refusal.status : assumptions.errorStatus
}

/** What the wire calls the field at a path: its own name; an item of an array goes by the array's. */
export function fieldNameOf(path: string): string {
  return path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? path
}
