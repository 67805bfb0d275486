import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { pushRequest, push as pushTo, redirectUrl } from '../../src/issuer/client.ts'
import type { SimulatorOptions } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accepted,
  callbackURL,
  card,
  projectOf,
  pushArguments,
  receiptOf,
  test,
} from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'

const chosen = ({ response }: { response: Response }) =>
  response.headers.get('X-Simulator-Scenario')
const declinedCard = '5123456789012361'

describe('the first rule that applies chooses, and the answer names both', () => {
  test('the header of the push before all', async ({ push, simulator }) => {
    simulator.use('cardholder-cancels')
    expect(chosen(await push({ card: declinedCard, scenario: 'ask' }))).toBe('ask; by=header')
  })

  test('then the scenario in use', async ({ push, simulator }) => {
    simulator.use('cardholder-cancels')
    expect(chosen(await push({ card: declinedCard }))).toBe('cardholder-cancels; by=use')
    simulator.use(undefined)
    expect(chosen(await push({ card: declinedCard }))).toBe('declined; by=when')
  })

  test('then the first file whose when holds, then the default', async ({ push }) => {
    expect(chosen(await push({ card: declinedCard }))).toBe('declined; by=when')
    expect(chosen(await push())).toBe('approved; by=default')
  })

  test('a reset forgets the scenario in use', async ({ push, simulator }) => {
    simulator.use('cardholder-cancels')
    await simulator.reset()
    expect(chosen(await push())).toBe('approved; by=default')
  })

  test("an unknown name in the header is the tester's mistake: a problem with the name that was meant", async ({
    push,
  }) => {
    const { response, text } = await push({ scenario: 'aproved' })
    expect(response.status).toBe(400)
    expect(response.headers.get('Content-Type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toEqual({
      title: 'Unknown scenario',
      status: 400,
      detail: expect.stringMatching(
        /^X-Simulator-Scenario: there is no scenario "aproved", did you mean "approved"\?; there are \d+ others, which GET \/__simulator\/scenarios lists$/,
      ),
    })
  })

  test('an unknown name in the library is a mistake in the set-up', async ({ simulator }) => {
    expect(() => simulator.use('nope')).toThrow('there is no scenario "nope"')
    await expect(createSimulator({ data: dataDirectory, scenario: 'nope' })).rejects.toThrow(
      'there is no scenario "nope"',
    )
  })
})

describe('when', () => {
  const facts: readonly [fact: string, yaml: string, push: Parameters<typeof pushArguments>[1]][] =
    [
      ['the whole card number', "card: { number: '5123456789012346' }", {}],
      ['how it begins', "card: { startsWith: '541234' }", { card: '5412346789012349' }],
      ['how it ends', "card: { endsWith: '2349' }", { card: '5412346789012349' }],
      ['both at once', "card: { startsWith: '54', endsWith: '49' }", { card: '5412346789012349' }],
      [
        'the token requestor',
        "tokenRequestorId: '50123456789'",
        { tokenRequestorId: '50123456789' },
      ],
      [
        'any card of the push',
        "card: { endsWith: '2349' }",
        { tokenRequestorId: '50123456789', accounts: [card(), card('5412346789012349', 'two')] },
      ],
      ['the locale', 'locale: cs_CZ', { signatureData: { locale: 'cs_CZ', callbackURL } }],
      [
        'the account holder',
        'accountHolderName: John Doe',
        {
          accounts: [
            {
              ...card(),
              fundingAccountData: {
                ...card().fundingAccountData,
                accountHolderData: { accountHolderName: 'John Doe' },
              },
            },
          ],
        },
      ],
      ['the first push', 'push: 1', {}],
    ]

  async function withStory(when: string): Promise<SimulatorOptions> {
    const folder = await mkdtemp(join(tmpdir(), 'when-'))
    await writeFile(
      join(folder, 'story.yaml'),
      `name: story\ndescription: A story.\nwhen: { ${when} }\n`,
    )
    return { data: dataDirectory, scenarios: [folder] }
  }

  test.for(facts)('%s', async ([, when, overrides]) => {
    const project = await projectOf(await createSimulator(await withStory(when)))
    expect(chosen(await pushTo(...pushArguments(project, overrides)))).toBe('story; by=when')
  })

  test('all facts must hold', async () => {
    const project = await projectOf(
      await createSimulator(await withStory("locale: cs_CZ, card: { endsWith: '2346' }")),
    )
    expect(chosen(await pushTo(...pushArguments(project)))).toBe('approved; by=default')
  })

  test('the n-th push counts from the last reset', async () => {
    const simulator = await createSimulator(await withStory('push: 2'))
    const project = await projectOf(simulator)
    const names = async () => {
      const answers = []
      for (let n = 0; n < 3; n += 1) answers.push(chosen(await pushTo(...pushArguments(project))))
      return answers
    }
    const expected = ['approved; by=default', 'story; by=when', 'approved; by=default']
    expect(await names()).toEqual(expected)
    await simulator.reset()
    expect(await names()).toEqual(expected)
  })

  test("the consumer key's own", async () => {
    const { keyring } = await createSimulator({ data: dataDirectory })
    const simulator = await createSimulator(
      await withStory(`consumerKey: '${keyring.consumerKey}'`),
    )
    expect(chosen(await pushTo(...pushArguments(await projectOf(simulator))))).toBe(
      'story; by=when',
    )
  })
})

