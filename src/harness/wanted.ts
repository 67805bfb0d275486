import { maskCardNumbers } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import { printable } from '../explain/fault-lines.ts'
import type { Interaction, Pact } from './pact.ts'

export type Filters = {
  /** Name of the provider, as the pacts have it. Default: any in files, `token-connect` in a broker. */
  readonly provider?: string | undefined
  /** Names of the consumers that are wanted. Default: all. */
  readonly consumers?: readonly string[]
  /** Only interactions whose description contains one of these texts. */
  readonly descriptions?: readonly string[]
  /** Only interactions with one of these provider states. */
  readonly states?: readonly string[]
}

export type Wanted = { readonly pact: Pact; readonly interaction: Interaction }

/** @throws {SetupError} nothing is left of what there was. */
export function filtered(
  pacts: readonly Pact[],
  { provider, consumers = [], descriptions = [], states = [] }: Filters,
): {
  readonly wanted: readonly Wanted[]
  readonly filteredOut: number
  readonly notes: readonly string[]
} {
  const isOther = (pact: Pact) => provider !== undefined && pact.provider !== provider
  const all = pacts.flatMap((pact) =>
    pact.interactions.map((interaction) => ({ pact, interaction })),
  )
  const wanted = all.filter(
    ({ pact, interaction }) =>
      !isOther(pact) &&
      isAny(consumers, (name) => pact.consumer === name) &&
      isAny(descriptions, (text) => interaction.description.includes(text)) &&
      isAny(states, (state) => interaction.states.some(({ name }) => name === state)),
  )
  if (all.length > 0 && wanted.length === 0)
    throw new SetupError(
      [
        'no interaction is left by the filters; there are',
        ...all.map(({ pact, interaction }) => `  ${described(pact, interaction)}`),
      ]
        .map((line) => printable(maskCardNumbers(line)))
        .join('\n'),
    )
  return {
    wanted,
    filteredOut: all.length - wanted.length,
    notes: pacts
      .filter(isOther)
      .map(
        (pact) =>
          `${pact.source}: its provider is "${pact.provider}" and not "${provider}", so it was passed over`,
      ),
  }
}

const isAny = <T>(list: readonly T[], holds: (item: T) => boolean) =>
  list.length === 0 || list.some(holds)

function described({ consumer, provider }: Pact, { description, states }: Interaction): string {
  const given = states.map(({ name }) => name).join(', ')
  return `${consumer}, of ${provider}: ${description}${given === '' ? '' : ` (${given})`}`
}
