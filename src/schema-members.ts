import type { z } from 'zod'

/** The members that a schema knows at a path; none where it knows no object there. */
export function membersAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'optional' || def.type === 'default' || def.type === 'readonly')
    return membersAt(def.innerType, path)
  if (def.type === 'union') return def.options.flatMap((option) => membersAt(option, path))
  const [first, ...rest] = path
  if (def.type === 'array') return first === undefined ? [] : membersAt(def.element, rest)
  if (def.type !== 'object') return []
  if (first === undefined) return Object.keys(def.shape)
  const member = def.shape[String(first)]
  return member === undefined ? [] : membersAt(member, rest)
}
