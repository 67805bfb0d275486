import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { type CardAccount, redirectUrl } from '../../src/issuer/client.ts'
import { locationOf, test } from '../support/journey.ts'

const numRuns = Number(process.env.PROPERTY_RUNS ?? 40)

const digits = (minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })
/** Any Unicode text whose length, as JavaScript and the specification's own schema language count it, is within limits. */
const text = (minLength: number, maxLength: number) =>
  fc
    .string({ unit: 'grapheme', minLength, maxLength })
    .map((value) => value.slice(0, maxLength))
    .filter((value) => value.length >= minLength && !/\p{Surrogate}/u.test(value))

const cardAccountData = fc.record(
  {
    accountNumber: fc.oneof(
      digits(3, 13).map((rest) => `512345${rest}`),
      digits(5, 14).map((rest) => `5412${rest}`),
    ),
    expiryMonth: fc.integer({ min: 1, max: 12 }).map((month) => String(month).padStart(2, '0')),
    expiryYear: fc.integer({ min: 27, max: 99 }).map(String),
  },
  { requiredKeys: ['accountNumber'] },
)

const accountHolderData = fc.record(
  {
    accountHolderName: text(1, 27),
    accountHolderAddress: fc.record(
      {
        line1: text(0, 64),
        line2: text(0, 64),
        city: text(0, 32),
        countrySubdivision: text(0, 12),
        postalCode: text(0, 16),
        country: fc.constantFrom('USA', 'CZE', 'GBR'),
      },
      { requiredKeys: [] },
    ),
    accountHolderEmailAddress: text(6, 320),
    accountHolderMobilePhoneNumber: fc.record({
      countryDialInCode: digits(1, 4),
      phoneNumber: digits(1, 20),
    }),
  },
  { requiredKeys: [] },
)

const account: fc.Arbitrary<CardAccount> = fc.record({
  pushAccountId: text(1, 36),
  fundingAccountData: fc.record(
    {
      cardAccountData,
      accountHolderData,
      dataValidUntilTimestamp: fc.constantFrom(
        '2026-01-30T12:30:00Z',
        '2026-01-31T13:00:00.000+01:00',
        '2026-02-28T23:59:59.9-05:00',
      ),
    },
    { requiredKeys: ['cardAccountData'] },
  ),
})

const signatureData = fc.record(
  {
    callbackURL: fc.constantFrom(
      'https://partnerbank.com/tokenization-results',
      'https://bank.test/back?session_id=1&x=%C3%A9',
      'http://localhost:3000/results',
      'moonbank://pushcallback',
    ),
    completeIssuerAppActivation: fc.boolean(),
    completeWebsiteActivation: fc.boolean(),
    accountHolderDataSupplied: fc.boolean(),
    locale: fc.constantFrom('en_US', 'cs_CZ', 'fr_CA'),
    tokenRequestorSessionId: text(3, 64),
  },
  { requiredKeys: [] },
)

const request = fc.record(
  {
    requestId: text(1, 64),
    accounts: fc.uniqueArray(account, {
      selector: ({ pushAccountId }) => pushAccountId,
      minLength: 1,
      maxLength: 5,
    }),
    signatureData,
    pushAccountReceiptsValidityPeriod: fc.integer({ min: 5, max: 15 }),
    project: fc.record({
      oaepHash: fc.constantFrom('SHA-256' as const, 'SHA-512' as const),
      signatureMethod: fc.constantFrom('RSA-SHA256' as const, 'RSA-PSS-SHA256' as const),
    }),
  },
  { requiredKeys: ['requestId', 'accounts'] },
)

describe("legal values, through Mastercard's own libraries", () => {
  test('are always accepted and signed, and lead the cardholder back', async ({
    push,
    visit,
    simulator,
  }) => {
    await fc.assert(
      fc.asyncProperty(request, async (legal) => {
        const result = await push(legal as never)
        if (!result.accepted) throw new Error(`refused: ${result.text}`)
        expect(result.responseId).toBe(legal.requestId)
        expect(result.pushAccountReceipts.map(({ pushAccountId }) => pushAccountId)).toEqual(
          legal.accounts.map(({ pushAccountId }) => pushAccountId),
        )
        const claims = JSON.parse(
          Buffer.from(result.signature?.split('.')[1] ?? '', 'base64url').toString(),
        )
        expect(claims.pushAccountReceipts).toEqual(
          result.pushAccountReceipts.map(({ pushAccountReceipt }) => pushAccountReceipt),
        )
        // The fixture has signatureData of its own where there is none.
        expect(claims.callbackURL).toBe(
          legal.signatureData === undefined
            ? 'https://partnerbank.com/tokenization-results'
            : legal.signatureData.callbackURL,
        )
        const answer = await visit(redirectUrl(result, { useCase: 'signature' }))
        if (claims.callbackURL !== undefined)
          expect(locationOf(answer).startsWith(claims.callbackURL)).toBe(true)
        const said = JSON.stringify(await simulator.journal.entries())
        for (const { fundingAccountData } of legal.accounts) {
          const { accountNumber } = fundingAccountData.cardAccountData
          if (accountNumber.length > 11) expect(said).not.toContain(accountNumber)
        }
      }),
      { numRuns },
    )
  })
})
