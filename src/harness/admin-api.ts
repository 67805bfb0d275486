import { SetupError } from '../errors.ts'
import type { JournalEntry } from '../journal.ts'
import type { Messages } from '../kept-messages.ts'
import { type Scenario, scenarioFile } from '../scenarios/schema.ts'

/** The admin API of a simulator, wherever it runs. Whatever it refuses is a mistake of the set-up. */
export type AdminApi = {
  /** Where the simulator is, without a slash at the end. */
  readonly url: string
  /** Names of the scenarios that may play, in name order. */
  scenarios(): Promise<readonly string[]>
  /** @throws {SetupError} there is none, or it is none for this version. */
  story(name: string): Promise<Scenario>
  /** @returns undefined where the consumer key is taken. */
  register(issuer: {
    readonly consumerKey: string
    readonly publicKey: string
    readonly seed: string
  }): Promise<{ readonly encryptionCertificate: string } | undefined>
  remove(consumerKey: string): Promise<void>
  /** @param yaml a scenario file, for this consumer key alone. */
  add(name: string, yaml: string, consumerKey: string): Promise<void>
  use(scenario: string, consumerKey: string): Promise<void>
  /** Lets the files decide again what plays, and forgets one that was added. */
  release(consumerKey: string, added?: string): Promise<void>
  /** Forgets pushes and journal. */
  reset(consumerKey: string): Promise<void>
  /** Who is meant where nobody is named. */
  defaultConsumerKey(): Promise<string>
  /** Nothing expires but by the scenario, and what tells a time tells the same in each run. */
  stopClock(consumerKey: string): Promise<void>
  /** @param consumerKey without it, of everybody. */
  journal(consumerKey?: string): Promise<readonly JournalEntry[]>
  /** With what was asked and answered in the newest exchanges. */
  exchanges(consumerKey?: string): Promise<readonly (JournalEntry & Partial<Messages>)[]>
}

/** @param url where the simulator is: `http://localhost:6337`. */
export function adminApi(url: string): AdminApi {
  async function call(method: string, path: string, body?: string): Promise<Response> {
    const target = `${url}/__simulator/${path}`
    const init = { method, ...(body !== undefined && { body }) }
    return fetch(target, init).catch((cause: Error) => {
      throw new SetupError(`${url}: ${unanswered(cause)}`, { cause })
    })
  }

  async function answer(method: string, path: string, body?: string): Promise<unknown> {
    const response = await call(method, path, body)
    const text = await response.text()
    if (response.ok) return parsed(text)
    const { detail = text } = (parsed(text) ?? {}) as { readonly detail?: string }
    throw new SetupError(`${url}: ${method} ${path.split('?')[0]} was refused: ${detail}`)
  }

  async function entries(path: string) {
    const journal = (await answer('GET', path)) as {
      readonly entries: readonly (JournalEntry & Partial<Messages>)[]
    }
    return journal.entries
  }

  const whose = (consumerKey: string) => `consumerKey=${encodeURIComponent(consumerKey)}`
  return {
    url,
    async scenarios() {
      const { scenarios } = (await answer('GET', 'scenarios')) as {
        readonly scenarios?: readonly { readonly name: string }[]
      }
      if (scenarios === undefined) throw new SetupError(`${url}: this is no simulator`)
      return scenarios.map(({ name }) => name)
    },
    async story(name) {
      const read = scenarioFile.safeParse(await answer('GET', `scenarios/${name}`))
      if (read.success) return read.data
      throw new SetupError(
        `${url}: the scenario "${name}" cannot be read here; is that simulator of another version?`,
        { cause: read.error },
      )
    },
    async register(issuer) {
      const response = await call('POST', 'issuers', JSON.stringify(issuer))
      if (response.status === 409) return undefined
      const made = parsed(await response.text()) as { readonly encryptionCertificate?: string }
      const { encryptionCertificate } = made ?? {}
      if (encryptionCertificate === undefined)
        throw new SetupError(
          `${url}: no issuer could be registered (HTTP ${response.status}); is that a simulator, and of this version?`,
        )
      return { encryptionCertificate }
    },
    async remove(consumerKey) {
      await answer('DELETE', `issuers?${whose(consumerKey)}`)
    },
    async add(name, yaml, consumerKey) {
      await answer('PUT', `scenarios/${name}?${whose(consumerKey)}`, yaml)
    },
    async use(scenario, consumerKey) {
      await answer('PUT', `scenario?${whose(consumerKey)}`, JSON.stringify({ scenario }))
    },
    async release(consumerKey, added) {
      await answer('DELETE', `scenario?${whose(consumerKey)}`)
      if (added !== undefined) await answer('DELETE', `scenarios/${added}?${whose(consumerKey)}`)
    },
    async reset(consumerKey) {
      await answer('POST', `reset?${whose(consumerKey)}`)
    },
    async defaultConsumerKey() {
      const { issuers = [] } = ((await answer('GET', 'issuers')) ?? {}) as {
        readonly issuers?: readonly { readonly consumerKey: string }[]
      }
      const [first] = issuers
      if (first === undefined) throw new SetupError(`${url}: this is no simulator`)
      return first.consumerKey
    },
    async stopClock(consumerKey) {
      await answer('PUT', `clock?${whose(consumerKey)}`, JSON.stringify({ frozen: true }))
    },
    journal: (consumerKey) =>
      entries(consumerKey === undefined ? 'journal' : `journal?${whose(consumerKey)}`),
    exchanges: (consumerKey) =>
      entries(`journal?messages=true${consumerKey === undefined ? '' : `&${whose(consumerKey)}`}`),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unanswered({ message, cause }: Error): string {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message
  return /CERT|SIGNATURE/.test(reason)
    ? `its certificate is by a CA that is not trusted here (${reason}). Run this with the environment variable NODE_EXTRA_CA_CERTS=FILE, the simulator's tlsCa`
    : `nobody answers (${reason}). Is the simulator running there?`
}
