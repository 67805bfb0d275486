import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { builtInScenarios, loadScenarios, readFolder } from '../../src/scenarios/load.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import { jsonSchema } from '../../src/scenarios/schema.ts'
import { formatProblem } from '../../src/yaml-file.ts'
import { test as base } from '../support/temporary-folder.ts'

const test = base.extend<{ write: (files: Record<string, string>) => Promise<void> }>({
  write: async ({ folder }, use) =>
    use(async (files) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    }),
})

/** The problems of one file, without the folder's name. */
function problemsOf(text: string, name = 'story.yaml'): readonly string[] {
  return readScenarios([{ name, text }]).problems.map(formatProblem)
}

describe('a broken file says where, what came and what is allowed', () => {
  test.for<[string, string, readonly string[]]>([
    [
      'a misspelt key',
      'name: story\ndescription: A story.\nprovison:\n  outcome: ask\n',
      [
        'story.yaml:3:1 provison: unknown key, did you mean "provision"?; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
      ],
    ],
    [
      'a gateway that acts before there are facts, with facts',
      'name: story\ndescription: A story.\nwhen: { push: 2 }\ngateway: { status: 429 }\n',
      [
        'story.yaml:4:10 gateway: acts before there is a push whose facts "when" could be held against: leave one of the two out',
      ],
    ],
    [
      'a status that no gateway has',
      'name: story\ndescription: A story.\ngateway: { status: 418 }\n',
      ['story.yaml:3:20 gateway.status: expected 401 | 408 | 429 | 500 | 502 | 503 | 504'],
    ],
    [
      'Retry-After where none goes',
      'name: story\ndescription: A story.\ngateway: { status: 500, retryAfter: 3 }\n',
      ['story.yaml:3:37 gateway.retryAfter: goes with status 429 or 503 only'],
    ],
    [
      'a misspelt value',
      'name: story\ndescription: A story.\nprovision:\n  outcome: APROVED\n',
      [
        'story.yaml:4:12 provision.outcome: expected ask | APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED, did you mean "APPROVED"?',
      ],
    ],
    [
      'a misspelt value in a list',
      'name: story\ndescription: A story.\nprovision:\n  outcome: [APPROVED, DECLINE]\n',
      [
        'story.yaml:4:23 provision.outcome[1]: expected APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED, did you mean "DECLINED"?',
      ],
    ],
    [
      'an unquoted identifier',
      'name: story\ndescription: A story.\nwhen:\n  card: { endsWith: 0047 }\n',
      ['story.yaml:4:21 when.card.endsWith: expected text: quote this value'],
    ],
    [
      'a missing description',
      'name: story\n',
      ['story.yaml:1:1 description: missing; expected string'],
    ],
    [
      'an empty file',
      '',
      [
        'story.yaml:1:1 name: missing; expected string',
        'story.yaml:1:1 description: missing; expected string',
      ],
    ],
    [
      'another name than the file',
      'name: tale\ndescription: A story.\n',
      ['story.yaml:1:7 name: is "tale"; a scenario is named like its file, "story"'],
    ],
    [
      'a validity the service does not have',
      'name: story\ndescription: A story.\npush:\n  receipt:\n    validityMinutes: 16\n',
      ['story.yaml:5:22 push.receipt.validityMinutes: too big: expected number to be <=15'],
    ],
    [
      'an empty when, which would always hold',
      'name: story\ndescription: A story.\nwhen: {}\n',
      ['story.yaml:3:7 when: is empty and would always hold; name a fact or leave it out'],
    ],
    [
      'a key twice',
      'name: story\nname: story\ndescription: A story.\n',
      ['story.yaml:2:1 the key name is there twice'],
    ],
    [
      'a list where a map is expected',
      '- name: story\n',
      ['story.yaml:1:1 invalid input: expected object, received array'],
    ],
    [
      'an empty card, which would always hold',
      'name: story\ndescription: A story.\nwhen: { card: {} }\n',
      ['story.yaml:3:15 when.card: is empty and would always hold; name a fact or leave it out'],
    ],
    [
      'a card that can never be',
      "name: story\ndescription: A story.\nwhen: { card: { number: '5123456789012353', endsWith: '47' } }\n",
      ['story.yaml:3:15 when.card: number says it all; leave out startsWith and endsWith'],
    ],
    [
      'a section left blank',
      'name: story\ndescription: A story.\nprovision:\n',
      ['story.yaml:3:11 provision: is empty; fill it or leave the key out'],
    ],
    [
      'a quoted number',
      "name: story\ndescription: A story.\nwhen: { push: '2' }\n",
      ['story.yaml:3:15 when.push: expected a number: remove the quotes'],
    ],
    [
      'two documents',
      'name: story\ndescription: A story.\n---\nname: other\n',
      ['story.yaml:3:1 one file holds one document: remove the --- line'],
    ],
    [
      'several mistakes at once',
      'name: story\ndescription: A story.\npush:\n  acounts: []\nwhen:\n  locale: english\n',
      [
        'story.yaml:4:3 push.acounts: unknown key, did you mean "accounts"?; known are delay, transport, errors, accounts, receipt, signature',
        'story.yaml:6:11 when.locale: expected ll_CC, such as en_US',
      ],
    ],
  ])('%s', ([, text, problems]) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  test('broken YAML, and aliases without end', () => {
    expect(problemsOf('name: [')[0]).toMatch(/^story\.yaml:1:8 Flow sequence/)
    const bomb = `a: &a [x]\n${'bcdefgh'
      .split('')
      .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`).join(',')}]`)
      .join('\n')}`
    expect(problemsOf(bomb)).toEqual([expect.stringContaining('Excessive alias count')])
  })
})

