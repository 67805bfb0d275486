import { describe, expect } from 'vitest'
import type { z } from 'zod'
import {
  accounts,
  fundingAccountData,
  getEligibleTokenRequestors,
  pushAccount,
  pushMultipleAccounts,
} from '../../src/token-connect/messages.ts'
import { type Example, pathIn } from '../../src/token-connect/rules/rule.ts'
import {
  answerToFault,
  answerToRule,
  type FaultKind,
  type Operation,
  type RuleAnswer,
  type Section,
  type SpecialRule,
  sections,
  specialRules,
} from '../../src/token-connect/rules.ts'
import { type Change, changed, clickToPay, requestOf, wallet } from '../support/broken-request.ts'
import { test as story } from '../support/journey.ts'

type Json = { [name: string]: unknown }
type Send = (
  operation: Operation,
  sent: readonly Change[] | string,
) => Promise<{ status: number; body: Json; because: readonly string[] }>

const test = story.extend<{ send: Send }>({
  send: async ({ project, simulator }, use) =>
    use(async (operation, sent) => {
      const body = typeof sent === 'string' ? sent : changed(project, operation, sent)
      const response = await simulator.fetch(await requestOf(project, operation, body))
      const entry = (await simulator.journal.entries()).at(-1)
      return {
        status: response.status,
        body: (await response.json()) as Json,
        because: entry?.faults?.map(({ because }) => because) ?? [],
      }
    }),
})

const operationsOf = ({ at }: Section | SpecialRule) =>
  Object.entries(at) as (readonly [Operation, string])[]

/** Every field with every fault and every example of it, in every operation. */
const rows = sections.flatMap((section) =>
  operationsOf(section).flatMap(([operation, place]) =>
    section.fields.flatMap(({ path, faults }) =>
      (Object.entries(faults) as [FaultKind, readonly Example[]][]).flatMap(([kind, examples]) =>
        examples.map((example) => ({
          operation,
          place,
          section,
          path,
          kind,
          example,
          shown: shown(example),
        })),
      ),
    ),
  ),
)

function shown(example: Example): string {
  const text = JSON.stringify(example) ?? 'left out'
  return text.length > 60 ? `${text.slice(0, 40)}... (${text.length})` : text
}

/** What stands around the field, then the field with its fault. */
function broken({ place, section, path, example }: (typeof rows)[number]): readonly Change[] {
  const { encrypted, given = {} } = section
  return [
    { place, encrypted, members: given },
    { place, encrypted, members: { [path]: example } },
  ]
}

const wireError = ({ source, reasonCode, description }: RuleAnswer) => ({
  source,
  reasonCode,
  description,
})

describe('in words', () => {
  test.for<[FaultKind, string, string]>([
    ['missing', 'MISSING_REQUIRED_FIELD', 'Missing Required Field - requestId'],
    ['wrong type', 'INVALID_FIELD_FORMAT', 'Invalid Field Format - requestId'],
    ['too short', 'INVALID_FIELD_LENGTH', 'Invalid Field Length - requestId'],
    ['too long', 'INVALID_FIELD_LENGTH', 'Invalid Field Length - requestId'],
    ['bad format', 'INVALID_FIELD_FORMAT', 'Invalid Field Format - requestId'],
    ['bad value', 'INVALID_FIELD_VALUE', 'Invalid Field Value - requestId'],
  ])('%s: %s', ([kind, reasonCode, description]) => {
    expect(answerToFault('pushAccount', 'requestId', kind)).toEqual({
      layer: 'request',
      status: 200,
      source: 'INPUT',
      reasonCode,
      description,
    })
  })

  test('the rules that are not of one field', () => {
    const answers = specialRules
      .map((rule) => answerToRule(rule, 'pushMultipleAccounts'))
      .map(({ layer, status, source, description }) =>
        [layer, status, source, description].join(' '),
      )
    expect([...new Set(answers)]).toEqual([
      'request 200 INPUT Invalid JSON',
      'request 200 INPUT Invalid Field Value - tokenRequestorId',
      'request 200 INPUT Cryptography Error',
      'request 200 INPUT Invalid Field Value - tag',
      'request 200 INPUT Invalid Field Value - aad',
      'request 200 INPUT Invalid Field Value - pushAccountId',
      'request 200 INPUT Missing Required Field - cardAccountData',
      'account 200 MDES The card or financial account is not eligible.',
      'account 200 INPUT Invalid Field Value - expiryYear',
      'account 200 INPUT Invalid Field Value - dataValidUntilTimestamp',
      'request 200 INPUT Unrecognized Field - requestID',
      'request 200 INPUT Invalid Field Format - authenticationCode',
      'request 200 INPUT Invalid Field Format - completeWebsiteActivation',
      'request 200 INPUT Invalid Field Value - callbackURL',
      'request 200 INPUT Invalid Field Value - financialAccountData',
    ])
  })

  test('the asset', () => {
    expect(answerToFault('getAsset', 'AssetId', 'bad format')).toMatchObject({ status: 400 })
    expect(answerToFault('getAsset', 'AssetId', 'bad value')).toMatchObject({ status: 404 })
  })
})