test('a scenario refuses the whole request, changes the receipt, or has it used', async ({
  simulator,
  project,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'push-'))
  const write = (name: string, push: string) =>
    writeFile(
      join(folder, `${name}.yaml`),
      `name: ${name}\ndescription: A story.\npush: { ${push} }\n`,
    )
  await write(
    'refused',
    'errors: [{ source: MDES, reasonCode: AUTHORIZATION_FAILED }, { source: INPUT, reasonCode: NEW_CODE, description: Nobody knows this. }, { source: INPUT, reasonCode: INVALID_FIELD_VALUE }]',
  )
  await write('debit', 'receipt: { prefix: DMC, validityMinutes: 5 }')
  await write('used', 'receipt: { state: used }')
  const scripted = await createSimulator({ data: dataDirectory, scenarios: [folder] })
  const own = await projectOf(scripted)
  expect(simulator.keyring.consumerKey).toBe(project.consumerKey)

  const refused = await scripted.fetch(
    await pushRequest(...pushArguments(own, { scenario: 'refused' })),
  )
  expect(await refused.json()).toEqual({
    responseId: 'request-1',
    errors: [
      { source: 'MDES', reasonCode: 'AUTHORIZATION_FAILED', description: 'Authorization failed.' },
      { source: 'INPUT', reasonCode: 'NEW_CODE', description: 'Nobody knows this.' },
      { source: 'INPUT', reasonCode: 'INVALID_FIELD_VALUE' },
    ],
  })
  const debit = await pushTo(...pushArguments(own, { scenario: 'debit' }))
  expect(debit).toMatchObject({
    pushAccountReceipts: [{ pushAccountReceipt: expect.stringMatching(/^DMC-STL-/) }],
  })
  const used = JSON.parse((await pushTo(...pushArguments(own, { scenario: 'used' }))).text)
  const page = await scripted.fetch(
    new Request(`http://localhost:6337/provision?pushAccountData=${used.signature}`),
  )
  expect(page.status).toBe(410)
})

describe('wire-quota-exceeded', () => {
  test('twice 429 for a consumer key, then as usual; a reset begins anew', async ({
    push,
    simulator,
  }) => {
    simulator.use('wire-quota-exceeded')
    const statuses = async () => {
      const answers = [await push(), await push(), await push()]
      return answers.map(({ response }) => response.status)
    }
    expect(await statuses()).toEqual([429, 429, 200])
    expect(await statuses()).toEqual([200, 200, 200])
    await simulator.reset()
    simulator.use('wire-quota-exceeded')
    expect(await statuses()).toEqual([429, 429, 200])
  })
})

describe("a bank's own habits: a folder that overrides three of ours", () => {
  async function ownBank(): Promise<SimulatorOptions> {
    const folder = await mkdtemp(join(tmpdir(), 'habits-'))
    const story = (name: string, sections: string) =>
      writeFile(join(folder, `${name}.yaml`), `name: ${name}\ndescription: Ours.\n${sections}\n`)
    await story('approved', 'push: { receipt: { prefix: DMC, validityMinutes: 5 } }')
    await story('declined', "when: { card: { endsWith: '2346' } }\nprovision: { outcome: ERROR }")
    await story('ask', 'provision: { outcome: ask, consumer: known }')
    return { data: dataDirectory, scenarios: [folder] }
  }

  test('the default, a choice by card and one by name are theirs; all others stay', async () => {
    const simulator = await createSimulator(await ownBank())
    const project = await projectOf(simulator)
    const push = (overrides = {}) => pushTo(...pushArguments(project, overrides))
    const visited = async (result: Awaited<ReturnType<typeof push>>) => {
      const url = redirectUrl(accepted(result), { useCase: 'signature' })
      return simulator.fetch(new Request(url))
    }

    const byDefault = await push({ card: '5412346789012349' })
    expect(chosen(byDefault)).toBe('approved; by=default')
    expect(receiptOf(accepted(byDefault))).toMatch(/^DMC-/)

    const byCard = await push()
    expect(chosen(byCard)).toBe('declined; by=when')
    expect((await visited(byCard)).headers.get('Location')).toMatch(/=ERROR$/)
    // The card of the file that was replaced has gone with it.
    expect(chosen(await push({ card: '5123456789012361' }))).toBe('approved; by=default')

    const byName = await push({ scenario: 'ask' })
    expect(await (await visited(byName)).text()).toContain('Enter your code')

    expect(chosen(await push({ card: '5123456789012379' }))).toBe('cardholder-cancels; by=when')
  })
})
