import { z } from 'zod'

/** An identifier: text that YAML would take for a number without its quotes. */
export const quoted = (shape: RegExp, what: string) => z.string().regex(shape, `expected ${what}`)

export const notEmpty = (map: object) => Object.keys(map).length > 0
