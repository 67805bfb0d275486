import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { MatchersV3, PactV4, V3MockServer } from '@pact-foundation/pact'
import { clickToPay, type IssuerProject, type PushResult, push } from '../../src/issuer/client.ts'
import { callbackURL, pushArguments } from './journey.ts'

// Read by Pact's native half, which would send statistics.
process.env.PACT_DO_NOT_TRACK = 'true'

/** Why Pact's native library cannot be used on this machine; empty when it can. */
export const noPact = await import('@pact-foundation/pact-core')
  .then(({ getFfiLib, setLogLevel }) => {
    setLogLevel('error')
    getFfiLib('error')
  })
  .then(
    () => '',
    (error: Error) => `; skipped: ${error.message.split('\n')[0]}`,
  )

/** Where the pact files are. */
export const contracts = fileURLToPath(new URL('../../contracts/', import.meta.url))

type Matchers = typeof MatchersV3
export type Recorder = { readonly pact: PactV4; readonly matchers: Matchers }

/**
 * Records a pact from nothing.
 *
 * @returns what the recording came to, and the pact file as text.
 */
export async function recorded<Results extends object>(
  parties: { readonly consumer: string; readonly provider: string },
  record: (recorder: Recorder) => Promise<Results>,
): Promise<Results & { readonly contract: string }> {
  // An empty folder: Pact adds to a file that is there.
  const dir = await mkdtemp(join(tmpdir(), 'mdes-simulator-contract-'))
  try {
    // Loaded on use: it brings a native library.
    const { MatchersV3: matchers, PactV4 } = await import('@pact-foundation/pact')
    const pact = new PactV4({ ...parties, dir, logLevel: 'error' })
    const results = await record({ pact, matchers })
    const file = await readFile(join(dir, `${parties.consumer}-${parties.provider}.json`), 'utf8')
    return { ...results, contract: asSpecified(file) }
  } finally {
    await rm(dir, { recursive: true })
  }
}

type PactFile = {
  readonly metadata: { readonly pactSpecification: object }
  readonly interactions: readonly {
    readonly response: { readonly matchingRules?: { status?: { readonly $?: object } } }
  }[]
}

/** The file without what Pact notes of its own versions: a contract says the same whichever wrote it. */
function asSpecified(file: string): string {
  const { metadata, ...pact } = JSON.parse(file) as PactFile
  // Pact for Node files the rule of a status under `$`. By the specification it has no key, and others do not find it there.
  for (const { matchingRules } of pact.interactions.map(({ response }) => response))
    if (matchingRules?.status?.$ !== undefined) matchingRules.status = matchingRules.status.$
  const { pactSpecification } = metadata
  return `${JSON.stringify({ ...pact, metadata: { pactSpecification } }, undefined, 2)}\n`
}

/** Pact's mock server answers a request before it takes note of it; asked at once, it may say that none came. */
export async function noticed<Value>(work: Promise<Value>): Promise<Value> {
  const value = await work
  await setTimeout(50)
  return value
}

/** The issuer's project with Pact's mock server in place of the simulator. */
export function over(
  { url }: V3MockServer,
  { fetch: _, ...project }: IssuerProject,
): IssuerProject {
  return { ...project, url }
}

/** Of a request that is signed; in a form that says nothing, because whoever verifies signs anew. */
export function signedHeaders({ regex }: Matchers) {
  return {
    Authorization: regex(
      '^OAuth .*oauth_signature_method="RSA-SHA256".*$',
      'OAuth oauth_consumer_key="example",oauth_signature_method="RSA-SHA256",oauth_signature="example"',
    ),
  }
}

/** Of a signed request with a body. */
export function jsonHeaders(matchers: Matchers) {
  return { ...signedHeaders(matchers), 'Content-Type': 'application/json; charset=UTF-8' }
}

/** Records the push of {@link pushArguments} and what comes of it. */
export async function recordPush(
  { pact, matchers }: Recorder,
  project: IssuerProject,
  { scenario, description, status = 200, answer, answerHeaders = {} }: PushToRecord,
): Promise<PushResult> {
  const result = await pact
    .addInteraction()
    .given(scenario)
    .uponReceiving(description)
    .withRequest('POST', '/mdes/connect/1/0/pushMultipleAccounts', (request) =>
      request.headers(jsonHeaders(matchers)).jsonBody(pushOfOneCard(matchers)),
    )
    .willRespondWith(status, (response) => response.headers(answerHeaders).jsonBody(answer))
    .executeTest((server) => noticed(push(...pushArguments(over(server, project)))))
  if (result === undefined) throw new Error('Pact did not run the push')
  return result
}

type PushToRecord = {
  readonly scenario: string
  readonly description: string
  readonly status?: number
  readonly answer: object
  readonly answerHeaders?: Readonly<Record<string, MatchersV3.Matcher<string>>>
}

function pushOfOneCard({ regex }: Matchers) {
  /** Hex like that of the client, and of nothing: whoever verifies encrypts anew. */
  const hex = (bytes: number) => regex(`^[0-9a-f]{${bytes * 2}}$`, 'ab'.repeat(bytes))
  return {
    requestId: 'request-1',
    tokenRequestorId: clickToPay,
    pushFundingAccounts: {
      encryptedPayload: {
        encryptedData: regex('^([0-9a-f]{32})+$', 'ab'.repeat(32)),
        publicKeyFingerprint: hex(32),
        encryptedKey: hex(256),
        oaepHashingAlgorithm: 'SHA512',
        iv: hex(16),
      },
    },
    signatureData: { callbackURL, locale: 'en_US' },
  }
}
