import { writeExactJson } from './exact-json.ts'
import { type Interaction, isObject, type Json, type Pact } from './pact.ts'

/**
 * What goes by the name of `Location` between Pact's verifier and the simulator: with that header the verifier would follow a redirect, and
 * never look at it.
 */
export const renamedLocation = 'X-Pact-Location'

/** What stands for an interaction in the copy, as its description and as its only provider state. */
export const tagOf = (number: number) => `#${number}`

/** Hop by hop, or of the body as it was recorded: Pact's verifier would send them as they are, and cut the body. */
const staleHeaders = ['content-length', 'transfer-encoding', 'connection', 'host', 'expect']

/**
 * The pact that Pact's verifier is given. It says the same, but each interaction goes by its number; whether it is wanted, which states it
 * needs and whether it is pending is known here.
 */
export function pactCopy(
  { consumer, provider, metadata, specification }: Pact,
  interactions: readonly (readonly [number: number, interaction: Interaction])[],
): string {
  return writeExactJson({
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: interactions.map(([number, { recorded }]) =>
      interactionCopy(recorded, tagOf(number), specification),
    ),
    metadata,
  })
}

function interactionCopy(recorded: Json, tag: string, specification: number | undefined): Json {
  const {
    providerState: _,
    provider_state,
    providerStates,
    pending,
    request,
    response,
    ...rest
  } = recorded
  const isList = specification === undefined ? providerStates !== undefined : specification >= 3
  return {
    ...rest,
    description: tag,
    ...(isList ? { providerStates: [{ name: tag }] } : { providerState: tag }),
    request: requestCopy(request as Json),
    response: responseCopy(response as Json),
  }
}

function requestCopy(request: Json): Json {
  const { headers } = request
  if (!isObject(headers)) return request
  return {
    ...request,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([name]) => !staleHeaders.includes(name.toLowerCase())),
    ),
  }
}

/** Up to version 2 of the specification, the rules of all parts of a response are in one list, by path. */
const ruleOfLocation =
  /^(\$?(?:\.?headers?|\[["']headers?["']\]))(?:\.location|\[["']location["']\])(.*)$/i

function responseCopy(response: Json): Json {
  return mapped(response, {
    headers: withRenamedKeys,
    matchingRules: rulesCopy,
    // As pact-jvm named it once.
    responseMatchingRules: rulesCopy,
    generators: rulesCopy,
  })
}

function rulesCopy(rules: Json): Json {
  const byPath = Object.fromEntries(
    Object.entries(rules).map(([path, rule]) => [
      path.replace(ruleOfLocation, `$1.${renamedLocation}$2`),
      rule,
    ]),
  )
  return mapped(byPath, { header: withRenamedKeys, headers: withRenamedKeys })
}

function withRenamedKeys(headers: Json): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      /^(\$\.)?location$/i.test(name) ? renamedLocation : name,
      value,
    ]),
  )
}

function mapped(object: Json, members: Readonly<Record<string, (member: Json) => Json>>): Json {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => {
      const copy = members[name]
      return [name, copy !== undefined && isObject(value) ? copy(value) : value]
    }),
  )
}
