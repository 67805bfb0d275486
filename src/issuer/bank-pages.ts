import { html } from 'hono/html'
import { maskCardNumbers } from '../card-number.ts'
import type { BankCard, CheckedResult } from './bank.ts'
import type { ServiceError } from './client.ts'

type Page = ReturnType<typeof html>

export function cardsPage(cards: readonly BankCard[]): Page {
  return page(
    'Your cards',
    html`<form method="post" action="/click-to-pay">
<fieldset>
<legend>How the browser carries the push</legend>
<label><input type="radio" name="useCase" value="signature" checked> signature <span>(pushAccountData)</span></label>
<label><input type="radio" name="useCase" value="receipt"> receipt <span>(plain parameters)</span></label>
</fieldset>
<ul class="cards">
${cards.map(
  (card, position) => html`<li>
<div><b>${card.name}</b> <span>ending ${lastFour(card)}</span><br><small>Test card: ${card.story}</small></div>
<button name="card" value="${position}" aria-label="Add ${card.name} ending ${lastFour(card)} to Click to Pay">Add to Click to Pay</button>
</li>`,
)}
</ul>
</form>`,
  )
}

const meanings: Readonly<Record<string, string>> = {
  APPROVED: 'The card is in Click to Pay.',
  REQUIRE_ADDITIONAL_AUTHENTICATION:
    'The card is in Click to Pay, and waits for the cardholder to be verified.',
  DECLINED: 'The card was declined.',
  CANCELLED: 'The cardholder changed their mind.',
  ERROR: 'Something went wrong at Click to Pay.',
  DUPLICATE_REQUEST: 'The card was in Click to Pay already.',
  AUTHENTICATED: 'The card is in Click to Pay, and the cardholder is verified.',
  DELETED: 'The card was removed, because the cardholder could not be verified.',
}

export function resultsPage(results: readonly CheckedResult[], callbackUrl: string): Page {
  return page(
    'Back from Click to Pay',
    html`${results.length === 0 ? html`<p>Click to Pay brought no result.</p>` : ''}
${results.map(resultSection)}
<h2>The callback as it came</h2>
<p><code>${maskCardNumbers(callbackUrl)}</code></p>
<p><a href="/">Your cards</a></p>`,
  )
}

function resultSection({
  pushAccountReceipt,
  status,
  tokenUniqueReference,
  card,
}: CheckedResult): Page {
  if (card === undefined)
    return html`<section class="odd">
<p>A result came for a receipt that this bank did not push. It is not trusted.</p>
<dl><dt>Receipt</dt><dd><code>${maskCardNumbers(pushAccountReceipt)}</code></dd></dl>
</section>`
  return html`<section>
<p class="status">${meanings[status] ?? 'Click to Pay reported something new.'}</p>
<dl>
<dt>Card</dt><dd>${card.name} ending ${lastFour(card)}</dd>
<dt>Status</dt><dd><code>${maskCardNumbers(status)}</code></dd>
<dt>Token unique reference</dt><dd>${
    tokenUniqueReference === undefined
      ? 'none'
      : html`<code>${maskCardNumbers(tokenUniqueReference)}</code>`
  }</dd>
<dt>Receipt</dt><dd><code>${pushAccountReceipt}</code></dd>
</dl>
</section>`
}

export function failurePage(what: string, errors: readonly ServiceError[]): Page {
  return page(
    'The card was not added',
    html`<p>${what}</p>
${errors.map(
  ({ source, reasonCode, description }) =>
    html`<dl><dt>${source}</dt><dd><code>${reasonCode}</code> ${maskCardNumbers(description ?? '')}</dd></dl>`,
)}
<p><a href="/">Your cards</a></p>`,
  )
}

const lastFour = ({ number }: BankCard) => number.slice(-4)

function page(title: string, content: Page): Page {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Partner Bank</title>
<link rel="stylesheet" href="/bank.css">
</head>
<body>
<header>Partner Bank <small>a demo issuer</small></header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
}

export const bankStyleSheet = `:root { color-scheme: light; --ink: #1b2440; --soft: #5a6480; --line: #d8dcea; --brand: #2b3f8c; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f4f5fa; }
header { padding: .75rem 1.25rem; font-weight: 700; color: #fff; background: var(--brand); }
header small { font-weight: 400; margin-left: .5rem; color: #dfe4f7; }
main { max-width: 42rem; margin: 0 auto; padding: 1.25rem; }
h1 { font-size: 1.5rem; margin: .5rem 0 1rem; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 .25rem; }
fieldset { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1rem; padding: .5rem 1rem; background: #fff; }
legend, span, small, dt { color: var(--soft); }
label { display: inline-block; margin-right: 1.5rem; min-height: 2rem; }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.cards li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem; padding: 1rem; background: #fff; border: 1px solid var(--line); border-radius: .75rem; }
button { min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; color: #fff; background: var(--brand); border: 0; border-radius: .5rem; cursor: pointer; }
:is(button, a, input):focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
section { padding: 1rem; background: #fff; border: 1px solid var(--line); border-radius: .75rem; }
section + section { margin-top: .75rem; }
section.odd { border-color: #b3261e; }
.status { margin: 0 0 .5rem; font-weight: 600; font-size: 1.125rem; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .25rem 1rem; margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; font-size: .9375em; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } .cards button { width: 100%; } }
`
