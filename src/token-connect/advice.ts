import { usableCallback } from '../callback-url.ts'
import { looksReal, maskedCardNumber } from '../card-number.ts'
import { isLoopback } from '../loopback.ts'
import type { Account, PushRequest } from './messages.ts'

/** What a push passes with here, and only on an assumption. */
export function assumptionsAbout(
  { signatureData }: PushRequest,
  accounts: readonly Account[],
): readonly string[] {
  const twofold = accounts.some(
    ({ fundingAccountData: { cardAccountData, financialAccountData } }) =>
      cardAccountData !== undefined && financialAccountData !== undefined,
  )
  return [
    ...(twofold ? ['an account has card and financial account data: the card was taken'] : []),
    ...assumedOfSignatureData(signatureData),
  ]
}

function assumedOfSignatureData(signatureData: PushRequest['signatureData']): readonly string[] {
  if (signatureData === undefined)
    return [
      'there is no signatureData: what is signed then is not recorded anywhere; here, the receipts and the defaults',
    ]
  const { callbackURL = '' } = signatureData
  return usableCallback(callbackURL) === callbackURL
    ? []
    : [
        'callbackURL is percent-encoded whole, as prose of the specification has it; every sample has it as it is',
      ]
}

/** What works in a push, and should be looked at all the same. */
export function warningsAbout(
  request: PushRequest,
  accounts: readonly Account[],
): readonly string[] {
  const callbackURL = usableCallback(request.signatureData?.callbackURL ?? '')
  return [
    ...accounts
      .map(({ fundingAccountData }) => fundingAccountData.cardAccountData?.accountNumber ?? '')
      .filter((number) => number !== '' && looksReal(number))
      .map(
        (number) =>
          `${maskedCardNumber(number)} may be somebody's REAL CARD: its check digit is right and it is in no known test range. Use test cards only`,
      ),
    ...(isPlainHttpElsewhere(callbackURL)
      ? [`callbackURL ${callbackURL} is http: the result travels unprotected; use https`]
      : []),
  ]
}

function isPlainHttpElsewhere(callbackURL: string): boolean {
  return /^http:/i.test(callbackURL) && !isLoopback(new URL(callbackURL).hostname)
}
