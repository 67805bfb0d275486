import { readFile } from 'node:fs/promises'
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
} from 'yaml'
import type { z } from 'zod'
import { dotted, excerptOf, inOrder, type Problem, problemsIn, type Span } from './problem.ts'
import { type Finding, findingsOf, type Written } from './schema-wording.ts'
import { type Fault, nestedTooDeeply, notYaml, syntaxFaults } from './yaml-syntax.ts'

export { formatProblem, type Problem } from './problem.ts'
export type { Finding } from './schema-wording.ts'

export type YamlResult<T> =
  | {
      readonly value: T
      /** Places what is said about a part of the value, such as that it has no effect. */
      readonly problemAt: (finding: Finding) => Problem
      readonly problems?: never
    }
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

/** More than anybody mends in one go. */
const mostProblems = 50

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
  // Editors do not show a byte order mark, and do not count it.
  const source = text.replace(/^\ufeff/, '')
  const place = problemsIn(file, source)
  const failed = (faults: readonly (Fault & { readonly path?: string })[]) => {
    const problems = inOrder(
      faults.map(({ span, path = '', message }) => place(span, { path, message })),
    )
    return { problems: shortened(problems) }
  }

  const notText = notYaml(source)
  if (notText !== undefined) return failed([notText])
  const document = parseDocument(source, {
    prettyErrors: false,
    // Told below, with the path of the key.
    uniqueKeys: false,
    logLevel: 'error',
  })
  const { faults, quotedSpans, firstAlias } = lookThrough(document, source)
  if (document.errors.length > 0) return failed(syntaxFaults(document.errors, source, quotedSpans))
  if (faults.length > 0) return failed(faults)

  let content: unknown
  try {
    content = document.toJS({ maxAliasCount: 100 })
  } catch {
    // The yaml library's guard against aliases that unfold without end.
    const message = 'aliases such as this one unfold to far too much: write the values out'
    return failed([{ span: spanOf(firstAlias) ?? [0, 0], message }])
  }
  const checked = schema.safeParse(content ?? {}, { reportInput: true })
  const issues = checked.success ? [] : checked.error.issues
  const problemAt = (finding: Finding) => {
    const { path, key, message, severity = 'error' } = finding
    const whole = key === undefined ? path : [...path, key]
    return place(spanAt(document, path, key), { path: dotted(whole), message, severity })
  }
  if (content === null && issues.length > 0) {
    const keys = issues.map(({ path }) => String(path[0])).join(', ')
    return failed([
      { span: [0, 0], message: `the file is empty; expected a map with at least ${keys}` },
    ])
  }
  const own = alsoCheck(content ?? {})
  const enough = new Set(own.filter(({ isEnough }) => isEnough).map(({ path }) => dotted(path)))
  const findings = [
    ...findingsOf(issues, schema, (path) => writtenAt(document, source, path)).filter(
      ({ path, key }) => key !== undefined || !enough.has(dotted(path)),
    ),
    ...own,
  ]
  if (checked.success && findings.length === 0) return { value: checked.data, problemAt }
  return { problems: shortened(inOrder(findings.map(problemAt))) }
}

function shortened(problems: readonly Problem[]): readonly Problem[] {
  const last = problems[mostProblems]
  if (last === undefined) return problems
  const message = `${problems.length - mostProblems} more problems from here on are not shown`
  return [...problems.slice(0, mostProblems), { ...last, path: '', message }]
}

/** Deeper than any schema, and far from where recursion ends. */
const deepest = 100

type LookedThrough = {
  /** What YAML allows, and these files have no use for or could not be read back. */
  readonly faults: readonly (Fault & { readonly path: string })[]
  readonly quotedSpans: readonly Span[]
  readonly firstAlias: Node | undefined
}