describe('folders', () => {
  test('the built-in scenarios are all good', async () => {
    const { values, problems } = readScenarios(await readFolder(builtInScenarios))
    expect(problems).toEqual([])
    expect(values.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['approved', 'ask', 'declined']),
    )
    for (const { description } of values) expect(description).toMatch(/^[A-Z].*\.$/)
  })

  test("a folder of one's own adds, and overrides by name", async ({ folder, write }) => {
    await write({
      'approved.yaml': 'name: approved\ndescription: Ours.\nprovision: { outcome: DECLINED }\n',
      'zebra.yaml': 'name: zebra\ndescription: New.\n',
      'notes.txt': 'not a scenario',
    })
    const { scenarios } = await loadScenarios([folder], join(folder, 'cache'))
    expect(scenarios.find(({ name }) => name === 'approved')?.description).toBe('Ours.')
    expect(scenarios.at(-1)?.name).toBe('zebra')
  })

  test('every problem of every file is told at once', async ({ folder, write }) => {
    await write({ 'a.yaml': 'name: a\n', 'b.yaml': 'nme: b\n' })
    await expect(loadScenarios([folder], join(folder, 'cache'))).rejects.toThrow(
      /a\.yaml:1:1 description: missing.*\n.*b\.yaml:1:1 name: missing/,
    )
  })

  test('a folder that is not there', async ({ folder }) => {
    await expect(loadScenarios([join(folder, 'nope')], folder)).rejects.toThrow(
      /nope: cannot be read \(ENOENT\)/,
    )
  })
})

describe('the parsed set is kept for the next process', () => {
  /** As a new process would, which remembers nothing. */
  const freshly = async (folder: string) => {
    const { vi } = await import('vitest')
    vi.resetModules()
    const module = await import('../../src/scenarios/load.ts')
    return module.loadScenarios([folder], join(folder, 'cache'))
  }
  const descriptionOf = async (folder: string) =>
    (await freshly(folder)).scenarios.find(({ name }) => name === 'own')?.description

  test('and read anew when a file has changed, or when it is damaged', async ({
    folder,
    write,
  }) => {
    const { readFile } = await import('node:fs/promises')
    const cache = join(folder, 'cache', 'scenarios.json')
    await write({ 'own.yaml': 'name: own\ndescription: One.\n' })
    expect(await descriptionOf(folder)).toBe('One.')
    const kept = JSON.parse(await readFile(cache, 'utf8'))
    kept.set.scenarios = kept.set.scenarios.map((scenario: object) => ({
      ...scenario,
      description: 'Kept.',
    }))
    await writeFile(cache, JSON.stringify(kept))
    expect(await descriptionOf(folder)).toBe('Kept.')

    await write({ 'own.yaml': 'name: own\ndescription: Two.\n' })
    expect(await descriptionOf(folder)).toBe('Two.')

    await writeFile(cache, '{"source":')
    expect(await descriptionOf(folder)).toBe('Two.')
  })
})

describe('editors', () => {
  test('the JSON Schema beside the scenarios is current (npm run schema)', async () => {
    const { readFile } = await import('node:fs/promises')
    const committed = await readFile(join(builtInScenarios, 'scenario.schema.json'), 'utf8')
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(jsonSchema('scenario'))))
  })

  test("each file's first line points at it", async () => {
    for (const { text } of await readFolder(builtInScenarios))
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./scenario.schema.json')
  })
})
