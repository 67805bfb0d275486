import type { JournalEntry } from '../journal.ts'
import type { Messages } from '../kept-messages.ts'
import { cut, type Header, type Message } from '../message-masking.ts'

/** What the journal knows of an exchange; of an older one without its messages. */
export type Exchanged = JournalEntry & Partial<Messages>

/**
 * Journal entries as an HTTP archive, for the viewers of browsers. Messages are as the journal keeps them: masked, and those of the newest
 * exchanges. What it knows besides stands in `comment` and in members that begin with `_`, as the format has it.
 *
 * @param origin where the exchanges were served.
 * @see HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/)
 */
export function httpArchive(
  entries: readonly Exchanged[],
  origin: string,
  version: string,
): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'mdes-simulator', version },
      comment: `Times are those of the virtual clock, durations what scenarios hold back. In the place of secrets, of ciphertext and of the cardholder's data stands ${cut}; headers that may have such are left out.`,
      entries: entries.filter(({ method }) => method !== '').map((one) => archived(one, origin)),
    },
  }
}

const notKept: Message = {
  headers: [],
  bodySize: -1,
  comment: 'Headers and body are not kept: the exchange is too long ago.',
}

function archived(
  { at, method, url, status, summary, delayMs = 0, request, response, ...told }: Exchanged,
  origin: string,
): object {
  // Not as a reference: a path may begin with two slashes.
  const whole = new URL(origin + url)
  const asked = request ?? notKept
  const answered = response ?? (request === undefined ? notKept : notAnswered)
  return {
    startedDateTime: at,
    time: delayMs,
    request: {
      method,
      url: whole.href,
      ...headOf(asked, 'Cookie'),
      queryString: [...whole.searchParams].map(([name, value]) => ({ name, value })),
      ...(asked.body !== undefined && {
        postData: { mimeType: headerOf(asked, 'Content-Type'), text: asked.body },
      }),
      bodySize: asked.bodySize,
      ...commentOf(asked),
    },
    response: {
      status,
      statusText: '',
      ...headOf(answered, 'Set-Cookie'),
      content: {
        size: answered.bodySize,
        mimeType: headerOf(answered, 'Content-Type'),
        ...(answered.body !== undefined && { text: answered.body }),
        ...commentOf(answered),
      },
      redirectURL: headerOf(answered, 'Location'),
      bodySize: answered.bodySize,
    },
    cache: {},
    timings: { send: 0, wait: delayMs, receive: 0 },
    comment: summary,
    ...Object.fromEntries(Object.entries(told).map(([name, value]) => [`_${name}`, value])),
  }
}

const notAnswered: Message = { headers: [], bodySize: 0, comment: 'Nothing was answered.' }

function headOf({ headers }: Message, cookie: 'Cookie' | 'Set-Cookie'): object {
  const cookies = named(headers, cookie).flatMap(({ value }) =>
    cookie === 'Cookie' ? value.split('; ') : value.split(';', 1),
  )
  return {
    httpVersion: 'HTTP/1.1',
    cookies: cookies.map((one) => ({ name: one.split('=', 1)[0], value: cut })),
    headers,
    headersSize: -1,
  }
}

/** @returns what there is to say, without which the member is absent. */
function commentOf({ comment }: Message): { readonly comment?: string } {
  return comment === undefined ? {} : { comment }
}

function named(headers: readonly Header[], name: string): readonly Header[] {
  return headers.filter((one) => one.name.toLowerCase() === name.toLowerCase())
}

function headerOf({ headers }: Message, name: string): string {
  return named(headers, name)[0]?.value ?? ''
}
