import type { Cause, Explanation, Fault } from '../../errors.ts'
import { likely, proven } from './causes.ts'
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
    causes: [...(named.length > 0 ? named : likeliest), ...ofSeveralIssuers(receipts), ...others],
    comparisons: [],
  }
}

/** The mistakes that may be the whole reason for a refusal. */
const explains: Readonly<Record<string, readonly string[]>> = {
  RECEIPT_MISSING: ['RECEIPTS_PARAMETER_SINGULAR', 'PARAMETER_MISSPELT'],
}

const receiptForm = /^[A-Z]{3}-(?:[A-Z]{3}-)?[0-9A-Za-z-]{36}$/

type Judge = (query: URLSearchParams, fault: Fault) => readonly Cause[]

const causesOf: Readonly<Record<string, Judge>> = {
  RECEIPT_MISSING: (query) =>
    query.has('pushAccountReceipts')
      ? [
          proven(
            'RECEIPT_EMPTY',
            'pushAccountReceipts has no value: the push gave no receipt, or it was not read from the answer',
          ),
        ]
      : [proven('NOTHING_PUSHED', 'neither pushAccountReceipts nor pushAccountData is there')],

  RECEIPT_UNKNOWN: (query) => {
    const receipt = query.get('pushAccountReceipts')?.split(',')[0] ?? ''
    if (isNothing(receipt))
      return [proven('VALUE_UNDEFINED', `pushAccountReceipts is the word ${receipt}`)]
    if (isSignature(receipt))
      return [proven('SIGNATURE_AS_RECEIPT', 'pushAccountReceipts holds the signature')]
    if (receipt.trim() !== receipt || /%|"|'/.test(receipt))
      return [
        proven(
          'RECEIPT_CHANGED',
          'the receipt has blanks, quotes or percent signs around or in it',
        ),
      ]
    if (receipt !== receipt.toUpperCase() && receiptForm.test(receipt.toUpperCase()))
      return [
        proven(
          'RECEIPT_CASE_CHANGED',
          'the receipt has lower-case letters; receipts are issued here in upper case',
        ),
      ]
    return receiptForm.test(receipt)
      ? [
          likely(
            'RECEIPT_OF_ANOTHER_SERVER',
            'it has the form of a receipt: issued by another environment, or before the last restart or reset of this simulator',
          ),
        ]
      : [
          proven(
            'NO_RECEIPT',
            'it does not have the form of a receipt, such as MCC-STL- and a UUID',
          ),
        ]
  },

  RECEIPT_FOREIGN: (_query, { because }) => [proven('RECEIPT_OF_ANOTHER_REQUESTOR', because)],

  RECEIPT_EXPIRED: (_query, { because }) => [proven('RECEIPT_EXPIRED', because)],

  RECEIPT_USED: (_query, { because }) => [proven('RECEIPT_USED', because)],

  PARAMETER_REPEATED: (_query, { because }) => [proven('PARAMETER_REPEATED', because)],

  CALLBACK_INVALID: (_query, { because, facts }) => [
    facts?.encoded === 'twice'
      ? proven('CALLBACK_DOUBLE_ENCODED', because)
      : proven('CALLBACK_UNUSABLE', because),
  ],

  SIGNATURE_INVALID: signatureCauses,
}

function signatureCauses(query: URLSearchParams, { facts }: Fault): readonly Cause[] {
  const data = query.get('pushAccountData') ?? ''
  if (isNothing(data))
    return [
      proven('VALUE_UNDEFINED', `pushAccountData is ${data === '' ? 'empty' : `the word ${data}`}`),
    ]
  if (receiptForm.test(data))
    return [proven('RECEIPT_AS_SIGNATURE', 'pushAccountData holds a receipt')]
  if (/%[0-9A-F]{2}/i.test(data))
    return [proven('SIGNATURE_DOUBLE_ENCODED', 'pushAccountData is percent-encoded twice')]
  if (/\s|["']/.test(data))
    return [proven('SIGNATURE_QUOTED', 'pushAccountData has blanks or quotes in it')]
  if (data.split('.').length > 3)
    return [likely('SIGNATURE_CHANGED', 'it has more parts between dots than the 3 of a signature')]
  if (data.split('.').length < 3)
    return [
      proven(
        'SIGNATURE_CUT',
        `pushAccountData has ${data.split('.').length} parts between dots, and a signature has 3`,
      ),
    ]
  const bytes = Buffer.from(data.split('.')[2] ?? '', 'base64url').length
  if (bytes < 256)
    return [
      proven(
        'SIGNATURE_CUT',
        `the last part of pushAccountData has ${bytes} bytes of the 256 of a signature`,
      ),
    ]
  const kid = facts?.kid
  if (kid !== undefined)
    return [
      /-(mtf|prod|stage\d*)$/.test(kid) || /^\d{19}$/.test(kid)
        ? proven('SIGNATURE_OF_ANOTHER_ENVIRONMENT', `its kid ${kid} is one of Mastercard's own`)
        : proven(
            'SIGNATURE_OF_ANOTHER_SERVER',
            `its kid ${kid} is none of this simulator's: another data directory, or another machine`,
          ),
    ]
  return [
    likely('SIGNATURE_CHANGED', 'it was changed after it was signed, or made by somebody else'),
  ]
}

/** What a client sends that reads a member the answer does not have. */
function isNothing(text: string): boolean {
  return ['', 'undefined', 'null', 'None', '[object Object]'].includes(text)
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
          proven(
            'RECEIPT_OF_ANOTHER_CONSUMER_KEY',
            `the receipts were given to ${owners.size} consumer keys`,
          ),
        ]
      : []),
    ...(requestors.size > 1
      ? [
          proven(
            'RECEIPTS_OF_SEVERAL_REQUESTORS',
            `the receipts are for the token requestors ${[...requestors].join(', ')}`,
          ),
        ]
      : []),
  ]
}
