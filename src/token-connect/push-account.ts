import { tolerateUnknownMembers } from './advice.ts'
import type { Answer, Call, OperationParts } from './call.ts'
import { parseJson } from './json-body.ts'
import { pushAccountMembers as members } from './message-members.ts'
import { beginPush, finishPush, openPayload, pushMethods } from './push-accounts.ts'
import { readFundingAccount, readPushAccount } from './read-messages.ts'

/**
 * `pushAccount`, deprecated since November 2021 and still working: one account, a receipt of 15 minutes, no signature, no AES-GCM.
 *
 * @throws {Refusal} for the request as a whole; what is wrong with its account is in the answer.
 */
export async function pushAccount(call: Call, parts: OperationParts): Promise<Answer> {
  const { tolerate } = call
  const json = parseJson(call.body)
  const request = readPushAccount(json, parts.relaxed, tolerate)
  tolerateUnknownMembers(json, members.request, tolerate)
  const begun = await beginPush(request, call, parts)
  const content = await openPayload(request.pushFundingAccount.encryptedPayload, call, parts)
  tolerateUnknownMembers(content, members.content, tolerate, 'encryptedData.')
  const account = { pushAccountId: '', fundingAccountData: readFundingAccount(content, tolerate) }
  const pushed = await finishPush(begun, [account], call, parts)
  const { responseId, pushAccountReceipts, scripted, outcomes, told } = pushed
  const [pushAccountReceipt] = pushAccountReceipts
  if (pushAccountReceipt === undefined)
    return {
      ...told,
      body: { responseId, errors: scripted ?? outcomes.flatMap(({ errors }) => errors) },
    }
  return {
    ...told,
    warnings: [
      ...(told.warnings ?? []),
      'pushAccount is deprecated: issuers new since February 2022 must call pushMultipleAccounts',
    ],
    body: {
      responseId,
      pushAccountReceipt,
      availablePushMethods: pushMethods(begun.tokenRequestor, parts.publicUrl()),
    },
  }
}
