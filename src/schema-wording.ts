import type { z } from 'zod'
import { isSameWord, suggestion } from './did-you-mean.ts'
import { counted, dotted, excerptOf, shown } from './problem.ts'
import { allowedValues, homesOf, isOptional, membersAt, schemasAt } from './schema-members.ts'
import { accepts, proposal } from './schema-proposals.ts'
import { schemaWords } from './schema-words.ts'
import { synonymsOf } from './synonyms.ts'

/** What is wrong with the value at a path. */
export type Finding = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The member of `path` that should not be there. */
  readonly key?: string
  readonly severity?: 'error' | 'warning'
  /** What the schema has against the same value need not be said. */
  readonly isEnough?: boolean
}

/** How a value stands in its file. */
export type Written = {
  /** Its text, where it has no quotes. */
  readonly plain?: string
  /** Whether it is between brackets or braces. */
  readonly isFlow: boolean
  /** Of its key, from 1. */
  readonly line: number
}
export type WrittenAt = (path: readonly PropertyKey[]) => Written

/** What a schema has against a value, in words for whoever wrote it: what came, what is allowed, what was probably meant. */
export function findingsOf(
  issues: readonly z.core.$ZodIssue[],
  schema: z.core.$ZodType,
  writtenAt: WrittenAt,
): readonly Finding[] {
  const findings = withOutdented(
    issues.flatMap((issue) => flatten(issue, schema, writtenAt)),
    issues.filter(({ input }) => input === null).map(({ path }) => path),
    schema,
    writtenAt,
  )
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

/** Keys that stand beside the section they belong into, which is empty without them: one mistake, and not two. */
function withOutdented(
  findings: readonly Finding[],
  blanks: readonly (readonly PropertyKey[])[],
  schema: z.core.$ZodType,
  writtenAt: WrittenAt,
): readonly Finding[] {
  const filled = new Set<string>()
  const worded = findings.map((finding) => {
    const { path, key } = finding
    if (key === undefined) return finding
    const home = blanks
      .filter((blank) => dotted(blank.slice(0, -1)) === dotted(path))
      .filter((blank) => membersAt(schema, blank).includes(key))
      .findLast((blank) => writtenAt(blank).line < writtenAt([...path, key]).line)
    if (home === undefined) return finding
    filled.add(dotted(home))
    const section = `${String(home.at(-1))} (line ${writtenAt(home).line})`
    return { ...finding, message: `unknown key here: indent it under ${section}` }
  })
  return worded.filter(({ path, key }) => key !== undefined || !filled.has(dotted(path)))
}

/** One finding per unknown key, and of a union the branch that fits best, instead of zod's nested lists. */
function flatten(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  writtenAt: WrittenAt,
  under: readonly PropertyKey[] = [],
): readonly Finding[] {
  const path = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path, key, message: unknownKey(key, schema, path) }))
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues
    const message = inner?.message ?? issue.message
    return [
      { path: path.slice(0, -1), key: String(path.at(-1)), message: `key not allowed; ${message}` },
    ]
  }
  if (issue.code === 'invalid_union' && !isOneTooDeep(issue.input, schemasAt(schema, path))) {
    const [best] = issue.errors
      .map((branch) => [...branch])
      .sort((a, b) => closeness(b) - closeness(a))
    // A number out of its range is told as such; of other simple values nobody can tell which branch was meant.
    const isTelling =
      (typeof issue.input === 'object' && issue.input !== null) ||
      (typeof issue.input === 'number' && best?.some(isAboutSize))
    if (isTelling && best !== undefined && best.length > 0)
      return best.flatMap((inner) => flatten(inner, schema, writtenAt, path))
  }
  return [{ path, message: wording(issue, schema, path, writtenAt(path)) }]
}

/** A list of one, where that one alone would do. */
function isOneTooDeep(input: unknown, schemas: readonly z.core.$ZodType[]): boolean {
  return Array.isArray(input) && input.length === 1 && accepts(schemas, input[0])
}

const isAboutSize = (issue: z.core.$ZodIssue) =>
  issue.code === 'too_small' ||
  issue.code === 'too_big' ||
  (issue.code === 'invalid_type' && issue.expected === 'int')

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
  return `unknown key${meantKey(key, schema, known)}; known are ${known.join(', ')}`
}

/** A key of this map, or of another one. */
function meantKey(key: string, schema: z.core.$ZodType, known: readonly string[]): string {
  const meant = didYouMean(synonymsOf(key, known)) || suggestion(key, known)
  if (meant !== '') return meant
  const candidates = [
    (name: string) => name === key,
    (name: string) => isSameWord(name, key),
    (name: string) => synonymsOf(key, [name]).length > 0,
  ]
  for (const isMeant of candidates) {
    const all = homesOf(schema, [], isMeant)
    const [first] = all
    const homes = all.filter(({ member }) => member === first?.member)
    if (first === undefined || homes.length > 4) continue
    const belongs = `it belongs under ${homes.map(({ path }) => dotted(path)).join(' or ')}`
    if (first.member === key) return `, ${belongs}`
    const said = synonymsOf(key, [first.member])
    return `${didYouMean(said.length > 0 ? said : [first.member])} ${belongs}`
  }
  return ''
}

