import type { Cause, Comparison, Fault } from '../errors.ts'
import type { JournalEntry } from '../journal.ts'

const indent = '          '

/** A journal entry for the terminal: what happened; of a refusal what to do about it, then why. */
export function journalLines({
  at,
  kind,
  method,
  url,
  status,
  scenario,
  delayMs,
  transport,
  summary,
  faults = [],
  leniencies = [],
  warnings = [],
}: JournalEntry): string {
  const path = url.split('?')[0]
  // What happens in the simulator itself has no method, path and status.
  const what = method === '' ? kind : `${status === 0 ? '---' : status}  ${method} ${path}`
  const happened = [summary, ...wayOf(delayMs, transport)].join('; ')
  return [
    `${at.slice(11, 19)}  ${what}  ${happened}${scenario === undefined ? '' : ` [${scenario}]`}`,
    ...faults.flatMap((fault) => linesOfFault(fault, faults)),
    ...leniencies.map((leniency) => `${indent}passes here only: ${leniency}`),
    ...warnings.map((warning) => `${indent}warning: ${warning}`),
  ]
    .map(printable)
    .join('\n')
}

/** How a scenario has the answer reach the caller. */
function wayOf(
  delayMs: JournalEntry['delayMs'],
  transport: JournalEntry['transport'],
): readonly string[] {
  return [
    ...(delayMs === undefined ? [] : [`the answer is held back for ${delayMs} ms`]),
    ...(transport === undefined ? [] : [lost[transport]]),
  ]
}

const lost: Readonly<Record<NonNullable<JournalEntry['transport']>, string>> = {
  reset: 'the connection is reset',
  timeout: 'the answer never comes',
  truncated: 'only half of the answer arrives',
  garbage: 'the answer arrives unreadable',
}

/** How many causes are worth reading; the journal has all. */
const causesShown = 3

function linesOfFault({ because, explanation }: Fault, all: readonly Fault[]): readonly string[] {
  const { causes = [], comparisons = [] } = explanation ?? {}
  const [first, ...rest] = causes.slice(0, causesShown)
  // What another fault says by itself need not be said twice.
  const others = rest.filter((cause) => !all.some((fault) => says(cause, fault.because)))
  return [
    ...(first === undefined ? [] : fixFirst(first, because)),
    `${indent}because ${because}`,
    ...comparisons.flatMap(linesOfComparison),
    ...others.map(
      (cause) =>
        `${indent}${cause.proven ? 'and' : 'or perhaps'} ${cause.because.replace(/\.$/, '')} (${cause.code}): ${cause.fix}`,
    ),
  ]
}

function fixFirst({ fix, because, proven, code }: Cause, saidAnyway: string): readonly string[] {
  const verb = proven ? 'FIX' : 'TRY'
  if (says({ because }, saidAnyway)) return [`${indent}${verb} ${fix} (${code})`]
  return [`${indent}${verb} ${fix}`, `${indent}    ${proven ? '' : 'perhaps '}${because} (${code})`]
}

function says({ because }: Pick<Cause, 'because'>, text: string): boolean {
  return because.replace(/\.$/, '') === text
}

/** Long texts are cut around the first difference, and it is pointed at. */
const width = 100

function linesOfComparison({ what, expected, received, differsAt }: Comparison): readonly string[] {
  if (received === undefined) return [`${indent}expected ${what} ${expected}`]
  const from = differsAt === undefined ? 0 : Math.max(0, differsAt - 60)
  const cut = (text: string) =>
    (from > 0 ? '...' : '') +
    text.slice(from, from + width) +
    (text.length > from + width ? '...' : '')
  return [
    `${indent}${what}`,
    `${indent}  expected ${cut(expected)}`,
    `${indent}  received ${cut(received)}`,
    ...(differsAt === undefined
      ? []
      : [
          `${indent}           ${' '.repeat(differsAt - from + (from > 0 ? 3 : 0))}^ differs from here`,
        ]),
  ]
}

/** Callers choose some of the text; none of it may move the cursor or begin a line of its own. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
