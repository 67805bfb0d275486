import { styleText } from 'node:util'
import { lessonLines } from '../harness/conformance.ts'
import { inOneLine } from '../harness/expectations.ts'
import type { BrokenFile, Played, PlayReport } from '../harness/play.ts'
import { isMerelyPlayed, notesIn, someOf, verdictOf } from '../harness/verdict.ts'
import { formatProblem } from '../problem.ts'

/** A screen that can be written over. */
export type Terminal = {
  readonly write: (text: string) => void
  /** How many characters fit in a line. */
  readonly columns: () => number
  readonly hasColours: boolean
}

export type Progress = {
  begun(name: string): void
  played(played: Played): void
  ended(report: PlayReport): void
}

/**
 * A row for each scenario that was played, and below them, on a terminal, those that are under way.
 *
 * @param names of all that will be played.
 * @param broken what will not be: it is told at once.
 */
export function showProgress(
  names: readonly string[],
  { print, terminal }: { readonly print: (line: string) => void; readonly terminal?: Terminal },
  broken: readonly BrokenFile[] = [],
): Progress {
  const underWay = new Set<string>()
  const width = Math.max(
    0,
    ...[...names, ...broken.map(({ name }) => name)].map(({ length }) => length),
  )
  let done = 0
  let failed = 0
  let liveLines = 0

  function erase(): void {
    if (liveLines > 0) terminal?.write(`\u001b[${liveLines}A\u001b[J`)
    liveLines = 0
  }

  function paint(): void {
    if (terminal === undefined) return
    const bar = '█'.repeat(Math.floor((20 * done) / names.length)).padEnd(20, '░')
    const lines = [
      '',
      `  ${bar}  ${done} of ${names.length} played${failed > 0 ? `, ${failed} not as expected` : ''}`,
      `  now: ${[...underWay].join(', ')}`,
    ].map((line) => line.slice(0, terminal.columns() - 1))
    terminal.write(lines.map((line) => `${line}\n`).join(''))
    liveLines = lines.length
  }

  const coloured = (colour: 'green' | 'red', text: string) =>
    terminal?.hasColours ? styleText(colour, text) : text

  for (const { name, problems } of broken) {
    print(`${coloured('red', 'BROKEN')}  ${name.padEnd(width)}  not played`)
    for (const line of problems.map(formatProblem).join('\n').split('\n')) print(`        ${line}`)
  }

  return {
    begun(name) {
      underWay.add(name)
      erase()
      paint()
    },
    played(played) {
      const { name, passed, ending, seconds, failures, conformance } = played
      underWay.delete(name)
      done += 1
      if (!passed) failed += 1
      erase()
      const word = isMerelyPlayed(played) ? 'played' : passed ? 'ok' : 'FAILED'
      const verdict = coloured(passed ? 'green' : 'red', word.padEnd(6))
      const time = `${seconds.toFixed(1)} s`.padStart(7)
      print(
        `${verdict}  ${name.padEnd(width)}  ${time}  ${ending}${isMerelyPlayed(played) ? '; nothing expected' : ''}`,
      )
      for (const failure of failures) {
        print(`        ${inOneLine(failure)}`)
        if (failure.cause !== undefined) print(`          because ${failure.cause}`)
      }
      if (!passed && conformance !== undefined)
        for (const line of lessonLines(conformance)) print(`        ${line}`)
      paint()
    },
    ended(report) {
      erase()
      const { seconds, passed } = report
      const verdict = `${verdictOf(report)}, in ${seconds.toFixed(1)} s`
      const notes = notesIn(report)
      if (notes.size > 0) print('\nNothing failed for it, and it should be looked at:')
      for (const [note, names] of notes) print(`  ${note} (${someOf(names)})`)
      print(`\n${coloured(passed ? 'green' : 'red', verdict)}`)
    },
  }
}
