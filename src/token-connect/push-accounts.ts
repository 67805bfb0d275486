import { refuse } from '../errors.ts'
import { accountRoot, drawn, newReceipt, pushRoot } from '../keys/identifiers.ts'
import type { EncryptedPayload } from '../keys/payload-encryption.ts'
import type { Push } from '../ledger.ts'
import { pageOf } from '../provision-parameters.ts'
import type { PushFacts } from '../scenarios/first-holding.ts'
import type { ApiError } from '../scenarios/schema.ts'
import { delayMs } from '../scenarios/story.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import {
  accountFaults,
  accountHolder,
  accountNumber,
  cardholder,
  maskedAccount,
  prefixFor,
} from './accounts.ts'
import { assumeAbout, warningsAbout } from './advice.ts'
import type { Answer, Call, OperationParts } from './call.ts'
import type { Account, PushRequest } from './messages.ts'
import { apiError, scriptedError, scriptedFaults } from './refusals.ts'
import { responseIdFor } from './response-id.ts'

/*
 * What pushAccount and pushMultipleAccounts have in common: the accounts are opened, judged and put into the ledger with a receipt each.
 */

/** What is asked for, whichever operation asks. */
export type Order = Pick<PushRequest, 'requestId' | 'tokenRequestorId'> &
  Partial<Omit<PushRequest, 'pushFundingAccounts'>>

/** A push before its accounts are opened. */
export type PushUnderWay = {
  readonly order: Order
  readonly tokenRequestor: TokenRequestor
  readonly number: number
}

/** What became of one account. */
export type Outcome = {
  readonly account: Account
  /** With any, there is no receipt. */
  readonly errors: readonly ApiError[]
  readonly receipt: string
}

export type Pushed = {
  /** In the order of the request. */
  readonly outcomes: readonly Outcome[]
  /** Of the outcomes without errors. */
  readonly pushAccountReceipts: readonly string[]
  readonly responseId: string
  /** Errors that the scenario has for the whole request; there is then no receipt. */
  readonly scripted: readonly ApiError[] | undefined
  /** What the journal says. */
  readonly told: Omit<Answer, 'body'>
}

/**
 * Begins a push: finds whom it is for, and draws its number before anything takes time, so that numbers follow the order of arrival; a push
 * refused further down counts too.
 *
 * @throws {Refusal} the token requestor is unknown.
 */
export async function beginPush(
  order: Order,
  { consumerKey }: Call,
  { tokenRequestors, assumptions, ledger }: OperationParts,
): Promise<PushUnderWay> {
  const { tokenRequestorId: id } = order
  const tokenRequestor =
    tokenRequestors.find(({ tokenRequestorId }) => tokenRequestorId === id) ??
    refuse(
      assumptions.unknownTokenRequestor,
      `tokenRequestorId: ${id} is not enabled; known are ${tokenRequestors.map((one) => `${one.tokenRequestorId} (${one.consumerFacingEntityName})`).join(', ')}`,
      { field: 'tokenRequestorId', path: 'tokenRequestorId' },
    )
  return { order, tokenRequestor, number: await ledger.nextPushNumber(consumerKey) }
}

/**
 * What an encrypted payload holds; with `relaxed`, that may be there already.
 *
 * @throws {Refusal} CRYPTOGRAPHY_ERROR.
 */
export async function openPayload(
  payload: EncryptedPayload | { readonly encryptedData: unknown },
  { tolerate }: Call,
  { payloadDecryption }: OperationParts,
): Promise<unknown> {
  if (isEncrypted(payload)) return payloadDecryption.decrypt(payload, tolerate)
  tolerate({ code: 'CRYPTOGRAPHY_ERROR', because: 'relaxed: the accounts came unencrypted' })
  return payload.encryptedData
}

function isEncrypted(
  payload: EncryptedPayload | { readonly encryptedData: unknown },
): payload is EncryptedPayload {
  return typeof payload.encryptedData === 'string'
}

/**
 * Judges the accounts and gives each that is good a receipt.
 *
 * @throws {Refusal} for the request as a whole; what is wrong with one account is in its outcome.
 */
