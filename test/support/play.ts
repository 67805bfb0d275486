import { en } from '../../src/click-to-pay/messages/en.ts'
import { problemStatuses } from '../../src/click-to-pay/pages.ts'
import {
  type CardAccount,
  clickToPay,
  type IssuerProject,
  type PushRequest,
  push,
  redirectUrl,
} from '../../src/issuer/client.ts'
import { problemNames } from '../../src/scenarios/problem-names.ts'
import { callbackURL, card, formOf, withinThePage } from './journey.ts'

/** What an issuer and a cardholder's browser saw of one journey. */
export type Played = {
  /** Of each push, its HTTP status and reason codes, or what its connection died of. */
  readonly pushes: readonly string[]
  readonly receipts: readonly string[]
  /** `X-Simulator-Scenario` of the last push. */
  readonly chosen?: string | undefined
  readonly useCase?: 'receipt' | 'signature'
  /** How the page ended: a problem, the words of the last page, or what its connection died of. */
  readonly page?: string
  /** The titles of the pages that asked. */
  readonly asked?: readonly string[]
  /** What the bank is called with, without its own address; in order. */
  readonly callbacks: readonly string[]
  /** Seconds that the last page waits before it goes back. */
  readonly wait?: number
}

export type Journey = Partial<Pick<PushRequest, 'tokenRequestorId' | 'scenario'>> & {
  readonly cards?: readonly string[]
  /** Pushes until one is answered with receipts, at most this often. Default 3. */
  readonly attempts?: number
  /** How long to wait for an answer. Milliseconds. */
  readonly patience?: number
}

/** Plays a journey over HTTP, as an issuer that tries again after a failure and a cardholder who always goes on. */
export async function play(
  project: IssuerProject,
  {
    cards = ['5123456789012346'],
    tokenRequestorId = clickToPay,
    scenario,
    attempts = 3,
    patience = 10_000,
  }: Journey,
): Promise<Played> {
  const http = (url: string | Request, init?: RequestInit) =>
    fetch(new Request(url, { redirect: 'manual', signal: AbortSignal.timeout(patience), ...init }))
  const pushes: string[] = []
  const accounts: readonly CardAccount[] = cards.map((number, n) => card(number, `card-${n + 1}`))
  const signatureData = { callbackURL, locale: 'en_US' }
  const from: IssuerProject = { ...project, fetch: http }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const requestId = `request-${attempt + 1}`
    const order = {
      requestId,
      tokenRequestorId,
      accounts,
      signatureData,
      ...(scenario !== undefined && { scenario }),
    }
    const result = await push(from, order).catch(whyLost)
    if (typeof result === 'string') {
      pushes.push(result)
      continue
    }
    const chosen = result.response.headers.get('X-Simulator-Scenario') ?? undefined
    const errors = result.accepted
      ? result.pushAccountReceipts.flatMap((one) => one.errors ?? [])
      : result.errors
    pushes.push([result.response.status, ...errors.map(({ reasonCode }) => reasonCode)].join(' '))
    if (!result.accepted) {
      if (result.response.status === 200) return { pushes, receipts: [], chosen, callbacks: [] }
      continue
    }
    const useCase = result.signature === undefined ? 'receipt' : 'signature'
    const url = redirectUrl(
      result,
      useCase === 'signature' ? { useCase } : { useCase, ...signatureData },
    )
    return {
      pushes,
      receipts: result.pushAccountReceipts.flatMap((one) => one.pushAccountReceipt ?? []),
      chosen,
      useCase,
      ...(await browse(url, http)),
    }
  }
  return { pushes, receipts: [], callbacks: [] }
}

async function browse(
  url: string,
  http: (url: string | Request, init?: RequestInit) => Promise<Response>,
): Promise<Pick<Played, 'page' | 'asked' | 'callbacks' | 'wait'>> {
  const asked: string[] = []
  let visited = await http(url).catch(whyLost)
  for (;;) {
    if (typeof visited === 'string') return { page: visited, asked, callbacks: [] }
    visited = await withinThePage(visited, http, url)
    const location = visited.headers.get('Location')
    if (location !== null) return { asked, callbacks: [told(location)] }
    const page = await visited.text()
    const title = /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? ''
    const { status } = visited
    const problem = problemNames.find(
      (name) => problemStatuses[name] === status && en.problems[name].title === title,
    )
    if (problem !== undefined) return { page: problem, asked, callbacks: [] }
    const move = onward.find((one) => page.includes(`value="${one}"`))
    if (move === undefined) {
      const [, seconds, refreshed] =
        /^([\d.]+); url=(.*)$/.exec(visited.headers.get('Refresh') ?? '') ?? []
      const attribute = (pattern: RegExp) => pattern.exec(page)?.[1]?.replaceAll('&amp;', '&')
      const framed = attribute(/<iframe hidden sandbox src="([^"]*)"/)
      const back = refreshed ?? attribute(/<a class="back" href="([^"]*)"/)
      const callbacks = [framed, back].flatMap((one) => (one === undefined ? [] : [told(one)]))
      return {
        page: /<p>(.*?)<\/p>/.exec(page)?.[1] ?? '',
        asked,
        callbacks,
        ...(seconds !== undefined && { wait: Number(seconds) }),
      }
    }
    asked.push(title)
    visited = await http(filledForm(page, url, move)).catch(whyLost)
  }
}

/** The buttons that lead on; of two on one page the first is meant. */
const onward = ['BEGIN', 'CODE', 'SIGN_UP', 'ADD', 'METHOD', 'PROVED', 'LATER', 'PROFILE'] as const

/** The form of a screen as a cardholder fills it who always goes on. */
function filledForm(page: string, url: string, move: string): Request {
  return formOf(page, move, url, {
    // Somebody new each time.
    email: `${/name="visit" value="\d+-(\w+)"/.exec(page)?.[1]}@example.com`,
    dialCode: '1',
    mobile: '7181234567',
    consent: 'on',
    code: /<b id="one-time-code">(\d+)</.exec(page)?.[1] ?? '',
    method: /name="method" value="([\w-]+)" checked/.exec(page)?.[1] ?? '',
  })
}

/** @returns the query that came back. */
function told(location: string): string {
  if (!location.startsWith(callbackURL)) throw new Error(`goes to ${location}`)
  return location.slice(callbackURL.length)
}

function whyLost(error: unknown): string {
  const { message, name, cause } = error as Error & { cause?: { code?: string } }
  return cause?.code ?? (name === 'TimeoutError' ? name : message)
}
