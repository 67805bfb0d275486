import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { test as base } from '../support/temporary-folder.ts'

/** The command as built; `npm test` builds first. */
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string }
type Running = {
  readonly child: ChildProcess
  /** Resolves when this was printed. */
  readonly printed: (pattern: RegExp) => Promise<string>
  readonly ended: Promise<Ended>
}

const test = base.extend<{
  exec: (...args: readonly string[]) => Running
  /** A program in the folder. @returns the command that runs it. */
  program: (code: string) => Promise<readonly [string, string]>
}>({
  exec: async ({ folder }, use) => {
    const running: Running[] = []
    await use((...args) => {
      const all = [cli, 'exec', '--data', dataDirectory, ...args]
      const one = start(spawn(process.execPath, all, { cwd: folder, stdio: 'pipe' }))
      running.push(one)
      return one
    })
    for (const { child, ended } of running) {
      child.kill('SIGTERM')
      await ended
    }
  },
  program: async ({ folder }, use) =>
    use(async (code) => {
      await writeFile(join(folder, 'program.mjs'), code)
      return [process.execPath, 'program.mjs']
    }),
})

function start(child: ChildProcess): Running {
  const output = { stdout: '', stderr: '' }
  let look = () => {}
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk) => {
      output[name] += chunk
      look()
    })
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, ...output }))),
    printed: (pattern) =>
      new Promise((resolve) => {
        look = () => pattern.test(output.stdout) && resolve(output.stdout)
        look()
      }),
  }
}

/** Tells on stdout that it listens, and which signals come. */
const listener = `
let received = 0
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
  process.on(signal, () => {
    console.log(signal)
    received += 1
    setTimeout(() => process.exit(40 + received), 200)
  })
setInterval(() => {}, 1000)
console.log('listening on', process.env.MDES_SIM_URL)
`

describe('mdes-sim exec', () => {
  test('gives the command every member of the ready file, and nothing else is printed', async ({
    exec,
    program,
  }) => {
    const command = await program(`
const members = Object.keys(process.env).filter((name) => name.startsWith('MDES_SIM_'))
const { status } = await fetch(process.env.MDES_SIM_ADMIN_URL + '/health')
console.log(JSON.stringify({ members, status, args: process.argv.slice(2) }))
`)
    const { code, stdout, stderr } = await exec(
      '--demo',
      '--tls',
      '--',
      'env',
      // Here, and not in the environment of exec, because Node reads it at its start.
      'NODE_TLS_REJECT_UNAUTHORIZED=0',
      'NODE_NO_WARNINGS=1',
      ...command,
      '--port',
      '1',
      '--',
      '--help',
    ).ended
    expect(JSON.parse(stdout)).toEqual({
      members: [
        'MDES_SIM_URL',
        'MDES_SIM_PROVISION_URL',
        'MDES_SIM_ADMIN_URL',
        'MDES_SIM_INSPECTOR_URL',
        'MDES_SIM_PID',
        'MDES_SIM_CONSUMER_KEY',
        'MDES_SIM_SIGNING_KEY_STORE',
        'MDES_SIM_SIGNING_KEY_ALIAS',
        'MDES_SIM_SIGNING_KEY_PASSWORD',
        'MDES_SIM_SIGNING_KEY_PEM',
        'MDES_SIM_ENCRYPTION_CERTIFICATE',
        'MDES_SIM_JWKS_URL',
        'MDES_SIM_DEMO_URL',
        'MDES_SIM_TLS_CA',
      ],
      status: 200,
      args: ['--port', '1', '--', '--help'],
    })
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  test('takes the flags of start, and no -- is needed before the command', async ({
    exec,
    program,
  }) => {
    const command = await program(`
console.log(await (await fetch(process.env.MDES_SIM_ADMIN_URL + '/clock')).text(), process.argv[2])
`)
    const { stdout } = await exec('--clock', '2030-01-01T00:00:00Z', ...command, '--clock').ended
    expect(stdout).toBe('{"now":"2030-01-01T00:00:00.000Z","frozen":true} --clock\n')
  })

  test('does not run the command when the simulator cannot start', async ({ exec, program }) => {
    const command = await program(`console.log('ran')`)
    const { code, stdout, stderr } = await exec('--scenario', 'declind', '--', ...command).ended
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/did you mean "declined"/)
  })

  test('pipes through what comes in', async ({ exec, program }) => {
    const { child, ended } = exec('--', ...(await program('process.stdin.pipe(process.stdout)')))
    child.stdin?.end('from outside')
    expect((await ended).stdout).toBe('from outside')
  })

  test.for([
    [0, 'process.exit(0)'],
    [3, 'process.exit(3)'],
    [128 + 9, "process.kill(process.pid, 'SIGKILL')"],
  ] as const)(
    'exits with %i as the command does: %s',
    async ([code, ending], { exec, program }) => {
      expect(await exec('--', ...(await program(ending))).ended).toEqual({
        code,
        stdout: '',
        stderr: '',
      })
    },
  )

  test.for([
    [127, 'no-such-command', 'mdes-sim exec: no-such-command: there is no such command\n'],
    [126, '/', 'mdes-sim exec: /: cannot be run (EACCES)\n'],
  ] as const)('exits with %i when it cannot run %s', async ([code, command, stderr], { exec }) => {
    expect(await exec('--', command, '--flag').ended).toEqual({ code, stdout: '', stderr })
  })

  test('without a command is wrong usage', async ({ exec }) => {
    const { code, stderr } = await exec('--').ended
    expect(code).toBe(2)
    expect(stderr).toContain("missing required argument 'command'")
  })

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'passes %s on once, and stops when the command has',
    async (signal, { exec, program }) => {
      const { child, printed, ended } = exec('--', ...(await program(listener)))
      const [url = ''] = /http\S+/.exec(await printed(/listening/)) ?? []
      child.kill(signal)
      await printed(new RegExp(signal))
      expect((await fetch(`${url}/__simulator/health`)).status).toBe(200)
      const { code, stdout } = await ended
      expect(stdout).toBe(`listening on ${url}\n${signal}\n`)
      expect(code).toBe(41)
      await expect(fetch(url)).rejects.toThrow()
    },
  )
})
