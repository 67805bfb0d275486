/** JSON whose texts and numbers are kept as they were written: 1.0 stays 1.0, and 19 digits stay 19 digits. */
type Json =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Json])[] }

/** Deeper than any honest request, and shallow enough for recursion. */
const deepest = 64

/** @returns undefined for what is not JSON, or is too deep. */
export function readLayout(text: string): Json | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let at = 0
  const next = () => tokens[at++] ?? ''
  const skip = (token: string) => {
    if (tokens[at] !== token) return false
    at += 1
    return true
  }
  const value = (depth: number): Json | undefined => {
    if (depth > deepest) return undefined
    if (skip('[')) return array(depth)
    if (skip('{')) return object(depth)
    return { kind: 'literal', text: next() }
  }
  const array = (depth: number): Json | undefined => {
    const items: Json[] = []
    while (!skip(']')) {
      const item = value(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
      skip(',')
    }
    return { kind: 'array', items }
  }
  const object = (depth: number): Json | undefined => {
    const members: [string, Json][] = []
    while (!skip('}')) {
      const name = next()
      skip(':')
      const member = value(depth + 1)
      if (member === undefined) return undefined
      members.push([name, member])
      skip(',')
    }
    return { kind: 'object', members }
  }
  return value(0)
}

/** How a serialiser sets its white space. */
export type Layout = {
  readonly name: string
  readonly comma: string
  readonly colon: string
  /** What one level is indented by; undefined for a single line. */
  readonly indent?: string
}

export const layouts: readonly Layout[] = [
  { name: 'without white space (JSON.stringify, Jackson, Gson)', comma: ',', colon: ':' },
  { name: 'with ", " and ": " (json.dumps of Python)', comma: ', ', colon: ': ' },
  { name: 'indented by 2', comma: ',', colon: ': ', indent: '  ' },
  { name: 'indented by 4', comma: ',', colon: ': ', indent: '    ' },
  { name: 'indented by a tab', comma: ',', colon: ': ', indent: '\t' },
  { name: 'indented by 2 as Jackson does', comma: ',', colon: ' : ', indent: '  ' },
]

/** @param sortsKeys in byte order, at every level. */
export function written(json: Json, layout: Layout, sortsKeys: boolean, margin = '\n'): string {
  if (json.kind === 'literal') return json.text
  const inner = layout.indent === undefined ? '' : margin + layout.indent
  const outer = layout.indent === undefined ? '' : margin
  const enclosed = (open: string, parts: readonly string[], close: string) =>
    parts.length === 0
      ? open + close
      : open + inner + parts.join(layout.comma + inner) + outer + close
  const part = (item: Json) => written(item, layout, sortsKeys, inner)
  if (json.kind === 'array') return enclosed('[', json.items.map(part), ']')
  const members = sortsKeys
    ? [...json.members].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    : json.members
  return enclosed(
    '{',
    members.map(([name, member]) => name + layout.colon + part(member)),
    '}',
  )
}
