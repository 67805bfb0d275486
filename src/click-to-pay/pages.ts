import { html } from 'hono/html'
import type { Result } from '../ledger.ts'
import type { ProblemName } from '../scenarios/problem-names.ts'
import type { Scenario } from '../scenarios/schema.ts'
import type { Status } from '../scenarios/statuses.ts'
import type { StepUp } from '../scenarios/story.ts'

export type Page = ReturnType<typeof html>

type Consumer = NonNullable<NonNullable<Scenario['provision']>['consumer']>

/** The endings that a person may choose on the page. */
export const decisions = ['APPROVED', 'DECLINED', 'CANCELLED'] as const satisfies readonly Status[]
export type Decision = (typeof decisions)[number]

/** What a form of a page may say: an ending, or that the cardholder goes on with what the scenario has. */
export const choices = ['CONFIRM', 'STEP_UP', ...decisions] as const
export type Choice = (typeof choices)[number]

type Button = { readonly label: string; readonly effect: string }

const buttons: Readonly<Record<Choice, Button>> = {
  APPROVED: {
    label: 'Add the card',
    effect: 'The card is tokenized: the bank hears APPROVED and a token reference.',
  },
  DECLINED: {
    label: 'Decline the card',
    effect: 'As if the issuer had declined: the bank hears DECLINED.',
  },
  CANCELLED: {
    label: 'Cancel',
    effect: 'As if the cardholder had changed their mind: the bank hears CANCELLED.',
  },
  CONFIRM: { label: 'Add the card', effect: 'Goes on as the scenario says.' },
  STEP_UP: { label: 'Continue', effect: 'Ends as the scenario says.' },
}

/** One page of a journey that is not over. */
export type Asking = {
  readonly action: string
  readonly visit: string
  readonly scenario: string
  readonly callbackURL: string | undefined
  /** Whose page it is, as cardholders call it. */
  readonly host: string
}

const greetings: Readonly<Record<Consumer, string>> = {
  remembered: 'Welcome back. You asked us to remember you on this device.',
  known: 'Welcome back. We know your e-mail address, and have sent you a code.',
  new: 'You are new here: your bank has told us how to reach you.',
}

/** Asks for the ending, or whether to go on. The card is not shown: before tokenization the page does not know it. */
export function decisionPage(
  asking: Asking,
  offered: readonly Choice[],
  consumer: Consumer | undefined,
): Page {
  const { callbackURL, host } = asking
  return askingPage(
    `Add your card to ${host}`,
    html`${consumer === undefined ? '' : html`<p>${greetings[consumer]}</p>`}
<p>${sender(callbackURL)} wants to add one of your cards, so that you can pay online without typing its number.</p>`,
    asking,
    offered,
  )
}

const proofs: Readonly<Record<StepUp['method'], string>> = {
  text: 'Your bank has texted you a code.',
  email: 'Your bank has sent you a code by e-mail.',
  'issuer-app': "Confirm in your bank's app that it is you.",
  'issuer-website': "Confirm on your bank's website that it is you.",
  'call-centre': "Call your bank's customer service.",
}

const attempts: Readonly<Record<StepUp['outcome'], string>> = {
  completed: 'In this story you succeed.',
  failed: 'In this story you try, and fail.',
  skipped: 'In this story you put it off.',
}

/** Asks for more proof. */
export function stepUpPage(asking: Asking, { method, outcome }: StepUp): Page {
  return askingPage(
    'Your bank wants to be sure that it is you',
    html`<p>${proofs[method]}</p>
<p class="effect">${attempts[outcome]}</p>`,
    asking,
    // There is a token by now: it is too late to cancel.
    ['STEP_UP'],
  )
}

function askingPage(
  title: string,
  text: Page,
  { action, visit, scenario }: Asking,
  offered: readonly Choice[],
): Page {
  return page(
    title,
    html`${text}
<form method="post" action="${action}">
<input type="hidden" name="visit" value="${visit}">
${offered.map(
  (
    choice,
  ) => html`<button name="decision" value="${choice}" class="${choice.toLowerCase()}">${buttons[choice].label}</button>
<p class="effect">${buttons[choice].effect}</p>`,
)}
</form>`,
    scenario,
  )
}

function sender(callbackURL: string | undefined): Page | string {
  if (callbackURL === undefined) return 'Your bank'
  const { protocol, host } = new URL(callbackURL)
  return html`Your bank (<b>${/^https?:$/.test(protocol) ? host : `${protocol}//`}</b>)`
}

const endings: Readonly<Record<Status, string>> = {
  APPROVED: 'Your card was added.',
  REQUIRE_ADDITIONAL_AUTHENTICATION:
    'Your card was added. Your bank needs to verify it is you before you can use it.',
  DECLINED: 'Your card was not added. Please contact your bank.',
  CANCELLED: 'Your card was not added.',
  ERROR: 'Your card was not added. Please contact your bank.',
  DUPLICATE_REQUEST: 'This card was added before.',
  AUTHENTICATED: 'Your card was added.',
  DELETED: 'Your card was removed, because it could not be verified.',
}

