import { maskedCardNumber } from '../card-number.ts'
import { parseInstant } from '../clock.ts'
import type { Fault } from '../errors.ts'
import type { ReceiptPrefix } from '../keys/identifiers.ts'
import type { AccountHolder } from '../ledger.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import { isInRange } from './account-ranges.ts'
import type { Account } from './messages.ts'

const day = 86_400_000

/**
 * What is wrong with one account; the others keep their receipts. Assumption: which layer tells it is documented nowhere, for none of these.
 *
 * @param now epoch milliseconds.
 */
export function accountFaults(
  { pushAccountId, fundingAccountData }: Account,
  { accountTypes, enabledAccountRanges, consumerFacingEntityName }: TokenRequestor,
  now: number,
): readonly Fault[] {
  const { cardAccountData: card, dataValidUntilTimestamp } = fundingAccountData
  const faults: Fault[] = []
  const fault = (code: string, because: string, field = '') =>
    faults.push({
      code,
      because: pushAccountId === '' ? because : `account ${pushAccountId}: ${because}`,
      facts: { field },
    })

  const type = card === undefined ? 'financialAccount' : 'card'
  if (!accountTypes.includes(type))
    fault(
      'ACCOUNT_INELIGIBLE',
      `${consumerFacingEntityName} takes ${accountTypes.join(' and ')}, not ${type}`,
    )
  else if (
    card !== undefined &&
    !enabledAccountRanges.some((range) => isInRange(card.accountNumber, range))
  )
    fault(
      'ACCOUNT_INELIGIBLE',
      `${maskedCardNumber(card.accountNumber)} is in no account range of ${consumerFacingEntityName}`,
    )
  if (card?.expiryYear !== undefined) {
    // A card is good until the end of its month, and without one, of its year.
    const { expiryMonth = '12', expiryYear } = card
    if (Date.UTC(2000 + Number(expiryYear), Number(expiryMonth)) <= now)
      fault('INVALID_FIELD_VALUE', `the card expired ${expiryMonth}/${expiryYear}`, 'expiryYear')
  }
  if (dataValidUntilTimestamp !== undefined) {
    const until = parseInstant(dataValidUntilTimestamp) ?? Number.NaN
    if (until <= now || until > now + 30 * day)
      fault(
        'INVALID_FIELD_VALUE',
        `dataValidUntilTimestamp ${dataValidUntilTimestamp} is ${until <= now ? 'past' : 'more than 30 days ahead'}; it is ${new Date(now).toISOString()}`,
        'dataValidUntilTimestamp',
      )
  }
  return faults
}

/** Documented: debit stands for Pay by Account too. Assumption: every card is a credit card unless the scenario says otherwise. */
export function prefixFor({ fundingAccountData }: Account): ReceiptPrefix {
  return fundingAccountData.cardAccountData === undefined ? 'DMC' : 'MCC'
}

/** The number that makes an account this one: whole, so for a keyed hash and nothing else. */
export function accountNumber({ fundingAccountData }: Account): string {
  const { cardAccountData, financialAccountData } = fundingAccountData
  return cardAccountData?.accountNumber ?? financialAccountData?.financialAccountId ?? ''
}

/**
 * Who the issuer says the account belongs to. Assumption: Click to Pay tells its consumers apart by e-mail address, and by mobile phone where
 * there is none; which of them it compares to find a duplicate is documented nowhere.
 */
export function cardholder({ fundingAccountData }: Account): string | undefined {
  const { accountHolderEmailAddress: email, accountHolderMobilePhoneNumber: phone } =
    fundingAccountData.accountHolderData ?? {}
  if (email !== undefined) return email
  return phone && `+${phone.countryDialInCode}${phone.phoneNumber}`
}

/** What the token requestor takes of it. */
export function accountHolder(
  { fundingAccountData }: Account,
  { supportedAccountHolderData: takes }: TokenRequestor,
): AccountHolder | undefined {
  const { accountHolderName: name, accountHolderAddress: address } =
    fundingAccountData.accountHolderData ?? {}
  const taken = Object.entries({
    ...(takes.includes('NAME') && { name }),
    ...(takes.includes('ADDRESS') && address),
  }).filter((member): member is [string, string] => member[1] !== undefined)
  return taken.length === 0 ? undefined : Object.fromEntries(taken)
}

/** An account as it may be kept and shown. */
export function maskedAccount({
  fundingAccountData: { cardAccountData, financialAccountData },
}: Account): string {
  if (cardAccountData !== undefined) return maskedCardNumber(cardAccountData.accountNumber)
  return `financial account ending ${financialAccountData?.financialAccountId.slice(-4)}`
}
