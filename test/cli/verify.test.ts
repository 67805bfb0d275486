import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { noPact } from '../support/pact.ts'
import { pactBroker } from '../support/pact-broker.ts'
import { approved, pactOf as recordedPactOf, recordedPush } from '../support/pact-verification.ts'
import { test as base } from '../support/temporary-folder.ts'

/** The command as built; `npm test` builds first. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

type Fixtures = {
  readonly verifyWith: (
    environment: Readonly<Record<string, string>>,
    ...args: string[]
  ) => Promise<Ended>
  readonly verify: (...args: string[]) => Promise<Ended>
  /** Writes a pact, and gives its path. */
  readonly pact: (name: string, ...statuses: number[]) => Promise<string>
}

const test = base.extend<Fixtures>({
  verifyWith: async ({ folder }, use) =>
    use(
      (environment, ...args) =>
        new Promise((ended) => {
          const child = execFile(
            process.execPath,
            [cli, 'verify', '--data', dataDirectory, ...args],
            { cwd: folder, env: { ...process.env, ...environment } },
            (_error, stdout, stderr) => ended({ code: child.exitCode ?? -1, stdout, stderr }),
          )
        }),
    ),
  verify: async ({ verifyWith }, use) => use((...args) => verifyWith({}, ...args)),
  pact: async ({ folder }, use) =>
    use(async (name, ...statuses) => {
      const path = join(folder, `${name}.json`)
      await writeFile(path, JSON.stringify(pactOf(name, ...statuses)))
      return path
    }),
})

function pactOf(consumer: string, ...statuses: readonly number[]): object {
  return {
    consumer: { name: consumer },
    provider: { name: 'token-connect' },
    interactions: statuses.map((status) => ({
      description: `an answer with ${status} & <more>`,
      providerStates: [{ name: 'approved' }],
      request: { method: 'GET', path: '/' },
      response: { status },
    })),
    metadata: { pactSpecification: { version: '3.0.0' } },
  }
}