describe('a valid request of every section is accepted', () => {
  test.for(
    sections.flatMap((section) =>
      operationsOf(section).map(([operation, place]) => [operation, section.title, place, section]),
    ) as [Operation, string, string, Section][],
  )('%s: %s', async ([operation, , place, { encrypted, given = {} }], { send }) => {
    const { status, body } = await send(operation, [{ place, encrypted, members: given }])
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('errors')
  })
})

/** In the place of a requestId that cannot be sent back. */
const uuid = expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/)

describe('a field with a fault is one error', () => {
  test.for(rows)('$operation: $path $kind: $shown', async (row, { send }) => {
    const { operation, place, path, kind } = row
    const { status, body, because } = await send(operation, broken(row))
    const answer = answerToFault(operation, path, kind)
    expect(status).toBe(answer.status)
    expect(body).toEqual({
      ...(operation !== 'getAsset' && { responseId: path === 'requestId' ? uuid : 'request-1' }),
      errors: [wireError(answer)],
    })
    expect(because).toEqual([expect.stringContaining(pathIn(place, path))])
  })
})

const specials = specialRules.flatMap((rule) =>
  operationsOf(rule).map(([operation, place]) => ({ operation, place, rule, when: rule.when })),
)

/** The whole body, or what is changed in a valid one. */
function brokenBy({ example, encrypted, tokenRequestorId }: SpecialRule, place: string) {
  if (typeof example.body === 'string') return example.body
  const who = tokenRequestorId !== undefined && { members: { tokenRequestorId } }
  return [
    ...(who ? [{ place: '', encrypted: false, ...who }] : []),
    { place, encrypted, members: example },
  ]
}

describe('refused when', () => {
  test.for(specials.filter(({ rule }) => rule.pedantic === undefined))(
    '$operation: $when',
    async ({ operation, place, rule }, { send }) => {
      const sent = brokenBy(rule, place)
      const { status, body, because } = await send(operation, sent)
      const answer = answerToRule(rule, operation)
      const errors = [wireError(answer)]
      expect(status).toBe(answer.status)
      expect(body).toEqual(
        answer.layer === 'account'
          ? {
              pushAccountReceipts: [{ pushAccountId: 'card-1', errors }],
              tokenRequestorSignatureSupport: true,
              responseId: 'request-1',
            }
          : {
              ...(operation !== 'getAsset' && {
                responseId: typeof sent === 'string' ? expect.any(String) : 'request-1',
              }),
              errors,
            },
      )
      expect(because).toHaveLength(1)
    },
  )
})

describe('refused with --pedantic only, when', () => {
  const pedantic = test.extend({ options: { pedantic: true } })
  const assumed = specials.filter(({ rule }) => rule.pedantic)

  pedantic.for(assumed)('$operation: $when', async ({ operation, place, rule }, { send }) => {
    const { status, body } = await send(operation, brokenBy(rule, place))
    const answer = answerToRule(rule, operation)
    expect([status, body]).toEqual([
      answer.status,
      { responseId: 'request-1', errors: [wireError(answer)] },
    ])
  })

  test.for(assumed)('accepted otherwise: $operation: $when', async (one, { send }) => {
    const { body } = await send(one.operation, brokenBy(one.rule, one.place))
    expect(body).not.toHaveProperty('errors')
  })
})

