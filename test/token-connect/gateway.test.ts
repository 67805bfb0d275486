import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { pushRequest, signed } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { noon, pushArguments, test as story } from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as withFolder } from '../support/temporary-folder.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'

const test = story.extend<{
  /** Sends a signed push with other headers. */
  send: (
    headers: Record<string, string | undefined>,
  ) => Promise<{ status: number; text: string; because: string | undefined; headers: Headers }>
}>({
  send: async ({ project, simulator }, use) => {
    await use(async (changed) => {
      const request = await pushRequest(...pushArguments(project))
      for (const [name, value] of Object.entries(changed))
        if (value === undefined) request.headers.delete(name)
        else request.headers.set(name, value)
      const response = await simulator.fetch(request)
      const entry = (await simulator.journal.entries()).at(-1)
      return {
        status: response.status,
        headers: response.headers,
        text: await response.text(),
        because: entry?.faults?.[0]?.because,
      }
    })
  },
})

const envelope = (ReasonCode: string, Description: string, Recoverable = false) =>
  JSON.stringify({
    Errors: { Error: [{ Source: 'Gateway', ReasonCode, Description, Recoverable, Details: null }] },
  })

describe('the gateway refuses', () => {
  test.for<[what: string, headers: Record<string, string | undefined>, because: string]>([
    [
      'text/plain',
      { 'Content-Type': 'text/plain' },
      'Content-Type is text/plain; expected application/json; charset=UTF-8',
    ],
    [
      'a form',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      'Content-Type is application/x-www-form-urlencoded; expected application/json; charset=UTF-8',
    ],
    [
      'something that only begins like JSON',
      { 'Content-Type': 'application/jsonp' },
      'Content-Type is application/jsonp; expected application/json; charset=UTF-8',
    ],
    [
      'no Content-Type',
      { 'Content-Type': undefined },
      'Content-Type is missing; expected application/json; charset=UTF-8',
    ],
    [
      'another charset',
      { 'Content-Type': 'application/json; charset=ISO-8859-1' },
      'the charset of Content-Type is ISO-8859-1; expected UTF-8',
    ],
  ])('a Content-Type that is not JSON in UTF-8: %s', async ([, headers, because], { send }) => {
    const answer = await send(headers)
    expect([answer.status, answer.text]).toEqual([
      415,
      envelope(
        'UNSUPPORTED_MEDIA_TYPE',
        'Unsupported Media Type - The payload must be application/json in UTF-8',
      ),
    ])
    expect(answer.because).toBe(because)
  })

  test.for([
    'application/json',
    'application/json;charset=utf8',
    'Application/JSON; charset="utf-8"',
  ])('but not %s', async (type, { send }) => {
    expect((await send({ 'Content-Type': type })).status).toBe(200)
  })

  test('a compressed payload, before its hash is compared', async ({ send }) => {
    const { status, text, headers, because } = await send({ 'Content-Encoding': 'gzip' })
    expect([status, text]).toEqual([
      415,
      envelope(
        'UNSUPPORTED_ENCODING',
        'Unsupported Media Type - The payload must not be compressed',
      ),
    ])
    expect(headers.get('Accept-Encoding')).toBe('identity')
    expect(because).toBe('Content-Encoding is gzip; send the JSON as it is')
  })

  test('a payload of more than 1 MiB', async ({ project, simulator }) => {
    const response = await simulator.fetch(
      await signed(project, { path, body: JSON.stringify({ requestId: 'x'.repeat(1024 * 1024) }) }),
    )
    expect([response.status, await response.text()]).toEqual([
      413,
      envelope('PAYLOAD_TOO_LARGE', 'Bad Request - The payload is too large'),
    ])
  })

  test('a path that is not served, with those that are in the journal', async ({
    simulator,
    project,
  }) => {
    const response = await simulator.fetch(
      await signed(project, { path: '/mdes/connect/1/0/pushAccounts', body: '{}' }),
    )
    expect([response.status, await response.text()]).toEqual([
      404,
      envelope('NOT_FOUND', 'Not Found - There is no such resource'),
    ])
    const because = (await simulator.journal.entries()).at(-1)?.faults?.[0]?.because
    expect(because).toContain('GET /mdes/issuer-assets/1/0/asset/tokenrequestor/{AssetId}')
    expect(because).toContain('GET /mdes/assets/mtf/1/0/asset/{AssetId}')
  })

  test.for([
    ['GET', path, 'POST'],
    ['PUT', '/mdes/mtf/connect/1/0/getEligibleTokenRequestors', 'POST'],
    ['POST', '/mdes/issuer-assets/1/0/asset/tokenrequestor/x', 'GET'],
    ['DELETE', '/mdes/assets/static/1/0/asset/x', 'GET'],
  ])(
    '%s %s, and says that it takes %s',
    async ([method = '', where = '', allow], { simulator }) => {
      const response = await simulator.fetch(
        new Request(`http://localhost:6337${where}`, { method }),
      )
      expect([response.status, response.headers.get('Allow')]).toEqual([405, allow])
      expect(await response.text()).toBe(
        envelope(
          'METHOD_NOT_ALLOWED',
          'Method Not Allowed - The resource does not take this method',
        ),
      )
    },
  )

  story('a project that is not entitled', async ({ project }) => {
    const consumerKey = `${'C'.repeat(48)}!${'c'.repeat(32)}${'0'.repeat(16)}`
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const simulator = await createSimulator({
      data: dataDirectory,
      clock: noon,
      issuers: [{ consumerKey, publicKey: createPublicKey(privateKey), entitled: false }],
    })
    const signingKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const request = await pushRequest(...pushArguments({ ...project, consumerKey, signingKey }))
    const response = await simulator.fetch(request)
    expect([response.status, await response.text()]).toEqual([
      401,
      envelope('DECLINED', 'Unauthorized - Access Not Granted'),
    ])
  })
})

