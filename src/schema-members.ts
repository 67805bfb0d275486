import type { z } from 'zod'

/** The schemas that a value at a path is held against, without what wraps them: several where there is a choice, none where it knows none. */
export function schemasAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): readonly z.core.$ZodTypes[] {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'optional' || def.type === 'default' || def.type === 'readonly')
    return schemasAt(def.innerType, path)
  if (def.type === 'union') return def.options.flatMap((option) => schemasAt(option, path))
  const [first, ...rest] = path
  if (first === undefined) return [schema as z.core.$ZodTypes]
  if (def.type === 'array') return schemasAt(def.element, rest)
  if (def.type !== 'object' || !Object.hasOwn(def.shape, first)) return []
  const member = def.shape[String(first)]
  return member === undefined ? [] : schemasAt(member, rest)
}

/** The members that a schema knows at a path; none where it knows no object there. */
export function membersAt(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
): readonly string[] {
  return schemasAt(schema, path).flatMap(({ _zod: { def } }) =>
    def.type === 'object' ? Object.keys(def.shape) : [],
  )
}

/** Whether a member may be left out. */
export function isOptional(schema: z.core.$ZodType, path: readonly PropertyKey[]): boolean {
  const name = String(path.at(-1))
  return schemasAt(schema, path.slice(0, -1)).some(
    ({ _zod: { def } }) =>
      def.type === 'object' &&
      Object.hasOwn(def.shape, name) &&
      def.shape[name]?._zod.optin !== undefined,
  )
}

/** Where in the maps below a path a member of this name belongs, from that path on. */
export function homesOf(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  name: string,
): readonly (readonly string[])[] {
  return schemasAt(schema, path).flatMap(({ _zod: { def } }) =>
    def.type !== 'object'
      ? []
      : Object.keys(def.shape).flatMap((member) => [
          ...(membersAt(schema, [...path, member]).includes(name) ? [[member]] : []),
          ...homesOf(schema, [...path, member], name).map((home) => [member, ...home]),
        ]),
  )
}
