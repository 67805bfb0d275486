import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { machineClock } from '../clock.ts'
import { SetupError } from '../errors.ts'
import { adminApi } from '../harness/admin-api.ts'
import { inOneLine } from '../harness/expectations.ts'
import { htmlReport } from '../harness/html-report.ts'
import { junitXml, type TestCase } from '../harness/junit.ts'
import { type Played, type PlayReport, play } from '../harness/play.ts'
import { type Named, named, playablesOf } from '../harness/playables.ts'
import { serve } from '../serve.ts'
import { createSimulator } from '../simulator.ts'
import { showProgress, type Terminal } from './play-progress.ts'

export type PlayCommandOptions = {
  /** Files, folders and names of scenarios; none: all that the simulator knows. */
  readonly files: readonly string[]
  /** Where a simulator runs; without it one is started for this. */
  readonly simulator?: string
  /** The data directory of the one that is started. */
  readonly data: string
  readonly seed: string
  /** Files to write. */
  readonly junit?: string
  readonly html?: string
  /** One JSON document for tools, and nothing else. */
  readonly json?: boolean
  readonly print: (line: string) => void
  /** Where there is one to be written over. */
  readonly terminal?: Terminal
}

/**
 * Plays scenarios end to end, and reports.
 *
 * @returns whether everything was as expected.
 * @throws {SetupError} a file has mistakes, a name is unknown, the simulator does not answer, or a report cannot be written.
 */
export async function playScenarios(options: PlayCommandOptions): Promise<boolean> {
  const wanted = await Promise.all(options.files.map(named))
  if (options.simulator !== undefined) return playAt(options.simulator, wanted, options)
  const simulator = await createSimulator({
    data: options.data,
    scenarios: wanted.flatMap(folderWithTokenRequestors),
  })
  const server = await serve(simulator, { port: 0 })
  try {
    return await playAt(server.url, wanted, options)
  } finally {
    await server.close()
  }
}

/** Stories alone are uploaded; token requestors must be there from the start. */
function folderWithTokenRequestors(one: Named): readonly string[] {
  return one.kind === 'folder' && existsSync(join(one.path, 'token-requestors')) ? [one.path] : []
}

async function playAt(
  url: string,
  wanted: readonly Named[],
  { seed, print, terminal, json, ...files }: PlayCommandOptions,
): Promise<boolean> {
  const admin = adminApi(url)
  const playables = await playablesOf(wanted, admin)
  const names = playables.map(({ scenario }) => scenario.name)
  const progress = json
    ? undefined
    : showProgress(names, { print, ...(terminal !== undefined && { terminal }) })
  const report = await play({
    admin,
    playables,
    seed,
    now: machineClock.now(),
    onBegun: (name) => progress?.begun(name),
    onPlayed: (played) => progress?.played(played),
  })
  progress?.ended(report)
  if (json) print(JSON.stringify(report, null, 2))
  for (const [path, content] of [
    [files.junit, () => junitReport(report)],
    [files.html, () => htmlReport(report)],
  ] as const) {
    if (path === undefined) continue
    await write(path, content())
    if (!json) print(`written: ${path}`)
  }
  return report.passed
}

async function write(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await writeFile(path, content)
  } catch (cause) {
    throw new SetupError(`${path}: the report cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function junitReport({ scenarios }: PlayReport): string {
  return junitXml('mdes-sim play', [{ name: 'mdes-sim play', cases: scenarios.map(caseOf) }])
}

function caseOf({ name, seconds, failures }: Played): TestCase {
  const [first] = failures
  if (first === undefined) return { name, seconds, outcome: 'passed' }
  return {
    name,
    seconds,
    outcome: 'failed',
    message: inOneLine(first),
    text: failures
      .flatMap((failure) => [
        inOneLine(failure),
        ...(failure.cause === undefined ? [] : [`  because ${failure.cause}`]),
      ])
      .join('\n'),
  }
}
