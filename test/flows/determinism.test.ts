import { expect, test } from 'vitest'
import { pushRequest, push as pushTo, redirectUrl } from '../../src/issuer/client.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { accepted, formOf, noon, projectOf, pushArguments } from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'

const seeded = { data: dataDirectory, seed: '42', clock: noon }

/** The bytes of an answer, `Date` aside. */
async function bytes(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => name !== 'date')
  return JSON.stringify([response.status, headers, await response.text()])
}

/** Three journeys, one of them refused; the very same requests for each simulator. */
async function run(simulator: Simulator, requests: readonly Request[]): Promise<readonly string[]> {
  const answers: string[] = []
  for (const request of requests) {
    const response = await simulator.fetch(request.clone() as Request)
    answers.push(await bytes(response.clone() as Response))
    const { signature } = (await response.json()) as { signature?: string }
    if (signature === undefined) continue
    const page = await simulator.fetch(
      new Request(`http://localhost:6337/provision?pushAccountData=${signature}&extFlow=true`),
    )
    const html = await page.clone().text()
    answers.push(await bytes(page))
    if (html.includes('<form'))
      answers.push(await bytes(await simulator.fetch(formOf(html, 'APPROVED'))))
  }
  answers.push(JSON.stringify(await simulator.journal.entries()))
  return answers
}

test('with the same seed, clock and keys, the same requests get byte-identical answers', async () => {
  const [one, two] = [await createSimulator(seeded), await createSimulator(seeded)]
  const project = await projectOf(one)
  const requests = [
    await pushRequest(...pushArguments(project, { scenario: 'ask' })),
    await pushRequest(...pushArguments(project, { card: '4111111111111111' })),
    await pushRequest(...pushArguments(project, { scenario: 'approved', requestId: 'request-2' })),
  ]

  const first = await run(one, requests)

  expect(first.length).toBe(7)
  expect(await run(two, requests)).toEqual(first)
})

test('another seed gives other identifiers, and none gives new ones each time', async () => {
  const receipts = await Promise.all(
    [{ ...seeded, seed: '43' }, seeded, { data: dataDirectory }, { data: dataDirectory }].map(
      async (options) => {
        const simulator = await createSimulator(options)
        return accepted(await pushTo(...pushArguments(await projectOf(simulator))))
          .pushAccountReceipts[0]?.pushAccountReceipt
      },
    ),
  )
  expect(new Set(receipts).size).toBe(4)
})

test('a reset begins the seeded identifiers anew', async () => {
  const simulator = await createSimulator(seeded)
  const project = await projectOf(simulator)
  const receipt = async () => accepted(await pushTo(...pushArguments(project))).pushAccountReceipts
  const first = await receipt()
  expect(await receipt()).not.toEqual(first)
  await simulator.reset()
  expect(await receipt()).toEqual(first)
})

test('a frozen virtual clock does not stop the OAuth window, which follows the machine', async () => {
  const simulator = await createSimulator({
    data: dataDirectory,
    clock: new Date('2001-01-01T00:00:00Z'),
  })
  const push = accepted(await pushTo(...pushArguments(await projectOf(simulator))))
  expect(redirectUrl(push, { useCase: 'signature' })).toContain('pushAccountData=')
  expect((await simulator.journal.entries())[0]?.at).toBe('2001-01-01T00:00:00.000Z')
})
