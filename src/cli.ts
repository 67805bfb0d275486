#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { parseInstant } from './clock.ts'
import type { SchemaKind } from './commands/check.ts'
import type { Terminal } from './commands/play-progress.ts'
import { SetupError } from './errors.ts'
import { version } from './version.ts'

/*
 * Commands and their flags; the only reader of argv. Each action imports what it needs when it runs. Exit codes: 0 ok, 1 a test or contract
 * failed, 2 wrong usage or set-up.
 */

const print = (line: string) => process.stdout.write(`${line}\n`)

function port(text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > 65_535)
    throw new InvalidArgumentError('expected 0 to 65535; 0 picks a free one.')
  return number
}

function time(text: string): Date {
  const instant = parseInstant(text)
  if (instant === undefined)
    throw new InvalidArgumentError(
      'expected an existing time in ISO 8601 with its offset, such as 2026-01-31T12:00:00Z.',
    )
  return new Date(instant)
}

function origin(text: string): string {
  const url = text.replace(/\/$/, '')
  if (!/^https?:/.test(url) || !URL.canParse(url) || new URL(url).origin !== url)
    throw new InvalidArgumentError('expected http://HOST:PORT, without /mdes.')
  return url
}

function cardNumbers(text: string, earlier: readonly string[] = []): readonly string[] {
  if (!/^\d{9,19}$/.test(text)) throw new InvalidArgumentError('expected 9 to 19 digits.')
  return [...earlier, text]
}

function seconds(text: string): number {
  const number = Number(text)
  if (!(number > 0 && number <= 3600))
    throw new InvalidArgumentError('expected more than 0 seconds, at most 3600.')
  return number
}

const several = (text: string, earlier: readonly string[] = []) => [...earlier, text]

type CheckFlags = { readonly schema?: SchemaKind; readonly json?: boolean }

const program = new Command('mdes-sim')
  .description(
    "Simulates Mastercard's MDES Token Connect API and Click to Pay page for issuing banks. Not a Mastercard product.",
  )
  .version(version)
  .exitOverride()
  // What stands behind `exec` belongs to the command it runs.
  .enablePositionalOptions()

/** Adds the flags that say how the simulator is. */
function withSimulatorFlags(command: Command, ports: { simulator: number; demo: number }): Command {
  return command
    .option('--port <number>', 'port of the simulator; 0 picks a free one', port, ports.simulator)
    .option(
      '--public-url <url>',
      "where cardholders' browsers reach it, if not at http://localhost:PORT",
    )
    .option('--data <dir>', 'data directory with the keys, made when missing', '.mdes-simulator')
    .option('--config <file>', 'configuration file (default: mdes-simulator.yaml, if it is there)')
    .option(
      '--scenarios <dir>',
      'folder of scenario files beside the built-in ones; may be repeated',
      several,
    )
    .option(
      '--scenario <name>',
      'scenario that plays when nothing else chooses (default: approved; ask with --demo)',
    )
    .option('--relaxed', 'accept unsigned and unencrypted requests')
    .option('--pedantic', 'refuse what is otherwise accepted and noted as a leniency')
    .option('--seed <text>', 'make all identifiers repeatable')
    .option('--clock <time>', 'freeze the virtual clock at this time (ISO 8601)', time)
    .option('--demo', 'start the demo bank too')
    .option('--demo-port <number>', 'port of the demo bank', port, ports.demo)
    .option('--tls', 'serve https, with a certificate by a CA of its own in the data directory')
}

withSimulatorFlags(program.command('start'), { simulator: 6337, demo: 6338 })
  .description('serve the simulator')
  .addOption(
    new Option(
      '--host <address>',
      'address of the interface to listen on, 0.0.0.0 for all (default: loopback); the admin API then asks for a token',
    ),
  )
  .addOption(
    new Option(
      '--admin-token <text>',
      'that token (default beyond loopback: a new one at each start)',
    ).env('MDES_SIM_ADMIN_TOKEN'),
  )
  .option('--json', 'print one JSON line when ready, and nothing else')
  .option('--ready-file <file>', 'write the same JSON to a file when ready; removed at exit')
  .action(async (options) => {
    const { start } = await import('./commands/start.ts')
    // Listened for from the first moment, so that a stop during the start leaves nothing behind either.
    const stopped = stopSignal()
    const running = await start({ ...options, print }, process.pid)
    await stopped
    await running.stop()
    process.exit(0)
  })

