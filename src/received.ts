import type { RawMessage } from './message-masking.ts'

const receivedNames = new WeakMap<Request, readonly string[]>()

/**
 * Of a request from a socket, how its headers were spelled and in which order: `Headers` has them in small letters.
 *
 * @param rawHeaders names and values in turn, as Node has them.
 */
export function rememberSpelling(request: Request, rawHeaders: readonly string[]): void {
  receivedNames.set(request, rawHeaders)
}

/** A request for the journal. @param body undefined where it was not read. */
export function received(request: Request, body: string | Uint8Array | undefined): RawMessage {
  return { headers: request.headers, spelling: receivedNames.get(request), body }
}
