import { suggestion } from './did-you-mean.ts'
import { SetupError } from './errors.ts'

/* Options as plain JavaScript passes them: what types rule out there must not pass in silence. */

/** What a member may be. */
export type Shape = {
  /** In words, behind "expected". */
  readonly expected: string
  readonly fits: (value: unknown) => boolean
}

/** By the name of each member that there is. */
export type Shapes = Readonly<Record<string, Shape>>

export const trueOrFalse: Shape = {
  expected: 'true or false',
  fits: (value) => typeof value === 'boolean',
}

export const text = (expected: string): Shape => ({
  expected,
  fits: (value) => typeof value === 'string',
})

export const wholeNumber = (expected: string): Shape => ({
  expected,
  fits: (value) => Number.isInteger(value),
})

export const map: Shape = {
  expected: 'an object',
  fits: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** @param fits each item; without it any will do. */
export const listOf = (expected: string, fits: Shape['fits'] = () => true): Shape => ({
  expected: `a list of ${expected}`,
  fits: (value) => Array.isArray(value) && value.every(fits),
})

/**
 * Holds options against what there is; a member that is undefined counts as left out.
 *
 * @param whose how the options are called in messages, such as `createSimulator`.
 * @throws {SetupError} a member that there is not, or of the wrong type.
 */
export function checkMembers(whose: string, given: unknown, shapes: Shapes): void {
  if (!map.fits(given)) throw new SetupError(`${whose}: expected ${map.expected} of options`)
  const known = Object.keys(shapes)
  for (const [name, value] of Object.entries(given as object)) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
    if (shape === undefined)
      throw new SetupError(
        `${whose}: there is no option "${name}"${suggestion(name, known)}; known are ${known.join(', ')}`,
      )
    if (value !== undefined && !shape.fits(value))
      throw new SetupError(`${whose}: ${name}: expected ${shape.expected}`)
  }
}
