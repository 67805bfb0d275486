import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { contracts } from './pact.ts'

/** The parameters of the provider state `a card was pushed`. */
export type CardWasPushed = {
  readonly callbackURL: string
  readonly callbackPath: string
  readonly pushAccountReceipts: readonly string[]
  readonly results: readonly {
    readonly pushAccountReceipt: string
    readonly status: string
    readonly tokenUniqueReference?: string
  }[]
}

/** What a bank writes to have its callback endpoint verified. */
export type CallbackProvider = {
  /** Has the bank know of the push. */
  readonly setUp: (state: CardWasPushed) => void | Promise<void>
  /** @throws {Error} the bank took note of something else. */
  readonly tearDown?: (state: CardWasPushed) => void
  /** Where its endpoint is, unless where the contract has it. */
  readonly callbackPath?: string
  readonly visit: (url: string) => Response | Promise<Response>
}

export const callbackContract = join(contracts, 'click-to-pay-issuer-callback.json')

type Verified = {
  /** The descriptions of the interactions that were not kept, in the order of the file. */
  readonly broken: readonly string[]
  readonly interactions: number
  readonly report: string
  /** The paths and queries that the endpoint was called with. */
  readonly visits: readonly string[]
}

/** Verifies the contract of Click to Pay against a bank, with Pact's own verifier as any issuer would run it. */
export async function verifiedCallback({
  setUp,
  tearDown,
  callbackPath,
  visit,
}: CallbackProvider): Promise<Verified> {
  const visits: string[] = []

  async function changeState(body: object): Promise<Response> {
    const { action, params } = body as { readonly action: string; readonly params: CardWasPushed }
    try {
      await (action === 'setup' ? setUp : tearDown)?.(params)
    } catch (error) {
      // Pact tries again after a 5xx.
      return Response.json({ message: (error as Error).message }, { status: 409 })
    }
    return Response.json(callbackPath === undefined ? {} : { callbackPath })
  }

  async function answered(path: string): Promise<Response> {
    visits.push(path)
    try {
      return await visit(path)
    } catch {
      return new Response(null, { status: 500 })
    }
  }

  const server = createServer(async (request, response) => {
    const { url = '' } = request
    const answer =
      url === '/provider-states'
        ? await changeState((await json(request)) as object)
        : await answered(url)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const verified = await verifiedByPact({
      providerBaseUrl: url,
      providerStatesSetupUrl: `${url}/provider-states`,
      pactUrls: [callbackContract],
    })
    return { ...verified, visits }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** In a process of its own: it prints, and obeys the environment. */
async function verifiedByPact(options: object): Promise<Omit<Verified, 'visits'>> {
  const core = createRequire(import.meta.url).resolve('@pact-foundation/pact-core')
  const program = `
    const { default: pact } = require(${JSON.stringify(core)})
    const answer = (results) => process.send(results)
    const verify = async () => pact.verifyPacts(${JSON.stringify({ logLevel: 'error', ...options })})
    verify().then(answer, (error) => answer(error.message))`
  const child = fork('verifier', {
    execArgv: ['--eval', program],
    env: { PACT_DO_NOT_TRACK: 'true', NO_PROXY: 'localhost,127.0.0.1' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [[answer]] = await Promise.all([once(child, 'message'), once(child, 'close')])
  const results = typeof answer === 'string' ? JSON.parse(answer) : answer
  const all = results.interactionResults as { description: string; result: string }[]
  return {
    broken: all.filter(({ result }) => result !== 'OK').map(({ description }) => description),
    interactions: all.length,
    report: results.output.map(stripVTControlCharacters).join('\n'),
  }
}
