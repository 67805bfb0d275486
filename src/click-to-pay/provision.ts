import type { Assumptions } from '../assumptions.ts'
import { callbackObjection, maximumCallbackLength, usableCallback } from '../callback-url.ts'
import type { Clock } from '../clock.ts'
import { type Cause, Refusal, refuse } from '../errors.ts'
import { redirectMistakes } from '../explain/redirect/mistakes.ts'
import { isVisit, newVisit } from '../keys/identifiers.ts'
import type { PushClaims, PushSignature } from '../keys/push-signature.ts'
import { type Ledger, type Push, resultsOf, type Settlement } from '../ledger.ts'
import { plainParameters, signedParameters } from '../provision-parameters.ts'
import type { Outcome } from '../scenarios/schema.ts'
import type { Status } from '../scenarios/statuses.ts'

/** Click to Pay's token requestor id: the receipts of any other are not for this page. */
export const clickToPay = '50123197928'

export type ProvisionParts = {
  readonly clock: Clock
  readonly pushSignature: PushSignature
  readonly ledger: Ledger
  readonly assumptions: Assumptions
}

/** What the issuer sent the browser with. */
export type Opening = {
  readonly form: 'signed' | 'plain'
  /** In the order of the request. */
  readonly pushAccountReceipts: readonly string[]
  /** Where to go back to, checked. */
  readonly callbackURL: string | undefined
  /** What the signature says, in the signed form. */
  readonly claims?: PushClaims
  /** What is wrong with it, though it works. */
  readonly mistakes: readonly Cause[]
}

/**
 * Reads `/provision?pushAccountData=...` or `/provision?pushAccountReceipts=...&callbackURL=...`. With both, the signed one counts
 * (assumption: no source says).
 *
 * @throws {Refusal} SIGNATURE_INVALID, CALLBACK_INVALID, PARAMETER_REPEATED.
 */
export async function readOpening(
  search: string,
  { pushSignature }: ProvisionParts,
): Promise<Opening> {
  const query = new URLSearchParams(search)
  for (const name of query.has('pushAccountData') ? signedParameters : plainParameters)
    if (query.getAll(name).length > 1)
      refuse(
        'PARAMETER_REPEATED',
        `${name} is there ${query.getAll(name).length} times; once is enough`,
      )
  const signed = query.get('pushAccountData')
  if (signed !== null) {
    const claims = (await pushSignature.verify(signed)) as PushClaims
    return {
      form: 'signed',
      claims,
      ...checkedClaims(claims),
      mistakes: redirectMistakes({ search, claims }),
    }
  }
  const receipts = (query.get('pushAccountReceipts') ?? '')
    .split(',')
    .filter((receipt) => receipt !== '')
  // Decoded once already, by reading the query: one that is still encoded was encoded twice.
  const callbackURL = query.get('callbackURL') ?? undefined
  return {
    form: 'plain',
    pushAccountReceipts: receipts,
    callbackURL: callbackURL === undefined ? undefined : checkedCallback(callbackURL, 'plain'),
    mistakes: redirectMistakes({ search }),
  }
}

/** Verified, so it has the shape that the push gave it. */
function checkedClaims({
  pushAccountReceipts,
  callbackURL,
}: PushClaims): Pick<Opening, 'pushAccountReceipts' | 'callbackURL'> {
  return {
    pushAccountReceipts,
    callbackURL: callbackURL === undefined ? undefined : checkedCallback(callbackURL, 'signed'),
  }
}

function checkedCallback(callbackURL: string, form: Opening['form']): string {
  const isEncodedTwice = form === 'plain' && usableCallback(callbackURL) !== callbackURL
  const objection =
    callbackURL.length > maximumCallbackLength
      ? `it has ${callbackURL.length} characters; at most ${maximumCallbackLength} are allowed`
      : isEncodedTwice
        ? 'it is percent-encoded twice'
        : callbackObjection(callbackURL)
  if (objection !== undefined)
    refuse('CALLBACK_INVALID', `callbackURL: ${objection}`, {
      encoded: isEncodedTwice ? 'twice' : 'once',
    })
  return usableCallback(callbackURL)
}

