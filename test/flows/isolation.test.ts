import { describe, expect, onTestFinished, vi } from 'vitest'
import { push as pushTo, readCallback, redirectUrl } from '../../src/issuer/client.ts'
import { accepted, test as base, locationOf, pushArguments, receiptOf } from '../support/journey.ts'

const admin = 'http://localhost:6337/__simulator'

type Answer = { readonly status: number; readonly body: unknown }

/** What a test that runs beside others does with a consumer key of its own. */
type Tenant = {
  readonly consumerKey: string
  /** @param body JSON, or a text as it is. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** Pushes a card and visits the page: how it ended. */
  readonly add: (card?: string) => Promise<string>
  readonly push: (card?: string) => Promise<ReturnType<typeof accepted>>
}

const test = base.extend<{
  call: Tenant['call']
  tenant: (registration?: object) => Promise<Tenant>
}>({
  call: async ({ simulator }, use) =>
    use(async (method, path, body) => {
      const response = await simulator.fetch(
        new Request(admin + path, {
          method,
          ...(body !== undefined && {
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
        }),
      )
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    }),
  tenant: async ({ call, project, visit }, use) =>
    use(async (registration) => {
      const { body } = await call('POST', '/issuers', registration)
      const { consumerKey } = body as { consumerKey: string }
      const own = { ...project, consumerKey }
      const push: Tenant['push'] = async (card) =>
        accepted(await pushTo(...pushArguments(own, card === undefined ? {} : { card })))
      return {
        consumerKey,
        push,
        call: (method, path, sent) => {
          const separator = path.includes('?') ? '&' : '?'
          const whose = `${separator}consumerKey=${encodeURIComponent(consumerKey)}`
          return call(method, path + whose, sent)
        },
        async add(card) {
          const url = redirectUrl(await push(card), { useCase: 'signature' })
          return readCallback(locationOf(await visit(url)))
            .map(({ status }) => status)
            .join()
        },
      }
    }),
})

describe('a consumer key of its own', () => {
  test('calls with the key files of the default issuer, and shares nothing with others', async ({
    tenant,
    push,
  }) => {
    const [one, two] = [await tenant(), await tenant()]
    expect(one.consumerKey).toMatch(/^[\w-]{48}![0-9a-f]{32}0{16}$/)
    await one.call('PUT', '/scenario', { scenario: 'declined' })
    await one.call('PUT', '/clock', { now: '2030-01-01T00:00:00Z' })
    expect(await one.add()).toBe('DECLINED')
    expect(await two.add()).toBe('APPROVED')
    expect((await two.call('GET', '/clock')).body).toEqual({
      now: '2026-01-30T12:00:00.000Z',
      frozen: true,
    })
    const journal = async (whose: Tenant) =>
      ((await whose.call('GET', '/journal')).body as { entries: { at: string }[] }).entries
    expect((await journal(one)).map(({ at }) => at.slice(0, 4))).toEqual(['2030', '2030'])
    expect(await journal(two)).toHaveLength(2)
    const { response } = await push()
    expect(response.headers.get('X-Simulator-Scenario')).toBe('approved; by=default')
    await one.call('POST', '/reset')
    expect(await journal(one)).toEqual([])
    expect(await journal(two)).toHaveLength(2)
  })

  test('with a seed of its own repeats itself under the same key', async ({ tenant, call }) => {
    const consumerKey = `${'A'.repeat(48)}!${'0'.repeat(48)}`
    const receipts: string[] = []
    for (const seed of ['one', 'one', 'two']) {
      const { push } = await tenant({ consumerKey, seed })
      receipts.push(receiptOf(await push()))
      expect(
        (await call('DELETE', `/issuers?consumerKey=${encodeURIComponent(consumerKey)}`)).status,
      ).toBe(204)
    }
    expect(receipts[0]).toBe(receipts[1])
    expect(receipts[2]).not.toBe(receipts[0])
  })

  test('is gone with all its state once it is removed', async ({ tenant, call }) => {
    const { consumerKey, push } = await tenant()
    const receipt = receiptOf(await push())
    const whose = `?consumerKey=${encodeURIComponent(consumerKey)}`
    await call('DELETE', `/issuers${whose}`)
    expect((await call('GET', `/journal${whose}`)).status).toBe(404)
    expect((await call('GET', `/pushes/${receipt}`)).status).toBe(404)
    await expect(push()).rejects.toThrow(/AUTHENTICATION_FAILED/)
  })

  test('is told what to encrypt with, so that it needs no file', async ({ call, project }) => {
    const { body } = await call('POST', '/issuers', {})
    expect(body).toMatchObject({ encryptionCertificate: expect.stringMatching(/^-----BEGIN CERT/) })
    const { encryptionCertificate } = body as { encryptionCertificate: string }
    const lines = (pem: string) => pem.trim().split(/\r?\n/)
    expect(lines(encryptionCertificate)).toEqual(lines(project.encryptionCertificate))
  })

  test('200 of them at once, in any order, do not see each other', async ({ tenant }) => {
    const endings = ['APPROVED', 'DECLINED', 'CANCELLED', 'ERROR'] as const
    const stories = ['approved', 'declined', 'cardholder-cancels', 'declined-by-failure']
    await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        const one = await tenant()
        await one.call('PUT', '/scenario', { scenario: stories[n % 4] })
        expect(await one.add()).toBe(endings[n % 4])
        const { entries } = (await one.call('GET', '/journal')).body as { entries: object[] }
        expect(entries).toHaveLength(2)
      }),
    )
  })
})

