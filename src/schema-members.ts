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
  if (def.type === 'record') return schemasAt(def.valueType, rest)
  if (def.type === 'tuple') {
    const item = def.items[Number(first)]
    return item === undefined ? [] : schemasAt(item, rest)
  }
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

/** A map, and a member that it knows. */
export type Home = { readonly path: readonly string[]; readonly member: string }

/** Where in the maps below a path there are members with such a name, from that path on. */
export function homesOf(
  schema: z.core.$ZodType,
  path: readonly PropertyKey[],
  isMeant: (name: string) => boolean,
): readonly Home[] {
  return schemasAt(schema, path).flatMap(({ _zod: { def } }) =>
    def.type !== 'object'
      ? []
      : Object.keys(def.shape).flatMap((name) => [
          ...membersAt(schema, [...path, name])
            .filter(isMeant)
            .map((member) => ({ path: [name], member })),
          ...homesOf(schema, [...path, name], isMeant).map((home) => ({
            ...home,
            path: [name, ...home.path],
          })),
        ]),
  )
}

/** The values that a schema names one by one. */
export function allowedValues({ _zod: { def } }: z.core.$ZodTypes): readonly string[] {
  if (def.type === 'enum') return Object.values(def.entries).map(String)
  return def.type === 'literal' ? def.values.map(String) : []
}
