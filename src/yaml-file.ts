import { readFile } from 'node:fs/promises'
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import type { z } from 'zod'
import { suggestion } from './did-you-mean.ts'
import { membersAt } from './schema-members.ts'

/** Something wrong in a file that a person wrote. */
export type Problem = {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  readonly message: string
}

export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column} ${message}`
}

export type YamlResult<T> =
  | { readonly value: T; readonly problems?: never }
  | { readonly problems: readonly Problem[]; readonly value?: never }

/**
 * Reads a YAML file and checks it against a schema.
 *
 * @param name how the file is called in messages.
 * @returns the value, or every problem with its position.
 * @throws the file system's error when the file cannot be read.
 */
export async function readYamlFile<T>(
  path: string,
  schema: z.ZodType<T>,
  name = path,
): Promise<YamlResult<T>> {
  return parseYaml(await readFile(path, 'utf8'), schema, name)
}

/**
 * Like {@link readYamlFile}, for text that is already there.
 *
 * @param alsoCheck finds what a schema cannot know, in whatever the text holds.
 */
export function parseYaml<T>(
  text: string,
  schema: z.ZodType<T>,
  file: string,
  alsoCheck: (content: unknown) => readonly Finding[] = () => [],
): YamlResult<T> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  if (document.errors.length > 0)
    return {
      problems: document.errors.map(({ code, message, pos: [offset] }) => ({
        ...at(offset),
        message: syntaxWording(code, message, text.slice(offset)),
      })),
    }

  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    // The yaml library's guard against aliases that unfold without end.
    return { problems: [{ ...at(0), message: (error as Error).message }] }
  }
  const checked = schema.safeParse(content, { reportInput: true })
  const issues = checked.success ? [] : checked.error.issues
  const findings = [...issues.flatMap((issue) => flatten(issue, schema)), ...alsoCheck(content)]
  if (checked.success && findings.length === 0) return { value: checked.data }
  const problems = findings.map(({ path, message, key }) => ({
    ...at(offsetOf(document, path, key)),
    message: [dotted(key === undefined ? path : [...path, key]), message]
      .filter(Boolean)
      .join(': '),
  }))
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) }
}

/** What is wrong with the value at a path. */
export type Finding = {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** The member of `path` that should not be there. */
  readonly key?: string
}

/** One finding per unknown key, and of a union the branch that fits best, instead of zod's nested lists. */
function flatten(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  under: readonly PropertyKey[] = [],
): readonly Finding[] {
  const path = [...under, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = membersAt(schema, path)
    return issue.keys.map((key) => ({
      path,
      key,
      message: `unknown key${suggestion(key, known)}; known are ${known.join(', ')}`,
    }))
  }
  if (issue.code === 'invalid_union') {
    const [best] = issue.errors
      .map((branch) => [...branch])
      .sort((a, b) => closeness(b) - closeness(a))
    if (best !== undefined && best.length > 0)
      return best.flatMap((inner) => flatten(inner, schema, path))
  }
  return [{ path, message: wording(issue) }]
}

/** How near a union's branch came: problems deep inside it are better than the wrong kind of value altogether. */
function closeness(branch: readonly z.core.$ZodIssue[]): number {
  return Math.max(
    ...branch.map((issue) => 2 * issue.path.length + (issue.code === 'invalid_type' ? 0 : 1)),
  )
}

/** The yaml library speaks to programmers here. */
function syntaxWording(code: string, message: string, rest: string): string {
  if (code === 'DUPLICATE_KEY') return `the key ${/^[^:\s]*/.exec(rest)?.[0]} is there twice`
  if (code === 'MULTIPLE_DOCS') return 'one file holds one document: remove the --- line'
  return message
}

function wording(issue: z.core.$ZodIssue): string {
  const { input } = issue
  if (issue.code === 'invalid_type') {
    if (input === null) return 'is empty; fill it or leave the key out'
    if (
      ['int', 'number'].includes(issue.expected) &&
      typeof input === 'string' &&
      /^\d+$/.test(input)
    )
      return 'expected a number: remove the quotes'
    if (input === undefined) return `missing; expected ${issue.expected}`
    if (issue.expected === 'string' && ['number', 'boolean'].includes(typeof input))
      // 0047 and 50123197928 are numbers to YAML and identifiers to us.
      return 'expected text: quote this value'
  }
  if (issue.code === 'invalid_value') {
    const options = issue.values.map(String)
    const said = typeof input === 'string' ? suggestion(input, options) : ''
    return `expected ${options.join(' | ')}${said}`
  }
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}

function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/** Where the value at `path` begins; for an unknown member, where its name does; for a missing one, where its parent does. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], key?: string): number {
  const node = document.getIn(path, true) as Node | undefined
  if (key !== undefined && isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0
  }
  if (node?.range != null) return node.range[0]
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1))
}
