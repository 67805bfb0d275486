import { suggestion } from '../did-you-mean.ts'
import { SetupError } from '../errors.ts'
import { type Entry, type Group, glossary, groups, type Occasion } from './glossary.ts'
import { paragraph, shortTable, table } from './text-layout.ts'

/**
 * Tells what a code means, when it comes and what to do, or lists all codes.
 *
 * @param asked in any case.
 * @throws {SetupError} there is no such code.
 */
export function explain(asked: string | undefined, print: (line: string) => void): void {
  const entries = glossary()
  if (asked === undefined) {
    print(listOf(entries))
    return
  }
  const code = asked.trim().toUpperCase().replaceAll('-', '_')
  const found = entries.filter((entry) => entry.code === code)
  if (found.length === 0) {
    const codes = [...new Set(entries.map((entry) => entry.code))]
    throw new SetupError(
      `there is no code ${asked}${suggestion(code, codes) || '.'} "mdes-sim explain" lists all of them.`,
    )
  }
  const related = found.flatMap((entry) => entry.related ?? [])
  const told = [...found, ...entries.filter((entry) => related.includes(entry.code))]
  print(told.map(explanationOf).join(`\n\n${'-'.repeat(88)}\n\n`))
}

function explanationOf({ code, groups: where, meaning, facts, when, fix }: Entry): string {
  return [
    `${code} (${where.join(', ')})`,
    '',
    paragraph(meaning, 2),
    ...(facts.length === 0 ? [] : ['', table(facts, 2)]),
    ...(fix === undefined
      ? []
      : ['', where.includes('status') ? 'What to do' : 'How to fix it', paragraph(fix, 2)]),
    ...(when.length === 0 ? [] : ['', 'When it comes', ...when.map(occasion)]),
  ].join('\n')
}

function occasion(one: Occasion): string {
  if (typeof one === 'string') return paragraph(one, 4, '  - ')
  return `  - ${one.place}\n${table(one.fields, 6)}`
}

function listOf(entries: readonly Entry[]): string {
  const sections = (Object.keys(groups) as Group[]).map((group) => {
    const members = entries.filter((entry) => entry.groups.includes(group))
    const names = shortTable(
      // A cause is told by its remedy.
      members.map(({ code, meaning, fix = '' }) => [code, group === 'cause' ? fix : meaning]),
      2,
    )
    return `${groups[group]}\n${names}`
  })
  return [...sections, 'mdes-sim explain CODE tells more.'].join('\n\n')
}
