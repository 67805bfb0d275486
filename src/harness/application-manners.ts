import type { ApplicationSeen } from './application-expectations.ts'
import type { PageSeen } from './cardholder.ts'
import type { Failure } from './expectations.ts'

/* What every application owes its cardholders and the service, whatever the scenario. */

/** Clocks and timers are not that exact. */
const tolerance = 0.9

/** A push before the time that `Retry-After` says (RFC 9110, 10.2.3). Nothing can be told while the clock of the simulator stands still. */
export function impatience({ pushes }: ApplicationSeen): readonly Failure[] {
  const early = pushes.flatMap(({ at = 0, exchange }, position) => {
    const { at: before = 0, retryAfter = 0 } = pushes[position - 1] ?? {}
    const afterMs = at - before
    const isEarly = afterMs > 0 && afterMs < tolerance * retryAfter * 1000
    return isEarly ? [{ afterMs, retryAfter, exchange }] : []
  })
  return early.slice(0, 1).map(({ afterMs, retryAfter, exchange }) => ({
    what: 'patience',
    expected: `no push for ${retryAfter} s, since the answer before had Retry-After: ${retryAfter}`,
    came: `one after ${(afterMs / 1000).toFixed(1)} s`,
    cause:
      'whoever asks again sooner is refused again: wait as long as the header says, or tell the cardholder to try later',
    exchange,
  }))
}

/** Addresses are in the logs of every server on the way, and in the browser's history. */
export function exposedCardNumbers({
  pushedCards,
  pages,
  redirect,
  callbacks,
}: ApplicationSeen): readonly Failure[] {
  const addresses = [...pages, ...(redirect === undefined ? [] : [redirect]), ...callbacks]
  const exposed = addresses.find(({ url }) =>
    pushedCards.some((card) => card.test(url.replace(/%20|[ +-]/g, ''))),
  )
  if (exposed === undefined) return []
  return [
    {
      what: 'addresses',
      expected: 'no card number in any',
      came: exposed.url,
      cause:
        "addresses are in the logs of every server on the way and in the browser's history: keep the card number in the session",
      exchange: exposed.exchange,
    },
  ]
}

/** @param masked such as `512345******2346`. */
export function fitting(masked: string): RegExp {
  return new RegExp(masked.replace(/\*+/, (stars) => `\\d{${stars.length}}`))
}

/** In Java, .NET, JavaScript and Python. */
const stackTrace =
  /\b(?:[a-z]\w{0,40}\.){2,9}[A-Z]\w{0,60}(?:Exception|Error)\b|\bSystem\.(?:[A-Z]\w{0,40}\.){0,4}\w{1,60}Exception\b|^ *at \S{1,200} ?\([^)]{0,200}(?::\d{1,6}|Native Method|Unknown Source)\)|Traceback \(most recent call last\)/m

/** A page that tells how the application is built inside. */
export function stackTraces({ pages, stoppedOn, results }: ApplicationSeen): readonly Failure[] {
  const seen: readonly PageSeen[] = [
    ...pages,
    ...(stoppedOn === undefined ? [] : [stoppedOn]),
    ...results.flatMap((result) => (result.at === 'a page' ? [result.page] : [])),
  ]
  const open = seen.find(({ text, status }) => status < 500 && stackTrace.test(text))
  if (open === undefined) return []
  const { index = 0 } = stackTrace.exec(open.text) ?? {}
  const [line = ''] = open.text.slice(index).split('\n')
  return [
    {
      what: 'application',
      expected: 'words for a cardholder',
      came: `"${line.trim().slice(0, 120)}"`,
      cause:
        'the page shows how the application is built inside, which helps attackers and nobody else',
      exchange: open.exchange,
    },
  ]
}
