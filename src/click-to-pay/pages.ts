import { html } from 'hono/html'
import type { Result } from '../ledger.ts'
import type { ProblemName } from '../scenarios/problem-names.ts'
import { type Status, statuses } from '../scenarios/statuses.ts'
import type { Spoken } from './messages/languages.ts'
import { moves } from './screens.ts'

export type Page = ReturnType<typeof html>

/** The endings that a tester may choose in the bar of a page. */
const decisions = Object.keys(statuses) as readonly Status[] as readonly [Status, ...Status[]]

/** The problem pages that no link leads to; with them nothing is decided. */
export const troubles = {
  RECEIPT_EXPIRED: 'the receipt expired',
  VISIT_UNKNOWN: 'the session timed out',
  UNAVAILABLE: 'the service unavailable',
} as const satisfies Partial<Record<ProblemName, string>>

/** What a form of a page may say: what the cardholder does, that the story goes on as its scenario says, or how it ends. */
export const choices = [
  'CONFIRM',
  ...moves,
  ...decisions,
  ...(Object.keys(troubles) as (keyof typeof troubles)[]),
] as const

/** One page of a journey that is not over. */
export type Asking = {
  readonly action: string
  readonly visit: string
  readonly scenario: string
  readonly callbackURL: string | undefined
  /** Whose page it is, as cardholders call it. */
  readonly host: string
  readonly spoken: Spoken
}

/** What stands on it. */
export type Content = {
  readonly title: string
  readonly text: Page
  readonly fields?: Page
  /** The first is the one that is meant. */
  readonly buttons: readonly Page[]
  /** That something in the form is wrong. */
  readonly invalid?: string | undefined
  /** A one-time code that is waited for: there is no phone, so the tester reads it in the bar. */
  readonly code?: string | undefined
  /** What the tester must know of this screen. */
  readonly remark?: string | undefined
  /** Nothing is left to be ended. */
  readonly isSettled?: boolean
}

export function askingPage(
  { action, visit, scenario, host, spoken }: Asking,
  { title, text, fields, buttons, invalid, code, remark, isSettled = false }: Content,
): Page {
  const hidden = html`<input type="hidden" name="visit" value="${visit}">`
  return page({
    host,
    title,
    content: html`${text}
${invalid === undefined ? '' : html`<p class="error" role="alert">${invalid}</p>`}
<form method="post" action="${action}" novalidate>
${hidden}
${fields ?? ''}
${buttons.map((button) => html`${button}\n`)}</form>`,
    bar: html`${scenarioBar(scenario)}
${
  code === undefined
    ? ''
    : html`<form class="ending" method="post" action="${action}">
${hidden}
<span>Nothing is really sent: the code is <b id="one-time-code">${code}</b></span>
<button name="decision" value="EXPIRE_CODE">Let it expire</button>
</form>`
}${remark === undefined ? '' : html`<p>${remark}</p>`}${
  isSettled
    ? ''
    : html`<form class="ending" method="post" action="${action}">
${hidden}
<label>End it <select name="decision"><option value="CONFIRM">as the scenario says</option>${decisions.map(
        (status) => html`<option value="${status}">as ${status}</option>`,
      )}${Object.entries(troubles).map(
        ([problem, what]) => html`<option value="${problem}">with ${what}</option>`,
      )}<option value="STEP_UP">only after more proof</option></select></label>
<button>Go</button>
</form>`
}`,
    spoken,
  })
}

/** The bank, by where it is called back: the only thing that is known of it. */
export function sender({ callbackURL, spoken }: Asking): string {
  const { yourBank } = spoken.messages
  if (callbackURL === undefined) return yourBank
  // The scheme of an app says nothing to a cardholder.
  if (isApp(callbackURL)) return yourBank
  // Isolated, so that an address stands where it belongs in a sentence from right to left.
  return `${yourBank} (\u2068${new URL(callbackURL).host}\u2069)`
}

/** How one receipt ended, and what may be shown of its card now. */
export type Ended = Pick<Result, 'status'> & {
  /** Absent where there is no token: the page then never learns the card. */
  readonly last4: string | undefined
}

/** Where the journey ends: for good, or until the browser goes back to the bank. */
export type LastPage = {
  readonly ended: readonly Ended[]
  readonly scenario: string
  /** Whose page it is, as cardholders call it. */
  readonly host: string
  readonly spoken: Spoken
  /** What led to it, where that is not plain. */
  readonly why?: string
  /** To pay with this card first. */
  readonly offer?: { readonly action: string; readonly visit: string; readonly isDefault: boolean }
  /** Where a person may go at once; absent where nothing goes back. */
  readonly back?: string
  /** Whether the browser goes there by itself. */
  readonly goesByItself?: boolean
  /** Fetched by the page itself, as if it were gone to once more. */
  readonly fetched?: string
}

