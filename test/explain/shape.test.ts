import type { X509Certificate } from 'node:crypto'
import { test as base, describe, expect } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { explainShape } from '../../src/explain/payload/shape.ts'
import { unknownMembers } from '../../src/explain/payload/unknown-members.ts'
import { openKeyring } from '../../src/keys/keyring.ts'
import { pushMultipleAccountsMembers } from '../../src/token-connect/message-members.ts'
import { readAccounts, readPushMultipleAccounts } from '../../src/token-connect/read-messages.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { bodyByLibrary, cardNumber, type LibrarySettings } from '../support/encryption-mistakes.ts'
import { card, noon } from '../support/journey.ts'

const { request: known, content: knownOfAccounts } = pushMultipleAccountsMembers
const tolerateAll = () => undefined

const test = base.extend<{ certificate: X509Certificate }>({
  // biome-ignore lint/correctness/noEmptyPattern: how Vitest wants a fixture without others.
  certificate: async ({}, use) =>
    use((await openKeyring(dataDirectory, noon.getTime())).encryption.certificate),
})

/** Explains what the simulator refuses of a request. */
function explained(json: unknown) {
  return explainShape(
    json,
    known,
    faultsOf(() => readPushMultipleAccounts(json, false, tolerateAll)),
  )
}

function faultsOf(read: () => unknown): Refusal['faults'] | [] {
  try {
    read()
    return []
  } catch (error) {
    if (error instanceof Refusal) return error.faults
    throw error
  }
}

const encryptedPayload = {
  encryptedData: 'ab'.repeat(32),
  publicKeyFingerprint: 'ab'.repeat(32),
  encryptedKey: 'ab'.repeat(256),
  oaepHashingAlgorithm: 'SHA512',
  iv: 'ab'.repeat(16),
}
const good = {
  requestId: 'request-1',
  tokenRequestorId: '50123197928',
  pushFundingAccounts: { encryptedPayload },
}

describe("Mastercard's Node library, configured otherwise", () => {
  const path = 'pushFundingAccounts.encryptedPayload'
  type Row = [code: string, because: RegExp, library: LibrarySettings]
  test.for<Row>([
    [
      'ENCRYPTION_PATH_WITH_DOLLAR',
      /member named "\$"/,
      { element: `$.${path}.encryptedData`, obj: `$.${path}` },
    ],
    ['ENCRYPTION_PATH_WITH_DOLLAR', /member named "\$"/, { obj: `$.${path}` }],
    ['ENCRYPTED_WHOLE_BODY', /top of the body/, { element: '$', obj: '$' }],
    ['ENCRYPTED_WHOLE_BODY', /top of the body/, { obj: '$' }],
    [
      'ENCRYPTED_OBJECT_MISPLACED',
      /at pushFundingAccounts; expected at pushFundingAccounts.encryptedPayload/,
      { obj: 'pushFundingAccounts' },
    ],
    [
      'ENCRYPTED_OBJECT_MISPLACED',
      /at pushFundingAccounts;/,
      { element: 'pushFundingAccounts', obj: 'pushFundingAccounts' },
    ],
    [
      'ENCRYPTED_OBJECT_MISPLACED',
      /at pushFundingAccount.encryptedPayload;/,
      { obj: 'pushFundingAccount.encryptedPayload' },
    ],
    ['NOT_ENCRYPTED', /is an array/, { element: 'encryptedData' }],
    [
      'ENCRYPTION_FIELD_NAME',
      /encryptedValue is called encryptedData/,
      { settings: { encryptedValueFieldName: 'encryptedValue' } },
    ],
    [
      'ENCRYPTION_FIELD_NAME',
      /encryptedSymmetricKey is called encryptedKey, .*oaepHashingAlgo is called/,
      {
        settings: {
          encryptedKeyFieldName: 'encryptedSymmetricKey',
          oaepHashingAlgorithmFieldName: 'oaepHashingAlgo',
        },
      },
    ],
    [
      'FINGERPRINT_NOT_SENT',
      /no publicKeyFingerprint/,
      {
        settings: { publicKeyFingerprintType: undefined, publicKeyFingerprintFieldName: undefined },
      },
    ],
    ['ENCODING_NOT_HEX', /encryptedKey is base64/, { settings: { dataEncoding: 'base64' } }],
  ])('%s %s', ([code, because, library], { certificate }) => {
    const explanation = explained(bodyByLibrary(certificate, library))
    expect(explanation.causes[0]).toEqual({
      code,
      because: expect.stringMatching(because),
      fix: expect.stringMatching(/\.$/),
      proven: true,
    })
    expect(JSON.stringify(explanation)).not.toMatch(/\d{12,}/)
  })

  test('leaves the card number in clear with "$."', ({ certificate }) => {
    const body = bodyByLibrary(certificate, {
      element: `$.${path}.encryptedData`,
      obj: `$.${path}`,
    })
    expect(body).toMatchObject({
      pushFundingAccounts: { encryptedPayload: { encryptedData: [card(cardNumber)] } },
      $: { pushFundingAccounts: { encryptedPayload: { encryptedData: expect.any(String) } } },
    })
    expect(explained(body).causes.map(({ code }) => code)).toEqual(['ENCRYPTION_PATH_WITH_DOLLAR'])
  })

  test('makes a good body', ({ certificate }) => {
    expect(explained(bodyByLibrary(certificate))).toEqual({ causes: [], comparisons: [] })
  })
})

