import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { machineClock } from '../clock.ts'
import {
  type BankCard,
  type Choices,
  cardsUrl,
  everydayCard,
  optionsOf,
  orderOf,
  readChoices,
} from './bank-cards.ts'
import { type Exchange, exchangeOf } from './bank-exchange.ts'
import {
  type Failure,
  failureOfAnswer,
  failureOfConnection,
  whatHappened,
} from './bank-failures.ts'
import { clickToPayOffer } from './bank-offer.ts'
import { cardsPage, failurePage, messagePage, resultsPage } from './bank-pages.ts'
import { patient } from './bank-patience.ts'
import { judgementsOf, type Pushed } from './bank-results.ts'
import { bankStyleSheet } from './bank-style.ts'
import { type IssuerProject, type PushResult, push, redirectUrl } from './client.ts'

/**
 * "Partner Bank": an issuer's web site, small enough to be read as the reference integration. It offers Click to Pay where MDES says so
 * (bank-offer), pushes the card that was chosen (bank-cards), sends the browser to Click to Pay, and judges what it comes back with
 * (bank-results).
 *
 * @param ownUrl where cardholders reach the bank.
 * @param cards beside the everyday one; asked for at each visit.
 * @param patienceMs how long to wait for an answer of the API.
 * @param maximumPending how many pushes are remembered; the oldest are forgotten.
 */
export function bank({
  project,
  ownUrl,
  cards: magicCards = () => [],
  clock = machineClock,
  patienceMs = 10_000,
  maximumPending = 1000,
}: {
  readonly project: IssuerProject
  readonly ownUrl: () => string
  readonly cards?: () => readonly BankCard[]
  readonly clock?: typeof machineClock
  readonly patienceMs?: number
  readonly maximumPending?: number
}): {
  fetch(request: Request): Response | Promise<Response>
  publicUrl: string | undefined
} {
  const cards = () => [everydayCard, ...magicCards()]
  const mdes = patient(project, patienceMs)
  const offer = clickToPayOffer(mdes, clock)
  /** By receipt, what was pushed from here; oldest first. */
  const pending = new Map<string, Pushed>()
  let count = 0

  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(usualHeaders))
      if (!c.res.headers.has(name)) c.header(name, value)
  })
  app.use(async (c, next) =>
    isFromAnotherSite(c)
      ? c.html(messagePage('This form is not ours', 'It came from another site.'), 403)
      : next(),
  )

  app.get('/', async (c) => {
    const offered = await offer.for(cards()).catch((error) => ({ failed: whatHappened(error) }))
    const options = optionsOf(new URL(c.req.url).search.slice(1))
    return c.html(cardsPage(magicCards(), offered, options))
  })
  app.get('/bank.css', (c) =>
    c.body(bankStyleSheet, 200, { 'Content-Type': 'text/css; charset=UTF-8' }),
  )
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/click-to-pay-logo', async (c) => {
    const { logo } = await offer.for(cards())
    if (logo === undefined) return c.notFound()
    // An SVG is a document too, and somebody else's: opened by itself it may draw, and nothing more.
    return c.body(logo.bytes, 200, {
      'Content-Type': logo.type,
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    })
  })
  app.post('/eligibility', (c) => {
    offer.forget()
    return c.redirect(cardsUrl(optionsOf(new URL(c.req.url).search.slice(1))), 303)
  })

  app.post('/click-to-pay', bodyLimit({ maxSize: 4096, onError: notValid }), async (c) => {
    const choices = readChoices(await c.req.text(), cards())
    if (choices === undefined) return notValid(c)
    const attempt = await pushOnce(choices)
    if ('failure' in attempt)
      return c.html(
        failurePage(attempt.failure, choices, attempt.exchange),
        attempt.failure.isRefusal ? 200 : 502,
      )
    for (const receipt of attempt.receipts)
      pending.set(receipt, { choices, exchange: attempt.exchange })
    for (const receipt of [...pending.keys()].slice(0, -maximumPending)) pending.delete(receipt)
    return c.redirect(attempt.destination, 303)
  })

  /** Never tries again by itself: the cardholder is waiting, and may choose to. */
  async function pushOnce(choices: Choices): Promise<Attempt> {
    count += 1
    const requestId = `partner-bank-${count}`
    const order = orderOf(choices, { requestId, ownUrl: ownUrl() })
    let request: Request | undefined
    let answer: { readonly response: Response; readonly text: string } | undefined
    const keepBoth = async (one: Request) => {
      request = one.clone() as Request
      const response = await mdes.fetch(one)
      answer = { response, text: await response.clone().text() }
      return response
    }
    try {
      const result = await push({ ...mdes, fetch: keepBoth }, order)
      const receipts = receiptsOf(result)
      if (!result.accepted || receipts.length === 0)
        return {
          failure: failureOfAnswer(result),
          exchange: await exchangeOf(order, { request, answer }),
        }
      // Where there is no signature, the token requestor knows plain parameters only.
      const useCase = result.signature === undefined ? 'receipt' : choices.useCase
      const destination = redirectUrl(
        result,
        useCase === 'signature' ? { useCase } : { useCase, ...order.signatureData },
      )
      const exchange = await exchangeOf(order, { request, answer, redirectUrl: destination })
      return { receipts, destination, exchange }
    } catch (error) {
      return {
        failure: failureOfConnection(error, request !== undefined),
        exchange: await exchangeOf(order, { request, answer }),
      }
    }
  }

  app.get('/tokenization-results', (c) =>
    c.html(resultsPage(judgementsOf(c.req.url, pending), c.req.url)),
  )

  app.notFound((c) => c.html(messagePage('There is no such page', 'Look at your cards.'), 404))
  app.onError((_, c) =>
    c.html(messagePage('Something went wrong at the bank', 'Please try again later.'), 500),
  )
  return { fetch: (request) => app.fetch(request), publicUrl: undefined }
}

type Attempt = { readonly exchange: Exchange } & (
  | { readonly failure: Failure }
  | { readonly receipts: readonly string[]; readonly destination: string }
)

function receiptsOf(result: PushResult): readonly string[] {
  if (!result.accepted) return []
  return result.pushAccountReceipts.flatMap(({ pushAccountReceipt }) => pushAccountReceipt ?? [])
}

function notValid(c: Context): Response | Promise<Response> {
  return c.html(messagePage('This form is not valid', 'Please start again from your cards.'), 400)
}

const usualHeaders = {
  // `form-action` also rules where the redirects of a form may lead: to Click to Pay, wherever MDES says it is, and on from there.
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'",
  'Cache-Control': 'no-store',
  // With `no-referrer` a browser would say `Origin: null` of the bank's own forms.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/** A form that another site's page sends in the cardholder's name. Another port is another site here. */
function isFromAnotherSite({ req }: Context): boolean {
  if (req.method === 'GET' || req.method === 'HEAD') return false
  const site = req.header('Sec-Fetch-Site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = req.header('Origin')
  return origin !== undefined && origin !== new URL(req.url).origin
}
