import { html } from 'hono/html'
import type { Result } from '../ledger.ts'
import type { Status } from '../scenarios/statuses.ts'

type Page = ReturnType<typeof html>

/** The endings that a person may choose on the page. */
export const decisions = ['APPROVED', 'DECLINED', 'CANCELLED'] as const satisfies readonly Status[]
export type Decision = (typeof decisions)[number]

const buttons: Readonly<Record<Decision, { label: string; effect: string }>> = {
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
}

/** Asks for the ending. The card is not shown: before tokenization Click to Pay does not know it. */
export function decisionPage({
  action,
  visit,
  scenario,
  callbackURL,
}: {
  readonly action: string
  readonly visit: string
  readonly scenario: string
  readonly callbackURL: string | undefined
}): Page {
  return page(
    'Add your card to Click to Pay',
    html`<p>${sender(callbackURL)} wants to add one of your cards, so that you can pay online without typing its number.</p>
<form method="post" action="${action}">
<input type="hidden" name="visit" value="${visit}">
${decisions.map(
  (
    decision,
  ) => html`<button name="decision" value="${decision}" class="${decision.toLowerCase()}">${buttons[decision].label}</button>
<p class="effect">${buttons[decision].effect}</p>`,
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

/** Where the journey ends when the issuer gave no callback URL. */
export function endPage(results: readonly Result[], scenario: string): Page {
  return page(
    'Click to Pay',
    html`${results.map(({ status }) => html`<p>${endings[status]}</p>`)}
<p>You can close this page.</p>`,
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
} as const satisfies Readonly<Record<string, { status: number; title: string; text: string }>>
export type Problem = keyof typeof problems

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
button.approved { color: #fff; background: var(--go); border-color: var(--go); }
:is(button, .back):focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
.effect { margin: 0; font-size: .875rem; color: var(--soft); }
@media (max-width: 30rem) { body { background: #fff; } main { margin: 0; border: 0; border-radius: 0; } }
`