describe('names', () => {
  const { tokenRequestorId, ...withoutId } = good
  type Row = [code: string, proven: boolean, because: RegExp, json: object]
  test.for<Row>([
    [
      'MEMBER_MISSPELT',
      true,
      /tokenRequesterId.*tokenRequestorId is missing/,
      { ...withoutId, tokenRequesterId: tokenRequestorId },
    ],
    [
      'MEMBER_MISSPELT',
      true,
      /tokenRequestorID/,
      { ...withoutId, tokenRequestorID: tokenRequestorId },
    ],
    [
      'MEMBER_MISSPELT',
      true,
      /token_requestor_id/,
      { ...withoutId, token_requestor_id: tokenRequestorId },
    ],
    [
      'MEMBER_MISPLACED',
      true,
      /belongs at tokenRequestorId/,
      { ...withoutId, signatureData: { tokenRequestorId } },
    ],
    [
      'MEMBER_MISSPELT',
      true,
      /pushFundingAccounts is missing/,
      { requestId: '1', tokenRequestorId, pushFundingAccount: { encryptedData: 'ab' } },
    ],
    [
      'MEMBER_MISSPELT',
      false,
      /signatureData.callBackURL.*did you mean callbackURL/,
      { ...good, signatureData: { callBackURL: 'https://bank.example' } },
    ],
    [
      'MEMBER_MISSPELT',
      false,
      /did you mean callbackURL/,
      { ...good, signatureData: { callbackUrl: 'https://bank.example' } },
    ],
    [
      'MEMBER_MISSPELT',
      false,
      /did you mean pushAccountReceiptsValidityPeriod/,
      { ...good, pushAccountReceiptValidityPeriod: 15 },
    ],
    [
      'MEMBER_MISPLACED',
      false,
      /belongs at signatureData.callbackURL/,
      { ...good, callbackURL: 'https://bank.example' },
    ],
    ['MEMBER_UNKNOWN', false, /securityQuestion/, { ...good, securityQuestion: 'x' }],
  ])('%s %s %s', ([code, proven, because, json]) => {
    const [cause] = explained(json).causes
    expect(cause).toMatchObject({ code, proven, because: expect.stringMatching(because) })
  })

  test('of accounts', () => {
    const json = [
      {
        pushAccountID: '1',
        fundingAccountData: { cardAccountData: { accountnumber: cardNumber, securityCode: '123' } },
      },
    ]
    const explanation = explainShape(
      json,
      knownOfAccounts,
      faultsOf(() => readAccounts(json, 5, tolerateAll)),
    )
    expect(explanation.causes.map(({ code, because }) => `${code} ${because}`)).toEqual([
      'MEMBER_MISSPELT pushFundingAccounts.encryptedPayload.encryptedData.0.pushAccountID: no such member; pushFundingAccounts.encryptedPayload.encryptedData.0.pushAccountId is missing.',
      'MEMBER_MISSPELT pushFundingAccounts.encryptedPayload.encryptedData.0.fundingAccountData.cardAccountData.accountnumber: no such member; pushFundingAccounts.encryptedPayload.encryptedData.0.fundingAccountData.cardAccountData.accountNumber is missing.',
    ])
  })

  test('are listed with the name that was meant and the place', () => {
    const json = { ...good, callbackURL: 'x', signatureData: { callBackURL: 'x', [cardNumber]: 1 } }
    expect(unknownMembers(json, known)).toEqual([
      { path: 'callbackURL', name: 'callbackURL', knownAt: ['signatureData.callbackURL'] },
      {
        path: 'signatureData.callBackURL',
        name: 'callBackURL',
        didYouMean: 'callbackURL',
        knownAt: [],
      },
      { path: 'signatureData.512345******2346', name: '512345******2346', knownAt: [] },
    ])
  })

  test('are not looked for inside what has no members', () => {
    expect(unknownMembers({ ...good, requestId: { a: 1 } }, known)).toEqual([])
    for (const json of [null, 1, 'text', [], [[]]]) expect(unknownMembers(json, known)).toEqual([])
  })
})

