import type { ProblemName } from '../scenarios/problem-names.ts'
import type { Status } from '../scenarios/statuses.ts'

/* What the words of the way back and of the problem pages mean, for people. */

type Meaning = { readonly meaning: string; readonly sure: string; readonly fix: string }

/** What comes back to the issuer in `results[RECEIPT]=STATUS`, and what the issuer does then. */
export const statusMeanings: Readonly<Record<Status, Meaning>> = {
  APPROVED: {
    meaning: 'The card was tokenized, with step-up if that was asked for.',
    sure: 'documented',
    fix: 'Tell the cardholder that it is done. The text came through a browser: rely on what MDES tells your server, and keep the token reference from there.',
  },
  REQUIRE_ADDITIONAL_AUTHENTICATION: {
    meaning:
      'There is a token, but the cardholder was not verified: step-up is open, was skipped or failed.',
    sure: 'documented',
    fix: 'This is no failure. Offer to activate the token (in your app or by your call centre); once the cardholder is verified, activate it through MDES.',
  },
  DECLINED: {
    meaning: 'You, the issuer, or MDES declined to tokenize the card.',
    sure: 'documented',
    fix: 'Tell the cardholder that the card was not added and how to reach you. Look up your decision for this card in your own records.',
  },
  CANCELLED: {
    meaning:
      'The cardholder or Click to Pay stopped before there was a token, or the card was removed at once.',
    sure: 'documented. Until April 2022 it also stood for a card that is there already',
    fix: 'Go back to where the cardholder came from; a new attempt needs a new push.',
  },
  ERROR: {
    meaning: 'Tokenization failed, as with a receipt that is expired, used or unknown.',
    sure: 'documented for failed tokenization; that it also stands for a receipt that cannot be used is assumed',
    fix: 'Offer to try again, with a new push. If receipts expire, push when the cardholder has decided, and not before.',
  },
  DUPLICATE_REQUEST: {
    meaning: 'Click to Pay has this card already, for this cardholder.',
    sure: 'documented, since April 2022; that no token reference follows is assumed',
    fix: 'Tell the cardholder that the card is there; there is nothing to repair.',
  },
  AUTHENTICATED: {
    meaning: 'The cardholder passed the authentication service of a merchant.',
    sure: 'documented, for merchants with the authentication service',
    fix: 'As with APPROVED: it is done.',
  },
  DELETED: {
    meaning: "The cardholder failed authentication for good, so the merchant's token was deleted.",
    sure: 'documented, for merchants with the authentication service',
    fix: 'Tell the cardholder that the card was not added; a new attempt needs a new push.',
  },
}

const pagesAssumed = 'assumed: no source shows what Click to Pay does then'

/** Why a cardholder meets a problem page at /provision. */
export const problemMeanings: Readonly<Record<ProblemName, Meaning>> = {
  SIGNATURE_INVALID: {
    meaning: 'pushAccountData is not a signature of Token Connect, or was changed.',
    sure: 'documented: a page with status 400 and no way back, since nobody vouches for the callback URL',
    fix: 'Put the whole signature of the push into the URL, percent-encoded once and never decoded or cut. It is signed by this simulator only: after new keys, push again.',
  },
  CALLBACK_INVALID: {
    meaning: 'The callbackURL of the link cannot be followed.',
    sure: 'that it is absolute, with a scheme, is documented; the page is assumed',
    fix: "Give an absolute URL of at most 256 characters: https, or your app's own scheme in lower case; percent-encoded once in the query.",
  },
  PARAMETER_REPEATED: {
    meaning: 'The link or the form has a parameter twice.',
    sure: pagesAssumed,
    fix: 'Send each parameter once; several receipts stand in one parameter, with commas.',
  },
  FORM_TOO_LARGE: {
    meaning: 'The form of the page came back larger than it was.',
    sure: pagesAssumed,
    fix: 'Send the form of the page as it is.',
  },
  RECEIPT_MISSING: {
    meaning: 'The link has neither pushAccountReceipts nor pushAccountData.',
    sure: 'assumed: the guide for token requestors goes back to the bank at once; here a person must choose to',
    fix: 'Append pushAccountData=SIGNATURE&extFlow=true, or pushAccountReceipts=RECEIPT and the rest, to the URI of the push.',
  },
  VISIT_UNKNOWN: {
    meaning: 'A decision came without the page it belongs to.',
    sure: pagesAssumed,
    fix: 'Open the link first, and send the form of that page, with its hidden field.',
  },
  RECEIPT_UNKNOWN: {
    meaning: 'There is no such receipt.',
    sure: pagesAssumed,
    fix: 'Use the receipt of the push as it is. A reset, or a restart, forgets receipts.',
  },
  RECEIPT_FOREIGN: {
    meaning: 'The receipt was issued for another token requestor than Click to Pay.',
    sure: 'that a receipt is bound to its token requestor is documented; the page is assumed',
    fix: 'Push with the tokenRequestorId of Click to Pay, or send the cardholder to the URI that came with the receipt.',
  },
  RECEIPT_EXPIRED: {
    meaning: 'The receipt is older than its validity period, 15 minutes unless the push said less.',
    sure: 'the period is documented; the page is assumed',
    fix: 'Push right before you redirect. A scenario may also make receipts that are expired from the start.',
  },
  RECEIPT_USED: {
    meaning: 'The receipt was used before.',
    sure: 'that it works once is documented; the page, and that a failed use counts, are assumed',
    fix: 'Push anew for each attempt; the back button of the browser is a second attempt too.',
  },
  UNAVAILABLE: {
    meaning: 'The page failed.',
    sure: pagesAssumed,
    fix: 'A bug of the simulator; its journal says more.',
  },
}
