import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect } from 'vitest'
import { type PushResult, push as pushTo, redirectUrl } from '../../src/issuer/client.ts'
import type { JournalEntry } from '../../src/journal.ts'
import type { Simulator } from '../../src/simulator.ts'
import { cornerShop } from '../support/corner-shop.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accepted,
  locationOf,
  noon,
  type PushOverrides,
  projectOf,
  pushArguments,
} from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as base } from '../support/temporary-folder.ts'

const test = base.extend<{
  /** Saves a file in the folder that the simulator reads. */
  save: (name: string, text: string) => Promise<void>
  /** Saves a scenario by this name. */
  story: (name: string, rest?: string) => Promise<void>
  start: (scenario?: string) => Promise<Simulator>
}>({
  save: async ({ folder }, use) =>
    use(async (name, text) => {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }),
  story: async ({ save }, use) =>
    use((name, rest = '') =>
      save(`${name}.yaml`, `name: ${name}\ndescription: A story.\n${rest}\n`),
    ),
  start: async ({ folder }, use) =>
    use((scenario = 'approved') =>
      createSimulator({ data: dataDirectory, scenarios: [folder], scenario, clock: noon }),
    ),
})

async function push(simulator: Simulator, overrides: PushOverrides = {}): Promise<PushResult> {
  return pushTo(...pushArguments(await projectOf(simulator), overrides))
}

/** Where the cardholder's browser goes back to. */
async function visited(simulator: Simulator, result: PushResult): Promise<string> {
  const url = redirectUrl(accepted(result), { useCase: 'signature' })
  return locationOf(await simulator.fetch(new Request(url)))
}

const chosen = ({ response }: PushResult) => response.headers.get('X-Simulator-Scenario')

async function reloads({ journal }: Simulator): Promise<readonly JournalEntry[]> {
  return (await journal.entries())
    .filter(({ kind }) => kind === 'scenarios')
    .map((entry) => ({
      ...entry,
      // How many there are in all is not what these stories are about.
      summary: entry.summary.replace(/reloaded: \d+/, 'reloaded: N'),
    }))
}

async function summaries(simulator: Simulator): Promise<readonly string[]> {
  return (await reloads(simulator)).map(({ summary }) => summary)
}

describe('a file that is edited', () => {
  test('takes effect, and the journal names what has changed', async ({ start, story, folder }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    await story('old')
    const simulator = await start('mine')
    await story('mine', 'provision: { outcome: CANCELLED }')
    await story('fresh', "when: { card: { endsWith: '2346' } }")
    await rm(join(folder, 'old.yaml'))
    expect(chosen(await push(simulator))).toBe('mine; by=default')

    await simulator.reloadScenarios()
    expect(chosen(await push(simulator))).toBe('fresh; by=when')
    expect(await visited(simulator, await push(simulator, { scenario: 'mine' }))).toContain(
      '=CANCELLED',
    )
    expect((await push(simulator, { scenario: 'old' })).response.status).toBe(400)
    expect((await reloads(simulator))[0]).toEqual({
      id: 2,
      at: noon.toISOString(),
      kind: 'scenarios',
      method: '',
      url: '',
      status: 0,
      summary: 'reloaded: N scenarios, 8 token requestors; changed: mine; new: fresh; gone: old',
    })
  })

  test('is in the list of stories, with its test card', async ({ start, story }) => {
    const simulator = await start()
    const listed = () => simulator.scenarios.filter(({ name }) => name === 'mine')
    expect(listed()).toEqual([])
    await story('mine', "when: { card: { number: '5123456789012007' } }")
    await simulator.reloadScenarios()
    expect(listed()).toEqual([
      {
        name: 'mine',
        description: 'A story.',
        testCard: '5123456789012007',
        showsPages: false,
        sections: [],
      },
    ])
    await story('mine')
    await simulator.reloadScenarios()
    expect(listed()).toEqual([
      { name: 'mine', description: 'A story.', showsPages: false, sections: [] },
    ])
  })

  test('does not change a push under way: it ends as it was issued', async ({
    start,
    story,
    folder,
  }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    const simulator = await start()
    const [first, second] = [
      await push(simulator, { scenario: 'mine' }),
      await push(simulator, { scenario: 'mine' }),
    ]
    await story('mine', 'provision: { outcome: APPROVED }')
    await simulator.reloadScenarios()
    expect(await visited(simulator, first)).toContain('=DECLINED')
    await rm(join(folder, 'mine.yaml'))
    await simulator.reloadScenarios()
    expect(await visited(simulator, second)).toContain('=DECLINED')
  })

  test('may take the place of a built-in one, and give it back', async ({
    start,
    story,
    folder,
  }) => {
    await story('mine')
    const simulator = await start()
    await story('ask')
    await simulator.reloadScenarios()
    await story('ask', 'provision: { outcome: ask }')
    await simulator.reloadScenarios()
    await rm(join(folder, 'ask.yaml'))
    await simulator.reloadScenarios()
    expect((await summaries(simulator)).map((summary) => summary.split('; ')[1])).toEqual([
      'replaced: ask',
      'changed: ask',
      'built-in again: ask',
    ])
  })

  test('leaves no note when it says the same as before', async ({ start, story, save }) => {
    await story('mine')
    const simulator = await start()
    await simulator.reloadScenarios()
    await story('mine', '# A thought.')
    await save('notes.txt', 'Not a scenario.')
    await simulator.reloadScenarios()
    expect(await reloads(simulator)).toEqual([])
  })

  test('is the scenario in use with its new content', async ({ start, story }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    const simulator = await start()
    simulator.use('mine')
    await story('mine', 'provision: { outcome: CANCELLED }')
    await simulator.reloadScenarios()
    const result = await push(simulator)
    expect(chosen(result)).toBe('mine; by=use')
    expect(await visited(simulator, result)).toContain('=CANCELLED')
  })
})

