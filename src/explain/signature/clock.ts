import type { Cause } from '../../errors.ts'
import { decoded, type OAuthParameters } from '../../keys/signature-base-string.ts'
import { likely, proven, quoted } from './causes.ts'

/** How near the clock a timestamp must come after an attempt, for the attempt to count. */
const nearSeconds = 300
const minute = 60
const hour = 60 * minute
const day = 24 * hour

/** Other ways to count time, each turned into epoch seconds. */
const units: Readonly<Record<string, (value: number) => number>> = {
  milliseconds: (value) => value / 1e3,
  microseconds: (value) => value / 1e6,
  nanoseconds: (value) => value / 1e9,
  minutes: (value) => value * minute,
  '.NET ticks (DateTime.Ticks)': (value) => value / 1e7 - 62_135_596_800,
}

/** Why a timestamp is out of range. @param now epoch seconds. */
export function explainTimestamp(timestamp: string, now: number): readonly Cause[] {
  const value = Number(timestamp)
  const near = (seconds: number) => Math.abs(seconds - now) <= nearSeconds
  if (!/^\d{1,20}$/.test(timestamp))
    return [
      proven(
        'TIMESTAMP_NOT_A_NUMBER',
        `oauth_timestamp is ${quoted(timestamp)}${near(value) ? ': a fraction of a second is not allowed' : ''}.`,
      ),
    ]
  for (const [unit, seconds] of Object.entries(units))
    if (near(seconds(value)))
      return [
        proven(
          'TIMESTAMP_IN_OTHER_UNIT',
          `oauth_timestamp has ${timestamp.length} digits: it is the present time in ${unit}, and must be in seconds.`,
        ),
      ]
  return explainOffset(Math.round(value - now))
}

function explainOffset(off: number): readonly Cause[] {
  const behind = off < 0
  const said = `${spoken(Math.abs(off))}${Math.abs(off) < day ? ` (${Math.abs(off)} s)` : ''} ${behind ? 'behind' : 'ahead of'} this machine's clock`
  const clock = (behind ? likely : proven)('CLOCK_OFF', `oauth_timestamp is ${said}.`)
  const reused = likely(
    'HEADER_REUSED',
    `The header may have been made ${spoken(Math.abs(off))} before it was sent.`,
  )
  return [...localTime(off), clock, ...(behind ? [reused] : [])]
}

/** Time zones are whole hours, some with 30 or 45 minutes more, from -12 to +14 hours. */
function localTime(off: number): readonly Cause[] {
  const step = [hour, 30 * minute, 15 * minute].find(
    (size) => Math.abs(off - Math.round(off / size) * size) <= 30,
  )
  if (step === undefined || Math.abs(off) > 14 * hour + minute) return []
  const offset = Math.round(off / step) * step
  const left = Math.abs(off - offset)
  // Chance comes within 5 s of a whole hour once in 360 times, and of a quarter more often.
  return [
    // A header that was kept for an hour looks the same when it is behind.
    (left <= 5 && step === hour && off > 0 ? proven : likely)(
      'LOCAL_TIME_AS_UTC',
      `oauth_timestamp is ${spoken(Math.abs(offset))} ${offset < 0 ? 'behind' : 'ahead of'} this machine's clock, to within ${left} s: a local time was taken for UTC, or the reverse.`,
    ),
  ]
}

/** The two largest units. @param seconds not negative. */
function spoken(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [365 * day, 'year'],
    [day, 'day'],
    [hour, 'hour'],
    [minute, 'minute'],
    [1, 'second'],
  ]
  const first = units.findIndex(([size]) => seconds >= size)
  let left = seconds
  const parts: string[] = []
  for (const [size, unit] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
  }
  return parts.join(' ') || '0 seconds'
}

/**
 * Why a nonce came twice.
 *
 * @param now epoch seconds.
 * @param usedWith the timestamp it came with the first time.
 */
export function explainNonce(
  parameters: OAuthParameters,
  now: number,
  usedWith: string | undefined,
): readonly Cause[] {
  const nonce = decoded(parameters.oauth_nonce)
  const timestamp = parameters.oauth_timestamp
  const age = now - Number(timestamp)
  const reused = likely(
    'HEADER_REUSED',
    `This nonce came before with the same timestamp, ${spoken(Math.max(age, 0))} ago: the header was sent again, by a retry for instance, or the nonce never changes.`,
  )
  const constant = proven(
    'NONCE_CONSTANT',
    `The nonce ${quoted(nonce)} came before with another timestamp, ${usedWith}.`,
  )
  const causes: Cause[] = []
  if (nonce === timestamp)
    causes.push(
      proven('NONCE_FROM_TIMESTAMP', `oauth_nonce and oauth_timestamp are both ${timestamp}.`),
    )
  else if (nonce.length < 8)
    causes.push(
      likely(
        'NONCE_TOO_SHORT',
        `oauth_nonce has ${nonce.length} characters, so the same one soon comes again by chance.`,
      ),
    )
  // Two requests of one second with a constant nonce look like one that was sent again.
  return usedWith === timestamp ? [reused, ...causes] : [...causes, constant]
}
