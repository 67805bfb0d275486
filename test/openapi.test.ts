import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect } from 'vitest'
import { eligibleTokenRequestors, pushRequest, signed } from '../src/issuer/client.ts'
import { createSimulator as bare, type Simulator } from '../src/simulator.ts'
import { operations } from '../src/token-connect/operations.ts'
import { type Contract, conforming, contractOf, strictly } from './support/conformance.ts'
import { dataDirectory } from './support/data-directory.ts'
import { card, projectOf, pushArguments, test as story } from './support/journey.ts'

const at = 'http://localhost:6337'
const push = '/mdes/connect/1/0/pushMultipleAccounts'

const test = story.extend<{
  contract: Contract
  /** The document as text. */
  text: string
}>({
  contract: async ({ simulator }, use) => use(await contractOf(simulator.fetch)),
  text: async ({ visit }, use) => use(await (await visit(`${at}/__simulator/openapi.json`)).text()),
})

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async ({ text }) => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(JSON.parse(text))
    expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1'])
  })

  test('has good JSON Schemas', ({ contract: { document } }) => {
    const ajv = new Ajv2020(strictly)
    const { schemas } = document.components
    ajv.addSchema({ $defs: schemas }, 'openapi.json')
    for (const name of Object.keys(schemas))
      expect(ajv.compile({ $ref: `openapi.json#/$defs/${name}` })).toBeTypeOf('function')
  })

  test('has no reference that leads nowhere, and no component that nothing refers to', ({
    text,
  }) => {
    const document = JSON.parse(text)
    const resolve = (reference: string) =>
      reference
        .slice(2)
        .split('/')
        .reduce((value, name) => value?.[name], document)
    const references = new Set(
      [...text.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = '']) => reference),
    )
    expect(references.size).toBeGreaterThan(20)
    expect([...references].filter((one) => resolve(one) === undefined)).toEqual([])

    const components = ['schemas', 'headers', 'parameters'].flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    )
    // Also named in a description: what is inside the ciphertext.
    expect(
      components.filter((one) => !references.has(one) && !text.includes(`\`${one}\``)),
    ).toEqual([])
  })

  test('has every operation of Token Connect, at every path, and the rest', ({ contract }) => {
    const described = contract.operations.map(
      ({ method, paths, operation: { operationId } }) =>
        `${operationId}: ${method.toUpperCase()} ${paths.join(', ')}`,
    )
    expect(described).toEqual([
      ...operations.flatMap(({ name, method, paths }) =>
        paths.map((path, position) => {
          const operationId = name === 'getAsset (signature key)' ? 'getAssetSignatureKey' : name
          const suffix = position === 0 ? '' : 'AtTestFacility'
          return `${operationId}${suffix}: ${method} ${path.replace(':AssetId', '{AssetId}')}`
        }),
      ),
      'provision: GET /provision',
      'decide: POST /provision',
      'styleSheet: GET /provision/style.css',
      'provisionAtOtherTokenRequestor: GET /provision/{tokenRequestorId}',
      'decideAtOtherTokenRequestor: POST /provision/{tokenRequestorId}',
      'health: GET /__simulator/health',
      'journal: GET /__simulator/journal',
      'httpArchive: GET /__simulator/journal.har',
      'events: GET /__simulator/events',
      'push: GET /__simulator/pushes/{pushAccountReceipt}',
      'issuers: GET /__simulator/issuers',
      'registerIssuer: POST /__simulator/issuers',
      'removeIssuer: DELETE /__simulator/issuers',
      'scenario: GET /__simulator/scenario',
      'useScenario: PUT /__simulator/scenario',
      'useNoScenario: DELETE /__simulator/scenario',
      'scenarios: GET /__simulator/scenarios',
      'story: GET /__simulator/scenarios/{name}',
      'addScenario: PUT /__simulator/scenarios/{name}',
      'removeScenario: DELETE /__simulator/scenarios/{name}',
      'clock: GET /__simulator/clock',
      'setClock: PUT /__simulator/clock',
      'resetClock: DELETE /__simulator/clock',
      'advanceClock: POST /__simulator/clock/advance',
      'publicKeys: GET /__simulator/jwks.json',
      'oneTimeCodes: GET /__simulator/one-time-codes',
      'openApi: GET /__simulator/openapi.json',
      'rotateSignatureKey: POST /__simulator/signature-key',
      'reset: POST /__simulator/reset',
      'home: GET /',
      'favicon: GET /favicon.ico',
    ])
  })

  test('has strict answers and lenient requests', ({ contract }) => {
    const strict = Object.entries(contract.document.components.schemas)
      .filter(([, schema]) => JSON.stringify(schema).includes('"additionalProperties":false'))
      .map(([name]) => name)
    expect(strict).toContain('MultipleAccountsPushed')
    expect(strict).toContain('GatewayErrors')
    expect(strict).not.toContain('PushMultipleAccounts')
    expect(strict).not.toContain('Accounts')
  })

  test("describes what is the simulator's own", async ({ contract, visit }) => {
    const own = contract.operations.filter(
      ({ method, paths: [path = ''] }) =>
        method === 'get' &&
        /^(?!\/mdes\/|\/provision(\/{|$)|.*(events|pushes|scenarios\/))/.test(path),
    )
    expect(own).toHaveLength(13)
    // Each answer is compared with the document on its way here.
    for (const { paths } of own) expect((await visit(at + paths[0])).ok).toBe(true)
  })

  test('has account ranges as integers of 64 bits', ({ contract }) => {
    expect(contract.document.components.schemas.TokenRequestor).toHaveProperty(
      'properties.enabledAccountRanges.items',
      expect.objectContaining({ type: 'integer', format: 'int64' }),
    )
  })
})

