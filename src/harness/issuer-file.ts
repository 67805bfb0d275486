import { z } from 'zod'
import { SetupError } from '../errors.ts'
import { type Finding, formatProblem, type Problem, readYamlFile } from '../yaml-file.ts'
import { type Environment, filledFrom } from './environment-values.ts'

/* issuer.yaml: the way through an issuer's application, and how its pages are to be read. */

const regularExpression = /^\/(.+)\/([ismu]*)$/s

const words = z
  .string()
  .min(1)
  .refine(
    (text) => patternOf(text) !== undefined,
    'expected a text, or a regular expression that can be read, such as /^Added$/',
  )

const step = z
  .strictObject({
    fill: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        `Values of fields, by name. \${NAME} is the environment variable of that name, and $\${ is \${.`,
      ),
    click: z
      .union([
        z.string().min(1),
        z.strictObject({ button: z.string().min(1), value: z.string().optional() }),
      ])
      .optional()
      .describe('A button or a link by its text, or name=value. Without it the form is sent.'),
  })
  .refine(
    ({ fill, click }) => fill !== undefined || click !== undefined,
    'expected fill, click or both',
  )
export type Step = z.infer<typeof step>

const issuerFile = z.strictObject({
  start: z
    .string()
    .regex(/^\//, 'expected a path that begins with /')
    .default('/')
    .describe('The first page, below --issuer URL.'),
  origins: z
    .array(z.string().regex(/^https?:\/\/[^/?#]+$/, 'expected http://HOST:PORT'))
    .default([])
    .describe('Others that belong to the application, such as where it logs people in.'),
  steps: z
    .array(step)
    .default([])
    .describe('What leads to Click to Pay, before each journey, in order and in a new session.'),
  results: z
    .strictObject({
      APPROVED: words,
      REQUIRE_ADDITIONAL_AUTHENTICATION: words.optional(),
      DECLINED: words.optional(),
      CANCELLED: words.optional(),
      ERROR: words.optional(),
      DUPLICATE_REQUEST: words.optional(),
      AUTHENTICATED: words.optional(),
      DELETED: words.optional(),
    })
    .describe('What the page says that the cardholder comes back to.'),
  failed: words.optional().describe('What is said when a push was refused or lost.'),
})

/** A page that has the one would have the other, too, and be right in neither. */
function ambiguities({ results, failed }: z.infer<typeof issuerFile>): readonly Finding[] {
  const all = Object.entries({ ...results, ...(failed !== undefined && { failed }) })
  return Object.entries(results).flatMap(([status, words]) => {
    const [other, text] =
      all.find(
        ([name, said = '']) =>
          name !== status && !regularExpression.test(said) && says(said, words),
      ) ?? []
    return other === undefined
      ? []
      : [
          {
            path: ['results', status],
            message: `is in the words of ${other}, too ("${text}"): make it narrower; /^Added$/ fits a line that says no more`,
          },
        ]
  })
}

/** How people may write it, for editors. */
export const issuerFileSchema = (): object => ({
  title: 'mdes-simulator issuer',
  ...z.toJSONSchema(issuerFile, { io: 'input' }),
})

export type IssuerFile = z.infer<typeof issuerFile> & {
  /** What came from the environment, and must not be shown. */
  readonly secrets: readonly string[]
}

/** @throws {SetupError} with every problem of the file, variables that are not set among them. */
export async function readIssuerFile(path: string, environment: Environment): Promise<IssuerFile> {
  const read = await readYamlFile(path, issuerFile).catch((cause: Error) => {
    throw new SetupError(
      `${path}: the way through the application cannot be read: ${cause.message}. Say which file it is with --issuer-file; src/harness/README.md shows one`,
      { cause },
    )
  })
  if (read.problems !== undefined) throw new SetupError(read.problems.map(formatProblem).join('\n'))
  const { value, problemAt } = read
  const secrets: string[] = []
  const mistakes: Problem[] = []
  const filledStep = ({ fill, ...step }: Step, position: number): Step => {
    if (fill === undefined) return step
    const filled = Object.entries(fill).map(([field, written]) => {
      const { text = '', values = [], fault: message } = filledFrom(environment, written)
      secrets.push(...values)
      if (message !== undefined)
        mistakes.push(problemAt({ path: ['steps', position, 'fill', field], message }))
      return [field, text]
    })
    return { ...step, fill: Object.fromEntries(filled) }
  }
  const steps = value.steps.map(filledStep)
  mistakes.push(...ambiguities(value).map(problemAt))
  if (mistakes.length > 0) throw new SetupError(mistakes.map(formatProblem).join('\n'))
  return { ...value, steps, secrets }
}

/** Whether a page says this: a text anywhere in it, or a regular expression, whose ^ and $ are those of a line. */
export function says(text: string, wanted: string | undefined): boolean {
  return wanted !== undefined && (patternOf(wanted)?.test(text) ?? false)
}

function patternOf(wanted: string): RegExp | undefined {
  const [, source, flags = ''] = regularExpression.exec(wanted) ?? []
  try {
    return source === undefined
      ? new RegExp(wanted.trim().split(/\s+/).map(literally).join('\\s+'))
      : new RegExp(source, `m${flags.replace('m', '')}`)
  } catch {
    return undefined
  }
}

const literally = (text: string) => text.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&')
