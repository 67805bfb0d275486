import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { type PushResult, redirectUrl } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { projectOf } from '../support/journey.ts'
import { contracts, noPact, type Recorder, recorded, recordPush } from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

type Recorded = {
  readonly accepted: PushResult
  readonly refused: PushResult
  readonly contract: string
}

/** Both pushes are recorded once, whichever tests run: the contract is both. */
const test = base.extend('recorded', { scope: 'file' }, recordContract)

describe.skipIf(noPact !== '')(
  `the issuer's client as the consumer of Token Connect${noPact}`,
  () => {
    test('an accepted push has a receipt for the card and a signature to redirect with', ({
      recorded: { accepted },
    }) => {
      expect(accepted).toMatchObject({
        accepted: true,
        responseId: 'request-1',
        pushAccountReceipts: [{ pushAccountId: 'card-1', pushAccountReceipt: examples.receipt }],
      })
      expect(accepted.accepted && redirectUrl(accepted, { useCase: 'signature' })).toBe(
        `${examples.pushUri}?pushAccountData=${examples.signature}&extFlow=true`,
      )
    })

    test('a card that MDES refuses has the reason in place of a receipt', ({
      recorded: { refused },
    }) => {
      expect(refused).toMatchObject({
        accepted: false,
        status: 200,
        errors: [{ source: 'MDES', reasonCode: 'ACCOUNT_INELIGIBLE' }],
      })
    })

    test('contracts/issuer-token-connect.json is what was recorded (if not: npx vitest run test/contract --update)', async ({
      recorded,
    }) => {
      await expect(recorded.contract).toMatchFileSnapshot(
        join(contracts, 'issuer-token-connect.json'),
      )
    })
  },
)

const examples = {
  receipt: 'MCC-STL-C307F0AE-298E-48EB-AA43-A7C40B32DDDE',
  pushUri: 'https://sandbox.src.mastercard.com/provision',
  signature: 'eyJhbGciOiJSUzI1NiJ9.eyJleGFtcGxlIjp0cnVlfQ.ZXhhbXBsZQ',
}

function recordContract(): Promise<Recorded> {
  return recorded({ consumer: 'issuer', provider: 'token-connect' }, recordPushes)
}

async function recordPushes(recorder: Recorder): Promise<Omit<Recorded, 'contract'>> {
  const { arrayContaining, atLeastOneLike, regex, string } = recorder.matchers
  const project = await projectOf(await createSimulator({ data: dataDirectory }))
  const accepted = await recordPush(recorder, project, {
    scenario: 'approved',
    description: 'a push of a card that may be added',
    answer: {
      pushAccountReceipts: atLeastOneLike({
        pushAccountId: string('card-1'),
        pushAccountReceipt: regex('^[A-Z]{3}-[0-9A-Za-z-]+$', examples.receipt),
      }),
      availablePushMethods: arrayContaining({
        type: 'WEB',
        uri: regex('^https?://.+$', examples.pushUri),
      }),
      signature: regex('^[\\w-]+\\.[\\w-]+\\.[\\w-]+$', examples.signature),
      responseId: string('request-1'),
    },
  })
  const refused = await recordPush(recorder, project, {
    scenario: 'ineligible-card',
    description: 'a push of a card that MDES refuses',
    answer: {
      pushAccountReceipts: [
        {
          pushAccountId: string('card-1'),
          errors: [{ source: 'MDES', reasonCode: 'ACCOUNT_INELIGIBLE' }],
        },
      ],
    },
  })
  return { accepted, refused }
}
