import type { Example, FaultKind, FieldRule } from './rule.ts'

/* Kinds of values: what is allowed in words, and an example of each fault. */

type Value = Pick<FieldRule, 'allowed' | 'faults'>

const count = (min: number, max: number) => (min === max ? `${min}` : `${min} to ${max}`)

/** A text one character too short and one too long, as far as there are limits. */
function lengths(min: number, max: number, character: string): Value['faults'] {
  return {
    ...(min > 0 && { 'too short': [character.repeat(min - 1)] }),
    ...(Number.isFinite(max) && { 'too long': [character.repeat(max + 1)] }),
  }
}

export function text(min: number, max: number): Value {
  return {
    allowed:
      min === 0 ? `text of at most ${max} characters` : `text of ${count(min, max)} characters`,
    faults: { 'wrong type': [7, ['x']], ...lengths(min, max, 'x') },
  }
}

export function digits(min: number, max: number): Value {
  return {
    allowed: `text of ${count(min, max)} digits`,
    faults: {
      'wrong type': [Number('5'.repeat(min))],
      ...lengths(min, max, '5'),
      'bad format': ['x'.repeat(min), `${'5'.repeat(min - 1)} `],
    },
  }
}

export function hex(min: number, max: number): Value {
  return {
    allowed: `text of ${count(min, max)} hexadecimal digits, of either case`,
    faults: {
      'wrong type': [7],
      ...lengths(min, max, 'a'),
      'bad format': ['g'.repeat(min)],
    },
  }
}

export function oneOf(...values: readonly string[]): Value {
  return {
    allowed: values.join(' or '),
    faults: { 'wrong type': [7], 'bad value': ['XYZ', (values[0] ?? '').toLowerCase()] },
  }
}

export const boolean: Value = {
  allowed: 'true or false',
  faults: { 'wrong type': ['yes', 1] },
}

export const object: Value = { allowed: 'an object', faults: { 'wrong type': [[], 'text'] } }

export const alpha3: Value = {
  allowed: 'three capital letters (ISO 3166-1 alpha-3)',
  faults: {
    'wrong type': [840],
    'too short': ['US'],
    'too long': ['USAA'],
    'bad format': ['usa', '840'],
  },
}

/** The same value with another description, or with more examples. */
export function but(value: Value, { allowed = value.allowed, faults = {} }: Partial<Value>): Value {
  const kinds = Object.entries(faults) as [FaultKind, readonly Example[]][]
  return {
    allowed,
    faults: {
      ...value.faults,
      ...Object.fromEntries(
        kinds.map(([kind, examples]) => [kind, [...(value.faults[kind] ?? []), ...examples]]),
      ),
    },
  }
}

/** @param presence when it is required, if not always. Members that are `null` count as absent. */
export function required(path: string, value: Value, presence = 'required'): FieldRule {
  return { path, presence, ...value, faults: { missing: [undefined, null], ...value.faults } }
}

export function optional(path: string, value: Value, presence = 'optional'): FieldRule {
  return { path, presence, ...value }
}
