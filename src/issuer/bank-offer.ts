import type { Clock } from '../clock.ts'
import type { BankCard } from './bank-cards.ts'
import {
  asset,
  clickToPay,
  type EligibleTokenRequestor,
  eligibleTokenRequestors,
  type IssuerProject,
} from './client.ts'

/*
 * Before anything is offered: the bank asks MDES whether Click to Pay takes cards of its account ranges, under what name and with what logo,
 * and keeps the answer for a while.
 */

export type Offer = {
  /** As cardholders are to read it. */
  readonly name: string
  /** Missing when it could not be had: the name alone will do. */
  readonly logo?: Logo
  /** Epoch milliseconds. */
  readonly askedAt: number
  readonly takes: (card: BankCard) => boolean
}

export type Logo = { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer> }

export type ClickToPayOffer = {
  /** @throws {Error} the lookup's; the next call asks anew. */
  for(cards: readonly BankCard[]): Promise<Offer>
  /** Lets the next call ask anew. */
  forget(): void
}

/** A real bank keeps the answer for days. */
export const keptForMs = 10 * 60_000

/** As many as one call may ask for. */
const maximumRanges = 25

export function clickToPayOffer(project: IssuerProject, clock: Clock): ClickToPayOffer {
  let kept:
    | { readonly ranges: string; readonly at: number; readonly offer: Promise<Offer> }
    | undefined
  let count = 0

  async function ask(ranges: readonly string[], askedAt: number): Promise<Offer> {
    const found: EligibleTokenRequestor[] = []
    for (let first = 0; first < ranges.length; first += maximumRanges) {
      count += 1
      const requestId = `partner-bank-eligibility-${count}`
      const accountRanges = ranges.slice(first, first + maximumRanges)
      found.push(...(await eligibleTokenRequestors(project, { requestId, accountRanges })))
    }
    const ours = found.filter(({ tokenRequestorId }) => tokenRequestorId === clickToPay)
    const [{ consumerFacingEntityName: name, imageAssetId } = nobody] = ours
    const enabled = new Set(ours.flatMap(({ enabledAccountRanges }) => enabledAccountRanges))
    const logo = imageAssetId === undefined ? undefined : await logoOf(project, imageAssetId)
    return {
      name,
      ...(logo !== undefined && { logo }),
      askedAt,
      takes: (card) => enabled.has(rangeOf(card).padEnd(19, '0')),
    }
  }

  return {
    for(cards) {
      const ranges = [...new Set(cards.map(rangeOf))]
      const at = clock.now()
      const isGood = kept?.ranges === ranges.join() && at - kept.at < keptForMs
      if (kept !== undefined && isGood) return kept.offer
      const asked = { ranges: ranges.join(), at, offer: ask(ranges, at) }
      kept = asked
      asked.offer.catch(() => {
        if (kept === asked) kept = undefined
      })
      return asked.offer
    },
    forget() {
      kept = undefined
    },
  }
}

const nobody = { consumerFacingEntityName: 'Click to Pay', imageAssetId: undefined }

/** Account ranges of this bank have ten digits; only the exact start of one is found. */
function rangeOf({ number }: BankCard): string {
  return number.slice(0, 10)
}

/** The forms of a logo that a page can show, best first. */
const logoTypes = ['image/svg+xml', 'image/png']

async function logoOf(project: IssuerProject, assetId: string): Promise<Logo | undefined> {
  try {
    const forms = await asset(project, assetId)
    const [best] = logoTypes.flatMap((type) => forms.filter((form) => form.type === type))
    return best && { type: best.type, bytes: Uint8Array.from(Buffer.from(best.data, 'base64')) }
  } catch {
    // A card can be added without a picture on the button.
    return undefined
  }
}