describe('a scenario of its own', () => {
  const story = `name: my-story
description: Declined for whoever pushes the everyday card.
when: { card: { number: '5123456789012346' } }
provision: { outcome: DECLINED }
`

  test('plays for this consumer key alone, and can be taken back', async ({ tenant }) => {
    const [one, two] = [await tenant(), await tenant()]
    const added = await one.call('PUT', '/scenarios/my-story', story)
    expect(added).toEqual({
      status: 201,
      body: {
        name: 'my-story',
        description: 'Declined for whoever pushes the everyday card.',
        testCard: '5123456789012346',
        isOwn: true,
      },
    })
    expect((await one.call('PUT', '/scenarios/my-story', story)).status).toBe(200)
    expect([await one.add(), await two.add()]).toEqual(['DECLINED', 'APPROVED'])
    await one.call('PUT', '/scenario', { scenario: 'my-story' })
    expect((await two.call('PUT', '/scenario', { scenario: 'my-story' })).status).toBe(404)
    expect((await one.call('DELETE', '/scenarios/my-story')).status).toBe(409)
    await one.call('DELETE', '/scenario')
    expect((await one.call('DELETE', '/scenarios/my-story')).status).toBe(204)
    expect(await one.add()).toBe('APPROVED')
  })

  test('takes the place of a file of the same name', async ({ tenant }) => {
    const one = await tenant()
    await one.call(
      'PUT',
      '/scenarios/declined',
      'name: declined\ndescription: Not so.\nprovision: { outcome: ERROR }\n',
    )
    await one.call('PUT', '/scenario', { scenario: 'declined' })
    expect(await one.add()).toBe('ERROR')
    const { scenarios } = (await one.call('GET', '/scenarios')).body as {
      scenarios: { name: string; isOwn: boolean }[]
    }
    expect(scenarios.filter(({ isOwn }) => isOwn).map(({ name }) => name)).toEqual(['declined'])
    expect(scenarios.map(({ name }) => name)).toContain('approved')
    const { body } = await one.call('GET', '/scenarios/approved')
    expect(body).toMatchObject({
      when: { card: { number: '5123456789012353' } },
      expect: { callback: { status: 'APPROVED', token: 'present' }, pushes: 1 },
    })
  })

  test.for([
    ['a misspelt key', 'my-story', story.replace('outcome', 'outcom'), /4:14.*outcom.*outcome/],
    ['another name', 'other-story', story, /1:7.*"my-story".*named like its file, "other-story"/],
    ['no YAML', 'my-story', '{', /1:/],
    ['nothing', 'my-story', '', /my-story\.yaml/],
  ] as const)('is refused with its position: %s', async ([, name, yaml, detail], { call }) => {
    const { status, body } = await call('PUT', `/scenarios/${name}`, yaml)
    expect([status, body]).toEqual([400, expect.objectContaining({ title: 'Not valid' })])
    expect((body as { detail: string }).detail).toMatch(detail)
  })
})

