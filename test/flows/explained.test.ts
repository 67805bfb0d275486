import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect } from 'vitest'
import type { Cause } from '../../src/errors.ts'
import { pushRequest, signed } from '../../src/issuer/client.ts'
import { encryptedPayload } from '../support/encryption.ts'
import { bodyByLibrary } from '../support/encryption-mistakes.ts'
import { card, pushArguments, test as story } from '../support/journey.ts'
import { authorization, encode, type Signing } from '../support/oauth.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'
const url = `http://localhost:6337${path}`

type Told = {
  readonly status: number
  readonly text: string
  readonly causes: readonly Cause[]
  readonly leniencies: readonly string[]
  readonly comparison:
    | { what: string; expected: string; received?: string; differsAt?: number }
    | undefined
}

const test = story.extend<{
  /** Sends it, and reads what the journal says of it. */
  explained: (request: Request) => Promise<Told>
  /** A push whose signature has this mistake. */
  mistaken: (signing: Partial<Signing>, sent?: { url?: string; body?: string }) => Promise<Request>
}>({
  explained: async ({ simulator }, use) =>
    use(async (request) => {
      const response = await simulator.fetch(request)
      const entry = (await simulator.journal.entries()).at(-1)
      const explanation = entry?.faults?.[0]?.explanation
      return {
        status: response.status,
        text: await response.text(),
        causes: explanation?.causes ?? [],
        leniencies: entry?.leniencies ?? [],
        comparison: explanation?.comparisons[0],
      }
    }),
  mistaken: async ({ project }, use) =>
    use(async (signing, sent = {}) => {
      const body = await (await pushRequest(...pushArguments(project))).text()
      const Authorization = authorization({ ...project, url: sent.url ?? url, body, ...signing })
      return new Request(sent.url ?? url, {
        method: 'POST',
        headers: { Authorization, 'Content-Type': 'application/json' },
        body: sent.body ?? body,
      })
    }),
})

