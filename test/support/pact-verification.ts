import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Verification, type VerifyOptions, verifyPacts } from '../../src/harness/verify.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from './data-directory.ts'
import { createSimulator } from './simulator.ts'
import { test as base } from './temporary-folder.ts'

type Fixtures = {
  readonly simulator: Simulator
  /** Verifies one pact that is written for this. */
  readonly verify: (pact: object | string, options?: VerifyOptions) => Promise<Verification>
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  simulator: async ({}, use) => use(await createSimulator({ data: dataDirectory })),
  verify: async ({ simulator, folder }, use) =>
    use(async (pact, options) => {
      const file = join(folder, 'pact.json')
      await writeFile(file, typeof pact === 'string' ? pact : JSON.stringify(pact))
      return verifyPacts(simulator, [file], options)
    }),
})

const push = '/mdes/connect/1/0/pushMultipleAccounts'

/** A pact of version 4 about one thing, or several. */
export function pactOf(...interactions: readonly object[]): object {
  return {
    consumer: { name: 'Bank' },
    provider: { name: 'token-connect' },
    interactions: interactions.map((interaction, position) => ({
      type: 'Synchronous/HTTP',
      description: `interaction ${position + 1}`,
      ...interaction,
    })),
    metadata: { pactSpecification: { version: '4.0' } },
  }
}

/** A recorded push; without `encryptedPayload` members of its own, as CBC with OAEP. */
export function recordedPush({
  authorization = 'OAuth oauth_signature_method="RSA-SHA256"',
  headers = {},
  encryptedPayload = {},
  members = {},
}: {
  readonly authorization?: string | undefined
  readonly headers?: object
  readonly encryptedPayload?: object
  readonly members?: object
} = {}): object {
  return {
    method: 'POST',
    path: push,
    headers: {
      'Content-Type': ['application/json'],
      ...(authorization !== '' && { Authorization: [authorization] }),
      ...headers,
    },
    body: {
      content: {
        requestId: 'request-1',
        tokenRequestorId: '50123197928',
        pushFundingAccounts: {
          encryptedPayload: {
            encryptedData: '0f',
            publicKeyFingerprint: '0f',
            encryptedKey: '0f',
            oaepHashingAlgorithm: 'SHA512',
            iv: '0f',
            ...encryptedPayload,
          },
        },
        signatureData: { callbackURL: 'https://bank.test/done', locale: 'en_US' },
        ...members,
      },
      contentType: 'application/json',
      encoded: false,
    },
  }
}

/** State and response of an interaction that only an accepted push keeps: refusals come with HTTP 200, too. */
export const approved = {
  providerStates: [{ name: 'approved' }],
  response: {
    status: 200,
    body: {
      content: { pushAccountReceipts: [{ pushAccountReceipt: 'MCC-STL-EXAMPLE' }] },
      contentType: 'application/json',
      encoded: false,
    },
    matchingRules: {
      body: {
        '$.pushAccountReceipts[0].pushAccountReceipt': { matchers: [{ match: 'type' }] },
      },
    },
  },
}
