import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import { memoryJournal } from '../../src/journal.ts'
import { serve } from '../../src/serve.ts'
import { test as base, formOf, receiptOf, withinThePage } from '../support/journey.ts'

type Message = {
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly bodySize: number
  readonly body?: string
  readonly comment?: string
}
type Entry = { readonly kind: string; readonly request?: Message; readonly response?: Message }

const url = 'http://localhost:6337'
const push = `${url}/mdes/connect/1/0/pushMultipleAccounts`

const test = base.extend<{
  /** What the admin API says here. */
  told: <Told>(path: string) => Promise<Told>
  entries: (query?: string) => Promise<readonly Entry[]>
}>({
  told: async ({ simulator }, use) =>
    use(async (path) => {
      const response = await simulator.fetch(new Request(`${url}/__simulator${path}`))
      return (await response.json()) as never
    }),
  entries: async ({ told }, use) =>
    use(async (query = '?messages=true') => {
      const { entries } = await told<{ readonly entries: readonly Entry[] }>(`/journal${query}`)
      return entries
    }),
})

const bodyOf = (message: Message | undefined) => JSON.parse(message?.body ?? 'null')
const headerOf = (message: Message | undefined, name: string) =>
  message?.headers.filter((one) => one.name === name).map(({ value }) => value)

describe('the messages of a push', () => {
  test('come when they are asked for, without what is a secret', async ({ pushed, entries }) => {
    const receipt = receiptOf(await pushed({ scenario: 'approved' }))
    const [plain] = await entries('')
    expect(plain).not.toHaveProperty('request')
    const [{ request, response } = {}] = await entries()
    expect(headerOf(request, 'Authorization')).toEqual([
      expect.stringMatching(
        /^OAuth (?=.*oauth_consumer_key="[\w-]{48}!\w{48}")(?=.*oauth_signature_method="RSA-SHA256")(?=.*oauth_signature="\(cut\)")(?=.*oauth_nonce="\(cut\)")(?=.*oauth_body_hash="\(cut\)")/,
      ),
    ])
    expect(bodyOf(request)).toMatchObject({
      requestId: 'request-1',
      tokenRequestorId: '50123197928',
      pushFundingAccounts: {
        encryptedPayload: { encryptedData: '(cut)', encryptedKey: '(cut)', iv: '(cut)' },
      },
      signatureData: { callbackURL: expect.any(String), locale: 'en_US' },
    })
    expect(headerOf(response, 'X-Simulator-Scenario')).toEqual(['approved; by=header'])
    expect(bodyOf(response)).toMatchObject({
      responseId: 'request-1',
      pushAccountReceipts: [{ pushAccountReceipt: receipt }],
      signature: '(cut)',
    })
    expect(request?.bodySize).toBeGreaterThan(request?.body?.length ?? 0)
  })

  test('are those of a refusal, too', async ({ push: refused, entries }) => {
    await refused({ tokenRequestorId: '1' })
    const [{ request, response } = {}] = await entries()
    expect(bodyOf(request)).toMatchObject({ tokenRequestorId: '1' })
    expect(bodyOf(response).errors[0]).toMatchObject({ reasonCode: expect.any(String) })
  })

  test('have header names as they came, and in their order', async ({ simulator, entries }) => {
    const server = await serve(simulator, { port: 0 })
    const { request: call } = await import('node:http')
    await new Promise((ended) => {
      const headers = { 'CONTENT-type': 'application/json', 'X-Secret': 'a-secret', ACCEPT: '*/*' }
      const sent = call(`${server.url}/mdes/connect/1/0/pushAccount`, { method: 'POST', headers })
      sent.on('response', (response) => response.resume().on('end', ended)).end('{}')
    })
    await server.close()
    const [{ request } = {}] = await entries()
    expect(request?.headers.slice(0, 2)).toEqual([
      { name: 'CONTENT-type', value: 'application/json' },
      { name: 'ACCEPT', value: '*/*' },
    ])
    expect(JSON.stringify(request)).not.toMatch(/secret/i)
  })

  test('are forgotten by a reset', async ({ pushed, entries, simulator }) => {
    await pushed()
    await simulator.reset()
    expect(await entries()).toEqual([])
  })

  test('are asked for in so many words', async ({ told }) => {
    expect(await told('/journal?messages=maybe')).toMatchObject({
      status: 400,
      detail: 'messages=maybe: expected true or false',
    })
  })
})

