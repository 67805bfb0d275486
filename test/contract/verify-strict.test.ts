import { describe, expect } from 'vitest'
import { noPact } from '../support/pact.ts'
import { approved, pactOf, recordedPush, test } from '../support/pact-verification.ts'

const card = '5123456789012346'

const account = (accountNumber: string) => ({
  pushAccountId: 'card-1',
  fundingAccountData: {
    cardAccountData: { accountNumber, expiryMonth: '12', expiryYear: '39' },
  },
})
const inClear = [account(card)]

const inClearNote =
  'THE ACCOUNTS ARE RECORDED IN CLEAR and were encrypted here: that your client encrypts is not verified'
const neitherNote =
  'encryptedData is neither ciphertext nor a whole list of accounts, so it was sent as it was recorded'

describe.skipIf(noPact !== '')(`a client that does not encrypt${noPact}`, () => {
  test.for([
    ['a list of accounts', { encryptedData: inClear }],
    ['the list as a text of JSON', { encryptedData: JSON.stringify(inClear) }],
  ] as const)(
    'is not found out by %s in a whole envelope, which is said',
    async ([, encryptedPayload], { verify }) => {
      const { passed, interactions } = await verify(
        pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
      )

      expect(passed).toBe(true)
      expect(interactions[0]?.notes).toContain(inClearNote)
    },
  )

  const missing = (member: string) => ({ encryptedData: inClear, [member]: undefined })
  test.for([
    [
      'sends nothing but the accounts',
      {
        encryptedData: inClear,
        encryptedKey: undefined,
        iv: undefined,
        publicKeyFingerprint: undefined,
        oaepHashingAlgorithm: undefined,
      },
      'MISSING_REQUIRED_FIELD',
      inClearNote,
    ],
    ['has no encryptedKey', missing('encryptedKey'), 'MISSING_REQUIRED_FIELD', inClearNote],
    ['has no iv', missing('iv'), 'CRYPTOGRAPHY_ERROR', inClearNote],
    [
      'has no oaepHashingAlgorithm',
      missing('oaepHashingAlgorithm'),
      'OAEP_NOT_DECLARED',
      inClearNote,
    ],
    ['sends a card number', { encryptedData: card }, 'CRYPTOGRAPHY_ERROR', neitherNote],
    ['sends a sentence', { encryptedData: `card ${card}` }, 'ENCODING_NOT_HEX', neitherNote],
    [
      'sends accounts cut short',
      { encryptedData: JSON.stringify(inClear).slice(0, -3) },
      'ENCODING_NOT_HEX',
      neitherNote,
    ],
    ['sends nothing', { encryptedData: '' }, 'INVALID_FIELD_LENGTH', neitherNote],
    ['sends null', { encryptedData: null }, 'MISSING_REQUIRED_FIELD', neitherNote],
    [
      'has its accounts in encryptedKey',
      { encryptedKey: JSON.stringify(inClear) },
      'encryptedKey is neither hex nor base64',
      'A CARD NUMBER IS IN CLEAR in pushFundingAccounts.encryptedPayload.encryptedKey; it belongs into encryptedData alone',
    ],
    [
      'writes the fingerprint with colons',
      { publicKeyFingerprint: Array(32).fill('0f').join(':') },
      'publicKeyFingerprint is hex with separators',
      undefined,
    ],
  ] as const)('is refused when it %s', async ([, encryptedPayload, why, note], { verify }) => {
    const { passed, report, interactions } = await verify(
      pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
    )

    expect(passed).toBe(false)
    expect(report).toContain(why)
    if (note !== undefined) expect(interactions[0]?.notes).toContain(note)
    expect(report).not.toContain(card)
  })

  test.for([
    ['requestId', { requestId: card }],
    ['requestId', { requestId: '5123 4567 8901 2346' }],
    ['note', { note: `the card ${card}` }],
    ['number', { number: Number(card) }],
    [
      'accounts.0.fundingAccountData.cardAccountData.accountNumber',
      { accounts: [account('5425233430109903')] },
    ],
  ] as const)(
    'has its card number in clear in %s, which is said',
    async ([place, members], { verify }) => {
      const { interactions } = await verify(
        pactOf({ ...approved, request: recordedPush({ members }) }),
      )

      expect(interactions[0]?.notes).toContain(
        `A CARD NUMBER IS IN CLEAR in ${place}; it belongs into encryptedData alone`,
      )
    },
  )

  test('has no card number in a receipt, a range or its own ids', async ({ verify }) => {
    const { interactions } = await verify(
      pactOf({
        request: recordedPush({
          members: {
            requestId: '7c0e2b5a-3d14-4f86-9a61-0b8f5d2c6e10',
            accountRanges: [5123456789000000000],
            at: '20260131120000123',
          },
        }),
        response: { status: 200 },
      }),
    )

    expect(interactions[0]?.notes.join()).not.toContain('IN CLEAR')
  })
})

