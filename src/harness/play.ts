import type { IssuerProject } from '../issuer/client.ts'
import type { JournalEntry } from '../journal.ts'
import { seededConsumerKey } from '../keys/identifiers.ts'
import { newSigningKeyPair, type SigningKeyPair } from '../keys/signing-key-pair.ts'
import type { Problem } from '../problem.ts'
import { problemNames } from '../scenarios/problem-names.ts'
import type { Scenario } from '../scenarios/schema.ts'
import type { AdminApi } from './admin-api.ts'
import { builtInIssuer, type Issuer } from './built-in-issuer.ts'
import { listenForCallbacks } from './callback-listener.ts'
import type { NewCardholder } from './cardholder.ts'
import { type Course, newCourse } from './exchange.ts'
import { type Failure, failuresOf } from './expectations.ts'
import { type Explained, explained } from './explained.ts'
import { httpCardholder } from './http-cardholder.ts'
import { planOf } from './plan.ts'
import { type CallbackSeen, endingOf, type Seen } from './seen.ts'

/** A scenario to play. */
export type Playable = {
  readonly scenario: Scenario
  /** The file, where the simulator does not have it. */
  readonly yaml?: string
}

/** How one scenario went; masked, and the same in each run with the same seed, times apart. */
export type Played = {
  readonly name: string
  readonly description: string
  readonly passed: boolean
  /** In a few words. */
  readonly ending: string
  readonly failures: readonly Failure[]
  readonly exchanges: readonly Explained[]
  /** Of an application: what nothing failed for, and should be looked at. */
  readonly notes?: readonly string[]
  readonly seconds: number
  /** Whether its file has nothing to hold it against. */
  readonly expectsNothing?: true
  /** Of the battery for applications: what a good client does here, and why. */
  readonly conformance?: Lesson
}

export type Lesson = {
  readonly good: string
  readonly why: string
  /** Where the application may choose: what else is right. */
  readonly either?: string
}

export type PlayReport = {
  readonly passed: boolean
  /** Absent where an application has identifiers of its own. */
  readonly seed?: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
  /** Whether this is the battery for applications. */
  readonly isConformance?: boolean
  /** In the order in which they were asked for. */
  readonly scenarios: readonly Played[]
  /** Absent where every file could be played. */
  readonly broken?: readonly BrokenFile[]
}

/** A file that could not be played. */
export type BrokenFile = {
  /** As its scenario would be called. */
  readonly name: string
  readonly file: string
  readonly problems: readonly Problem[]
}

export type PlayOptions = {
  readonly admin: AdminApi
  readonly playables: readonly Playable[]
  readonly seed: string
  /** Epoch milliseconds. */
  readonly now: number
  /** Who pushes. */
  readonly issuer?: Issuer
  /** Who goes the browser's way. */
  readonly newCardholder?: NewCardholder
  /** How many journeys are under way at once. */
  readonly atOnce?: number
  readonly onBegun?: (name: string) => void
  readonly onPlayed?: (played: Played, seen: Seen) => void
}

/**
 * Plays scenarios end to end, side by side, and checks what each expects.
 *
 * @throws {SetupError} the simulator does not answer, or refuses a scenario.
 */
export async function play(options: PlayOptions): Promise<PlayReport> {
  const { playables, seed, now, atOnce = 8, onBegun, onPlayed } = options
  const began = performance.now()
  const keys = await newSigningKeyPair()
  const results: Played[] = []
  const waiting = [...playables.entries()]
  async function playOn(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, playable] = next
      onBegun?.(playable.scenario.name)
      const { played, seen } = await playOne(playable, keys, options)
      results[position] = played
      onPlayed?.(played, seen)
    }
  }
  try {
    await Promise.all(Array.from({ length: atOnce }, playOn))
  } catch (error) {
    // Those under way end; no other begins.
    waiting.length = 0
    throw error
  }
  return {
    passed: results.every(({ passed }) => passed),
    seed,
    startedAt: new Date(now).toISOString(),
    seconds: secondsSince(began),
    scenarios: results,
  }
}

export const secondsSince = (began: number) => Math.round(performance.now() - began) / 1000

