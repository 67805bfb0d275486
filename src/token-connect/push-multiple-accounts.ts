import { tolerateUnknownMembers } from './advice.ts'
import type { Answer, Call, OperationParts } from './call.ts'
import { parseJson } from './json-body.ts'
import { pushMultipleAccountsMembers as members } from './message-members.ts'
import type { PushRequest } from './messages.ts'
import { beginPush, finishPush, openPayload, pushMethods } from './push-accounts.ts'
import { readAccounts, readPushMultipleAccounts } from './read-messages.ts'

/**
 * `pushMultipleAccounts`: takes encrypted accounts, gives a receipt for each and the signature the cardholder's browser carries.
 *
 * @throws {Refusal} for the request as a whole; what is wrong with one account is in the answer.
 */
export async function pushMultipleAccounts(call: Call, parts: OperationParts): Promise<Answer> {
  const { tolerate } = call
  const json = parseJson(call.body)
  const request = readPushMultipleAccounts(json, parts.relaxed, tolerate)
  tolerateUnknownMembers(json, members.request, tolerate)
  const begun = await beginPush(request, call, parts)
  const content = await openPayload(request.pushFundingAccounts.encryptedPayload, call, parts)
  const accounts = readAccounts(content, parts.assumptions.maximumAccountsPerPush, tolerate)
  tolerateUnknownMembers(content, members.content, tolerate, 'encryptedData.')
  const pushed = await finishPush(begun, accounts, call, parts)
  const { pushAccountReceipts, responseId, scripted: errors } = pushed
  if (errors !== undefined) return { ...pushed.told, body: { responseId, errors } }

  const { tokenRequestor } = begun
  const any = pushAccountReceipts.length > 0
  const forgery = pushed.told.choice?.scenario.push?.signature ?? 'valid'
  // Assumption: whoever has no signatures says so; no answer was seen in which a signature is merely missing.
  const isSigned = tokenRequestor.supportsSignature && forgery !== 'absent'
  const claims = claimsOf(pushAccountReceipts, request.signatureData, parts)
  return {
    ...pushed.told,
    warnings: [
      ...(pushed.told.warnings ?? []),
      ...(any && isSigned && request.signatureData === undefined
        ? [
            'there is no signatureData: what is signed then is not recorded anywhere; here, the receipts and the defaults, so the signature has no way back to the bank',
          ]
        : []),
    ],
    // Member order as recorded.
    body: {
      pushAccountReceipts: pushed.outcomes.map(({ account: { pushAccountId }, errors, receipt }) =>
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
      ...(any && { availablePushMethods: pushMethods(tokenRequestor, parts.publicUrl()) }),
      ...(any && isSigned && { signature: await parts.pushSignature.sign(claims, forgery) }),
      tokenRequestorSignatureSupport: isSigned,
      responseId,
    },
  }
}

/**
 * Values are signed as they came, callbackURL too. Assumption: without signatureData the receipts and the two defaults are signed, and
 * tokenRequestorSessionId is signed when it was sent.
 */
function claimsOf(
  pushAccountReceipts: readonly string[],
  data: PushRequest['signatureData'] = {},
  { assumptions }: OperationParts,
) {
  return {
    pushAccountReceipts,
    ...(data.callbackURL !== undefined && { callbackURL: data.callbackURL }),
    ...(assumptions.completeIssuerAppActivationInSignature && {
      completeIssuerAppActivation: data.completeIssuerAppActivation ?? true,
    }),
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
