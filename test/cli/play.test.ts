import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { serve } from '../../src/serve.ts'
import { createSimulator } from '../../src/simulator.ts'
import { cornerShop } from '../support/corner-shop.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { test as base } from '../support/temporary-folder.ts'

/** The command as built; `npm test` builds first. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

const test = base.extend<{
  /** `mdes-sim play` with these arguments, in the test's folder. */
  play: (...args: string[]) => Promise<Ended>
}>({
  play: async ({ folder }, use) =>
    use(
      (...args) =>
        new Promise((ended) =>
          execFile(
            process.execPath,
            [cli, 'play', '--data', dataDirectory, ...args],
            { cwd: folder },
            (error, stdout, stderr) => ended({ code: Number(error?.code ?? 0), stdout, stderr }),
          ),
        ),
    ),
})

const wrong = `name: wrong
description: Approved, though nothing is to come back.
provision: { outcome: ask }
expect: { callback: none }
`

describe('mdes-sim play', () => {
  test('plays scenarios by name, and says how each ended', async ({ play }) => {
    const { code, stdout, stderr } = await play('declined', 'ineligible-card')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^ok {6}declined {9}.* s {2}DECLINED$/m)
    expect(stdout).toMatch(/^ok {6}ineligible-card {2}.* s {2}push refused, ACCOUNT_INELIGIBLE$/m)
    expect(stdout).toMatch(/\n\n2 of 2 as expected, in \d+\.\d s\n$/)
    // Not a terminal.
    expect(stdout).not.toContain('\u001b')
  })

  test('exits with 1 when something was not as expected, and writes what and why into reports', async ({
    play,
    folder,
  }) => {
    await writeFile(join(folder, 'wrong.yaml'), wrong)
    const reports = ['--junit', 'out/junit.xml', '--html', 'out/report.html']
    const { code, stdout } = await play('wrong.yaml', 'approved', ...reports)
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^FAILED {2}wrong .* APPROVED\n {8}callback: expected none, came APPROVED\n {10}because the simulator ended APPROVED; back to http:\/\/bank\/tokenization-results$/m,
    )
    expect(stdout).toMatch(
      /1 of 2 as expected, .*\nwritten: out\/junit.xml\nwritten: out\/report.html\n$/,
    )
    const junit = await readFile(join(folder, 'out', 'junit.xml'), 'utf8')
    expect(junit).toContain('<testsuites name="mdes-sim play" tests="2" failures="1"')
    expect(junit).toMatch(
      /<testcase classname="mdes-sim play" name="wrong" time="[\d.]+"><failure message="callback: expected none, came APPROVED">/,
    )
    expect(await readFile(join(folder, 'out', 'report.html'), 'utf8')).toContain(
      '<h1>1 of 2 as expected</h1>',
    )
  })

  test('--json prints one document, the same with the same seed but for times', async ({
    play,
  }) => {
    const run = async (...args: string[]) => {
      const { code, stdout } = await play('approved', 'step-up-failed', '--json', ...args)
      expect(code).toBe(0)
      return JSON.stringify(JSON.parse(stdout), (name, value) =>
        ['ms', 'seconds', 'startedAt'].includes(name) ? undefined : value,
      )
    }
    const first = await run()
    expect(await run()).toBe(first)
    expect(await run('--seed', 'other')).not.toBe(first)
  })

  test('plays a folder with a token requestor of its own', async ({ play, folder }) => {
    await mkdir(join(folder, 'stories', 'token-requestors'), { recursive: true })
    await writeFile(join(folder, 'stories', 'token-requestors', 'corner-shop.yaml'), cornerShop)
    await writeFile(
      join(folder, 'stories', 'shop.yaml'),
      `name: shop\ndescription: To a shop of ours.\nwhen: { tokenRequestorId: "${/\d{11}/.exec(cornerShop)?.[0]}" }\nexpect: { push: { status: 200, receipts: 1 } }\n`,
    )
    const { code, stdout, stderr } = await play('stories')
    expect([code, stderr], stdout).toEqual([0, ''])
  })

  test('plays at a running simulator, its own scenarios too, and needs no key of it', async ({
    play,
    folder,
  }) => {
    await mkdir(join(folder, 'theirs'))
    await writeFile(join(folder, 'theirs', 'wrong.yaml'), wrong)
    const simulator = await createSimulator({
      data: join(folder, 'data'),
      scenarios: [join(folder, 'theirs')],
    })
    const server = await serve(simulator, { port: 0 })
    const { code, stdout } = await play('--simulator', server.url, 'wrong', 'approved')
    await server.close()
    expect(code).toBe(1)
    expect(stdout).toContain('callback: expected none, came APPROVED')
    expect(stdout).toMatch(/^ok {6}approved /m)
  })

  test.for<[string, readonly string[], RegExp]>([
    [
      'an unknown name',
      ['declind'],
      /^there is no scenario "declind", did you mean "declined"\?\n$/,
    ],
    ['a file that is not there', ['no.yaml'], /no\.yaml: is not there; name a folder/],
    ['a file of another kind', ['notes.txt'], /notes\.txt: is not read, because of its ending/],
    ['an empty folder', ['empty'], /empty: there are no \*\.yaml files\n$/],
    [
      'a file with a mistake',
      ['approved', 'bad.yaml'],
      /^bad\.yaml:3:23 provision\.outcome: "APROVED" is not allowed; .*did you mean "APPROVED"\?\n {2}3 \| provision: \{ outcome: APROVED \}\n/,
    ],
    [
      'nobody at the URL',
      ['--simulator', 'http://localhost:59999'],
      /^http:\/\/localhost:59999: nobody answers \(ECONNREFUSED\)\. Is the simulator running there\?\n$/,
    ],
    ['no URL', ['--simulator', 'localhost'], /expected http:\/\/HOST:PORT/],
    [
      'a report that cannot be written',
      ['declined', '--junit', 'notes.txt/junit.xml'],
      /^notes\.txt\/junit\.xml: the report cannot be written: /,
    ],
  ])('exits with 2: %s', async ([, args, message], { play, folder }) => {
    await mkdir(join(folder, 'empty'))
    await writeFile(join(folder, 'notes.txt'), '')
    await writeFile(
      join(folder, 'bad.yaml'),
      'name: bad\ndescription: Bad.\nprovision: { outcome: APROVED }\n',
    )
    const { code, stderr } = await play(...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})
