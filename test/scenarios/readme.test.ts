import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonSchema } from '../../src/scenarios/json-schema.ts'
import { builtInScenarios } from '../../src/scenarios/load.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import type { Scenario } from '../../src/scenarios/schema.ts'
import { formatProblem } from '../../src/yaml-file.ts'

const readme = await readFile(join(builtInScenarios, 'README.md'), 'utf8')

const examples = [...readme.matchAll(/```yaml\n(.*?)```/gs)]
  .map(([, text = '']) => ({ name: /^name: ([a-z0-9-]+)(?: #.*)?$/m.exec(text)?.[1] ?? '', text }))
  .filter(({ name }) => name !== '')

type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly description?: string
}

/** Every key that a scenario may have, as `push.receipt.state`. */
function keysOf({ properties = {}, items, anyOf = [] }: JsonSchema, under = ''): readonly string[] {
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [
      under + key,
      ...keysOf(inner, `${under}${key}.`),
    ]),
    ...[...anyOf, ...(items === undefined ? [] : [items])].flatMap((one) => keysOf(one, under)),
  ]
}

function keysIn(value: unknown, under = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, under))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    under + key,
    ...keysIn(inner, `${under}${key}.`),
  ])
}

const schema = jsonSchema('scenario') as JsonSchema

describe("the language's page", () => {
  test.for(examples)('$name is a good file', ({ name, text }) => {
    const { problems } = readScenarios([{ name: `${name}.yaml`, text }])
    expect(problems.map(formatProblem)).toEqual([])
  })

  test('shows every key there is', () => {
    expect(examples.length).toBeGreaterThan(15)
    const files = examples.map(({ name, text }) => ({ name: `${name}.yaml`, text }))
    const shown = new Set(
      readScenarios(files).values.flatMap((scenario: Scenario) => keysIn(scenario)),
    )
    const unshown = [...new Set(keysOf(schema))].filter((key) => !shown.has(key))
    expect(unshown).toEqual([])
  })

  test('and so does the JSON Schema, with a word on each for editors', () => {
    const silent = (one: JsonSchema, under = ''): readonly string[] => [
      ...Object.entries(one.properties ?? {}).flatMap(([key, inner]) => [
        ...(inner.description === undefined ? [under + key] : []),
        ...silent(inner, `${under}${key}.`),
      ]),
      ...[...(one.anyOf ?? []), ...(one.items === undefined ? [] : [one.items])].flatMap((inner) =>
        silent(inner, under),
      ),
    ]
    expect(silent(schema)).toEqual([])
    expect(silent(jsonSchema('token-requestor') as JsonSchema)).toEqual([])
  })
})