/** Nothing, or the words that were probably meant. */
function didYouMean(words: readonly string[]): string {
  const said = words.map((word) => (word.includes(':') ? word : `"${word}"`))
  return said.length === 0 ? '' : `, did you mean ${said.join(' or ')}?`
}

function wording(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  written: Written,
): string {
  const { input } = issue
  const { plain } = written
  const here = schemasAt(schema, path)
  const expected = expectation(here)
  if (issue.code === 'custom')
    return typeof input === 'string' && issue.message.startsWith('expected')
      ? `${came(input, plain)} is not allowed; ${issue.message}`
      : issue.message
  if (input === undefined) return `missing; expected ${expected}`
  if (input === null)
    return `is empty; expected ${expected}${isOptional(schema, path) ? ', or leave the key out' : ''}`

  if (isOneTooDeep(input, here))
    return `is a list of one; expected ${expected}: ${written.isFlow ? 'write it without the brackets' : 'leave the dash out'}`

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
      return `${came(input, plain)} is ${kind === 'number' ? 'a number' : 'true or false'} to YAML, and text is expected: ${quoteThis(input, plain)}`
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
    return `${path.length === 0 && typeof input === 'object' ? 'the file ' : ''}${wrongKind(input, plain)}; expected ${expected}${how(issue.expected, input, path, here, written)}`
  if (typeof input === 'object') return `${wrongKind(input, plain)}; expected ${expected}`
  const meant =
    typeof input === 'string'
      ? didYouMean(synonymsOf(input, options)) || suggestion(input, options)
      : ''
  return `${came(input, plain)} is not allowed; expected ${expected}${meant || writeThis(here, input, plain) || hintOf(here)}`
}

/** What the schemas have to say about a value that fits none of them. */
function hintOf(schemas: readonly z.core.$ZodType[]): string {
  const hint = schemas.map((schema) => schemaWords.get(schema)?.hint).find(Boolean)
  return hint === undefined ? '' : `; ${hint}`
}

function writeThis(
  schemas: readonly z.core.$ZodTypes[],
  input: unknown,
  plain: string | undefined,
): string {
  const isSimple =
    typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'
  const instead = isSimple ? proposal(schemas, input, plain) : undefined
  return instead === undefined ? '' : `: write ${instead}`
}

/** With the value to be pasted, unless some of it is hidden. */
function quoteThis(input: unknown, plain: string | undefined): string {
  const said = came(input, plain)
  return said === (plain ?? String(input)) ? `quote this value: "${said}"` : 'put it in quotes'
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
function how(
  expected: string,
  input: unknown,
  path: readonly PropertyKey[],
  schemas: readonly z.core.$ZodTypes[],
  { plain, isFlow }: Written,
): string {
  if (expected === 'object' && typeof input === 'string' && /^\w+:\S/.test(input))
    return ': a blank is missing after the colon'
  if (expected === 'object' && Array.isArray(input)) {
    if (path.length === 0 && input.length > 1) return ': one per file, split it'
    return isFlow ? '' : ': leave the dashes out'
  }
  // Of a whole file there is more to say than one value.
  const instead = path.length === 0 ? '' : writeThis(schemas, input, plain)
  if (expected !== 'array' || instead !== '') return instead
  if (typeof input !== 'object' || input === null)
    return `: write [${came(input, plain).replaceAll('"', '')}]`
  const [dashed] = Object.keys(input).filter((key) => /^-\w/.test(key))
  if (dashed !== undefined)
    return `: a blank is missing after the dash: - ${excerptOf(dashed.slice(1))}`
  return isFlow ? ': write [{ ... }]' : ': begin each item with a dash and a blank'
}

function size(input: unknown, plain: string | undefined, code: 'too_small' | 'too_big'): string {
  if (Array.isArray(input)) return `has ${counted(input.length, 'item')}`
  if (input === '') return 'is empty'
  if (typeof input === 'string') return `has ${counted(input.length, 'character')}`
  return `${came(input, plain)} is too ${code === 'too_big' ? 'large' : 'small'}`
}

/** All that these schemas allow, in a few words. */
function expectation(schemas: readonly z.core.$ZodTypes[]): string {
  const [first = 'something else', ...others] = new Set(schemas.map(allowed))
  return others.reduce((said, one) => `${said}${said.includes(', ') ? ',' : ''} or ${one}`, first)
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
    case 'record':
      return 'a map'
    case 'tuple':
      return schemaWords.get(schema)?.form ?? counted(def.items.length, 'item')
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
  const { unit } = schemaWords.get(schema) ?? {}
  const what =
    unit ?? (step.length > 0 ? `a multiple of ${step[0]}` : isWhole ? 'a whole number' : 'a number')
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

/** What kinds of simple value these schemas take. */
function kindsOf({ _zod: { def } }: z.core.$ZodTypes): readonly string[] {
  if (def.type === 'enum') return Object.values(def.entries).map((value) => typeof value)
  if (def.type === 'literal') return def.values.map((value) => typeof value)
  return [def.type]
}
