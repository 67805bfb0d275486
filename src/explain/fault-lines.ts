import type { Cause, Comparison, Fault } from '../errors.ts'

/** How many causes are worth reading; the journal has all. */
const causesShown = 3

/**
 * A refusal for people: what to do about it first, then why.
 *
 * @param all the faults of the refusal, of which this is one.
 */
export function linesOfFault(
  { because, explanation }: Fault,
  all: readonly Fault[],
): readonly string[] {
  const { causes = [], comparisons = [] } = explanation ?? {}
  const [first, ...rest] = causes.slice(0, causesShown)
  // What another fault says by itself need not be said twice.
  const others = rest.filter((cause) => !all.some((fault) => says(cause, fault.because)))
  return [
    ...(first === undefined ? [] : fixFirst(first, because)),
    `because ${because}`,
    ...comparisons.flatMap(linesOfComparison),
    ...others.map(
      (cause) =>
        `${cause.proven ? 'and' : 'or perhaps'} ${cause.because.replace(/\.$/, '')} (${cause.code}): ${cause.fix}`,
    ),
  ]
}

function fixFirst({ fix, because, proven, code }: Cause, saidAnyway: string): readonly string[] {
  const verb = proven ? 'FIX' : 'TRY'
  if (says({ because }, saidAnyway)) return [`${verb} ${fix} (${code})`]
  return [`${verb} ${fix}`, `    ${proven ? '' : 'perhaps '}${because} (${code})`]
}

function says({ because }: Pick<Cause, 'because'>, text: string): boolean {
  return because.replace(/\.$/, '') === text
}

/** Long texts are cut around the first difference, and it is pointed at. */
const width = 100

function linesOfComparison({ what, expected, received, differsAt }: Comparison): readonly string[] {
  if (received === undefined) return [`expected ${what} ${expected}`]
  const from = differsAt === undefined ? 0 : Math.max(0, differsAt - 60)
  const cut = (text: string) =>
    (from > 0 ? '...' : '') +
    text.slice(from, from + width) +
    (text.length > from + width ? '...' : '')
  return [
    `${what}`,
    `  expected ${cut(expected)}`,
    `  received ${cut(received)}`,
    ...(differsAt === undefined
      ? []
      : [`           ${' '.repeat(differsAt - from + (from > 0 ? 3 : 0))}^ differs from here`]),
  ]
}

/** Callers choose some of the text; none of it may move the cursor or begin a line of its own. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
