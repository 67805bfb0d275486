import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, bench, describe } from 'vitest'
import { pushRequest, push as pushTo } from '../../src/issuer/client.ts'
import { scenarioChooser } from '../../src/scenarios/choose.ts'
import { createSimulator, type Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { card, projectOf, pushArguments } from '../support/journey.ts'

/*
 * 500 scenarios must cost no more than 10 % over one: whole pushes, and the choice by itself. Every one of the 500 has a `when` that does not
 * hold, so that all of them are tried.
 */

const folder = await mkdtemp(join(tmpdir(), 'bench-'))
for (let n = 0; n < 500; n += 1) {
  const name = `story-${String(n).padStart(3, '0')}`
  const number = `51234567${String(90_000_000 + n)}`
  const text = `name: ${name}\ndescription: A story.\nwhen: { card: { number: "${number}" } }\n`
  await writeFile(join(folder, `${name}.yaml`), text)
}
afterAll(() => rm(folder, { recursive: true }))

/** Signed beforehand: a client that signs while it measures measures itself. */
async function pushesOf(simulator: Simulator, count: number): Promise<Request[]> {
  const project = await projectOf(simulator)
  const made: Request[] = []
  for (let n = 0; n < count; n += 1) made.push(await pushRequest(...pushArguments(project)))
  return made
}

const count = 3000
const few = await createSimulator({ data: dataDirectory })
const many = await createSimulator({ data: dataDirectory, scenarios: [folder] })
await pushTo(...pushArguments(await projectOf(few)))
await pushTo(...pushArguments(await projectOf(many)))

describe('a push', () => {
  for (const [name, simulator] of [
    ['the built-in scenarios', few],
    ['500 more', many],
  ] as const) {
    let requests: Request[] = []
    bench(
      name,
      async () => {
        const request = requests.pop()
        if (request === undefined) throw new Error(`more than ${count} pushes were measured`)
        await simulator.fetch(request)
      },
      {
        iterations: 1000,
        time: 0,
        warmupIterations: 200,
        warmupTime: 0,
        setup: async () => {
          requests = await pushesOf(simulator, 1300)
        },
      },
    )
  }
})

describe('the choice', () => {
  const scenarios = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      name: `story-${i}`,
      description: 'A story.',
      when: { card: { number: `51234567${90_000_000 + i}` } },
    }))
  const facts = {
    consumerKey: 'k',
    tokenRequestorId: '50123197928',
    cardNumbers: [card().fundingAccountData.cardAccountData?.accountNumber ?? '5123456789012346'],
    accountHolderNames: [],
    pushNumber: 1,
  }
  for (const n of [1, 500]) {
    const chooser = scenarioChooser(scenarios(n), 'story-0')
    bench(`among ${n}`, () => void chooser.choose(facts, undefined))
  }
})
