import { excerptOf, type Span } from './problem.ts'

/** A place in the text, and what is wrong there. */
export type Fault = { readonly span: Span; readonly message: string }

/** An error of the yaml library. */
type SyntaxFault = {
  readonly code: string
  readonly message: string
  readonly pos: readonly [from: number, to: number]
}

/** Larger than any file that a person writes. */
const largest = 100_000

/** A file that is something else than YAML is wrong everywhere. */
const mostErrors = 200

/** What cannot be YAML at all. */
export function notYaml(text: string): Fault | undefined {
  if (text.length > largest)
    return {
      span: [0, 0],
      message: `the file has ${text.length} characters; expected at most ${largest}`,
    }
  const notUtf8 = text.indexOf('\ufffd')
  if (notUtf8 >= 0)
    return at(notUtf8, 1, 'these bytes are not UTF-8: save the file as text in UTF-8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text)
  if (control !== null)
    return at(
      control.index,
      1,
      `a control character (${codePoint(control[0])}) stands here: expected a text file in UTF-8`,
    )
  const oldMac = /\r(?!\n)/.exec(text)
  return oldMac === null
    ? undefined
    : at(oldMac.index, 1, 'a line ends in a carriage return alone: save the file with line feeds')
}

/**
 * The yaml library's errors in words for whoever wrote the file. It speaks to programmers, and where a quote or a bracket is missing it
 * points at where it noticed.
 *
 * @param quotedSpans texts in quotes, as they were read.
 */
export function syntaxFaults(
  errors: readonly SyntaxFault[],
  text: string,
  quotedSpans: readonly Span[],
): readonly Fault[] {
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (tooDeep !== undefined) return [at(tooDeep.pos[0], 1, nestedTooDeeply)]
  const lines = new Set<number>()
  const faults: Fault[] = []
  const places = new Set<number>()
  for (const error of errors.slice(0, mostErrors)) {
    // A second error at one place is an echo.
    if (places.has(error.pos[0])) continue
    places.add(error.pos[0])
    const fault = faultOf(error, text, quotedSpans)
    // What follows on the same line is mostly an echo.
    const line = text.lastIndexOf('\n', fault.span[0] - 1)
    if (!lines.has(line)) faults.push(fault)
    lines.add(line)
    // After these the rest of the file was read as something else than it is.
    if (fault.isFarReaching) break
  }
  return faults
}

export const nestedTooDeeply = 'is nested too deeply; no file here needs more than ten levels'

function faultOf(
  { code, message, pos: [from, to] }: SyntaxFault,
  text: string,
  quotedSpans: readonly Span[],
): Fault & { readonly isFarReaching?: true } {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1
  const line = /.*/.exec(text.slice(lineStart))?.[0] ?? ''
  const rest = line.slice(from - lineStart)
  const found = text.charAt(from)

  const isOpen = message.startsWith('Missing closing')
  const quoted = quotedSpans.findLast(
    ([start, end]) =>
      start < from && (isOpen || (end >= lineStart && text.slice(start, end).includes('\n'))),
  )
  if (quoted !== undefined && code !== 'BAD_DQ_ESCAPE')
    return {
      ...at(
        quoted[0],
        1,
        `this ${text.charAt(quoted[0])} is not closed on its line: add the closing one`,
      ),
      isFarReaching: true,
    }
  const space = /[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/.exec(line)
  if (space !== null)
    return at(
      lineStart + space.index,
      1,
      `a special blank (${codePoint(space[0])}) stands here, as word processors and wikis make them: type an ordinary one`,
    )

  const dashed = /^(\s*)-(\w+):(?:\s|$)/.exec(line)
  if (dashed !== null) {
    const [, indentation = '', key = ''] = dashed
    return at(
      lineStart + indentation.length,
      key.length + 1,
      `a blank is missing after the dash: - ${excerptOf(key)}`,
    )
  }

  switch (code) {
    case 'TAB_AS_INDENT':
      return at(lineStart + line.indexOf('\t'), 1, 'a tab stands here: indent with blanks')
    case 'MULTIPLE_DOCS':
      return at(
        from,
        3,
        `a second document begins here; one file holds one: ${/^\s*[^#\s]/m.test(text.slice(from + 3)) ? 'move it to a file of its own' : 'remove the --- line'}`,
      )
    case 'MULTILINE_IMPLICIT_KEY':
      return withoutColon(from, rest)
    case 'BLOCK_AS_IMPLICIT_KEY': {
      if (/:(?:\s|$)/.test(rest))
        return at(
          from,
          rest.trimEnd().length,
          'a colon stands inside this value: quote the value as a whole',
        )
      const next = from + Math.max(0, text.slice(from).search(/(?<=\n[ \t]*)[^\s#]/))
      return at(
        next,
        1,
        'is indented more than the keys beside it: begin keys of one map in the same column',
      )
    }
    case 'BAD_INDENT': {
      if (!message.startsWith('Flow'))
        return at(
          from,
          1,
          'is not indented like the keys beside it: begin keys of one map in the same column',
        )
      if (/^[\]}]/.test(rest))
        return at(from, 1, `indent this ${found} by at least one blank more than the key`)
      return unclosed(text, from)
    }
    case 'BAD_SCALAR_START':
      return at(
        from,
        plainLength(rest),
        `no value can begin with ${found} unless it is quoted: "${excerptOf(rest.slice(0, plainLength(rest)))}"`,
      )
    case 'BAD_ALIAS':
      return at(
        from,
        1,
        `${found} begins the name of an alias or anchor: quote this value, "${found}"`,
      )
    case 'BAD_DQ_ESCAPE':
      return at(
        from,
        2,
        `${excerptOf(text.slice(from, from + 2))} means nothing between double quotes: use single quotes, or write two backslashes`,
      )
    case 'MISSING_CHAR':
    case 'UNEXPECTED_TOKEN':
    case 'BAD_PROP_ORDER':
      return unexpected(message, text, from, rest)
    default:
      return at(from, Math.min(to - from, rest.length), lowerFirst(excerptOf(message)))
  }
}

function withoutColon(from: number, rest: string): Fault {
  const [, key, value = ''] = /^([\w-]+):(\S.*)$/.exec(rest) ?? []
  return key === undefined
    ? at(from, rest.trimEnd().length, 'expected a key, a colon and a blank, such as "name: story"')
    : at(
        from + key.length,
        1,
        `a blank is missing after the colon: ${key}: ${excerptOf(value.trimEnd())}`,
      )
}

function unexpected(message: string, text: string, from: number, rest: string): Fault {
  if (message.startsWith('Flow')) return unclosed(text, from)
  if (message.startsWith('Missing closing'))
    return at(from, 1, `a closing ${message.charAt('Missing closing '.length)} is missing`)
  const missing = /^Missing (,)/.exec(message)
  if (missing !== null) return at(from, 1, 'a comma is missing before this')
  if (message.startsWith('Missing directives'))
    return at(0, 0, 'a line that begins with % is an instruction to YAML: remove it')
  if (/^Block scalar header/.test(message))
    return at(
      from,
      rest.trimEnd().length,
      'after | or > the text begins on the next line; quote a value that begins with them',
    )
  const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trimEnd()
  const sign = /(?:^|[\s,[{])([*&!])\S*$/.exec(before)?.[1]
  if (sign !== undefined)
    return at(from, plainLength(rest), `a value that begins with ${sign} must be quoted as a whole`)
  if (before.endsWith("'") && /^\w/.test(rest))
    return at(
      from - 1,
      1,
      'this apostrophe ends the value: use double quotes around it, or write the apostrophe twice',
    )
  if (/["']$/.test(before))
    return at(
      from,
      plainLength(rest),
      'nothing may follow the closing quote: put all of the value between quotes',
    )
  if (/^[,\]}]/.test(rest)) return at(from, 1, `this ${rest.charAt(0)} is one too many: remove it`)
  return at(
    from,
    plainLength(rest),
    `"${excerptOf(rest.slice(0, plainLength(rest)))}" is not expected here: is a comma, a colon or a quote missing before it?`,
  )
}

/** The innermost bracket that is open at an offset, which the library does not say. */
function unclosed(text: string, offset: number): Fault & { readonly isFarReaching: true } {
  const open: number[] = []
  // Quoted texts and comments may hold brackets of their own.
  const parts =
    /(?<=^|[\s,[{:])"(?:\\.|[^"\\])*"|(?<=^|[\s,[{:])'(?:''|[^'])*'|(?<=^|\s)#.*|[[\]{}]/g
  for (const { 0: part, index } of text.slice(0, offset).matchAll(parts)) {
    if (part === '[' || part === '{') open.push(index)
    else if (part === ']' || part === '}') open.pop()
  }
  const from = open.at(-1) ?? offset
  const bracket = text.charAt(from) === '{' ? '{' : '['
  return {
    ...at(from, 1, `this ${bracket} is not closed: add ${bracket === '{' ? '}' : ']'}`),
    isFarReaching: true,
  }
}

/** How far a value without quotes goes on its line. */
const plainLength = (rest: string) =>
  Math.max(1, rest.replace(/(?:\s+#|[,\]}]).*$/, '').trimEnd().length)

const at = (from: number, length: number, message: string): Fault => ({
  span: [from, from + Math.max(0, length)],
  message,
})

const codePoint = (character: string) =>
  `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
