import { existsSync } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { machineClock } from '../clock.ts'
import { SetupError } from '../errors.ts'
import { adminApi } from '../harness/admin-api.ts'
import type { NewCardholder } from '../harness/cardholder.ts'
import { conformance, lessonLines } from '../harness/conformance.ts'
import type { Environment } from '../harness/environment-values.ts'
import { inOneLine } from '../harness/expectations.ts'
import { htmlReport } from '../harness/html-report.ts'
import { httpCardholder } from '../harness/http-cardholder.ts'
import { readIssuerFile } from '../harness/issuer-file.ts'
import { junitXml, type TestCase } from '../harness/junit.ts'
import { planOf } from '../harness/plan.ts'
import { type BrokenFile, type Played, type PlayReport, play } from '../harness/play.ts'
import { playApplication } from '../harness/play-application.ts'
import { type Named, named, playablesOf } from '../harness/playables.ts'
import type { RealBrowser } from '../harness/real-browser.ts'
import { isMerelyPlayed, nothingExpected, verdictOf } from '../harness/verdict.ts'
import { clickToPay } from '../issuer/client.ts'
import { counted, inOneLine as problemInOneLine } from '../problem.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { serve } from '../serve.ts'
import { createSimulator } from '../simulator.ts'
import { showProgress, type Terminal } from './play-progress.ts'