describe.skipIf(noPact !== '')(`mdes-sim verify${noPact}`, () => {
  test('exits with 0 when all is kept, and 1 when something is not, and says what', async ({
    verify,
    pact,
    folder,
  }) => {
    const good = await pact('Bank', 200)
    const bad = await pact('Shop', 200, 201)

    const kept = await verify(good)
    expect(kept).toEqual({ code: 0, stderr: '', stdout: expect.any(String) })
    const broken = await verify(good, bad)
    expect(broken).toMatchObject({ code: 1, stderr: '' })
    expect(broken.stdout.replaceAll(folder, '.')).toMatchInlineSnapshot(`
      "./Bank.json
        ✓ Bank: an answer with 200 & <more> (approved)
      ./Shop.json
        ✓ Shop: an answer with 200 & <more> (approved)
        ✗ Shop: an answer with 201 & <more> (approved)
            status: expected 201, but it was 200
      3 interactions: 2 passed, 1 failed
      "
    `)
  })

  test('--json prints one document for tools', async ({ verify, pact }) => {
    const { stdout, code } = await verify(await pact('Bank', 201), '--json')

    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      passed: false,
      interactions: [
        {
          consumer: 'Bank',
          provider: 'token-connect',
          description: 'an answer with 201 & <more>',
          states: ['approved'],
          source: expect.stringMatching(/Bank\.json$/),
          pending: false,
          outcome: 'failed',
          differences: ['status: expected 201, but it was 200'],
          refusals: [],
          notes: [],
          leniencies: [],
          seconds: expect.any(Number),
        },
      ],
      notes: [],
      filteredOut: 0,
    })
  })

  test('--junit writes a report, too, and makes its folder', async ({ verify, pact, folder }) => {
    const file = join(folder, 'reports', 'junit.xml')
    const { stdout } = await verify(await pact('Bank', 200, 201), '--junit', file)

    expect(stdout).toContain('2 interactions: 1 passed, 1 failed')
    const report = (await readFile(file, 'utf8'))
      .replaceAll(folder, '.')
      .replace(/time="[\d.]+"/g, 'time="0.000"')
    expect(report).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <testsuites name="mdes-sim verify" tests="2" failures="1" errors="0" skipped="0" time="0.000">
        <testsuite name="Bank and token-connect (./Bank.json)" tests="2" failures="1" errors="0" skipped="0" time="0.000">
          <testcase classname="Bank and token-connect (./Bank.json)" name="an answer with 200 &amp; &lt;more&gt; (approved)" time="0.000"/>
          <testcase classname="Bank and token-connect (./Bank.json)" name="an answer with 201 &amp; &lt;more&gt; (approved)" time="0.000"><failure message="status: expected 201, but it was 200">status: expected 201, but it was 200</failure></testcase>
        </testsuite>
      </testsuites>
      "
    `)
  })

  test('what could not be verified is told in JSON and to JUnit, and no old report stays', async ({
    verify,
    folder,
  }) => {
    const file = join(folder, 'junit.xml')
    await writeFile(file, '<testsuites name="of yesterday"/>')

    const { code, stdout, stderr } = await verify(
      '5123456789012346.json',
      '--json',
      '--junit',
      file,
    )

    const error = expect.stringMatching(/^512345\*{6}2346\.json: is not there; name a pact file/)
    expect({ code, stderr }).toEqual({ code: 2, stderr: error })
    expect(JSON.parse(stdout)).toEqual({
      passed: false,
      interactions: [],
      notes: [],
      filteredOut: 0,
      error,
    })
    const report = await readFile(file, 'utf8')
    expect(report).toContain('errors="1"')
    expect(report).toContain('<error message="512345******2346.json: is not there')
  })

  test('--pedantic refuses what is otherwise noted, and --pkcs1 wraps keys so', async ({
    verify,
    folder,
  }) => {
    const file = join(folder, 'pact.json')
    const encryptedPayload = { oaepHashingAlgorithm: undefined }
    const members = { misspelt: 'x' }
    const request = recordedPush({ encryptedPayload, members })
    await writeFile(file, JSON.stringify(recordedPactOf({ ...approved, request })))

    expect(await verify(file)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('say so (--pkcs1)'),
    })
    expect(await verify(file, '--pkcs1')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/1 passed; passes here only: 1 \(--pedantic refuses it\)\n$/),
    })
    expect(await verify(file, '--pkcs1', '--pedantic')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('(refused by --pedantic)'),
    })
  })

  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s leaves no copy of a pact behind',
    { timeout: 30_000 },
    async (signal, { folder }) => {
      const copies = join(folder, 'copies')
      await mkdir(copies)
      const file = join(folder, 'pact.json')
      await writeFile(
        file,
        JSON.stringify(
          recordedPactOf({
            providerStates: [{ name: 'wire-no-answer' }],
            request: recordedPush(),
            response: { status: 200 },
          }),
        ),
      )
      const child = spawn(process.execPath, [cli, 'verify', '--data', dataDirectory, file], {
        env: { ...process.env, TMPDIR: copies },
      })
      onTestFinished(() => {
        child.kill('SIGKILL')
      })
      const complaint = text(child.stderr)
      const [copy] = await vi.waitFor(
        async () => {
          const found = await readdir(copies, { recursive: true })
          expect(found).toHaveLength(2)
          return found.filter((name) => name.endsWith('.json'))
        },
        { timeout: 20_000 },
      )
      expect((await stat(join(copies, copy ?? ''))).mode & 0o777).toBe(0o600)

      child.kill(signal)

      const [code] = await once(child, 'close')
      expect([code, await complaint]).toEqual([2, 'interrupted: nothing is verified\n'])
      expect(await readdir(copies)).toEqual([])
    },
  )

  test('--description, --state and --consumer choose', async ({ verify, pact }) => {
    const files = [await pact('Bank', 200, 201), await pact('Shop', 201)]

    const { code, stdout } = await verify(
      ...files,
      ...['--consumer', 'Bank', '--description', 'with 200', '--state', 'approved'],
    )

    expect(code).toBe(0)
    expect(stdout).toContain('1 interaction: 1 passed, 2 filtered out')
  })

  test('--scenarios brings provider states, and what has no effect in them is warned of', async ({
    verify,
    folder,
  }) => {
    const scenarios = join(folder, 'scenarios')
    await mkdir(scenarios)
    await writeFile(join(scenarios, 'our-own.yaml'), 'name: our-own\ndescription: Ours.\n')
    const file = join(folder, 'pact.json')
    await writeFile(file, JSON.stringify(pactOf('Bank', 200)).replaceAll('approved', 'our-own'))

    expect((await verify(file)).code).toBe(1)
    expect(await verify(file, '--scenarios', scenarios)).toMatchObject({ code: 0 })
  })

  test.for([
    [
      'nothing to verify',
      [],
      'nothing to verify: name pact files, folders or URLs, or a Pact broker',
    ],
    ['a missing file', ['no-such.json'], 'no-such.json: is not there'],
    ['an unknown flag', ['--publish'], "unknown option '--publish'"],
    [
      'filters that leave nothing',
      ['Bank.json', '--consumer', 'Shop'],
      'no interaction is left by the filters; there are\n  Bank, of token-connect:',
    ],
    [
      'both kinds of credentials',
      ['Bank.json', '--broker-token', 't', '--broker-username', 'joe'],
      'a broker takes a token, or a username and a password; give one of them',
    ],
    [
      'a broker that is no URL',
      ['--broker-url', 'broker'],
      '--broker-url broker: expected a URL, such as https://broker.bank.test',
    ],
    [
      'a report that cannot be written',
      ['Bank.json', '--junit', 'Bank.json/junit.xml'],
      'junit.xml: the JUnit report cannot be written',
    ],
  ] as const)('exits with 2 for %s', async ([, args, message], { verify, pact }) => {
    await pact('Bank', 200)

    const { code, stderr } = await verify(...args)

    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  test('is there for tests, too, as mdes-simulator/contract', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        "import * as all from 'mdes-simulator/contract'; console.log(Object.keys(all))",
      ],
      // In the package, so that it finds itself by name.
      { cwd: fileURLToPath(new URL('../../', import.meta.url)) },
    )

    expect(stdout).toBe("[ 'verifyPacts' ]\n")
  })

  test('--broker-url reads a broker, and says that it only reads', async ({ verify }) => {
    const { url, asked } = await pactBroker(
      { Bank: { pact: pactOf('Bank', 200) } },
      { authorization: 'Bearer s3cret' },
    )

    const { code, stdout, stderr } = await verify('--broker-url', url, '--broker-token', 's3cret')

    expect(code, stderr).toBe(0)
    expect(stdout).toContain('The broker was only read: results are not published.')
    expect(stdout).not.toContain('s3cret')
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET'])
  })

  test('a broker of the environment is read where no pacts are named, and only then', async ({
    verifyWith,
    pact,
  }) => {
    const { url, asked } = await pactBroker(
      { Bank: { pact: pactOf('Bank', 200) } },
      { authorization: `Basic ${btoa('joe:s3cret')}` },
    )
    const environment = {
      PACT_BROKER_BASE_URL: url,
      PACT_BROKER_USERNAME: 'joe',
      PACT_BROKER_PASSWORD: 's3cret',
    }

    expect(await verifyWith(environment, await pact('Shop', 200))).toMatchObject({ code: 0 })
    expect(asked).toEqual([])
    expect(await verifyWith(environment)).toMatchObject({ code: 0 })
    expect(asked).toHaveLength(3)
    // A webhook names the pact, and the environment has the rest.
    const one = `${url}/pacts/provider/token-connect/consumer/Bank/latest`
    expect(await verifyWith(environment, one)).toMatchObject({ code: 0 })
  })

  test('what is secret in the environment is shown to nobody but its broker', async ({
    verifyWith,
  }) => {
    const { url, asked } = await pactBroker({ Bank: { pact: pactOf('Bank', 200) } })
    const one = `${url}/pacts/provider/token-connect/consumer/Bank/latest`

    await verifyWith({ PACT_BROKER_TOKEN: 's3cret' }, one)
    await verifyWith(
      { PACT_BROKER_TOKEN: 's3cret', PACT_BROKER_BASE_URL: 'https://broker.bank.test' },
      one,
    )

    expect(asked.map(({ authorization }) => authorization)).toEqual([undefined, undefined])
  })
})
