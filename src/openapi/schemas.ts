import { z } from 'zod'
import { clockAdvance, clockChange, newIssuer, scenarioInUse } from '../admin/bodies.ts'
import { choices } from '../click-to-pay/pages.ts'
import { scenarioFile } from '../scenarios/schema.ts'
import { answers } from '../token-connect/answers.ts'
import * as messages from '../token-connect/messages.ts'
import { transportFaults } from '../transport.ts'

/** The very schemas that requests are validated with. */
const requests = {
  PushMultipleAccounts: messages.pushMultipleAccounts,
  GetEligibleTokenRequestors: messages.getEligibleTokenRequestors,
  PushAccount: messages.pushAccount,
  Accounts: messages.accounts,
  FundingAccountData: messages.fundingAccountData,
}

const explanation = z.strictObject({
  causes: z.array(
    z.strictObject({
      code: z.string(),
      because: z.string(),
      fix: z.string(),
      proven: z.boolean(),
    }),
  ),
  comparisons: z.array(
    z.strictObject({
      what: z.string(),
      expected: z.string(),
      received: z.string().optional(),
      differsAt: z.number().int().min(0).optional(),
    }),
  ),
})

const journalEntry = z
  .strictObject({
    id: z.number().int().min(1).describe('Counts up from 1.'),
    at: z.iso.datetime().describe('By the virtual clock.'),
    consumerKey: z.string().optional().describe('Once it is proven.'),
    kind: z
      .string()
      .describe('The operation, or the page; `ledger` or `scenarios` where there is no exchange.'),
    method: z.string(),
    url: z.string().describe('Path and query.'),
    status: z.number().int().min(0).max(599).describe('0 where there is no exchange.'),
    summary: z.string().describe('One sentence for people.'),
    requestId: z.string().optional(),
    pushAccountReceipts: z.array(z.string()).optional(),
    scenario: z.string().optional().describe('The one that played, and the rule that chose it.'),
    delayMs: z.number().int().min(1).optional().describe('How long the scenario held it back.'),
    transport: z
      .enum(transportFaults)
      .optional()
      .describe('How the scenario had the answer lost; the status is what would have come.'),
    faults: z
      .array(
        z.strictObject({
          code: z.string(),
          because: z.string(),
          facts: z.record(z.string(), z.string()).optional(),
          explanation: explanation.optional(),
        }),
      )
      .optional()
      .describe('Why it was refused.'),
    leniencies: z
      .array(z.string())
      .optional()
      .describe('What was accepted only because of --relaxed, or on an assumption.'),
    warnings: z
      .array(z.string())
      .optional()
      .describe('What works, and should be looked at all the same.'),
  })
  .describe('One exchange. Card numbers are masked.')

const message = z
  .strictObject({
    headers: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .describe('Those that are known to be harmless; `(cut)` stands for what is a secret.'),
    bodySize: z.number().int().min(-1).describe('Bytes; -1 where nobody counted.'),
    body: z.string().optional().describe('JSON or a form, masked, and cut after 8192 characters.'),
    comment: z.string().optional().describe('Why there is no body.'),
  })
  .describe('An HTTP message as it may be shown.')

const toldInFull = journalEntry.extend({
  request: message
    .optional()
    .describe('With messages=true: of the newest 100 entries of a consumer key, and 5000 of all.'),
  response: message.optional().describe('Absent too where nothing was answered.'),
})

const jwk = z.strictObject({
  kty: z.literal('RSA'),
  'x5t#S256': z.string(),
  e: z.string(),
  use: z.literal('sig'),
  kid: z.string(),
  x5c: z.array(z.string()).length(1),
  key_ops: z.array(z.literal('verify')).length(1),
  alg: z.literal('RS256'),
  n: z.string(),
})

const scenarioTold = {
  name: z.string(),
  description: z.string(),
  testCard: z.string().optional().describe('The card number that plays it.'),
  isOwn: z.boolean().describe('Whether it was added for this consumer key.'),
}

