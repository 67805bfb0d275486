// Tests skip themselves on a machine that lacks a browser or Java. Continuous integration has both, so there a skipped test is a failure.
import { readFileSync } from 'node:fs'

const results = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const skipped = results.testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status !== 'passed' && status !== 'failed')
for (const { fullName } of skipped) console.error(`skipped: ${fullName}`)
console.log(
  `tests: ${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped.length} skipped`,
)
if (skipped.length > 0 || results.numPassedTests === 0) process.exit(1)
