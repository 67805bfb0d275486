import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { type Ready, type StartOptions, start } from './start.ts'

export type ExecOptions = {
  readonly command: string
  readonly args: readonly string[]
  /** Of the simulator. */
  readonly options: Omit<StartOptions, 'readyFile' | 'json' | 'print'>
  readonly environment: NodeJS.ProcessEnv
  readonly platform: NodeJS.Platform
  readonly pid: number
  /** Whether it was started at a terminal, whose Ctrl-C reaches the command by itself. */
  readonly atTerminal: boolean
  /** Calls for each signal that comes, of those that end a program. */
  readonly onSignal: (listener: (signal: NodeJS.Signals) => void) => void
  /** Writes a line for people. */
  readonly complain: (line: string) => void
}

/**
 * Runs a command with a simulator beside it, which it finds by its environment.
 *
 * @returns the exit code: that of the command, 128 and the number of the signal that ended it, 126 or 127 when it cannot be run.
 * @throws {SetupError} the simulator cannot be started; the command is not run.
 */
export async function exec({
  command,
  args,
  options,
  environment,
  platform,
  pid,
  atTerminal,
  onSignal,
  complain,
}: ExecOptions): Promise<number> {
  let child: ChildProcess | undefined
  let early: NodeJS.Signals | undefined
  onSignal((signal) => {
    if (child === undefined) early ??= signal
    // Once is enough: many a program takes the second for impatience.
    else if (!atTerminal || (signal !== 'SIGINT' && signal !== 'SIGQUIT')) child.kill(signal)
  })
  const simulator = await start({ ...options, json: true, print: () => {} }, pid)
  try {
    if (early !== undefined) return codeOf(early)
    const env = { ...environment, ...variables(simulator.ready) }
    // npm and the like are batch files there, which only a shell can run.
    child =
      platform === 'win32'
        ? spawn([command, ...args].map(quoted).join(' '), { env, stdio: 'inherit', shell: true })
        : spawn(command, args, { env, stdio: 'inherit' })
    return await ended(child).catch((error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT'
      complain(
        `mdes-sim exec: ${command}: ${isMissing ? 'there is no such command' : `cannot be run (${error.code})`}`,
      )
      return isMissing ? 127 : 126
    })
  } finally {
    await simulator.stop()
  }
}

/** `signingKeyPem` becomes `MDES_SIM_SIGNING_KEY_PEM`. */
function variables(ready: Ready): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ready).map(([name, value]) => [
      `MDES_SIM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      String(value),
    ]),
  )
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 0) : codeOf(signal)))
  })
}

function codeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

/** For cmd.exe. */
function quoted(word: string): string {
  return /^[\w./:\\=@-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`
}
