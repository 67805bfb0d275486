import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type IssuerProject, signed } from '../../src/issuer/client.ts'
import type { Simulator } from '../../src/simulator.ts'
import { gatewayCodes } from '../../src/token-connect/gateway-codes.ts'
import { gatewayAnswer, gatewayRefusals } from '../../src/token-connect/refusals.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { projectOf } from '../support/journey.ts'
import { authorization } from '../support/oauth.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as withFolder } from '../support/temporary-folder.ts'

type Code = keyof typeof gatewayCodes

const path = '/mdes/connect/1/0/getEligibleTokenRequestors'
const url = `http://localhost:6337${path}`
const body = JSON.stringify({ requestId: '1', accountRanges: ['5123456789'] })
const unentitled = `${'C'.repeat(48)}!${'c'.repeat(32)}${'0'.repeat(16)}`
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const anotherKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

function post(
  Authorization: string,
  other: Record<string, string> = {},
  sent: string | ReadableStream = body,
) {
  const headers = { Authorization, 'Content-Type': 'application/json', ...other }
  return new Request(url, { method: 'POST', headers, body: sent, duplex: 'half' })
}

/** How to be refused with each code. */
const requests: Readonly<Record<Code, (project: IssuerProject) => Request | Promise<Request>>> = {
  INVALID_AUTH_HEADER: () => post('Bearer token'),
  INVALID_OAUTH_SBS: (project) =>
    post(authorization({ ...project, url, body, without: 'oauth_nonce' })),
  UNKNOWN_CONSUMER_KEY: (project) =>
    post(
      authorization({ ...project, url, body, consumerKey: `${'X'.repeat(48)}!${'0'.repeat(48)}` }),
    ),
  TIMESTAMP_OUT_OF_RANGE: (project) =>
    post(authorization({ ...project, url, body, timestamp: '1' })),
  INVALID_BODY_HASH: (project) => post(authorization({ ...project, url, body }), {}, `${body} `),
  AUTHENTICATION_FAILED: (project) =>
    post(authorization({ ...project, url, body, signingKey: anotherKey })),
  NONCE_REPLAYED: (project) => post(authorization({ ...project, url, body, nonce: 'again' })),
  DECLINED: () =>
    post(authorization({ url, body, consumerKey: unentitled, signingKey: anotherKey })),
  UNSUPPORTED_ENCODING: (project) =>
    post(authorization({ ...project, url, body }), { 'Content-Encoding': 'gzip' }),
  UNSUPPORTED_MEDIA_TYPE: (project) =>
    post(authorization({ ...project, url, body }), { 'Content-Type': 'text/plain' }),
  PAYLOAD_TOO_LARGE: (project) => signed(project, { path, body: ' '.repeat(1024 * 1024 + 1) }),
  BODY_INCOMPLETE: (project) =>
    post(
      authorization({ ...project, url, body }),
      { 'Content-Length': '100' },
      new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) }),
    ),
  NOT_FOUND: (project) => signed(project, { path: '/mdes/connect/1/0/nothing' }),
  METHOD_NOT_ALLOWED: (project) => signed(project, { path }),
  REQUEST_TIMEOUT: (project) => signed(project, { path, body, scenario: 'gateway-408' }),
  QUOTA_EXCEEDED: (project) => signed(project, { path, body, scenario: 'gateway-429' }),
  INTERNAL_SERVER_ERROR: (project) => signed(project, { path, body, scenario: 'gateway-500' }),
  BAD_GATEWAY: (project) => signed(project, { path, body, scenario: 'gateway-502' }),
  SERVICE_UNAVAILABLE: (project) => signed(project, { path, body, scenario: 'gateway-503' }),
  GATEWAY_TIMEOUT: (project) => signed(project, { path, body, scenario: 'gateway-504' }),
}

