import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Assumptions } from '../../src/assumptions.ts'
import { readConfig } from '../../src/config.ts'
import { push, pushRequest, redirectUrl, signed } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accepted,
  card,
  locationOf,
  noon,
  projectOf,
  pushArguments,
  receiptOf,
  test,
} from '../support/journey.ts'
import { authorization, encode } from '../support/oauth.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as withFolder } from '../support/temporary-folder.ts'

const path = '/mdes/connect/1/0/pushMultipleAccounts'

/** A simulator that assumes something else, and an issuer's project for it. */
async function assuming(assumptions: Partial<Assumptions>, seed?: string) {
  const simulator = await createSimulator({
    data: dataDirectory,
    clock: noon,
    assumptions,
    ...(seed !== undefined && { seed }),
  })
  return { simulator, project: await projectOf(simulator) }
}

describe('where the sources conflict, another answer can be chosen', () => {
  test('responseId: a UUID, the same for the same request and seed', async () => {
    const ids = []
    for (const seed of ['1', '1', '2']) {
      const { project } = await assuming({ responseId: 'random' }, seed)
      ids.push(accepted(await push(...pushArguments(project))).responseId)
    }
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  test('receiptDataCentre: none, as in the documented example', async () => {
    const { project } = await assuming({ receiptDataCentre: 'none' })
    const receipt = receiptOf(accepted(await push(...pushArguments(project))))
    expect(receipt).toMatch(/^MCC-[0-9A-F]{8}-([0-9A-F]{4}-){3}[0-9A-F]{12}$/)
  })

  test('completeIssuerAppActivationInSignature: second among the claims', async () => {
    const { project } = await assuming({ completeIssuerAppActivationInSignature: true })
    const claims = async (signatureData: object) => {
      const { signature = '' } = accepted(await push(...pushArguments(project, { signatureData })))
      return JSON.parse(Buffer.from(signature.split('.')[1] ?? '', 'base64url').toString())
    }
    expect(await claims({})).toMatchObject({ completeIssuerAppActivation: true })
    expect(await claims({ completeIssuerAppActivation: false })).toMatchObject({
      completeIssuerAppActivation: false,
    })
  })

  withFolder('duplicateCard: CANCELLED, as before April 2022', async ({ folder }) => {
    await writeFile(
      join(folder, 'duplicate.yaml'),
      'name: duplicate\ndescription: The card is there already.\nprovision: { outcome: DUPLICATE_REQUEST }\n',
    )
    const back = async (assumptions: Partial<Assumptions>) => {
      const simulator = await createSimulator({
        data: dataDirectory,
        scenarios: [folder],
        scenario: 'duplicate',
        assumptions,
      })
      const pushed = accepted(await push(...pushArguments(await projectOf(simulator))))
      const visit = new Request(redirectUrl(pushed, { useCase: 'signature' }))
      return locationOf(await simulator.fetch(visit)).split('%5D=')[1]
    }
    expect(await back({})).toBe('DUPLICATE_REQUEST')
    expect(await back({ duplicateCard: 'CANCELLED' })).toBe('CANCELLED')
  })

  test('errorStatus: 400 in place of 200', async () => {
    const { simulator, project } = await assuming({ errorStatus: 400 })
    const response = await simulator.fetch(await signed(project, { path, body: '[' }))
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        responseId: expect.any(String),
        errors: [{ source: 'INPUT', reasonCode: 'INVALID_JSON', description: 'Invalid JSON' }],
      },
    ])
  })

  test('unknownTokenRequestor: AUTHORIZATION_FAILED', async () => {
    const { project } = await assuming({ unknownTokenRequestor: 'AUTHORIZATION_FAILED' })
    const { text } = await push(...pushArguments(project, { tokenRequestorId: '50000000000' }))
    expect(JSON.parse(text).errors).toEqual([
      {
        source: 'MDES',
        reasonCode: 'AUTHORIZATION_FAILED',
        description: 'Authorization failed.',
      },
    ])
  })

  test('maximumAccountsPerPush: more than five', async () => {
    const accounts = [1, 2, 3, 4, 5, 6].map((n) => card(undefined, `card-${n}`))
    const { project } = await assuming({ maximumAccountsPerPush: 6 })
    const { pushAccountReceipts } = accepted(await push(...pushArguments(project, { accounts })))
    expect(new Set(pushAccountReceipts.map((one) => one.pushAccountReceipt)).size).toBe(6)
  })

  withFolder('are written in the configuration file, and checked there', async ({ folder }) => {
    const file = join(folder, 'mdes-simulator.yaml')
    await writeFile(
      file,
      'assumptions:\n  responseId: random\n  errorStatus: 400\nrequestSignature:\n  nonceMemorySeconds: 60\n',
    )
    expect(await readConfig(file)).toEqual({
      issuers: [],
      nonceMemorySeconds: 60,
      assumptions: { responseId: 'random', errorStatus: 400 },
    })
    await writeFile(file, 'assumptions:\n  responseID: random\n  receiptDataCentre: KSC\n')
    await expect(readConfig(file)).rejects.toThrow(
      `${file}:2:3 assumptions.responseID: unknown key, did you mean "responseId"?`,
    )
    await expect(readConfig(file)).rejects.toThrow(
      `${file}:3:22 assumptions.receiptDataCentre: "KSC" is not allowed; expected STL | none`,
    )
  })
})