describe('a set that is broken', () => {
  test('is refused with every problem, once, and the last good one stays in force', async ({
    start,
    story,
    save,
    folder,
  }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    const simulator = await start('mine')
    await story('mine', 'provision: { outcom: DECLINED }')
    await save('other.yaml', 'name: other\n')
    const refusal: unknown = await simulator.reloadScenarios().catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      name: 'SetupError',
      problems: [
        expect.stringMatching(/mine\.yaml:3:14 provision\.outcom: unknown key/),
        expect.stringMatching(/other\.yaml:1:1 description: missing/),
      ],
    })
    await expect(simulator.reloadScenarios()).rejects.toBe(refusal)
    expect(await visited(simulator, await push(simulator))).toContain('=DECLINED')
    expect(await reloads(simulator)).toMatchObject([
      {
        summary: 'not reloaded: the last good set stays in force',
        faults: [
          {
            code: 'SCENARIOS_REFUSED',
            because: `${join(folder, 'mine.yaml')}:3:14 provision.outcom: unknown key, did you mean "outcome"?; known are consumer, pages, outcome, stepUp, delay, transport`,
          },
          {
            code: 'SCENARIOS_REFUSED',
            because: `${join(folder, 'other.yaml')}:1:1 description: missing; expected text`,
          },
        ],
      },
    ])
  })

  test('is in force again when it is mended, whether that changes anything or not', async ({
    start,
    story,
    save,
  }) => {
    await story('mine')
    const simulator = await start()
    await save('mine.yaml', 'name: [')
    await expect(simulator.reloadScenarios()).rejects.toThrow(/mine\.yaml:1:7/)
    await story('mine')
    await simulator.reloadScenarios()
    expect(await summaries(simulator)).toEqual([
      'not reloaded: the last good set stays in force',
      'reloaded: N scenarios, 8 token requestors; as before',
    ])
  })

  test('may be one whose folder is gone for a while', async ({ start, story, folder }) => {
    await story('mine')
    const simulator = await start('mine')
    await rename(folder, `${folder}-away`)
    await expect(simulator.reloadScenarios()).rejects.toThrow(/is not there; name a folder/)
    expect(chosen(await push(simulator))).toBe('mine; by=default')
    await rename(`${folder}-away`, folder)
    await simulator.reloadScenarios()
    expect(await summaries(simulator)).toHaveLength(2)
  })

  test('does not come from what an editor keeps beside the files', async ({
    start,
    story,
    folder,
  }) => {
    await story('mine')
    const simulator = await start()
    await symlink('someone@somewhere.1234', join(folder, '.#mine.yaml'))
    await simulator.reloadScenarios()
    expect(await reloads(simulator)).toEqual([])
  })
})

