import { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import type { Simulator } from '../../src/simulator.ts'

type Fetch = Simulator['fetch']

type MediaTypes = Readonly<Record<string, { readonly schema: object }>>
type Header = { readonly required?: boolean; readonly schema: object }
export type DocumentedResponse = {
  readonly content?: MediaTypes
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>
}
export type DocumentedOperation = {
  readonly operationId: string
  readonly requestBody?: { readonly content: MediaTypes }
  readonly responses: Readonly<Record<string, DocumentedResponse>>
}
type Servers = readonly { readonly url: string }[]
type PathItem = {
  readonly servers?: Servers
  readonly get?: DocumentedOperation
  readonly post?: DocumentedOperation
  readonly put?: DocumentedOperation
  readonly delete?: DocumentedOperation
}
/** As much of an OpenAPI document as is used here. */
export type OpenApi = {
  readonly servers: Servers
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly headers: Readonly<Record<string, Header>>
    readonly responses: Readonly<Record<string, DocumentedResponse>>
    readonly schemas: Readonly<Record<string, object>>
  }
}

/** What a document says, ready to be compared with what is answered. */
export type Contract = {
  readonly document: OpenApi
  /** @returns what is wrong with a value; empty when nothing is. */
  readonly objections: (schema: object, value: unknown) => readonly string[]
  /** @returns every operation, with the whole paths it is served at. */
  readonly operations: readonly Served[]
}

type Served = {
  readonly method: string
  readonly paths: readonly string[]
  readonly operation: DocumentedOperation
}

/**
 * Has every answer checked against the OpenAPI document that the same simulator serves.
 *
 * @throws what differs: by `fetch`, in place of the answer.
 */
export function conforming<S extends { fetch: Fetch }>(simulator: S): S {
  const { fetch } = simulator
  let contract: Promise<Contract> | undefined
  simulator.fetch = async (request) => {
    const response = await fetch(request)
    contract ??= contractOf(fetch, new URL(request.url).origin)
    await check(await contract, request, response.clone() as Response)
    return response
  }
  return simulator
}

/** Calls a simulator that runs somewhere, and has its answer checked. */
export function fetchConforming(url: string, init?: RequestInit): Promise<Response> {
  return conforming({ fetch: (request: Request) => fetch(request) }).fetch(new Request(url, init))
}

export const strictly = { allErrors: true, formats: fullFormats, strictTypes: true } as const

const contracts = new Map<string, Contract>()

