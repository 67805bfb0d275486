import { expect, test } from 'vitest'
import { junitXml } from '../../src/harness/junit.ts'

test('a report has counts, times, reasons and output', () => {
  const report = junitXml('all', [
    {
      name: 'first',
      cases: [
        { name: 'kept', seconds: 0.25, outcome: 'passed' },
        { name: 'noted', seconds: 0, outcome: 'passed', text: 'by the way' },
        { name: 'broken', seconds: 1, outcome: 'failed', message: 'no', text: 'no\nand why' },
        { name: 'put off', seconds: 0, outcome: 'skipped', message: 'not yet' },
        { name: 'unknown', seconds: 0, outcome: 'broken', message: 'no file', text: 'no file' },
      ],
    },
    { name: 'empty', cases: [] },
  ])

  expect(report).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="all" tests="5" failures="1" errors="1" skipped="1" time="1.250">
      <testsuite name="first" tests="5" failures="1" errors="1" skipped="1" time="1.250">
        <testcase classname="first" name="kept" time="0.250"/>
        <testcase classname="first" name="noted" time="0.000"><system-out>by the way</system-out></testcase>
        <testcase classname="first" name="broken" time="1.000"><failure message="no">no
    and why</failure></testcase>
        <testcase classname="first" name="put off" time="0.000"><skipped message="not yet"/></testcase>
        <testcase classname="first" name="unknown" time="0.000"><error message="no file">no file</error></testcase>
      </testsuite>
      <testsuite name="empty" tests="0" failures="0" errors="0" skipped="0" time="0.000">
      </testsuite>
    </testsuites>
    "
  `)
})

test('whatever a text holds, the report is XML', () => {
  const hostile = 'a<b>&"c"\u0000\u001b[31m\ud800\uffff]]>\n\u{1f4b3}'
  const report = junitXml(hostile, [
    {
      name: hostile,
      cases: [{ name: hostile, seconds: 0, outcome: 'failed', message: hostile, text: hostile }],
    },
  ])

  expect(report).toContain('message="a&lt;b&gt;&amp;&quot;c&quot;��[31m��]]&gt; 💳"')
  // Nothing is left that XML 1.0 has no place for.
  expect(report).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u)
  expect(report.match(/[<>]/g)).toHaveLength(2 * 9)
})