describe('values', () => {
  type Row = [code: string, because: RegExp, json: object]
  test.for<Row>([
    ['MEMBER_MISSING', /^requestId: is missing; expected text/, { ...good, requestId: undefined }],
    [
      'WRONG_TYPE',
      /^requestId: expected text, and not a number/,
      { ...good, requestId: 5123456789012346 },
    ],
    [
      'WRONG_LENGTH',
      /^tokenRequestorId: has 16 characters; expected at most 11/,
      { ...good, tokenRequestorId: cardNumber },
    ],
    [
      'WRONG_VALUE',
      /^pushAccountReceiptsValidityPeriod: is out of range; expected at most 15/,
      { ...good, pushAccountReceiptsValidityPeriod: 16 },
    ],
    [
      'WRONG_TYPE',
      /^signatureData: expected an object, and not an array/,
      { ...good, signatureData: [cardNumber] },
    ],
    [
      'OAEP_HASH_NAME',
      /is SHA-256; SHA256/,
      {
        ...good,
        pushFundingAccounts: {
          encryptedPayload: { ...encryptedPayload, oaepHashingAlgorithm: 'SHA-256' },
        },
      },
    ],
    [
      'ENCRYPTED_AS_JWE',
      /encryptedData is a compact JWE/,
      {
        ...good,
        pushFundingAccounts: {
          encryptedPayload: { encryptedData: 'eyJhbGciOiJSU0EifQ.YQ.Yg.Yw.ZA' },
        },
      },
    ],
  ])('%s %s', ([code, because, json]) => {
    const explanation = explained(json)
    expect(explanation.causes[0]).toMatchObject({
      code,
      proven: true,
      because: expect.stringMatching(because),
    })
    expect(JSON.stringify(explanation)).not.toMatch(/\d{12,}/)
  })

  test('of accounts', () => {
    const json = [card('51234567890123469999')]
    const explanation = explainShape(
      json,
      knownOfAccounts,
      faultsOf(() => readAccounts(json, 5, tolerateAll)),
    )
    expect(explanation.causes).toMatchObject([
      {
        code: 'WRONG_LENGTH',
        because: expect.stringMatching(/accountNumber: has 20 characters; expected at most 19/),
      },
    ])
  })

  test('that are no message at all', () => {
    for (const json of [null, 1, 'text', [], undefined])
      expect(explained(json).causes[0]).toMatchObject({
        code: expect.stringMatching(/WRONG_TYPE|MEMBER_MISSING/),
      })
  })

  test('a message of hostile size is explained within bounds', () => {
    const json = {
      ...good,
      ...Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`requestId${i}`, { a: i }])),
    }
    expect(explained(json).causes.length).toBeLessThan(60)
  })
})
