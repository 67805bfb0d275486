import { builtInScenarios, readFolder } from '../../src/scenarios/load.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import type { Scenario } from '../../src/scenarios/schema.ts'

/** What the names of the shipped scenarios begin with, as chapters of a table of contents. */
const chapters: Readonly<Record<string, string>> = {
  approved: 'Happy endings',
  ask: 'A person decides',
  cardholder: 'What cardholders do',
  declined: 'Declines, duplicates and failures',
  forged: 'Forged data that the bank must notice',
  ineligible: 'Cards, banks and projects that are not eligible',
  merchant:
    'Merchants with the authentication service; push to Paper Harbour (50170000002) for its page',
  mixed: 'Several cards at once; push to Lumen Wallet (50170000001)',
  odd: 'Odd returns that the bank must survive',
  'step-up': 'Step-ups',
  wire: 'Trouble on the wire',
}

const start = /<!-- scenarios: .*?-->\n/
const end = '<!-- /scenarios -->'

/** A page with its tables of scenarios made anew from the files. */
export async function withScenarioTables(page: string): Promise<string> {
  const { values } = readScenarios(await readFolder(builtInScenarios))
  const opening = start.exec(page)
  const closing = page.indexOf(end)
  if (opening === null || closing < 0) throw new Error('the page has no place for the tables')
  const before = page.slice(0, opening.index + opening[0].length)
  const tables = Object.entries(chapters).map(([prefix, title]) =>
    [
      `**${title}**`,
      '',
      '| scenario | test card | story |',
      '| --- | --- | --- |',
      ...values.filter((one) => chapterOf(one) === prefix).map(rowOf),
    ].join('\n'),
  )
  const homeless = values.filter((one) => chapterOf(one) === undefined)
  if (homeless.length > 0) throw new Error(`no chapter for ${homeless.map(({ name }) => name)}`)
  return `${before}${tables.join('\n\n')}\n${page.slice(closing)}`
}

function chapterOf({ name }: Scenario): string | undefined {
  return Object.keys(chapters).find((prefix) => name === prefix || name.startsWith(`${prefix}-`))
}

function rowOf({ name, when, description }: Scenario): string {
  return `| \`${name}\` | ${when?.card?.number ?? ''} | ${description} |`
}
