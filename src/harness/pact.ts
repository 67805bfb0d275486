import { maskCardNumbers } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import { readExactJson, writeExactJson } from './exact-json.ts'

/** One pact, of any version of the specification, as far as it is looked at here. */
export type Pact = {
  /** Path or URL. */
  readonly source: string
  readonly consumer: string
  readonly provider: string
  /** 1 to 4; undefined where the file does not say. */
  readonly specification: number | undefined
  readonly metadata: unknown
  readonly interactions: readonly Interaction[]
}

export type ProviderState = {
  readonly name: string
  readonly params: Json
}

export type Interaction = {
  readonly description: string
  readonly states: readonly ProviderState[]
  /** Its failure is reported and fails nothing. */
  readonly pending: boolean
  /** Why it is not verified. */
  readonly skipped?: string
  /** As in the file, by {@link readExactJson}. */
  readonly recorded: Json
}

export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** In version 4 of the specification the content of a body is inside, with its type. */
export function contentOfBody({ body }: Json): unknown {
  return isObject(body) && 'content' in body ? body.content : body
}

const quoted = (value: unknown) => maskCardNumbers(writeExactJson(value))

/** Whether a JSON value is meant to be a pact; it may be a broken one. */
export function isMeantAsPact(json: unknown): boolean {
  return (
    isObject(json) &&
    (Array.isArray(json.interactions) ||
      Array.isArray(json.messages) ||
      ('consumer' in json && 'provider' in json))
  )
}

/**
 * @param text may begin with a byte order mark.
 * @throws {SetupError} it is no JSON.
 */
export function readJsonOf(source: string, text: string): unknown {
  const json = text.replace(/^\u{feff}/u, '')
  try {
    return readExactJson(json)
  } catch (cause) {
    const { line, column } = placeOf(json)
    throw new SetupError(`${source}:${line}:${column}: is not JSON; expected a pact file`, {
      cause,
    })
  }
}

/** Where it stops being JSON: at the end of the shortest beginning that nothing could complete. */
function placeOf(text: string): { readonly line: number; readonly column: number } {
  let good = 0
  let broken = text.trimEnd().length + 1
  while (broken - good > 1) {
    const middle = Math.floor((good + broken) / 2)
    if (isHopeless(text.slice(0, middle))) broken = middle
    else good = middle
  }
  const before = text.slice(0, good).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

/** Whether the beginning of a text is more than the beginning of JSON. Not every complaint of `JSON.parse` has a position. */
function isHopeless(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return false
  } catch (error) {
    const { message } = error as Error
    const position = /at position (\d+)/.exec(message)?.[1]
    return position === undefined
      ? !message.includes('end of JSON input')
      : Number(position) < beginning.length
  }
}

/**
 * @param pending all of it, because a broker says so.
 * @throws {SetupError} it is no pact, or one of an unknown version.
 */
export function readPact(source: string, json: unknown, pending = false): Pact {
  if (!isObject(json) || !isMeantAsPact(json))
    throw new SetupError(
      `${source}: is not a pact; expected a JSON object with "consumer", "provider" and "interactions"`,
    )
  if (json.interactions === undefined && json.messages === undefined)
    throw new SetupError(`${source}: interactions: expected a list`)
  const specification = specificationOf(source, json.metadata)
  refusePlugins(source, json.metadata)
  // Version 3 of the specification has messages in a list of their own, and no types.
  const [interactions, messages] = (['interactions', 'messages'] as const).map((list) =>
    listOf(source, json, list).map((recorded, position) =>
      readInteraction(`${source}: ${list}[${position}]`, recorded, {
        usualType: list === 'messages' ? 'Asynchronous/Messages' : 'Synchronous/HTTP',
        usualDescription: `${list}[${position}]`,
        pending,
      }),
    ),
  )
  return {
    source,
    consumer: nameOf(source, json, 'consumer'),
    provider: nameOf(source, json, 'provider'),
    specification,
    metadata: json.metadata,
    interactions: [...(interactions ?? []), ...(messages ?? [])],
  }
}