describe('requests of the issuer client are as described', () => {
  const requestSchema = ({ operations: all }: Contract, id: string) =>
    all.find(({ operation }) => operation.operationId === id)?.operation.requestBody?.content[
      'application/json'
    ]?.schema ?? {}

  test('pushMultipleAccounts, and its accounts before they are encrypted', async ({
    contract,
    project,
  }) => {
    const request = await pushRequest(...pushArguments(project))
    const body = (await request.json()) as object
    const schema = requestSchema(contract, 'pushMultipleAccounts')
    expect(contract.objections(schema, body)).toEqual([])
    expect(contract.objections(schema, { ...body, tokenRequestorId: '1' })).toEqual([
      '/tokenRequestorId must NOT have fewer than 11 characters {"limit":11}',
    ])
    const accounts = { $ref: 'openapi.json#/$defs/Accounts' }
    expect(contract.objections(accounts, [card()])).toEqual([])
    expect(contract.objections(accounts, card())).toEqual(['(all) must be array {"type":"array"}'])
  })

  test('getEligibleTokenRequestors', async ({ contract, project }) => {
    const sent: unknown[] = []
    const fetch = async (request: Request) => {
      sent.push(await request.clone().json())
      return project.fetch?.(request) ?? Response.error()
    }
    await eligibleTokenRequestors(
      { ...project, fetch },
      { requestId: '1', accountRanges: ['5123456789'] },
    )
    const schema = requestSchema(contract, 'getEligibleTokenRequestors')
    expect(sent.map((body) => contract.objections(schema, body))).toEqual([[]])
  })
})