export async function finishPush(
  { order, tokenRequestor, number }: PushUnderWay,
  accounts: readonly Account[],
  { consumerKey, scenarioHeader, tolerate }: Call,
  { chooser, tenants, ledger, assumptions, cardIdentity }: OperationParts,
): Promise<Pushed> {
  assumeAbout(accounts, order.signatureData, tolerate)
  const choice = chooser.choose(factsOf(order, accounts, consumerKey, number), scenarioHeader)
  const script = choice.scenario.push ?? {}
  const now = tenants.clockOf(consumerKey).now()
  const seed = tenants.seedOf(consumerKey)
  const root = pushRoot(seed, consumerKey, number)

  const judged = accounts.map((account, position) => {
    const faults = accountFaults(account, tokenRequestor, now)
    const scripted = script.accounts?.[position]?.errors ?? []
    const errors: readonly ApiError[] = [...faults.map(apiError), ...scripted.map(scriptedError)]
    const prefix = script.receipt?.prefix ?? prefixFor(account)
    const receipt = newReceipt(root, position, prefix, assumptions.receiptDataCentre)
    return { account, faults, errors, receipt }
  })
  const issued = judged.flatMap(({ account, errors, receipt }, position) =>
    errors.length > 0 || script.errors !== undefined
      ? []
      : [
          newPush(account, receipt, {
            consumerKey,
            number,
            position,
            root,
            order,
            choice,
            now,
            cardIdentity,
            tokenRequestor,
          }),
        ],
  )
  for (const push of issued) {
    await ledger.issue(push)
    if (script.receipt?.state === 'used')
      await ledger.settle('scenario', now, [{ ...push, status: 'APPROVED' }])
  }

  const pushAccountReceipts = issued.map(({ pushAccountReceipt }) => pushAccountReceipt)
  return {
    outcomes: judged,
    pushAccountReceipts,
    responseId: responseIdFor(order.requestId, consumerKey, { tenants, assumptions }),
    scripted: script.errors?.map(scriptedError),
    told: {
      choice,
      requestId: order.requestId,
      pushAccountReceipts,
      delivery: {
        delayMs: delayMs(script.delay, () => drawn(seed, consumerKey, 'push', number)),
        transport: script.transport,
      },
      isRefusal: script.errors !== undefined,
      faults: [
        ...judged.flatMap(({ faults }) => faults),
        ...scriptedFaults(choice, 'push.errors', script.errors ?? []),
      ],
      warnings: warningsAbout(order, accounts, tokenRequestor),
      summary: summaryOf(judged, issued, script.errors),
    },
  }
}

function summaryOf(
  judged: readonly Outcome[],
  issued: readonly Push[],
  scripted: readonly ApiError[] | undefined,
): string {
  const codes = (errors: readonly ApiError[]) =>
    errors.map(({ reasonCode }) => reasonCode).join(', ')
  const all = judged.map(({ account }) => maskedAccount(account)).join(', ')
  if (scripted !== undefined) return `refused ${all} with ${codes(scripted)}, as the scenario says`
  return issued.length > 0
    ? `gave ${issued.map(({ pushAccountReceipt }) => pushAccountReceipt).join(', ')} for ${issued.map((one) => one.maskedAccount).join(', ')}`
    : `gave no receipt for ${all}: ${codes(judged.flatMap(({ errors }) => errors))}`
}

function factsOf(
  { tokenRequestorId, signatureData }: Order,
  accounts: readonly Account[],
  consumerKey: string,
  pushNumber: number,
): PushFacts {
  const funding = accounts.map(({ fundingAccountData }) => fundingAccountData)
  return {
    consumerKey,
    tokenRequestorId,
    locale: signatureData?.locale,
    cardNumbers: funding.flatMap(({ cardAccountData }) => cardAccountData?.accountNumber ?? []),
    accountHolderNames: funding.flatMap(
      ({ accountHolderData }) => accountHolderData?.accountHolderName ?? [],
    ),
    pushNumber,
  }
}

function newPush(
  account: Account,
  pushAccountReceipt: string,
  {
    order,
    now,
    root,
    cardIdentity,
    tokenRequestor,
    ...kept
  }: Pick<Push, 'consumerKey' | 'number' | 'position' | 'root' | 'choice'> & {
    readonly order: Order
    readonly now: number
    readonly cardIdentity: OperationParts['cardIdentity']
    readonly tokenRequestor: TokenRequestor
  },
): Push {
  const { state, validityMinutes } = kept.choice.scenario.push?.receipt ?? {}
  const minutes = validityMinutes ?? order.pushAccountReceiptsValidityPeriod ?? 15
  const { requestId, tokenRequestorId } = order
  const { consumerKey, position } = kept
  const whose = cardholder(account)
  const holder = accountHolder(account, tokenRequestor)
  return {
    ...kept,
    root: accountRoot(root, position),
    requestId,
    tokenRequestorId,
    pushAccountId: account.pushAccountId,
    pushAccountReceipt,
    maskedAccount: maskedAccount(account),
    card: cardIdentity.card({
      consumerKey,
      tokenRequestorId,
      accountNumber: accountNumber(account),
    }),
    ...(whose !== undefined && { cardholder: cardIdentity.cardholder(whose) }),
    ...(holder !== undefined && { accountHolder: holder }),
    issuedAt: now,
    expiresAt: state === 'expired' ? now : now + minutes * 60_000,
  }
}

/** Where the issuer sends the cardholder, in the order of the catalogue. */
export function pushMethods(
  { pushMethods: methods, tokenRequestorId }: TokenRequestor,
  publicUrl: string,
) {
  return Object.entries(methods).map(([type, uri]) => ({
    type,
    uri: uri === 'simulator' ? publicUrl + pageOf(tokenRequestorId) : uri,
  }))
}