describe('mistakes from public issue threads: the right cause comes first, proven, and never goes onto the wire', () => {
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

  test.for<
    [what: string, code: string, signing: Partial<Signing>, sent?: { url?: string; body?: string }]
  >([
    [
      'the query is not in the base string',
      'QUERY_NOT_SIGNED',
      { url },
      { url: `${url}?format=json&lang=en` },
    ],
    [
      'signed for another port, behind a proxy',
      'SIGNED_FOR_OTHER_PORT',
      { baseUri: `http://localhost:8080${path}` },
    ],
    [
      'signed for another host',
      'SIGNED_FOR_OTHER_HOST',
      { baseUri: `http://127.0.0.1:6337${path}` },
    ],
    [
      'signed without /mdes',
      'SIGNED_FOR_OTHER_PATH',
      { baseUri: 'http://localhost:6337/connect/1/0/pushMultipleAccounts' },
    ],
    [
      'values percent-encoded twice',
      'VALUES_ENCODED_TWICE',
      { inBaseString: (value) => encode(encode(value)) },
    ],
    [
      'PKCS#1 v1.5 signed, PSS declared',
      'PSS_DECLARED_PKCS1_SIGNED',
      { signatureMethod: 'RSA-PSS', pss: false },
    ],
    [
      'PSS signed, RSA-SHA256 declared',
      'PKCS1_DECLARED_PSS_SIGNED',
      { signatureMethod: 'RSA-SHA256', pss: true },
    ],
    [
      'oauth_signature not percent-encoded',
      'SIGNATURE_NOT_PERCENT_ENCODED',
      { encodesSignature: false },
    ],
    [
      'a clock that is an hour ahead, as in local time taken for UTC',
      'LOCAL_TIME_AS_UTC',
      { timestamp: String(Math.floor(Date.now() / 1000) + 3600) },
    ],
    [
      'milliseconds in place of seconds',
      'TIMESTAMP_IN_OTHER_UNIT',
      { timestamp: String(Date.now()) },
    ],
    ['no body hash', 'BODY_HASH_MISSING', { without: 'oauth_body_hash' }],
    ['HMAC-SHA1', 'HMAC_DECLARED', { signatureMethod: 'HMAC-SHA1' }],
  ])('%s', async ([, code, signing, sent], { explained, mistaken }) => {
    const { status, text, causes } = await explained(await mistaken(signing, sent))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(causes[0]).toMatchObject({ code, proven: true })
    for (const cause of causes) {
      expect(text).not.toContain(cause.code)
      expect(text).not.toContain(cause.fix)
    }
  })

  test('the body was serialised anew after it was signed', async ({
    explained,
    mistaken,
    project,
  }) => {
    const body = await (await pushRequest(...pushArguments(project))).text()
    const pretty = JSON.stringify(JSON.parse(body), null, 2)
    const { causes, comparison } = await explained(await mistaken({ body }, { body: pretty }))
    expect(causes[0]).toMatchObject({ code: 'BODY_RESERIALISED', proven: true })
    const hash = (text: string) => createHash('sha256').update(text).digest('base64')
    expect(comparison).toMatchObject({
      what: 'oauth_body_hash',
      expected: hash(pretty),
      received: hash(body),
    })
  })

  test('the body was signed before its payload was encrypted', async ({
    explained,
    mistaken,
    project,
  }) => {
    const [, request] = pushArguments(project)
    const { accounts, scenario, ...rest } = request
    const plain = {
      ...rest,
      pushFundingAccounts: { encryptedPayload: { encryptedData: accounts } },
    }
    const body = JSON.stringify({
      requestId: plain.requestId,
      tokenRequestorId: plain.tokenRequestorId,
      pushFundingAccounts: plain.pushFundingAccounts,
      signatureData: plain.signatureData,
    })
    const sent = await (await pushRequest(project, request)).text()
    const { causes, text } = await explained(await mistaken({ body }, { body: sent }))
    expect(causes[0]).toMatchObject({ code: 'SIGNED_BEFORE_ENCRYPTION', proven: true })
    expect(text + JSON.stringify(causes)).not.toContain('5123456789012346')
  })

  test('the base strings side by side, with the first difference marked', async ({
    explained,
    mistaken,
  }) => {
    const { comparison } = await explained(
      await mistaken({ baseUri: `http://localhost:8080${path}` }),
    )
    const { expected = '', received = '', differsAt = 0 } = comparison ?? {}
    expect(comparison?.what).toBe('signature base string')
    expect(expected.slice(0, differsAt)).toBe('POST&http%3A%2F%2Flocalhost%3A')
    expect([
      expected.slice(differsAt, differsAt + 4),
      received.slice(differsAt, differsAt + 4),
    ]).toEqual(['6337', '8080'])
  })

  test('a key that nobody registered: likely, not proven', async ({ explained, mistaken }) => {
    const { causes } = await explained(await mistaken({ signingKey: stranger }))
    expect(causes[0]).toMatchObject({ code: 'WRONG_KEY', proven: false })
  })

  test('the same request sent twice', async ({ explained, mistaken }) => {
    const request = await mistaken({ nonce: 'aB3dE6gH9jK2mN5p' })
    await explained(request.clone() as Request)
    const { status, causes } = await explained(request)
    expect(status).toBe(401)
    expect(causes[0]?.code).toBe('HEADER_REUSED')
  })

  test.for<[what: string, code: string, settings: Parameters<typeof bodyByLibrary>[1]]>([
    [
      'the library with `$.` paths',
      'ENCRYPTION_PATH_WITH_DOLLAR',
      {
        element: '$.pushFundingAccounts.encryptedPayload.encryptedData',
        obj: '$.pushFundingAccounts.encryptedPayload',
      },
    ],
    [
      'the encrypted object one level off',
      'ENCRYPTED_OBJECT_MISPLACED',
      { obj: 'pushFundingAccounts' },
    ],
    ['base64 in place of hex', 'ENCODING_NOT_HEX', { settings: { dataEncoding: 'base64' } }],
    [
      'the hash of OAEP not told',
      'OAEP_NOT_DECLARED',
      { settings: { oaepHashingAlgorithmFieldName: undefined } },
    ],
  ])("Mastercard's library: %s", async ([, code, settings], { explained, project }) => {
    const body = JSON.stringify(
      bodyByLibrary(new X509Certificate(project.encryptionCertificate), settings),
    )
    const { status, text, causes } = await explained(await signed(project, { path, body }))
    expect(status).toBe(200)
    expect(causes[0]).toMatchObject({ code, proven: true })
    expect(text).not.toContain(code)
    expect(JSON.stringify(causes)).not.toMatch(/\d{12,}/)
  })

  test('a misspelt member that nobody needs is warned of', async ({ explained, project }) => {
    const request = await pushRequest(...pushArguments(project))
    const json = JSON.parse(await request.text())
    json.signatureData = { callBackUrl: 'https://bank.test/', locale: 'en_US' }
    json.authenticationcode = '1'
    const { status, leniencies } = await explained(
      await signed(project, { path, body: JSON.stringify(json) }),
    )
    expect(status).toBe(200)
    expect(leniencies).toEqual([
      'signatureData.callBackUrl is ignored: did you mean callbackURL?',
      'authenticationcode is ignored: did you mean authenticationCode?',
    ])
  })

  test('so is one inside the ciphertext', async ({ push, simulator }) => {
    const account = JSON.parse(JSON.stringify(card()))
    account.fundingAccountData.cardAccountData.securityCode = '123'
    account.fundingAccountData.accountholderData = {}
    await push({ accounts: [account] })
    expect((await simulator.journal.entries()).at(-1)?.leniencies).toEqual([
      'encryptedData.0.fundingAccountData.cardAccountData.securityCode is ignored: the specification has no such member',
      'encryptedData.0.fundingAccountData.accountholderData is ignored: did you mean accountHolderData?',
    ])
  })

  test('a missing member with a misspelt one beside it', async ({ explained, project }) => {
    const request = await pushRequest(...pushArguments(project))
    const { tokenRequestorId, ...json } = JSON.parse(await request.text())
    const body = JSON.stringify({ ...json, tokenRequestorID: tokenRequestorId })
    const { causes } = await explained(await signed(project, { path, body }))
    expect(causes[0]).toMatchObject({ code: 'MEMBER_MISSPELT', proven: true })
  })

  test('a body in Latin-1', async ({ explained, project }) => {
    const body = Buffer.from('{"requestId":"caf\u00e9"}', 'latin1')
    const Authorization = authorization({ ...project, url, body: body as never })
    const headers = { Authorization, 'Content-Type': 'application/json' }
    const { causes } = await explained(
      new Request(url, { method: 'POST', headers, body: new Uint8Array(body) }),
    )
    expect(causes[0]).toMatchObject({ code: 'NOT_UTF8', proven: true })
  })

  test.for([
    ['', 'BODY_EMPTY'],
    ['\uFEFF{}', 'BYTE_ORDER_MARK'],
    ["{'requestId': '1'}", 'SINGLE_QUOTES'],
    ['requestId=1&tokenRequestorId=2', 'BODY_IS_A_FORM'],
    ['<request/>', 'BODY_IS_XML'],
    ['[object Object]', 'NOT_SERIALISED'],
    ['{"requestId":"1"', 'BODY_CUT'],
    ['{"requestId":"1",}', 'JSON_SYNTAX'],
    ['[['.repeat(60) + ']]'.repeat(60), 'JSON_TOO_DEEP'],
  ])('a body that is not JSON: %s', async ([body = '', code], { explained, mistaken }) => {
    const { causes, text } = await explained(await mistaken({ body }, { body }))
    expect(text).toContain('INVALID_JSON')
    expect(causes[0]).toMatchObject({ code, proven: true })
  })
})

