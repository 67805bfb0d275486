import type { Context, Hono } from 'hono'
import { refuse } from '../errors.ts'
import type { ScenarioChooser } from '../scenarios/choose.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { problem } from './problem.ts'

export type ScenarioParts = {
  readonly chooser: ScenarioChooser
  /** Of the default issuer, who is meant when nobody is named. */
  readonly defaultConsumerKey: string
  /** @throws {Refusal} SCENARIO_INVALID, or TOO_MANY_SCENARIOS. */
  readonly addScenario: (name: string, yaml: string, consumerKey: string) => Promise<Scenario>
}

/** `/__simulator/scenario`, the one in use, and `/__simulator/scenarios`, those that may play. */
export function scenarioRoutes(app: Hono, parts: ScenarioParts): void {
  const { chooser } = parts
  const whose = (c: Context) => c.req.query('consumerKey') ?? parts.defaultConsumerKey
  const inUse = (c: Context) => c.json({ scenario: chooser.inUse(whose(c)) ?? null })

  app.get('/__simulator/scenario', inUse)
  app.put('/__simulator/scenario', async (c) => {
    const { scenarioInUse, readBody } = await import('./bodies.ts')
    chooser.use(whose(c), readBody(await c.req.text(), scenarioInUse).scenario)
    return inUse(c)
  })
  app.delete('/__simulator/scenario', (c) => {
    chooser.use(whose(c), undefined)
    return c.body(null, 204)
  })

  app.get('/__simulator/scenarios', (c) => {
    const own = new Set(chooser.ownOf(whose(c)))
    return c.json({
      scenarios: chooser
        .knownTo(whose(c))
        .map((scenario) => ({ ...told(scenario), isOwn: own.has(scenario.name) })),
    })
  })
  app.get('/__simulator/scenarios/:name', (c) =>
    c.json(chooser.named(c.req.param('name'), whose(c))),
  )
  app.put('/__simulator/scenarios/:name', async (c) => {
    const { name } = c.req.param()
    const isNew = !chooser.ownOf(whose(c)).includes(name)
    const scenario = await parts.addScenario(name, await c.req.text(), whose(c))
    return c.json({ ...told(scenario), isOwn: true }, isNew ? 201 : 200)
  })
  app.delete('/__simulator/scenarios/:name', (c) => {
    const { name } = c.req.param()
    if (chooser.remove(whose(c), name)) return c.body(null, 204)
    if (chooser.knownTo(whose(c)).some((one) => one.name === name))
      return problem(c, 409, 'Stays', `the scenario "${name}" is a file, and stays`)
    return refuse('UNKNOWN_SCENARIO', `there is no scenario "${name}"`)
  })
}

function told({ name, description, when }: Scenario) {
  const testCard = when?.card?.number
  return { name, description, ...(testCard !== undefined && { testCard }) }
}
