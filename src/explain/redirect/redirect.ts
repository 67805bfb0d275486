import type { Cause, Explanation, Fault } from '../../errors.ts'
import { type Redirect, redirectMistakes } from './mistakes.ts'

/** A receipt that is known, and whose it is. */
export type KnownReceipt = {
  readonly pushAccountReceipt: string
  readonly consumerKey: string
  readonly tokenRequestorId: string
}

/** Why a redirect to `/provision` was refused. */
export function explainRedirect(
  fault: Fault,
  redirect: Redirect,
  receipts: readonly KnownReceipt[],
): Explanation {
  const query = new URLSearchParams(redirect.search)
  const likeliest = (causesOf[fault.code] ?? (() => []))(query, fault)
  const mistakes = redirectMistakes(redirect)
  // A parameter that is not there under its name explains more than one that is merely missing.
  const named = mistakes.filter(({ code }) => explains[fault.code]?.includes(code))
  const others = mistakes.filter((one) => !named.includes(one))
  return {
    causes: [...named, ...likeliest, ...ofSeveralIssuers(receipts), ...others],
    comparisons: [],
  }
}

/** The mistakes that may be the whole reason for a refusal. */
const explains: Readonly<Record<string, readonly string[]>> = {
  RECEIPT_MISSING: ['RECEIPTS_PARAMETER_SINGULAR', 'PARAMETER_MISSPELT'],
  CALLBACK_INVALID: ['CALLBACK_NOT_ENCODED'],
}

const receiptForm = /^[A-Z]{3}-(?:[A-Z]{3}-)?[0-9A-Za-z-]{36}$/

type Judge = (query: URLSearchParams, fault: Fault) => readonly Cause[]