export type PlayCommandOptions = {
  /** Files, folders and names of scenarios; none: all that the simulator knows. */
  readonly files: readonly string[]
  /** Where a simulator runs; without it one is started for this. */
  readonly simulator?: string
  /** Where an application runs that is to be played against. */
  readonly issuer?: string
  /** The way through it. */
  readonly issuerFile?: string
  /** What that file may take values from. */
  readonly environment: Environment
  readonly consumerKey?: string
  /** The battery for applications, in place of files. */
  readonly conformance?: boolean
  /** Whether the way is gone in a real browser; where it is, and whether its windows are shown. */
  readonly browser?: boolean
  readonly browserPath?: string
  readonly headed?: boolean
  /** Where programs are, as in `PATH`. */
  readonly programs: string
  /** Ends the run in an orderly way. */
  readonly signal?: AbortSignal
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
 * @throws {SetupError} a name is unknown, the simulator does not answer, or a report cannot be written; and a file has mistakes, once the
 *   others are played and the reports are written.
 */
export async function playScenarios(options: PlayCommandOptions): Promise<boolean> {
  checkFlags(options)
  await checkReports(options)
  // One of an earlier run must not be taken for that of this one.
  for (const file of [options.junit, options.html])
    if (file !== undefined) await rm(file, { force: true }).catch(() => undefined)
  const browser = await browserFor(options)
  try {
    return await playIn(browser?.newCardholder ?? httpCardholder, options)
  } finally {
    await browser?.close()
  }
}

async function browserFor(options: PlayCommandOptions): Promise<RealBrowser | undefined> {
  const { browser, browserPath, headed, programs, issuer } = options
  if (!browser) return undefined
  const { startBrowser } = await import('../harness/real-browser.ts')
  // With an application, the run is ended in order first.
  return startBrowser({
    path: browserPath,
    headed,
    programs,
    endsWithSignals: issuer === undefined,
  })
}

async function playIn(newCardholder: NewCardholder, options: PlayCommandOptions): Promise<boolean> {
  const wanted = await Promise.all(options.files.map(named))
  if (options.issuer !== undefined) {
    const names = options.conformance ? battery : wanted
    return playAgainst(options.issuer, names, newCardholder, options)
  }
  if (options.simulator !== undefined)
    return playAt(options.simulator, wanted, newCardholder, options)
  const simulator = await createSimulator({
    data: options.data,
    scenarios: wanted.flatMap(folderWithTokenRequestors),
  })
  const server = await serve(simulator, { port: 0 })
  try {
    return await playAt(server.url, wanted, newCardholder, options)
  } finally {
    await server.close()
  }
}

function checkFlags({
  issuer,
  issuerFile,
  consumerKey,
  conformance,
  ...given
}: PlayCommandOptions) {
  const { simulator, files, browser, browserPath, headed } = given
  if (!browser && (browserPath !== undefined || headed))
    throw new SetupError(
      `${headed ? '--headed' : '--browser-path'} is about a real browser: say --browser`,
    )
  if (issuer === undefined) {
    const [flag] = [
      ...(issuerFile === undefined ? [] : ['--issuer-file']),
      ...(consumerKey === undefined ? [] : ['--consumer-key']),
      ...(conformance ? ['--conformance'] : []),
    ]
    if (flag !== undefined)
      throw new SetupError(`${flag} is about an application: say --issuer URL`)
    return
  }
  if (simulator === undefined)
    throw new SetupError(
      '--issuer needs --simulator URL: the simulator that the application is configured to call',
    )
  if (conformance && files.length > 0)
    throw new SetupError(`--conformance plays its own scenarios: leave out ${files.join(' ')}`)
}

/** Before anything is played: a report that cannot be written comes too late. */
async function checkReports({ junit, html }: PlayCommandOptions): Promise<void> {
  if (junit !== undefined && html !== undefined && resolve(junit) === resolve(html))
    throw new SetupError(`--junit and --html are both ${html}: name two files`)
  for (const [flag, path, usual] of [
    ['--junit', junit, 'junit.xml'],
    ['--html', html, 'report.html'],
  ] as const) {
    if (path === undefined) continue
    const there = await stat(path).catch(() => undefined)
    if (there?.isDirectory())
      throw new SetupError(
        `${flag} ${path}: is a folder; name a file, such as ${join(path, usual)}`,
      )
  }
}

/** By name, whatever files are there. */
const battery: readonly Named[] = conformance.map(({ scenario: name }) => ({
  kind: 'scenario',
  name,
}))

/** Against somebody's application. */
async function playAgainst(
  url: string,
  wanted: readonly Named[],
  newCardholder: NewCardholder,
  options: PlayCommandOptions,
): Promise<boolean> {
  const { simulator = '', issuerFile = 'issuer.yaml', consumerKey, print, json, signal } = options
  const file = await readIssuerFile(issuerFile, options.environment)
  const admin = adminApi(simulator)
  const { playables: all, broken } = await playablesOf(wanted, admin)
  const playables = wanted.length > 0 ? all : all.filter(({ scenario }) => takesOneCard(scenario))
  if (playables.length < all.length && !json)
    print(
      `Not played unless they are named, since they take several cards or another token requestor: ${all
        .filter((one) => !playables.includes(one))
        .map(({ scenario }) => scenario.name)
        .join(', ')}\n`,
    )
  const lessons = new Map(conformance.map(({ scenario, ...lesson }) => [scenario, lesson]))
  return reported({ playables, broken }, options, (told) =>
    playApplication({
      admin,
      playables,
      url,
      file,
      consumerKey,
      newCardholder,
      ...(options.conformance && { lessons }),
      now: machineClock.now(),
      signal,
      ...told,
    }),
  )
}

function takesOneCard(scenario: Scenario): boolean {
  const { cards, tokenRequestorId } = planOf(scenario)
  return cards.length === 1 && tokenRequestorId === clickToPay
}

/** Stories alone are uploaded; token requestors must be there from the start. */
function folderWithTokenRequestors(one: Named): readonly string[] {
  return one.kind === 'folder' && existsSync(join(one.path, 'token-requestors')) ? [one.path] : []
}

async function playAt(
  url: string,
  wanted: readonly Named[],
  newCardholder: NewCardholder,
  options: PlayCommandOptions,
): Promise<boolean> {
  const admin = adminApi(url)
  const wantedOnes = await playablesOf(wanted, admin)
  const { playables } = wantedOnes
  return reported(wantedOnes, options, (told) =>
    play({
      admin,
      playables,
      newCardholder,
      // Windows are heavier than connections.
      atOnce: options.browser ? 4 : 8,
      seed: options.seed,
      now: machineClock.now(),
      ...told,
    }),
  )
}

type Told = {
  readonly onBegun: (name: string) => void
  readonly onPlayed: (played: Played) => void
}

async function reported(
  { playables, broken }: Awaited<ReturnType<typeof playablesOf>>,
  { print, terminal, json, ...files }: PlayCommandOptions,
  run: (told: Told) => Promise<PlayReport>,
): Promise<boolean> {
  const names = playables.map(({ scenario }) => scenario.name)
  const progress = json
    ? undefined
    : showProgress(names, { print, ...(terminal !== undefined && { terminal }) }, broken)
  const played = await run({
    onBegun: (name) => progress?.begun(name),
    onPlayed: (one) => progress?.played(one),
  })
  const report = broken.length === 0 ? played : { ...played, passed: false, broken }
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
  if (broken.length > 0)
    throw new SetupError(
      `${counted(broken.length, 'broken file')} not played: ${broken.map(({ file }) => file).join(', ')}`,
    )
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

function junitReport(report: PlayReport): string {
  const { scenarios, broken = [], seconds } = report
  const cases = [...broken.map(brokenCase), ...scenarios.map(caseOf)]
  // The suite's name stays, or a server would take each run for another.
  return report.isConformance
    ? junitXml(verdictOf(report), [{ name: 'mdes-sim play --conformance', cases, seconds }])
    : junitXml('mdes-sim play', [{ name: 'mdes-sim play', cases, seconds }])
}

function brokenCase({ name, problems }: BrokenFile): TestCase {
  const all = problems.map((problem) => problemInOneLine(problem))
  return { name, seconds: 0, outcome: 'broken', message: firstOf(all), text: all.join('\n') }
}

/** Servers show this in a line of its own. */
function firstOf([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`
}

function caseOf(played: Played): TestCase {
  const { name, seconds, failures, conformance: lesson } = played
  // No server has a word for it; what passed would count as checked.
  if (isMerelyPlayed(played)) return { name, seconds, outcome: 'skipped', message: nothingExpected }
  if (played.passed) return { name, seconds, outcome: 'passed' }
  return {
    name,
    seconds,
    outcome: 'failed',
    message: firstOf(failures.map(inOneLine)),
    text: failures
      .flatMap((failure) => [
        inOneLine(failure),
        ...(failure.cause === undefined ? [] : [`  because ${failure.cause}`]),
      ])
      .concat(lesson === undefined ? [] : lessonLines(lesson))
      .join('\n'),
  }
}
