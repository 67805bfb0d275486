import type { Assumptions } from '../assumptions.ts'
import { callbackObjection, maximumCallbackLength, usableCallback } from '../callback-url.ts'
import type { Clock } from '../clock.ts'
import { type Cause, Refusal, refuse } from '../errors.ts'
import { redirectMistakes } from '../explain/redirect/mistakes.ts'
import { isVisit, newVisit } from '../keys/identifiers.ts'
import type { PushClaims, PushSignature } from '../keys/push-signature.ts'
import { type Ledger, type Push, type Result, resultsOf, type Settlement } from '../ledger.ts'
import { pageOf, plainParameters, signedParameters } from '../provision-parameters.ts'
import type { Status } from '../scenarios/statuses.ts'
import { type Ending, type Outcome, outcomeOf } from '../scenarios/story.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'

export type ProvisionParts = {
  readonly clock: Clock
  readonly pushSignature: PushSignature
  readonly ledger: Ledger
  readonly assumptions: Assumptions
  readonly tokenRequestors: readonly TokenRequestor[]
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

/** The most that a token requestor takes at once. */
const maximumReceipts = 5

/** What the browser brought to a page that may be decided on: each receipt with its push, the first one's first. */
export type Arrival = {
  readonly receipts: readonly string[]
  /** Each once, in the order of the receipts. */
  readonly pushes: readonly [Push, ...Push[]]
}

/**
 * The pushes whose receipts the browser brought to the page of this token requestor.
 *
 * @throws {Refusal} RECEIPT_MISSING, RECEIPT_UNKNOWN, RECEIPT_FOREIGN, or RECEIPT_EXPIRED when it was not settled in time.
 */
export async function arrivalOf(
  { pushAccountReceipts: brought }: Opening,
  { tokenRequestorId, supportsMultiplePushedCards, consumerFacingEntityName }: TokenRequestor,
  { ledger, clock }: ProvisionParts,
): Promise<Arrival> {
  // Whoever takes one card at a time uses the first receipt and ignores the rest.
  const receipts = brought.slice(0, supportsMultiplePushedCards ? maximumReceipts : 1)
  const found = await Promise.all(
    receipts.map(
      async (receipt) =>
        (await ledger.find(receipt)) ??
        refuse(
          'RECEIPT_UNKNOWN',
          `${receipt} was not issued here, or not since the last start or reset`,
        ),
    ),
  )
  const [first, ...others] = new Set(found)
  if (first === undefined)
    return refuse(
      'RECEIPT_MISSING',
      'expected pushAccountReceipts=RECEIPT or pushAccountData=SIGNATURE',
    )
  for (const push of [first, ...others]) {
    if (push.tokenRequestorId !== tokenRequestorId)
      refuse(
        'RECEIPT_FOREIGN',
        `${firstReceipt(push)} was pushed for token requestor ${push.tokenRequestorId}, and this is ${consumerFacingEntityName}, ${tokenRequestorId}`,
      )
    const lateMs = clock.now() - push.expiresAt
    if (push.settlement === undefined && lateMs >= 0)
      refuse('RECEIPT_EXPIRED', `${firstReceipt(push)} expired ${Math.round(lateMs / 1000)} s ago`)
  }
  return { receipts, pushes: [first, ...others] }
}

/** The token requestor whose page this path is; undefined when its page is elsewhere. */
export function hostOf(
  path: string,
  { tokenRequestors }: ProvisionParts,
): TokenRequestor | undefined {
  return tokenRequestors.find(
    ({ tokenRequestorId, pushMethods }) =>
      pushMethods.WEB === 'simulator' && pageOf(tokenRequestorId) === path,
  )
}

/**
 * Opens a visit of the page.
 *
 * @throws {Refusal} RECEIPT_USED.
 */
export async function openVisit({ pushes }: Arrival, { ledger }: ProvisionParts): Promise<string> {
  const [{ root }] = pushes
  for (const { settlement } of pushes) if (settlement !== undefined) throw used(settlement)
  return newVisit(root, await ledger.nextVisit(firstReceipt(pushes[0])))
}

/**
 * Ends the pushes with this visit's decision, unless another visit ended them before. The same visit sent again (a double click, a reload)
 * hears what it heard the first time.
 *
 * Assumption: one settlement per push. A receipt can be used successfully only once; that a failed use leaves it usable, as one guide
 * says, is not imitated.
 *
 * @param decided by the person at the page; without it each push ends as its scenario says.
 * @returns of each receipt that was brought how it ended.
 * @throws {Refusal} RECEIPT_USED, RECEIPT_EXPIRED, or RECEIPT_UNKNOWN when a push was forgotten meanwhile.
 */
export async function settle(
  { pushes, receipts }: Arrival,
  visit: string,
  decided: Status | undefined,
  parts: ProvisionParts,
): Promise<readonly Result[]> {
  for (const { settlement } of pushes)
    if (settlement !== undefined && settlement.visit !== visit) throw used(settlement)
  const results: Result[] = []
  for (const push of pushes) {
    const settlement = await settleOne(push, visit, decided, parts)
    results.push(...settlement.results)
  }
  return results.filter(({ pushAccountReceipt }) => receipts.includes(pushAccountReceipt))
}

async function settleOne(
  push: Push,
  visit: string,
  decided: Status | undefined,
  { ledger, clock, assumptions }: ProvisionParts,
): Promise<Settlement> {
  const outcome = decided ?? outcomeOf(push.choice.scenario.provision)
  const { ending, looks } = howItEnds(decided, outcome)
  const settlement = await ledger.settle(
    firstReceipt(push),
    { visit, at: clock.now(), results: resultsOf(push, reported(ending, assumptions)) },
    looks ? assumptions.duplicateCard : undefined,
  )
  if (settlement === undefined) return refuse('RECEIPT_UNKNOWN', 'the push was forgotten meanwhile')
  if (settlement.visit !== visit) throw used(settlement)
  return settlement
}

/** What a scenario states happens, whatever was there before; otherwise the page looks whether it has the card already. */
function howItEnds(
  decided: Status | undefined,
  outcome: Outcome,
): { readonly ending: Ending; readonly looks: boolean } {
  // A push that is to be asked about, beside one whose scenario decides.
  if (outcome === 'usual' || outcome === 'ask') return { ending: 'APPROVED', looks: true }
  return { ending: outcome, looks: decided !== undefined }
}

/** @throws {Refusal} VISIT_UNKNOWN. */
export function checkVisit({ pushes: [{ root }] }: Arrival, visit: string): void {
  if (!isVisit(root, visit))
    refuse('VISIT_UNKNOWN', 'the form is not of a page that was shown for this receipt')
}

/** A card that is there already may be reported in the older way. */
function reported(ending: Ending, { duplicateCard }: Assumptions): Ending {
  const one = (status: Status) => (status === 'DUPLICATE_REQUEST' ? duplicateCard : status)
  return typeof ending === 'string' ? one(ending) : ending.map(one)
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
