import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect } from 'vitest'
import { verifyPacts } from '../../src/harness/verify.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { noPact } from '../support/pact.ts'
import { approved, pactOf, recordedPush, test } from '../support/pact-verification.ts'
import { createSimulator } from '../support/simulator.ts'

const pacts = fileURLToPath(new URL('pacts/', import.meta.url))

const bringingSignature = {
  method: 'GET',
  path: '/provision',
  query: { pushAccountData: ['example'], extFlow: ['true'] },
  generators: {
    query: { pushAccountData: { type: 'ProviderState', expression: '$' + '{signature}' } },
  },
}

describe.skipIf(noPact !== '')(`an issuer's own pacts${noPact}`, () => {
  test.for([
    ['ruby-v1', 1, 0],
    ['ruby-v2', 3, 0],
    ['jvm-v3', 2, 0],
    ['js-v3', 1, 0],
    ['net-v4', 3, 1],
  ] as const)('%s.json verifies', async ([name, passed, skipped], { simulator }) => {
    const verification = await verifyPacts(simulator, [join(pacts, `${name}.json`)])

    expect(verification.passed, verification.report).toBe(true)
    const count = (wanted: string) =>
      verification.interactions.filter(({ outcome }) => outcome === wanted).length
    expect([count('passed'), count('skipped')]).toEqual([passed, skipped])
  })

  test.for([
    [
      'ruby-v1',
      'another reason code',
      '"ACCOUNT_INELIGIBLE"',
      '"CARD_INELIGIBLE"',
      [
        '✗ Old Bank: a push of an ineligible card (ineligible-card)',
        '$.pushAccountReceipts[0].errors[0].reasonCode: expected "CARD_INELIGIBLE", but it was "ACCOUNT_INELIGIBLE"',
      ],
    ],
    [
      'ruby-v2',
      'another kind of receipt',
      '^DMC-.+$',
      '^MCC-.+$',
      ['✗ Ruby Bank: a push of a card (approved-debit-card)', "to match '^MCC-.+$'"],
    ],
    [
      'ruby-v2',
      'a page in place of a refusal',
      '"status": 400',
      '"status": 200',
      [
        '✗ Ruby Bank: a browser without a receipt',
        'status: expected 200, but it was 400',
        'the simulator says: 400 GET /provision shows the problem page RECEIPT_MISSING',
        'FIX Append pushAccountData=SIGNATURE',
      ],
    ],
    [
      'ruby-v2',
      'another way back',
      '%5D=APPROVED',
      '%5D=DECLINED',
      ['header Location: ', 'note: sent were receipt and signature of the pending push'],
    ],
    [
      'jvm-v3',
      'another account range',
      '[5123456789000000000]',
      '[5123456789000000001]',
      ['enabledAccountRanges[0]: expected 512345*********0001, but it was 512345*********0000'],
    ],
    [
      'jvm-v3',
      'another way back',
      '%5D=DECLINED"',
      '%5D=APPROVED"',
      [
        '✗ JVM Bank: a browser that brings a receipt back from the bank (a push is pending)',
        'header Location: ',
        '=DECLINED',
      ],
    ],
    [
      'jvm-v3',
      'a state with an unknown scenario',
      '"scenario": "declined"',
      '"scenario": "refused"',
      [
        'provider state "a push is pending": there is no scenario "refused"; known are approved-again',
      ],
    ],
    [
      'js-v3',
      'another account of its own',
      '{ "pushAccountId": "own-card", "pushAccountReceipt"',
      '{ "pushAccountId": 7, "pushAccountReceipt"',
      [
        "$.pushAccountReceipts[0].pushAccountId: Expected 'own-card' (String) to be the same type as 7",
      ],
    ],
    [
      'net-v4',
      'another redirect',
      '"status": 303',
      '"status": 302',
      ['status: expected 302, but it was 303'],
    ],
    [
      'net-v4',
      'ciphertext in a mode that nobody takes',
      '"GCM"',
      '"ECB"',
      ['the simulator says: ', 'algorithmCipherMode'],
    ],
  ] as const)('%s.json fails with %s', async ([name, , from, to, words], { verify }) => {
    const original = await readFile(join(pacts, `${name}.json`), 'utf8')
    expect(original).toContain(from)

    const { passed, report } = await verify(original.replaceAll(from, to))

    expect(passed).toBe(false)
    for (const word of words) expect(report).toContain(word)
  })

  test('reads like this', async ({ verify, folder }) => {
    const { report } = await verify(
      pactOf(
        {
          description: 'a push',
          providerStates: [{ name: 'approved' }],
          request: recordedPush(),
          response: { status: 200 },
        },
        {
          description: 'a push that nobody signed',
          request: recordedPush({ authorization: '' }),
          response: { status: 200 },
        },
        {
          description: 'an answer to come',
          pending: true,
          request: recordedPush(),
          response: { status: 201 },
        },
        { type: 'Asynchronous/Messages', description: 'a message', contents: {} },
      ),
    )

    expect(report.replace(folder, '.')).toMatchInlineSnapshot(`
      "Recorded signatures were replaced by good ones: that your client signs well is not verified by pacts.
      ./pact.json
        ✓ Bank: a push (approved)
            note: recorded ciphertext opens no more: sent was the test card 512345******2353 of "approved", pushAccountId card-1
        ✗ Bank: a push that nobody signed
            status: expected 200, but it was 400
            the simulator says: 400 POST /mdes/connect/1/0/pushMultipleAccounts refused with INVALID_AUTH_HEADER
              FIX Sign each request with OAuth 1.0a and send the result as the header Authorization. Mastercard's oauth1-signer libraries make it; with an interceptor, check that it is registered with the HTTP client that sends this request.
                  The request has no header Authorization. (AUTHORIZATION_MISSING)
              because there is no Authorization header; requests are signed with OAuth 1.0a
            note: recorded ciphertext opens no more: sent was the test card 512345******2346, pushAccountId card-1
            note: recorded without an Authorization header, so sent without; record it, such as "OAuth ...", or have such requests signed (--sign-all)
        ~ Bank: an answer to come, pending
            status: expected 201, but it was 200
            note: recorded ciphertext opens no more: sent was the test card 512345******2346, pushAccountId card-1
        - Bank: a message
            a message, and no HTTP; the simulator sends and receives none
      3 interactions: 1 passed, 1 failed, 1 pending and failed, which counts for nothing, 1 skipped"
    `)
  })
})

