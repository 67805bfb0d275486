import { usableCallback } from '../callback-url.ts'
import { holdsCardNumber, looksReal, maskedCardNumber } from '../card-number.ts'
import type { Tolerate } from '../errors.ts'
import { type KnownMembers, unknownMembers } from '../explain/payload/unknown-members.ts'
import { isLoopback } from '../loopback.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import type { Account, PushRequest } from './messages.ts'
import type { Order } from './push-accounts.ts'

/** What a push passes with here, and only on an assumption. */
export function assumeAbout(
  accounts: readonly Account[],
  signatureData: PushRequest['signatureData'],
  tolerate: Tolerate,
): void {
  const twofold = accounts.some(
    ({ fundingAccountData: { cardAccountData, financialAccountData } }) =>
      cardAccountData !== undefined && financialAccountData !== undefined,
  )
  if (twofold)
    tolerate({
      code: 'INVALID_FIELD_VALUE',
      because: 'an account has card and financial account data: the card was taken',
      facts: { field: 'financialAccountData' },
    })
  const { callbackURL = '' } = signatureData ?? {}
  if (usableCallback(callbackURL) !== callbackURL)
    tolerate({
      code: 'INVALID_FIELD_VALUE',
      because:
        'callbackURL is percent-encoded whole, as prose of the specification has it; every sample has it as it is',
      facts: { field: 'callbackURL' },
    })
}

/**
 * Members that nobody reads: misspelt ones, most of all. Assumption: the real service ignores them too; a widely copied test payload carries
 * `securityCode`.
 *
 * @param place where the message is, in the request.
 */
export function tolerateUnknownMembers(
  json: unknown,
  knownMembers: KnownMembers,
  tolerate: Tolerate,
  place = '',
): void {
  for (const { path, name, didYouMean, knownAt } of unknownMembers(json, knownMembers)) {
    const [elsewhere] = knownAt
    const meant =
      elsewhere !== undefined
        ? `: it belongs at ${place}${elsewhere}`
        : didYouMean !== undefined
          ? `: did you mean ${didYouMean}?`
          : ': the specification has no such member'
    tolerate({
      code: 'UNRECOGNIZED_FIELD',
      because: `${place}${path} is ignored${meant}`,
      facts: { field: name },
    })
  }
}

/** What works in a push, and should be looked at all the same. */
export function warningsAbout(
  order: Order,
  accounts: readonly Account[],
  tokenRequestor: TokenRequestor,
): readonly string[] {
  return [
    ...realCards(accounts),
    ...cardNumbersAsNames(order, accounts),
    ...aboutSignatureData(order, accounts),
    ...aboutTokenRequestor(order, accounts, tokenRequestor),
  ]
}

function realCards(accounts: readonly Account[]): readonly string[] {
  return accounts
    .map(({ fundingAccountData }) => fundingAccountData.cardAccountData?.accountNumber ?? '')
    .filter((number) => number !== '' && looksReal(number))
    .map(
      (number) =>
        `${maskedCardNumber(number)} may be somebody's REAL CARD: its check digit is right and it is in no known test range. Use test cards only`,
    )
}

/** Names go into logs and back to the caller. */
function cardNumbersAsNames(
  { requestId, signatureData }: Order,
  accounts: readonly Account[],
): readonly string[] {
  const names = {
    requestId: [requestId],
    pushAccountId: accounts.map((one) => one.pushAccountId),
    callbackURL: [signatureData?.callbackURL ?? ''],
  }
  return Object.entries(names)
    .filter(([, values]) => values.some(holdsCardNumber))
    .map(
      ([name]) =>
        `${name} holds a card number: put nothing there that must not be written into logs`,
    )
}

function aboutSignatureData(
  { signatureData }: Order,
  accounts: readonly Account[],
): readonly string[] {
  if (signatureData === undefined) return []
  const callbackURL = usableCallback(signatureData.callbackURL ?? '')
  const holderData = accounts.some(
    ({ fundingAccountData }) => fundingAccountData.accountHolderData !== undefined,
  )
  const claimed = signatureData.accountHolderDataSupplied ?? false
  return [
    ...(isPlainHttpElsewhere(callbackURL)
      ? [`callbackURL ${callbackURL} is http: the result travels unprotected; use https`]
      : []),
    ...(signatureData.locale !== undefined && !isKnownLocale(signatureData.locale)
      ? [
          `locale ${signatureData.locale} names a language or a country that ISO 639-1 or ISO 3166-1 does not have${signatureData.locale.endsWith('_UK') ? ': the United Kingdom is GB' : ''}`,
        ]
      : []),
    ...(claimed === holderData
      ? []
      : [
          `accountHolderDataSupplied is ${claimed}, but the push has ${holderData ? '' : 'no '}accountHolderData`,
        ]),
  ]
}

const holderDataKinds = {
  accountHolderName: 'NAME',
  accountHolderAddress: 'ADDRESS',
  accountHolderEmailAddress: 'EMAIL_ADDRESS',
  accountHolderMobilePhoneNumber: 'MOBILE_PHONE_NUMBER',
} as const

function aboutTokenRequestor(
  order: Order,
  accounts: readonly Account[],
  tokenRequestor: TokenRequestor,
): readonly string[] {
  const { consumerFacingEntityName: name } = tokenRequestor
  const ignored = new Set(
    accounts.flatMap(({ fundingAccountData: { accountHolderData = {} } }) =>
      Object.keys(accountHolderData)
        .map((member) => holderDataKinds[member as keyof typeof holderDataKinds])
        .filter((kind) => kind !== undefined)
        .filter((kind) => !tokenRequestor.supportedAccountHolderData.includes(kind)),
    ),
  )
  const checks: readonly (readonly [boolean, string])[] = [
    [
      accounts.length > 1 && !tokenRequestor.supportsMultiplePushedCards,
      `${accounts.length} accounts were pushed; ${name} takes one card at a time: it uses the first receipt it is handed and ignores the rest`,
    ],
    [
      ignored.size > 0,
      `${name} does not use ${[...ignored].join(', ')} (see supportedAccountHolderData)`,
    ],
    [
      order.requestIssuerInitiatedDigitizationData === true &&
        !tokenRequestor.supportIssuerInitiatedDigitizationData,
      `requestIssuerInitiatedDigitizationData is true; ${name} does not support it (see supportIssuerInitiatedDigitizationData)`,
    ],
    [
      (order.authenticationCode ?? order.signatureData?.tokenRequestorSessionId) !== undefined &&
        tokenRequestor.tokenRequestorType !== 'WALLET',
      `authenticationCode and tokenRequestorSessionId belong to pull provisioning, which only wallets do; ${name} is a ${tokenRequestor.tokenRequestorType}`,
    ],
  ]
  return checks.filter(([holds]) => holds).map(([, warning]) => warning)
}

function isPlainHttpElsewhere(callbackURL: string): boolean {
  return /^http:/i.test(callbackURL) && !isLoopback(new URL(callbackURL).hostname)
}

/** By the names that the platform's own data (CLDR) has for them. */
function isKnownLocale(locale: string): boolean {
  const [language = '', country = ''] = locale.split('_')
  return (
    names.language.of(language) !== undefined &&
    names.region.of(country) !== undefined &&
    !unassigned.includes(country)
  )
}

const names = {
  language: new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }),
  region: new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' }),
}

/** Reserved or private codes that have a name all the same. */
const unassigned = ['UK', 'EU', 'EZ', 'UN', 'XA', 'XB', 'XK', 'ZZ']
