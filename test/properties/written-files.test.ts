import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatProblem } from '../../src/problem.ts'
import {
  builtInScenarios,
  readFolder,
  readTokenRequestorFiles,
  type SourceFile,
} from '../../src/scenarios/load.ts'
import { readScenarios, readTokenRequestors } from '../../src/scenarios/read.ts'

const numRuns = Number(process.env.PROPERTY_RUNS ?? 400)

const goodFiles = [
  ...(await readFolder(builtInScenarios)).map((file) => ({
    file,
    read: (text: string) => readScenarios([{ ...file, text }]),
  })),
  ...(await readTokenRequestorFiles([builtInScenarios])).map((file) => ({
    file,
    read: (text: string) => readTokenRequestors([{ ...file, text }]),
  })),
]

const scrap = fc.oneof(
  fc.constantFrom(
    ...[
      '0047',
      'yes',
      '~',
      '"',
      "'",
      '[',
      '{',
      '}',
      ']',
      ': ',
      '- ',
      '\t',
      '\n',
      '*a',
      '&a ',
      '!!x ',
    ],
    ...[
      '|',
      '>',
      '<<: ',
      '---\n',
      '%',
      '@',
      '\r\n',
      '\u00a0',
      '__proto__: ',
      '5123456789012353',
      '#',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
)
/** What a hand does to a text: takes out, doubles, or puts something in its place. */
const slip = fc.record({
  unit: fc.constantFrom(/(?<=\n)/, /(?=[\s:,])|(?<=[\s:,])/, /(?:)/),
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  put: fc.oneof(fc.constantFrom('', 'twice' as const), scrap),
})
type Slip = { readonly unit: RegExp; readonly place: number; readonly put: string }

function slipped(text: string, { unit, place, put }: Slip): string {
  const parts = text.split(unit)
  const index = Math.floor(place * parts.length)
  const part = parts[index] ?? ''
  return parts.with(index, put === 'twice' ? part + part : put).join('')
}

function expectPlaces(file: SourceFile, problems: ReturnType<typeof readScenarios>['problems']) {
  const lines = file.text.replace(/^\ufeff/, '').split('\n')
  for (const problem of problems) {
    const length = (lines[problem.line - 1] ?? expect.fail('a line that is not there')).length
    expect(problem.column).toBeGreaterThanOrEqual(1)
    expect(problem.endColumn).toBeGreaterThanOrEqual(problem.column)
    expect(problem.endColumn).toBeLessThanOrEqual(length + 1)
    expect(problem.message).toMatch(/\S/)
    expect(formatProblem(problem)).not.toMatch(/(?<!\d)5123456789012\d{3}/)
  }
}

test('whatever happens to a good file, it is good still, or each problem has its place', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...goodFiles),
      fc.array(slip, { minLength: 1, maxLength: 4 }),
      ({ file, read }, slips) => {
        const text = slips.reduce(slipped, file.text)
        const found = read(text)
        expect(found.values.length + found.problems.length).toBeGreaterThan(0)
        expectPlaces({ ...file, text }, found.problems)
      },
    ),
    { numRuns },
  )
})