describe.skipIf(noPact !== '')(`a recorded request${noPact}`, () => {
  test('with dead ciphertext carries the test card of its state, and the ids that the answer is expected to have', async ({
    verify,
  }) => {
    const { passed, interactions, report } = await verify(
      pactOf({
        providerStates: [{ name: 'declined' }],
        request: recordedPush(),
        response: {
          status: 200,
          body: { content: { pushAccountReceipts: [{ pushAccountId: 'my-id' }] } },
        },
      }),
    )

    expect(passed, report).toBe(true)
    expect(interactions[0]?.notes).toEqual([
      'recorded ciphertext opens no more: sent was the test card 512345******2361 of "declined", pushAccountId my-id',
    ])
  })

  test('with its accounts as a text of JSON is encrypted, too', async ({ verify }) => {
    const encryptedData = JSON.stringify([
      {
        pushAccountId: 'in-text',
        fundingAccountData: { cardAccountData: { accountNumber: '5123456789012387' } },
      },
    ])
    const { interactions } = await verify(
      pactOf({
        request: recordedPush({ encryptedPayload: { encryptedData } }),
        response: {
          status: 200,
          body: {
            content: {
              pushAccountReceipts: [
                { pushAccountId: 'in-text', errors: [{ reasonCode: 'ACCOUNT_INELIGIBLE' }] },
              ],
            },
            contentType: 'application/json',
            encoded: false,
          },
        },
      }),
    )

    expect(interactions[0]).toMatchObject({
      outcome: 'passed',
      notes: [
        'THE ACCOUNTS ARE RECORDED IN CLEAR and were encrypted here: that your client encrypts is not verified',
        'the card chose the scenario "ineligible-card"',
      ],
    })
  })

  test.for([
    ['OAEP with SHA-256', { oaepHashingAlgorithm: 'SHA256' }],
    ['AES-GCM', { algorithmCipherMode: 'GCM', tag: '0f', aad: '0f' }],
  ] as const)(
    'encrypted with %s is encrypted so again',
    async ([, encryptedPayload], { verify }) => {
      const { passed, report } = await verify(
        pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
      )

      expect(passed, report).toBe(true)
    },
  )

  test.for([
    ['encryptedKey', Buffer.alloc(256, 7)],
    ['encryptedData', Buffer.alloc(64, 7)],
    ['iv', Buffer.alloc(16, 7)],
  ] as const)(
    'with its %s in base64 is refused, like any other',
    async ([member, bytes], { verify }) => {
      const encryptedPayload = { [member]: bytes.toString('base64') }
      const { passed, report } = await verify(
        pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
      )

      expect(passed).toBe(false)
      expect(report).toContain(`${member} is base64; Token Connect takes hex.`)
    },
  )

  test('signed with RSA-PSS is signed so again; with another method it is sent as it is', async ({
    verify,
  }) => {
    const signedBy = (method: string) => ({
      ...approved,
      request: recordedPush({ authorization: `OAuth oauth_signature_method="${method}"` }),
    })
    const { interactions, report } = await verify(
      pactOf(signedBy('RSA-PSS'), signedBy('HMAC-SHA1')),
    )

    expect(
      interactions.map(({ outcome }) => outcome),
      report,
    ).toEqual(['passed', 'failed'])
    expect(report).toContain(
      'recorded with oauth_signature_method="HMAC-SHA1", which cannot be signed anew; sent as it was recorded',
    )
    expect(report).toContain('oauth_signature_method is "HMAC-SHA1", which needs a shared secret')
  })

  test('without an Authorization header is refused, unless all are to be signed', async ({
    verify,
  }) => {
    const pact = pactOf({ ...approved, request: recordedPush({ authorization: '' }) })

    const strict = await verify(pact)
    expect(strict.passed).toBe(false)
    expect(strict.report).toContain('recorded without an Authorization header, so sent without')
    const lenient = await verify(pact, { signAll: true })
    expect(lenient.passed, lenient.report).toBe(true)
    expect(lenient.report).toContain('recorded without an Authorization header, and signed all')
  })

  test('that is accepted on an assumption says so', async ({ verify }) => {
    const { report } = await verify(
      pactOf({
        ...approved,
        request: recordedPush({
          encryptedPayload: { algorithmCipherMode: 'GCM', tag: '0f', aad: '0f' },
        }),
      }),
    )

    expect(report).toContain('note: passes here only: AES-GCM')
    expect(report).toMatch(/1 passed; passes here only: 1 \(--pedantic refuses it\)$/)
  })
})

