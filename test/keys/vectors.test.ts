import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Fault, Refusal } from '../../src/errors.ts'
import {
  isVisit,
  newReceipt,
  newTokenUniqueReference,
  newVisit,
  pushRoot,
} from '../../src/keys/identifiers.ts'
import { nonceMemory } from '../../src/keys/nonces.ts'
import { requestVerification } from '../../src/keys/request-signature.ts'
import { authorization } from '../support/oauth.ts'

const { privateKey: signingKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})

describe('identifiers', () => {
  const root = pushRoot('42', 'consumer', 1)

  test('known answers for seed 42', () => {
    expect(root).toMatchInlineSnapshot(
      `"366f4a24350ecbbb921f3f8059bb8a3a9aea60616e6e431efcaa429f57b660f9"`,
    )
    expect(newReceipt(root, 0, 'MCC', 'STL')).toMatchInlineSnapshot(
      `"MCC-STL-AA394739-CA6A-44FE-9717-DB6AE7B67412"`,
    )
    expect(newTokenUniqueReference(root, 0)).toMatchInlineSnapshot(
      `"DM4MMC000000000123bf473d09d4c9a1127a08d3fdb88c69"`,
    )
    expect(newVisit(root, ['MCC-1'], 1)).toMatchInlineSnapshot(
      `"1-321e33afd77c0569ca7a88074a6ae645"`,
    )
  })

  test('receipts are version 4 UUIDs in upper case, references have 48 characters', () => {
    for (let n = 0; n < 50; n += 1) {
      const any = pushRoot(undefined, 'consumer', n)
      expect(newReceipt(any, n, 'MSI', 'STL')).toMatch(
        /^MSI-STL-[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/,
      )
      expect(newTokenUniqueReference(any, n)).toHaveLength(48)
    }
  })

  test('each push, position and consumer key has its own', () => {
    const roots = [
      root,
      pushRoot('42', 'consumer', 2),
      pushRoot('42', 'other', 1),
      pushRoot('43', 'consumer', 1),
    ]
    const receipts = roots.flatMap((one) => [
      newReceipt(one, 0, 'MCC', 'STL'),
      newReceipt(one, 1, 'MCC', 'STL'),
    ])
    expect(new Set(receipts).size).toBe(8)
  })

  test('a visit is known by its push only', () => {
    const visit = newVisit(root, ['MCC-1'], 7)
    expect(isVisit(root, ['MCC-1'], visit)).toBe(true)
    expect(isVisit(root, ['MCC-1', 'MCC-2'], visit)).toBe(false)
    expect(isVisit(pushRoot('42', 'consumer', 2), ['MCC-1'], visit)).toBe(false)
    for (const forged of ['', '7', visit.replace('7-', '8-'), `${visit}0`, '0-00', '-1-00'])
      expect(isVisit(root, ['MCC-1'], forged)).toBe(false)
  })
})

describe('nonces', () => {
  test('are remembered for the window, per consumer key, and forgotten after it', () => {
    const nonces = nonceMemory(300)
    expect(nonces.remember('a', 'n', 1000, 1000)).toBeUndefined()
    expect(nonces.remember('a', 'n', 1000, 1000)).toBe(1000)
    expect(nonces.remember('b', 'n', 1000, 1000)).toBeUndefined()
    expect(nonces.remember('a', 'n', 1250, 1299)).toBe(1000)
    expect(nonces.remember('a', 'n', 2000, 2000)).toBeUndefined()
  })

  test('a nonce signed ahead is remembered as long as its timestamp is acceptable', () => {
    const nonces = nonceMemory(300)
    expect(nonces.remember('a', 'n', 1300, 1000)).toBeUndefined()
    expect(nonces.remember('a', 'n', 1300, 1599)).toBe(1300)
    expect(nonces.remember('a', 'n', 1300, 1600)).toBe(1300)
  })
})

test('the body hashes of the documentation: empty body, {} and a request', () => {
  const clock = { now: () => 1_700_000_000_000 }
  const issuer = { consumerKey: 'consumer', publicKey: createPublicKey(publicKey) }
  const { verify } = requestVerification({ findIssuer: () => issuer, clock })
  const tolerateNothing = (fault: Fault) => {
    throw new Refusal(fault)
  }
  for (const [body, hash] of [
    ['', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
    ['{}', 'RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='],
    ['{"requestId":"123456"}', 'd2OExow9DSfIPDaovpDErIIDJ9qM6JcwQUAFC6o7RZA='],
  ] as const) {
    const url = 'https://sandbox.api.mastercard.com/mdes/x'
    const header = authorization({
      url,
      body,
      consumerKey: 'consumer',
      signingKey,
      timestamp: '1700000000',
    })
    expect(header).toContain(`oauth_body_hash="${hash}"`)
    const request = {
      method: 'POST',
      url: new URL(url),
      authorization: header,
      body: Buffer.from(body),
      alsoKnownAs: [],
    }
    expect(verify(request, tolerateNothing)).toBe(issuer)
  }
})