describe('what was encrypted is not what should have been', () => {
  test.for<[what: string, code: string, content: unknown]>([
    ['one account without its array', 'PLAINTEXT_OBJECT_NOT_ARRAY', card()],
    [
      'the accounts with encryptedData around them',
      'PLAINTEXT_ONE_LEVEL_OFF',
      { encryptedData: [card()] },
    ],
    [
      'the whole request',
      'PLAINTEXT_ONE_LEVEL_OFF',
      { tokenRequestorId: '50123197928', pushFundingAccounts: {} },
    ],
    [
      'what was encrypted before',
      'PLAINTEXT_ENCRYPTED_TWICE',
      { encryptedData: 'ab', encryptedKey: 'cd', iv: 'ef' },
    ],
    ['JSON in a string', 'PLAINTEXT_STRINGIFIED_TWICE', JSON.stringify([card()])],
  ])('%s', async ([, code, content], { explained, project }) => {
    const { causes } = await explained(await sealed(project, encryptedPayload(project, content)))
    expect(causes[0]).toMatchObject({ code, proven: true })
  })

  test('GCM without saying so', async ({ explained, project }) => {
    const payload = encryptedPayload(project, [card()], 'GCM')
    const { algorithmCipherMode, ...silent } = payload as Record<string, unknown>
    expect(algorithmCipherMode).toBe('GCM')
    const { causes } = await explained(await sealed(project, silent))
    expect(causes[0]).toMatchObject({ code: 'CIPHER_MODE_NOT_DECLARED', proven: true })
  })

  test('the body of one operation sent to the other', async ({ explained, project }) => {
    const request = await pushRequest(...pushArguments(project))
    const { causes } = await explained(
      await signed(project, { path: '/mdes/connect/1/0/pushAccount', body: await request.text() }),
    )
    expect(causes[0]).toMatchObject({ code: 'OTHER_OPERATION', proven: true })
  })

  function sealed(project: Parameters<typeof signed>[0], encrypted: object) {
    return signed(project, {
      path,
      body: JSON.stringify({
        requestId: '1',
        tokenRequestorId: '50123197928',
        pushFundingAccounts: { encryptedPayload: encrypted },
      }),
    })
  }
})

describe('what nothing explains better has the usual fix', () => {
  test('a Content-Type', async ({ explained, mistaken }) => {
    const request = await mistaken({})
    request.headers.set('Content-Type', 'text/plain')
    const { causes } = await explained(request)
    expect(causes).toMatchObject([{ code: 'UNSUPPORTED_MEDIA_TYPE', proven: false }])
    expect(causes[0]?.fix).not.toBe('')
  })

  test('an ineligible card', async ({ push, simulator }) => {
    await push({ card: '4111111111111111' })
    const [fault] = (await simulator.journal.entries()).at(-1)?.faults ?? []
    expect(fault?.explanation?.causes[0]?.fix).toContain('range')
  })
})