describe('what cannot be', () => {
  test.for([
    ['POST', '/issuers', { consumerKey: 'short' }, 400, /1:16.*97 characters/],
    ['POST', '/issuers', { consumerkey: 'x' }, 400, /consumerkey.*consumerKey/],
    ['POST', '/issuers', { publicKey: 'x' }, 400, /publicKey or certificate: it is no public key/],
    [
      'POST',
      '/issuers',
      { publicKey: '-----BEGIN PRIVATE KEY-----' },
      400,
      /private key, which never/,
    ],
    ['POST', '/issuers', { publicKey: 'x', certificate: 'y' }, 400, /not both/],
    ['DELETE', '/issuers', undefined, 400, /say which/],
    ['PUT', '/scenario', { scenario: 'aproved' }, 404, /did you mean "approved"/],
    ['PUT', '/scenario', {}, 400, /scenario/],
    ['DELETE', '/scenarios/declined', undefined, 409, /is a file/],
    ['GET', '/scenarios/nope', undefined, 404, /there is no scenario "nope"/],
    ['DELETE', '/scenarios/nope', undefined, 404, /there is no scenario "nope"/],
    ['PUT', '/clock', {}, 400, /expected now or frozen/],
    ['PUT', '/clock', { now: 'noon' }, 400, /2026-01-31T12:00:00Z/],
    ['POST', '/clock/advance', { milliseconds: -1 }, 400, /milliseconds/],
    ['POST', '/clock/advance', 'x'.repeat(65_537), 413, /65536 bytes/],
    ['GET', '/journal?atLeast=many', undefined, 400, /atLeast=many: expected 0 to 1000/],
    ['GET', '/journal?timeout=99999999', undefined, 400, /expected 0 to 60000/],
    ['GET', '/journal?kind=push', undefined, 400, /no kind "push".*known are pushMultipleAccounts/],
    [
      'PUT',
      '/scenario?consumerkey=x',
      { scenario: 'approved' },
      400,
      /no parameter "consumerkey", did you mean "consumerKey"/,
    ],
    ['GET', '/pushes/MCC-STL-1', undefined, 404, /MCC-STL-1 was not issued here/],
    ['GET', '/clock?consumerKey=nobody', undefined, 404, /no issuer with the consumer key nobody/],
  ] as const)(
    '%s %s %j is told why: %i',
    async ([method, path, body, status, detail], { call }) => {
      const answer = await call(method, path, body)
      expect([answer.status, (answer.body as { detail: string }).detail]).toEqual([
        status,
        expect.stringMatching(detail),
      ])
    },
  )

  test('the default issuer cannot be removed, nor registered again', async ({ call, project }) => {
    const { consumerKey } = project
    const whose = `?consumerKey=${encodeURIComponent(consumerKey)}`
    expect((await call('DELETE', `/issuers${whose}`)).status).toBe(409)
    expect((await call('POST', '/issuers', { consumerKey })).status).toBe(409)
    const { issuers } = (await call('GET', '/issuers')).body as { issuers: object[] }
    expect(issuers).toEqual([{ consumerKey }])
  })
})

describe('the virtual clock over HTTP', () => {
  test('is set, frozen, advanced, let run, and given back', async ({ tenant }) => {
    const { call } = await tenant()
    const at = async (method: string, path: string, body?: object) =>
      (await call(method, path, body)).body
    expect(await at('PUT', '/clock', { now: '2030-01-01T00:00:00+01:00' })).toEqual({
      now: '2029-12-31T23:00:00.000Z',
      frozen: true,
    })
    expect(await at('POST', '/clock/advance', { milliseconds: 900_000 })).toEqual({
      now: '2029-12-31T23:15:00.000Z',
      frozen: true,
    })
    expect(await at('PUT', '/clock', { frozen: false })).toMatchObject({ frozen: false })
    const running = (await at('GET', '/clock')) as { now: string }
    expect(running.now).toMatch(/^2029-12-31T23:15:0/)
    await call('DELETE', '/clock')
    expect(((await at('GET', '/clock')) as { now: string }).now.slice(0, 4)).toBe(
      String(new Date().getFullYear()),
    )
  })

  test('stops at the very moment that is asked for', async ({ tenant }) => {
    const { call } = await tenant()
    await call('PUT', '/clock', { frozen: false })
    // A machine so slow that a second passes between any two looks at its clock.
    let machine = Date.now()
    const slow = vi.spyOn(Date, 'now').mockImplementation(() => (machine += 1000))
    onTestFinished(() => slow.mockRestore())
    const { body } = await call('PUT', '/clock', { now: '2030-01-01T00:00:00Z', frozen: true })
    expect(body).toEqual({ now: '2030-01-01T00:00:00.000Z', frozen: true })
  })

  test('lets a receipt expire', async ({ tenant, visit }) => {
    const one = await tenant()
    const url = redirectUrl(await one.push(), { useCase: 'signature' })
    await one.call('POST', '/clock/advance', { milliseconds: 15 * 60_000 })
    expect((await visit(url)).status).toBe(410)
  })
})

