import { describe, expect } from 'vitest'
import { readCallback, redirectUrl } from '../../src/issuer/client.ts'
import {
  test as base,
  callbackURL,
  card,
  formOf,
  locationOf,
  receiptOf,
} from '../support/journey.ts'

const lumenWallet = '50170000001'

const test = base.extend<{
  /** Pushes so many cards to a wallet that takes several, and gives their receipts. */
  receiptsOf: (cards: number, scenario?: string) => Promise<readonly string[]>
  /** Visits the wallet's page with these receipts. */
  bring: (receipts: readonly string[], path?: string) => Promise<Response>
}>({
  receiptsOf: async ({ pushed }, use) =>
    use(async (cards, scenario) => {
      const accounts = Array.from({ length: cards }, (_, n) => card(undefined, `card-${n}`))
      const { pushAccountReceipts } = await pushed({
        tokenRequestorId: lumenWallet,
        accounts,
        ...(scenario !== undefined && { scenario }),
      })
      return pushAccountReceipts.flatMap(({ pushAccountReceipt }) => pushAccountReceipt ?? [])
    }),
  bring: async ({ visit }, use) =>
    use((receipts, path = `/provision/${lumenWallet}`) =>
      visit(
        `http://localhost:6337${path}?pushAccountReceipts=${receipts.join(',')}&locale=en_US&callbackURL=${encodeURIComponent(callbackURL)}`,
      ),
    ),
})

const resultsOf = (response: Response) =>
  readCallback(locationOf(response)).map(
    ({ pushAccountReceipt, status }) => [pushAccountReceipt, status] as const,
  )

describe('a wallet that takes several cards', () => {
  test('has a page of its own, which the push answer names', async ({ pushed, visit }) => {
    const push = await pushed({ tokenRequestorId: lumenWallet })
    expect(push.pushUri).toBe(`http://localhost:6337/provision/${lumenWallet}`)
    const back = await visit(redirectUrl(push, { useCase: 'signature' }))
    expect(resultsOf(back)).toEqual([[receiptOf(push), 'APPROVED']])
  })

  test('reports each receipt, in the order of the push', async ({ receiptsOf, bring }) => {
    const [one, two, three] = await receiptsOf(3, 'mixed-outcomes')
    expect(resultsOf(await bring([one ?? '', two ?? '', three ?? '']))).toEqual([
      [one, 'APPROVED'],
      [two, 'DECLINED'],
      [three, 'REQUIRE_ADDITIONAL_AUTHENTICATION'],
    ])
  })

  test('reports only the receipts that it was brought', async ({ receiptsOf, bring }) => {
    const [, two] = await receiptsOf(3, 'mixed-outcomes')
    expect(resultsOf(await bring([two ?? '']))).toEqual([[two, 'DECLINED']])
  })

  test('takes receipts of several pushes, each ending as its own scenario says', async ({
    receiptsOf,
    bring,
  }) => {
    const first = await receiptsOf(2)
    const second = await receiptsOf(1, 'declined')
    expect(resultsOf(await bring([...first, ...second]))).toEqual([
      [first[0], 'APPROVED'],
      [first[1], 'APPROVED'],
      [second[0], 'DECLINED'],
    ])
  })

  test('reports in the order in which they came, each once', async ({ receiptsOf, bring }) => {
    const [one, two] = await receiptsOf(2, 'mixed-outcomes')
    expect(resultsOf(await bring([two ?? '', one ?? '', two ?? '']))).toEqual([
      [two, 'DECLINED'],
      [one, 'APPROVED'],
    ])
  })

  test('leaves receipts that it was not brought as they are', async ({ receiptsOf, bring }) => {
    const [one, two] = await receiptsOf(2)
    await bring([two ?? ''])
    expect(resultsOf(await bring([one ?? '']))).toEqual([[one, 'APPROVED']])
  })

  test('two at the same time: one of them gets all, and nothing is lost', async ({
    receiptsOf,
    bring,
  }) => {
    const [one, two] = await receiptsOf(2)
    const both = await Promise.all([bring([one ?? '', two ?? '']), bring([two ?? '', one ?? ''])])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 410])
  })

  test('shows a page when any of several asks for one', async ({ receiptsOf, bring }) => {
    const decided = await receiptsOf(1, 'declined')
    const asked = await receiptsOf(1, 'ask')
    expect((await bring([...decided, ...asked])).status).toBe(200)
  })

  test('a form is of these receipts and no others', async ({ receiptsOf, bring, simulator }) => {
    const [one, two] = await receiptsOf(2, 'ask')
    const alone = formOf(await (await bring([one ?? ''])).text(), 'APPROVED')
    const url = alone.url.replace(one ?? '', `${one}%2C${two}`)
    const forged = new Request(url, { method: 'POST', body: await alone.text() })
    expect((await simulator.fetch(forged)).status).toBe(400)
  })

  test('takes five at once and ignores the rest', async ({ receiptsOf, bring }) => {
    const receipts = [...(await receiptsOf(5)), ...(await receiptsOf(1))]
    expect(resultsOf(await bring(receipts)).map(([receipt]) => receipt)).toEqual(
      receipts.slice(0, 5),
    )
  })

  test('settles nothing when one of several was used', async ({ receiptsOf, bring }) => {
    const used = await receiptsOf(1)
    const fresh = await receiptsOf(1)
    await bring(used)
    expect((await bring([...fresh, ...used])).status).toBe(410)
    expect(resultsOf(await bring(fresh))).toEqual([[fresh[0], 'APPROVED']])
  })

  test('asks once for all', async ({ receiptsOf, bring, choose }) => {
    const receipts = await receiptsOf(2, 'ask')
    const page = await (await bring(receipts)).text()
    expect(page).toContain('Add your card to Lumen Wallet')
    const back = await choose(page, 'CANCELLED')
    expect(resultsOf(back)).toEqual(receipts.map((receipt) => [receipt, 'CANCELLED']))
  })
})

describe('a receipt is bound to its token requestor', () => {
  test('the receipt of a wallet is foreign at Click to Pay, and the other way round', async ({
    receiptsOf,
    bring,
    pushed,
  }) => {
    expect((await bring(await receiptsOf(1), '/provision')).status).toBe(404)
    expect((await bring([receiptOf(await pushed())])).status).toBe(404)
  })

  test.for(['/provision/50123456789', '/provision/50123197928', '/provision/nobody'])(
    'there is no page at %s',
    async (path, { receiptsOf, bring }) => {
      const response = await bring(await receiptsOf(1), path)
      expect([response.status, await response.text()]).toEqual([404, 'Not Found'])
    },
  )
})
