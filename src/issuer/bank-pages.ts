import { html } from 'hono/html'
import { maskCardNumbers } from '../card-number.ts'
import {
  appCallback,
  type BankCard,
  type Choices,
  cardsUrl,
  everydayCard,
  fieldsOf,
  locales,
  usualChoices,
} from './bank-cards.ts'
import { type Exchange, inShort } from './bank-exchange.ts'
import type { Failure } from './bank-failures.ts'
import { keptForMs, type Offer } from './bank-offer.ts'
import type { Judgement } from './bank-results.ts'

/* The bank's pages: they work without script, and no card number is ever in one. */

type Page = ReturnType<typeof html>

/**
 * @param offer what MDES says, or why it could not be asked.
 * @param chosen the options, as they were the last time.
 */
export function cardsPage(
  magicCards: readonly BankCard[],
  offer: Offer | { readonly failed: string },
  chosen: Omit<Choices, 'card'>,
): Page {
  const asked = 'failed' in offer ? undefined : offer
  return page(
    'Your cards',
    html`${'failed' in offer ? noOffer(offer.failed) : ''}
<form method="post" action="/click-to-pay">
<div class="everyday">
<div class="plastic"><p><b>${everydayCard.name}</b></p><p class="digits">&bull;&bull;&bull;&bull; ${lastFour(everydayCard)}</p></div>
<div>
<p class="soft">${everydayCard.description}</p>
${addButton(everydayCard, asked)}
</div>
</div>
${asked === undefined ? '' : options(chosen)}
<h2>Test cards</h2>
<p class="soft">Each plays a story of the simulator.</p>
${[...new Set(magicCards.map(groupOf))].map((group) => {
  const cards = magicCards.filter((card) => groupOf(card) === group)
  return html`<details>
<summary>${groupTitles.get(group) ?? group} <small>${cards.length}</small></summary>
<ul class="cards">
${cards.map(
  (card) => html`<li>
<div><b>${card.name}</b> <small>ending ${lastFour(card)}</small></div>
${addButton(card, asked)}
<p>${maskCardNumbers(card.description)}${card.showsPages ? html` <small>Click to Pay shows its pages.</small>` : ''}</p>
</li>`,
)}
</ul>
</details>`
})}
</form>
${
  asked === undefined
    ? ''
    : html`<form method="post" action="/eligibility${cardsUrl(chosen).slice(1)}">
<p class="soft">Who takes these cards, MDES said at ${new Date(asked.askedAt).toISOString().slice(11, 16)} UTC. The bank keeps that for ${keptForMs / 60_000} minutes.</p>
<button class="quiet">Ask MDES again</button>
</form>`
}`,
  )
}

/** The first word of a scenario's name. */
const groupOf = ({ id }: BankCard) => id.split('-', 1)[0] ?? id

/** The words that the shipped scenarios begin with; any other stands for itself. */
const groupTitles: ReadonlyMap<string, string> = new Map([
  ['approved', 'Approved'],
  ['cardholder', 'What cardholders do'],
  ['declined', 'Declined'],
  ['forged', 'Forged'],
  ['ineligible', 'Not eligible'],
  ['merchant', 'Merchants that authenticate'],
  ['mixed', 'Several results'],
  ['odd', 'Odd answers'],
  ['step', 'Step-up'],
  ['wire', 'Trouble on the wire'],
])

function noOffer(why: string): Page {
  return html`<section class="open">
<h2>We cannot offer Click to Pay right now</h2>
<p>Your cards are fine. We could not find out whether Click to Pay takes them.</p>
<p class="actions"><a class="button" href="/">Try again</a></p>
<p class="soft">For developers: ${why}</p>
</section>`
}

function addButton(card: BankCard, offer: Offer | undefined): Page | string {
  if (offer === undefined) return ''
  if (!offer.takes(card)) return html`<small>${offer.name} does not take this card.</small>`
  const logo = offer.logo && html`<img src="/click-to-pay-logo" alt="" width="24" height="24">`
  const ending = html`${card.name} ending ${lastFour(card)}`
  return card === everydayCard
    ? html`<button name="card" value="${card.id}">${logo ?? ''}<span>Add <span class="unseen">${ending}</span> to ${offer.name}</span></button>`
    : html`<button name="card" value="${card.id}" class="quiet">${logo ?? ''}<span>Add <span class="unseen">${ending} to ${offer.name}</span></span></button>`
}

const useCases = {
  signature: ['Signature', 'pushAccountData'],
  receipt: ['Receipt', 'plain parameters'],
} as const

const waysBack = {
  web: ['Our website', 'Web to Web'],
  app: [
    'Our app',
    `App to Web: Click to Pay ends on a link that opens our app. There is none here, so ${appCallback} leads nowhere.`,
  ],
} as const

const switches = {
  accountHolderData: 'Name, address, e-mail address and phone number',
  completeIssuerAppActivation: 'If more proof is needed, it can be given in our app',
  completeWebsiteActivation: 'If more proof is needed, it can be given on our website',
} as const