/** What is the simulator's own. */
const own = {
  Problem: z
    .strictObject({
      title: z.string(),
      status: z.number().int().min(400).max(599),
      detail: z.string(),
      errors: z.array(z.string()).optional().describe('Each thing that is wrong, if several.'),
    })
    .describe("RFC 9457: the tester's mistake, so never in Mastercard's shape."),
  Decision: z
    .looseObject({
      visit: z.string().describe('From the page that asked.'),
      decision: z.enum(choices),
    })
    .describe('A form of a page; its fields, such as email or code, are members too.'),
  Health: z.strictObject({ status: z.literal('ok'), version: z.string() }),
  NewIssuer: newIssuer,
  Issuer: z.strictObject({
    consumerKey: z.string(),
    encryptionCertificate: z.string().describe('PEM: what its payloads are encrypted with.'),
  }),
  Issuers: z.strictObject({ issuers: z.array(z.strictObject({ consumerKey: z.string() })) }),
  ScenarioInUse: scenarioInUse,
  ScenarioInUseNow: z
    .strictObject({ scenario: z.string().nullable() })
    .describe('null: the files decide.'),
  Scenario: z.strictObject(scenarioTold),
  Story: scenarioFile,
  Scenarios: z.strictObject({ scenarios: z.array(z.strictObject(scenarioTold)) }),
  ClockChange: clockChange,
  ClockAdvance: clockAdvance,
  Clock: z.strictObject({ now: z.iso.datetime(), frozen: z.boolean() }),
  Push: z
    .strictObject({
      consumerKey: z.string(),
      requestId: z.string(),
      tokenRequestorId: z.string(),
      pushAccountId: z.string(),
      pushAccountReceipt: z.string(),
      account: z.string().describe('Masked: the first six digits and the last four.'),
      scenario: z.strictObject({
        name: z.string(),
        description: z.string(),
        by: z.enum(['header', 'use', 'when', 'default']).describe('The rule that chose it.'),
      }),
      issuedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      settledAt: z.iso.datetime().optional(),
      status: z.string().optional().describe('How it ended.'),
      tokenUniqueReference: z.string().optional(),
      duplicateOf: z.string().optional().describe('The receipt that brought the same card.'),
      entries: z.array(journalEntry).describe('Each exchange about it, oldest first.'),
    })
    .describe('One push, from the call to its end.'),
  JournalEntry: journalEntry,
  Journal: z.strictObject({ entries: z.array(toldInFull) }),
  HttpArchive: z.strictObject({
    log: z
      .looseObject({ version: z.literal('1.2'), entries: z.array(z.looseObject({})) })
      .describe('HAR 1.2.'),
  }),
  OneTimeCodes: z.strictObject({
    oneTimeCodes: z.array(
      z.strictObject({
        pushAccountReceipt: z.string(),
        code: z.string().regex(/^\d{6}$/),
        attemptsLeft: z.number().int().min(1).max(3),
        expiresAt: z.iso.datetime(),
      }),
    ),
  }),
  PublicKeys: z.strictObject({ keys: z.array(jwk).min(1) }).describe('Oldest first.'),
  NewSignatureKey: z.strictObject({ kid: z.string() }),
  OpenApi: z.looseObject({ openapi: z.literal('3.1.1') }).describe('This document.'),
}

export type SchemaName = keyof (typeof requests & typeof answers & typeof own)

/** What the specification's members are, in our own words; the schemas of requests have none. */
const said: Readonly<Record<string, string>> = {
  encryptedData:
    'Hex. The ciphertext of JSON: for pushMultipleAccounts an array (`#/components/schemas/Accounts`), for pushAccount one object (`#/components/schemas/FundingAccountData`). With --relaxed that JSON itself passes too.',
  publicKeyFingerprint:
    'Of the certificate (SHA-1 or SHA-256 of its DER) or of the public key (SHA-256); any of them is taken, in any case (assumption).',
  encryptedKey: 'Hex. The one-time AES key, wrapped with RSA.',
  oaepHashingAlgorithm: 'Without it the key is wrapped with PKCS #1 v1.5.',
  iv: 'Hex: 16 bytes for CBC, 12 for GCM. Without it all zeros.',
  algorithmCipherMode: 'Without it CBC (assumption).',
  tag: 'With GCM only, and then required. Assumption: hex, apart from the ciphertext.',
  aad: 'With GCM only, and then required.',
  requestId: 'Chosen by the caller.',
  tokenRequestorId: 'Click to Pay is 50123197928.',
  accountRanges:
    'Each exactly the start of an enabled range; a shorter one is padded with zeros to 19 digits.',
  supportsTokenConnect: 'Deprecated, and without effect.',
  callbackURL: 'Where Click to Pay sends the cardholder in the end: an absolute URL.',
  completeIssuerAppActivation: 'Assumption: true without it; not in the signature.',
  completeWebsiteActivation: 'True without it.',
  accountHolderDataSupplied: 'Whether any account comes with accountHolderData; false without it.',
  locale: 'Such as en_US.',
  tokenRequestorSessionId: 'Of pull provisioning only.',
  authenticationCode: 'Of pull provisioning only: what the wallet showed the cardholder.',
  requestIssuerInitiatedDigitizationData: 'False without it.',
  pushAccountReceiptsValidityPeriod: 'Minutes; 15 without it.',
  pushAccountId: 'Unique in the request.',
  dataValidUntilTimestamp: 'ISO 8601 with seconds and offset; at most 30 days ahead.',
  cardAccountData: 'This or financialAccountData; with both, the card counts (assumption).',
  interbankCardAssociationId: 'The ICA.',
}

/** JSON Schemas of all that is named, referring to each other. */
export function componentSchemas(): Readonly<Record<string, object>> {
  return { ...jsonSchemas(requests, describeMembers), ...jsonSchemas({ ...answers, ...own }) }
}

function jsonSchemas(
  schemas: Readonly<Record<string, z.ZodType>>,
  change: (schema: z.core.JSONSchema.BaseSchema) => void = () => {},
): Readonly<Record<string, object>> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => reference(id as SchemaName),
    override: ({ jsonSchema }) => change(jsonSchema),
  })
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema, $id, id, ...schema }]) => [name, schema]),
  )
}

function describeMembers({ properties = {} }: z.core.JSONSchema.BaseSchema): void {
  for (const [name, member] of Object.entries(properties))
    if (typeof member === 'object' && said[name] !== undefined) member.description ??= said[name]
}

/** How one schema refers to another. */
export function reference(name: SchemaName): string {
  return `#/components/schemas/${name}`
}
