import type { Clock } from '../clock.ts'
import { type Fault, refuse } from '../errors.ts'
import { newReceipt, pushRoot } from '../keys/identifiers.ts'
import type { EncryptedPayload, PayloadDecryption } from '../keys/payload-encryption.ts'
import type { PushSignature } from '../keys/push-signature.ts'
import { type Ledger, type Push, type PushedAccount, resultsOf } from '../ledger.ts'
import type { Choice, PushFacts, ScenarioChooser } from '../scenarios/choose.ts'
import type { ApiError, TokenRequestor } from '../scenarios/schema.ts'
import { accountFaults, maskedAccount, prefixFor } from './accounts.ts'
import { assumptionsAbout, warningsAbout } from './advice.ts'
import { type Account, type PushRequest, readAccounts, readPushRequest } from './messages.ts'
import { apiError, scriptedError } from './refusals.ts'

/** What pushing works with. */
export type PushParts = {
  readonly clock: Clock
  readonly seed: string | undefined
  readonly relaxed: boolean
  /** Where cardholders' browsers reach this simulator. */
  readonly publicUrl: () => string
  readonly payloadDecryption: PayloadDecryption
  readonly pushSignature: PushSignature
  readonly tokenRequestors: readonly TokenRequestor[]
  readonly chooser: ScenarioChooser
  readonly ledger: Ledger
}

