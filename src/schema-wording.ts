import type { z } from 'zod'
import { suggestion } from './did-you-mean.ts'
import { dotted, excerptOf, shown } from './problem.ts'
import { homesOf, isOptional, membersAt, schemasAt } from './schema-members.ts'

/** What is wrong with the value at a path. */
export type Finding = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The member of `path` that should not be there. */
  readonly key?: string
  readonly severity?: 'error' | 'warning'
}

/** A file's text of the value at a path, where it is one without quotes. */
export type PlainText = (path: readonly PropertyKey[]) => string | undefined

/** What a schema has against a value, in words for whoever wrote it: what came, what is allowed, what was probably meant. */
export function findingsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  plainText: PlainText,
): readonly Finding[] {
  const findings = issues.flatMap((issue) => flatten(issue, schema, plainText))
  const placeOf = ({ path }: Finding) => path.map(String).join('\n')
  // A map whose keys are misspelt may seem to be empty, or to contradict itself.
  const misspelt = new Set(findings.filter(({ key }) => key !== undefined).map(placeOf))
  const said = new Set<string>()
  return findings.filter((finding) => {
    if (finding.key !== undefined) return true
    // One thing said about a value is enough: a text too short to be a URL is no URL either.
    const place = placeOf(finding)
    const isNew = !said.has(place) && !misspelt.has(place)
    said.add(place)
    return isNew
  })
}

/** One finding per unknown key, and of a union the branch that fits best, instead of zod's nested lists. */
function flatten(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  plainText: PlainText,
  under: readonly PropertyKey[] = [],
): readonly Finding[] {
  const path = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path, key, message: unknownKey(key, schema, path) }))
  if (issue.code === 'invalid_union') {
    const [best] = issue.errors
      .map((branch) => [...branch])
      .sort((a, b) => closeness(b) - closeness(a))
    const isDeep = typeof issue.input === 'object' && issue.input !== null
    if (isDeep && best !== undefined && best.length > 0)
      return best.flatMap((inner) => flatten(inner, schema, plainText, path))
  }
  return [{ path, message: wording(issue, schema, path, plainText(path)) }]
}

/** How near a union's branch came: problems deep inside it are better than the wrong kind of value altogether. */
function closeness(branch: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    ...branch.map(
      (issue) =>
        2 * issue.path.length +
        (['invalid_type', 'invalid_value'].includes(issue.code) && issue.path.length === 0 ? 0 : 1),
    ),
  )
}

function unknownKey(key: string, schema: z.core.$ZodType, path: readonly PropertyKey[]): string {
  const known = membersAt(schema, path)
  if (key === '<<') return 'merge keys are not known here; write the keys out'
  if (key === '') return 'there is no key before this colon; write one, or remove the line'
  const [before = '', after] = key.split(':')
  if (after !== undefined && known.includes(before))
    return `unknown key; a blank is missing after the colon: ${before}: ${excerptOf(after)}`
  const meant = suggestion(key, known)
  const homes = meant === '' ? homesOf(schema, [], key).map(dotted) : []
  const belongs =
    homes.length === 0 || homes.length > 4 ? '' : `, it belongs under ${homes.join(' or ')}`
  return `unknown key${meant}${belongs}; known are ${known.join(', ')}`
}

