import { linesOfFault, printable } from './explain/fault-lines.ts'
import type { JournalEntry } from './journal.ts'

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
    ...faults.flatMap((fault) => linesOfFault(fault, faults)).map((line) => indent + line),
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