async function playOne(
  { scenario, yaml }: Playable,
  { privateKey, publicKey }: SigningKeyPair,
  options: PlayOptions,
): Promise<{ readonly played: Played; readonly seen: Seen }> {
  const { admin, seed } = options
  const began = performance.now()
  const { name, description } = scenario
  const { consumerKey, encryptionCertificate } = await newIssuer(admin, seed, name, publicKey)
  try {
    if (yaml !== undefined) await admin.add(name, yaml, consumerKey)
    await admin.use(name, consumerKey)
    await admin.stopClock(consumerKey)
    const course = newCourse()
    const project = { url: admin.url, consumerKey, signingKey: privateKey, encryptionCertificate }
    const went = await go(scenario, project, course, options)
    const seen = withJournal(went, course, await admin.journal(consumerKey))
    const failures = failuresOf(scenario, seen).map((failure) => masked(failure, course))
    const played: Played = {
      name,
      description: course.masked(description),
      passed: failures.length === 0,
      ending: course.masked(endingOf(seen)),
      failures,
      exchanges: seen.exchanges,
      seconds: secondsSince(began),
      ...(scenario.expect === undefined && { expectsNothing: true }),
    }
    return { played, seen }
  } finally {
    await admin.remove(consumerKey)
  }
}

/** A journey, before the journal explains it. */
export type Went = Omit<Seen, 'exchanges' | 'page'>

/** The journey itself: bank, browser, and the bank again. */
async function go(
  scenario: Scenario,
  project: Omit<IssuerProject, 'fetch'>,
  course: Course,
  { admin, issuer = builtInIssuer, newCardholder = httpCardholder }: PlayOptions,
): Promise<Went> {
  const plan = planOf(scenario)
  const callbacks: CallbackSeen[] = []
  let pushedAt = performance.now()
  const { callbackURL, close } = await listenForCallbacks((url) => {
    const afterMs = Math.round(performance.now() - pushedAt)
    callbacks.push({ url, afterMs, exchange: course.exchanges.length - 1 })
  })
  course.name(new URL(callbackURL).origin, 'http://bank')
  course.name(admin.url, 'http://simulator')
  try {
    const pushing = await issuer(plan, {
      project,
      callbackURL,
      course,
      onPush: () => {
        pushedAt = performance.now()
      },
    })
    if (pushing.redirect === undefined) return { ...pushing, callbacks }
    const cardholder = await newCardholder({
      course,
      isTheBank: (url) => url.startsWith(callbackURL),
      isClickToPay: (url) => isClickToPay(url, admin, [pushing.redirect?.url ?? '']),
      onBankAnswer: async () => undefined,
      isTelling: () => true,
    })
    const visit = await cardholder
      .throughClickToPay(pushing.redirect.url, {
        callbackURL,
        comeBack: cardholder.atTheBank.comeBack,
        patienceMs: plan.pagePatienceMs,
        skip: (ms) => {
          pushedAt -= ms
        },
      })
      .finally(cardholder.close)
    return { ...pushing, visit, callbacks }
  } finally {
    await close()
  }
}

/** The journal knows which problem page it was; the words on it are in any language. */
export function withJournal<T extends Went>(
  went: T,
  { exchanges, masked: shown }: Course,
  entries: readonly JournalEntry[],
): T & Seen {
  const last = entries.filter(({ kind }) => kind === 'provision').at(-1)
  const page = problemNames.find((name) => name === last?.faults?.[0]?.code)
  return {
    ...went,
    exchanges: explained(exchanges, entries, shown),
    ...(page !== undefined && { page }),
  }
}

export function masked({ expected, came, cause, ...failure }: Failure, course: Course): Failure {
  return {
    ...failure,
    expected: course.masked(expected),
    came: course.masked(came),
    ...(cause !== undefined && { cause: course.masked(cause) }),
  }
}

/**
 * Whether it is a page of the simulator, which browsers may reach elsewhere than this does.
 *
 * @param told addresses of Click to Pay that answers to a push had; a page of that name elsewhere may be the real one.
 */
export function isClickToPay(url: string, admin: AdminApi, told: Iterable<string>): boolean {
  if (url.startsWith(`${admin.url}/`)) return true
  const [origin] = /^https?:\/\/[^/?#]+(?=\/provision(\/\d{11})?\?)/.exec(url) ?? []
  return origin !== undefined && [...told].some((one) => one.startsWith(`${origin}/provision`))
}

/** The same consumer key in each run; while another run with this seed has it, the next. */
async function newIssuer(
  admin: AdminApi,
  seed: string,
  name: string,
  publicKey: string,
): Promise<{ readonly consumerKey: string; readonly encryptionCertificate: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const purpose = attempt === 1 ? name : `${name} ${attempt}`
    const consumerKey = seededConsumerKey(seed, purpose)
    // It is made of the run's seed and the scenario's name, and so a seed of both.
    const made = await admin.register({ consumerKey, publicKey, seed: consumerKey })
    if (made !== undefined) return { consumerKey, ...made }
  }
}
