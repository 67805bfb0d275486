import type { Course } from './exchange.ts'
import type { HtmlPage } from './html-page.ts'
import type { Step } from './issuer-file.ts'
import type { Visit } from './seen.ts'

/** Somebody with a browser, for one journey. */
export type Cardholder = {
  readonly atTheBank: BankVisit
  readonly throughClickToPay: ClickToPayVisit
  close(): Promise<void>
}

export type NewCardholder = (journey: Journey) => Promise<Cardholder>

/** What a cardholder goes through; no other place is visited. */
export type Journey = {
  readonly course: Course
  /** Whether a page is the bank's. */
  readonly isTheBank: (url: string) => boolean
  readonly isClickToPay: (url: string) => boolean
  /** Told when the bank has answered, before the browser goes on. */
  readonly onBankAnswer: () => Promise<void>
  /** Whether a page of the bank says how it ended; then nothing else is to come. */
  readonly isTelling: (text: string) => boolean
}

/** A page of the bank, as it was answered. */
export type PageSeen = Pick<HtmlPage, 'url' | 'title' | 'text' | 'offers'> & {
  /** HTTP status. */
  readonly status: number
  readonly exchange: number
  /** What its scripts complained of, if they were run. */
  readonly complaints?: readonly string[]
}

/** Where the browser is, when it goes nowhere by itself. */
export type Whereabouts =
  | { readonly at: 'a page'; readonly page: PageSeen }
  /** Not visited: it is no page of the bank. */
  | { readonly at: 'elsewhere'; readonly url: string; readonly exchange: number }
  | { readonly at: 'nowhere'; readonly lost: string; readonly exchange: number }

/** Where the way back from Click to Pay leads; a frame of another page is looked at by nobody. */
export type Landing = Whereabouts | { readonly at: 'a frame' }

/** What a page lacks for a step. */
export type Lacking = {
  readonly expected: string
  readonly page: PageSeen
  /** What may be reasons, in words without a full stop. */
  readonly because: readonly string[]
}

/** A cardholder at the bank: goes there, and on by itself as far as the bank leads. */
export type BankVisit = {
  /** Every page that was answered, redirects too. */
  readonly pages: readonly PageSeen[]
  open(url: string): Promise<void>
  /** Does nothing where the browser is at no page of the bank. */
  take(step: Step): Promise<Lacking | undefined>
  /** Waits until nothing is to come. */
  rest(): Promise<Whereabouts>
  /** From Click to Pay. */
  comeBack(url: string): Promise<Landing>
}

/** A cardholder who always goes on. */
export type ClickToPayVisit = (
  start: string,
  way: {
    /** Where it ends. */
    readonly callbackURL: string
    /** Goes there. */
    readonly comeBack: (url: string) => Promise<unknown>
    /** How long an answer is waited for. Milliseconds. */
    readonly patienceMs: number
    /** Told instead of waiting: milliseconds. */
    readonly skip: (ms: number) => void
  },
) => Promise<Visit>
