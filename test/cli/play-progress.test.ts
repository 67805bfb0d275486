import { expect, test } from 'vitest'
import { showProgress } from '../../src/commands/play-progress.ts'
import type { Played } from '../../src/harness/play.ts'

const one: Played = {
  name: 'one',
  description: '',
  passed: false,
  ending: 'APPROVED',
  failures: [{ what: 'callback', expected: 'none', came: 'APPROVED', cause: 'it ended so' }],
  exchanges: [],
  seconds: 0.25,
}

/** What a terminal shows in the end: `\u001b[nA\u001b[J` goes up n lines and clears what is below. */
function screen(written: string): string {
  return written.split('\u001b[J').reduce((shown, part) => {
    const [text = '', up] = part.split('\u001b[')
    const lines = (shown + text).split('\n')
    return up === undefined
      ? lines.join('\n')
      : lines
          .slice(0, -1 - Number.parseInt(up, 10))
          .map((line) => `${line}\n`)
          .join('')
  }, '')
}

test('on a terminal, what is under way stands below what was played', () => {
  let written = ''
  const write = (text: string) => {
    written += text
  }
  const progress = showProgress(['one', 'two', 'long-name'], {
    print: (line) => write(`${line}\n`),
    terminal: { write, columns: () => 40, hasColours: false },
  })
  progress.begun('one')
  progress.begun('two')
  expect(screen(written)).toBe('\n  ░░░░░░░░░░░░░░░░░░░░  0 of 3 played\n  now: one, two\n')
  progress.played(one)
  expect(screen(written)).toBe(
    `FAILED  one          0.3 s  APPROVED
        callback: expected none, came APPROVED
          because it ended so

  ██████░░░░░░░░░░░░░░  1 of 3 played,${' '}
  now: two
`,
  )
  progress.ended({ passed: false, seed: '', startedAt: '', seconds: 2, scenarios: [one] })
  expect(screen(written)).toMatch(/it ended so\n\n0 of 1 as expected, in 2\.0 s\n$/)
})