describe('whatever a client sends by mistake', () => {
  const pan = '5123456789012346'
  const account = {
    pushAccountId: 'card-1',
    fundingAccountData: {
      cardAccountData: { accountNumber: pan, expiryMonth: '12', expiryYear: '39' },
      accountHolderData: { accountHolderName: 'Jane Roe', emailAddress: 'jane@roe.example' },
    },
  }
  const json = { 'Content-Type': 'application/json' }
  const secrets =
    /5123\D{0,3}4567|Jane|Roe|roe%40|jane|top-secret|BEGIN|MIIEv|8801|6543210|eyJhbGci|opensesame|"39"/

  test.for<[string, headers: Readonly<Record<string, string>>, body: string]>([
    [
      'the account in clear',
      json,
      JSON.stringify({
        requestId: 'x',
        pushFundingAccounts: { encryptedPayload: { encryptedData: [account] } },
      }),
    ],
    ['the account where it does not belong', json, JSON.stringify({ requestId: 'x', ...account })],
    ['a card number as a number', json, `{"accountNumber":${pan},"requestId":"x"}`],
    ['digits as a list', json, JSON.stringify({ requestId: [...pan].map(Number) })],
    ['a card number as a member name', json, `{"${pan}":"x","Jane Roe":"x"}`],
    ['a card number as a requestId', json, `{"requestId":"5123 4567 8901 2346"}`],
    ['no JSON at all', json, `accountNumber=${pan}&name=Jane Roe`],
    ['JSON that breaks off', json, `{"accountNumber":"${pan}","accountHolderName":"Jane R`],
    ['plain text', { 'Content-Type': 'text/plain' }, `${pan} Jane Roe`],
    [
      'a form',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      `accountNumber=${pan}&emailAddress=jane%40roe.example&code=880165&Jane+Roe=1`,
    ],
    [
      'several parts',
      { 'Content-Type': 'multipart/form-data; boundary=x' },
      `--x\r\nContent-Disposition: form-data; name="card"\r\n\r\n${pan}\r\n--x--`,
    ],
    ['XML', { 'Content-Type': 'application/xml' }, `<card holder="Jane Roe">${pan}</card>`],
    ['no content type', {}, `{"name":"Jane Roe"}`],
    ['a private key', json, JSON.stringify({ requestId: '-----BEGIN PRIVATE KEY-----\nMIIEv' })],
    [
      'a signed text',
      json,
      JSON.stringify({
        signatureData: { callbackURL: 'https://x/?s=eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln' },
      }),
    ],
    [
      'a phone number',
      json,
      JSON.stringify({ accountHolderMobilePhoneNumber: { phoneNumber: '6543210' } }),
    ],
    ['a token of another kind', { ...json, Authorization: 'Bearer top-secret' }, '{}'],
    ['a password', { ...json, Authorization: `Basic ${btoa('bank:opensesame')}` }, '{}'],
    ['no scheme', { ...json, Authorization: 'top-secret' }, '{}'],
    [
      'OAuth without quotes',
      { ...json, Authorization: 'OAuth oauth_signature=top-secret,oauth_nonce="opensesame"' },
      '{}',
    ],
    ['cookies', { ...json, Cookie: 'session=top-secret; opensesame' }, '{}'],
    ['a header of their own', { ...json, 'X-Api-Key': 'top-secret' }, '{}'],
    [
      'a card number in a header',
      { ...json, 'User-Agent': `curl ${pan}`, Origin: 'http://jane@x' },
      '{}',
    ],
  ])(
    'is in no message and no archive: %s',
    async ([, headers, body], { simulator, told, entries }) => {
      await simulator.fetch(new Request(push, { method: 'POST', headers, body }))
      const all = await entries()
      expect(all).toHaveLength(1)
      expect(all[0]).toHaveProperty('request.bodySize', Buffer.byteLength(body))
      const archive = JSON.stringify(await told('/journal.har'))
      for (const text of [JSON.stringify(all), archive]) expect(text).not.toMatch(secrets)
    },
  )

  test('is cut where it is too long', async ({ simulator, entries }) => {
    const requestId = 'words '.repeat(200_000)
    for (const body of [
      JSON.stringify({ requestId }),
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`a${n}`, 'b']))),
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
    ])
      await simulator.fetch(new Request(push, { method: 'POST', headers: json, body }))
    const all = await entries()
    expect(all.length).toBe(3)
    for (const one of all) expect(JSON.stringify(one).length).toBeLessThan(40_000)
  })
})

