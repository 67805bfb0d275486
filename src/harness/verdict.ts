import { counted } from '../problem.ts'
import { conformanceVerdict } from './conformance.ts'
import type { Played, PlayReport } from './play.ts'

/** What is said of a scenario that went well without anything in its file to hold it against. */
export const nothingExpected = 'played, nothing expected'

/** Whether all that can be said of it is that it was played. */
export const isMerelyPlayed = ({ passed, expectsNothing }: Played): boolean =>
  passed && expectsNothing === true

/** What should be looked at though nothing failed for it, each with the scenarios that brought it. */
export function notesIn({ scenarios }: PlayReport): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, readonly string[]>()
  for (const { name, notes = [] } of scenarios)
    for (const note of notes) all.set(note, [...(all.get(note) ?? []), name])
  return all
}

/** The first of them, and how many more. */
export function someOf(names: readonly string[], most = 3): string {
  const more = names.length - most
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** How many went how: `7 of 8 as expected; 2 played with nothing expected; 1 broken file not played`. */
export function verdictOf(report: PlayReport): string {
  if (report.isConformance) return conformanceVerdict(report)
  const { scenarios, broken = [] } = report
  const merelyPlayed = scenarios.filter(isMerelyPlayed).length
  const judged = scenarios.length - merelyPlayed
  const good = scenarios.filter(({ passed }) => passed).length - merelyPlayed
  return [
    ...(judged > 0 || scenarios.length === 0 ? [`${good} of ${judged} as expected`] : []),
    ...(merelyPlayed > 0 ? [`${merelyPlayed} played with nothing expected`] : []),
    ...(broken.length > 0 ? [`${counted(broken.length, 'broken file')} not played`] : []),
  ].join('; ')
}
