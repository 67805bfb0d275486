import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { V3MockServer } from '@pact-foundation/pact'
import { test as base, describe, expect } from 'vitest'
import { type IssuerProject, type PushResult, push, redirectUrl } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { projectOf, pushArguments } from '../support/journey.ts'
import { noPact } from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

// Read by Pact's native half, which would send statistics.
process.env.PACT_DO_NOT_TRACK = 'true'

const contract = fileURLToPath(
  new URL('../../contracts/issuer-token-connect.json', import.meta.url),
)

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
      await expect(recorded.contract).toMatchFileSnapshot(contract)
    })
  },
)

const examples = {
  receipt: 'MCC-STL-C307F0AE-298E-48EB-AA43-A7C40B32DDDE',
  pushUri: 'https://sandbox.src.mastercard.com/provision',
  signature: 'eyJhbGciOiJSUzI1NiJ9.eyJleGFtcGxlIjp0cnVlfQ.ZXhhbXBsZQ',
}

async function recordContract(): Promise<Recorded> {
  const folder = await mkdtemp(join(tmpdir(), 'mdes-simulator-contract-'))
  try {
    return await recordInto(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param folder an empty one: Pact adds to a file that is there. */
async function recordInto(folder: string): Promise<Recorded> {
  // Loaded on use: it brings a native library.
  const { MatchersV3, PactV4 } = await import('@pact-foundation/pact')
  const { arrayContaining, atLeastOneLike, regex, string } = MatchersV3
  const project = await projectOf(await createSimulator({ data: dataDirectory }))
  const pact = new PactV4({
    consumer: 'issuer',
    provider: 'token-connect',
    dir: folder,
    logLevel: 'error',
  })

  /** Hex like that of the client, and of nothing: whoever verifies encrypts anew. */
  const hex = (bytes: number) => regex(`^[0-9a-f]{${bytes * 2}}$`, 'ab'.repeat(bytes))
  const pushOfOneCard = {
    requestId: 'request-1',
    tokenRequestorId: '50123197928',
    pushFundingAccounts: {
      encryptedPayload: {
        encryptedData: regex('^([0-9a-f]{32})+$', 'ab'.repeat(32)),
        publicKeyFingerprint: hex(32),
        encryptedKey: hex(256),
        oaepHashingAlgorithm: 'SHA512',
        iv: hex(16),
      },
    },
    signatureData: {
      callbackURL: 'https://partnerbank.com/tokenization-results',
      locale: 'en_US',
    },
  }

  async function record(scenario: string, description: string, answer: object) {
    const result = await pact
      .addInteraction()
      .given(scenario)
      .uponReceiving(description)
      .withRequest('POST', '/mdes/connect/1/0/pushMultipleAccounts', (request) =>
        request
          .headers({
            Authorization: regex(
              '^OAuth .*oauth_signature_method="RSA-SHA256".*$',
              'OAuth oauth_consumer_key="example",oauth_signature_method="RSA-SHA256",oauth_signature="example"',
            ),
            'Content-Type': 'application/json; charset=UTF-8',
          })
          .jsonBody(pushOfOneCard),
      )
      .willRespondWith(200, (response) => response.jsonBody(answer))
      .executeTest(({ url }: V3MockServer) => push(...pushArguments(over(url, project))))
    if (result === undefined) throw new Error('Pact did not run the push')
    return result
  }

  const accepted = await record('approved', 'a push of a card that may be added', {
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
  })
  const refused = await record('ineligible-card', 'a push of a card that MDES refuses', {
    pushAccountReceipts: [
      {
        pushAccountId: string('card-1'),
        errors: [{ source: 'MDES', reasonCode: 'ACCOUNT_INELIGIBLE' }],
      },
    ],
  })
  const file = await readFile(join(folder, 'issuer-token-connect.json'), 'utf8')
  return { accepted, refused, contract: withoutVersions(file) }
}

/** The project with the network's `fetch` in place of the simulator's. */
function over(url: string, { fetch: _, ...project }: IssuerProject): IssuerProject {
  return { ...project, url }
}

/** Pact notes which versions of itself wrote the file; a contract says the same whichever did. */
function withoutVersions(file: string): string {
  const { metadata, ...pact } = JSON.parse(file)
  const { pactSpecification } = metadata
  return `${JSON.stringify({ ...pact, metadata: { pactSpecification } }, undefined, 2)}\n`
}