/**
 * The push whose receipt the browser brought.
 *
 * @throws {Refusal} RECEIPT_MISSING, RECEIPT_UNKNOWN.
 */
export async function findPush(
  { pushAccountReceipts }: Opening,
  { ledger }: ProvisionParts,
): Promise<Push> {
  // Click to Pay takes one card at a time; a requestor of this kind uses the first receipt and ignores the rest.
  const [receipt] = pushAccountReceipts
  if (receipt === undefined)
    refuse('RECEIPT_MISSING', 'expected pushAccountReceipts=RECEIPT or pushAccountData=SIGNATURE')
  return (
    (await ledger.find(receipt)) ??
    refuse(
      'RECEIPT_UNKNOWN',
      `${receipt} was not issued here, or not since the last start or reset`,
    )
  )
}

/**
 * Sees that a push may still be decided on, or was decided already.
 *
 * @throws {Refusal} RECEIPT_FOREIGN, or RECEIPT_EXPIRED when it was not settled in time.
 */
export function checkPush(push: Push, { clock }: ProvisionParts): void {
  if (push.tokenRequestorId !== clickToPay)
    refuse(
      'RECEIPT_FOREIGN',
      `${firstReceipt(push)} was pushed for token requestor ${push.tokenRequestorId}, and this is Click to Pay, ${clickToPay}`,
    )
  const lateMs = clock.now() - push.expiresAt
  if (push.settlement === undefined && lateMs >= 0)
    refuse('RECEIPT_EXPIRED', `${firstReceipt(push)} expired ${Math.round(lateMs / 1000)} s ago`)
}

/**
 * Opens a visit of the page.
 *
 * @throws {Refusal} RECEIPT_USED.
 */
export async function openVisit(push: Push, { ledger }: ProvisionParts): Promise<string> {
  if (push.settlement !== undefined) throw used(push.settlement)
  return newVisit(push.root, await ledger.nextVisit(firstReceipt(push)))
}

/**
 * Ends the push with this visit's decision, unless another visit ended it before. The same visit sent again (a double click, a reload)
 * hears what it heard the first time.
 *
 * Assumption: one settlement per push. A receipt can be used successfully only once; that a failed use leaves it usable, as one guide
 * says, is not imitated.
 *
 * @throws {Refusal} RECEIPT_USED, VISIT_UNKNOWN, or RECEIPT_UNKNOWN when the push was forgotten meanwhile.
 */
export async function settle(
  push: Push,
  visit: string,
  outcome: Exclude<Outcome, 'ask'>,
  { ledger, clock, assumptions }: ProvisionParts,
): Promise<Settlement> {
  if (!isVisit(push.root, visit))
    refuse('VISIT_UNKNOWN', 'the form is not of a page that was shown for this receipt')
  const settlement = await ledger.settle(firstReceipt(push), {
    visit,
    at: clock.now(),
    results: resultsOf(push, reported(outcome, assumptions)),
  })
  if (settlement === undefined) return refuse('RECEIPT_UNKNOWN', 'the push was forgotten meanwhile')
  if (settlement.visit !== visit) throw used(settlement)
  return settlement
}

/** A card that is there already may be reported in the older way. */
function reported(outcome: Exclude<Outcome, 'ask'>, { duplicateCard }: Assumptions) {
  const one = (status: Status) => (status === 'DUPLICATE_REQUEST' ? duplicateCard : status)
  return typeof outcome === 'string' ? one(outcome) : outcome.map(one)
}

function used({ results }: Settlement): Refusal {
  const ends = results.map(
    ({ pushAccountReceipt, status }) => `${pushAccountReceipt} ended ${status}`,
  )
  const because = `${ends.join(', ')} in another visit; a receipt is used once, so push again`
  return new Refusal({ code: 'RECEIPT_USED', because })
}

function firstReceipt({ accounts: [first] }: Push): string {
  return first?.pushAccountReceipt ?? ''
}
