import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { SetupError } from '../errors.ts'

/** As Pact's verifier tells them, as far as they are read here. */
export type VerifierResults = {
  readonly interactionResults: readonly {
    readonly description: string
    /** `OK`, or why not. */
    readonly result: string
    /** Such as `39ms`. */
    readonly duration?: string
  }[]
  readonly errors: readonly {
    /** A sentence that ends with the description. */
    readonly interaction: string
    readonly mismatch: {
      readonly mismatches?: readonly VerifierMismatch[]
      readonly message?: string
    }
  }[]
}

export type VerifierMismatch = {
  readonly type: string
  /** Of a header. */
  readonly key?: string
  /** In a body. */
  readonly path?: string
  readonly expected?: unknown
  readonly actual?: unknown
  readonly mismatch?: string
}

/** Milliseconds that the simulator may take for one answer, scenarios that hold it back included. */
const patience = 30_000

/**
 * Runs Pact's verifier in a process of its own. Its native half prints to standard output whatever the log level, and obeys the
 * environment: HTTP_PROXY even for loopback, PACT_BROKER_BASE_URL, PACT_DESCRIPTION, and statistics are sent unless told not to. `fork` finds this Node
 * by itself, and `--eval` spares a second file.
 *
 * @param provider where it listens, and where its states are set up.
 * @param files paths of pact files.
 * @param signal stops it.
 * @throws {SetupError} it could not run: it is not installed, or its native library does not load.
 */
export async function runVerifier(
  provider: { readonly url: string; readonly statesUrl: string },
  files: readonly string[],
  signal: AbortSignal | undefined,
): Promise<VerifierResults> {
  const core = pactCore()
  const options = {
    providerBaseUrl: provider.url,
    providerStatesSetupUrl: provider.statesUrl,
    pactUrls: files,
    failIfNoPactsFound: true,
    timeout: patience,
    logLevel: 'error',
  }
  const program = `
    const { default: pact } = require(${JSON.stringify(core)})
    const answer = (results) => require('node:fs').writeFileSync(4, results)
    const verify = async () => pact.verifyPacts(${JSON.stringify(options)})
    verify().then(answer, (error) => answer(error.message))`
  const child = fork('verifier', {
    execArgv: ['--eval', program],
    // On Windows Node adds what every process needs there, such as SystemRoot and TEMP.
    env: { PACT_DO_NOT_TRACK: 'true', NO_PROXY: 'localhost,127.0.0.1' },
    ...(signal !== undefined && { signal }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
  })
  const [results, complaint] = await Promise.all([
    text(child.stdio[4] as Readable),
    text(child.stderr as Readable),
    once(child, 'close'),
  ])
  try {
    return JSON.parse(results)
  } catch (cause) {
    throw new SetupError(`Pact's verifier could not run: ${results || complaint}`, { cause })
  }
}

/** It is a package of its own; where this one is not installed in the project, the project's is in the working directory. */
function pactCore(): string {
  const places = [import.meta.url, resolve('package.json')]
  for (const place of places)
    try {
      return createRequire(place).resolve('@pact-foundation/pact-core')
    } catch {
      // Perhaps in the next one.
    }
  throw new SetupError(
    "verifying pact files needs Pact's library: npm install --save-dev @pact-foundation/pact-core",
  )
}