describe('an answer that is not as described is found', () => {
  /** A simulator that answers something else, its document apart. */
  async function tampered(change: (text: string, response: Response) => Response) {
    const simulator = await bare({ data: dataDirectory })
    const { fetch } = simulator
    const other: Simulator = {
      ...simulator,
      fetch: async (request) => {
        const response = await fetch(request)
        return request.url.endsWith('/openapi.json')
          ? response
          : change(await response.clone().text(), response)
      },
    }
    return conforming(other)
  }

  const pushTo = async (simulator: Simulator) =>
    simulator.fetch(await pushRequest(...pushArguments(await projectOf(simulator))))
  const eligible = async (simulator: Simulator) =>
    simulator.fetch(
      await signed(await projectOf(simulator), {
        path: '/mdes/mtf/connect/1/0/getEligibleTokenRequestors',
        body: JSON.stringify({ requestId: '1', accountRanges: ['5123456789'] }),
      }),
    )
  const unsigned = (simulator: Simulator) =>
    simulator.fetch(new Request(at + push, { method: 'POST', body: '{}' }))
  const journal = (simulator: Simulator) =>
    simulator.fetch(new Request(`${at}/__simulator/journal`))

  test.for<
    [
      what: string,
      change: (text: string, response: Response) => Response,
      ask: (simulator: Simulator) => Promise<Response>,
      message: string | RegExp,
    ]
  >([
    [
      'a stray member',
      (text, response) => new Response(text.replace('{', '{"stray":1,'), response),
      pushTo,
      'must NOT have additional properties {"additionalProperty":"stray"}',
    ],
    [
      'a stray member far inside',
      (text, response) =>
        new Response(text.replace('"type":"WEB"', '"type":"WEB","x":1'), response),
      pushTo,
      '/availablePushMethods/0 must NOT have additional properties {"additionalProperty":"x"}',
    ],
    [
      'a member that is missing',
      (text, response) => new Response(text.replace('"responseId"', '"respondId"'), response),
      pushTo,
      "must have required property 'responseId'",
    ],
    [
      'a wrong type',
      (text, response) => new Response(text.replace('Support":true', 'Support":"true"'), response),
      pushTo,
      '/tokenRequestorSignatureSupport must be boolean',
    ],
    [
      'a receipt of another shape',
      (text, response) => new Response(text.replace('"MCC-', '"MC-'), response),
      pushTo,
      '/pushAccountReceipts/0/pushAccountReceipt must match pattern',
    ],
    [
      'an undocumented status',
      (text) => new Response(text, { status: 202 }),
      pushTo,
      /^pushMultipleAccounts \(POST \S+\), status 202: undocumented; known are 200, 400, /,
    ],
    [
      'another Content-Type',
      (text) => new Response(text, { headers: { 'Content-Type': 'text/plain' } }),
      pushTo,
      'Content-Type text/plain: known are application/json',
    ],
    [
      'a header that is not described',
      (text, response) => {
        response.headers.set('Retry-After', '3')
        return new Response(text, response)
      },
      pushTo,
      'the header Retry-After is undocumented',
    ],
    [
      'ranges that are text',
      (text, response) => new Response(text.replace(/\[(\d{19})\]/, '["$1"]'), response),
      eligible,
      '/tokenRequestors/0/enabledAccountRanges/0 must be integer',
    ],
    [
      'ranges whose digits are not all written',
      (text, response) => new Response(text.replace(/\d{19}/, '5.123456789e18'), response),
      eligible,
      'enabledAccountRanges [5.123456789e18]: expected integers of 19 digits',
    ],
    [
      'a gateway envelope in small letters',
      (text, response) => new Response(text.replace('"Errors"', '"errors"'), response),
      unsigned,
      "must have required property 'Errors'",
    ],
    [
      'a journal entry with more than is described',
      (text, response) => new Response(text.replace('"id":1', '"id":1,"pan":"5"'), response),
      async (simulator) => {
        await simulator.journal.record({
          kind: 'test',
          method: '',
          url: '',
          status: 0,
          summary: '',
        })
        return journal(simulator)
      },
      '/entries/0 must NOT have additional properties {"additionalProperty":"pan"}',
    ],
    [
      'an operation that is not described',
      () => new Response('{}', { headers: { 'Content-Type': 'application/json' } }),
      (simulator) => simulator.fetch(new Request(`${at}/mdes/connect/1/0/search`)),
      'no operation (GET /mdes/connect/1/0/search), status 200: undocumented; known are 404',
    ],
    [
      'content where there is none',
      (_, response) => new Response('gone', response),
      (simulator) => simulator.fetch(new Request(`${at}/provision`, { method: 'PUT' })),
      'another method of provision (PUT /provision), status 405:\n  undocumented content: gone',
    ],
  ])('%s', async ([, change, ask, message]) => {
    const simulator = await tampered(change)
    await expect(ask(simulator)).rejects.toThrow(message)
  })

  test('and one that is, is not', async () => {
    const simulator = await tampered((text, response) => new Response(text, response))
    for (const ask of [pushTo, eligible, unsigned, journal])
      expect((await ask(simulator)).ok).toBe(ask !== unsigned)
  })
})
