import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { Assumptions } from './assumptions.ts'
import { SetupError } from './errors.ts'
import { readPublicKey } from './keys/public-key-file.ts'
import type { Issuer } from './keys/request-signature.ts'
import { formatProblem, readYamlFile } from './yaml-file.ts'

const issuer = z
  .strictObject({
    consumerKey: z.string().regex(/^[^!\s]{48}![^!\s]{48}$/, 'expected 97 characters: 48, "!", 48'),
    publicKey: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a PEM file, from the folder of this file.'),
    certificate: z
      .string()
      .min(1)
      .optional()
      .describe('Path of a PEM file, from the folder of this file.'),
    entitled: z
      .boolean()
      .default(true)
      .describe('Whether its project is enabled for Token Connect; otherwise 401 DECLINED.'),
  })
  .refine(
    ({ publicKey, certificate }) => (publicKey === undefined) !== (certificate === undefined),
    'expected either publicKey or certificate',
  )

const configFile = z.strictObject({
  issuers: z
    .array(issuer)
    .default([])
    .superRefine((issuers, context) => {
      for (const [position, { consumerKey }] of issuers.entries())
        if (issuers.findIndex((other) => other.consumerKey === consumerKey) < position)
          context.addIssue({
            code: 'custom',
            path: [position, 'consumerKey'],
            message: 'is there twice',
          })
    }),
  requestSignature: z
    .strictObject({
      timestampWindowSeconds: z.number().int().min(1).max(86_400).optional(),
      nonceMemorySeconds: z.number().int().min(1).max(86_400).optional(),
    })
    .default({}),
  assumptions: z
    .strictObject({
      responseId: z.enum(['echo', 'random']).optional(),
      receiptDataCentre: z.enum(['STL', 'none']).optional(),
      completeIssuerAppActivationInSignature: z.boolean().optional(),
      duplicateCard: z.enum(['DUPLICATE_REQUEST', 'CANCELLED']).optional(),
      errorStatus: z.literal([200, 400]).optional(),
      unknownTokenRequestor: z.enum(['INVALID_FIELD_VALUE', 'AUTHORIZATION_FAILED']).optional(),
      maximumAccountsPerPush: z.number().int().min(1).max(100).optional(),
    } satisfies Record<keyof Assumptions, z.ZodType>)
    .default({}),
})

export type Config = {
  readonly issuers: readonly Issuer[]
  readonly timestampWindowSeconds?: number
  readonly nonceMemorySeconds?: number
  readonly assumptions?: Partial<Assumptions>
}

/**
 * @throws {SetupError} with every problem of the file, or the key file that cannot be used.
 */
export async function readConfig(path: string): Promise<Config> {
  const file = resolve(path)
  const { value, problems } = await readYamlFile(file, configFile, path).catch((cause: Error) => {
    throw new SetupError(`${file}: the configuration file cannot be read: ${cause.message}`, {
      cause,
    })
  })
  if (problems !== undefined) throw new SetupError(problems.map(formatProblem).join('\n'))
  return {
    issuers: await Promise.all(
      value.issuers.map(async ({ consumerKey, publicKey, certificate, entitled }, position) => ({
        consumerKey,
        entitled,
        publicKey: await readPublicKey(
          resolve(dirname(file), publicKey ?? certificate ?? ''),
          `${path}: issuers[${position}]`,
        ),
      })),
    ),
    ...defined(value.requestSignature),
    assumptions: defined(value.assumptions),
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the members that the file does not have. */
function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Defined<T>
}