describe('several faults are several errors, in the order of the fields', () => {
  const errorsOf = (operation: Operation, faults: readonly (readonly [string, FaultKind])[]) =>
    faults.map(([path, kind]) => wireError(answerToFault(operation, path, kind)))
  const inBody = (members: Readonly<Record<string, Example>>): readonly Change[] => [
    { place: '', encrypted: false, members },
  ]

  test('of getEligibleTokenRequestors', async ({ send }) => {
    const sent = inBody({ requestId: 7, accountRanges: ['1234', '5123456789', 'x'.repeat(9)] })
    const { body, because } = await send('getEligibleTokenRequestors', sent)
    expect(body).toEqual({
      responseId: uuid,
      errors: errorsOf('getEligibleTokenRequestors', [
        ['requestId', 'wrong type'],
        ['accountRanges.0', 'too short'],
        ['accountRanges.2', 'bad format'],
      ]),
    })
    expect(because.map((text) => text.split(':')[0])).toEqual([
      'requestId',
      'accountRanges.0',
      'accountRanges.2',
    ])
  })

  test('of a push, whatever object they are in', async ({ send }) => {
    const { body } = await send(
      'pushMultipleAccounts',
      inBody({
        tokenRequestorId: undefined,
        'pushFundingAccounts.encryptedPayload.algorithmCipherMode': 'GCM',
        'pushFundingAccounts.encryptedPayload.encryptedKey': 7,
        'pushFundingAccounts.encryptedPayload.tag': undefined,
        'signatureData.locale': 'english',
        pushAccountReceiptsValidityPeriod: 20,
      }),
    )
    expect(body).toEqual({
      responseId: 'request-1',
      errors: errorsOf('pushMultipleAccounts', [
        ['tokenRequestorId', 'missing'],
        ['encryptedKey', 'wrong type'],
        ['tag', 'missing'],
        ['locale', 'too long'],
        ['pushAccountReceiptsValidityPeriod', 'bad value'],
      ]),
    })
  })

  test('of several accounts, when they are faults of the request', async ({ send }) => {
    const encryptedData: Example = [
      { pushAccountId: 'same', fundingAccountData: { cardAccountData: { accountNumber: '1' } } },
      { pushAccountId: 'same', fundingAccountData: { accountHolderData: 'none' } },
      7,
    ]
    const { body, because } = await send('pushMultipleAccounts', [
      {
        place: 'pushFundingAccounts.encryptedPayload',
        encrypted: true,
        members: { encryptedData },
      },
    ])
    expect(body.errors).toEqual(
      errorsOf('pushMultipleAccounts', [
        ['accountNumber', 'too short'],
        ['accountHolderData', 'wrong type'],
        ['cardAccountData', 'missing'],
        ['encryptedData', 'wrong type'],
        ['pushAccountId', 'bad value'],
      ]),
    )
    expect(because[1]).toMatch(/encryptedData\.1\.fundingAccountData\.accountHolderData: /)
  })

  test('of one account: each of its own', async ({ send }) => {
    const { body } = await send('pushMultipleAccounts', [
      {
        place: 'pushFundingAccounts.encryptedPayload.encryptedData.0.fundingAccountData',
        encrypted: true,
        members: {
          'cardAccountData.accountNumber': '4111111111111111',
          'cardAccountData.expiryYear': '20',
          dataValidUntilTimestamp: '2020-01-01T00:00:00Z',
        },
      },
    ])
    const reasons = specialRules
      .filter(({ layer, tokenRequestorId }) => layer === 'account' && !tokenRequestorId)
      .filter(({ when }) => !when.includes('30 days'))
    expect(body.pushAccountReceipts).toEqual([
      {
        pushAccountId: 'card-1',
        errors: reasons.map((rule) => wireError(answerToRule(rule, 'pushMultipleAccounts'))),
      },
    ])
  })
})

