/** What a continuous integration server shows as one test. */
export type TestCase = {
  readonly name: string
  readonly seconds: number
  /** Broken: it could not be found out. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'broken'
  /** Why it is not passed, in one line. */
  readonly message?: string | undefined
  /** The whole story. */
  readonly text?: string | undefined
}

export type TestSuite = {
  readonly name: string
  readonly cases: readonly TestCase[]
  /** From the first to the last, where several run at once. Default: the sum of its cases. */
  readonly seconds?: number
}

/** A report in the XML of JUnit, as Jenkins, GitLab and GitHub read it. */
export function junitXml(name: string, suites: readonly TestSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases)
  const seconds = suites.reduce((sum, suite) => sum + secondsOf(suite), 0)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...totals(all, seconds) })}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite ${attributes({ name: suite.name, ...totals(suite.cases, secondsOf(suite)) })}>`,
      ...suite.cases.map((one) => `    ${testCase(suite.name, one)}`),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(
  suite: string,
  { name, seconds, outcome, message = '', text = '' }: TestCase,
): string {
  const start = `<testcase ${attributes({ classname: suite, name, time: inSeconds(seconds) })}`
  if (outcome === 'failed' || outcome === 'broken') {
    const element = outcome === 'failed' ? 'failure' : 'error'
    return `${start}><${element} ${attributes({ message })}>${escaped(text)}</${element}></testcase>`
  }
  if (outcome === 'skipped')
    return `${start}><skipped ${attributes({ message })}/>${output(text)}</testcase>`
  return text === '' ? `${start}/>` : `${start}>${output(text)}</testcase>`
}

const output = (text: string) => (text === '' ? '' : `<system-out>${escaped(text)}</system-out>`)

const secondsOf = ({ cases, seconds }: TestSuite) =>
  seconds ?? cases.reduce((sum, one) => sum + one.seconds, 0)

function totals(cases: readonly TestCase[], seconds: number): Readonly<Record<string, string>> {
  const count = (wanted: TestCase['outcome']) =>
    String(cases.filter(({ outcome }) => outcome === wanted).length)
  return {
    tests: String(cases.length),
    failures: count('failed'),
    errors: count('broken'),
    skipped: count('skipped'),
    time: inSeconds(seconds),
  }
}

const inSeconds = (seconds: number) => seconds.toFixed(3)

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value).replace(/[\t\n\r]/g, ' ')}"`)
    .join(' ')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** XML 1.0 has no place for most control characters and for halves of surrogate pairs, escaped or not. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
}
