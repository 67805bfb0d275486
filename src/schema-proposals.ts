import { z } from 'zod'
import { excerptOf } from './problem.ts'
import { allowedValues, schemasAt } from './schema-members.ts'
import { schemaWords } from './schema-words.ts'

/** Whether one of these schemas takes a value as it is. */
export function accepts(schemas: readonly z.core.$ZodType[], value: unknown): boolean {
  return schemas.some((schema) => z.safeParse(schema, value).success)
}

/**
 * What to write in place of a simple value, where that can be told.
 *
 * @param plain what stands in the file, if it has no quotes: 0047 is a number to YAML.
 */
export function proposal(
  schemas: readonly z.core.$ZodTypes[],
  value: string | number | boolean,
  plain = String(value),
): string | undefined {
  const texts = typeof value === 'string' ? [value] : [value, plain]
  for (const schema of schemas)
    for (const text of texts) {
      const found = inPlaceOf(schema, text)
      if (found !== undefined) return found
    }
  return undefined
}

function inPlaceOf(schema: z.core.$ZodTypes, value: string | number | boolean): string | undefined {
  const { def } = schema._zod
  if (def.type === 'number') return typeof value === 'string' ? converted(schema, value) : undefined
  if (def.type === 'object') return asMap(schema, def.shape, value)
  if (def.type !== 'array') return undefined
  const item = accepts([def.element], value)
    ? inYaml(value)
    : proposal(schemasAt(def.element, []), value)
  return item === undefined ? undefined : `[${item}]`
}

const milliseconds = { milliseconds: 1, seconds: 1000, minutes: 60_000 }
/** How people abbreviate units. */
const marks: readonly (readonly [mark: RegExp, milliseconds: number])[] = [
  [/^(?:ms|millis?|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, 1000],
  [/^(?:m|mins?|minutes?)$/i, 60_000],
  [/^(?:h|hours?)$/i, 3_600_000],
]

/** Of a text such as `3s`, the number in the unit that is expected. */
function converted(schema: z.core.$ZodType, text: string): string | undefined {
  const { unit } = schemaWords.get(schema) ?? {}
  const [, amount, word = ''] = /^(\d{1,9}(?:\.\d{1,3})?)\s*([a-z]+)$/i.exec(text.trim()) ?? []
  const [, factor] = marks.find(([mark]) => mark.test(word)) ?? []
  if (unit === undefined || factor === undefined) return undefined
  const number = (Number(amount) * factor) / milliseconds[unit]
  return accepts([schema], number) ? String(number) : undefined
}

/** A map with the value in the one member that can be meant. */
function asMap(
  schema: z.core.$ZodType,
  shape: Readonly<Record<string, z.core.$ZodType>>,
  value: string | number | boolean,
): string | undefined {
  const isRequired = (member: z.core.$ZodType) => member._zod.optin === undefined
  const members = Object.entries(shape)
  const accepting = members.filter(([, member]) => accepts([member], value))
  const { main } = schemaWords.get(schema) ?? {}
  // The only one that takes the value, or of several the one that names it, or that must be there.
  const [meant] =
    [
      accepting,
      accepting.filter(([name]) => name === main),
      accepting.filter(([, member]) =>
        schemasAt(member, []).flatMap(allowedValues).includes(String(value)),
      ),
      accepting.filter(([, member]) => isRequired(member)),
    ].find((some) => some.length === 1) ?? []
  if (meant === undefined) return undefined
  const written = members.flatMap(([name, member]) => {
    if (name === meant[0]) return [`${name}: ${inYaml(value)}`]
    return isRequired(member) ? [`${name}: …`] : []
  })
  return `{ ${written.join(', ')} }`
}

/** A value as it stands in a file; without what a message does not repeat. */
function inYaml(value: string | number | boolean): string {
  const text = String(value)
  if (excerptOf(text) !== text) return '"…"'
  const isPlain =
    typeof value !== 'string' || /^(?!(?:true|false|null)$)[A-Za-z][\w-]*$/i.test(text)
  return isPlain ? text : JSON.stringify(text)
}
