import { type Message, masked, type RawMessage } from './message-masking.ts'

/** What was asked and answered in one exchange, as it came and went. */
export type RawMessages = {
  readonly request: RawMessage
  /** Absent where nothing is answered. */
  readonly response?: RawMessage
}

/** The same as it may be shown. */
export type Messages = {
  readonly request: Message
  readonly response?: Message
}

/** The messages of the newest exchanges, masked before they are kept. */
export type KeptMessages = {
  /** @param id counts up. */
  keep(id: number, messages: RawMessages): void
  find(id: number): Messages | undefined
  forget(id: number): void
}

/** Of a header, or of a body: characters. Callers choose what is in them, and thousands are kept. */
export const longestText = 8192

/** A text that is not too long; of one that is, how long it was. */
export function shortened(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText)}... (${text.length} characters)`
    : text
}

/**
 * @param limits ids whose messages are kept, the newest, and characters of them all together: the oldest make room.
 */
export function keptMessages({
  inAll,
  characters,
}: {
  readonly inAll: number
  readonly characters: number
}): KeptMessages {
  // As texts of their own, which hold on to nothing of the request: a slice would to all of it.
  const places: ({ readonly id: number; readonly text: string } | undefined)[] = []
  let oldest = 1
  let size = 0

  function forget(id: number): void {
    const place = id % inAll
    const kept = places[place]
    if (kept?.id !== id) return
    size -= kept.text.length
    places[place] = undefined
  }

  return {
    forget,
    keep(id, { request, response }) {
      const text = JSON.stringify({
        request: bounded(masked(request, 'request')),
        ...(response !== undefined && { response: bounded(masked(response, 'answer')) }),
      })
      size += text.length
      for (; oldest <= id - inAll || (size > characters && oldest < id); oldest += 1) forget(oldest)
      places[id % inAll] = { id, text }
    },
    find(id) {
      const kept = places[id % inAll]
      return kept?.id === id ? (JSON.parse(kept.text) as Messages) : undefined
    },
  }
}

function bounded({ headers, body, ...message }: Message): Message {
  return {
    headers: headers.map(({ name, value }) => ({ name, value: shortened(value) })),
    ...message,
    ...(body !== undefined && { body: shortened(body) }),
  }
}
