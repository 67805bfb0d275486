import { namedCauses } from '../named-causes.ts'

/** Every mistake of a redirect that can be named, and what to do about it. */
export const redirectFixes = {
  RECEIPT_EMPTY: 'Look at the errors of the push answer before you redirect.',
  NOTHING_PUSHED:
    'Append pushAccountData=SIGNATURE, or pushAccountReceipts=RECEIPT, to the URI of the push answer.',
  SIGNATURE_AS_RECEIPT:
    'Send the signature as pushAccountData, or the receipt as pushAccountReceipts.',
  RECEIPT_CHANGED: 'Send the receipt exactly as the push answer has it, percent-encoded once.',
  RECEIPT_CASE_CHANGED: 'Do not change the case of the receipt.',
  RECEIPT_OF_ANOTHER_SERVER: 'Push again, and redirect to the URI of that answer.',
  NO_RECEIPT: 'Send pushAccountReceipt of the push answer, not pushAccountId or requestId.',
  RECEIPT_OF_ANOTHER_REQUESTOR:
    'Push with tokenRequestorId 50123197928, or redirect to the availablePushMethods of the one you pushed to.',
  RECEIPT_EXPIRED:
    'Push when the cardholder asks for it and redirect at once; pushAccountReceiptsValidityPeriod may be 5 to 15 minutes.',
  RECEIPT_USED: 'Push again for another visit.',
  PARAMETER_REPEATED:
    'Append each parameter once; the URI of the push answer may have a query already.',
  CALLBACK_DOUBLE_ENCODED:
    'Encode the value once: a URL builder that encodes by itself must get it bare.',
  VALUE_UNDEFINED:
    'Read the push answer first: a refused push has no signature and no receipt; look at its errors.',
  CALLBACK_UNUSABLE:
    'Send an absolute URL of at most 256 ASCII characters, percent-encoded once as a whole: https, http or the scheme of an app.',
  RECEIPT_AS_SIGNATURE:
    'Send the receipt as pushAccountReceipts, or the signature of the push answer as pushAccountData.',
  SIGNATURE_DOUBLE_ENCODED: 'A JWS needs no encoding in a query: append it as it is.',
  SIGNATURE_QUOTED:
    'Append the signature exactly as the JSON of the push answer has it, without its quotes.',
  SIGNATURE_CUT:
    'Append the whole signature: some 700 characters; see what cuts it (a column, a log, a redirect limit).',
  SIGNATURE_OF_ANOTHER_ENVIRONMENT: 'Redirect with the signature that this simulator gave.',
  SIGNATURE_OF_ANOTHER_SERVER:
    'Push to the simulator that serves the page, or share its data directory.',
  SIGNATURE_CHANGED:
    'Append the signature of the push answer, unchanged: do not decode, re-encode or build it yourself.',
  RECEIPT_OF_ANOTHER_CONSUMER_KEY: 'Hand over the receipts of one issuer, and of one push.',
  RECEIPTS_OF_SEVERAL_REQUESTORS: 'Hand over the receipts of one token requestor, to its own URI.',
  EXTFLOW_MISSING: 'Append extFlow=true in both use cases.',
  SEVERAL_RECEIPTS: 'Send the cardholder once for each card.',
  TOO_MANY_RECEIPTS: 'Hand over at most five receipts, and the others in another visit.',
  CALLBACK_NOT_ENCODED:
    'Encode its value once (encodeURIComponent, URLEncoder, Uri.EscapeDataString).',
  LOCALE_MISSING: 'Append locale=ll_CC: language in lower case, _, country in upper case.',
  LOCALE_MALFORMED: 'Write it as ll_CC: language in lower case, _, country in upper case.',
  BOOLEAN_MALFORMED: 'Send true or false.',
  SIGNED_AND_PLAIN_DISAGREE:
    'Put the right value into signatureData when you push, and leave the parameter out of the URL.',
  BOTH_FORMS: 'Leave the plain parameter out of the URL, or leave pushAccountData out.',
  RECEIPTS_PARAMETER_SINGULAR:
    'Call it pushAccountReceipts, for one receipt too; older integrations had the singular.',
  SCENARIO_SAYS_SO:
    'Nothing at the bank: see that it copes with a cardholder who does not come back, or comes back by the link of this page.',
  PARAMETER_MISSPELT: 'Write the name as the specification does: names are case sensitive.',
} as const
type CauseCode = keyof typeof redirectFixes

export const { proven, likely } = namedCauses<CauseCode>(redirectFixes)