describe.skipIf(noPact !== '')(`the hash of OAEP${noPact}`, () => {
  const undeclared = { oaepHashingAlgorithm: undefined }

  test.for([
    ['is missing', undeclared],
    ['has another name', { ...undeclared, oaepPaddingDigestAlgorithm: 'SHA-512' }],
  ] as const)('is forgotten when it %s', async ([, encryptedPayload], { verify }) => {
    const { passed, report } = await verify(
      pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
    )

    expect(passed).toBe(false)
    expect(report).toContain('oaepHashingAlgorithm is absent. (OAEP_NOT_DECLARED)')
    expect(report).toContain('if yours wraps with PKCS#1 v1.5, say so (--pkcs1)')
  })

  test('is not needed where PKCS#1 v1.5 is what the client wraps with', async ({ verify }) => {
    const request = recordedPush({ encryptedPayload: undeclared })
    const { passed, report } = await verify(pactOf({ ...approved, request }), { pkcs1: true })

    expect(passed, report).toBe(true)
  })

  test('counts where it is declared, whatever the client is said to wrap with', async ({
    verify,
  }) => {
    const { passed, report } = await verify(pactOf({ ...approved, request: recordedPush() }), {
      pkcs1: true,
    })

    expect(passed, report).toBe(true)
  })
})

test.skipIf(noPact !== '')('GCM that is not declared is refused as such', async ({ verify }) => {
  const encryptedPayload = { cipherMode: 'GCM', tag: '0f', aad: '0f' }
  const { passed, report } = await verify(
    pactOf({ ...approved, request: recordedPush({ encryptedPayload }) }),
  )

  expect(passed).toBe(false)
  expect(report).toContain('CIPHER_MODE_NOT_DECLARED')
})

test.skipIf(noPact !== '')(
  'a recorded X-Simulator-Scenario plays nothing in place of the provider state',
  async ({ verify }) => {
    const headers = { 'X-Simulator-Scenario': ['approved'] }
    const { passed, interactions } = await verify(
      pactOf({
        ...approved,
        providerStates: [{ name: 'ineligible-card' }],
        request: recordedPush({ headers }),
      }),
    )

    expect(passed).toBe(false)
    expect(interactions[0]?.notes).toContain(
      'recorded with X-Simulator-Scenario, which was not sent: name the scenario as the provider state',
    )
  },
)

describe.skipIf(noPact !== '')(`a recorded signature${noPact}`, () => {
  const whole =
    'oauth_consumer_key="x",oauth_nonce="n",oauth_timestamp="1",oauth_version="1.0",oauth_signature_method="RSA-SHA256",oauth_signature="e",oauth_body_hash="h"'

  test.for([
    ['OAuth x'],
    ['OAuth oauth_signature="example"'],
    ['OAuth oauth_consumer_key="x",oauth_signature_method="RSA-SHA256",oauth_signature="example"'],
    [`OAuth ${whole}`],
  ] as const)('such as %s is replaced, which is said once', async ([authorization], { verify }) => {
    const push = { ...approved, request: recordedPush({ authorization }) }
    const { passed, notes, interactions } = await verify(pactOf(push, push))

    expect(passed).toBe(true)
    expect(notes).toEqual([
      'Recorded signatures were replaced by good ones: that your client signs well is not verified by pacts.',
    ])
    for (const { notes } of interactions) expect(notes.join()).not.toContain('Authorization')
  })

  test.for([
    ['has no body hash', /,oauth_body_hash="h"/, '', 'The header has no oauth_body_hash.'],
    ['has no timestamp', /oauth_timestamp="1",/, '', 'The header has no oauth_timestamp.'],
    ['is of another version', /"1\.0"/, '"2.0"', 'oauth_version is "2.0".'],
    [
      'has a parameter twice',
      /^/,
      'oauth_consumer_key="y",',
      'oauth_consumer_key stands twice in the header.',
    ],
    ['has single quotes', /"n"/, "'n'", 'The values stand between single quotes.'],
  ] as const)('that %s is doubted', async ([, from, to, doubt], { verify }) => {
    const authorization = `OAuth ${whole.replace(from, to)}`
    const { interactions } = await verify(
      pactOf({ ...approved, request: recordedPush({ authorization }) }),
    )

    expect(interactions[0]?.notes.join()).toContain(
      `the recorded Authorization header was replaced, and would be refused: ${doubt}`,
    )
  })

  test('that is an example is doubted where the example is wrong', async ({ verify }) => {
    const authorization = 'OAuth oauth_version="2.0",oauth_signature="example"'
    const { interactions } = await verify(
      pactOf({ ...approved, request: recordedPush({ authorization }) }),
    )

    expect(interactions[0]?.notes.join()).toContain('oauth_version is "2.0".')
    expect(interactions[0]?.notes.join()).not.toContain('oauth_body_hash')
  })
})

