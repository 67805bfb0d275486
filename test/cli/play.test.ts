import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { readProject } from '../../src/issuer/project.ts'
import { type Server, serve } from '../../src/serve.ts'
import { createSimulator } from '../../src/simulator.ts'
import { type Mistake, startApplication, wayThrough } from '../support/application.ts'
import { cornerShop } from '../support/corner-shop.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { test as base } from '../support/temporary-folder.ts'

/** The command as built; `npm test` builds first. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

const test = base.extend<{
  /** `mdes-sim play` with these arguments, in the test's folder. */
  play: (...args: string[]) => Promise<Ended>
  /** A simulator and an application that calls it, with its way through in issuer.yaml. */
  running: (
    mistake?: Mistake,
  ) => Promise<{ readonly flags: readonly string[]; readonly api: string }>
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
  running: async ({ folder }, use) => {
    const servers: Server[] = []
    await use(async (mistake) => {
      await writeFile(join(folder, 'issuer.yaml'), wayThrough)
      const simulator = await createSimulator({ data: dataDirectory })
      const server = await serve(simulator, { port: 0 })
      const project = await readProject(simulator.keyring, server.url)
      const application = await startApplication(project, mistake)
      servers.push(server, application)
      return {
        flags: ['--simulator', server.url, '--issuer', application.url],
        api: `${server.url}/__simulator`,
      }
    })
    await Promise.all(servers.map((one) => one.close()))
  },
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

  test('plays the others of a folder with broken files, tells what is broken, and exits with 2', async ({
    play,
    folder,
  }) => {
    await mkdir(join(folder, 'stories'))
    const write = (name: string, text: string) => writeFile(join(folder, 'stories', name), text)
    await write('good.yaml', 'name: good\ndescription: Good.\nexpect: { pushes: 1 }\n')
    await write(
      'broken-one.yaml',
      'name: broken-one\ndescription: A typing error, and another.\nprovision: { outcome: APROVED }\nexpct: {}\n',
    )
    await write('unread.yml', 'name: unread\n')
    const reports = ['--junit', 'junit.xml', '--html', 'report.html']
    const { code, stdout, stderr } = await play('stories', ...reports)
    expect(stdout).toMatch(
      /^BROKEN {2}broken-one {2}not played\n {8}stories\/broken-one\.yaml:3:23 /m,
    )
    expect(stdout).toMatch(/^ {8}stories\/broken-one\.yaml:4:1 expct: unknown key/m)
    expect(stdout).toMatch(/^BROKEN {2}unread.yml .*\n {8}stories\/unread\.yml:1:1 .*is not read/m)
    expect(stdout).toMatch(/^ok {6}good /m)
    expect(stdout).toMatch(/^1 of 1 as expected; 2 broken files not played, in /m)
    expect(stderr).toBe('2 broken files not played: stories/broken-one.yaml, stories/unread.yml\n')
    expect(code).toBe(2)
    const junit = await readFile(join(folder, 'junit.xml'), 'utf8')
    expect(junit).toContain('<testsuites name="mdes-sim play" tests="3" failures="0" errors="2"')
    expect(junit).toMatch(
      /name="broken-one" time="0.000"><error message="stories\/broken-one.yaml:3:23 provision.outcome: .*, and 1 more">/,
    )
    const page = await readFile(join(folder, 'report.html'), 'utf8')
    expect(page).toContain('<h2>Broken, and not played <small>2</small></h2>')
    expect(page).toContain('stories/broken-one.yaml:3:23 provision.outcome')
    const { stdout: json } = await play('stories', '--json')
    expect(JSON.parse(json)).toMatchObject({
      passed: false,
      broken: [{ name: 'broken-one', problems: [{ line: 3, column: 23 }, { line: 4 }] }, {}],
    })
  })

  test('tells a story that expects nothing from one that went as expected', async ({
    play,
    folder,
  }) => {
    await writeFile(join(folder, 'bare.yaml'), 'name: bare\ndescription: Whatever comes.\n')
    const reports = ['--junit', 'junit.xml', '--html', 'report.html']
    const { code, stdout } = await play('bare.yaml', 'declined', ...reports)
    expect(stdout).toMatch(/^played {2}bare .* APPROVED; nothing expected$/m)
    expect(stdout).toMatch(/^1 of 1 as expected; 1 played with nothing expected, in /m)
    expect(code).toBe(0)
    const junit = await readFile(join(folder, 'junit.xml'), 'utf8')
    expect(junit).toMatch(/name="bare" time="[\d.]+"><skipped message="played, nothing expected"/)
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(
      '<h2>Played, nothing expected <small>1</small></h2>',
    )
  })

  test('tells a pipeline how much more failed, and how long the whole run took', async ({
    play,
    folder,
  }) => {
    const late = (name: string) =>
      `name: ${name}\ndescription: Slow.\nprovision: { delay: 900 }\nexpect: { pushes: 2, callback: { status: APPROVED, times: 1, within: 100 } }\n`
    for (const name of ['one', 'two', 'three', 'four'])
      await writeFile(join(folder, `${name}.yaml`), late(name))
    await play('one.yaml', 'two.yaml', 'three.yaml', 'four.yaml', '--junit', 'junit.xml')
    const junit = await readFile(join(folder, 'junit.xml'), 'utf8')
    expect(junit).toMatch(/<failure message="pushes: expected 2, came 1, and 1 more">/)
    const [whole = 0, suite = 0, ...each] = [...junit.matchAll(/ time="([\d.]+)"/g)].map(
      ([, time]) => Number(time),
    )
    expect(whole).toBe(suite)
    // Side by side.
    expect(whole).toBeLessThan(0.6 * each.reduce((sum, time) => sum + time, 0))
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
      'one file for both reports',
      ['no-such-thing', '--junit', 'out/report', '--html', './out/../out/report'],
      /^--junit and --html are both \.\/out\/\.\.\/out\/report: name two files\n$/,
    ],
    [
      'a folder for a report',
      ['no-such-thing', '--html', 'empty'],
      /^--html empty: is a folder; name a file, such as empty\/report\.html\n$/,
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
    [
      'two files of one name, named',
      ['bad.yaml', 'twins/bad.yaml'],
      /twins\/bad\.yaml: the scenario "bad" is in bad\.yaml too; rename one of them/,
    ],
  ])('exits with 2: %s', async ([, args, message], { play, folder }) => {
    await mkdir(join(folder, 'empty'))
    await mkdir(join(folder, 'twins', 'sub'), { recursive: true })
    for (const path of ['twins/bad.yaml', 'twins/other.yml', 'twins/sub/deep.yaml'])
      await writeFile(join(folder, path), 'name: bad\ndescription: Fine.\n')
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

const told = async (url: string): Promise<unknown> => (await fetch(url)).json()

describe('mdes-sim play --issuer', () => {
  test('plays against an application that calls the simulator, and leaves no scenario in use', async ({
    play,
    running,
    folder,
  }) => {
    const { flags, api } = await running()
    await writeFile(
      join(folder, 'ours.yaml'),
      'name: ours\ndescription: Ours.\nprovision: { outcome: CANCELLED }\nexpect: { callback: { status: CANCELLED } }\n',
    )
    const { code, stdout, stderr } = await play(...flags, 'declined', 'ours.yaml')
    expect([code, stderr], stdout).toEqual([0, ''])
    expect(stdout).toMatch(/^ok {6}declined {2}.* DECLINED\nok {6}ours {6}.* CANCELLED$/m)
    expect(await told(`${api}/scenario`)).toEqual({ scenario: null })
    expect(JSON.stringify(await told(`${api}/scenarios`))).not.toContain('"ours"')
  })

  test('--conformance says how much of the battery is met, and what a good client does', async ({
    play,
    running,
    folder,
  }) => {
    const { flags } = await running('trusts any receipt')
    const { code, stdout } = await play(
      ...flags,
      '--conformance',
      '--junit',
      'junit.xml',
      '--html',
      'report.html',
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^FAILED {2}forged-receipt .*\n.* came APPROVED: "Added\."\n {10}because the receipt .*\n {8}A good client holds each receipt against those it pushed, .*\n {8}Why: .*\n {8}Accepted: /m,
    )
    expect(stdout).toMatch(/\n\nConformance: 28 of 29, in /)
    expect(await readFile(join(folder, 'junit.xml'), 'utf8')).toContain(
      '<testsuites name="Conformance: 28 of 29" tests="29" failures="1"',
    )
    const page = await readFile(join(folder, 'report.html'), 'utf8')
    expect(page).toContain('<h1>Conformance: 28 of 29</h1>')
    expect(page).toContain('A good client waits for the answer, and pushes once.')
  })

  test('takes the scenario back when it is stopped with Ctrl-C', async ({ running, folder }) => {
    const { flags, api } = await running()
    const child = spawn(process.execPath, [cli, 'play', ...flags, ...Array(5).fill('wire-slow')], {
      cwd: folder,
    })
    const inUse = () => told(`${api}/scenario`)
    await expect.poll(inUse, { timeout: 10_000 }).toEqual({ scenario: 'wire-slow' })
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([2, null])
    expect(await inUse()).toEqual({ scenario: null })
  })

  test.for<[string, readonly string[], RegExp]>([
    [
      'no simulator',
      ['--issuer', 'http://localhost:59999'],
      /^--issuer needs --simulator URL: the simulator that the application is configured to call\n$/,
    ],
    [
      'windows of no browser',
      ['approved', '--headed'],
      /^--headed is about a real browser: say --browser\n$/,
    ],
    [
      'a browser path without a browser',
      ['approved', '--browser-path', 'chrome'],
      /^--browser-path is about a real browser: say --browser\n$/,
    ],
    [
      'a browser that is not there',
      ['approved', '--browser', '--browser-path', '/no/chrome'],
      /^\/no\/chrome: this browser does not start: Failed to launch chromium because executable doesn't exist/,
    ],
    [
      'no application',
      ['--conformance'],
      /^--conformance is about an application: say --issuer URL\n$/,
    ],
    [
      'nobody at the URL',
      ['ISSUER', 'http://localhost:59999', 'approved'],
      /^http:\/\/localhost:59999: nobody answers \(ECONNREFUSED\)\. Is the application running there\?\n$/,
    ],
    [
      'a consumer key that nobody has',
      ['FLAGS', '--consumer-key', 'theirs', 'approved'],
      /POST reset was refused: there is no issuer with the consumer key theirs\n$/,
    ],
    [
      'no way through',
      ['FLAGS', '--issuer-file', 'no.yaml'],
      /^no\.yaml: the way through the application cannot be read: ENOENT.*--issuer-file/,
    ],
    [
      'a mistake in the way through',
      ['FLAGS', '--issuer-file', 'bad.yaml'],
      /^bad\.yaml:3:3 results\.APROVED: unknown key, did you mean "APPROVED"\?/m,
    ],
    [
      'a variable of the way through that is not set',
      ['FLAGS', '--issuer-file', 'unset.yaml', 'approved'],
      /^unset\.yaml:1:29 steps\[0\]\.fill\.password: the environment variable MDES_SIM_NOBODY is not set/,
    ],
    [
      'files beside the battery',
      ['FLAGS', '--conformance', 'approved'],
      /^--conformance plays its own scenarios: leave out approved\n$/,
    ],
  ])('exits with 2: %s', async ([, args, message], { play, running, folder }) => {
    const { flags } = await running()
    await writeFile(
      join(folder, 'bad.yaml'),
      'steps: [{ click: Add }]\nresults:\n  APROVED: Added\n',
    )
    await writeFile(
      join(folder, 'unset.yaml'),
      `steps: [{ fill: { password: '\${MDES_SIM_NOBODY}' } }]\nresults: { APPROVED: Added }\n`,
    )
    const given = args.flatMap((one) =>
      one === 'FLAGS' ? flags : one === 'ISSUER' ? [...flags.slice(0, 2), '--issuer'] : one,
    )
    const { code, stderr } = await play(...given)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })
})