function nameOf(source: string, pact: Json, role: string): string {
  const { [role]: participant } = pact
  if (isObject(participant) && typeof participant.name === 'string') return participant.name
  throw new SetupError(`${source}: is not a pact; expected "${role}": { "name": "..." }`)
}

function listOf(source: string, pact: Json, name: string): readonly unknown[] {
  const { [name]: list = [] } = pact
  if (Array.isArray(list)) return list
  throw new SetupError(`${source}: ${name}: expected a list`)
}

/** Where libraries have noted the version of the specification, in the course of time. */
function specificationOf(source: string, metadata: unknown): number | undefined {
  if (!isObject(metadata)) return undefined
  const places: readonly (readonly [string, unknown])[] = [
    ...['pactSpecification', 'pact-specification'].map(
      (name) => [`${name}.version`, (metadata[name] as Json | null | undefined)?.version] as const,
    ),
    ['pactSpecificationVersion', metadata.pactSpecificationVersion],
  ]
  const [place, version] = places.find(([, value]) => value !== undefined) ?? []
  if (version === undefined || version === null) return undefined
  // A number it is in some.
  const known = /^"?([1-4])(\.\d+)*"?$/.exec(writeExactJson(version))
  if (known === null)
    throw new SetupError(
      `${source}: metadata.${place} is ${quoted(version)}, an unknown version of the Pact specification; expected 1 to 4, such as "4.0"`,
    )
  return Number(known[1])
}

/** Pact's verifier would fetch and run them. */
function refusePlugins(source: string, metadata: unknown): void {
  const { plugins } = isObject(metadata) ? metadata : {}
  if (Array.isArray(plugins) && plugins.length > 0)
    throw new SetupError(
      `${source}: metadata.plugins: needs plugins of Pact, which do not run here; expected HTTP interactions only`,
    )
}

const skippedMessage = 'a message, and no HTTP; the simulator sends and receives none'

function readInteraction(
  place: string,
  recorded: unknown,
  {
    usualType,
    usualDescription,
    pending,
  }: {
    readonly usualType: string
    readonly usualDescription: string
    readonly pending: boolean
  },
): Interaction {
  if (!isObject(recorded)) throw new SetupError(`${place}: expected an object`)
  const { type = usualType, description } = recorded
  const isMessage = type === 'Asynchronous/Messages' || type === 'Synchronous/Messages'
  if (type !== 'Synchronous/HTTP' && !isMessage)
    throw new SetupError(
      `${place}.type is ${quoted(type)}; expected "Synchronous/HTTP", "Asynchronous/Messages" or "Synchronous/Messages"`,
    )
  const missing = ['request', 'response'].find((member) => !isObject(recorded[member]))
  if (!isMessage && missing !== undefined)
    throw new SetupError(`${place}.${missing}: expected an object`)
  return {
    description: typeof description === 'string' ? description : usualDescription,
    states: statesOf(place, recorded),
    pending: pending || recorded.pending === true,
    recorded,
    ...(isMessage && { skipped: skippedMessage }),
  }
}

/** One before version 3 of the specification, then several; `provider_state` in files of early libraries. */
function statesOf(place: string, recorded: Json): readonly ProviderState[] {
  const { providerStates, providerState, provider_state } = recorded
  if (providerStates === undefined || providerStates === null) {
    const name = providerState ?? provider_state ?? ''
    if (typeof name !== 'string')
      throw new SetupError(`${place}.providerState: expected the name of a state`)
    return name === '' ? [] : [{ name, params: {} }]
  }
  if (!Array.isArray(providerStates))
    throw new SetupError(`${place}.providerStates: expected a list`)
  const states = providerStates.map((state: unknown, position) => {
    if (!isObject(state) || typeof state.name !== 'string')
      throw new SetupError(`${place}.providerStates[${position}].name: expected a text`)
    return { name: state.name, params: isObject(state.params) ? state.params : {} }
  })
  // Some libraries write an empty one where there is none.
  return states.filter(({ name }) => name !== '')
}
