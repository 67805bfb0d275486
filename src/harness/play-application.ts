import { SetupError } from '../errors.ts'
import type { AdminApi } from './admin-api.ts'
import { applicationFailures } from './application-expectations.ts'
import { journey, type Known } from './application-journey.ts'
import type { NewCardholder } from './cardholder.ts'
import { newCourse } from './exchange.ts'
import { notesOf } from './explained.ts'
import type { IssuerFile } from './issuer-file.ts'
import {
  type Lesson,
  masked,
  type Playable,
  type Played,
  type PlayReport,
  secondsSince,
} from './play.ts'
import { endingOf } from './seen.ts'

export type ApplicationPlayOptions = {
  readonly admin: AdminApi
  readonly playables: readonly Playable[]
  /** Where the application is, without a slash at the end. */
  readonly url: string
  readonly file: IssuerFile
  /** What the application signs its calls with; without it, the simulator's default issuer. */
  readonly consumerKey?: string | undefined
  /** What a good client does, by scenario; where it is given, the report says how many are met. */
  readonly lessons?: ReadonlyMap<string, Lesson>
  /** Epoch milliseconds. */
  readonly now: number
  /** Who goes the browser's way. */
  readonly newCardholder?: NewCardholder
  /** Ends the run; what plays for the application is up to the files again. */
  readonly signal?: AbortSignal | undefined
  readonly onBegun?: (name: string) => void
  readonly onPlayed?: (played: Played) => void
}

/**
 * Plays scenarios against an issuer's application, one after the other: it has one consumer key, and so one scenario at a time.
 *
 * @throws {SetupError} simulator or application do not answer, a scenario is refused, or the run was ended.
 */
export async function playApplication(options: ApplicationPlayOptions): Promise<PlayReport> {
  const { admin, playables, now, lessons, onBegun, onPlayed, signal } = options
  const began = performance.now()
  const consumerKey = options.consumerKey ?? (await admin.defaultConsumerKey())
  const known: Known = { last: (await admin.journal()).at(-1)?.id ?? 0, isFirst: true }
  const ended = endOf(signal)
  const scenarios: Played[] = []
  for (const playable of playables) {
    onBegun?.(playable.scenario.name)
    const played = await playOne(playable, consumerKey, known, ended, options)
    scenarios.push(played)
    known.isFirst = false
    onPlayed?.(played)
  }
  return {
    passed: scenarios.every(({ passed }) => passed),
    startedAt: new Date(now).toISOString(),
    seconds: secondsSince(began),
    scenarios,
    ...(lessons !== undefined && { isConformance: true }),
  }
}

async function playOne(
  { scenario, yaml }: Playable,
  consumerKey: string,
  known: Known,
  ended: Promise<never>,
  options: ApplicationPlayOptions,
): Promise<Played> {
  const { admin, lessons, signal } = options
  const began = performance.now()
  const { name, description } = scenario
  const conformance = lessons?.get(name)
  const course = newCourse(signal, options.file.secrets)
  await admin.reset(consumerKey)
  try {
    if (yaml !== undefined) await admin.add(name, yaml, consumerKey)
    await admin.use(name, consumerKey)
    const seen = await Promise.race([journey(scenario, course, consumerKey, known, options), ended])
    const failures = applicationFailures(scenario, seen, options.file)
    return {
      name,
      description: course.masked(description),
      passed: failures.length === 0,
      ending: course.masked(endingOf(seen)),
      failures: failures.map((failure) => masked(failure, course)),
      exchanges: seen.exchanges,
      notes: notesOf(seen.exchanges),
      seconds: secondsSince(began),
      ...(conformance !== undefined && { conformance }),
    }
  } finally {
    await admin.release(consumerKey, yaml === undefined ? undefined : name)
  }
}

/** Never resolves. */
function endOf(signal: AbortSignal | undefined): Promise<never> {
  const end = new Promise<never>((_, fail) => {
    const stop = () => fail(new SetupError('stopped; the scenario is no longer in use'))
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
  // Between two scenarios nobody waits for it.
  end.catch(() => undefined)
  return end
}