describe('one bad account of three leaves the others their receipts, and the signature', () => {
  const perAccount = specials.filter(
    ({ rule, operation }) => rule.layer === 'account' && operation === 'pushMultipleAccounts',
  )

  test.for(perAccount)('$when', async ({ place, rule }, { send, simulator }) => {
    const pushFundingAccounts = 'pushFundingAccounts.encryptedPayload'
    const sent = brokenBy(rule, place.replace('encryptedData.0', 'encryptedData.1'))
    const cards = ['first', 'second', 'third'].map((pushAccountId, position) => ({
      pushAccountId,
      fundingAccountData: {
        cardAccountData: {
          accountNumber: `512345678901234${position}`,
          expiryMonth: '12',
          expiryYear: '39',
        },
      },
    }))
    const { status, body } = await send('pushMultipleAccounts', [
      { place: '', encrypted: false, members: { tokenRequestorId: wallet } },
      { place: pushFundingAccounts, encrypted: true, members: { encryptedData: cards } },
      ...(sent as readonly Change[]),
    ])
    const receipt = expect.stringMatching(/^MCC-STL-[0-9A-F-]{36}$/)
    expect([status, body]).toEqual([
      200,
      {
        pushAccountReceipts: [
          { pushAccountId: 'first', pushAccountReceipt: receipt },
          {
            pushAccountId: 'second',
            errors: [wireError(answerToRule(rule, 'pushMultipleAccounts'))],
          },
          { pushAccountId: 'third', pushAccountReceipt: receipt },
        ],
        availablePushMethods: expect.any(Array),
        signature: expect.any(String),
        tokenRequestorSignatureSupport: true,
        responseId: 'request-1',
      },
    ])
    const issued = (body.pushAccountReceipts as Json[]).flatMap(
      ({ pushAccountReceipt }) => pushAccountReceipt ?? [],
    )
    const { compactVerify, createLocalJWKSet } = await import('jose')
    const jwks = await simulator.fetch(new Request('http://localhost:6337/__simulator/jwks.json'))
    const keys = createLocalJWKSet(JSON.parse(await jwks.text()))
    const { payload } = await compactVerify(String(body.signature), keys)
    expect(JSON.parse(Buffer.from(payload).toString()).pushAccountReceipts).toEqual(issued)
  })

  test('Click to Pay takes one card at a time, and gives receipts all the same', async ({
    send,
  }) => {
    const { body } = await send('pushMultipleAccounts', [
      { place: '', encrypted: false, members: { tokenRequestorId: clickToPay } },
    ])
    expect(body).toHaveProperty('signature')
  })
})