export function endPage({
  ended,
  scenario,
  host,
  spoken,
  why,
  offer,
  back,
  goesByItself = false,
  fetched,
}: LastPage): Page {
  const { messages } = spoken
  const [first] = ended
  const titles = new Set(ended.map(({ status }) => messages.endings[status].title))
  return page({
    host,
    title: first === undefined ? '' : [...titles].join(' / '),
    content: html`${why === undefined ? '' : html`<p>${why}</p>`}
${ended.map(
  ({ status, last4 }) => html`${last4 === undefined ? '' : cardArt(last4, spoken)}
<p>${messages.endings[status].text}</p>`,
)}
${offer === undefined ? '' : defaultCard(offer, spoken)}
${
  back === undefined
    ? html`<p>${messages.closeThisPage}</p>`
    : html`${goesByItself && !isApp(back) ? html`<p>${messages.onYourWayBack}</p>` : ''}
<p><a class="back" href="${back}">${isApp(back) ? messages.openBankApp : messages.backToBank}</a></p>`
}${
  // Without scripts: a frame of the page that is being left would otherwise take the whole window along.
  fetched === undefined ? '' : html`<iframe hidden sandbox src="${fetched}"></iframe>`
}`,
    bar: scenarioBar(scenario),
    spoken,
  })
}

function defaultCard(
  { action, visit, isDefault }: NonNullable<LastPage['offer']>,
  { messages: { defaultCard: texts } }: Spoken,
): Page {
  if (isDefault) return html`<p role="status">${texts.chosen}</p>`
  return html`<form method="post" action="${action}">
<input type="hidden" name="visit" value="${visit}">
<button class="quiet" name="decision" value="DEFAULT">${texts.offer}</button>
</form>`
}

/** An app's own scheme. */
export function isApp(url: string): boolean {
  return !/^https?:/i.test(url)
}

/** Drawn here, and nobody's design. */
function cardArt(last4: string, { messages: { cardEnding } }: Spoken): Page {
  return html`<figure class="card"><svg viewBox="0 0 85.6 54" aria-hidden="true" focusable="false">
<rect width="85.6" height="54" rx="4" fill="#23405e"/><path d="M0 40 85.6 12V50a4 4 0 0 1-4 4H4a4 4 0 0 1-4-4z" fill="#2f5a80"/>
<rect x="7" y="16" width="11" height="8" rx="1.5" fill="#d9c07a"/><text direction="ltr" x="7" y="44" font-size="6" fill="#fff" font-family="monospace">•••• ${last4}</text>
</svg><figcaption>${cardEnding(last4)}</figcaption></figure>`
}

/** The HTTP status of each problem page. */
export const problemStatuses = {
  SIGNATURE_INVALID: 400,
  CALLBACK_INVALID: 400,
  PARAMETER_REPEATED: 400,
  FORM_TOO_LARGE: 413,
  // A page and not a redirect, as one guide has it: nobody vouches for a callbackURL that comes without a receipt of ours.
  RECEIPT_MISSING: 400,
  VISIT_UNKNOWN: 400,
  RECEIPT_UNKNOWN: 404,
  RECEIPT_FOREIGN: 404,
  RECEIPT_EXPIRED: 410,
  RECEIPT_USED: 410,
  UNAVAILABLE: 500,
} as const satisfies Readonly<Record<ProblemName, number>>

/** @param back where a person may choose to go; never followed by itself. */
export function problemPage(
  problem: ProblemName,
  back: string | undefined,
  host: string,
  spoken: Spoken,
): Page {
  const { messages } = spoken
  const { title, text } = messages.problems[problem]
  return page({
    host,
    title,
    content: html`<p>${text}</p>
${back === undefined ? '' : html`<p><a class="back" href="${back}">${messages.backToBank}</a></p>`}`,
    bar: html`Problem page <b>${problem}</b>`,
    spoken,
  })
}

function scenarioBar(scenario: string): Page {
  return html`Scenario <b>${scenario}</b>`
}

function page({
  host,
  title,
  content,
  bar,
  spoken: { language, messages },
}: {
  readonly host: string
  readonly title: string
  readonly content: Page
  /** For the tester, beside the word that this is a simulator. */
  readonly bar: Page
  readonly spoken: Spoken
}): Page {
  return html`<!doctype html>
<html lang="${language}" dir="${messages.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/provision/style.css">
</head>
<body>
<aside lang="en" dir="ltr">Simulator, not Mastercard. ${bar}</aside>
<main>
<p class="host" translate="no">${host}</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
}