const causesOf: Readonly<Record<string, Judge>> = {
  RECEIPT_MISSING: (query) =>
    query.has('pushAccountReceipts')
      ? [
          cause(
            'RECEIPT_EMPTY',
            'pushAccountReceipts has no value: the push gave no receipt, or it was not read from the answer',
            'look at the errors of the push answer before you redirect',
          ),
        ]
      : [
          cause(
            'NOTHING_PUSHED',
            'neither pushAccountReceipts nor pushAccountData is there',
            'append pushAccountData=SIGNATURE, or pushAccountReceipts=RECEIPT, to the URI of the push answer',
          ),
        ],

  RECEIPT_UNKNOWN: (query) => {
    const receipt = query.get('pushAccountReceipts')?.split(',')[0] ?? ''
    if (isSignature(receipt))
      return [
        cause(
          'SIGNATURE_AS_RECEIPT',
          'pushAccountReceipts holds the signature',
          'send the signature as pushAccountData, or the receipt as pushAccountReceipts',
        ),
      ]
    if (receipt.trim() !== receipt || /%|"|'/.test(receipt))
      return [
        cause(
          'RECEIPT_CHANGED',
          'the receipt has blanks, quotes or percent signs around or in it',
          'send the receipt exactly as the push answer has it, percent-encoded once',
        ),
      ]
    if (receipt !== receipt.toUpperCase() && receiptForm.test(receipt.toUpperCase()))
      return [
        cause(
          'RECEIPT_CASE_CHANGED',
          'the receipt has lower-case letters; receipts are issued here in upper case',
          'do not change the case of the receipt',
        ),
      ]
    return receiptForm.test(receipt)
      ? [
          likely(
            'RECEIPT_OF_ANOTHER_SERVER',
            'it has the form of a receipt: issued by another environment, or before the last restart or reset of this simulator',
            'push again, and redirect to the URI of that answer',
          ),
        ]
      : [
          cause(
            'NO_RECEIPT',
            'it does not have the form of a receipt, such as MCC-STL- and a UUID',
            'send pushAccountReceipt of the push answer, not pushAccountId or requestId',
          ),
        ]
  },

  RECEIPT_FOREIGN: (_query, { because }) => [
    cause(
      'RECEIPT_OF_ANOTHER_REQUESTOR',
      because,
      'push with tokenRequestorId 50123197928, or redirect to the availablePushMethods of the one you pushed to',
    ),
  ],

  RECEIPT_EXPIRED: (_query, { because }) => [
    cause(
      'RECEIPT_EXPIRED',
      because,
      'push when the cardholder asks for it and redirect at once; pushAccountReceiptsValidityPeriod may be 5 to 15 minutes',
    ),
  ],

  RECEIPT_USED: (_query, { because }) => [
    cause('RECEIPT_USED', because, 'push again for another visit'),
  ],

  PARAMETER_REPEATED: (_query, { because }) => [
    cause(
      'PARAMETER_REPEATED',
      because,
      'append each parameter once; the URI of the push answer may have a query already',
    ),
  ],

  CALLBACK_INVALID: (_query, { because, facts }) => [
    facts?.encoded === 'twice'
      ? cause(
          'CALLBACK_DOUBLE_ENCODED',
          because,
          'encode the value once: a URL builder that encodes by itself must get it bare',
        )
      : cause('CALLBACK_UNUSABLE', because, 'send an absolute URL of at most 256 characters'),
  ],

  SIGNATURE_INVALID: signatureCauses,
}

function signatureCauses(query: URLSearchParams, { facts }: Fault): readonly Cause[] {
  const data = query.get('pushAccountData') ?? ''
  if (receiptForm.test(data))
    return [
      cause(
        'RECEIPT_AS_SIGNATURE',
        'pushAccountData holds a receipt',
        'send the receipt as pushAccountReceipts, or the signature of the push answer as pushAccountData',
      ),
    ]
  if (/%[0-9A-F]{2}/i.test(data))
    return [
      cause(
        'SIGNATURE_DOUBLE_ENCODED',
        'pushAccountData is percent-encoded twice',
        'a JWS needs no encoding in a query: append it as it is',
      ),
    ]
  if (/\s|["']/.test(data))
    return [
      cause(
        'SIGNATURE_QUOTED',
        'pushAccountData has blanks or quotes in it',
        'append the signature exactly as the JSON of the push answer has it, without its quotes',
      ),
    ]
  if (data.split('.').length !== 3)
    return [
      cause(
        'SIGNATURE_CUT',
        `pushAccountData has ${data.split('.').length} parts between dots, and a signature has 3`,
        'append the whole signature: some 700 characters; see what cuts it (a column, a log, a redirect limit)',
      ),
    ]
  const kid = facts?.kid
  if (kid !== undefined)
    return [
      /-(mtf|prod|stage\d*)$/.test(kid) || /^\d{19}$/.test(kid)
        ? cause(
            'SIGNATURE_OF_ANOTHER_ENVIRONMENT',
            `its kid ${kid} is one of Mastercard's own`,
            'redirect with the signature that this simulator gave',
          )
        : cause(
            'SIGNATURE_OF_ANOTHER_SERVER',
            `its kid ${kid} is none of this simulator's: another data directory, or another machine`,
            'push to the simulator that serves the page, or share its data directory',
          ),
    ]
  return [
    likely(
      'SIGNATURE_CHANGED',
      'it was changed after it was signed, or made by somebody else',
      'append the signature of the push answer, unchanged: do not decode, re-encode or build it yourself',
    ),
  ]
}

function isSignature(text: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text)
}

function ofSeveralIssuers(receipts: readonly KnownReceipt[]): readonly Cause[] {
  const owners = new Set(receipts.map(({ consumerKey }) => consumerKey))
  const requestors = new Set(receipts.map(({ tokenRequestorId }) => tokenRequestorId))
  return [
    ...(owners.size > 1
      ? [
          cause(
            'RECEIPT_OF_ANOTHER_CONSUMER_KEY',
            `the receipts were given to ${owners.size} consumer keys: ${[...owners].map((key) => `${key.slice(0, 8)}...`).join(', ')}`,
            'hand over the receipts of one issuer, and of one push',
          ),
        ]
      : []),
    ...(requestors.size > 1
      ? [
          cause(
            'RECEIPTS_OF_SEVERAL_REQUESTORS',
            `the receipts are for the token requestors ${[...requestors].join(', ')}`,
            'hand over the receipts of one token requestor, to its own URI',
          ),
        ]
      : []),
  ]
}

function cause(code: string, because: string, fix: string): Cause {
  return { code, because, fix, proven: true }
}

function likely(code: string, because: string, fix: string): Cause {
  return { code, because, fix, proven: false }
}
