import type { Example, Places, Section } from './rule.ts'
import { alpha3, but, digits, object, optional, required, text } from './value.ts'

/** Any account that is pushed. */
export const account: Places = {
  pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload.encryptedData.0.fundingAccountData',
  pushAccount: 'pushFundingAccount.encryptedPayload.encryptedData',
}

/** A card that is good for everything. */
export const sampleCard: Example = {
  cardAccountData: { accountNumber: '5123456789012346', expiryMonth: '12', expiryYear: '39' },
}

export const sampleFinancialAccount: Example = {
  financialAccountId: '1123456789012345',
  interbankCardAssociationId: '1234',
  countryCode: 'GBR',
}

export const namedCards = (...names: readonly string[]): readonly Example[] =>
  names.map((pushAccountId) => ({ pushAccountId, fundingAccountData: sampleCard }))

/** What the ciphertext holds. A fault of a field here is one of the request; only what {@link specialRules} say is of one account. */
export const accountSections: readonly Section[] = [
  {
    title: 'Inside the ciphertext of pushMultipleAccounts',
    at: { pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload' },
    encrypted: true,
    fields: [
      optional(
        'encryptedData',
        {
          allowed: 'an array of 1 to 5 accounts (that 5 is the most is assumed)',
          faults: {
            'wrong type': [sampleCard, 'text'],
            'too short': [[]],
            'too long': [namedCards('1', '2', '3', '4', '5', '6')],
          },
        },
        'what is encrypted',
      ),
      optional(
        'encryptedData.0',
        { allowed: 'an object', faults: { 'wrong type': [7, []] } },
        'each',
      ),
      required('encryptedData.0.pushAccountId', text(1, 36)),
      required('encryptedData.0.fundingAccountData', object),
    ],
  },
  {
    title: 'Inside the ciphertext of pushAccount',
    at: { pushAccount: 'pushFundingAccount.encryptedPayload' },
    encrypted: true,
    fields: [
      optional(
        'encryptedData',
        { allowed: 'one account, without an array', faults: { 'wrong type': [[], 'text'] } },
        'what is encrypted',
      ),
    ],
  },
  {
    title: 'Inside the ciphertext, of an account: fundingAccountData',
    at: account,
    encrypted: true,
    fields: [
      optional('dataValidUntilTimestamp', {
        allowed:
          'YYYY-MM-DDThh:mm:ssZ or with an offset, with up to three digits of a second, of a time that exists',
        faults: {
          'wrong type': [1769774400],
          'too short': ['2026-01-31', '2026-01-31T12:00:00'],
          'too long': ['2026-01-31T12:00:00.0000+00:00'],
          'bad format': [
            '2026-01-31T12:00:00.000',
            '2026-01-31 12:00:00Z',
            '2026-13-31T12:00:00Z',
            '2026-02-30T12:00:00Z',
            '2026-01-31T24:00:00Z',
          ],
        },
      }),
      optional('cardAccountData', object, 'this or financialAccountData'),
      required('cardAccountData.accountNumber', digits(9, 19)),
      optional(
        'cardAccountData.expiryMonth',
        but(digits(2, 2), { allowed: '01 to 12', faults: { 'bad value': ['00', '13'] } }),
      ),
      optional(
        'cardAccountData.expiryYear',
        but(digits(2, 2), { faults: { 'too long': ['2039'] } }),
      ),
      optional('accountHolderData', object),
    ],
  },
  {
    title: 'Inside the ciphertext, of an account: financialAccountData',
    at: account,
    encrypted: true,
    given: { financialAccountData: sampleFinancialAccount },
    fields: [
      optional('financialAccountData', object, 'this or cardAccountData'),
      required(
        'financialAccountData.financialAccountId',
        but(text(9, 64), {
          allowed: 'text of 9 to 64 characters without spaces',
          faults: { 'bad format': ['1123 4567 8901 2345'] },
        }),
      ),
      required('financialAccountData.interbankCardAssociationId', digits(3, 11)),
      required('financialAccountData.countryCode', alpha3),
    ],
  },
  {
    title: 'Inside the ciphertext, of an account: accountHolderData',
    at: {
      pushMultipleAccounts: `${account.pushMultipleAccounts}.accountHolderData`,
      pushAccount: `${account.pushAccount}.accountHolderData`,
    },
    encrypted: true,
    given: {
      accountHolderMobilePhoneNumber: { countryDialInCode: '1', phoneNumber: '7181234567' },
    },
    fields: [
      optional('accountHolderName', text(1, 27)),
      optional('accountHolderAddress', object),
      optional('accountHolderAddress.line1', text(0, 64)),
      optional('accountHolderAddress.line2', text(0, 64)),
      optional('accountHolderAddress.city', text(0, 32)),
      optional('accountHolderAddress.countrySubdivision', text(0, 12)),
      optional('accountHolderAddress.postalCode', text(0, 16)),
      optional('accountHolderAddress.country', alpha3),
      optional('accountHolderEmailAddress', text(6, 320)),
      optional('accountHolderMobilePhoneNumber', object),
      required(
        'accountHolderMobilePhoneNumber.countryDialInCode',
        but(digits(1, 4), { faults: { 'bad format': ['+1'] } }),
        'required in it',
      ),
      required('accountHolderMobilePhoneNumber.phoneNumber', digits(1, 20), 'required in it'),
    ],
  },
]
