import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { bank } from '../../src/issuer/bank.ts'
import { everydayCard } from '../../src/issuer/bank-cards.ts'
import { readProject } from '../../src/issuer/project.ts'
import { endpoints } from '../support/callback-endpoints.ts'
import {
  type CallbackProvider,
  type CardWasPushed,
  callbackContract,
  verifiedCallback,
} from '../support/callback-verification.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { noPact } from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

type Pact = {
  readonly interactions: readonly {
    readonly description: string
    readonly comments: { readonly text: readonly string[] }
  }[]
}
const { interactions } = JSON.parse(await readFile(callbackContract, 'utf8')) as Pact
const descriptions = interactions.map(({ description }) => description)
const redirects = interactions.map(
  ({ comments: { text } }) => new URL(text[0]?.replace('Location: ', '') ?? ''),
)

/** Answers with a page that the cardholder is sent on to. */
function providerOf(
  endpoint: keyof typeof endpoints,
  { looksInto }: { readonly looksInto: 'answers' | 'notes' },
): CallbackProvider {
  const { remember, visit, noted } = endpoints[endpoint]()
  return {
    callbackPath: '/wallets/back',
    setUp: ({ pushAccountReceipts, callbackURL }) =>
      remember({
        receipts: pushAccountReceipts,
        journey: new URL(callbackURL).searchParams.get('journey'),
      }),
    visit: (url) => {
      if (url === '/cards') return new Response('Your cards')
      if (!url.startsWith('/wallets/back')) return new Response(null, { status: 404 })
      return new Response(null, { status: visit(url), headers: { Location: '/cards' } })
    },
    ...(looksInto === 'notes' && { tearDown: ({ results }) => compare(noted, results) }),
  }
}

function compare(noted: ReadonlyMap<string, string>, results: CardWasPushed['results']): void {
  const expected = results.map(({ pushAccountReceipt, status, tokenUniqueReference }) => [
    pushAccountReceipt,
    [status, tokenUniqueReference].filter(Boolean).join(' '),
  ])
  if (JSON.stringify([...noted]) !== JSON.stringify(expected)) throw new Error('noted otherwise')
}

const nothing = /(?!)/
const anyResult = /ended|several|back to a callbackURL with/
const noToken = /ended (DECLINED|CANCELLED|ERROR|DUPLICATE)|several/
const ownQuery = /back to a callbackURL with/
const withoutResult = /without any result/
const aToken = /ended (APPROVED|REQUIRE|AUTHENTICATED|DELETED)|several|back to a callbackURL with/

describe.skipIf(noPact !== '')(`a bank's callback endpoint as the provider${noPact}`, () => {
  // What breaks when only its answers count, and when what it took note of is compared too.
  test.for([
    ['that reads what is documented', { answers: nothing, notes: nothing }],
    ['that looks for raw brackets', { answers: nothing, notes: anyResult }],
    ['that splits on the wrong bracket', { answers: anyResult, notes: anyResult }],
    [
      'that takes everything before the last bar, and there may be none',
      { answers: noToken, notes: noToken },
    ],
    ['that takes the whole value for the status', { answers: aToken, notes: aToken }],
    ['that reads the first receipt only', { answers: nothing, notes: /several/ }],
    ['that expects its own query at the end', { answers: ownQuery, notes: ownQuery }],
    ['that cannot do without a result', { answers: withoutResult, notes: withoutResult }],
  ] as const)('one %s', async ([endpoint, breaks]) => {
    for (const looksInto of ['answers', 'notes'] as const) {
      const { broken, report } = await verifiedCallback(providerOf(endpoint, { looksInto }))

      expect(broken, report).toEqual(descriptions.filter((one) => breaks[looksInto].test(one)))
    }
  })

  test('is called with the very path and query that Click to Pay sends a browser to', async () => {
    const { visits } = await verifiedCallback({
      setUp: () => {},
      visit: () => new Response(),
    })

    expect(visits).toEqual(redirects.map(({ pathname, search }) => pathname + search))
  })

  test('is the demo bank, which believes what it is told of the cards that it pushed', async () => {
    const { provider, pages } = await demoBank()

    const { broken, interactions, report } = await verifiedCallback(provider)

    expect(broken, report).toEqual([])
    expect(interactions).toBe(descriptions.length)
    expect(pages.map(headings)).toMatchInlineSnapshot(`
      [
        "Your card is in Click to Pay",
        "Back from Click to Pay; One more step: show us that it is you; Your card is in Click to Pay; Your card was not added",
        "We do not know yet what became of your card",
        "We do not know yet what became of your card",
        "Your card is in Click to Pay",
        "Your card is ready, and you are verified",
        "You did not add the card",
        "Your card was not added",
        "Your card was removed again",
        "Your card was in Click to Pay already",
        "Something went wrong at Click to Pay",
        "One more step: show us that it is you",
      ]
    `)
  })
})

function headings(page: string): string {
  return [...page.matchAll(/<h[12]>(.*?)<\/h[12]>/g)].map(([, heading]) => heading).join('; ')
}

/** The demo bank, and in front of it what has it push a card and get a receipt that it cannot choose. */
async function demoBank(): Promise<{ provider: CallbackProvider; pages: readonly string[] }> {
  const { keyring } = await createSimulator({ data: dataDirectory })
  let nextReceipt = ''
  const { fetch } = bank({
    ownUrl: () => 'https://partnerbank.com',
    project: {
      ...(await readProject(keyring, 'https://sandbox.api.mastercard.com')),
      fetch: async () => Response.json(pushAnswer(nextReceipt)),
    },
  })
  const pages: string[] = []
  return {
    pages,
    provider: {
      async setUp({ pushAccountReceipts }) {
        for (nextReceipt of pushAccountReceipts) {
          const body = new URLSearchParams({ card: everydayCard.id })
          await fetch(new Request('https://partnerbank.com/click-to-pay', { method: 'POST', body }))
        }
      },
      async visit(url) {
        const answer = await fetch(new Request(new URL(url, 'https://partnerbank.com')))
        const page = await answer.text()
        pages.push(page)
        return new Response(page, answer)
      },
    },
  }
}

function pushAnswer(pushAccountReceipt: string): object {
  return {
    pushAccountReceipts: [{ pushAccountId: 'card-1', pushAccountReceipt }],
    availablePushMethods: [{ type: 'WEB', uri: 'https://sandbox.src.mastercard.com/provision' }],
    signature: 'e30.e30.e30',
    responseId: 'response-1',
  }
}
