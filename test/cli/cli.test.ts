import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { version } from '../../src/version.ts'
import { fetchConforming } from '../support/conformance.ts'
import { cornerShop } from '../support/corner-shop.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { noon } from '../support/journey.ts'
import { test as base } from '../support/temporary-folder.ts'

/** The command as built; `npm test` builds first. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }
type Running = {
  readonly child: ChildProcess
  /** Resolves when the first whole line that fits was printed, or everything once it ended. */
  readonly printed: (pattern: RegExp) => Promise<string>
  /** Like `printed`, and it must have been. */
  readonly shown: (pattern: RegExp) => Promise<string>
  readonly ended: Promise<Ended>
}

type Fixtures = {
  readonly runWith: (environment: Readonly<Record<string, string>>, ...args: string[]) => Running
  readonly run: (...args: string[]) => Running
}

const test = base.extend<Fixtures>({
  runWith: async ({ folder }, use) => {
    const running: Running[] = []
    await use((environment, ...args) => {
      const one = start(args, folder, environment)
      running.push(one)
      return one
    })
    for (const { child, ended } of running) {
      child.kill('SIGKILL')
      await ended
    }
  },
  run: async ({ runWith }, use) => use((...args) => runWith({}, ...args)),
})

function start(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Running {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let look = () => {}
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    look()
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  )
  const printed = (pattern: RegExp) =>
    Promise.race([
      new Promise<string>((resolve) => {
        look = () => pattern.test(stdout) && stdout.endsWith('\n') && resolve(stdout)
        look()
      }),
      ended.then(() => stdout + stderr),
    ])
  return {
    child,
    ended,
    printed,
    shown: async (pattern) => {
      const output = await printed(pattern)
      expect(output).toMatch(pattern)
      return output
    },
  }
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)
const localhost = hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']

const loudly = ['start', '--port', '0', '--data', dataDirectory]
const quietly = [...loudly, '--json']