withSimulatorFlags(program.command('exec'), { simulator: 0, demo: 0 })
  .description('run a command with a simulator beside it, and exit as the command does')
  .usage('[options] -- CMD [ARGS...]')
  .argument('<command...>', 'finds the simulator by MDES_SIM_URL and the like in its environment')
  .addHelpText(
    'after',
    `
The members of the ready file come as MDES_SIM_URL, MDES_SIM_CONSUMER_KEY, MDES_SIM_SIGNING_KEY_PEM and so on.
  mdes-sim exec -- npm test`,
  )
  .passThroughOptions()
  .action(async ([command = '', ...args]: readonly string[], options) => {
    const { exec } = await import('./commands/exec.ts')
    const code = await exec({
      command,
      args,
      options,
      environment: process.env,
      platform: process.platform,
      pid: process.pid,
      atTerminal: process.stdin.isTTY === true,
      onSignal: (listener) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)
          process.on(signal, listener)
      },
      complain: (line) => process.stderr.write(`${line}\n`),
    })
    process.exit(code)
  })

program
  .command('push')
  .description("play the issuer's backend once: sign, encrypt, call, and print the redirect URL")
  .option('--url <url>', 'where the simulator runs', origin, 'http://localhost:6337')
  .option('--data <dir>', "the simulator's data directory, for the keys", '.mdes-simulator')
  .option(
    '--card <number>',
    'card number to push (default: 5123456789012346); may be repeated',
    cardNumbers,
  )
  .option(
    '--callback <url>',
    'where Click to Pay sends the cardholder back',
    'http://localhost:6338/tokenization-results',
  )
  .option('--trid <id>', 'token requestor id', '50123197928')
  .option('--locale <ll_CC>', 'language and country of the pages', 'en_US')
  .addOption(
    new Option('--use-case <name>', 'how the redirect carries the push')
      .choices(['receipt', 'signature'])
      .default('signature'),
  )
  .option('--name <text>', 'name of the account holder')
  .option('--email <address>', 'e-mail address of the account holder, which tells duplicates')
  .option('--scenario <name>', 'scenario to play')
  .option('--timeout <seconds>', 'how long to wait for the answer', seconds, 30)
  .action(async ({ card = ['5123456789012346'], ...options }) => {
    const { pushOnce } = await import('./commands/push.ts')
    process.exitCode = (await pushOnce({ ...options, card, print })) ? 0 : 1
  })

program
  .command('play')
  .description(
    'play scenarios end to end, as an issuer and a cardholder would, and check what they expect',
  )
  .argument(
    '[files...]',
    'scenario files, folders of them, or names of scenarios (default: all that the simulator knows)',
  )
  .option('--simulator <url>', 'a running simulator (default: one is started for the run)', origin)
  .option('--issuer <url>', 'play against the application of an issuer that calls it', origin)
  .option('--issuer-file <file>', 'the way through that application (default: issuer.yaml)')
  .option(
    '--consumer-key <key>',
    "what that application signs with (default: the simulator's default issuer)",
  )
  .option('--conformance', 'play what such an application should survive')
  .option('--browser', 'go the way in a real browser: Chromium, Chrome or Edge')
  .option('--browser-path <file>', 'which one (default: the first that is found)')
  .option('--headed', 'show its windows')
  .option('--data <dir>', 'data directory of the one that is started', '.mdes-simulator')
  .option('--seed <text>', 'makes all identifiers, and so the report, repeatable', 'mdes-simulator')
  .option('--junit <file>', 'write a JUnit XML report')
  .option(
    '--html <file>',
    'write a report for people: one HTML file with a diagram for each journey',
  )
  .option('--json', 'print one JSON document for tools, and nothing else')
  .action(async (files: readonly string[], options) => {
    const { playScenarios } = await import('./commands/play.ts')
    const terminal = terminalOf(process.stdout)
    const stopping = new AbortController()
    // A scenario in use is taken back first; nothing else outlives this.
    if (options.issuer !== undefined) void stopSignal().then(() => stopping.abort())
    process.exitCode = (await playScenarios({
      ...options,
      files,
      environment: process.env,
      print,
      programs: process.env.PATH ?? '',
      signal: stopping.signal,
      ...(terminal !== undefined && { terminal }),
    }))
      ? 0
      : 1
  })

program
  .command('check')
  .description('validate scenario files, and those of token requestors')
  .argument(
    '[dir]',
    'folder of scenario files, with a sub-folder token-requestors or without; or one file (default: the built-in ones)',
  )
  .option('--json', 'print one JSON document for tools, and nothing else')
  .addOption(
    new Option('--schema [kind]', 'print the JSON Schema for editors instead')
      .choices(['scenario', 'token-requestor', 'issuer'])
      .preset('scenario'),
  )
  .action(async (path: string | undefined, { schema, json = false }: CheckFlags) => {
    const { check, printSchema } = await import('./commands/check.ts')
    if (schema !== undefined) printSchema(schema, print)
    else process.exitCode = (await check(path, { print, json })) ? 0 : 1
  })