export type PushAnswer = {
  readonly body: object
  readonly choice: Choice
  readonly requestId: string
  readonly summary: string
  readonly pushAccountReceipts: readonly string[]
  readonly faults: readonly Fault[]
  readonly leniencies: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * `pushMultipleAccounts`: takes encrypted accounts, gives a receipt for each and the signature the cardholder's browser carries.
 *
 * @param header the request's `X-Simulator-Scenario`.
 * @throws {Refusal} for the request as a whole; what is wrong with one account is in the answer.
 */
export async function pushMultipleAccounts(
  json: unknown,
  consumerKey: string,
  header: string | undefined,
  parts: PushParts,
): Promise<PushAnswer> {
  const { clock, chooser, ledger } = parts
  const { message: request, assumptions } = readPushRequest(json, parts.relaxed)
  const tokenRequestor = findTokenRequestor(request.tokenRequestorId, parts.tokenRequestors)
  // Drawn before anything takes time, so that it follows the order of arrival; a push refused further down counts too.
  const pushNumber = await ledger.nextPushNumber(consumerKey)
  const opened = await openAccounts(request, tokenRequestor, parts)
  const choice = chooser.choose(factsOf(request, opened.accounts, consumerKey, pushNumber), header)
  const script = choice.scenario.push
  const now = clock.now()

  const root = pushRoot(parts.seed, consumerKey, pushNumber)
  const outcomes = opened.accounts.map((account, position) => {
    const faults = accountFaults(account, tokenRequestor, now)
    const scripted = script.accounts[position]?.errors ?? []
    const errors: readonly ApiError[] = [...faults.map(apiError), ...scripted.map(scriptedError)]
    const prefix = script.receipt.prefix ?? prefixFor(account)
    return { account, faults, errors, receipt: newReceipt(root, position, prefix) }
  })
  const issued: readonly PushedAccount[] = outcomes
    .filter(({ errors }) => errors.length === 0)
    .map(({ account, receipt }) => ({
      pushAccountId: account.pushAccountId,
      pushAccountReceipt: receipt,
      maskedAccount: maskedAccount(account),
    }))

  const answer = {
    choice,
    requestId: request.requestId,
    faults: outcomes.flatMap(({ faults }) => faults),
    leniencies: [
      ...assumptions,
      ...assumptionsAbout(request, opened.accounts),
      ...opened.leniencies,
    ],
    warnings: warningsAbout(request, opened.accounts),
  }
  if (script.errors !== undefined)
    return {
      ...answer,
      body: { responseId: request.requestId, errors: script.errors.map(scriptedError) },
      summary: `refused ${masked(opened.accounts)} with ${script.errors.map(({ reasonCode }) => reasonCode).join(', ')}, as the scenario says`,
      pushAccountReceipts: [],
    }

  if (issued.length > 0)
    await ledger.issue(
      newPush(issued, { consumerKey, number: pushNumber, root, request, choice, now }),
    )
  const pushAccountReceipts = issued.map(({ pushAccountReceipt }) => pushAccountReceipt)
  const signature =
    tokenRequestor.supportsSignature && issued.length > 0
      ? await parts.pushSignature.sign(claims(pushAccountReceipts, request.signatureData))
      : undefined
  return {
    ...answer,
    pushAccountReceipts,
    summary:
      issued.length > 0
        ? `gave ${pushAccountReceipts.join(', ')} for ${issued.map(({ maskedAccount }) => maskedAccount).join(', ')}`
        : `gave no receipt for ${masked(opened.accounts)}: ${outcomes.flatMap(({ errors }) => errors.map(({ reasonCode }) => reasonCode)).join(', ')}`,
    // Member order as recorded.
    body: {
      pushAccountReceipts: outcomes.map(({ account: { pushAccountId }, errors, receipt }) =>
        errors.length > 0
          ? { pushAccountId, errors }
          : {
              pushAccountId,
              pushAccountReceipt: receipt,
              ...(request.requestIssuerInitiatedDigitizationData === true && {
                issuerInitiatedDigitizationData: digitizationData(receipt),
              }),
            },
      ),
      ...(issued.length > 0 && {
        availablePushMethods: pushMethods(tokenRequestor, parts.publicUrl()),
      }),
      ...(signature !== undefined && { signature }),
      tokenRequestorSignatureSupport: tokenRequestor.supportsSignature,
      // Assumption: documented as matching requestId; one recording shows another UUID.
      responseId: request.requestId,
    },
  }
}

function findTokenRequestor(id: string, known: readonly TokenRequestor[]): TokenRequestor {
  return (
    known.find(({ tokenRequestorId }) => tokenRequestorId === id) ??
    refuse(
      'INVALID_FIELD_VALUE',
      `tokenRequestorId: ${id} is not enabled; known are ${known.map((one) => `${one.tokenRequestorId} (${one.consumerFacingEntityName})`).join(', ')}`,
      { field: 'tokenRequestorId' },
    )
  )
}

async function openAccounts(
  request: PushRequest,
  tokenRequestor: TokenRequestor,
  { payloadDecryption }: PushParts,
): Promise<{ accounts: readonly Account[]; leniencies: readonly string[] }> {
  const payload = request.pushFundingAccounts.encryptedPayload
  const opened = isEncrypted(payload)
    ? await payloadDecryption.decrypt(payload)
    : {
        content: payload.encryptedData,
        assumptions: ['relaxed: the accounts came unencrypted'],
      }
  const { message: accounts, assumptions } = readAccounts(opened.content)
  const { maximumAccountsPerPush: most, consumerFacingEntityName: name } = tokenRequestor
  if (accounts.length > most)
    refuse(
      'INVALID_FIELD_LENGTH',
      `encryptedData holds ${accounts.length} accounts; ${name} takes ${most} per push`,
      {
        field: 'encryptedData',
      },
    )
  return { accounts, leniencies: [...opened.assumptions, ...assumptions] }
}

function isEncrypted(
  payload: PushRequest['pushFundingAccounts']['encryptedPayload'],
): payload is EncryptedPayload {
  return typeof payload.encryptedData === 'string'
}

function factsOf(
  request: PushRequest,
  accounts: readonly Account[],
  consumerKey: string,
  pushNumber: number,
): PushFacts {
  const funding = accounts.map(({ fundingAccountData }) => fundingAccountData)
  return {
    consumerKey,
    tokenRequestorId: request.tokenRequestorId,
    locale: request.signatureData?.locale,
    cardNumbers: funding.flatMap(({ cardAccountData }) => cardAccountData?.accountNumber ?? []),
    accountHolderNames: funding.flatMap(
      ({ accountHolderData }) => accountHolderData?.accountHolderName ?? [],
    ),
    pushNumber,
  }
}

function newPush(
  accounts: readonly PushedAccount[],
  {
    consumerKey,
    number,
    root,
    request,
    choice,
    now,
  }: Pick<Push, 'consumerKey' | 'number' | 'root' | 'choice'> & {
    request: PushRequest
    now: number
  },
): Push {
  const { state, validityMinutes } = choice.scenario.push.receipt
  const minutes = validityMinutes ?? request.pushAccountReceiptsValidityPeriod ?? 15
  const push: Push = {
    consumerKey,
    number,
    root,
    requestId: request.requestId,
    tokenRequestorId: request.tokenRequestorId,
    accounts,
    choice,
    issuedAt: now,
    expiresAt: state === 'expired' ? now : now + minutes * 60_000,
  }
  if (state !== 'used') return push
  return {
    ...push,
    settlement: { visit: 'scenario', at: now, results: resultsOf(push, 'APPROVED') },
  }
}

/**
 * `completeIssuerAppActivation` is left out: it is absent from every signature seen, even where the request sent it. Assumption: without
 * signatureData the receipts and the two defaults are signed.
 */
function claims(pushAccountReceipts: readonly string[], data: PushRequest['signatureData'] = {}) {
  return {
    pushAccountReceipts,
    ...(data.callbackURL !== undefined && { callbackURL: data.callbackURL }),
    completeWebsiteActivation: data.completeWebsiteActivation ?? true,
    accountHolderDataSupplied: data.accountHolderDataSupplied ?? false,
    ...(data.locale !== undefined && { locale: data.locale }),
    ...(data.tokenRequestorSessionId !== undefined && {
      tokenRequestorSessionId: data.tokenRequestorSessionId,
    }),
  }
}

/** Base64 of the JSON that an issuer forwards to a wallet by ways of its own. */
function digitizationData(pushAccountReceipt: string): string {
  return Buffer.from(JSON.stringify({ fundingAccountInfo: { pushAccountReceipt } })).toString(
    'base64',
  )
}

function pushMethods({ pushURI }: TokenRequestor, publicUrl: string) {
  return [{ type: 'WEB', uri: pushURI === 'click-to-pay' ? `${publicUrl}/provision` : pushURI }]
}

const masked = (accounts: readonly Account[]) => accounts.map(maskedAccount).join(', ')
