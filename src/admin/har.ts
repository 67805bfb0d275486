import type { JournalEntry } from '../journal.ts'

/**
 * Journal entries as an HTTP archive, for the viewers of browsers. What the journal does not keep is not there: headers, bodies, durations.
 * What it knows besides stands in `comment` and in members that begin with `_`, as the format has it.
 *
 * @param origin where the exchanges were served.
 * @see HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)
 */
export function httpArchive(
  entries: readonly JournalEntry[],
  origin: string,
  version: string,
): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'mdes-simulator', version },
      comment: 'Times are those of the virtual clock. Headers, bodies and durations are not kept.',
      entries: entries.filter(({ method }) => method !== '').map((one) => archived(one, origin)),
    },
  }
}

function archived(
  { at, method, url, status, summary, delayMs = 0, ...told }: JournalEntry,
  origin: string,
): object {
  // Not as a reference: a path may begin with two slashes.
  const whole = new URL(origin + url)
  const unknown = { httpVersion: 'HTTP/1.1', cookies: [], headers: [], headersSize: -1 }
  return {
    startedDateTime: at,
    time: delayMs,
    request: {
      ...unknown,
      method,
      url: whole.href,
      queryString: [...whole.searchParams].map(([name, value]) => ({ name, value })),
      bodySize: -1,
    },
    response: {
      ...unknown,
      status,
      statusText: '',
      content: { size: -1, mimeType: '' },
      redirectURL: '',
      bodySize: -1,
    },
    cache: {},
    timings: { send: 0, wait: delayMs, receive: 0 },
    comment: summary,
    ...Object.fromEntries(Object.entries(told).map(([name, value]) => [`_${name}`, value])),
  }
}
