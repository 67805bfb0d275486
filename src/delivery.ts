import { setTimeout as after } from 'node:timers/promises'
import { ConnectionBroken, spoiled, type TransportFault } from './transport.ts'

/** How an answer reaches its caller. */
export type Delivery = {
  /** Milliseconds that it is held back; 0 for none. */
  readonly delayMs: number
  /** What breaks on the way. */
  readonly transport?: TransportFault | undefined
}

export const atOnce: Delivery = { delayMs: 0 }

/** One after the other: delays add up, and what breaks first is what breaks. */
export function both(first: Delivery, then: Delivery): Delivery {
  return {
    delayMs: first.delayMs + then.delayMs,
    transport: first.transport ?? then.transport,
  }
}

/** Whether an error means that nobody is to be answered: the connection broke, or the caller has gone. */
export function isLost(error: unknown, signal: AbortSignal): boolean {
  return error instanceof ConnectionBroken || (signal.aborted && error === signal.reason)
}

/** What the journal says of it. */
export function trouble({ delayMs, transport }: Delivery = atOnce): {
  readonly delayMs?: number
  readonly transport?: TransportFault | undefined
} {
  return { ...(delayMs > 0 && { delayMs }), transport }
}

/**
 * Waits, so long as there is somebody to answer.
 *
 * @param delayMs milliseconds.
 * @throws the signal's reason, when the caller has gone.
 */
export async function held(delayMs: number, signal: AbortSignal): Promise<void> {
  await after(delayMs, undefined, { signal }).catch(() => undefined)
  signal.throwIfAborted()
}

/**
 * Hands an answer over, late or broken.
 *
 * @param request who has gone away is not waited for. Its signal costs something, so only what is late or broken asks for it.
 * @throws what `fetch` rejects with, where the answer is lost or the caller has gone.
 */
export async function deliver(
  answer: Response,
  { delayMs, transport }: Delivery,
  request: Request,
): Promise<Response> {
  if (delayMs > 0) await held(delayMs, request.signal)
  return transport === undefined ? answer : spoiled(answer, transport, request.signal)
}
