import type { Section } from './rule.ts'
import { boolean, but, digits, hex, object, oneOf, optional, required, text } from './value.ts'

/** What an issuer can read in a request before anything is decrypted. */
export const requestSections: readonly Section[] = [
  {
    title: 'Every request with a body',
    at: { pushMultipleAccounts: '', pushAccount: '', getEligibleTokenRequestors: '' },
    encrypted: false,
    fields: [required('requestId', text(1, 64))],
  },
  {
    title: 'Both pushes',
    at: { pushMultipleAccounts: '', pushAccount: '' },
    encrypted: false,
    fields: [required('tokenRequestorId', digits(11, 11))],
  },
  {
    title: 'pushMultipleAccounts',
    at: { pushMultipleAccounts: '' },
    encrypted: false,
    fields: [
      required('pushFundingAccounts', object),
      required('pushFundingAccounts.encryptedPayload', object),
      optional('signatureData', object),
      optional('requestIssuerInitiatedDigitizationData', boolean, 'optional, by default false'),
      optional(
        'pushAccountReceiptsValidityPeriod',
        {
          allowed: 'a whole number of minutes, 5 to 15',
          faults: { 'wrong type': ['10', true], 'bad value': [4, 5.5, 16] },
        },
        'optional, by default 15',
      ),
      optional(
        'authenticationCode',
        but(text(1, 32), {
          allowed: '1 to 32 letters and digits',
          faults: { 'bad format': ['AB-12'] },
        }),
      ),
    ],
  },
  {
    title: 'pushAccount',
    at: { pushAccount: '' },
    encrypted: false,
    fields: [
      required('pushFundingAccount', object),
      required('pushFundingAccount.encryptedPayload', object),
    ],
  },
  {
    title: 'encryptedPayload',
    at: {
      pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload',
      pushAccount: 'pushFundingAccount.encryptedPayload',
    },
    encrypted: false,
    fields: [
      required('encryptedData', {
        allowed: 'the ciphertext in hexadecimal digits',
        // An array here is a card number that a misconfigured library left in clear.
        faults: { 'wrong type': [[], {}], 'too short': [''] },
      }),
      required('publicKeyFingerprint', hex(32, 64)),
      required('encryptedKey', hex(32, 512)),
      optional(
        'oaepHashingAlgorithm',
        but(oneOf('SHA256', 'SHA512'), { faults: { 'bad value': ['SHA-256'] } }),
        'optional, without it RSA PKCS#1 v1.5',
      ),
      optional(
        'iv',
        but(hex(24, 32), {
          allowed: '32 hexadecimal digits for CBC, 24 for GCM',
          // Between the two is too short for CBC.
          faults: { 'too short': ['a'.repeat(26)] },
        }),
        'optional, without it zeros',
      ),
    ],
  },
  {
    title: 'encryptedPayload of pushMultipleAccounts, for AES-GCM',
    at: { pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload' },
    encrypted: false,
    given: { algorithmCipherMode: 'GCM' },
    fields: [
      optional('algorithmCipherMode', oneOf('CBC', 'GCM'), 'optional, by default CBC'),
      required('tag', hex(1, 36), 'required with GCM, absent without'),
      required('aad', hex(1, 36), 'required with GCM, absent without'),
    ],
  },
  {
    title: 'signatureData',
    at: { pushMultipleAccounts: 'signatureData' },
    encrypted: false,
    fields: [
      optional('callbackURL', {
        allowed:
          "an absolute URL of 1 to 256 characters: https, http, or an app's own scheme in lower case",
        faults: {
          'wrong type': [{}, 7],
          'too short': [''],
          'too long': [`https://bank.test/${'x'.repeat(239)}`],
          'bad value': [
            '/results',
            'partnerbank.com/results',
            'javascript:alert(1)',
            'Bank://back',
          ],
        },
      }),
      optional('completeIssuerAppActivation', boolean, 'optional, by default true'),
      optional('completeWebsiteActivation', boolean, 'optional, by default true'),
      optional('accountHolderDataSupplied', boolean, 'optional, by default false'),
      optional('locale', {
        allowed: 'language and country, such as en_US',
        faults: {
          'wrong type': [7],
          'too short': ['en', 'en_'],
          'too long': ['en_USA', 'english'],
          'bad format': ['en-US', 'EN_us', 'en_U'],
        },
      }),
      optional('tokenRequestorSessionId', text(3, 64)),
    ],
  },
  {
    title: 'getEligibleTokenRequestors',
    at: { getEligibleTokenRequestors: '' },
    encrypted: false,
    fields: [
      required('accountRanges', {
        allowed: 'an array of 1 to 25 account ranges',
        faults: {
          'wrong type': ['5123456789', {}],
          'too short': [[]],
          'too long': [Array.from({ length: 26 }, () => '5123456789')],
        },
      }),
      optional('accountRanges.0', digits(9, 19), 'each'),
      optional('supportsTokenConnect', boolean, 'optional, deprecated, without effect'),
    ],
  },
  {
    title: 'getAsset',
    at: { getAsset: '' },
    encrypted: false,
    fields: [
      optional(
        'AssetId',
        {
          allowed: 'an imageAssetId, which is a UUID',
          faults: {
            'bad format': ['logo.png', '554dbc44-496a-4896-b41c'],
            'bad value': ['00000000-0000-4000-8000-000000000000'],
          },
        },
        'required, in the path',
      ),
    ],
  },
]
