import { z } from 'zod'
import { parseInstant } from '../clock.ts'
import { Refusal } from '../errors.ts'
import { inOneLine } from '../problem.ts'
import { parseYaml } from '../yaml-file.ts'

/* What callers of the admin API send. */

const moment = z
  .string()
  .refine(
    (text) => parseInstant(text) !== undefined,
    'expected a time such as 2026-01-31T12:00:00Z',
  )
  .describe('ISO 8601 with seconds and offset.')

export const newIssuer = z
  .strictObject({
    consumerKey: z
      .string()
      .regex(/^[^!\s]{48}![^!\s]{48}$/, 'expected 97 characters: 48, "!", 48')
      .optional()
      .describe('Without it a new one is made.'),
    publicKey: z
      .string()
      .max(8192)
      .optional()
      .describe('PEM. Without it the default issuer signs.'),
    certificate: z.string().max(8192).optional().describe('PEM, in place of publicKey.'),
    entitled: z.boolean().optional().describe('false: its calls are refused with 401 DECLINED.'),
    seed: z
      .union([z.string().max(256), z.number().int()])
      .optional()
      .describe(
        "Together with consumerKey makes its identifiers repeatable; without it, the simulator's seed.",
      ),
  })
  .refine(
    ({ publicKey, certificate }) => publicKey === undefined || certificate === undefined,
    'expected publicKey or certificate, not both',
  )

export const scenarioInUse = z.strictObject({ scenario: z.string() })

export const clockChange = z
  .strictObject({
    now: moment.optional().describe('Goes on from here; without it, from where it is.'),
    frozen: z.boolean().optional().describe('Whether it stands still. Without it: as it was.'),
  })
  .refine(({ now, frozen }) => now !== undefined || frozen !== undefined, 'expected now or frozen')

export const clockAdvance = z.strictObject({
  milliseconds: z.number().int().min(1).max(31_622_400_000).describe('At most a year.'),
})

/**
 * Reads a body; JSON, or YAML, of which JSON is a part.
 *
 * @throws {Refusal} BODY_INVALID, with each thing that is wrong and its position.
 */
export function readBody<T>(text: string, schema: z.ZodType<T>): T {
  // Nothing is an object without members.
  const result = parseYaml(text.trim() === '' ? '{}' : text, schema, 'body')
  if (result.problems === undefined) return result.value
  const [first, ...others] = result.problems.map((problem) => ({
    code: 'BODY_INVALID',
    because: inOneLine(problem),
  }))
  throw new Refusal(first ?? { code: 'BODY_INVALID', because: 'the body is invalid' }, ...others)
}