describe.skipIf(noPact !== '')(`a provider state${noPact}`, () => {
  test('"a push is pending" gives receipt, signature, scenario and expiry', async ({ verify }) => {
    const injected = (expression: string) => ({ type: 'ProviderState', expression })
    const { passed, report } = await verify(
      pactOf({
        providerStates: [
          { name: 'a push is pending', params: { scenario: 'approved-for-five-minutes' } },
        ],
        request: {
          method: 'GET',
          path: '/provision',
          query: {
            pushAccountReceipts: ['example'],
            scenario: ['example'],
            expiresAt: ['example'],
            locale: ['en_US'],
            callbackURL: ['https://bank.test/done'],
          },
          generators: {
            query: {
              pushAccountReceipts: injected('$' + '{pushAccountReceipt}'),
              scenario: injected('$' + '{scenario}'),
              expiresAt: injected('$' + '{expiresAt}'),
            },
          },
        },
        response: {
          status: 303,
          headers: { Location: ['https://bank.test/done'] },
          matchingRules: {
            header: {
              Location: {
                matchers: [{ match: 'regex', regex: '^https://bank\\.test/done\\?.+$' }],
              },
            },
          },
        },
      }),
    )

    expect(passed, report).toBe(true)
  })

  test('that does not give what the pact injects is told of', async ({ verify }) => {
    const { report } = await verify(
      pactOf({ request: bringingSignature, response: { status: 303 } }),
    )

    expect(report).toContain(
      `note: the pact injects \${signature}, which its provider states do not give ("a push is pending" gives`,
    )
  })

  test('plays the scenario that is named beside a pending push', async ({ verify }) => {
    const { passed, report } = await verify(
      pactOf({
        providerStates: [{ name: 'declined' }, { name: 'a push is pending' }],
        request: bringingSignature,
        response: {
          status: 303,
          headers: { Location: ['example'] },
          matchingRules: {
            header: { Location: { matchers: [{ match: 'regex', regex: '.*=DECLINED' }] } },
          },
        },
      }),
    )

    expect(passed, report).toBe(true)
  })

  test.for([
    [
      'two scenarios',
      [{ name: 'approved' }, { name: 'declined' }],
      'provider states "approved", "declined": an interaction plays one scenario; name one of them',
    ],
    [
      'two scenarios, one of them of a pending push',
      [{ name: 'approved' }, { name: 'a push is pending', params: { scenario: 'declined' } }],
      'provider states "approved", "a push is pending" with the scenario "declined": an interaction plays one scenario; name one of them',
    ],
    [
      'a state of the contract that is the other way round',
      [{ name: 'a card was pushed' }],
      'provider state "a card was pushed": the provider of this pact is your callback endpoint; verify it with your own Pact verifier',
    ],
    [
      'a name that is near no other',
      [{ name: 'a card exists' }],
      'provider state "a card exists" is not known; known are "a push is pending" and the names of scenarios: approved-again, ',
    ],
    [
      'a parameter that is refused',
      [{ name: 'a push is pending', params: { callbackURL: 'no-url' } }],
      'it is refused with INVALID_FIELD_VALUE because signatureData.callbackURL: expected an absolute URL with its scheme',
    ],
    [
      'an unknown name',
      [{ name: 'aproved' }],
      'provider state "aproved" is not known, did you mean "approved"?',
    ],
    [
      'an unknown parameter',
      [{ name: 'a push is pending', params: { card: '1' } }],
      'provider state "a push is pending": the parameter card is not known; known are scenario, callbackURL, locale, tokenRequestorId',
    ],
    [
      'a parameter that is no text',
      [{ name: 'a push is pending', params: { scenario: 7 } }],
      'provider state "a push is pending": the parameter scenario: expected a text',
    ],
    [
      'a push that is refused',
      [{ name: 'a push is pending', params: { scenario: 'ineligible-card' } }],
      'provider state "a push is pending": with the scenario "ineligible-card" no push is pending: it is refused with ACCOUNT_INELIGIBLE',
    ],
    [
      'a push whose answer is lost',
      [{ name: 'a push is pending', params: { scenario: 'wire-reset-after-push' } }],
      'provider state "a push is pending": with the scenario "wire-reset-after-push" the answer is lost',
    ],
  ] as const)(
    'fails with %s, though the answer is as expected',
    async ([, providerStates, problem], { verify }) => {
      const { passed, interactions } = await verify(
        pactOf({
          providerStates,
          request: { method: 'GET', path: '/' },
          response: { status: 200 },
        }),
      )

      expect(passed).toBe(false)
      expect(interactions[0]?.differences[0]).toContain(problem)
    },
  )

  test('whose answer is lost on the way says so', async ({ verify }) => {
    const { interactions } = await verify(
      pactOf({
        providerStates: [{ name: 'wire-reset-after-push' }],
        request: recordedPush(),
        response: { status: 200 },
      }),
    )

    expect(interactions[0]?.differences).toEqual(['no whole answer came'])
  })

  test('starts from a clean slate', async ({ verify }) => {
    const once = {
      providerStates: [{ name: 'wire-internal-error' }],
      request: recordedPush(),
      response: { status: 500 },
    }
    const { passed, report } = await verify(pactOf(once, once))

    expect(passed, report).toBe(true)
  })

  test('of a folder of scenarios is known, too', async ({ folder }) => {
    await writeFile(
      join(folder, 'our-own.yaml'),
      'name: our-own\ndescription: Ours.\npush:\n  receipt: { prefix: DMC }\n',
    )
    const file = join(folder, 'pact.json')
    await writeFile(
      file,
      JSON.stringify(
        pactOf({
          providerStates: [{ name: 'our-own' }],
          request: recordedPush(),
          response: {
            status: 200,
            body: {
              content: { pushAccountReceipts: [{ pushAccountReceipt: 'DMC' }] },
              contentType: 'application/json',
              encoded: false,
            },
            matchingRules: {
              body: {
                '$.pushAccountReceipts[0].pushAccountReceipt': {
                  matchers: [{ match: 'regex', regex: '^DMC-.+$' }],
                },
              },
            },
          },
        }),
      ),
    )

    const simulator = await createSimulator({ data: dataDirectory, scenarios: [folder] })
    const { passed, report } = await verifyPacts(simulator, [file])
    expect(passed, report).toBe(true)
  })
})