describe.skipIf(noPact !== '')(`a refusal with HTTP 200${noPact}`, () => {
  const refused = recordedPush({ encryptedPayload: { encryptedKey: 7 } })
  const content = (content: object) => ({
    status: 200,
    body: { content, contentType: 'application/json', encoded: false },
  })

  test.for([
    ['nothing but the status', { status: 200 }],
    [
      'a header of every answer',
      { status: 200, headers: { 'Content-Type': ['application/json'] } },
    ],
    ['the responseId, which every answer has', content({ responseId: 'request-1' })],
  ] as const)('breaks a pact that expects %s', async ([, response], { verify }) => {
    const { passed, interactions } = await verify(
      pactOf({ providerStates: [{ name: 'approved' }], request: refused, response }),
    )

    expect(passed).toBe(false)
    expect(interactions[0]).toMatchObject({
      differences: [
        'the simulator refused it (INVALID_FIELD_FORMAT: pushFundingAccounts.encryptedPayload.encryptedKey), and the pact expects nothing but status 200, which most refusals have',
      ],
      refusals: [{ what: expect.stringContaining('INVALID_FIELD_FORMAT') }],
    })
  })

  test.for([
    [
      'expects the refusal',
      { request: refused, response: content({ errors: [{ reasonCode: 'INVALID_FIELD_FORMAT' }] }) },
      'note: the simulator says: 200 POST',
    ],
    [
      'is about a scenario that refuses',
      {
        providerStates: [{ name: 'ineligible-range-lookup' }],
        request: {
          ...recordedPush(),
          path: '/mdes/connect/1/0/getEligibleTokenRequestors',
          body: {
            content: { requestId: 'request-1', accountRanges: ['5123456789'] },
            contentType: 'application/json',
            encoded: false,
          },
        },
        response: { status: 200 },
      },
      'refused with',
    ],
  ] as const)('keeps a pact that %s', async ([, interaction, said], { verify }) => {
    const { passed, report } = await verify(pactOf(interaction))

    expect(passed, report).toBe(true)
    expect(report).toContain(said)
  })
})

describe.skipIf(noPact !== '')(`what is worth a look${noPact}`, () => {
  test('is in the notes: a card that may be real, and the story that a card tells', async ({
    verify,
  }) => {
    const pushOf = (number: string) => ({
      ...approved,
      providerStates: [],
      request: recordedPush({ encryptedPayload: { encryptedData: [account(number)] } }),
    })
    const { interactions } = await verify(
      pactOf(pushOf('5425233430109903'), pushOf('5123456789012361')),
    )

    expect(interactions.map(({ notes }) => notes.filter((note) => note !== inClearNote))).toEqual([
      [expect.stringMatching(/^warning: 542523\*{6}9903 may be somebody's REAL CARD/)],
      ['the card chose the scenario "declined"'],
    ])
  })

  const ranges = {
    ...recordedPush(),
    path: '/mdes/connect/1/0/getEligibleTokenRequestors',
    body: {
      content: { requestId: 'request-1', accountRanges: ['5123456789'] },
      contentType: 'application/json',
      encoded: false,
    },
  }
  const page = { method: 'GET', path: '/provision' }
  test.for([
    ['declined', ranges, 'POST /mdes/connect/1/0/getEligibleTokenRequestors'],
    ['ineligible-everywhere', ranges, undefined],
    ['wire-internal-error', ranges, undefined],
    // Nothing in it differs from what comes anyway.
    ['approved', ranges, undefined],
    ['ineligible-everywhere', recordedPush(), 'POST /mdes/connect/1/0/pushMultipleAccounts'],
    // Of another stage, but of the same push.
    ['declined', recordedPush(), undefined],
    ['a push is pending', recordedPush(), 'POST /mdes/connect/1/0/pushMultipleAccounts'],
    ['declined', page, 'GET /provision; name "a push is pending" beside it'],
    ['a push is pending', page, undefined],
  ] as const)(
    'is a state "%s" that this request cannot meet',
    async ([name, request, place], { verify }) => {
      const { interactions } = await verify(
        pactOf({ providerStates: [{ name }], request, response: { status: 200 } }),
      )

      const notes = interactions[0]?.notes.filter((note) => note.includes('no effect')) ?? []
      expect(notes).toEqual(
        place === undefined ? [] : [`the provider state "${name}" has no effect on ${place}`],
      )
    },
  )

  const expecting = (regex: string) => ({
    ...approved,
    request: recordedPush(),
    response: {
      status: 200,
      body: {
        content: { signature: 'example' },
        contentType: 'application/json',
        encoded: false,
      },
      matchingRules: { body: { '$.signature': { matchers: [{ match: 'regex', regex }] } } },
    },
  })

  test.for([
    ['the rule, however long the value', '^[a-f]+$', / characters\)' to match '\^\[a-f\]\+\$'$/],
    [
      'that a part is not enough',
      '^eyJ',
      /' to match '\^eyJ'; it matches a part, and Pact wants the whole value matched$/,
    ],
  ] as const)(
    'is, where a regular expression does not match, %s',
    async ([, regex, said], { verify }) => {
      const { interactions } = await verify(pactOf(expecting(regex)))

      expect(interactions[0]?.differences[0]).toMatch(said)
    },
  )
})
