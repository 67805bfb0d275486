import { coverCardNumbers, maskCardNumbers } from './card-number.ts'

/** Something wrong in a file that a person wrote. */
export type Problem = {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** Behind the last character that is meant, on the same line. */
  readonly endColumn: number
  /** Of the value, such as `push.accounts[0]`; empty for the file as a whole. */
  readonly path: string
  readonly message: string
  /** A warning is about something that has no effect; the file can be used. */
  readonly severity: 'error' | 'warning'
  /** The line as it stands in the file, column by column, but without card numbers. */
  readonly source: string
}

/** Offsets in a text: the first character that is meant, and the one behind the last. */
export type Span = readonly [from: number, to: number]

/** What there is to say about a place. */
export type Said = Pick<Problem, 'path' | 'message'> & Partial<Pick<Problem, 'severity'>>

/** Gives what is said about places of one text their lines and columns. */
export function problemsIn(file: string, text: string): (span: Span, said: Said) => Problem {
  const lines = text.split('\n')
  const starts = [0]
  for (const { length } of lines) starts.push((starts.at(-1) ?? 0) + length + 1)
  const sources = new Map<number, string>()
  // What is missing at the end is missing behind the last word, not on the blank lines that follow.
  const end = text.trimEnd().length

  return ([from, to], { path, message, severity = 'error' }) => {
    const offset = Math.max(0, Math.min(from, end))
    const index = lineOf(starts, offset)
    const line = (lines[index] ?? '').replace(/\r$/, '')
    const source = sources.get(index) ?? coverCardNumbers(line)
    sources.set(index, source)
    const start = Math.min(offset - (starts[index] ?? 0), line.length)
    const last = Math.max(offset, Math.min(to, end)) - (starts[index] ?? 0)
    // Of what goes on over several lines only the beginning is marked.
    const behind = Math.min(last > line.length ? start + 1 : last, line.length)
    return {
      file,
      line: index + 1,
      column: start + 1,
      endColumn: behind + 1,
      path,
      message,
      severity,
      source,
    }
  }
}

/** The last line that starts at or before an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length - 2]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`
}

/** How bad it is, such as `27 errors; 18 of 22 files broken`. */
export function toll(problems: readonly Problem[], files: number): string {
  const errors = problems.filter(({ severity }) => severity === 'error')
  const warnings = problems.length - errors.length
  const broken = new Set(errors.map(({ file }) => file)).size
  const counts = [
    ...(errors.length > 0 ? [counted(errors.length, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(' and ')
  return broken === 0 ? counts : `${counts}; ${broken} of ${counted(files, 'file')} broken`
}

/** In the order of the files, and in each from top to bottom. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  )
}

/** First a line that editors and CI systems know how to read, then the line of the file with the place underlined. */
export function formatProblem(problem: Problem): string {
  const first = inOneLine(problem, problem.severity === 'warning' ? ['warning'] : [])
  return problem.source.trim() === '' ? first : `${first}\n${excerpt(problem)}`
}

/** Without the source, and without a word on how bad it is. */
export function inOneLine(
  { file, line, column, path, message }: Problem,
  before: readonly string[] = [],
): string {
  return `${file}:${line}:${column} ${[...before, path, message].filter(Boolean).join(': ')}`
}

/** How much of a line is shown. */
const width = 100

function excerpt({ line, column, endColumn, source }: Problem): string {
  const [start, end] = [column - 1, Math.max(endColumn - 1, column)]
  const before = Math.floor(Math.max(width / 4, (width - (end - start)) / 2))
  const from =
    source.length <= width ? 0 : Math.max(0, Math.min(start - before, source.length - width))
  const to = Math.min(source.length, from + width)
  const [head, tail] = [from > 0 ? '…' : '', to < source.length ? '…' : '']
  const shownLine = `${head}${printable(source.slice(from, to))}${tail}`
  const gap = head.replace('…', ' ') + blank(source.slice(from, start))
  const marked = blank(source.slice(start, Math.min(end, to))).length
  const number = `  ${line}`
  return `${number} | ${shownLine}\n${' '.repeat(number.length)} | ${gap}${'^'.repeat(Math.max(1, marked))}`
}

/** As much room on the screen as the text takes. Tabs stay, so that both lines are moved alike. */
function blank(text: string): string {
  return text
    .replace(/\p{M}|\u200d/gu, '')
    .replace(
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu,
      '  ',
    )
    .replace(/[^\t]/gu, ' ')
}

/** Nothing that moves the cursor, turns the writing direction or cannot be seen. */
function printable(text: string): string {
  return text.replace(
    /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    '·',
  )
}

/** How much of a value is repeated in a message. */
const longest = 60

/** A text of a file as it may stand in a message: short, without card numbers. */
export function excerptOf(text: string): string {
  const safe = printable(maskCardNumbers(text.replace(/\s+/g, ' ').slice(0, 20 * longest)))
  return safe.length > longest ? `${safe.slice(0, longest - 1)}…` : safe
}

/** A value of a file as it may stand in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${excerptOf(value)}"`
  if (Array.isArray(value)) return value.length === 0 ? '[]' : 'a list'
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? '{}' : 'a map'
  return excerptOf(String(value))
}

/** Such as `push.accounts[0].errors`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${excerptOf(String(part))}`))
    .join('')
    .replace(/^\./, '')
}
