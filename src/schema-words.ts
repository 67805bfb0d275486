import { z } from 'zod'

/** What messages say about a schema that its rules do not tell. */
export type SchemaWords = {
  /** Of a number, in the plural. */
  readonly unit?: 'milliseconds' | 'seconds' | 'minutes'
  /** Of a list whose places mean something, such as `[least, most]`. */
  readonly form?: string
  /** The member of a map that is meant where somebody writes a value instead of the map. */
  readonly main?: string
  /** Said of a value that is not allowed, when there is nothing better to say. */
  readonly hint?: string
}

export const schemaWords = z.registry<SchemaWords>()
