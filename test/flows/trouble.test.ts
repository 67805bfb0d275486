import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { type IssuerProject, push as pushTo, redirectUrl } from '../../src/issuer/client.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { accepted, noon, projectOf, pushArguments } from '../support/journey.ts'
import { test as base } from '../support/temporary-folder.ts'

/*
 * What a scenario does to the way an answer takes, in process: `fetch` rejects as it does over HTTP.
 */

type Setup = { readonly simulator: Simulator; readonly project: IssuerProject }

const test = base.extend<{
  /** A simulator with one scenario of these sections, in use. */
  playing: (sections: string, options?: SimulatorOptions) => Promise<Setup>
}>({
  playing: async ({ folder }, use) =>
    use(async (sections, options) => {
      const text = `name: story\ndescription: A story.\n${sections}\n`
      await writeFile(join(folder, 'story.yaml'), text)
      // Broken answers are no answers of the API, so they are not compared with its description.
      const simulator = await createSimulator({
        data: dataDirectory,
        clock: noon,
        scenarios: [folder],
        ...options,
      })
      simulator.use('story')
      return { simulator, project: await projectOf(simulator) }
    }),
})

const whyLost = (error: unknown) => {
  const { message, cause } = error as Error & { cause?: { code?: string } }
  return `${message}: ${cause?.code}`
}

const entries = async ({ journal }: Simulator) =>
  (await journal.entries()).map(({ kind, status, transport, delayMs, summary }) => ({
    kind,
    status,
    transport,
    delayMs,
    summary: summary.replace(/MCC-\S+/g, 'RECEIPT'),
  }))

describe('push.transport: the push is carried out, and its answer lost', () => {
  test.for([
    ['reset', 'fetch failed: ECONNRESET'],
    ['truncated', 'terminated: UND_ERR_SOCKET'],
  ])('%s', async ([transport, why], { playing }) => {
    const { simulator, project } = await playing(`push: { transport: ${transport} }`)
    await expect(pushTo(...pushArguments(project)).catch(whyLost)).resolves.toBe(why)
    expect(await entries(simulator)).toEqual([
      {
        kind: 'pushMultipleAccounts',
        status: 200,
        transport,
        delayMs: undefined,
        summary: 'gave RECEIPT for 512345******2346',
      },
    ])
  })

  test('garbage: an answer that is none', async ({ playing }) => {
    const { project } = await playing('push: { transport: garbage }')
    const { accepted, response, text } = await pushTo(...pushArguments(project))
    expect([accepted, response.status]).toEqual([false, 200])
    expect(response.headers.get('Content-Type')).toMatch(/^application\/json/)
    expect(() => JSON.parse(text)).toThrow()
  })

  test('timeout: until the caller gives up, and then with its reason', async ({ playing }) => {
    const { simulator, project } = await playing('push: { transport: timeout }')
    const giveUp = new AbortController()
    const fetch = (request: Request) =>
      simulator.fetch(new Request(request, { signal: giveUp.signal }))
    const answer = pushTo(...pushArguments({ ...project, fetch })).catch(
      (error: Error) => error.message,
    )
    await expect.poll(() => entries(simulator)).toHaveLength(1)
    giveUp.abort(new Error('no patience'))
    expect(await answer).toBe('no patience')
  })
})

describe('gateway.transport: the call is not carried out', () => {
  test('reset, once; then as usual', async ({ playing }) => {
    const { simulator, project } = await playing('gateway: { transport: reset, times: 1 }')
    const first = await pushTo(...pushArguments(project)).catch(whyLost)
    expect(first).toBe('fetch failed: ECONNRESET')
    accepted(await pushTo(...pushArguments(project)))
    expect(await entries(simulator)).toMatchObject([
      {
        status: 0,
        transport: 'reset',
        summary: 'is lost on its way in, as the scenario says, and not carried out',
      },
      { status: 200, summary: 'gave RECEIPT for 512345******2346' },
    ])
  })

  test("truncated, without a status: the operation's answer is cut", async ({ playing }) => {
    const { project } = await playing('gateway: { transport: truncated }')
    const why = await pushTo(...pushArguments(project)).catch(whyLost)
    expect(why).toBe('terminated: UND_ERR_SOCKET')
  })

  test("garbage, with a status: the gateway's own answer is unreadable", async ({ playing }) => {
    const { project } = await playing('gateway: { status: 503, transport: garbage }')
    const { response, text } = await pushTo(...pushArguments(project))
    expect(response.status).toBe(503)
    expect(() => JSON.parse(text)).toThrow()
  })
})