const stories = withFolder.extend<{ simulator: Simulator }>({
  simulator: async ({ folder }, use) => {
    const scenarios = join(folder, 'scenarios')
    await mkdir(scenarios)
    for (const status of [408, 429, 500, 502, 503, 504])
      await writeFile(
        join(scenarios, `gateway-${status}.yaml`),
        `name: gateway-${status}\ndescription: The gateway fails.\ngateway: { status: ${status} }\n`,
      )
    const issuers = [
      { consumerKey: unentitled, publicKey: createPublicKey(privateKey), entitled: false },
    ]
    await use(await createSimulator({ data: dataDirectory, scenarios: [scenarios], issuers }))
  },
})

/** What differs from call to call is anything here. */
const facts = { missing: '*', calculated: '*', received: '*', acceptable: '*' }

describe('the gateway refuses in its envelope', () => {
  stories.for(Object.keys(requests) as Code[])('%s', async (code, { simulator }) => {
    const project = await projectOf(simulator)
    const request = await requests[code](project)
    if (code === 'NONCE_REPLAYED')
      await simulator.fetch(post(request.headers.get('Authorization') ?? ''))
    const response = await simulator.fetch(request)
    const expected = gatewayAnswer({ code, because: '', facts })
    const [error] = expected?.body.Errors.Error ?? []
    const [start = '', ...rest] = (error?.Description ?? '').split('*')
    expect(response.status).toBe(expected?.status)
    const answer = JSON.parse(await response.text())
    expect(answer).toEqual({ Errors: { Error: [{ ...error, Description: expect.any(String) }] } })
    const { Description } = answer.Errors.Error[0]
    expect(Description.startsWith(start)).toBe(true)
    expect(rest.every((part) => Description.includes(part))).toBe(true)
    expect((await simulator.journal.entries()).at(-1)?.faults?.[0]?.code).toBe(code)
  })

  test('in these words', () => {
    const words = (Object.keys(requests) as Code[]).map((code) => {
      const { status, body } = gatewayAnswer({ code, because: '', facts }) ?? { status: 0 }
      const { ReasonCode, Description, Recoverable } = body?.Errors.Error[0] ?? {}
      return `${status} ${ReasonCode}${Recoverable ? ' (recoverable)' : ''}: ${Description}`
    })
    expect(words).toMatchInlineSnapshot(`
      [
        "400 INVALID_AUTH_HEADER: Bad Request - Invalid Authorization header",
        "400 INVALID_OAUTH_SBS: Problem with signature base string. Missing *",
        "401 AUTHENTICATION_FAILED: Unauthorized - Unknown oauth_consumer_key",
        "401 AUTHENTICATION_FAILED: Unauthorized - oauth_timestamp is outside the accepted range",
        "400 INVALID_BODY_HASH: Bad Request - The provided oauth_body_hash does not match the RSA-SHA256 hash of the request payload. Calculated: *, Received: *",
        "403 AUTHENTICATION_FAILED: OAuth Signature parameter failed verification. Acceptable signature base string: *",
        "401 AUTHENTICATION_FAILED: Unauthorized - oauth_nonce has already been used",
        "401 DECLINED: Unauthorized - Access Not Granted",
        "415 UNSUPPORTED_ENCODING: Unsupported Media Type - The payload must not be compressed",
        "415 UNSUPPORTED_MEDIA_TYPE: Unsupported Media Type - The payload must be application/json in UTF-8",
        "413 PAYLOAD_TOO_LARGE: Bad Request - The payload is too large",
        "400 BODY_INCOMPLETE: Bad Request - The payload is incomplete",
        "404 NOT_FOUND: Not Found - There is no such resource",
        "405 METHOD_NOT_ALLOWED: Method Not Allowed - The resource does not take this method",
        "408 REQUEST_TIMEOUT (recoverable): Request Timeout",
        "429 QUOTA_EXCEEDED (recoverable): Too Many Requests - The quota has been exceeded",
        "500 INTERNAL_SERVER_ERROR (recoverable): Internal Server Error",
        "502 BAD_GATEWAY (recoverable): Bad Gateway",
        "503 SERVICE_UNAVAILABLE (recoverable): Service Unavailable",
        "504 GATEWAY_TIMEOUT (recoverable): Gateway Timeout",
      ]
    `)
  })

  test('each of its refusals is explained', () => {
    expect(Object.keys(gatewayCodes).sort()).toEqual(Object.keys(gatewayRefusals).sort())
  })
})
