import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import {
  asset,
  type EligibleTokenRequestor,
  eligibleTokenRequestors,
  type MediaContent,
} from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { projectOf } from '../support/journey.ts'
import {
  contracts,
  jsonHeaders,
  noPact,
  noticed,
  over,
  type Recorder,
  recorded,
  signedHeaders,
} from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

type Recorded = {
  readonly named: readonly EligibleTokenRequestor[]
  readonly nobody: readonly EligibleTokenRequestor[]
  readonly refusedLookup: string
  readonly logo: readonly MediaContent[]
  readonly refusedAsset: string
  readonly contract: string
}

const test = base.extend(
  'recorded',
  { scope: 'file' },
  (): Promise<Recorded> => recorded({ consumer: 'issuer', provider: 'token-requestors' }, record),
)

describe.skipIf(noPact !== '')(
  `the issuer's client as the consumer of what is known of token requestors${noPact}`,
  () => {
    test('learns who takes its cards, by what name, and all 19 digits of the account range', ({
      recorded: { named },
    }) => {
      expect(named).toEqual([
        {
          tokenRequestorId: '50123197928',
          consumerFacingEntityName: 'Click to Pay',
          imageAssetId: clickToPayLogo,
          enabledAccountRanges: ['5123456789000000000'],
        },
      ])
    })

    test('learns that nobody takes them', ({ recorded: { nobody } }) => {
      expect(nobody).toEqual([])
    })

    test('throws with the reason when MDES does not have the range', ({
      recorded: { refusedLookup },
    }) => {
      expect(refusedLookup).toMatch(/^getEligibleTokenRequestors was refused: .*ACCOUNT_INELIGIBLE/)
    })

    test('gets the forms of a logo', ({ recorded: { logo } }) => {
      expect(logo).toEqual([{ type: 'image/svg+xml', data: 'PHN2Zy8+' }])
    })

    test('throws with the reason when there is no such asset', ({ recorded: { refusedAsset } }) => {
      expect(refusedAsset).toMatch(/^getAsset was refused: .*INVALID_FIELD_VALUE/)
    })

    test('contracts/issuer-token-requestors.json is what was recorded (if not: npx vitest run test/contract --update)', async ({
      recorded: { contract },
    }) => {
      await expect(contract).toMatchFileSnapshot(join(contracts, 'issuer-token-requestors.json'))
    })
  },
)

const clickToPayLogo = '7c0e2b5a-3d14-4f86-9a61-0b8f5d2c6e10'
const noLogo = '00000000-0000-0000-0000-000000000000'

async function record({ pact, matchers }: Recorder): Promise<Omit<Recorded, 'contract'>> {
  const { arrayContaining, atLeastOneLike, integer, regex, string } = matchers
  const project = await projectOf(await createSimulator({ data: dataDirectory }))

  function lookup(scenario: string, description: string, answer: object) {
    const question = { requestId: 'request-1', accountRanges: ['5123456789'] }
    return pact
      .addInteraction()
      .given(scenario)
      .uponReceiving(description)
      .withRequest('POST', '/mdes/connect/1/0/getEligibleTokenRequestors', (request) =>
        request.headers(jsonHeaders(matchers)).jsonBody(question),
      )
      .willRespondWith(200, (response) => response.jsonBody(answer))
      .executeTest((server) => orReason(eligibleTokenRequestors(over(server, project), question)))
  }

  function picture(assetId: string, description: string, status: number, answer: object) {
    return pact
      .addInteraction()
      .uponReceiving(description)
      .withRequest('GET', `/mdes/issuer-assets/1/0/asset/tokenrequestor/${assetId}`, (request) =>
        request.headers(signedHeaders(matchers)),
      )
      .willRespondWith(status, (response) => response.jsonBody(answer))
      .executeTest((server) => orReason(asset(over(server, project), assetId)))
  }

  return {
    named: await lookup('approved', 'a question who takes cards of a range', {
      tokenRequestors: arrayContaining({
        tokenRequestorId: '50123197928',
        consumerFacingEntityName: string('Click to Pay'),
        imageAssetId: regex('^[0-9A-Fa-f-]{36}$', clickToPayLogo),
        // 19 digits that survive the way through a double, which is what the DSL writes.
        enabledAccountRanges: atLeastOneLike(integer(5123456789000000000)),
      }),
    }),
    nobody: await lookup(
      'ineligible-everywhere',
      'a question who takes cards of a range that nobody takes',
      { tokenRequestors: [] },
    ),
    refusedLookup: await lookup(
      'ineligible-range-lookup',
      'a question about a range that MDES does not have',
      { errors: [{ source: 'MDES', reasonCode: 'ACCOUNT_INELIGIBLE' }] },
    ),
    logo: await picture(clickToPayLogo, 'a request for a logo', 200, {
      mediaContents: arrayContaining({
        type: 'image/svg+xml',
        data: regex('^[A-Za-z0-9+/]+={0,2}$', 'PHN2Zy8+'),
      }),
    }),
    refusedAsset: await picture(noLogo, 'a request for a logo that does not exist', 404, {
      errors: [{ source: string('INPUT'), reasonCode: 'INVALID_FIELD_VALUE' }],
    }),
  } as Omit<Recorded, 'contract'>
}

/** What came, or the message of what was thrown. */
function orReason<Value>(work: Promise<Value>): Promise<Value | string> {
  return noticed(work.catch(({ message }: Error) => message))
}