program
  .command('verify')
  .description(
    "verify an issuer's pacts against the simulator, started for this alone; recorded requests are signed and encrypted anew",
  )
  .argument(
    '[pacts...]',
    'pact files of the specification 1 to 4, folders of them, or http(s) URLs',
  )
  .option('--data <dir>', 'data directory with the keys, made when missing', '.mdes-simulator')
  .option('--config <file>', 'configuration file (default: mdes-simulator.yaml, if it is there)')
  .option(
    '--scenarios <dir>',
    'folder of scenario files beside the built-in ones, whose names are provider states too; may be repeated',
    several,
  )
  .option(
    '--provider <name>',
    'provider of the pacts (default: any in files, token-connect in a broker)',
  )
  .option('--consumer <name>', 'only pacts of this consumer; may be repeated', several)
  .option(
    '--description <text>',
    'only interactions with this text in their description; may be repeated',
    several,
  )
  .option('--state <name>', 'only interactions with this provider state; may be repeated', several)
  .option('--sign-all', 'sign API requests that were recorded without an Authorization header, too')
  .option(
    '--pkcs1',
    'wrap keys with PKCS#1 v1.5 where no oaepHashingAlgorithm was recorded (default: OAEP, which is then refused)',
  )
  .option('--pedantic', 'refuse what is otherwise accepted and noted as a leniency')
  .addOption(
    new Option(
      '--broker-url <url>',
      'Pact broker to read pacts from; nothing is published to it',
    ).env('PACT_BROKER_BASE_URL'),
  )
  .addOption(
    new Option('--broker-username <name>', 'for the broker, or for URLs').env(
      'PACT_BROKER_USERNAME',
    ),
  )
  .addOption(
    new Option('--broker-password <text>', 'for the broker, or for URLs').env(
      'PACT_BROKER_PASSWORD',
    ),
  )
  .addOption(
    new Option('--broker-token <text>', 'bearer token in place of both').env('PACT_BROKER_TOKEN'),
  )
  .option(
    '--broker-tag <name>',
    'the latest pacts of consumer versions with this tag; may be repeated',
    several,
  )
  .option(
    '--broker-branch <name>',
    "the latest pacts of this consumers' branch; may be repeated",
    several,
  )
  .option(
    '--enable-pending',
    'ask the broker which pacts are pending; their failures count for nothing',
  )
  .option('--provider-branch <name>', 'branch of the provider that pending is asked for')
  .option('--timeout <seconds>', 'how long to wait for a broker or a URL', seconds, 30)
  .option('--junit <file>', 'write a report in the XML of JUnit, too')
  .option('--json', 'print one JSON document for tools, and nothing else')
  .action(async (pacts: readonly string[], options, command: Command) => {
    const { verify } = await import('./commands/verify.ts')
    const isOfEnvironment = (flag: string) => command.getOptionValueSource(flag) === 'env'
    // Of the environment, a broker is for whoever names no pacts.
    const onlyPacts = pacts.length > 0 && isOfEnvironment('brokerUrl')
    for (const flag of foreignSecrets(options, isOfEnvironment)) delete options[flag]
    // Copies of pacts must not stay behind: a card number may be in them.
    const interrupted = new AbortController()
    void stopSignal().then(() => interrupted.abort())
    const { signal } = interrupted
    process.exitCode = (await verify(pacts, { ...options, onlyPacts, signal, print })) ? 0 : 1
  })

program
  .command('explain')
  .description('tell what a reason code, a result or a problem page means, and how to fix it')
  .argument('[code]', 'such as INVALID_BODY_HASH, in any case (default: lists all)')
  .action(async (code: string | undefined) => {
    const { explain } = await import('./commands/explain.ts')
    explain(code, print)
  })

const brokerSecrets = ['brokerToken', 'brokerUsername', 'brokerPassword']

/** Those of the environment that are not for this run: flags come first, a token before a password, and without a broker they are for nobody. */
function foreignSecrets(
  options: Readonly<Record<string, unknown>>,
  isOfEnvironment: (flag: string) => boolean,
): readonly string[] {
  const given = brokerSecrets.filter((flag) => options[flag] !== undefined)
  const ofEnvironment = given.filter(isOfEnvironment)
  if (options.brokerUrl === undefined || ofEnvironment.length < given.length) return ofEnvironment
  return given.includes('brokerToken') ? ofEnvironment.filter((flag) => flag !== 'brokerToken') : []
}

/** What can be written over; a file or a pipe cannot. */
function terminalOf(stream: NodeJS.WriteStream): Terminal | undefined {
  if (!stream.isTTY || process.env.TERM === 'dumb') return undefined
  return {
    write: (text) => void stream.write(text),
    columns: () => stream.columns || 80,
    hasColours: (process.env.NO_COLOR ?? '') === '',
  }
}

/** Ctrl-C, or the end of a container or a CI job. A second one does not wait for what is under way. */
function stopSignal(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
  })
}

// Whoever reads may have had enough, such as `head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof SetupError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  } else throw error
}
