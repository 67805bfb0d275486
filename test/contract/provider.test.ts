import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, vi } from 'vitest'
import { SetupError } from '../../src/errors.ts'
import { type Verification, verifyPacts } from '../../src/harness/verify.ts'
import { test } from '../support/journey.ts'
import { contracts, noPact } from '../support/pact.ts'

const contract = join(contracts, 'issuer-token-connect.json')
const refused = 'a push of a card that MDES refuses'
const accepted = 'a push of a card that may be added'

type Pact = { readonly interactions: readonly { readonly description: string }[] }

describe.skipIf(noPact !== '')(`the simulator as the provider of contracts${noPact}`, () => {
  test('keeps those in the repository', async ({ simulator }) => {
    const files = (await readdir(contracts))
      .filter((name) => /^issuer-.*\.json$/.test(name))
      .map((name) => join(contracts, name))
    const pacts = await Promise.all(
      files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Pact),
    )

    const verification = await verifyPacts(simulator, files)

    expect(verification.passed, verification.report).toBe(true)
    const descriptions = pacts.flatMap(({ interactions }) =>
      interactions.map(({ description }) => [description, 'passed']),
    )
    expect(outcomes(verification)).toEqual(Object.fromEntries(descriptions))
  })

  test('leaves no scenario in use', async ({ simulator, push }) => {
    await verifyPacts(simulator, [contract])

    const { response } = await push()
    expect(response.headers.get('X-Simulator-Scenario')).toBe('approved; by=default')
  })

  test("obeys no variable that is meant for other runs of Pact's verifier", async ({
    simulator,
  }) => {
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9')
    vi.stubEnv('PACT_DESCRIPTION', accepted)

    const { passed, report, interactions } = await verifyPacts(simulator, [contract])

    expect(passed, report).toBe(true)
    expect(interactions).toHaveLength(2)
  })

  test('without a provider state, chooses by the card when the pact has it in clear', async ({
    simulator,
  }) => {
    const ineligible = [
      {
        pushAccountId: 'card-1',
        fundingAccountData: { cardAccountData: { accountNumber: '5123456789012387' } },
      },
    ]
    const file = await edited((text) =>
      text
        .replaceAll(/"providerStates": \[[^\]]*\]/g, '"providerStates": []')
        // The first one is of the refused push.
        .replace(/"encryptedData": "(ab)+"/, `"encryptedData": ${JSON.stringify(ineligible)}`),
    )

    const { passed, report } = await verifyPacts(simulator, [file])

    expect(passed, report).toBe(true)
  })

  test.for([
    ['another status', '"status": 200', '"status": 201', 'status: expected 201, but it was 200'],
    ['another form of receipt', '^[A-Z]{3}-', '^[a-z]{3}-', "to match '^[a-z]{3}-"],
    ['another push method', '"type": "WEB"', '"type": "APP"', '{"type":"APP"'],
    [
      'another reason code',
      '"ACCOUNT_INELIGIBLE"',
      '"CARD_INELIGIBLE"',
      '$.pushAccountReceipts[0].errors[0].reasonCode: expected "CARD_INELIGIBLE", but it was "ACCOUNT_INELIGIBLE"',
    ],
    [
      'a member that does not come',
      '"signature": "',
      '"jws": "',
      'missing the following keys: jws',
    ],
    [
      'the answer of another scenario',
      '"ineligible-card"',
      '"declined"',
      'missing the following keys: errors',
    ],
  ] as const)('breaks one that expects %s', async ([, from, to, complaint], { simulator }) => {
    const file = await edited((text) => text.replaceAll(from, to))

    const { passed, report } = await verifyPacts(simulator, [file])

    expect(passed).toBe(false)
    expect(report).toContain(complaint)
  })

  test('fails an unknown provider state, and names the known ones', async ({ simulator }) => {
    const file = await edited((text) => text.replaceAll('"ineligible-card"', '"ineligible"'))

    const verification = await verifyPacts(simulator, [file])

    expect(verification.passed).toBe(false)
    expect(outcomes(verification)).toEqual({ [refused]: 'failed', [accepted]: 'passed' })
    expect(verification.report).toMatch(
      /provider state "ineligible" is not known; known are "a push is pending" and the names of scenarios: approved-again, .*ineligible-card/,
    )
  })

  test.for([
    ['a request recorded without a signature', '"OAuth oauth_', '"Bearer ', 'INVALID_AUTH_HEADER'],
    ['ciphertext recorded without its iv', '"iv": "', '"IV": "', 'CRYPTOGRAPHY_ERROR'],
  ] as const)('refuses %s, like any other', async ([, from, to, code], { simulator }) => {
    const file = await edited((text) => text.replaceAll(from, to))

    const { passed, report } = await verifyPacts(simulator, [file])

    expect(passed).toBe(false)
    expect(report).toContain(code)
  })

  test('does not pass when there is nothing to verify', async ({ simulator }) => {
    const file = await edited((text) => JSON.stringify({ ...JSON.parse(text), interactions: [] }))

    const { passed, report } = await verifyPacts(simulator, [file])

    expect(passed).toBe(false)
    expect(report).toContain('No interaction was verified')
  })

  test('says which file is missing', async ({ simulator }) => {
    await expect(verifyPacts(simulator, ['no-such-pact.json'])).rejects.toThrow(SetupError)
    await expect(verifyPacts(simulator, ['no-such-pact.json'])).rejects.toThrow(
      /^no-such-pact\.json: is not there; name a pact file, a folder/,
    )
  })
})

function outcomes({ interactions }: Verification) {
  return Object.fromEntries(interactions.map(({ description, outcome }) => [description, outcome]))
}

/** @returns the path of a copy of the issuer's contract with this edit. */
async function edited(edit: (text: string) => string): Promise<string> {
  const original = await readFile(contract, 'utf8')
  const text = edit(original)
  expect(text, 'the edit finds nothing to change').not.toBe(original)
  const folder = await mkdtemp(join(tmpdir(), 'mdes-simulator-contract-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'issuer-token-connect.json')
  await writeFile(path, text)
  return path
}