/** @param plain what stands in the file, if it has no quotes. */
function wording(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  plain: string | undefined,
): string {
  const { input } = issue
  const here = schemasAt(schema, path)
  const expected = expectation(here)
  if (issue.code === 'custom')
    return typeof input === 'string' && issue.message.startsWith('expected')
      ? `${came(input, plain)} is not allowed; ${issue.message}`
      : issue.message
  if (input === undefined) return `missing; expected ${expected}`
  if (input === null)
    return `is empty; expected ${expected}${isOptional(schema, path) ? ', or leave the key out' : ''}`

  const options = here.flatMap(allowedValues)
  const kinds = new Set(here.flatMap(kindsOf))
  if (typeof input === 'string') {
    const asNumber = input.trim() !== '' && Number.isFinite(Number(input))
    if (asNumber && kinds.has('number') && !kinds.has('string'))
      return `${came(input, plain)} is text; expected ${expected}: remove the quotes`
    const word = trueOrFalse(input)
    if (word !== undefined && kinds.has('boolean'))
      return `${came(input, plain)} is text; expected true or false: write ${word}`
    if (/^[“”„«‘’‚]/.test(input))
      return `${came(input, plain)} has typographic quotes; expected ${expected} in straight ones, " or '`
  }
  if (typeof input === 'number' || typeof input === 'boolean') {
    const kind = typeof input
    // 0047 and 50123197928 are numbers to YAML and identifiers to us.
    if (
      kinds.has('string') &&
      !kinds.has(kind) &&
      (options.length === 0 || options.includes(String(input)))
    )
      return `${came(input, plain)} is ${kind === 'number' ? 'a number' : 'true or false'} to YAML, and text is expected: quote this value: "${came(input, plain)}"`
  }
  if (issue.code === 'invalid_format' && issue.message.startsWith('expected'))
    return `${came(input, plain)} is not allowed; ${issue.message}`
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const said = size(input, plain, issue.code)
    const [list] = here.filter(({ _zod: { def } }) => def.type === 'array')
    if (Array.isArray(input) && list !== undefined)
      return `${said}; expected ${range(limitsOf(list), 'item')}`
    // What every number is held against, and no schema says.
    const isBeyondAll =
      issue.code === 'too_big' && here.every((one) => limitsOf(one).maximum === undefined)
    return `${said}; expected ${expected}${isBeyondAll ? `, at most ${issue.maximum}` : ''}`
  }
  if (issue.code === 'invalid_type' && issue.expected === 'int')
    return `${came(input, plain)} is no whole number; expected ${expected}`
  if (issue.code === 'invalid_type')
    return `${path.length === 0 && typeof input === 'object' ? 'the file ' : ''}${wrongKind(input, plain)}; expected ${expected}${how(issue.expected, input, plain)}`
  const meant = typeof input === 'string' ? suggestion(input, options) : ''
  return `${came(input, plain)} is not allowed; expected ${expected}${meant}`
}

/** What stands in the file; the value itself where that is not one line's text. */
const came = (input: unknown, plain: string | undefined) =>
  typeof input === 'string' || plain === undefined ? shown(input) : excerptOf(plain)

function trueOrFalse(word: string): 'true' | 'false' | undefined {
  if (/^(y|yes|on|true|1)$/i.test(word)) return 'true'
  return /^(n|no|off|false|0)$/i.test(word) ? 'false' : undefined
}

function wrongKind(input: unknown, plain: string | undefined): string {
  if (Array.isArray(input)) return 'is a list'
  if (typeof input === 'object') return 'is a map'
  if (typeof input === 'string') return `${came(input, plain)} is text`
  return `${came(input, plain)} is ${Number.isFinite(input) ? 'a number' : typeof input === 'number' ? 'no usable number' : 'true or false'}`
}

/** The way from what came to what is expected, where it is short. */
function how(expected: string, input: unknown, plain: string | undefined): string {
  if (expected === 'array' && typeof input !== 'object')
    return `: write [${came(input, plain).replaceAll('"', '')}]`
  if (expected === 'array') return ': begin each item with a dash and a blank'
  if (expected === 'object' && Array.isArray(input)) return ': leave the dashes out'
  if (expected === 'object' && typeof input === 'string' && /^\w+:\S/.test(input))
    return ': a blank is missing after the colon'
  return ''
}

function size(input: unknown, plain: string | undefined, code: 'too_small' | 'too_big'): string {
  if (Array.isArray(input)) return `has ${counted(input.length, 'item')}`
  if (input === '') return 'is empty'
  if (typeof input === 'string') return `has ${counted(input.length, 'character')}`
  return `${came(input, plain)} is too ${code === 'too_big' ? 'large' : 'small'}`
}

export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}

/** All that these schemas allow, in a few words. */
function expectation(schemas: readonly z.core.$ZodTypes[]): string {
  return [...new Set(schemas.map(allowed))].join(' or ') || 'something else'
}

const formats: Readonly<Record<string, string>> = {
  url: 'a URL such as https://bank.example/push',
  uuid: 'a UUID such as dbc55444-496a-4896-b41c-5d5e2dd431e2',
}

