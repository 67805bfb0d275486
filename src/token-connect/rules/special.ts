import { account, namedCards, sampleFinancialAccount } from './accounts.ts'
import type { Places, SpecialRule } from './rule.ts'

const everyBody: Places = {
  pushMultipleAccounts: '',
  pushAccount: '',
  getEligibleTokenRequestors: '',
}
const bothPushes: Places = { pushMultipleAccounts: '', pushAccount: '' }
const payload: Places = {
  pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload',
  pushAccount: 'pushFundingAccount.encryptedPayload',
}
const payloadWithGcm: Places = { pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload' }

const inTheBody = { layer: 'request', at: everyBody, encrypted: false } as const
const inThePayload = { layer: 'request', at: payload, encrypted: false } as const
const ofOneAccount = { layer: 'account', at: account, encrypted: true } as const

/** What no single field says. */
export const specialRules: readonly SpecialRule[] = [
  {
    ...inTheBody,
    when: 'the body is not JSON in UTF-8',
    reasonCode: 'INVALID_JSON',
    example: { body: '{"requestId":' },
  },
  {
    ...inTheBody,
    when: 'the JSON is nested more than 50 deep',
    reasonCode: 'INVALID_JSON',
    example: { body: '['.repeat(60) + ']'.repeat(60) },
  },
  {
    ...inTheBody,
    when: 'the JSON is not an object',
    reasonCode: 'INVALID_JSON',
    example: { body: '[]' },
  },
  {
    layer: 'request',
    at: { pushMultipleAccounts: '', pushAccount: '' },
    encrypted: false,
    when: 'the encrypted object stands at another place than encryptedPayload (observed)',
    reasonCode: 'INVALID_JSON',
    example: {
      body: '{"requestId":"request-1","encryptedData":"ab","encryptedKey":"ab","publicKeyFingerprint":"ab","iv":"ab"}',
    },
  },
  {
    when: 'the token requestor is unknown or not enabled',
    layer: 'request',
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'tokenRequestorId',
    at: bothPushes,
    encrypted: false,
    example: { tokenRequestorId: '50000000000' },
  },
  {
    ...inThePayload,
    when: 'publicKeyFingerprint is not of the encryption certificate',
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    example: { publicKeyFingerprint: 'ab'.repeat(32) },
  },
  {
    ...inThePayload,
    when: 'encryptedKey does not open, because it was wrapped for another key or with another padding or hash',
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    example: { encryptedKey: 'ab'.repeat(256) },
  },
  {
    ...inThePayload,
    when: 'encryptedData does not decrypt to JSON, or is not hexadecimal',
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    example: { encryptedData: 'abcd' },
  },
  {
    ...inThePayload,
    when: 'iv has the length of the other cipher mode (an absent algorithmCipherMode means CBC)',
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    example: { iv: 'ab'.repeat(12) },
  },
  {
    when: 'tag does not fit the ciphertext and aad',
    layer: 'request',
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    at: payloadWithGcm,
    encrypted: false,
    example: { algorithmCipherMode: 'GCM', tag: '00'.repeat(16), aad: '00', iv: '00'.repeat(12) },
  },
  ...['tag', 'aad'].map(
    (field) =>
      ({
        when: `${field} is there without GCM`,
        layer: 'request',
        reasonCode: 'INVALID_FIELD_VALUE',
        field,
        at: payloadWithGcm,
        encrypted: false,
        example: { [field]: '00' },
      }) as const,
  ),
  {
    when: 'two accounts have the same pushAccountId',
    layer: 'request',
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'pushAccountId',
    at: { pushMultipleAccounts: 'pushFundingAccounts.encryptedPayload' },
    encrypted: true,
    example: { encryptedData: namedCards('twice', 'twice') },
  },
  {
    ...ofOneAccount,
    when: 'there is neither a card nor a financial account',
    layer: 'request',
    reasonCode: 'MISSING_REQUIRED_FIELD',
    field: 'cardAccountData',
    example: { cardAccountData: undefined },
  },
  {
    ...ofOneAccount,
    when: 'the card is in no account range of the token requestor',
    reasonCode: 'ACCOUNT_INELIGIBLE',
    example: { 'cardAccountData.accountNumber': '4111111111111111' },
  },
  {
    ...ofOneAccount,
    when: 'the token requestor takes no accounts of this kind; Click to Pay takes no financial accounts',
    reasonCode: 'ACCOUNT_INELIGIBLE',
    tokenRequestorId: '50123197928',
    example: { cardAccountData: undefined, financialAccountData: sampleFinancialAccount },
  },
  {
    ...ofOneAccount,
    when: 'the card has expired: its month is over, or without a month its year',
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'expiryYear',
    example: { 'cardAccountData.expiryMonth': undefined, 'cardAccountData.expiryYear': '20' },
  },
  {
    ...ofOneAccount,
    when: 'dataValidUntilTimestamp is past',
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'dataValidUntilTimestamp',
    example: { dataValidUntilTimestamp: '2020-01-01T00:00:00Z' },
  },
  {
    ...ofOneAccount,
    when: 'dataValidUntilTimestamp is more than 30 days ahead',
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'dataValidUntilTimestamp',
    example: { dataValidUntilTimestamp: '2099-01-01T00:00:00Z' },
  },
  {
    when: 'a member is unknown, which otherwise is ignored',
    layer: 'request',
    pedantic: true,
    reasonCode: 'UNRECOGNIZED_FIELD',
    field: 'requestID',
    at: everyBody,
    encrypted: false,
    example: { requestID: 'x' },
  },
  {
    when: 'a member is null, which otherwise counts as absent',
    layer: 'request',
    pedantic: true,
    reasonCode: 'INVALID_FIELD_FORMAT',
    field: 'authenticationCode',
    at: { pushMultipleAccounts: '' },
    encrypted: false,
    example: { authenticationCode: null },
  },
  {
    when: 'a boolean is the text true or false, in any case',
    layer: 'request',
    pedantic: true,
    reasonCode: 'INVALID_FIELD_FORMAT',
    field: 'completeWebsiteActivation',
    at: { pushMultipleAccounts: 'signatureData' },
    encrypted: false,
    example: { completeWebsiteActivation: 'False' },
  },
  {
    when: 'callbackURL is percent-encoded whole',
    layer: 'request',
    pedantic: true,
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'callbackURL',
    at: { pushMultipleAccounts: 'signatureData' },
    encrypted: false,
    example: { callbackURL: 'https%3A%2F%2Fpartnerbank.com%2Fresults' },
  },
  {
    when: 'there are both a card and a financial account; otherwise the card counts',
    layer: 'request',
    pedantic: true,
    reasonCode: 'INVALID_FIELD_VALUE',
    field: 'financialAccountData',
    at: account,
    encrypted: true,
    example: { financialAccountData: sampleFinancialAccount },
  },
  {
    when: 'it is AES-GCM at all, since how its tag is sent is not documented',
    layer: 'request',
    pedantic: true,
    reasonCode: 'CRYPTOGRAPHY_ERROR',
    at: payloadWithGcm,
    encrypted: false,
    example: { algorithmCipherMode: 'GCM' },
  },
]