/** Where the journey ends: for good, or until the browser goes back to the bank by itself. */
export type LastPage = {
  readonly results: readonly Result[]
  readonly scenario: string
  readonly host: string
  /** Where a person may go at once; absent where nothing goes back. */
  readonly back?: string
  /** Fetched by the page itself, as if it were gone to once more. */
  readonly fetched?: string
}

export function endPage({ results, scenario, host, back, fetched }: LastPage): Page {
  return page(
    host,
    html`${results.map(({ status }) => html`<p>${endings[status]}</p>`)}
${
  back === undefined
    ? html`<p>You can close this page.</p>`
    : html`<p>You are on your way back to your bank.</p>
<p><a class="back" href="${back}">Back to your bank</a></p>`
}${
  // Without scripts: a frame of the page that is being left would otherwise take the whole window along.
  fetched === undefined ? '' : html`<iframe hidden sandbox src="${fetched}"></iframe>`
}`,
    scenario,
  )
}

/** What a cardholder reads when something is wrong, and its HTTP status. */
export const problems = {
  SIGNATURE_INVALID: {
    status: 400,
    title: 'This link is not valid',
    text: 'It was not made by your bank, or it was changed on the way.',
  },
  CALLBACK_INVALID: {
    status: 400,
    title: 'This link is not valid',
    text: 'It does not say how to get back to your bank.',
  },
  PARAMETER_REPEATED: {
    status: 400,
    title: 'This link is not valid',
    text: 'It says something twice.',
  },
  FORM_TOO_LARGE: {
    status: 413,
    title: 'This form is not valid',
    text: 'Please start again from your bank.',
  },
  // A page and not a redirect, as one guide has it: nobody vouches for a callbackURL that comes without a receipt of ours.
  RECEIPT_MISSING: {
    status: 400,
    title: 'There is no card to add',
    text: 'Your bank did not say which card to add.',
  },
  VISIT_UNKNOWN: {
    status: 400,
    title: 'This form is not valid',
    text: 'Please start again from your bank.',
  },
  RECEIPT_UNKNOWN: {
    status: 404,
    title: 'Card not found',
    text: 'We do not know the card your bank wanted to add.',
  },
  RECEIPT_FOREIGN: {
    status: 404,
    title: 'Card not found',
    text: 'Your bank wanted to add this card somewhere else.',
  },
  RECEIPT_EXPIRED: {
    status: 410,
    title: 'This took too long',
    text: 'For your security the request has expired. Please start again from your bank.',
  },
  RECEIPT_USED: {
    status: 410,
    title: 'This was done before',
    text: 'The request from your bank was already used. Please start again from your bank.',
  },
  UNAVAILABLE: {
    status: 500,
    title: 'Something went wrong',
    text: 'Please start again from your bank.',
  },
} as const satisfies Readonly<Record<ProblemName, { status: number; title: string; text: string }>>
export type Problem = ProblemName

/** @param back where a person may choose to go; never followed by itself. */
export function problemPage(problem: Problem, back: string | undefined): Page {
  const { title, text } = problems[problem]
  return page(
    title,
    html`<p>${text}</p>
${back === undefined ? '' : html`<p><a class="back" href="${back}">Back to your bank</a></p>`}`,
    undefined,
    problem,
  )
}

function page(title: string, content: Page, scenario: string | undefined, problem?: Problem): Page {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/provision/style.css">
</head>
<body>
<aside>Simulator, not Mastercard. ${
    scenario === undefined ? (problem ?? '') : html`Scenario <b>${scenario}</b>`
  }</aside>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
}

export const styleSheet = `:root { color-scheme: light; --ink: #1d2733; --soft: #566373; --line: #d5dce4; --go: #14603f; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f3f5f7; }
aside { padding: .5rem 1rem; font-size: .875rem; text-align: center; background: #fff3cd; color: #4d3b00; }
main { max-width: 26rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border: 1px solid var(--line); border-radius: 1rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
b, code { overflow-wrap: anywhere; }
form { display: grid; gap: .25rem; }
button, .back { display: block; width: 100%; min-height: 3rem; margin-top: .75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; color: var(--ink); background: #fff; border: 1px solid var(--soft); border-radius: .5rem; cursor: pointer; }
button:is(.approved, .confirm, .step_up) { color: #fff; background: var(--go); border-color: var(--go); }
:is(button, .back):focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
.effect { margin: 0; font-size: .875rem; color: var(--soft); }
@media (max-width: 30rem) { body { background: #fff; } main { margin: 0; border: 0; border-radius: 0; } }
`
