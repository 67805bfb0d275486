import type { Delivery } from '../delivery.ts'
import type { Fault } from '../errors.ts'
import { drawn } from '../keys/identifiers.ts'
import type { Choice } from '../scenarios/choose.ts'
import { delayMs } from '../scenarios/story.ts'
import { scriptedGatewayFault } from './refusals.ts'

/** What a scenario's `gateway` does to one call. */
export type GatewayPlay = {
  readonly delivery: Delivery
  /** Refused, instead of carried out. */
  readonly fault?: Fault | undefined
}

/** Plays the `gateway` section of scenarios: how often is counted per consumer key. */
export type GatewayScript = {
  /** @returns undefined when it does nothing, or has done so as often as it should. */
  play(consumerKey: string, choice: Choice): GatewayPlay | undefined
  /** Begins to count anew, for one consumer key or for all. */
  clear(consumerKey?: string): void
}

/** @param seedOf each issuer, for the delays that are drawn from a range. */
export function gatewayScript(seedOf: (consumerKey: string) => string | undefined): GatewayScript {
  const played = new Map<string, Map<string, number>>()
  return {
    play(consumerKey, choice) {
      const { name, gateway } = choice.scenario
      if (gateway === undefined) return undefined
      const counts = played.get(consumerKey) ?? new Map<string, number>()
      played.set(consumerKey, counts)
      const times = (counts.get(name) ?? 0) + 1
      counts.set(name, times)
      if (times > (gateway.times ?? Number.POSITIVE_INFINITY)) return undefined
      const { transport } = gateway
      return {
        delivery: {
          delayMs: delayMs(gateway.delay, () =>
            drawn(seedOf(consumerKey), consumerKey, `gateway ${name}`, times),
          ),
          transport,
        },
        fault: gateway.status === undefined ? undefined : scriptedGatewayFault(choice),
      }
    },
    clear(consumerKey) {
      if (consumerKey === undefined) played.clear()
      else played.delete(consumerKey)
    },
  }
}