describe('a scenario that is gone while it is needed', () => {
  test('in use: the set is refused, until another is used', async ({ start, story, folder }) => {
    await story('mine')
    const simulator = await start()
    simulator.use('mine')
    await rm(join(folder, 'mine.yaml'))
    await expect(simulator.reloadScenarios()).rejects.toThrow(
      'the scenario "mine" is in use, and no file has it any more: bring it back, or use another and reload',
    )
    expect(chosen(await push(simulator))).toBe('mine; by=use')
    simulator.use(undefined)
    await simulator.reloadScenarios()
    expect(() => simulator.use('mine')).toThrow('there is no scenario "mine"')
    expect((await summaries(simulator)).at(-1)).toBe(
      'reloaded: N scenarios, 8 token requestors; gone: mine',
    )
  })

  test('by default: the set is refused, and all are named', async ({ start, story, folder }) => {
    await story('mine')
    await story('yours')
    const simulator = await start('mine')
    simulator.use('yours')
    await rm(join(folder, 'mine.yaml'))
    await rm(join(folder, 'yours.yaml'))
    await expect(simulator.reloadScenarios()).rejects.toThrow(
      'the scenario "mine" plays when nothing else chooses, and no file has it any more: bring it back, or start with another\nthe scenario "yours" is in use',
    )
    expect((await reloads(simulator))[0]?.faults).toHaveLength(2)
    simulator.use(undefined)
    expect(chosen(await push(simulator))).toBe('mine; by=default')
  })
})

test('a token requestor that is added is known', async ({ start, save }) => {
  const simulator = await start()
  const order = { tokenRequestorId: '50190000001' }
  expect((await push(simulator, order)).accepted).toBe(false)
  await save('token-requestors/corner-shop.yaml', cornerShop)
  await simulator.reloadScenarios()
  expect((await push(simulator, order)).accepted).toBe(true)
  expect(await summaries(simulator)).toEqual([
    'reloaded: N scenarios, 9 token requestors; new: Corner Shop (50190000001)',
  ])
})

describe('two simulators in one process', () => {
  test('with the same folder each reload when they are told to', async ({ start, story }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    const [one, other] = [await start('mine'), await start('mine')]
    await story('mine', 'provision: { outcome: CANCELLED }')
    await one.reloadScenarios()
    expect(await visited(one, await push(one))).toContain('=CANCELLED')
    expect(await visited(other, await push(other))).toContain('=DECLINED')
    await other.reloadScenarios()
    expect(await visited(other, await push(other))).toContain('=CANCELLED')
    expect(await summaries(other)).toEqual(await summaries(one))
  })

  test('one that refuses a set does not keep the other from it', async ({
    start,
    story,
    folder,
  }) => {
    await story('mine')
    await story('fresh')
    const [needing, other] = [await start('mine'), await start()]
    await rm(join(folder, 'mine.yaml'))
    await story('fresh', 'provision: { outcome: DECLINED }')
    await expect(needing.reloadScenarios()).rejects.toThrow('"mine"')
    await other.reloadScenarios()
    const order = { scenario: 'fresh' }
    expect(await visited(needing, await push(needing, order))).toContain('=APPROVED')
    expect(await visited(other, await push(other, order))).toContain('=DECLINED')
  })

  test('of which one reads while another reads too', async ({ start, story }) => {
    await story('mine', 'provision: { outcome: DECLINED }')
    const [one, other] = [await start('mine'), await start('mine')]
    const saved = story('mine', 'provision: { outcome: CANCELLED }')
    await Promise.allSettled([one.reloadScenarios(), saved, other.reloadScenarios()])
    await Promise.all([one.reloadScenarios(), one.reloadScenarios(), other.reloadScenarios()])
    for (const simulator of [one, other])
      expect(await visited(simulator, await push(simulator))).toContain('=CANCELLED')
  })
})