describe('mdes-sim start', () => {
  test('--json prints one line with everything a client needs, SIGTERM stops it', async ({
    run,
  }) => {
    const { child, printed, ended } = run(...quietly, '--demo', '--demo-port', '0')
    const ready = JSON.parse(await printed(/\n/))
    expect(Object.keys(ready)).toEqual([
      'url',
      'provisionUrl',
      'adminUrl',
      'inspectorUrl',
      'pid',
      'consumerKey',
      'signingKeyStore',
      'signingKeyAlias',
      'signingKeyPassword',
      'signingKeyPem',
      'encryptionCertificate',
      'jwksUrl',
      'demoUrl',
    ])
    expect(ready.pid).toBe(child.pid)
    for (const path of ['signingKeyStore', 'signingKeyPem', 'encryptionCertificate'])
      expect(existsSync(ready[path])).toBe(true)
    for (const url of [
      ready.url,
      ready.jwksUrl,
      `${ready.adminUrl}/health`,
      ready.inspectorUrl,
      ready.demoUrl,
    ])
      expect((await (url === ready.demoUrl ? fetch : fetchConforming)(url)).status).toBe(200)

    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(stderr).toBe('')
    await expect(fetch(ready.url)).rejects.toThrow()
  })

  test('--ready-file has the same object while it runs, for its owner only, and is removed at exit', async ({
    run,
    folder,
  }) => {
    const file = join(folder, 'ready.json')
    const { child, printed, ended } = run(...quietly, '--ready-file', file)
    const line = await printed(/\n/)
    expect(await readFile(file, 'utf8')).toBe(line)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    child.kill('SIGINT')
    expect((await ended).code).toBe(0)
    expect(existsSync(file)).toBe(false)
  })

  test('without --json it says where to click and, request by request, what happened and why', async ({
    run,
  }) => {
    const { printed } = run(
      'start',
      '--port',
      '0',
      '--data',
      dataDirectory,
      '--demo',
      '--demo-port',
      '0',
    )
    const welcome = await printed(/Ctrl-C/)
    expect(welcome).toMatch(/Click here +http:\/\/localhost:\d+ {3}\(Partner Bank, the demo\)/)
    expect(welcome).toMatch(/Consumer key +\S{97}\n/)
    const url = /Token Connect +(\S+)\/mdes/.exec(welcome)?.[1] ?? ''
    await fetchConforming(`${url}/mdes/connect/1/0/pushMultipleAccounts`, {
      method: 'POST',
      body: '{}',
    })
    expect(await printed(/because/)).toMatch(
      /400 {2}POST \/mdes\/connect\/1\/0\/pushMultipleAccounts {2}refused with INVALID_AUTH_HEADER\n +FIX Sign each request with OAuth 1.0a .*\n +The request has no header Authorization. \(AUTHORIZATION_MISSING\)\n +because there is no Authorization header/,
    )
  })

  test('what a caller chooses cannot move the cursor or forge a line', async ({ run }) => {
    const { printed } = run('start', '--port', '0', '--data', dataDirectory)
    const url = /Token Connect +(\S+)\/mdes/.exec(await printed(/Ctrl-C/))?.[1] ?? ''
    const forged = `OAuth ${['nonce', 'timestamp', 'signature', 'body_hash'].map((name) => `oauth_${name}="1"`).join(',')},oauth_signature_method="RSA-SHA256",oauth_consumer_key="%1b[2J%07%0a00:00:00  200  POST /forged"`
    await fetchConforming(`${url}/mdes/connect/1/0/pushMultipleAccounts`, {
      method: 'POST',
      headers: { Authorization: forged },
      body: '{}',
    })
    const output = await printed(/because/)
    expect(output).toContain('\\u001b[2J\\u0007\\u000a00:00:00  200  POST /forged')
    expect(output).not.toMatch(/^00:00:00/m)
  })

  test('makes .mdes-simulator in the working directory by itself', async ({ run, folder }) => {
    const { printed } = run('start', '--port', '0', '--json')
    const { signingKeyPem } = JSON.parse(await printed(/\n/))
    expect(signingKeyPem.endsWith(join('.mdes-simulator', 'keys', 'signing-key.pem'))).toBe(true)
    expect(existsSync(join(folder, '.mdes-simulator', 'keys', 'signing-key.p12'))).toBe(true)
  })

  test('registers the issuers of mdes-simulator.yaml', async ({ run, folder }) => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(join(folder, 'bank.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
    const consumerKey = `${'C'.repeat(48)}!${'0'.repeat(48)}`
    await writeFile(
      join(folder, 'mdes-simulator.yaml'),
      `issuers:\n  - consumerKey: '${consumerKey}'\n    publicKey: bank.pem\nrequestSignature:\n  timestampWindowSeconds: 60\n`,
    )
    const { url } = JSON.parse(await run(...quietly).printed(/\n/))
    const header = `OAuth oauth_consumer_key="${consumerKey}",oauth_nonce="1",oauth_timestamp="${Math.floor(Date.now() / 1000) - 100}",oauth_signature_method="RSA-SHA256",oauth_signature="x",oauth_body_hash="x"`
    const response = await fetchConforming(`${url}/mdes/connect/1/0/pushMultipleAccounts`, {
      method: 'POST',
      headers: { Authorization: header },
      body: '{}',
    })
    // Known, or it would be the consumer key that is refused; 100 s is outside its window of 60.
    expect(await response.text()).toContain('oauth_timestamp is outside')
  })

  test.for<[string, string, RegExp]>([
    [
      'an unknown key',
      'isuers: []',
      /^mdes-simulator\.yaml:1:1 isuers: unknown key, did you mean "issuers"\?/,
    ],
    [
      'a consumer key that is none',
      'issuers: [{ consumerKey: abc, publicKey: x.pem }]',
      /^mdes-simulator\.yaml:1:26 issuers\[0\]\.consumerKey: "abc" is not allowed; expected 97 characters/,
    ],
    [
      'a key file that is not there',
      `issuers: [{ consumerKey: '${'C'.repeat(48)}!${'0'.repeat(48)}', publicKey: x.pem }]`,
      /^mdes-simulator\.yaml: issuers\[0\]: .*x\.pem is not there/,
    ],
    [
      'neither key nor certificate',
      `issuers: [{ consumerKey: '${'C'.repeat(48)}!${'0'.repeat(48)}' }]`,
      /expected either publicKey or certificate/,
    ],
  ])('refuses a broken configuration: %s', async ([, yaml, message], { run, folder }) => {
    await writeFile(join(folder, 'mdes-simulator.yaml'), yaml)
    const { code, stdout, stderr } = await run(...quietly).ended
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('refuses two issuers with one consumer key, and a private key for a public one', async ({
    run,
    folder,
  }) => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await writeFile(
      join(folder, 'bank.pem'),
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    )
    const issuer = `{ consumerKey: '${'C'.repeat(48)}!${'0'.repeat(48)}', publicKey: bank.pem }`
    const config = join(folder, 'mdes-simulator.yaml')
    await writeFile(config, `issuers:\n  - ${issuer}\n  - ${issuer}\n`)
    const twice = await run(...quietly).ended
    expect([twice.code, twice.stderr]).toEqual([
      2,
      expect.stringMatching(
        /^mdes-simulator\.yaml:3:20 issuers\[1\]\.consumerKey: is there twice\n/,
      ),
    ])
    await writeFile(config, `issuers: [${issuer}]\n`)
    const secret = await run(...quietly).ended
    expect(secret.code).toBe(2)
    expect(secret.stderr).toMatch(/bank\.pem cannot be used: it is a private key/)
  })

  test('--public-url is what the ready line and pushes name', async ({ run }) => {
    const server = run(...quietly, '--public-url', 'https://click-to-pay.test')
    const { url, provisionUrl } = JSON.parse(await server.printed(/\n/))
    expect(url).toMatch(/^http:\/\/localhost:/)
    expect(provisionUrl).toBe('https://click-to-pay.test/provision')
  })

  test('refuses a broken scenario set, all problems at once', async ({ run, folder }) => {
    await writeFile(
      join(folder, 'one.yaml'),
      'name: one\ndescription: A story.\nwhen: { locale: 1 }\n',
    )
    await writeFile(join(folder, 'two.yaml'), 'name: two\n')
    const { code, stderr } = await run(...quietly, '--scenarios', folder).ended
    expect(code).toBe(2)
    expect(stderr).toMatchInlineSnapshot(`
      "one.yaml:3:17 when.locale: 1 is a number to YAML, and text is expected: quote this value: "1"
        3 | when: { locale: 1 }
          |                 ^
      two.yaml:1:1 description: missing; expected text
        1 | name: two
          | ^
      2 errors; 2 of 2 files broken: not started
      "
    `)
  })

  test('warns once of what has no effect', async ({ run, folder }) => {
    await writeFile(join(folder, 'old.yml'), '')
    const { printed } = run(...quietly.slice(0, -1), '--scenarios', folder)
    const output = await printed(/Ctrl-C stops it/)
    expect(output.match(/old\.yml:1:1 warning: is not read/g)).toHaveLength(1)
  })

  test('reloads scenario files as they are saved, and tells at once what is wrong', async ({
    run,
    folder,
  }) => {
    const mine = join(folder, 'mine')
    const declined = 'name: story\ndescription: A story.\nprovision: { outcome: DECLINED }\n'
    await mkdir(mine)
    const { printed, shown } = run(...loudly, '--scenarios', 'mine')
    const url = /Token Connect +(\S+)\/mdes/.exec(await printed(/Ctrl-C/))?.[1] ?? ''
    // As editors do that never leave half a file.
    const save = async (text: string) => {
      await writeFile(join(mine, 'story.yaml.tmp'), text)
      await rename(join(mine, 'story.yaml.tmp'), join(mine, 'story.yaml'))
    }
    await save(declined)
    await shown(/^\S+ {2}scenarios {2}reloaded: \d+ scenarios, 8 token requestors; new: story\n/m)

    await save(declined.replace('outcome', 'outcom'))
    await shown(
      /^\S+ {2}scenarios {2}not reloaded: the last good set stays in force\n +mine.story\.yaml:3:14 provision\.outcom: unknown key, did you mean "outcome"\?/m,
    )
    const journal = await (await fetchConforming(`${url}/__simulator/journal?with=faults`)).json()
    expect(journal).toMatchObject({
      entries: [{ kind: 'scenarios', status: 0, faults: [{ code: 'SCENARIOS_REFUSED' }] }],
    })

    // As others do.
    await rm(join(mine, 'story.yaml'))
    await writeFile(join(mine, 'story.yaml'), declined.replace('DECLINED', 'CANCELLED'))
    const mended = await shown(/outcom:[\s\S]*reloaded: \d+ scenarios/)
    expect(mended.match(/provision\.outcom:/g)).toHaveLength(1)
  })

  test('reloads token requestors too, in a folder that was not there', async ({ run, folder }) => {
    const { printed, shown } = run(...loudly, '--scenarios', '.')
    await printed(/Ctrl-C/)
    await mkdir(join(folder, 'token-requestors'))
    await writeFile(join(folder, 'token-requestors', 'shop.yaml'), cornerShop)
    await shown(/9 token requestors; new: Corner Shop \(50190000001\)\n/)
    await writeFile(
      join(folder, 'token-requestors', 'shop.yaml'),
      cornerShop.replace('MERCHANT', 'WALLET'),
    )
    await shown(/changed: Corner Shop \(50190000001\)\n/)
  })

  test('keeps the last good set while a folder is away', async ({ run, folder }) => {
    const mine = join(folder, 'mine')
    await mkdir(mine)
    await writeFile(join(mine, 'story.yaml'), 'name: story\ndescription: A story.\n')
    const { printed, shown } = run(...loudly, '--scenarios', 'mine', '--scenario', 'story')
    await printed(/Ctrl-C/)
    await rename(mine, join(folder, 'away'))
    await shown(/mine: is not there/)
    await rename(join(folder, 'away'), mine)
    await shown(/as before\n/)
    await writeFile(join(mine, 'other.yaml'), 'name: other\ndescription: A story.\n')
    await shown(/new: other\n/)
  })

  test('--json prints nothing of a reload: the journal has it', async ({ run, folder }) => {
    const { child, printed, ended } = run(...quietly, '--scenarios', folder)
    const { adminUrl } = JSON.parse(await printed(/\n/))
    await writeFile(join(folder, 'story.yaml'), 'name: story\n')
    await expect
      .poll(async () => (await fetch(`${adminUrl}/journal?with=faults`)).text(), {
        timeout: 20_000,
      })
      .toContain('SCENARIOS_REFUSED')
    child.kill('SIGTERM')
    const { stdout, stderr } = await ended
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(stderr).toBe('')
  })

  test.for(localhost)('says when its port is taken, on %s', async (host, { run }) => {
    const blocker = createServer()
    await new Promise<void>((done) => blocker.listen(0, host.replace(/[[\]]/g, ''), done))
    const { port } = blocker.address() as { port: number }
    const { code, stderr } = await run('start', '--port', String(port), '--data', dataDirectory)
      .ended
    blocker.close()
    expect(code).toBe(2)
    expect(stderr).toBe(
      `port ${port} is taken: choose another (--port, or --demo-port for the demo bank; 0 picks any free one)\n`,
    )
  })

  test('answers on each address that localhost has on this machine', async ({ run }) => {
    const { url } = JSON.parse(await run(...quietly).printed(/\n/))
    for (const host of localhost) {
      const response = await fetch(`${url.replace('localhost', host)}/__simulator/health`)
      expect(response.status).toBe(200)
    }
  })

  test('listens on all interfaces when told to, and then the admin API asks for a token', async ({
    run,
  }) => {
    const options = [...quietly, '--host', '0.0.0.0']
    const { url, adminUrl, adminToken } = JSON.parse(await run(...options).printed(/\n/))
    expect(url).toMatch(/^http:\/\/localhost:\d+$/)
    const status = async (token?: string) => {
      const headers: Record<string, string> =
        token === undefined ? {} : { Authorization: `Bearer ${token}` }
      return (await fetchConforming(`${adminUrl}/journal`, { headers })).status
    }
    expect([await status(), await status('wrong'), await status(adminToken)]).toEqual([
      401, 401, 200,
    ])
    expect((await fetchConforming(`${adminUrl}/health`)).status).toBe(200)
  })

  test.for([
    ['198.51.100.7', /^host 198\.51\.100\.7 is no address of this machine/],
    ['127.0.0.1', undefined],
  ] as const)('on one interface: %s', async ([host, complaint], { run }) => {
    const started = run(...quietly, '--host', host)
    if (complaint !== undefined) expect((await started.ended).stderr).toMatch(complaint)
    else
      expect(JSON.parse(await started.printed(/\n/))).toMatchObject({
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      })
  })

  test('describes itself in OpenAPI', async ({ run }) => {
    const { url } = JSON.parse(await run(...quietly).printed(/\n/))
    const response = await fetchConforming(`${url}/__simulator/openapi.json`)
    expect(await response.json()).toMatchObject({ openapi: '3.1.1', info: { version } })
  })

  test.for<[string[], RegExp]>([
    [['--prot', '1'], /unknown option '--prot'/],
    [['--port', 'abc'], /expected 0 to 65535/],
    [['--clock', 'yesterday'], /expected an existing time in ISO 8601/],
    [['--clock', '2026-02-30T00:00:00Z'], /expected an existing time/],
    [['--clock', '2026-01-30T00:00:00'], /with its offset/],
    [['--ready-file', 'nope/ready.json'], /nope.ready\.json: the ready file cannot be written/],
    [['--scenario', 'nope'], /there is no scenario "nope"; known are approved, approved-again/],
    [['--public-url', 'nope'], /public URL "nope": expected http/],
    [['--config', 'nope.yaml'], /nope\.yaml: the configuration file cannot be read/],
  ])('wrong usage exits with 2: %j', async ([args, message], { run }) => {
    const { code, stderr } = await run(...quietly, ...args).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  })

  test('with --seed, --clock and --public-url two servers give the same bytes', async ({ run }) => {
    const answers = []
    for (const _turn of [1, 2]) {
      const server = run(
        ...quietly,
        '--public-url',
        'http://localhost:6337',
        '--relaxed',
        '--seed',
        '7',
        '--clock',
        noon.toISOString(),
      )
      const { url } = JSON.parse(await server.printed(/\n/))
      const accounts = [
        {
          pushAccountId: 'a',
          fundingAccountData: { cardAccountData: { accountNumber: '5123456789012346' } },
        },
      ]
      const body = JSON.stringify({
        requestId: '1',
        tokenRequestorId: '50123197928',
        pushFundingAccounts: { encryptedPayload: { encryptedData: accounts } },
      })
      answers.push(
        await (
          await fetchConforming(`${url}/mdes/connect/1/0/pushMultipleAccounts`, {
            method: 'POST',
            body,
          })
        ).text(),
      )
      server.child.kill('SIGTERM')
      await server.ended
    }
    expect(answers[0]).toContain('MCC-STL-')
    expect(answers[1]).toBe(answers[0])
  })
})

describe('mdes-sim start --tls', () => {
  test('serves everything over https, to whoever trusts its CA', async ({
    run,
    runWith,
    folder,
  }) => {
    const file = join(folder, 'ready.json')
    await run(...quietly, '--tls', '--ready-file', file).printed(/\n/)
    const ready = JSON.parse(await readFile(file, 'utf8'))
    for (const name of ['url', 'provisionUrl', 'adminUrl', 'inspectorUrl', 'jwksUrl'])
      expect(ready[name]).toMatch(/^https:\/\/localhost:\d+(\/|$)/)
    expect(ready).not.toHaveProperty('demoUrl')

    const push = ['push', '--url', ready.url, '--data', dataDirectory]
    const { code, stdout, stderr } = await runWith({ NODE_EXTRA_CA_CERTS: ready.tlsCa }, ...push)
      .ended
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('HTTP 200, X-Simulator-Scenario: approved; by=default')
    expect(stdout).toContain(`\n${ready.provisionUrl}?pushAccountData=`)
    const back = await visit(stdout.trim().split('\n').at(-1) ?? '', ready.tlsCa)
    expect(back.headers.location).toMatch(
      /^http:\/\/localhost:6338\/tokenization-results\?results%5B/,
    )

    const untrusting = await run(...push).ended
    expect([untrusting.code, untrusting.stdout]).toEqual([2, ''])
    expect(untrusting.stderr).toBe(
      `${ready.url}: its certificate is by a CA that is not trusted here (UNABLE_TO_VERIFY_LEAF_SIGNATURE). Run this with the environment variable NODE_EXTRA_CA_CERTS=${ready.tlsCa}\n`,
    )
  })

  test('the admin API answers to its own pages, and to no page of the same host over http', async ({
    run,
  }) => {
    const { url, adminUrl, tlsCa } = JSON.parse(await run(...quietly, '--tls').printed(/\n/))
    const from = async (Origin: string) =>
      (await visit(`${adminUrl}/health`, tlsCa, { Origin })).statusCode
    expect(await from(url)).toBe(200)
    expect(await from(url.replace('https:', 'http:'))).toBe(403)
  })

  test('the demo bank stays at http, and pushes', async ({ run }) => {
    const { url, demoUrl } = JSON.parse(
      await run(...quietly, '--tls', '--demo', '--demo-port', '0').printed(/\n/),
    )
    expect(demoUrl).toMatch(/^http:\/\/localhost:/)
    const response = await fetch(`${demoUrl}/click-to-pay`, {
      method: 'POST',
      body: 'card=Everyday',
      redirect: 'manual',
    })
    expect(response.headers.get('Location')).toContain(`${url}/provision?pushAccountData=`)
  })

  test('says which CA to trust', async ({ run }) => {
    const { printed } = run('start', '--port', '0', '--data', dataDirectory, '--tls')
    expect(await printed(/Ctrl-C/)).toMatch(
      /CA to trust \(PEM\) +\S+ca\.pem\n +for Node, its path in NODE_EXTRA_CA_CERTS; for curl, in --cacert\n/,
    )
  })

  test('covers the host of --public-url', async ({ run }) => {
    const { url, provisionUrl, tlsCa } = JSON.parse(
      await run(
        ...quietly,
        '--data',
        'its-own',
        '--tls',
        '--public-url',
        'https://wallet.test',
      ).printed(/\n/),
    )
    expect(provisionUrl).toBe('https://wallet.test/provision')
    const { statusCode } = await visit(`${url}/`, tlsCa, { Host: 'wallet.test' })
    expect(statusCode).toBe(200)
  })
})

/** Node's fetch trusts no CA that the process was not started with. The certificate must be for the host of the URL, or of the header. */
async function visit(
  url: string,
  caFile: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> {
  const ca = await readFile(caFile)
  return new Promise((done, failed) => {
    get(url, { ca, headers, agent: false }, (response) => done(response.resume())).on(
      'error',
      failed,
    )
  })
}

describe('mdes-sim push', () => {
  test('signs, encrypts, calls, and prints the answer and the redirect URL', async ({ run }) => {
    const { url } = JSON.parse(await run(...quietly).printed(/\n/))
    for (const useCase of ['signature', 'receipt']) {
      const { code, stdout, stderr } = await run(
        'push',
        '--url',
        url,
        '--data',
        dataDirectory,
        '--use-case',
        useCase,
        '--locale',
        'cs_CZ',
      ).ended
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toContain('pushed 512345******2346 to')
      expect(stdout).toContain('HTTP 200, X-Simulator-Scenario: approved; by=default')
      const redirect = stdout.trim().split('\n').at(-1) ?? ''
      expect(redirect).toContain(
        useCase === 'signature'
          ? '/provision?pushAccountData='
          : '/provision?pushAccountReceipts=MCC-STL-',
      )
      const back = await fetchConforming(redirect, { redirect: 'manual' })
      expect(back.headers.get('Location')).toMatch(
        /^http:\/\/localhost:6338\/tokenization-results\?results%5B/,
      )
    }
  })

  test('a card that gets no receipt exits with 1', async ({ run }) => {
    const { url } = JSON.parse(await run(...quietly).printed(/\n/))
    const { code, stdout } = await run(
      'push',
      '--url',
      url,
      '--data',
      dataDirectory,
      '--card',
      '4111111111111111',
    ).ended
    expect(code).toBe(1)
    expect(stdout).toContain('no receipt: ACCOUNT_INELIGIBLE')
    expect(stdout).not.toContain('4111111111111111')
  })

  test('nobody there, or no keys, exits with 2 and says what to do', async ({ run, folder }) => {
    const nobody = await run('push', '--url', 'http://localhost:9', '--data', dataDirectory).ended
    expect(nobody.code).toBe(2)
    expect(nobody.stderr).toMatch(
      /^http:\/\/localhost:9: nobody answers \(.+\)\. Is the simulator running there\?\n$/,
    )
    for (const wrong of [
      ['--url', 'notaurl'],
      ['--url', 'http://localhost:6337/mdes'],
      ['--card', '12'],
      ['--card', 'abc'],
    ]) {
      const { code, stderr } = await run('push', '--data', dataDirectory, ...wrong).ended
      expect(code).toBe(2)
      expect(stderr).toMatch(/is invalid\. expected/)
    }
    const keyless = await run('push', '--data', folder).ended
    expect(keyless.code).toBe(2)
    expect(keyless.stderr).toMatch(/there are no keys\. Start the simulator first/)
  })
})

describe('mdes-sim check', () => {
  test('the built-in scenarios', async ({ run }) => {
    expect(await run('check').ended).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^\d+ scenarios and 8 token requestors, all good: approved-again, .*, willow-market\n$/,
      ),
      stderr: '',
    })
  })

  test('a folder with mistakes exits with 1', async ({ run, folder }) => {
    await writeFile(join(folder, 'good.yaml'), 'name: good\ndescription: A story.\n')
    await writeFile(
      join(folder, 'story.yaml'),
      'name: story\ndescription: A story.\nprovision: { outcom: ask }\n',
    )
    const { code, stdout, stderr } = await run('check', '.').ended
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatchInlineSnapshot(`
      "story.yaml:3:14 provision.outcom: unknown key, did you mean "outcome"?; known are consumer, pages, outcome, stepUp, delay, transport
        3 | provision: { outcom: ask }
          |              ^^^^^^
      1 error; 1 of 2 files broken
      "
    `)
  })

  test('says which built-in scenarios a folder replaces', async ({ run, folder }) => {
    const story = (name: string) =>
      writeFile(join(folder, `${name}.yaml`), `name: ${name}\ndescription: A story.\n`)
    for (const name of ['approved', 'declined']) await story(name)
    expect((await run('check', '.').ended).stdout).toBe(
      '2 scenarios, in place of the built-in approved and declined, and 0 token requestors, all good: approved, declined\n',
    )
    await story('zebra')
    expect((await run('check', '.').ended).stdout).toMatch(
      /^3 scenarios, 2 of them in place of the built-in approved and declined, and 0 /,
    )
    expect((await run('check', 'zebra.yaml').ended).stdout).toMatch(/^1 scenario and 0 /)
  })

  test('an empty folder exits with 1, and is named', async ({ run, folder }) => {
    const { code, stdout } = await run('check', '.').ended
    expect([code, stdout]).toEqual([1, `${await realpath(folder)}: there are no *.yaml files\n`])
  })

  test('one file of the folder, and not what is wrong beside it', async ({ run, folder }) => {
    await writeFile(join(folder, 'good.yaml'), 'name: good\ndescription: A story.\n')
    await writeFile(join(folder, 'story.yaml'), 'name: story\n')
    expect(await run('check', 'good.yaml').ended).toMatchObject({ code: 0 })
    expect(await run('check', 'story.yaml').ended).toMatchObject({ code: 1 })
    expect(await run('check', 'story.yml').ended).toMatchObject({ code: 2 })
  })

  test('--json is one document for tools, with warnings, and a file that cannot be read', async ({
    run,
    folder,
  }) => {
    await writeFile(
      join(folder, 'story.yaml'),
      'name: story\ndescription: A story.\nwhen: { card: { number: "5123456789012353" } }\n',
    )
    await writeFile(join(folder, 'old.yml'), '')
    const good = await run('check', '.', '--json').ended
    expect(good.code).toBe(0)
    expect(JSON.parse(good.stdout)).toMatchObject({ files: 1, scenarios: ['story'] })
    await symlink('nowhere', join(folder, 'gone.yaml'))
    const { code, stdout } = await run('check', '.', '--json').ended
    expect(code).toBe(1)
    const { folder: checked, ...report } = JSON.parse(stdout)
    expect(checked).toBe(await realpath(folder))
    expect(report).toMatchInlineSnapshot(`
      {
        "files": 2,
        "problems": [
          {
            "column": 1,
            "endColumn": 1,
            "file": "gone.yaml",
            "line": 1,
            "message": "is not there",
            "path": "",
            "severity": "error",
            "source": "",
          },
          {
            "column": 1,
            "endColumn": 1,
            "file": "old.yml",
            "line": 1,
            "message": "is not read, because of its ending: rename it to old.yaml",
            "path": "",
            "severity": "warning",
            "source": "",
          },
          {
            "column": 7,
            "endColumn": 47,
            "file": "story.yaml",
            "line": 3,
            "message": "never chooses this story: approved.yaml (built in) comes first in name order, and its when (card number 512345******2353) always holds too; use another value, give this file an earlier name, or replace that one by a file approved.yaml of yours",
            "path": "when",
            "severity": "warning",
            "source": "when: { card: { number: "512345******2353" } }",
          },
        ],
        "replaced": [],
        "scenarios": [
          "gone",
          "story",
        ],
        "tokenRequestors": [],
      }
    `)
  })

  test('a folder that is not there exits with 2', async ({ run, folder }) => {
    const { code, stderr } = await run('check', 'nope').ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/nope: is not there; name a folder/)
    await writeFile(join(folder, 'story.yaml'), '')
    const below = await run('check', 'story.yaml/nope').ended
    expect(below.stderr).toMatch(/nope: is not there/)
  })
})

describe('mdes-sim', () => {
  test.for([[], ['start'], ['exec'], ['push'], ['check']])('%j --help', async (args, { run }) => {
    const { code, stdout } = await run(...args, '--help').ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Usage: mdes-sim/)
  })

  test('--version', async ({ run }) => {
    expect((await run('--version').ended).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('an unknown command exits with 2', async ({ run }) => {
    const { code, stderr } = await run('strat').ended
    expect(code).toBe(2)
    expect(stderr).toContain("unknown command 'strat'")
  })
})