function options(chosen: Omit<Choices, 'card'>): Page {
  const isUsual = Object.entries(usualChoices).every(
    ([name, value]) => chosen[name as keyof typeof chosen] === value,
  )
  return html`<details${isUsual ? '' : ' open'}>
<summary>Options <small>for every card</small></summary>
<fieldset>
<legend>How the browser carries the push</legend>
${Object.entries(useCases).map(([value, words]) => radio('useCase', value, words, chosen))}</fieldset>
<fieldset>
<legend>Where the cardholder comes back to</legend>
${Object.entries(waysBack).map(([value, words]) => radio('comesBackTo', value, words, chosen))}</fieldset>
<label class="field"><span>Language of Click to Pay</span>
<select name="locale">
${Object.entries(locales).map(
  ([locale, name]) =>
    html`<option value="${locale}" lang="${locale.slice(0, 2)}"${locale === chosen.locale ? ' selected' : ''}>${name}</option>
`,
)}</select></label>
<fieldset>
<legend>What Click to Pay is told</legend>
${Object.entries(switches).map(
  ([name, text]) =>
    html`<label><input type="checkbox" name="${name}" value="true"${chosen[name as keyof typeof switches] ? ' checked' : ''}><span>${text} <small>${name}</small></span></label>
`,
)}</fieldset>
</details>`
}

function radio(
  name: 'useCase' | 'comesBackTo',
  value: string,
  [text, more]: readonly [string, string],
  chosen: Omit<Choices, 'card'>,
): Page {
  return html`<label><input type="radio" name="${name}" value="${value}"${value === chosen[name] ? ' checked' : ''}><span>${text} <small>${more}</small></span></label>
`
}

/** @param callbackUrl as it came. */
export function resultsPage(judgements: readonly Judgement[], callbackUrl: string): Page {
  const [only, ...others] = judgements
  const isAlone = only !== undefined && others.length === 0
  const [pushed] = judgements.flatMap((one) => one.pushed ?? [])
  return page(
    isAlone ? only.heading : 'Back from Click to Pay',
    html`${judgements.map((one) => judgementSection(one, !isAlone))}
<p class="soft">This came through your browser, in the address of this page: unsigned text that anybody can write. The demo shows it and books nothing. A real bank relies on what MDES tells its server.</p>
<p class="actions"><a class="button" href="${pushed === undefined ? '/' : cardsUrl(pushed.choices)}">Back to your cards</a></p>
<details>
<summary>The callback as it came</summary>
<p><code>${maskCardNumbers(callbackUrl)}</code></p>
</details>
${judgements.map(({ pushed }) => pushed && exchangeDetails(pushed.exchange))}`,
    'wide',
  )
}

function judgementSection(
  { tone, heading, advice, remarks, result, pushed }: Judgement,
  withHeading: boolean,
): Page {
  return html`<section class="${tone}">
${withHeading ? html`<h2>${heading}</h2>` : ''}
<p>${advice}</p>
${remarks.map((remark) => html`<p class="remarks">${maskCardNumbers(remark)}</p>`)}
<dl>
${pushed && html`<dt>Card</dt><dd>${pushed.choices.card.name} ending ${lastFour(pushed.choices.card)}</dd>`}
${
  result &&
  html`<dt>Status</dt><dd><code>${maskCardNumbers(result.status) || 'none'}</code></dd>
<dt>Token reference</dt><dd><code>${maskCardNumbers(result.tokenUniqueReference ?? 'none')}</code></dd>
<dt>Receipt</dt><dd><code>${maskCardNumbers(result.pushAccountReceipt)}</code></dd>`
}
</dl>
</section>`
}

export function failurePage(
  { heading, advice, mayTryAgain, what, errors }: Failure,
  choices: Choices,
  exchange: Exchange,
): Page {
  return page(
    heading,
    html`<section class="bad">
<p>${choices.card.name} ending ${lastFour(choices.card)}: ${advice}</p>
</section>
${
  mayTryAgain
    ? html`<form method="post" action="/click-to-pay">
${fieldsOf(choices).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="actions"><button>Try again</button></p>
</form>`
    : ''
}
<p class="actions"><a class="button quiet" href="${cardsUrl(choices)}">Back to your cards</a></p>
<h2>For developers</h2>
<p>${what}</p>
${errors.map(
  ({ source, reasonCode, description }) =>
    html`<dl><dt>${source}</dt><dd><code>${reasonCode}</code> ${maskCardNumbers(description ?? '')}</dd></dl>`,
)}
${exchangeDetails(exchange)}`,
    'wide',
  )
}

function exchangeDetails({ accounts, request, answer, redirectUrl }: Exchange): Page {
  const texts = [
    ['The accounts before encryption', accounts],
    ['The request', request ?? 'None was sent.'],
    ['The answer', answer ?? 'None came.'],
    ['Where the browser was sent', redirectUrl ?? 'Nowhere.'],
  ] as const
  return html`<details>
<summary>What the bank sent</summary>
<p class="soft">Card numbers are masked and the OAuth signature is cut. JSON is indented and long values are shortened; "In full" is as it was sent, or as it came.</p>
${texts.map(([title, text]) => {
  const short = inShort(text)
  return html`<details>
<summary>${title}</summary>
<pre>${short}</pre>
${short === text ? '' : html`<details><summary>In full</summary><pre>${text}</pre></details>`}
</details>`
})}
</details>`
}

/** For whatever else there is to say. */
export function messagePage(heading: string, advice: string): Page {
  return page(
    heading,
    html`<section class="bad"><p>${advice}</p></section>
<p class="actions"><a class="button" href="/">Your cards</a></p>`,
  )
}

const lastFour = ({ number }: BankCard) => number.slice(-4)

function page(title: string, content: Page, width = ''): Page {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} - Partner Bank</title>
<link rel="stylesheet" href="/bank.css">
</head>
<body>
<header><a href="/">Partner Bank</a> <small>a demo issuer</small></header>
<main class="${width}">
<h1>${title}</h1>
${content}
</main>
</body>
</html>`
}
