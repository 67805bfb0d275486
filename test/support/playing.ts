import { type AdminApi, adminApi } from '../../src/harness/admin-api.ts'
import { type Played, type PlayOptions, type PlayReport, play } from '../../src/harness/play.ts'
import type { Seen } from '../../src/harness/seen.ts'
import { readScenarios } from '../../src/scenarios/read.ts'
import { serve } from '../../src/serve.ts'
import { createSimulator, type Simulator } from '../../src/simulator.ts'
import { formatProblem } from '../../src/yaml-file.ts'
import { dataDirectory } from './data-directory.ts'
import { test as base } from './temporary-folder.ts'

export type Playing = {
  readonly simulator: Simulator
  readonly admin: AdminApi
  /** Plays scenarios of the simulator by name, and stories that are not there as YAML. */
  readonly played: (
    stories: readonly string[],
    options?: Partial<PlayOptions>,
  ) => Promise<{ readonly report: PlayReport; readonly seen: ReadonlyMap<string, Seen> }>
  /** The only one. */
  readonly playedOne: (story: string, options?: Partial<PlayOptions>) => Promise<Played>
}

/** Scenarios are played over HTTP, against one simulator for the whole file. */
export const test = base.extend<Playing>({
  // Garbage is no answer of the API, so answers are not compared with its description here.
  simulator: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from it
    async ({}, use) => use(await createSimulator({ data: dataDirectory })),
    { scope: 'file' },
  ],
  admin: [
    async ({ simulator }, use) => {
      const server = await serve(simulator, { port: 0 })
      await use(adminApi(server.url))
      await server.close()
    },
    { scope: 'file' },
  ],
  played: async ({ admin }, use) =>
    use(async (stories, options) => {
      const seen = new Map<string, Seen>()
      const report = await play({
        admin,
        playables: await Promise.all(stories.map((story) => playable(story, admin))),
        seed: 'test',
        now: Date.UTC(2026, 0, 30, 12),
        onPlayed: ({ name }, what) => seen.set(name, what),
        ...options,
      })
      return { report, seen }
    }),
  playedOne: async ({ played }, use) =>
    use(async (story, options) => {
      const [one] = (await played([story], options)).report.scenarios
      if (one === undefined) throw new Error('nothing was played')
      return one
    }),
})

async function playable(story: string, admin: AdminApi) {
  if (!story.includes(':')) return { scenario: await admin.story(story) }
  const name = /^name: (.*)$/m.exec(story)?.[1] ?? ''
  const { values, problems } = readScenarios([{ name: `${name}.yaml`, text: story }])
  const [scenario] = values
  if (scenario === undefined) throw new Error(problems.map(formatProblem).join('\n'))
  return { scenario, yaml: story }
}

/** A story of these sections. */
export const story = (sections: string, name = 'story') =>
  `name: ${name}\ndescription: A story.\n${sections}\n`
