import { describe, expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import { serve } from '../../src/serve.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { receiptOf, test } from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'

const admin = 'http://localhost:6337/__simulator'

describe('the admin API', () => {
  test('health', async ({ visit }) => {
    expect(await (await visit(`${admin}/health`)).json()).toEqual({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    })
  })

  test("jwks.json verifies a push's signature, with any JOSE library", async ({
    visit,
    pushed,
  }) => {
    const { compactVerify, createLocalJWKSet } = await import('jose')
    const jwks = (await (await visit(`${admin}/jwks.json`)).json()) as {
      keys: { d?: string; kid: string }[]
    }
    const { signature = '' } = await pushed()

    const { payload, protectedHeader } = await compactVerify(
      signature,
      createLocalJWKSet(jwks as never),
    )

    expect(JSON.parse(new TextDecoder().decode(payload))).toHaveProperty('pushAccountReceipts')
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: jwks.keys[0]?.kid })
    expect(jwks.keys[0]).not.toHaveProperty('d')
  })

  test('the journal tells the whole journey, in order', async ({
    visit,
    pushed,
    choose,
    project,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await visit(redirectUrl(push, { useCase: 'signature' }))
    await choose(await page.text(), 'DECLINED')

    const all = `${admin}/journal`
    const { entries } = (await (await visit(all)).json()) as { entries: Record<string, unknown>[] }
    expect(
      entries.map(({ id, kind, method, status, scenario, summary }) => [
        id,
        kind,
        method,
        status,
        scenario,
        summary,
      ]),
    ).toEqual([
      [
        1,
        'pushMultipleAccounts',
        'POST',
        200,
        'ask; by=header',
        `gave ${receiptOf(push)} for 512345******2346`,
      ],
      [2, 'provision', 'GET', 200, 'ask', `shows the screen opening`],
      [
        3,
        'provision',
        'POST',
        303,
        'ask',
        'ended DECLINED; back to https://partnerbank.com/tokenization-results',
      ],
    ])
    const own = await visit(`${all}?consumerKey=${encodeURIComponent(project.consumerKey)}`)
    expect(((await own.json()) as { entries: unknown[] }).entries).toHaveLength(3)
    const other = await visit(`${all}?consumerKey=somebody-else`)
    expect(await other.json()).toEqual({
      title: 'No such issuer',
      status: 404,
      detail: 'there is no issuer with the consumer key somebody-else',
    })
  })

  test('reset forgets', async ({ visit, pushed, simulator }) => {
    await pushed()
    const reset = await simulator.fetch(new Request(`${admin}/reset`, { method: 'POST' }))
    expect(reset.status).toBe(204)
    expect(await (await visit(`${admin}/journal`)).json()).toEqual({ entries: [] })
  })

  test('with a token answers from anywhere, to whoever has it', async () => {
    const { fetch } = await createSimulator({
      data: dataDirectory,
      adminToken: 'a-token-of-the-tests',
    })
    const ask = async (headers: Record<string, string>) =>
      fetch(new Request('http://ci.internal:6337/__simulator/journal', { headers }))
    expect((await ask({ Authorization: 'Bearer a-token-of-the-tests' })).status).toBe(200)
    const without = await ask({})
    expect([without.status, without.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer'])
    expect(await without.text()).not.toContain('a-token-of-the-tests')
    // A page of another site has no token, and is told so in any case.
    const origin = { Origin: 'https://evil.test', Authorization: 'Bearer a-token-of-the-tests' }
    expect((await ask(origin)).status).toBe(403)
  })

  test.for([
    ['POST', 'journal', 'GET'],
    ['POST', 'scenario', 'GET, PUT, DELETE'],
    ['PATCH', 'scenarios/declined', 'GET, PUT, DELETE'],
    ['GET', 'reset?consumerKey=nobody-asks', 'POST'],
  ] as const)(
    '%s %s is told which methods are right',
    async ([method, path, allow], { simulator }) => {
      const response = await simulator.fetch(
        new Request(
          `${admin}/${path.replace('nobody-asks', encodeURIComponent(simulator.keyring.consumerKey))}`,
          { method },
        ),
      )
      expect([response.status, response.headers.get('Allow')]).toEqual([405, allow])
      expect(response.headers.get('Content-Type')).toBe('application/problem+json')
      expect(await response.json()).toEqual({
        title: 'Method not allowed',
        status: 405,
        detail: `/__simulator/${path.split('?')[0]} takes ${allow}, not ${method}`,
      })
    },
  )

  test.for<[string, string, string, RegExp | undefined]>([
    [
      'a scenario whose lines were joined',
      'application/x-www-form-urlencoded',
      'name: minedescription: Mine.provision: { outcome: DECLINED }',
      /; this came in one line: curl -d takes the line breaks out of a file; send it with curl --data-binary @FILE$/,
    ],
    [
      'a scenario that became one comment',
      'application/x-www-form-urlencoded',
      '# yaml-language-server: $schema=./scenario.schema.jsonname: mine',
      /; this came in one line: /,
    ],
    [
      'a form',
      'application/x-www-form-urlencoded',
      'scenario=declined',
      /; this came as a form; send JSON or YAML, such as curl -d '\{ "scenario": "declined" \}'$/,
    ],
    [
      'a form of several parts',
      'multipart/form-data; boundary=x',
      '--x\r\nname: mine\r\n--x--',
      /; this came as a form of several parts; send the text alone, such as curl --data-binary @FILE$/,
    ],
    [
      'JSON that is wrong for another reason',
      'application/x-www-form-urlencoded',
      '{ "name": 1 }',
      undefined,
    ],
    [
      'YAML that is',
      'application/x-www-form-urlencoded',
      'name: mine\ndescription: 1\n',
      undefined,
    ],
    ['a text that says what it is', 'application/yaml', 'name: mine', undefined],
  ])('a body that is refused says how it came: %s', async ([, type, body, hint], { simulator }) => {
    const response = await simulator.fetch(
      new Request(`${admin}/scenarios/mine`, {
        method: 'PUT',
        headers: { 'Content-Type': type },
        body,
      }),
    )
    expect(response.status).toBe(400)
    const { detail } = (await response.json()) as { readonly detail: string }
    if (hint === undefined) expect(detail).not.toMatch(/this came/)
    else expect(detail).toMatch(hint)
  })

  test('an unknown path is told what is served', async ({ visit }) => {
    const response = await visit(`${admin}/nope`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('/__simulator/health')
  })

  test.for<[string, string, Record<string, string>]>([
    ['a foreign Host (DNS rebinding)', 'http://evil.test/__simulator/journal', {}],
    ['a name that only begins like loopback', 'http://localhost.evil.test/__simulator/journal', {}],
    ['a foreign Host behind a local request line', `${admin}/journal`, { Host: 'evil.test' }],
    ['a page of another origin', `${admin}/journal`, { Origin: 'https://evil.test' }],
    ['a page of another port', `${admin}/journal`, { Origin: 'http://localhost:6338' }],
    ['an opaque origin', `${admin}/journal`, { Origin: 'null' }],
    [
      'a request that the browser calls cross-site',
      `${admin}/journal`,
      { 'Sec-Fetch-Site': 'cross-site' },
    ],
    [
      'a request that the browser calls same-site',
      `${admin}/journal`,
      { 'Sec-Fetch-Site': 'same-site' },
    ],
  ])('does not answer to %s', async ([, url, headers], { simulator, pushed }) => {
    await pushed()
    for (const method of ['GET', 'POST']) {
      const target = method === 'POST' ? url.replace('journal', 'reset') : url
      const response = await simulator.fetch(new Request(target, { method, headers }))
      expect(response.status).toBe(403)
      expect(await response.text()).not.toContain('MCC-STL')
    }
    expect(await simulator.journal.entries()).not.toEqual([])
  })

  test.for(['127.0.0.1:6337', '[::1]:6337', 'localhost'])(
    'answers to loopback as %s',
    async (host, { visit }) => {
      expect((await visit(`http://${host}/__simulator/health`)).status).toBe(200)
    },
  )
})

describe('public URL', () => {
  const elsewhere = test.extend({ options: { publicUrl: 'https://click-to-pay.test/' } })

  elsewhere(
    'is where pushes send the browser, and its host may call the admin API',
    async ({ pushed, visit }) => {
      expect((await pushed()).pushUri).toBe('https://click-to-pay.test/provision')
      expect((await visit('https://click-to-pay.test/__simulator/health')).status).toBe(200)
    },
  )

  test.for([
    'click-to-pay.test',
    'ftp://x.test',
    'https://x.test/?a=b',
    'https://x.test/prefix',
    `https://${'x'.repeat(120)}.test`,
  ])('must be usable: %s', async (publicUrl) => {
    await expect(createSimulator({ data: dataDirectory, publicUrl })).rejects.toThrow(
      /^public URL .* expected http/,
    )
  })
})

describe('serve', () => {
  test('one server after another: pushes name the one that listens', async ({
    simulator,
    project,
    push,
  }) => {
    for (const _turn of [1, 2]) {
      const server = await serve(simulator, { port: 0 })
      expect(await push()).toMatchObject({ pushUri: `${server.url}/provision` })
      await server.close()
    }
    expect(project.url).toBe('http://localhost:6337')
  })
})

describe('options that types rule out', () => {
  test.for<[string, object, RegExp]>([
    ['a token that could be guessed', { adminToken: 'secret' }, /adminToken: expected 16/],
    ['an invalid clock', { clock: new Date('x') }, /clock: expected a date/],
    ['no window', { timestampWindowSeconds: 0 }, /timestampWindowSeconds: expected 1 to 86400/],
  ])('%s', async ([, options, message]) => {
    await expect(createSimulator({ data: dataDirectory, ...options })).rejects.toThrow(message)
  })

  test('a scenario for an issuer that is not there', ({ simulator }) => {
    expect(() => simulator.use('declined', 'typo')).toThrow(
      'there is no issuer with the consumer key typo',
    )
  })
})

describe('what is not there', () => {
  test('another operation gets the gateway envelope', async ({ visit, simulator }) => {
    const response = await visit('http://localhost:6337/mdes/connect/1/0/pushAccounts')
    expect([response.status, await response.json()]).toEqual([
      404,
      {
        Errors: {
          Error: [
            {
              Source: 'Gateway',
              ReasonCode: 'NOT_FOUND',
              Description: 'Not Found - There is no such resource',
              Recoverable: false,
              Details: null,
            },
          ],
        },
      },
    ])
    expect((await simulator.journal.entries())[0]?.faults?.[0]?.because).toContain(
      'served are POST /mdes/connect/1/0/pushMultipleAccounts, POST /mdes/mtf/connect/1/0/pushMultipleAccounts, ',
    )
  })

  test('another method is told which one is right', async ({ visit, simulator }) => {
    const response = await visit('http://localhost:6337/mdes/connect/1/0/pushMultipleAccounts')
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'POST'])
    expect(await response.text()).toContain('"ReasonCode":"METHOD_NOT_ALLOWED"')
    expect((await simulator.journal.entries())[0]?.faults?.[0]?.because).toBe(
      'pushMultipleAccounts takes POST, not GET',
    )
  })

  test('a forgotten /mdes is told in the journal', async ({ simulator }) => {
    const response = await simulator.fetch(
      new Request('http://localhost:6337/connect/1/0/pushMultipleAccounts', { method: 'POST' }),
    )
    expect(response.status).toBe(404)
    expect((await simulator.journal.entries())[0]?.faults?.[0]?.because).toContain(
      'base URL with /mdes',
    )
  })

  test('a body beyond a mebibyte is not read', async ({ simulator }) => {
    const response = await simulator.fetch(
      new Request('http://localhost:6337/mdes/connect/1/0/pushMultipleAccounts', {
        method: 'POST',
        body: 'x'.repeat(1024 * 1024 + 1),
      }),
    )
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({
      Errors: { Error: [{ ReasonCode: 'PAYLOAD_TOO_LARGE' }] },
    })
  })

  test('the first page says what runs here', async ({ visit }) => {
    const page = await visit('http://localhost:6337/')
    expect((await visit('http://localhost:6337/favicon.ico')).status).toBe(204)
    expect(await page.text()).toContain('Simulator, not Mastercard.')
  })
})

describe('the journal', () => {
  const journal = 'http://localhost:6337/__simulator/journal'

  test('lists what passed here and may not pass there', async ({ push, pushed, visit }) => {
    await pushed()
    await pushed({ signatureData: { callbackURL: encodeURIComponent('https://bank.test/') } })
    await push({ tokenRequestorId: '50000000000' })
    const summaries = async (query: string) => {
      const { entries } = (await (await visit(journal + query)).json()) as {
        entries: readonly { leniencies?: readonly string[]; status: number }[]
      }
      return entries
    }
    expect(await summaries('')).toHaveLength(3)
    const lenient = await summaries('?with=leniencies')
    expect(lenient.map(({ leniencies }) => leniencies)).toEqual([
      [expect.stringContaining('callbackURL is percent-encoded whole')],
    ])
    expect(await summaries('?with=faults')).toHaveLength(1)
  })

  test('says what it can be asked for', async ({ visit }) => {
    const response = await visit(`${journal}?with=mistakes`)
    expect([response.status, await response.text()]).toEqual([
      400,
      '{"title":"Not valid","status":400,"detail":"with=mistakes: expected faults, leniencies, warnings"}',
    ])
  })
})
