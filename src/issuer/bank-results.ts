import type { Choices } from './bank-cards.ts'
import type { Exchange } from './bank-exchange.ts'
import { type CallbackResult, readCallback } from './client.ts'

/*
 * What the bank makes of the address that the cardholder's browser comes back with. It is unsigned text: each result is held against what was
 * pushed, counts once, and books nothing. What became of the card, MDES tells the bank's server.
 */

/** A card that was pushed, filed under its receipt. */
export type Pushed = {
  readonly choices: Choices
  readonly exchange: Exchange
  /** The first result that came back, as it was written. */
  heard?: string
}

export type Judgement = {
  /** open: nobody can say yet. odd: not to be believed. */
  readonly tone: 'good' | 'open' | 'bad' | 'odd'
  readonly heading: string
  /** What the cardholder may do next. */
  readonly advice: string
  /** To whoever reads along. */
  readonly remarks: readonly string[]
  readonly result?: CallbackResult
  readonly pushed?: Pushed
}

type Words = Pick<Judgement, 'tone' | 'heading' | 'advice'>
type Ending = Words & {
  /** Whether a token's reference comes with it. */
  readonly token: boolean
}

const endings: Readonly<Record<string, Ending>> = {
  APPROVED: {
    token: true,
    tone: 'good',
    heading: 'Your card is in Click to Pay',
    advice: 'Look for Click to Pay when you next shop online: there is no number to type.',
  },
  REQUIRE_ADDITIONAL_AUTHENTICATION: {
    token: true,
    tone: 'open',
    heading: 'One more step: show us that it is you',
    advice:
      'Your card is in Click to Pay, and cannot be used there yet. Confirm it in the Partner Bank app, or call us.',
  },
  DECLINED: {
    token: false,
    tone: 'bad',
    heading: 'Your card was not added',
    advice: 'It was declined. You can pay with it as before; call us if you want to know more.',
  },
  CANCELLED: {
    token: false,
    tone: 'open',
    heading: 'You did not add the card',
    advice: 'Nothing has changed. You can add it whenever you like.',
  },
  ERROR: {
    token: false,
    tone: 'bad',
    heading: 'Something went wrong at Click to Pay',
    advice: 'Your card was not added. Please start again from your cards.',
  },
  DUPLICATE_REQUEST: {
    token: false,
    tone: 'good',
    heading: 'Your card was in Click to Pay already',
    advice: 'There is nothing left to do.',
  },
  AUTHENTICATED: {
    token: true,
    tone: 'good',
    heading: 'Your card is ready, and you are verified',
    advice: 'There is nothing left to do.',
  },
  DELETED: {
    token: true,
    tone: 'bad',
    heading: 'Your card was removed again',
    advice: 'You could not be verified. Please start again from your cards, or call us.',
  },
}

const unclear = {
  tone: 'odd',
  heading: 'We do not know yet what became of your card',
  advice: 'We are finding out. Please do not add it again before you hear from us.',
} as const

/** Documented: 48 to 64 characters. */
const tokenShape = /^[0-9A-Za-z-]{48,64}$/

/**
 * Judges everything that came back.
 *
 * @param pushes by receipt; what a receipt was said to have become is noted there, so that it counts once.
 */
export function judgementsOf(
  url: string,
  pushes: ReadonlyMap<string, Pushed>,
): readonly Judgement[] {
  const results = readCallback(url)
  const receipts = new Set(results.map((one) => one.pushAccountReceipt))
  const judged = [...receipts].map((receipt) =>
    judge(
      results.filter((one) => one.pushAccountReceipt === receipt),
      pushes.get(receipt),
    ),
  )
  if (hasUnreadableResult(url)) return [...judged, unreadable]
  return judged.length === 0 ? [nothing] : judged
}

const nothing: Judgement = {
  ...unclear,
  remarks: ['Click to Pay brought no result.'],
}
const unreadable: Judgement = {
  ...unclear,
  remarks: [
    'There is a result in the address that is not written as documented, results[RECEIPT]=STATUS|TOKEN and percent-encoded once. It is not guessed at.',
  ],
}

/** Something that speaks of results, and that {@link readCallback} leaves out; or percent signs that encode nothing. */
function hasUnreadableResult(url: string): boolean {
  const query = new URLSearchParams(url.split('#')[0]?.split('?').slice(1).join('?'))
  const mentions = [...query.keys()].filter((name) => /^results($|\[|%)/i.test(name))
  return mentions.length > readCallback(url).length || !isWellEncoded(url)
}

function isWellEncoded(url: string): boolean {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

/** @param results all of one receipt. */
function judge(results: readonly CallbackResult[], pushed: Pushed | undefined): Judgement {
  const [result] = results
  if (result === undefined) return nothing
  const { status, tokenUniqueReference } = result
  if (pushed === undefined)
    return {
      tone: 'odd',
      heading: 'This answer is about none of our cards',
      advice: 'You need not do anything. If you were adding a card, look at your cards again.',
      remarks: ['A result came for a receipt that this bank did not push. It is not trusted.'],
      result,
    }
  const written = new Set(results.map(writtenOf))
  if (written.size > 1)
    return {
      ...unclear,
      remarks: [
        `The same receipt came with ${written.size} different results: ${[...written].join(' and ')}. None of them is taken.`,
      ],
      pushed,
    }
  const earlier = pushed.heard
  pushed.heard ??= writtenOf(result)
  if (earlier !== undefined && earlier !== writtenOf(result))
    return {
      ...unclear,
      remarks: [
        `For this receipt ${earlier} came back before, and now ${writtenOf(result)}. The first stays noted, and neither is proof.`,
      ],
      result,
      pushed,
    }
  const remarks = [
    ...(results.length > 1
      ? [`The same result is in the address ${results.length} times. It counts once.`]
      : []),
    ...(earlier === undefined ? [] : ['This result came before. It counts once.']),
  ]
  const ending = endings[status]
  const objection = objectionTo(result)
  if (ending === undefined || objection !== undefined)
    return {
      ...unclear,
      remarks: [...remarks, `${objection} It is not taken for success.`],
      result,
      pushed,
    }
  const { token, ...words } = ending
  if (token && tokenUniqueReference === undefined)
    return { ...withoutToken(words), remarks: [...remarks, tokenMissing], result, pushed }
  if (!token && tokenUniqueReference !== undefined) remarks.push(tokenUncalledFor)
  return { ...words, remarks, result, pushed }
}

function objectionTo({ status, tokenUniqueReference }: CallbackResult): string | undefined {
  if (status === '') return 'The result came without a status.'
  if (!Object.hasOwn(endings, status)) return 'This status is new to the bank.'
  if (tokenUniqueReference !== undefined && !tokenShape.test(tokenUniqueReference))
    return 'What came as a token reference does not look like one.'
  return undefined
}

const tokenMissing =
  'No token reference came with it, as there should. The bank waits for the one that MDES tells its server.'
const tokenUncalledFor = 'A token reference came, and this status has none. It is ignored.'

/** Good news, and not the half of it that a bank works with. */
function withoutToken(words: Words): Words {
  return words.tone === 'good'
    ? {
        ...words,
        tone: 'open',
        advice: 'We are waiting for the last details. You need not do anything.',
      }
    : words
}

function writtenOf({ status, tokenUniqueReference }: CallbackResult): string {
  return tokenUniqueReference === undefined ? status : `${status}|${tokenUniqueReference}`
}
