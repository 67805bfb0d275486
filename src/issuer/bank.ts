import { Hono } from 'hono'
import { bankStyleSheet, cardsPage, failurePage, resultsPage } from './bank-pages.ts'
import {
  type CallbackResult,
  clickToPay,
  type IssuerProject,
  push,
  readCallback,
  redirectUrl,
  type SignatureData,
} from './client.ts'

/** A card of the demo's only customer. */
export type BankCard = {
  readonly name: string
  readonly number: string
  /** Two digits. */
  readonly expiryMonth: string
  /** Two digits. */
  readonly expiryYear: string
  /** What the simulator's scenarios do with it. */
  readonly story: string
}

const cards: readonly BankCard[] = [
  { name: 'Everyday credit', number: '5123456789012346', story: 'the page asks how it ends' },
  { name: 'Travel credit', number: '5123456789012353', story: 'approved' },
  { name: 'Overdrawn credit', number: '5123456789012361', story: 'declined' },
  { name: 'Second thoughts', number: '5123456789012379', story: 'cancelled' },
  { name: 'Company card', number: '5123456789012387', story: 'not eligible, so no receipt' },
  { name: 'Slow reader', number: '5123456789012395', story: 'the receipt has expired' },
].map((card) => ({ ...card, expiryMonth: '12', expiryYear: '39' }))

/** A result, held against what was pushed. */
export type CheckedResult = CallbackResult & { readonly card: BankCard | undefined }

/** Enough for a demo, and not without end. */
const maximumPending = 1000

/**
 * "Partner Bank": an issuer's web site, small enough to be read as the reference integration.
 *
 * @param ownUrl where cardholders reach the bank.
 */
export function bank({
  project,
  ownUrl,
}: {
  readonly project: IssuerProject
  readonly ownUrl: () => string
}): {
  fetch(request: Request): Response | Promise<Response>
  publicUrl: string | undefined
} {
  /** By receipt, what was pushed from here. */
  const pending = new Map<string, BankCard>()
  let count = 0

  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Referrer-Policy', 'no-referrer')
  })
  app.get('/', (c) => c.html(cardsPage(cards)))
  app.get('/bank.css', (c) =>
    c.body(bankStyleSheet, 200, { 'Content-Type': 'text/css; charset=UTF-8' }),
  )

  app.post('/click-to-pay', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const position = form.get('card') ?? ''
    const card = /^\d$/.test(position) ? cards[Number(position)] : undefined
    if (card === undefined) return c.html(failurePage('There is no such card.', []), 400)
    const signatureData: SignatureData & { locale: string } = {
      callbackURL: `${ownUrl()}/tokenization-results`,
      completeIssuerAppActivation: false,
      completeWebsiteActivation: false,
      accountHolderDataSupplied: false,
      locale: 'en_US',
    }
    count += 1
    // One card at a time, as Click to Pay wants it.
    const result = await push(project, {
      requestId: `partner-bank-${count}`,
      tokenRequestorId: clickToPay,
      accounts: [
        {
          pushAccountId: `card-${cards.indexOf(card) + 1}`,
          fundingAccountData: {
            cardAccountData: {
              accountNumber: card.number,
              expiryMonth: card.expiryMonth,
              expiryYear: card.expiryYear,
            },
          },
        },
      ],
      signatureData,
    })
    if (!result.accepted)
      return c.html(failurePage('Click to Pay did not take this card.', result.errors), 502)
    for (const { pushAccountReceipt } of result.pushAccountReceipts)
      if (pushAccountReceipt !== undefined) pending.set(pushAccountReceipt, card)
    const [oldest] = pending.keys()
    if (pending.size > maximumPending && oldest !== undefined) pending.delete(oldest)
    const useCase = form.get('useCase') === 'receipt' ? 'receipt' : 'signature'
    return c.redirect(
      redirectUrl(result, useCase === 'signature' ? { useCase } : { useCase, ...signatureData }),
      303,
    )
  })

  app.get('/tokenization-results', (c) => {
    // Unsigned query text: only what was pushed from here counts.
    const results: readonly CheckedResult[] = readCallback(c.req.url).map((result) => ({
      ...result,
      card: pending.get(result.pushAccountReceipt),
    }))
    return c.html(resultsPage(results, c.req.url))
  })

  app.onError(({ message }, c) => {
    const what =
      message === 'fetch failed'
        ? 'Click to Pay cannot be reached.'
        : 'Something went wrong at the bank.'
    return c.html(failurePage(what, []), 502)
  })
  return { fetch: (request) => app.fetch(request), publicUrl: undefined }
}