describe('provision.transport: nothing is decided', () => {
  test('the page breaks each time, and the receipt stays good', async ({ playing }) => {
    const { simulator, project } = await playing('provision: { transport: reset }')
    const url = redirectUrl(accepted(await pushTo(...pushArguments(project))), {
      useCase: 'signature',
    })
    const visit = () => simulator.fetch(new Request(url)).catch(whyLost)
    expect([await visit(), await visit()]).toEqual(Array(2).fill('fetch failed: ECONNRESET'))
  })
})

describe('delays', () => {
  const delayed = 'push: { delay: [5, 50] }\ngateway: { delay: [1, 20] }\nprovision: { delay: 5 }'

  async function drawn({ simulator, project }: Setup): Promise<readonly (number | undefined)[]> {
    for (let n = 0; n < 3; n += 1) await pushTo(...pushArguments(project))
    return (await entries(simulator)).map(({ delayMs }) => delayMs)
  }

  test('are drawn from their range, with a seed the same ones again', async ({ playing }) => {
    const first = await drawn(await playing(delayed, { seed: 'one' }))
    const again = await drawn(await playing(delayed, { seed: 'one' }))
    const other = await drawn(await playing(delayed, { seed: 'two' }))
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first).size).toBeGreaterThan(1)
    for (const delayMs of [...first, ...other]) {
      expect(delayMs).toBeGreaterThanOrEqual(6)
      expect(delayMs).toBeLessThanOrEqual(70)
    }
  })

  test('hold back the page too', async ({ playing }) => {
    const { simulator, project } = await playing('provision: { delay: 5 }')
    const url = redirectUrl(accepted(await pushTo(...pushArguments(project))), {
      useCase: 'signature',
    })
    expect((await simulator.fetch(new Request(url))).status).toBe(303)
    expect((await entries(simulator))[1]).toMatchObject({ status: 303, delayMs: 5 })
  })

  test('of the page: for a cardholder who does not wait nothing is decided', async ({
    playing,
  }) => {
    const { simulator, project } = await playing('provision: { delay: 600000 }')
    const url = redirectUrl(accepted(await pushTo(...pushArguments(project))), {
      useCase: 'signature',
    })
    const goneAway = new AbortController()
    const visit = simulator.fetch(new Request(url, { signal: goneAway.signal }))
    goneAway.abort(new Error('gone'))
    await expect(visit).rejects.toThrow('gone')
    expect(await entries(simulator)).toHaveLength(1)
  })
})

describe('what a scenario has done is not blamed on the bank', () => {
  test.for<[string, string]>([
    ['push: { signature: tampered }', 'push.signature: tampered'],
    ['push: { signature: unknown-kid }', 'push.signature: unknown-kid'],
    ['push: { receipt: { state: used } }', 'push.receipt.state: used'],
    ['push: { receipt: { state: expired } }', 'push.receipt.state: expired'],
  ])('%s', async ([sections, script], { playing }) => {
    const { simulator, project } = await playing(sections)
    const push = accepted(await pushTo(...pushArguments(project)))
    await simulator.fetch(new Request(redirectUrl(push, { useCase: 'signature' })))
    expect((await simulator.journal.entries()).at(-1)).toMatchObject({
      scenario: 'story',
      faults: [
        {
          explanation: {
            causes: [
              {
                code: 'SCENARIO_SAYS_SO',
                because: `the scenario story has ${script}`,
                proven: true,
              },
            ],
          },
        },
      ],
    })
  })

  test('errors that it asks for are faults in the journal, and follow assumptions.errorStatus', async ({
    playing,
  }) => {
    const { simulator, project } = await playing(
      'push: { errors: [{ source: MDES, reasonCode: AUTHORIZATION_FAILED }] }',
      { assumptions: { errorStatus: 400 } },
    )
    const { response } = await pushTo(...pushArguments(project))
    expect(response.status).toBe(400)
    expect(await simulator.journal.entries()).toMatchObject([
      {
        status: 400,
        faults: [{ code: 'AUTHORIZATION_FAILED', because: 'the scenario story has push.errors' }],
      },
    ])
  })
})
