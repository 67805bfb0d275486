// What `npm start` and `npm test` need before they can begin: dependencies as the lock file says, and a build.
// Plain JavaScript with nothing but Node, so that it runs on a fresh clone, offline once installed, and on Windows.
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const lock = 'package-lock.json'
// npm writes this file last, so it exists only after a complete installation.
const installed = 'node_modules/.package-lock.json'

function run(args) {
  try {
    execFileSync(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  } catch (error) {
    process.exit(error.status ?? 1)
  }
}

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  const npm = process.env.npm_execpath
  if (npm === undefined) {
    console.error('Run this through npm: `npm start` or `npm test`.')
    process.exit(2)
  }
  console.log('Installing the dependencies (first start, or the lock file has changed) ...')
  run([npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'])
}
run(['node_modules/typescript/bin/tsc'])
