import { test as base } from 'vitest'
import {
  type CardAccount,
  clickToPay,
  type IssuerProject,
  type PushAccepted,
  type PushRequest,
  type PushResult,
  push as pushTo,
} from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import type { Simulator, SimulatorOptions } from '../../src/simulator.ts'
import { dataDirectory } from './data-directory.ts'
import { createSimulator } from './simulator.ts'

/** A Friday noon. */
export const noon = new Date('2026-01-30T12:00:00Z')
export const callbackURL = 'https://partnerbank.com/tokenization-results'

export type PushOverrides = Partial<Omit<PushRequest, 'accounts'>> & {
  readonly card?: string
  readonly accounts?: readonly CardAccount[]
  readonly project?: Partial<IssuerProject>
}

/** The fixtures of a story: a simulator with its clock stopped at noon, and what an issuer and a browser do. */
type Story = {
  readonly options: SimulatorOptions
  readonly simulator: Simulator
  readonly project: IssuerProject
  readonly push: (overrides?: PushOverrides) => Promise<PushResult>
  /** A push that must be accepted. */
  readonly pushed: (overrides?: PushOverrides) => Promise<PushAccepted>
  /** Visits a URL as a browser does, without following where it is sent. */
  readonly visit: (url: string) => Promise<Response>
  /** Sends the form of a page, with the button that has this value. */
  readonly choose: (page: string, decision: string) => Promise<Response>
}

export const test = base.extend<Story>({
  options: {},
  simulator: async ({ options }, use) => {
    await use(await createSimulator({ data: dataDirectory, clock: noon, ...options }))
  },
  project: async ({ simulator }, use) => use(await projectOf(simulator)),
  push: async ({ project }, use) =>
    use((overrides) => pushTo(...pushArguments(project, overrides))),
  pushed: async ({ push }, use) => use(async (overrides) => accepted(await push(overrides))),
  visit: async ({ simulator }, use) => use((url) => simulator.fetch(new Request(url))),
  choose: async ({ simulator }, use) =>
    use(async (page, decision) =>
      withinThePage(await simulator.fetch(formOf(page, decision)), simulator.fetch),
    ),
})

/** The default issuer's project, calling the simulator without a socket. */
export async function projectOf({ keyring, fetch }: Simulator): Promise<IssuerProject> {
  return { ...(await readProject(keyring, 'http://localhost:6337')), fetch }
}

export function card(accountNumber = '5123456789012346', pushAccountId = 'card-1'): CardAccount {
  return {
    pushAccountId,
    fundingAccountData: { cardAccountData: { accountNumber, expiryMonth: '12', expiryYear: '39' } },
  }
}

export function pushArguments(
  project: IssuerProject,
  { project: other, card: number, ...overrides }: PushOverrides = {},
): [IssuerProject, PushRequest] {
  return [
    { ...project, ...other },
    {
      requestId: 'request-1',
      tokenRequestorId: clickToPay,
      accounts: [card(number)],
      signatureData: { callbackURL, locale: 'en_US' },
      ...overrides,
    },
  ]
}

export function accepted(result: PushResult): PushAccepted {
  if (!result.accepted) throw new Error(`the push was refused: ${result.text}`)
  return result
}

export function receiptOf({ pushAccountReceipts }: PushAccepted): string {
  return pushAccountReceipts[0]?.pushAccountReceipt ?? ''
}

/** Where a browser goes next by itself. */
export function locationOf({ headers }: Response): string {
  return headers.get('Location') ?? headers.get('Refresh')?.replace(/^[\d.]+; url=/, '') ?? ''
}

/** Follows from a form, or a page that goes on by itself, to where it leads, as long as that is Click to Pay's own. */
export async function withinThePage(
  response: Response,
  fetch: (request: Request) => Promise<Response>,
  base = 'http://localhost:6337',
): Promise<Response> {
  const next = locationOf(response)
  return next.startsWith('/provision')
    ? withinThePage(await fetch(new Request(new URL(next, base))), fetch, base)
    : response
}

/** What a browser would send for a button of the page's form, or of its bar. */
export function formOf(
  page: string,
  decision: string,
  base = 'http://localhost:6337',
  fields: Readonly<Record<string, string>> = {},
): Request {
  const plain = (text: string) =>
    text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1] ?? 'no form'
  const visit = /name="visit" value="([^"]*)"/.exec(page)?.[1] ?? 'no visit'
  return new Request(new URL(plain(action), base), {
    redirect: 'manual',
    method: 'POST',
    body: new URLSearchParams({ ...fields, visit, decision }),
  })
}
