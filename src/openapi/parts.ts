import { reference, type SchemaName } from './schemas.ts'

/*
 * The pieces that operations are described with.
 */

/** Members beyond these are as OpenAPI 3.1 has them. */
export type OperationObject = {
  readonly operationId: string
  readonly summary: string
  readonly responses: Readonly<Record<string, object>>
  readonly [member: string]: unknown
}

/** What is served under one path, by method in lower case. */
export type PathItem = {
  readonly parameters?: readonly object[]
} & Readonly<Partial<Record<'get' | 'post' | 'put' | 'delete', OperationObject>>>

export type Paths = Readonly<Record<string, PathItem>>

/** A schema that is any of those named. */
export function schemaOf(...names: readonly [SchemaName, ...SchemaName[]]): object {
  const references = names.map((name) => ({ $ref: reference(name) }))
  return references.length === 1 ? { ...references[0] } : { anyOf: references }
}

export function jsonContent(...names: readonly [SchemaName, ...SchemaName[]]): object {
  return { 'application/json': { schema: schemaOf(...names) } }
}

export const problemContent = { 'application/problem+json': { schema: schemaOf('Problem') } }

export const htmlContent = { 'text/html': { schema: { type: 'string' } } }

/** A header of an answer, described once for all. */
export function headerOf(name: keyof typeof headers): object {
  return { [name]: { $ref: `#/components/headers/${name}` } }
}

export const headers = {
  'X-Simulator-Scenario': {
    description:
      'The scenario that played, and the rule that chose it; absent where none had a say.',
    schema: { type: 'string', pattern: '^[a-z0-9-]+; by=[a-z]+$' },
  },
  'Retry-After': {
    description: 'Seconds, where the scenario says so.',
    schema: { type: 'string', pattern: '^\\d+$' },
  },
  Allow: {
    description: 'The methods that are right.',
    required: true,
    schema: { type: 'string' },
  },
  'Accept-Encoding': {
    description: 'What is taken; absent when the type was refused.',
    schema: { type: 'string' },
  },
  Refresh: {
    description: 'Seconds, and where the browser goes then.',
    schema: { type: 'string', pattern: '^[0-9.]+; url=' },
  },
  Location: {
    description: 'Where the browser goes next.',
    required: true,
    schema: { type: 'string', minLength: 1 },
  },
} as const