describe('pedantic refuses what is accepted only on an assumption', () => {
  const strict = test.extend({ options: { pedantic: true } })

  /** Refused here, though accepted without `pedantic` with this said of it. */
  strict.for<[string, (request: Record<string, unknown>) => void, reasonCode: string]>([
    [
      'null for a member that is not set',
      (r) => Object.assign(r, { authenticationCode: null }),
      'INVALID_FIELD_FORMAT',
    ],
    [
      'a boolean as text',
      (r) => Object.assign(r, { requestIssuerInitiatedDigitizationData: 'True' }),
      'INVALID_FIELD_FORMAT',
    ],
  ])('%s', async ([, change, reasonCode], { simulator, project }) => {
    const request = await pushRequest(...pushArguments(project))
    const json = JSON.parse(await request.text())
    change(json)
    const body = JSON.stringify(json)
    const answer = await simulator.fetch(await signed(project, { path, body }))
    expect(await answer.text()).toContain(`"reasonCode":"${reasonCode}"`)
    const because = (await simulator.journal.entries()).at(-1)?.faults?.[0]?.because
    expect(because).toMatch(/\(refused by --pedantic\)$/)
    const relaxedOnes = await createSimulator({ data: dataDirectory, clock: noon })
    const accepts = await relaxedOnes.fetch(await signed(project, { path, body }))
    expect(await accepts.text()).toContain('pushAccountReceipt')
  })

  strict(
    'a base string of encoded values whose header has them bare',
    async ({ project, simulator }) => {
      const request = await pushRequest(...pushArguments(project))
      const body = await request.text()
      const header = authorization({ ...project, url: request.url, body, inBaseString: encode })
      const answer = await simulator.fetch(
        new Request(request.url, {
          method: 'POST',
          headers: { Authorization: header, 'Content-Type': 'application/json' },
          body,
        }),
      )
      expect(answer.status).toBe(403)
      expect(await answer.text()).toContain('Acceptable signature base string: POST&')
    },
  )

  strict('a callbackURL that is encoded whole', async ({ push }) => {
    const callbackURL = encodeURIComponent('https://bank.test/results')
    const { text } = await push({ signatureData: { callbackURL } })
    expect(text).toContain('Invalid Field Value - callbackURL')
  })

  strict('nothing is issued for it', async ({ push, simulator }) => {
    await push({ signatureData: { callbackURL: encodeURIComponent('https://bank.test/results') } })
    const receipts = (await simulator.journal.entries()).flatMap(
      ({ pushAccountReceipts }) => pushAccountReceipts ?? [],
    )
    expect(receipts).toEqual([])
  })

  strict('an ordinary push passes', async ({ pushed }) => {
    expect(receiptOf(await pushed())).toMatch(/^MCC-STL-/)
  })

  test('and is not relaxed at once', async () => {
    await expect(
      createSimulator({ data: dataDirectory, pedantic: true, relaxed: true }),
    ).rejects.toThrow('relaxed and pedantic are opposites: choose one')
  })
})
