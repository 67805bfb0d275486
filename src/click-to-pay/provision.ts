import type { Assumptions } from '../assumptions.ts'
import { callbackObjection, maximumCallbackLength, usableCallback } from '../callback-url.ts'
import { type Cause, Refusal, refuse } from '../errors.ts'
import { type Host, redirectMistakes } from '../explain/redirect/mistakes.ts'
import type { CardIdentity } from '../keys/card-identity.ts'
import { isVisit, newVisit } from '../keys/identifiers.ts'
import type { PushClaims, PushSignature } from '../keys/push-signature.ts'
import type { Ending, Ledger, Push, Settlement } from '../ledger.ts'
import { clickToPay, pageOf, plainParameters, signedParameters } from '../provision-parameters.ts'
import type { Status } from '../scenarios/statuses.ts'
import { outcomeOf, statusAt } from '../scenarios/story.ts'
import type { TokenRequestor } from '../scenarios/token-requestor-schema.ts'
import type { Tenants } from '../tenants.ts'

export type ProvisionParts = {
  /** The clock and the seed of each issuer. */
  readonly tenants: Pick<Tenants, 'clockOf' | 'seedOf'>
  readonly pushSignature: PushSignature
  readonly ledger: Ledger
  readonly assumptions: Assumptions
  readonly cardIdentity: CardIdentity
  readonly tokenRequestors: readonly TokenRequestor[]
}

/** What the issuer sent the browser with. */
export type Opening = {
  readonly form: 'signed' | 'plain'
  /** In the order of the request. */
  readonly pushAccountReceipts: readonly string[]
  /** Where to go back to, checked. */
  readonly callbackURL: string | undefined
  /** Whether a device may be remembered; anything but true is false. */
  readonly extFlow: boolean
  /** Whether a step-up there is done before the cardholder goes back; assumption: true where nothing is said of the app. */
  readonly completes: Readonly<Record<'issuer-app' | 'issuer-website', boolean>>
  /** As the bank gave it, in whatever form. */
  readonly locale: string | undefined
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
  host: TokenRequestor,
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
      extFlow: isTrue(query.get('extFlow')),
      completes: {
        'issuer-app': claims.completeIssuerAppActivation ?? true,
        'issuer-website': claims.completeWebsiteActivation,
      },
      locale: claims.locale,
      ...checkedClaims(claims),
      mistakes: redirectMistakes({ search, claims, host: hostForMistakes(host) }),
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
    extFlow: isTrue(query.get('extFlow')),
    completes: {
      'issuer-app': isTrue(query.get('completeIssuerAppActivation') ?? 'true'),
      'issuer-website': isTrue(query.get('completeWebsiteActivation') ?? 'true'),
    },
    locale: query.get('locale') ?? undefined,
    callbackURL: callbackURL === undefined ? undefined : checkedCallback(callbackURL, 'plain'),
    mistakes: redirectMistakes({ search, host: hostForMistakes(host) }),
  }
}