/** Compiled once for all simulators of a process, which serve the same document. */
export async function contractOf(
  fetch: Fetch,
  origin = 'http://localhost:6337',
): Promise<Contract> {
  const response = await fetch(new Request(`${origin}/__simulator/openapi.json`))
  // References are complete, so that each schema can be compiled by itself.
  const text = (await response.text()).replaceAll('"#/components/schemas/', '"openapi.json#/$defs/')
  const known = contracts.get(text)
  if (known !== undefined) return known
  const document = JSON.parse(text) as OpenApi
  // That the schemas are good ones is a test of its own; here it would take half the time.
  const ajv = new Ajv2020({ ...strictly, meta: false, validateSchema: false })
  ajv.addSchema({ $defs: document.components.schemas }, 'openapi.json')
  const contract: Contract = {
    document,
    operations: operationsOf(document),
    objections(schema, value) {
      const validate = ajv.compile(schema)
      if (validate(value)) return []
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${instancePath || '(all)'} ${message} ${JSON.stringify(params)}`,
      )
    },
  }
  contracts.set(text, contract)
  return contract
}

function operationsOf({ paths, servers }: OpenApi): readonly Served[] {
  return Object.entries(paths).flatMap(([path, { servers: own = servers, ...item }]) =>
    (['get', 'post', 'put', 'delete'] as const).flatMap((method) => {
      const operation = item[method]
      const whole = own.map(({ url }) => url.replace(/\/$/, '') + path)
      return operation === undefined ? [] : [{ method, paths: whole, operation }]
    }),
  )
}

async function check(
  contract: Contract,
  { method, url }: Request,
  response: Response,
): Promise<void> {
  const { pathname } = new URL(url)
  const { name, responses } = documented(contract, method.toLowerCase(), pathname)
  const { status, headers } = response
  const where = `${name} (${method} ${pathname}), status ${status}`
  const expected = responses[status]
  if (expected === undefined)
    throw new Error(`${where}: undocumented; known are ${Object.keys(responses).join(', ')}`)
  const objections = headerObjections(contract, expected, headers)
  // The answer to HEAD is described like that to GET, and has no body; events have no end.
  if (method !== 'HEAD' && headers.get('Content-Type') !== 'text/event-stream')
    objections.push(
      ...bodyObjections(contract, expected, headers.get('Content-Type'), await response.text()),
    )
  if (objections.length > 0) throw new Error(`${where}:\n  ${objections.join('\n  ')}`)
}

/** The answers that may come, by status. */
function documented(
  { operations, document }: Contract,
  method: string,
  pathname: string,
): { readonly name: string; readonly responses: Readonly<Record<string, DocumentedResponse>> } {
  const there = operations.filter(({ paths }) => paths.some((path) => fits(path, pathname)))
  const wanted = method === 'head' ? 'get' : method
  const served = there.find((one) => one.method === wanted)
  if (served !== undefined)
    return { name: served.operation.operationId, responses: served.operation.responses }
  const { NoOperation, NoAdminOperation, Nowhere } = document.components.responses
  const [other] = there
  if (other !== undefined)
    return {
      name: `another method of ${other.operation.operationId}`,
      responses: {
        ...of({ 404: Nowhere }),
        ...only(other.operation.responses, '400', '401', '403', '404', '405', '413'),
      },
    }
  if (/^\/mdes(\/|$)/.test(pathname))
    return { name: 'no operation', responses: of({ 404: NoOperation }) }
  if (/^\/__simulator(\/|$)/.test(pathname))
    return {
      name: 'no admin operation',
      responses: of({ 403: NoAdminOperation, 404: NoAdminOperation }),
    }
  return { name: 'nowhere', responses: of({ 404: Nowhere }) }
}

function fits(path: string, pathname: string): boolean {
  const parts = path.split('/')
  const given = pathname.split('/')
  return (
    parts.length === given.length &&
    parts.every((part, n) => part === given[n] || (part.startsWith('{') && given[n] !== ''))
  )
}

function only(
  responses: Readonly<Record<string, DocumentedResponse>>,
  ...statuses: readonly string[]
): Readonly<Record<string, DocumentedResponse>> {
  return Object.fromEntries(
    Object.entries(responses).filter(([status]) => statuses.includes(status)),
  )
}

function of(
  responses: Readonly<Record<number, DocumentedResponse | undefined>>,
): Readonly<Record<string, DocumentedResponse>> {
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, one]) =>
      one === undefined ? [] : [[status, one]],
    ),
  )
}

function headerObjections(
  { document, objections }: Contract,
  { headers: expected = {} }: DocumentedResponse,
  headers: Headers,
): string[] {
  return Object.entries(document.components.headers).flatMap(([name, { required, schema }]) => {
    const value = headers.get(name)
    if (value === null) return required && name in expected ? [`the header ${name} is missing`] : []
    return name in expected
      ? objections(schema, value).map((objection) => `header ${name}: ${objection}`)
      : [`the header ${name} is undocumented`]
  })
}

function bodyObjections(
  { objections }: Contract,
  { content }: DocumentedResponse,
  contentType: string | null,
  text: string,
): readonly string[] {
  if (content === undefined) return text === '' ? [] : [`undocumented content: ${text}`]
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const schema = content[type]?.schema
  if (schema === undefined)
    return [`Content-Type ${contentType}: known are ${Object.keys(content).join(', ')}`]
  if (!type.endsWith('json')) return objections(schema, text)
  return [...objections(schema, parsed(text)), ...rangeObjections(text)]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`not JSON: ${text}`, { cause: error })
  }
}

/** Once parsed, integers of 19 digits are no longer what came. */
function rangeObjections(text: string): readonly string[] {
  return [...text.matchAll(/"enabledAccountRanges":(\[[^\]]*\])/g)]
    .map(([, ranges = '']) => ranges)
    .filter((ranges) => !/^\[\d{19}(,\d{19})*\]$/.test(ranges))
    .map((ranges) => `enabledAccountRanges ${ranges}: expected integers of 19 digits`)
}
