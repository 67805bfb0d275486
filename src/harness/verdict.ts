import { counted } from '../problem.ts'
import { conformanceVerdict } from './conformance.ts'
import type { Played, PlayReport } from './play.ts'

/** What is said of a scenario that went well without anything in its file to hold it against. */
export const nothingExpected = 'played, nothing expected'

/** Whether all that can be said of it is that it was played. */
export const isMerelyPlayed = ({ passed, expectsNothing }: Played): boolean =>
  passed && expectsNothing === true

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