/** Documented: not case sensitive. */
function isTrue(value: string | null): boolean {
  return value?.toLowerCase() === 'true'
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

/** What the advice on a link depends on. */
export function hostForMistakes(host: TokenRequestor): Host {
  return {
    name: host.consumerFacingEntityName,
    isClickToPay: host.tokenRequestorId === clickToPay,
    takes: takenAtOnce(host),
  }
}

function takenAtOnce({ supportsMultiplePushedCards }: TokenRequestor): number {
  return supportsMultiplePushedCards ? maximumReceipts : 1
}

/** The most that a token requestor takes at once. */
const maximumReceipts = 5

/** What the browser brought to a page, each receipt once and in their order. */
export type Arrival = { readonly pushes: readonly [Push, ...Push[]] }

/**
 * The pushes whose receipts the browser brought to the page of this token requestor.
 *
 * @throws {Refusal} RECEIPT_MISSING, RECEIPT_UNKNOWN, RECEIPT_FOREIGN, or RECEIPT_EXPIRED when it was not settled in time.
 */
export async function arrivalOf(
  opening: Opening,
  host: TokenRequestor,
  { ledger, tenants }: ProvisionParts,
): Promise<Arrival> {
  const [first, ...others] = await Promise.all(
    receiptsUsed(opening, host).map(
      async (receipt) =>
        (await ledger.find(receipt)) ??
        refuse(
          'RECEIPT_UNKNOWN',
          `${receipt} was not issued here, or not since the last start or reset`,
        ),
    ),
  )
  if (first === undefined)
    return refuse(
      'RECEIPT_MISSING',
      'expected pushAccountReceipts=RECEIPT or pushAccountData=SIGNATURE',
    )
  for (const push of [first, ...others]) {
    const { pushAccountReceipt, tokenRequestorId, expiresAt, settlement } = push
    if (tokenRequestorId !== host.tokenRequestorId)
      refuse(
        'RECEIPT_FOREIGN',
        `${pushAccountReceipt} was pushed for token requestor ${tokenRequestorId}, and this is ${host.consumerFacingEntityName}, ${host.tokenRequestorId}`,
      )
    // Assumption: no bank has the receipts of another, so no source says what happens then.
    if (push.consumerKey !== first.consumerKey)
      refuse(
        'RECEIPT_FOREIGN',
        `${pushAccountReceipt} was pushed by another issuer than ${first.pushAccountReceipt}`,
      )
    const lateMs = tenants.clockOf(push.consumerKey).now() - expiresAt
    if (settlement === undefined && lateMs >= 0)
      refuse('RECEIPT_EXPIRED', `${pushAccountReceipt} expired ${Math.round(lateMs / 1000)} s ago`)
  }
  return { pushes: [first, ...others] }
}

/** Whoever takes one card at a time uses the first receipt and ignores the rest; others take five. */
function receiptsUsed({ pushAccountReceipts }: Opening, host: TokenRequestor): readonly string[] {
  return [...new Set(pushAccountReceipts)].slice(0, takenAtOnce(host))
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
 * @param visitNumber from 1.
 * @throws {Refusal} RECEIPT_USED, or RECEIPT_EXPIRED as a scenario says.
 */
export function openVisit(arrival: Arrival, visitNumber: number): string {
  const { pushes } = arrival
  for (const { settlement, pushAccountReceipt, choice } of pushes) {
    if (settlement !== undefined) throw used([settlement])
    if (visitNumber > 1 && choice.scenario.push?.receipt?.state === 'expiring')
      refuse('RECEIPT_EXPIRED', `${pushAccountReceipt} expired while the page was open before`)
  }
  return newVisit(pushes[0].root, receiptsOf(arrival), visitNumber)
}

/**
 * Sees that a form is of this page, and what it has ended already.
 *
 * @returns the settlements, when this visit has settled the pushes before.
 * @throws {Refusal} VISIT_UNKNOWN, or RECEIPT_USED by another visit.
 */
export function resumeVisit(arrival: Arrival, visit: string): readonly Settlement[] | undefined {
  const { pushes } = arrival
  if (!isVisit(pushes[0].root, receiptsOf(arrival), visit))
    refuse('VISIT_UNKNOWN', 'the form is not of a page that was shown for this receipt')
  const settlements = pushes.flatMap(({ settlement }) => settlement ?? [])
  if (settlements.some((settlement) => settlement.visit !== visit)) throw used(settlements)
  return settlements.length < pushes.length ? undefined : settlements
}

export function receiptsOf({ pushes }: Arrival): readonly string[] {
  return pushes.map(({ pushAccountReceipt }) => pushAccountReceipt)
}

/**
 * Ends the pushes with this visit's decision, all of them or none, unless another visit ended one before. The same visit sent again (a double
 * click, a reload) hears what it heard the first time.
 *
 * Assumption: one settlement per push. A receipt can be used successfully only once; that a failed use leaves it usable, as one guide
 * says, is not imitated.
 *
 * @param decided without it each push ends as its scenario says.
 * @param email of the consumer at the page, where one was typed: whose account it is that may have the card already.
 * @returns how each ended.
 * @throws {Refusal} RECEIPT_USED, or RECEIPT_UNKNOWN when a push was forgotten meanwhile.
 */
export async function settle(
  { pushes }: Arrival,
  visit: string,
  decided: Decided | undefined,
  { ledger, tenants, assumptions, cardIdentity }: ProvisionParts,
  email?: string,
): Promise<readonly Settlement[]> {
  const who = email === undefined ? {} : { cardholder: cardIdentity.cardholder(email) }
  const settlements = await ledger.settle(
    visit,
    tenants.clockOf(pushes[0].consumerKey).now(),
    pushes.map((push) => ({ ...endingOf(push, decided, assumptions), ...who })),
  )
  if (settlements === undefined)
    return refuse('RECEIPT_UNKNOWN', 'the push was forgotten meanwhile')
  if (settlements.some((settlement) => settlement.visit !== visit)) throw used(settlements)
  return settlements
}

/** How a visit ends: by what the cardholder did, or as a tester wants it whatever was there before. */
export type Decided = { readonly status: Status; readonly by: 'cardholder' | 'tester' }

/** What a scenario states happens, whatever was there before; otherwise the page looks whether it has the card already. */
function endingOf(
  { pushAccountReceipt, position, choice }: Push,
  decided: Decided | undefined,
  { duplicateCard }: Assumptions,
): Ending {
  const outcome = decided?.status ?? outcomeOf(choice.scenario.provision)
  if (outcome === 'usual' || outcome === 'ask')
    // `ask` gets here beside a push that is not asked about.
    return { pushAccountReceipt, status: 'APPROVED', ifThere: duplicateCard }
  const stated = statusAt(outcome, position)
  // A card that is there already may be reported in the older way.
  const status = stated === 'DUPLICATE_REQUEST' ? duplicateCard : stated
  return {
    pushAccountReceipt,
    status,
    ...(decided?.by === 'cardholder' && { ifThere: duplicateCard }),
  }
}

function used(settlements: readonly Settlement[]): Refusal {
  const ends = settlements.map(
    ({ result: { pushAccountReceipt, status } }) => `${pushAccountReceipt} ended ${status}`,
  )
  const because = `${ends.join(', ')} in another visit; a receipt is used once, so push again`
  return new Refusal({ code: 'RECEIPT_USED', because })
}