describe.skipIf(noPact !== '')(`what is told of a pact${noPact}`, () => {
  const wrong = { request: { method: 'GET', path: '/' }, response: { status: 201 } }
  const right = { request: { method: 'GET', path: '/' }, response: { status: 200 } }

  test('a pending interaction that fails is told of and fails nothing', async ({ verify }) => {
    const { passed, interactions, report } = await verify(
      pactOf({ ...wrong, pending: true }, right),
    )

    expect(passed).toBe(true)
    expect(interactions[0]).toMatchObject({
      outcome: 'failed',
      pending: true,
      differences: ['status: expected 201, but it was 200'],
    })
    expect(report).toContain('~ Bank: interaction 1, pending')
  })

  test.for([
    ['descriptions', { descriptions: ['tion 2', 'nothing'] }],
    ['states', { states: ['approved'] }],
  ] as const)('%s choose interactions', async ([, options], { verify }) => {
    const { passed, interactions, filteredOut } = await verify(
      pactOf(wrong, { ...right, providerStates: [{ name: 'approved' }] }),
      options,
    )

    expect(passed).toBe(true)
    expect(interactions.map(({ description }) => description)).toEqual(['interaction 2'])
    expect(filteredOut).toBe(1)
  })

  test('filters that leave nothing are an error, and what there is is listed', async ({
    verify,
  }) => {
    await expect(verify(pactOf(wrong), { consumers: ['Shop'] })).rejects.toThrow(
      'no interaction is left by the filters; there are\n  Bank, of token-connect: interaction 1',
    )
  })

  test('a pact that Pact cannot read fails, and the others do not', async ({
    simulator,
    folder,
  }) => {
    const odd = {
      ...right,
      response: {
        ...right.response,
        matchingRules: { header: { A: { matchers: [{ match: 'odd' }] } } },
      },
    }
    await writeFile(join(folder, '1.json'), JSON.stringify(pactOf(odd)))
    await writeFile(join(folder, '2.json'), JSON.stringify(pactOf(right)))

    const { interactions } = await verifyPacts(simulator, [folder])

    expect(interactions.map(({ outcome }) => outcome)).toEqual(['failed', 'passed'])
    expect(interactions[0]?.differences[0]).toMatch(
      /^Pact cannot read this pact: Could not parse matcher/,
    )
  })

  test('more than a pipe holds at once is told of in full', async ({ verify }) => {
    const page = {
      ...right,
      response: {
        status: 200,
        body: { content: 'short', contentType: 'text/html', encoded: false },
      },
    }
    const { interactions } = await verify(pactOf(...Array.from({ length: 40 }, () => page)))

    expect(interactions).toHaveLength(40)
    for (const { differences } of interactions)
      expect(differences[0]).toMatch(/^\$: expected "short", but it was "<!doctype html>/)
  })

  test('messages of version 3 are skipped, too, and a version may be a number', async ({
    verify,
  }) => {
    const { consumer, provider } = pactOf() as Record<string, object>
    const pact = { consumer, provider, messages: [{ description: 'a message', contents: {} }] }
    const { interactions } = await verify(
      JSON.stringify({ ...pact, metadata: { pactSpecification: { version: '3.0' } } }).replace(
        '"3.0"',
        '3.0',
      ),
    )

    expect(interactions).toMatchObject([{ description: 'a message', outcome: 'skipped' }])
  })

  test('messages alone verify nothing', async ({ verify }) => {
    const { passed, report } = await verify(
      pactOf({ type: 'Synchronous/Messages', description: 'a message' }),
    )

    expect(passed).toBe(false)
    expect(report).toMatch(/- Bank: a message\n.*\nNo interaction was verified: 1 skipped$/)
  })

  test('no card number and no key', async ({ verify, simulator }) => {
    const clear = [
      {
        pushAccountId: '5123456789012403',
        fundingAccountData: { cardAccountData: { accountNumber: '5123456789012403' } },
      },
    ]
    const verification = await verify(
      pactOf(
        {
          description: 'a push of 5123 4567 8901 2403',
          request: recordedPush({ encryptedPayload: { encryptedData: clear } }),
          response: {
            status: 200,
            body: {
              content: { pushAccountReceipts: [{ pushAccountId: '5123456789012346' }] },
              contentType: 'application/json',
              encoded: false,
            },
          },
        },
        {
          description: 'a page, told of as a whole',
          providerStates: [{ name: 'a push is pending', params: { scenario: 'step-up-by-text' } }],
          request: bringingSignature,
          response: {
            status: 200,
            headers: { 'Content-Type': ['text/html'] },
            body: { content: 'another page', contentType: 'text/html', encoded: false },
          },
        },
      ),
    )

    expect(verification.passed).toBe(false)
    const told = JSON.stringify(verification)
    expect(told).toContain('512345******2403')
    expect(told).not.toMatch(/\d{12}(?!\d*[a-f-])/)
    expect(told).not.toContain('PRIVATE KEY')
    expect(await simulator.journal.entries()).not.toEqual([])
  })
})