function lookThrough(document: Document.Parsed, text: string): LookedThrough {
  const faults: (Fault & { path: string })[] = []
  const quotedSpans: Span[] = []
  const anchors = new Map<string, number>()
  let firstAlias: Node | undefined
  const waiting: { node: unknown; path: readonly PropertyKey[] }[] = [
    { node: document.contents, path: [] },
  ]
  const say = (node: unknown, path: readonly PropertyKey[], message: string) =>
    faults.push({ span: spanOf(node) ?? [0, 0], path: dotted(path), message })

  // In the order of the text, without recursion.
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path } = next
    if (isAlias(node)) {
      firstAlias ??= node
      const end = anchors.get(node.source)
      if (end === undefined || end > (node.range?.[0] ?? 0))
        say(node, path, unknownAlias(node, end !== undefined))
      continue
    }
    if (!isScalar(node) && !isCollection(node)) continue
    if (node.anchor !== undefined) anchors.set(node.anchor, node.range?.[1] ?? 0)
    if (node.tag !== undefined && !plainTags.has(node.tag)) {
      const tag = excerptOf(node.tag.replace('tag:yaml.org,2002:', '!!'))
      const end = text.slice(0, spanOf(node)?.[0]).trimEnd().length
      const span: Span = [text.lastIndexOf(' ', end - 1) + 1, end]
      faults.push({
        span,
        path: dotted(path),
        message: `the tag ${tag} has no meaning here: remove it`,
      })
    }
    if (isScalar(node)) {
      const span = spanOf(node)
      if (span !== undefined && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'))
        quotedSpans.push(span)
      continue
    }
    if (path.length > deepest) {
      say(node, path.slice(0, 3), nestedTooDeeply)
      continue
    }
    const items: typeof waiting = []
    if (isSeq(node))
      for (const [position, item] of node.items.entries())
        items.push({ node: item, path: [...path, position] })
    if (isMap(node)) {
      const keys = new Map<string, unknown>()
      for (const { key, value } of node.items) {
        items.push({ node: key, path })
        if (isCollection(key) || isAlias(key)) {
          say(key, path, 'a key is a single word; quote a value that begins with { or [')
          continue
        }
        const name = keyName(key)
        const first = keys.get(name)
        if (first === undefined) keys.set(name, key)
        else
          say(
            key,
            [...path, name],
            `is there twice, first in line ${text.slice(0, spanOf(first)?.[0]).split('\n').length}: keep one`,
          )
        items.push({ node: value, path: [...path, name] })
      }
    }
    for (const item of items.reverse()) waiting.push(item)
  }
  return { faults, quotedSpans, firstAlias }
}

const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
)

function unknownAlias({ source }: Alias, isOpen: boolean): string {
  const name = excerptOf(source)
  return isOpen
    ? `*${name} stands inside &${name} itself: write the value out`
    : `there is no anchor &${name} before this alias; if the asterisk is meant as it is, quote this value: "*${name}"`
}

const spanOf = (node: unknown): Span | undefined => {
  const range = (node as Partial<Node> | null | undefined)?.range
  return range == null ? undefined : [range[0], range[1]]
}

/** As the key is called once the file is read. */
const keyName = (key: unknown) => String((isScalar(key) ? key.value : key) ?? '')

/** The node of the value at a path, and that of its key. */
function nodesAt(document: Document.Parsed, path: readonly PropertyKey[]) {
  let [key, node]: [key: unknown, node: unknown] = [undefined, document.contents]
  for (const part of path) {
    const parent: unknown = isAlias(node) ? node.resolve(document) : node
    key = undefined
    node = undefined
    if (isMap(parent)) {
      const pair = parent.items.find((item) => keyName(item.key) === String(part))
      key = pair?.key
      node = pair?.value
    } else if (isSeq(parent)) node = parent.items[Number(part)]
  }
  return { key, node }
}

/** Of the value at a path; of the name of a member that should not be there; of the nearest that is there. */
function spanAt(document: Document.Parsed, path: readonly PropertyKey[], member?: string): Span {
  if (member !== undefined) {
    const span = spanOf(nodesAt(document, [...path, member]).key)
    if (span !== undefined) return span
  }
  const { key, node } = nodesAt(document, path)
  const span = spanOf(node) ?? spanOf(key)
  if (span !== undefined || path.length === 0) return span ?? [0, 0]
  const [from] = spanAt(document, path.slice(0, -1))
  return [from, from]
}

/** How the value at a path stands in the file. */
function writtenAt(document: Document.Parsed, text: string, path: readonly PropertyKey[]): Written {
  const { key, node } = nodesAt(document, path)
  const value: unknown = isAlias(node) ? node.resolve(document) : node
  const [from] = spanOf(key) ?? spanOf(node) ?? [0]
  return {
    ...(isScalar(value) && value.type === 'PLAIN' && { plain: value.source ?? '' }),
    isFlow: isCollection(value) && value.flow === true,
    get line() {
      return text.slice(0, from).split('\n').length
    },
  }
}