describe('the pages of Click to Pay', () => {
  test('are not kept, nor what is typed', async ({ pushed, simulator, entries, told }) => {
    const started = redirectUrl(await pushed({ scenario: 'ask' }), { useCase: 'signature' })
    const page = await (await simulator.fetch(new Request(started))).text()
    const fields = { email: 'sara@example.com', dialCode: '1', mobile: '7186543210', consent: 'on' }
    const sent = await simulator.fetch(formOf(page, 'BEGIN', started, fields))
    const next = await (await withinThePage(sent, simulator.fetch)).text()
    await simulator.fetch(formOf(next, 'SIGN_UP', started, fields))

    const visits = (await entries()).filter(({ kind }) => kind === 'provision')
    expect(visits[0]?.response).toMatchObject({
      comment: "A page is not kept: it shows the cardholder's data.",
    })
    const typed = visits.find(({ request }) => request?.body?.includes('SIGN_UP'))
    expect(typed?.request?.body).toBe(
      'email=(cut)&dialCode=(cut)&mobile=(cut)&consent=on&visit=(cut)&decision=SIGN_UP',
    )
    for (const text of [JSON.stringify(visits), JSON.stringify(await told('/journal.har'))])
      expect(text).not.toMatch(/sara|7186543210|<html|one-time-code|visit=[\w-]{10}|eyJ[\w-]{60}/)
  })
})

describe('the HTTP archive', () => {
  const require = createRequire(import.meta.url)
  const ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'))
  const schemas: Readonly<Record<string, object>> = require('har-schema')
  for (const schema of Object.values(schemas)) ajv.addSchema(schema)

  test('is one by the schema of HAR 1.2, of accepted, refused and lost exchanges', async ({
    pushed,
    push: pushAgain,
    simulator,
    told,
  }) => {
    const accepted = await pushed({ scenario: 'approved' })
    await simulator.fetch(new Request(redirectUrl(accepted, { useCase: 'signature' })))
    await pushAgain({ scenario: 'wire-unavailable' })
    await pushAgain({ scenario: 'wire-reset-before-push' }).catch(() => undefined)
    await simulator.fetch(new Request(`${url}/nowhere`))
    const archive = await told<{ log: { entries: object[] } }>('/journal.har')
    expect(ajv.validate('har.json#', archive), ajv.errorsText()).toBe(true)
    expect(archive.log.entries).toHaveLength(5)
    expect(archive.log.entries[0]).toMatchObject({
      request: {
        postData: {
          mimeType: 'application/json; charset=UTF-8',
          text: expect.stringContaining('request-1'),
        },
      },
      response: {
        status: 200,
        content: {
          mimeType: 'application/json; charset=UTF-8',
          text: expect.stringContaining('pushAccountReceipt'),
        },
      },
    })
    expect(archive.log.entries[1]).toMatchObject({
      response: { status: 303, redirectURL: expect.stringContaining('results%5B') },
    })
    expect(archive.log.entries[3]).toMatchObject({
      response: { content: { comment: 'Nothing was answered.' } },
    })
  })
})

describe('what is kept of messages', () => {
  const happening = { kind: 'push', method: 'POST', url: '/', status: 200, summary: '' }
  const headers = new Headers({ 'Content-Type': 'application/json' })
  const messages = { request: { headers, body: `{"requestId":"${'r'.repeat(100)}"}` } }

  test('is of the newest entries of each consumer key, and of all', async () => {
    const limits = { messages: { perConsumerKey: 3, inAll: 8, characters: 100_000 } }
    const journal = memoryJournal({ now: () => 0, limits })
    const kept = async (consumerKey?: string) =>
      (await journal.withMessages(await journal.entries(consumerKey))).flatMap(({ id, request }) =>
        request === undefined ? [] : id,
      )
    for (let n = 0; n < 5; n += 1)
      await journal.record({ ...happening, consumerKey: 'a' }, messages)
    expect(await kept()).toEqual([3, 4, 5])
    for (const consumerKey of ['b', 'c', 'd'])
      for (let n = 0; n < 3; n += 1) await journal.record({ ...happening, consumerKey }, messages)
    expect(await kept()).toEqual([7, 8, 9, 10, 11, 12, 13, 14])
    await journal.clear('d')
    expect(await kept()).toEqual([7, 8, 9, 10, 11])
    expect(await kept('a')).toEqual([])
  })

  test('is not more than so many characters', async () => {
    const limits = { messages: { perConsumerKey: 100, inAll: 100, characters: 1000 } }
    const journal = memoryJournal({ now: () => 0, limits })
    for (let n = 0; n < 20; n += 1) await journal.record(happening, messages)
    const kept = (await journal.withMessages(await journal.entries())).filter(
      ({ request }) => request !== undefined,
    )
    expect(kept.length).toBeGreaterThan(1)
    expect(JSON.stringify(kept.map(({ request }) => request)).length).toBeLessThan(1200)
    expect(kept.at(-1)?.id).toBe(20)
  })
})
