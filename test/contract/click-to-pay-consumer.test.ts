import { join } from 'node:path'
import type { V3MockServer } from '@pact-foundation/pact'
import { test as base, describe, expect } from 'vitest'
import {
  type PushAccepted,
  type PushedReceipt,
  push,
  readCallback,
  redirectUrl,
} from '../../src/issuer/client.ts'
import { type Status, statuses } from '../../src/scenarios/statuses.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accepted,
  callbackURL,
  card,
  formOf,
  locationOf,
  noon,
  type PushOverrides,
  projectOf,
  pushArguments,
  receiptOf,
} from '../support/journey.ts'
import { contracts, noPact, noticed, type Recorder, recorded } from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

/*
 * Click to Pay as a consumer: it sends the cardholder's browser to the bank, with what became of the card in the query. Each redirect is one
 * that the simulator gave at the end of a journey.
 */

type Return = {
  readonly description: string
  readonly callbackURL: string
  /** Plays a journey to its end. */
  readonly journey: (simulator: Simulator, callbackURL: string) => Promise<Journey>
}
type Journey = {
  readonly receipts: readonly string[]
  /** Where the browser is sent at the end. */
  readonly redirect: string
}

const ownQuery = `${callbackURL}?journey=4711`

const returns: readonly Return[] = [
  ...(Object.keys(statuses) as Status[]).map((status) => ({
    description: `a cardholder whose card ended ${status} comes back`,
    callbackURL,
    journey: endingAs(status),
  })),
  {
    description: 'a cardholder comes back with several cards, each with its own end',
    callbackURL,
    journey: severalCards,
  },
  {
    description: 'a cardholder comes back to a callbackURL with a query of its own',
    callbackURL: ownQuery,
    journey: endingAs('APPROVED'),
  },
  {
    description: 'a cardholder comes back without any result',
    callbackURL,
    journey: withoutResults,
  },
  {
    description:
      'a cardholder comes back without any result, to a callbackURL with a query of its own',
    callbackURL: ownQuery,
    journey: withoutResults,
  },
]

type Recorded = { readonly journeys: ReadonlyMap<string, Journey>; readonly contract: string }

const test = base.extend(
  'recorded',
  { scope: 'file' },
  (): Promise<Recorded> =>
    recorded({ consumer: 'click-to-pay', provider: 'issuer-callback' }, recordReturns),
)

describe.skipIf(noPact !== '')(
  `Click to Pay as the consumer of a bank's callback endpoint${noPact}`,
  () => {
    const token = '[0-9A-Za-z-]{48,64}'

    test.for(Object.entries(statuses))(
      'says %s, with a token reference or without',
      ([status, { token: has }], { recorded: { journeys } }) => {
        const { receipts, redirect } = journeyOf(journeys, `ended ${status} `)
        expect(redirect).toMatch(
          new RegExp(
            `^${callbackURL}\\?results%5B${receipts[0]}%5D=${status}${has ? `%7C${token}` : ''}$`,
          ),
        )
      },
    )

    test('says how each of several cards ended', ({ recorded: { journeys } }) => {
      const { receipts, redirect } = journeyOf(journeys, 'several cards')
      expect(receipts).toHaveLength(3)
      const results = readCallback(redirect)
      expect(results.map((one) => one.pushAccountReceipt)).toEqual(receipts)
      expect(results.map(({ status }) => status).sort()).toEqual([
        'APPROVED',
        'DECLINED',
        'REQUIRE_ADDITIONAL_AUTHENTICATION',
      ])
    })

    test('leaves a query that was there, in front', ({ recorded: { journeys } }) => {
      expect(journeyOf(journeys, 'comes back to a callbackURL').redirect).toMatch(
        /tokenization-results\?journey=4711&results%5B/,
      )
    })

    test('adds nothing when there is nothing to say', ({ recorded: { journeys } }) => {
      expect(journeyOf(journeys, /without any result$/).redirect).toBe(callbackURL)
      expect(journeyOf(journeys, /without any result, to/).redirect).toBe(ownQuery)
    })

    test('contracts/click-to-pay-issuer-callback.json is what was recorded (if not: npx vitest run test/contract --update)', async ({
      recorded: { contract },
    }) => {
      await expect(contract).toMatchFileSnapshot(
        join(contracts, 'click-to-pay-issuer-callback.json'),
      )
    })
  },
)

function journeyOf(journeys: Recorded['journeys'], description: string | RegExp): Journey {
  const [found] = [...journeys].filter(([name]) => name.match(description))
  if (found === undefined) throw new Error(`no return is described as ${description}`)
  return found[1]
}

