import { type Operation, operations } from '../token-connect/operations.ts'
import { gatewayRefusals } from '../token-connect/refusals.ts'
import { scenarioHeader } from '../token-connect/routes.ts'
import {
  headerOf,
  jsonContent,
  type OperationObject,
  type Paths,
  problemContent,
  schemaOf,
} from './parts.ts'
import type { SchemaName } from './schemas.ts'

type Description = {
  readonly summary: string
  readonly description: string
  /** The request's; an operation without is a GET. */
  readonly body?: SchemaName
  readonly success: SchemaName
  readonly deprecated?: true
}

/** By the name in the table of operations; one that is missing here fails the tests. */
const descriptions: Readonly<Record<string, Description>> = {
  pushMultipleAccounts: {
    summary: 'Push accounts to a token requestor',
    description:
      'Takes encrypted accounts, gives a receipt for each that is good, and the signature that the browser carries to Click to Pay. What is wrong with one account is said in its place.',
    body: 'PushMultipleAccounts',
    success: 'MultipleAccountsPushed',
  },
  getEligibleTokenRequestors: {
    summary: 'Who takes cards of these account ranges',
    description:
      'Names the token requestors of the catalogue for which a requested range is exactly the start of an enabled one.',
    body: 'GetEligibleTokenRequestors',
    success: 'EligibleTokenRequestors',
  },
  pushAccount: {
    summary: 'Push one account, the old way',
    description:
      'Superseded by pushMultipleAccounts: one account, a receipt of 15 minutes, no signature, no AES-GCM.',
    body: 'PushAccount',
    success: 'AccountPushed',
    deprecated: true,
  },
  getAsset: {
    summary: 'The logo of a token requestor',
    description: 'As PNG and as SVG. What an id stands for never changes.',
    success: 'Asset',
  },
  'getAsset (signature key)': {
    summary: 'The public key of the push signature',
    description:
      'Of token requestors, which verify the signature with it. The id is the `kid` of the signature; the content is a JSON Web Key.',
    success: 'Asset',
  },
}

export const scenarioParameter = {
  name: scenarioHeader,
  in: 'header',
  description: 'The scenario to play, by name; without it the rules of the scenarios choose.',
  schema: { type: 'string' },
}

/** Whole paths, because generated clients tend to lose servers that stand below the top. The test facility's have names of their own. */
export function tokenConnectPaths(): Paths {
  return Object.fromEntries(
    operations.flatMap((operation) =>
      operation.paths.map((path) => [
        path.replace(':AssetId', '{AssetId}'),
        {
          [operation.method.toLowerCase()]: describe(
            operation,
            /\/mtf\//.test(path) ? 'AtTestFacility' : '',
          ),
        },
      ]),
    ),
  )
}

function describe({ name, method }: Operation, suffix: string): OperationObject {
  const known = descriptions[name]
  if (known === undefined) throw new Error(`the operation ${name} has no description`)
  const { summary, description, body, success, deprecated } = known
  return {
    operationId: name.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase()) + suffix,
    tags: ['Token Connect'],
    summary,
    description,
    ...(deprecated && { deprecated }),
    security: [{ oauth1: [] }],
    parameters: [
      { $ref: '#/components/parameters/Scenario' },
      ...(name.startsWith('getAsset') ? [assetIdOf(name)] : []),
    ],
    ...(body !== undefined && { requestBody: { required: true, content: jsonContent(body) } }),
    responses: {
      '200':
        body === undefined
          ? { description: 'The asset.', content: jsonContent(success) }
          : {
              description:
                'The call was received: an answer, or `errors` for the request as a whole.',
              headers: headerOf('X-Simulator-Scenario'),
              content: jsonContent(success, 'Refused'),
            },
      ...gatewayResponses(method),
      ...(body === undefined && {
        '404': {
          description: 'There is no such asset. Assumption: the documentation names no status.',
          headers: headerOf('X-Simulator-Scenario'),
          content: jsonContent('ErrorWrapper'),
        },
      }),
    },
  }
}

function assetIdOf(name: string): object {
  return {
    name: 'AssetId',
    in: 'path',
    required: true,
    description:
      name === 'getAsset'
        ? 'An imageAssetId of getEligibleTokenRequestors.'
        : 'The `kid` of a signature.',
    schema: { type: 'string' },
  }
}

/** What is said about no operation. */
const beforeAnyOperation: readonly string[] = ['NOT_FOUND']
const aboutPayloads: readonly string[] = ['UNSUPPORTED_MEDIA_TYPE']

/** What the gateway refuses, by status. */
function gatewayResponses(method: Operation['method']): Record<string, object> {
  const codes = new Map<number, string[]>()
  for (const [code, { status }] of Object.entries(gatewayRefusals))
    if (!beforeAnyOperation.includes(code) && (method === 'POST' || !aboutPayloads.includes(code)))
      codes.set(status, [...(codes.get(status) ?? []), code])
  return Object.fromEntries(
    [...codes].map(([status, reasons]) => [
      String(status),
      {
        description: `Refused: ${reasons.join(', ')}.${notes[status] ?? ''}`,
        headers: {
          ...(!beforeAnyScenario.includes(status) && headerOf('X-Simulator-Scenario')),
          ...(status === 405 && headerOf('Allow')),
          ...(status === 415 && headerOf('Accept-Encoding')),
          ...((status === 429 || status === 503) && headerOf('Retry-After')),
        },
        content:
          status === 400
            ? {
                ...jsonContent('GatewayErrors', method === 'GET' ? 'ErrorWrapper' : 'Refused'),
                ...problemContent,
              }
            : jsonContent('GatewayErrors'),
      },
    ]),
  )
}

const notes: Readonly<Record<number, string>> = {
  400: ' With `errors` in small letters an operation refuses (getAsset; the others where a configuration says so). A problem names an unknown scenario.',
  401: ' Assumption: of the codes here only DECLINED is documented; the others are AUTHENTICATION_FAILED on the wire.',
  405: ' For any other method of this path.',
}

/** Refused before a scenario is chosen. */
const beforeAnyScenario: readonly number[] = [403, 405, 413]

/** How Token Connect answers where it has no operation. */
export const noOperation = {
  description: 'No operation has this path (NOT_FOUND).',
  content: { 'application/json': { schema: schemaOf('GatewayErrors') } },
}