describe("a scenario's gateway", () => {
  const stories = withFolder.extend<{
    /** The statuses and Retry-After of so many pushes with a scenario of this text. */
    statuses: (gateway: string, pushes: number) => Promise<readonly (readonly unknown[])[]>
  }>({
    statuses: async ({ folder }, use) =>
      use(async (gateway, pushes) => {
        const scenarios = join(folder, 'scenarios')
        await mkdir(scenarios, { recursive: true })
        await writeFile(
          join(scenarios, 'busy.yaml'),
          `name: busy\ndescription: The quota is used up.\ngateway: ${gateway}\n`,
        )
        const simulator = await createSimulator({ data: dataDirectory, scenarios: [scenarios] })
        const { projectOf } = await import('../support/journey.ts')
        const project = await projectOf(simulator)
        const answers = []
        for (let n = 0; n < pushes; n += 1) {
          const response = await simulator.fetch(
            await pushRequest(...pushArguments(project, { scenario: 'busy' })),
          )
          answers.push([
            response.status,
            response.headers.get('Retry-After'),
            response.headers.get('X-Simulator-Scenario'),
            (await response.text()).slice(0, 90),
          ])
        }
        return answers
      }),
  })

  stories('answers 429 with Retry-After twice, then as usual', async ({ statuses }) => {
    const quota = [
      429,
      '30',
      'busy; by=header',
      '{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"QUOTA_EXCEEDED","Description":"Too M',
    ]
    expect(await statuses('{ status: 429, retryAfter: 30, times: 2 }', 3)).toEqual([
      quota,
      quota,
      [200, null, 'busy; by=header', expect.stringContaining('pushAccountReceipt')],
    ])
  })

  stories.for([
    [401, 'DECLINED'],
    [408, 'REQUEST_TIMEOUT'],
    [429, 'QUOTA_EXCEEDED'],
    [500, 'INTERNAL_SERVER_ERROR'],
    [502, 'BAD_GATEWAY'],
    [503, 'SERVICE_UNAVAILABLE'],
    [504, 'GATEWAY_TIMEOUT'],
  ] as const)('answers %i %s every time', async ([status, code], { statuses }) => {
    const answers = await statuses(`{ status: ${status} }`, 2)
    expect(answers.map(([got]) => got)).toEqual([status, status])
    expect(answers[0]?.[3]).toContain(`"ReasonCode":"${code}"`)
  })
})
