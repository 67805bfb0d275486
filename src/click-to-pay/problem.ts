import type { Context } from 'hono'
import { maskCardNumbers } from '../card-number.ts'
import type { Explanation, Fault, Refusal } from '../errors.ts'
import { explainRedirect } from '../explain/redirect/redirect.ts'
import { receiptsClaimed } from '../keys/push-signature.ts'
import type { Ledger, Push } from '../ledger.ts'
import { problemNames } from '../scenarios/problem-names.ts'
import {
  type ClickToPayParts,
  exchange,
  type Known,
  queryOf,
  recorded,
  searchOf,
  show,
  spokenTo,
} from './answer.ts'
import { returnUrl } from './callback.ts'
import { problemPage, problemStatuses } from './pages.ts'
import { hostForMistakes, type Opening } from './provision.ts'
import { scriptedCause } from './scripted.ts'

/* What a cardholder reads when something is wrong, and why that is, for the journal. */

export async function refused(
  c: Context,
  { faults }: Refusal,
  { host, opening, pushes }: Known,
  parts: Pick<ClickToPayParts, 'journal' | 'ledger'>,
): Promise<Response> {
  const [fault] = faults
  const { code } = fault
  const problem = problemNames.find((name) => name === code) ?? 'UNAVAILABLE'
  const status = problemStatuses[problem]
  const meant = pushes ?? (await pushesMeant(c, opening, parts.ledger))
  const page = problemPage(
    problem,
    wayBack(opening),
    host?.consumerFacingEntityName ?? usualHost,
    spokenTo(c, opening),
  )
  const happening = {
    ...exchange(c, opening, meant),
    status,
    summary: `shows the problem page ${problem}`,
    faults: [{ ...fault, explanation: explained(c, fault, { host, opening, pushes: meant }) }],
    // The explanation has them.
    warnings: undefined,
  }
  return recorded(c, happening, await show(c, status, page, opening?.callbackURL), parts)
}

/** Where a request fails before it is known whose page it is for. */
const usualHost = 'Click to Pay'

/** The pushes that a link is about, for the journal alone: of a signature that does not verify nothing else may be believed. */
async function pushesMeant(
  c: Context,
  opening: Opening | undefined,
  ledger: Ledger,
): Promise<readonly Push[]> {
  const receipts =
    opening?.pushAccountReceipts ?? receiptsClaimed(queryOf(c).get('pushAccountData') ?? '')
  const found = await Promise.all(receipts.slice(0, 5).map((receipt) => ledger.find(receipt)))
  return found.flatMap((push) => push ?? [])
}

function explained(c: Context, fault: Fault, { host, opening, pushes = [] }: Known): Explanation {
  if (fault.facts?.chosenBy === 'tester') return { causes: [], comparisons: [] }
  const redirect = {
    search: searchOf(c),
    claims: opening?.claims,
    host: host && hostForMistakes(host),
  }
  const explanation = explainRedirect(fault, redirect, pushes)
  const scripted = scriptedCause(fault, pushes)
  if (scripted === undefined) return explanation
  return { ...explanation, causes: [scripted] }
}

/** Real receipts vary more than ours; anything else is somebody's text and goes nowhere. */
const receiptShape = /^[A-Z]{3}-(?:[A-Z]{3}-)?[0-9A-Za-z-]{36}$/

/** For a person to choose: nothing here proves that the issuer of this link is a bank of ours. */
function wayBack(opening: Opening | undefined): string | undefined {
  if (opening?.callbackURL === undefined) return undefined
  // Nobody vouches for this URL, and a page shows no card number.
  if (maskCardNumbers(opening.callbackURL) !== opening.callbackURL) return undefined
  const receipts = opening.pushAccountReceipts.filter((receipt) => receiptShape.test(receipt))
  return returnUrl(
    opening.callbackURL,
    // Assumption: what to report for a receipt that cannot be used is not defined.
    receipts.map((pushAccountReceipt) => ({ pushAccountReceipt, status: 'ERROR' })),
  )
}
