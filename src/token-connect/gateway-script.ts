import { Refusal } from '../errors.ts'
import type { Choice } from '../scenarios/choose.ts'
import { scriptedGatewayFault } from './refusals.ts'

/** Plays the `gateway` section of scenarios: how often is counted per consumer key. */
export type GatewayScript = {
  /** @throws {Refusal} as the scenario says, until it has done so as often as it should. */
  play(consumerKey: string, choice: Choice): void
  /** Begins to count anew, for one consumer key or for all. */
  clear(consumerKey?: string): void
}

export function gatewayScript(): GatewayScript {
  const played = new Map<string, Map<string, number>>()
  return {
    play(consumerKey, choice) {
      const { name, gateway } = choice.scenario
      if (gateway === undefined) return
      const counts = played.get(consumerKey) ?? new Map<string, number>()
      played.set(consumerKey, counts)
      const times = (counts.get(name) ?? 0) + 1
      counts.set(name, times)
      if (times <= (gateway.times ?? Number.POSITIVE_INFINITY))
        throw new Refusal(scriptedGatewayFault(choice))
    },
    clear(consumerKey) {
      if (consumerKey === undefined) played.clear()
      else played.delete(consumerKey)
    },
  }
}