describe('the journal over HTTP', () => {
  test('is read by receipt, requestId and kind', async ({ tenant }) => {
    const one = await tenant()
    await one.add()
    const receipt = receiptOf(await one.push())
    const kinds = async (query: string) => {
      const { body } = await one.call('GET', `/journal?${query}`)
      return (body as { entries: { kind: string }[] }).entries.map(({ kind }) => kind)
    }
    expect(await kinds('kind=provision')).toEqual(['provision'])
    expect(await kinds(`receipt=${receipt}`)).toEqual(['pushMultipleAccounts'])
    expect(await kinds('requestId=request-1')).toHaveLength(2)
    expect(await kinds('requestId=other')).toEqual([])
  })

  test('is an HTTP archive too', async ({ tenant }) => {
    const one = await tenant()
    await one.add()
    const { log } = (await one.call('GET', '/journal.har')).body as {
      log: { entries: Record<string, unknown>[] }
    }
    expect(log.entries).toMatchObject([
      {
        startedDateTime: '2026-01-30T12:00:00.000Z',
        request: {
          method: 'POST',
          url: 'http://localhost:6337/mdes/connect/1/0/pushMultipleAccounts',
        },
        response: { status: 200 },
        _scenario: 'approved; by=default',
      },
      {
        request: { queryString: [{ name: 'pushAccountData' }, { name: 'extFlow', value: 'true' }] },
      },
    ])
  })

  test('is waited for, until it is there or time is up', async ({ tenant }) => {
    const one = await tenant()
    const late = one.call('GET', '/journal?kind=provision&atLeast=1&timeout=30000')
    expect(await one.add()).toBe('APPROVED')
    expect((await late).body).toMatchObject({ entries: [{ kind: 'provision' }] })
    expect((await one.call('GET', '/journal?atLeast=9&timeout=0')).body).toMatchObject({
      entries: [{}, {}],
    })
  })

  test('is told as it is written, to whom it belongs', async ({ tenant, simulator }) => {
    const [one, two] = [await tenant(), await tenant()]
    const whose = encodeURIComponent(one.consumerKey)
    const leaving = new AbortController()
    const response = await simulator.fetch(
      new Request(`${admin}/events?consumerKey=${whose}`, { signal: leaving.signal }),
    )
    expect(response.headers.get('Content-Type')).toBe('text/event-stream')
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (pattern: RegExp) => {
      while (!pattern.test(text)) text += (await reader?.read())?.value ?? ''
    }
    await until(/event: open/)
    await two.add()
    await one.add()
    await until(/provision/)
    expect(text.match(/event: journal/g)).toHaveLength(2)
    expect(text).not.toContain(two.consumerKey)
    await reader?.cancel()
    leaving.abort()
  })
})

test('the whole life of a push', async ({ tenant, visit, call }) => {
  const one = await tenant()
  await one.call('PUT', '/scenario', { scenario: 'approved-again' })
  const push = await one.push()
  const receipt = receiptOf(push)
  const before = (await call('GET', `/pushes/${receipt}`)).body
  expect(before).toMatchObject({
    account: '512345******2346',
    scenario: { name: 'approved-again', by: 'use' },
    issuedAt: '2026-01-30T12:00:00.000Z',
    expiresAt: '2026-01-30T12:15:00.000Z',
    entries: [{ kind: 'pushMultipleAccounts' }],
  })
  expect(before).not.toHaveProperty('status')
  await visit(redirectUrl(push, { useCase: 'signature' }))
  expect((await call('GET', `/pushes/${receipt}`)).body).toMatchObject({
    status: 'APPROVED',
    tokenUniqueReference: expect.stringMatching(/^DM4MMC/),
    entries: [{ kind: 'pushMultipleAccounts' }, { kind: 'provision' }],
  })
})
