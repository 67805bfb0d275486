import { maskCardNumbers } from '../card-number.ts'
import type { PushResult, ServiceError } from './client.ts'

/*
 * What the bank makes of a push that gave nothing to redirect with. Nothing is tried again by itself: that is for the cardholder to choose.
 */

export type Failure = {
  /** To the cardholder. */
  readonly heading: string
  readonly advice: string
  readonly mayTryAgain: boolean
  /** Whether MDES said no, and not that something is wrong. */
  readonly isRefusal: boolean
  /** To developers. */
  readonly what: string
  readonly errors: readonly ServiceError[]
}

type Words = Pick<Failure, 'heading' | 'advice'>

const later: Words = {
  heading: 'Click to Pay is not available right now',
  advice: 'Your card itself has not changed. Please try again in a moment.',
}
const notThisCard: Words = {
  heading: 'This card cannot be added to Click to Pay',
  advice: 'You can pay with it as before. Please try another card, or call us.',
}
const ourFault: Words = {
  heading: 'We cannot add cards right now',
  advice: 'This is our fault and has nothing to do with your card. Please come back later.',
}

/** What the cardholder is told of a reason code; of any other code of MDES, that this card cannot be added. */
const wordsOfReason: ReadonlyMap<string, Words> = new Map([
  [
    'PAN_PROVISIONING_COUNT_EXCEEDED',
    {
      heading: 'This card is in too many places already',
      advice: 'Remove it from a wallet or a shop where you no longer need it, then try again.',
    },
  ],
  ['AUTHORIZATION_FAILED', ourFault],
  ['AUTHENTICATION_FAILED', ourFault],
  ['INTERNAL_SERVICE_FAILURE', later],
])

/** An answer came, and it is no receipt. */
export function failureOfAnswer({ response: { status, headers }, ...result }: PushResult): Failure {
  const told = result.accepted
    ? result.pushAccountReceipts.flatMap((one) => one.errors ?? [])
    : result.errors
  // An answer that makes no sense may have anything there.
  const errors = Array.isArray(told) ? told : []
  const trouble = { mayTryAgain: true, isRefusal: false, errors }
  if (isForLater(status))
    return {
      ...withWaiting(later, headers.get('Retry-After')),
      ...trouble,
      what: `The gateway answered ${status}.`,
    }
  const [error] = errors
  if (status === 200 && error === undefined)
    return {
      ...later,
      ...trouble,
      what: 'The answer has status 200, and neither a receipt nor an error that could be read. The push may have been carried out; pushing again is safe.',
    }
  const words =
    (error && wordsOfReason.get(error.reasonCode)) ?? (status === 200 ? notThisCard : ourFault)
  return {
    ...words,
    mayTryAgain: words === later,
    isRefusal: status === 200,
    what: `The push was refused, with status ${status}.`,
    errors,
  }
}

const isForLater = (status: number) => status === 408 || status === 429 || status >= 500

function withWaiting(words: Words, retryAfter: string | null): Words {
  return retryAfter !== null && /^\d{1,5}$/.test(retryAfter)
    ? { ...words, advice: `Your card is fine. Please try again in ${Number(retryAfter)} seconds.` }
    : words
}

/**
 * No answer came, or none that can be used.
 *
 * @param wasSent whether the request left the bank at all.
 */
export function failureOfConnection(error: unknown, wasSent: boolean): Failure {
  const trouble = { mayTryAgain: wasSent, isRefusal: false, errors: [] }
  const what = whatHappened(error)
  return wasSent
    ? {
        ...later,
        ...trouble,
        what: `${what} The push may have been carried out; pushing again is safe.`,
      }
    : { ...ourFault, ...trouble, what }
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['TimeoutError', 'No answer came in time, so the bank stopped waiting.'],
  ['ECONNREFUSED', 'Nothing listens where the API should be.'],
  ['ENOTFOUND', 'The name of the API leads nowhere.'],
  ['ECONNRESET', 'The connection broke before an answer came.'],
  ['UND_ERR_SOCKET', 'The connection broke in the middle of the answer.'],
  ['SyntaxError', 'The answer is no JSON.'],
])

/** A sentence or two for developers. */
export function whatHappened(error: unknown): string {
  const { name, message, cause } = error as Error & { readonly cause?: { readonly code?: string } }
  const meaning = meanings.get(cause?.code ?? '') ?? meanings.get(name) ?? ''
  // An error may quote what came.
  return maskCardNumbers(
    `${meaning} (${name}: ${message}${cause?.code ? `, ${cause.code}` : ''})`,
  ).trim()
}
