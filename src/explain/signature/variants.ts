import type { CauseCode } from './causes.ts'

/** One way in which what was signed differs from what should have been. */
export type Deviation = {
  readonly code: CauseCode
  /** Ends a sentence: "What was signed is a base string ...", or "What was hashed is ..." */
  readonly phrase: string
}

/** One way to make a part of the base string. */
export type Variant<T> = {
  readonly value: T
  readonly deviations: readonly Deviation[]
  /** How far-fetched it is, 0 being right. */
  readonly weight: number
}

export function right<T>(value: T): Variant<T> {
  return { value, deviations: [], weight: 0 }
}

export function wrong<T>(value: T, code: CauseCode, phrase: string, weight = 1): Variant<T> {
  return { value, deviations: [{ code, phrase }], weight }
}

/** Every pair that is not too far-fetched, joined. */
export function* combined<A, B, C>(
  some: Iterable<Variant<A>>,
  others: readonly Variant<B>[],
  join: (one: A, other: B) => C,
  mostWeight: number,
): Generator<Variant<C>> {
  for (const one of some)
    for (const other of others) {
      const weight = one.weight + other.weight
      if (weight <= mostWeight)
        yield {
          value: join(one.value, other.value),
          deviations: [...one.deviations, ...other.deviations],
          weight,
        }
    }
}

/** Of those that come to the same text, the least far-fetched. */
export function distinct<T>(
  variants: Iterable<Variant<T>>,
  textOf: (value: T) => string,
): readonly Variant<T>[] {
  const kept = new Map<string, Variant<T>>()
  for (const variant of variants) {
    const text = textOf(variant.value)
    const earlier = kept.get(text)
    if (earlier === undefined || variant.weight < earlier.weight) kept.set(text, variant)
  }
  return [...kept.values()]
}
