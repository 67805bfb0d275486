import { maskCardNumbers } from '../../card-number.ts'
import { nearest } from '../../did-you-mean.ts'

/** The members that are known at a path; none where nothing is known of the inside. */
export type KnownMembers = (path: readonly PropertyKey[]) => readonly string[]

export type UnknownMember = {
  /** Dotted, its own name at the end. */
  readonly path: string
  readonly name: string
  /** The known member of the same object that was probably meant. */
  readonly didYouMean?: string
  /** Where a member of exactly this name belongs, dotted. */
  readonly knownAt: readonly string[]
}

/** Far beyond any message. */
const deepest = 20
const most = 50
const longestName = 64

/** Members that no operation knows. */
export function unknownMembers(
  json: unknown,
  knownMembers: KnownMembers,
): readonly UnknownMember[] {
  // Only for those who need it: most messages have no unknown member.
  let places: ReadonlyMap<string, readonly string[]> | undefined
  const found: UnknownMember[] = []
  const visit = (value: unknown, path: readonly PropertyKey[]): void => {
    if (typeof value !== 'object' || value === null || path.length > deepest) return
    if (Array.isArray(value)) {
      for (const [index, item] of value.slice(0, most).entries()) visit(item, [...path, index])
      return
    }
    const known = knownMembers(path)
    if (known.length === 0) return
    const missing = known.filter((name) => !Object.hasOwn(value, name))
    for (const [name, member] of Object.entries(value)) {
      if (found.length >= most) return
      if (known.includes(name)) {
        visit(member, [...path, name])
        continue
      }
      places ??= placesOf(knownMembers)
      const knownAt = places.get(name) ?? []
      const short = name.length > longestName ? `${name.slice(0, longestName)}...` : name
      const didYouMean = nearest(short, missing)
      found.push({
        path: maskCardNumbers(dotted([...path, short])),
        name: maskCardNumbers(short),
        ...(didYouMean !== undefined && { didYouMean }),
        knownAt,
      })
    }
  }
  visit(json, [])
  return found
}

/** Where each name is known, in the order of the specification. */
export function placesOf(knownMembers: KnownMembers): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  const visit = (path: readonly PropertyKey[]): void => {
    if (path.length > deepest) return
    for (const name of knownMembers(path)) {
      const member = [...path, name]
      const others = places.get(name)
      if (others === undefined) places.set(name, [dotted(member)])
      else others.push(dotted(member))
      visit(member)
      if (knownMembers([...member, 0]).length > 0) visit([...member, 0])
    }
  }
  visit([])
  // The message itself may be a list.
  visit([0])
  return places
}

/** Such as `pushFundingAccounts.encryptedPayload.encryptedData.0.pushAccountId`. */
export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}