async function recordReturns(recorder: Recorder): Promise<Omit<Recorded, 'contract'>> {
  const journeys = new Map<string, Journey>()
  for (const { description, callbackURL, journey } of returns) {
    const simulator = await seeded(description)
    const { receipts, redirect } = await journey(simulator, callbackURL)
    await recordReturn(recorder, { description, callbackURL, receipts, redirect })
    journeys.set(description, { receipts, redirect })
  }
  return { journeys }
}

async function recordReturn(
  { pact, matchers: { fromProviderState, HTTPResponseStatusClass, matchStatus } }: Recorder,
  {
    description,
    callbackURL,
    receipts,
    redirect,
  }: Journey & Pick<Return, 'description' | 'callbackURL'>,
): Promise<void> {
  const { origin, pathname, searchParams } = new URL(callbackURL)
  const results = readCallback(redirect)
  const query = Object.fromEntries([
    ...searchParams,
    ...results.map(({ pushAccountReceipt, status, tokenUniqueReference }) => [
      `results[${pushAccountReceipt}]`,
      tokenUniqueReference === undefined ? status : `${status}|${tokenUniqueReference}`,
    ]),
  ])
  await pact
    .addInteraction()
    .given('a card was pushed', {
      callbackURL,
      callbackPath: pathname,
      pushAccountReceipts: [...receipts],
      results: results.map((result) => ({ ...result })),
    })
    .uponReceiving(description)
    .comment(`Location: ${redirect}`)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Pact's own way to name a value of the state.
    .withRequest('GET', fromProviderState('${callbackPath}', pathname), (request) =>
      request.query(query),
    )
    .willRespondWith(matchStatus(200, HTTPResponseStatusClass.NonError))
    // As a browser goes there: with the very path and query of the redirect.
    .executeTest(({ url }: V3MockServer) => noticed(fetch(redirect.replace(origin, url))))
}

/** Its identifiers are the same in each run and on each machine, and those of one journey do not depend on the others. */
async function seeded(seed: string): Promise<Simulator> {
  const { keyring } = await createSimulator({ data: dataDirectory })
  return createSimulator({
    data: dataDirectory,
    clock: noon,
    seed,
    issuers: [{ consumerKey, publicKey: keyring.signingPublicKey }],
  })
}

/** The one of the data directory differs from machine to machine. */
const consumerKey = `${'partner-bank'.padEnd(48, '0')}!${'0'.repeat(48)}`

async function pushed(simulator: Simulator, overrides: PushOverrides): Promise<PushAccepted> {
  const project = { ...(await projectOf(simulator)), consumerKey }
  return accepted(await push(...pushArguments(project, overrides)))
}

function endingAs(status: Status): Return['journey'] {
  return async (simulator, callbackURL) => {
    const signatureData = { callbackURL, locale: 'en_US' }
    const answer = await pushed(simulator, { scenario: 'ask', signatureData })
    const page = await simulator.fetch(new Request(redirectUrl(answer, { useCase: 'signature' })))
    const back = await simulator.fetch(formOf(await page.text(), status))
    return { receipts: [receiptOf(answer)], redirect: locationOf(back) }
  }
}

async function withoutResults(simulator: Simulator, callbackURL: string): Promise<Journey> {
  const signatureData = { callbackURL, locale: 'en_US' }
  const answer = await pushed(simulator, { scenario: 'odd-no-results', signatureData })
  const back = await simulator.fetch(new Request(redirectUrl(answer, { useCase: 'signature' })))
  return { receipts: [receiptOf(answer)], redirect: locationOf(back) }
}

/** To a wallet that takes several; it reports in the order in which they are brought. */
async function severalCards(simulator: Simulator, callbackURL: string): Promise<Journey> {
  const answer = await pushed(simulator, {
    scenario: 'mixed-outcomes',
    tokenRequestorId: '50170000001',
    accounts: [card(undefined, 'card-1'), card(undefined, 'card-2'), card(undefined, 'card-3')],
  })
  // Pact keeps the names of a query in alphabetical order, so they are brought in it.
  const pushAccountReceipts = answer.pushAccountReceipts.toSorted((one, other) =>
    receiptIn(one) < receiptIn(other) ? -1 : 1,
  )
  const url = redirectUrl(
    { ...answer, pushAccountReceipts },
    { useCase: 'receipt', callbackURL, locale: 'en_US' },
  )
  const back = await simulator.fetch(new Request(url))
  return { receipts: pushAccountReceipts.map(receiptIn), redirect: locationOf(back) }
}

const receiptIn = ({ pushAccountReceipt = '' }: PushedReceipt) => pushAccountReceipt