describe('the table is complete', () => {
  /** What the shapes of the messages can object to, field by field. */
  type Constrained = {
    readonly key: string
    readonly kinds: readonly FaultKind[]
    /** Of characters or items. */
    readonly limits: { readonly min?: number; readonly max?: number }
  }

  const key = (operation: Operation, encrypted: boolean, path: string) =>
    `${operation} ${encrypted ? 'decrypted ' : ''}${path}`

  function constraintsOf(
    schema: z.core.$ZodType,
    name: (path: string) => string,
    path = '',
  ): readonly Constrained[] {
    const { def } = (schema as z.core.$ZodTypes)._zod
    if (def.type === 'optional') return constraintsOf(def.innerType, name, path)
    const own = path === '' ? [] : [{ key: name(path), ...kindsAndLimits(schema) }]
    if (def.type === 'array')
      return [...own, ...constraintsOf(def.element, name, pathIn(path, '0'))]
    if (def.type !== 'object') return own
    return [
      ...own,
      ...Object.entries(def.shape).flatMap(([member, inner]) => {
        const below = constraintsOf(inner as z.core.$ZodType, name, pathIn(path, member))
        const isRequired = (inner as z.core.$ZodTypes)._zod.def.type !== 'optional'
        return below.map((one, position) =>
          isRequired && position === 0
            ? { ...one, kinds: ['missing' as const, ...one.kinds] }
            : one,
        )
      }),
    ]
  }

  function kindsAndLimits(schema: z.core.$ZodType): Omit<Constrained, 'key'> {
    const { def } = (schema as z.core.$ZodTypes)._zod
    const checks = (def.checks ?? []).map((check) => check._zod.def as Json & { check: string })
    const value = (name: string) => checks.find((check) => name in check)?.[name]
    const min = Number(value('minimum') ?? value('length') ?? 0)
    const max = Number(value('maximum') ?? value('length') ?? 0)
    if (def.type === 'number') return { kinds: ['wrong type', 'bad value'], limits: {} }
    return {
      kinds: [
        'wrong type',
        ...(def.type === 'enum' ? (['bad value'] as const) : []),
        ...(min > 0 ? (['too short'] as const) : []),
        ...(max > 0 ? (['too long'] as const) : []),
        ...(checks.some(({ check }) => check === 'string_format') ? (['bad format'] as const) : []),
      ],
      limits: { ...(min > 0 && { min }), ...(max > 0 && { max }) },
    }
  }

  const shapes: readonly Constrained[] = [
    ...constraintsOf(pushMultipleAccounts, (path) => key('pushMultipleAccounts', false, path)),
    ...constraintsOf(pushAccount, (path) => key('pushAccount', false, path)),
    ...constraintsOf(getEligibleTokenRequestors, (path) =>
      key('getEligibleTokenRequestors', false, path),
    ),
    ...constraintsOf(
      accounts,
      (path) => key('pushMultipleAccounts', true, path),
      'pushFundingAccounts.encryptedPayload.encryptedData',
    ),
    ...constraintsOf(
      fundingAccountData,
      (path) => key('pushAccount', true, path),
      'pushFundingAccount.encryptedPayload.encryptedData',
    ),
  ]

  const table = new Map<string, Set<FaultKind>>()
  const examples = new Map<string, readonly Example[]>()
  for (const { operation, place, section, path, kind, example } of rows) {
    const name = key(operation, section.encrypted, pathIn(place, path))
    table.set(name, new Set([...(table.get(name) ?? []), kind]))
    examples.set(`${name} ${kind}`, [...(examples.get(`${name} ${kind}`) ?? []), example])
  }

  test('it has every field of the shapes, and no other but the asset', () => {
    expect(shapes.length).toBeGreaterThan(60)
    const known = new Set(shapes.map((one) => one.key))
    expect([...known].filter((name) => !table.has(name))).toEqual([])
    expect([...table.keys()].filter((name) => !known.has(name))).toEqual(['getAsset AssetId'])
  })

  test('it has every constraint of every field', () => {
    const missing = shapes.flatMap(({ key: name, kinds }) =>
      kinds.filter((kind) => table.get(name)?.has(kind) === false).map((kind) => `${name} ${kind}`),
    )
    expect(missing).toEqual([])
  })

  test('a rule of our own for a text has a format or a value that breaks it', () => {
    const kinds = (name: string) => [...(table.get(`pushMultipleAccounts ${name}`) ?? [])]
    expect(kinds('signatureData.callbackURL')).toContain('bad value')
    const account =
      'decrypted pushFundingAccounts.encryptedPayload.encryptedData.0.fundingAccountData'
    expect(kinds(`${account}.dataValidUntilTimestamp`)).toContain('bad format')
    expect(kinds(`${account}.cardAccountData.expiryMonth`)).toContain('bad value')
  })

  test('its values that are too short or too long are so by one', () => {
    const lengths = (name: string, kind: FaultKind) =>
      (examples.get(`${name} ${kind}`) ?? []).map((one) => (one as string).length)
    const wrong = shapes.filter(
      ({ key: name, limits: { min, max } }) =>
        (min !== undefined && !lengths(name, 'too short').includes(min - 1)) ||
        (max !== undefined && !lengths(name, 'too long').includes(max + 1)),
    )
    expect(shapes.filter(({ limits: { max } }) => max !== undefined).length).toBeGreaterThan(40)
    expect(wrong.map((one) => one.key)).toEqual([])
  })
})
