import type { Lesson, PlayReport } from './play.ts'

/** A scenario that every application should survive. It is judged as any other; `either` says what that lets pass. */
export type ConformanceRow = Lesson & { readonly scenario: string }

const retry = {
  good: 'pushes again a little later, as Retry-After says if there is one, or tells the cardholder that it did not work.',
  either:
    'another push that works, the words that issuer.yaml has under failed, or no offer after a lookup that failed; at most five pushes.',
}

const unreadable = {
  good: 'says that it does not know yet, and waits for what MDES tells its server.',
  either: 'any page without good news; an error page below 500 too.',
}

/** In the order of the report. */
export const conformance: readonly ConformanceRow[] = [
  {
    scenario: 'approved',
    good: 'tells the cardholder that the card is in Click to Pay.',
    why: 'APPROVED with a token reference is the happy ending.',
  },
  {
    scenario: 'step-up-failed',
    good: 'tells the cardholder that one more step is needed before the card can be used.',
    why: 'REQUIRE_ADDITIONAL_AUTHENTICATION brings a token that is not active: the issuer has to activate it.',
  },
  {
    scenario: 'declined',
    good: 'tells the cardholder that the card was not added.',
    why: 'DECLINED has no token reference, and a page that reads one into it shows success.',
  },
  {
    scenario: 'cardholder-cancels',
    good: 'leaves everything as it was, and lets the cardholder begin again.',
    why: 'CANCELLED is the choice of the cardholder and no failure.',
  },
  {
    scenario: 'declined-by-failure',
    good: 'says that something went wrong at Click to Pay, and that the card was not added.',
    why: 'ERROR says nothing against the card, so another try is sensible.',
  },
  {
    scenario: 'declined-as-duplicate',
    good: 'says that the card was there already.',
    why: 'DUPLICATE_REQUEST is no failure: the cardholder has nothing left to do.',
  },
  {
    scenario: 'merchant-authenticated',
    good: 'takes AUTHENTICATED for an active token.',
    why: 'A merchant with the authentication service has had the cardholder prove themselves.',
  },
  {
    scenario: 'merchant-authentication-failed',
    good: 'says that the card was removed again, though a token reference comes with it.',
    why: 'DELETED has a token reference like APPROVED, so that a token alone is no success.',
  },
  {
    scenario: 'cardholder-double-clicks',
    good: 'counts the result once, and says the same the second time.',
    why: 'Browsers send an address twice: double clicks, reloads, the back button.',
    either: 'the second time, the same words or none; never those of another status.',
  },
  {
    scenario: 'cardholder-returns-late',
    good: 'still knows the push when the cardholder comes back after a while.',
    why: 'The last page may stay open, and the session of the bank must outlive it.',
  },
  {
    scenario: 'cardholder-returns-after-expiry',
    good: 'pushes again when the cardholder begins again, and promises nothing before that.',
    why: 'A receipt that has expired ends on a page of Click to Pay, and no result comes back.',
  },
  {
    scenario: 'forged-receipt',
    good: 'holds each receipt against those it pushed, and believes no other.',
    why: 'The callback is unsigned text: anybody can write APPROVED for any receipt into a browser.',
    either: 'any page without good news.',
  },
  {
    scenario: 'odd-extra-parameters',
    good: 'ignores parameters that it does not know.',
    why: 'New ones may be added at any time, and campaigns add their own.',
  },
  {
    scenario: 'odd-raw-brackets',
    good: 'reads the result whether brackets and bar are percent-encoded or not.',
    why: 'Browsers, proxies and apps rewrite addresses.',
  },
  {
    scenario: 'odd-missing-token',
    good: 'copes, and waits for the reference that MDES tells its server.',
    why: 'The reference in the address is a convenience, and not the source.',
    either: 'the words of APPROVED, or that it does not know yet.',
  },
  {
    scenario: 'odd-unknown-status',
    ...unreadable,
    why: 'New statuses may be added at any time; one that is not known is no success.',
  },
  { scenario: 'odd-empty-result', ...unreadable, why: 'A result without a status says nothing.' },
  {
    scenario: 'odd-no-results',
    ...unreadable,
    why: 'Whoever opens the address by hand brings no result.',
  },
  {
    scenario: 'odd-double-encoding',
    ...unreadable,
    why: 'Something in between encoded the address again; to guess at it is to believe too much.',
  },
  {
    scenario: 'wire-quota-exceeded',
    ...retry,
    why: '429 with Retry-After is told to the application, not to the card; whoever comes back sooner is refused again.',
  },
  {
    scenario: 'wire-unavailable',
    ...retry,
    why: '503 passes, as Retry-After says when; nothing was carried out.',
  },
  {
    scenario: 'wire-slow',
    good: 'waits for the answer, and pushes once.',
    why: 'A push may take some seconds; another one meanwhile makes a second receipt.',
  },
  {
    scenario: 'wire-reset-before-push',
    ...retry,
    why: 'A connection that breaks says nothing of what was carried out; to push again is safe.',
  },
  {
    scenario: 'wire-reset-after-push',
    good: 'tells the cardholder that it did not work, once it has tried enough.',
    why: 'The push was carried out each time, and no answer ever comes.',
    either: 'one push or several, at most five.',
  },
  {
    scenario: 'wire-no-answer',
    good: 'gives up after a time of its own, and tells the cardholder that it did not work.',
    why: 'HTTP clients wait for minutes, or for ever, unless they are told not to.',
    either: 'one push or several, at most five.',
  },
  {
    scenario: 'wire-truncated',
    good: 'tells the cardholder that it did not work.',
    why: 'Half an answer is none, though it begins with 200.',
    either: 'one push or several, at most five.',
  },
  {
    scenario: 'wire-garbage',
    good: 'tells the cardholder that it did not work.',
    why: 'What comes with 200 may be the page of a proxy; to read it must not fail.',
    either: 'one push or several, at most five.',
  },
  {
    scenario: 'ineligible-card',
    good: 'tells the cardholder that this card cannot be added, and does not push it again.',
    why: 'The answer is 200: the refusal stands beside the account, in the place of the receipt.',
  },
  {
    scenario: 'approved-without-signature',
    good: 'sends the browser with plain parameters: receipts, locale and callbackURL.',
    why: 'Where a token requestor takes no signatures, the answer has none.',
  },
]

export function conformanceVerdict({ scenarios }: PlayReport): string {
  return `Conformance: ${scenarios.filter(({ passed }) => passed).length} of ${scenarios.length}`
}

/** What there is to learn from a scenario. */
export function lessonLines({ good, why, either }: Lesson): readonly string[] {
  return [
    `A good client ${good}`,
    `Why: ${why}`,
    ...(either === undefined ? [] : [`Accepted: ${either}`]),
  ]
}