function allowed(schema: z.core.$ZodTypes): string {
  const { def } = schema._zod
  switch (def.type) {
    case 'string':
      return allowedText(schema)
    case 'number':
      return allowedNumber(schema)
    case 'boolean':
      return 'true or false'
    case 'enum':
    case 'literal':
      return allowedValues(schema).join(' | ')
    case 'array':
      return 'a list'
    case 'object':
      return `a map with ${Object.keys(def.shape).join(', ')}`
    default:
      return def.type
  }
}

function allowedText(schema: z.core.$ZodTypes): string {
  const limits = limitsOf(schema)
  const format = 'format' in schema._zod.def ? String(schema._zod.def.format) : undefined
  const shapes = checksOf(schema).flatMap(({ _zod: { def } }) =>
    def.check === 'string_format' ? [messageOf(def)] : [],
  )
  const [shape] = shapes.filter((message) => message !== undefined)
  if (shape !== undefined) return shape
  const what = format === undefined ? 'text' : (formats[format] ?? `text in the format ${format}`)
  if (limits.minimum === undefined && limits.maximum === undefined) return what
  // Of a text that may be anything, the one limit is that it says something.
  if (limits.minimum === 1 && limits.maximum === undefined) return what
  return `${what}${format === undefined ? ' of' : ','} ${range(limits, 'character')}`
}

/** The wording that a schema brings along, such as `expected 11 digits, quoted`, from what is expected on. */
function messageOf({
  error,
}: {
  error?: z.core.$ZodErrorMap<never> | undefined
}): string | undefined {
  const message = error?.({} as never)
  const text = typeof message === 'string' ? message : message?.message
  return text?.startsWith('expected ') ? text.slice('expected '.length) : undefined
}

function allowedNumber(schema: z.core.$ZodTypes): string {
  const isWhole = checksOf(schema).some(({ _zod: { def } }) => def.check === 'number_format')
  const step = checksOf(schema).flatMap(({ _zod: { def } }) =>
    def.check === 'multiple_of' && 'value' in def ? [String(def.value)] : [],
  )
  const limits = limitsOf(schema)
  const what =
    step.length > 0 ? `a multiple of ${step[0]}` : isWhole ? 'a whole number' : 'a number'
  return limits.minimum === undefined && limits.maximum === undefined
    ? what
    : `${what}, ${range(limits)}`
}

type Limits = { readonly minimum?: number; readonly maximum?: number }

function range({ minimum, maximum }: Limits, thing?: string): string {
  const things = (number: number) => (thing === undefined ? `${number}` : counted(number, thing))
  if (minimum === undefined) return `at most ${things(maximum ?? 0)}`
  if (maximum === undefined) return `at least ${things(minimum)}`
  return minimum === maximum ? things(minimum) : `${minimum} to ${things(maximum)}`
}

function limitsOf(schema: z.core.$ZodTypes): Limits {
  const limits: { minimum?: number; maximum?: number } = {}
  for (const { _zod } of checksOf(schema)) {
    const { check } = _zod.def
    const value = Object.entries(_zod.def).find(([key]) =>
      ['value', 'minimum', 'maximum', 'length'].includes(key),
    )?.[1]
    if (typeof value !== 'number') continue
    if (['greater_than', 'min_length', 'min_size', 'length_equals'].includes(check))
      limits.minimum = value
    if (['less_than', 'max_length', 'max_size', 'length_equals'].includes(check))
      limits.maximum = value
  }
  return limits
}

function checksOf(schema: z.core.$ZodTypes): readonly z.core.$ZodCheck<never>[] {
  return (schema._zod.def.checks ?? []) as readonly z.core.$ZodCheck<never>[]
}

function allowedValues({ _zod: { def } }: z.core.$ZodTypes): readonly string[] {
  if (def.type === 'enum') return Object.values(def.entries).map(String)
  return def.type === 'literal' ? def.values.map(String) : []
}

/** What kinds of simple value these schemas take. */
function kindsOf({ _zod: { def } }: z.core.$ZodTypes): readonly string[] {
  if (def.type === 'enum') return Object.values(def.entries).map((value) => typeof value)
  if (def.type === 'literal') return def.values.map((value) => typeof value)
  return [def.type]
}
