import {
  type CardAccount,
  type IssuerProject,
  type PushAccepted,
  type PushResult,
  push,
  redirectUrl,
  signed,
} from '../issuer/client.ts'
import { send } from '../issuer/signed-request.ts'
import { type Course, whyLost } from './exchange.ts'
import type { Plan } from './plan.ts'
import type { Eligibility, PushSeen, Redirect } from './seen.ts'

/** What came of the bank's part of a journey. */
export type Pushing = {
  readonly eligibility?: Eligibility
  readonly pushes: readonly PushSeen[]
  /** Absent where there is nothing to send the browser with. */
  readonly redirect?: Redirect | undefined
}

/** Plays the bank's backend: whatever pushes can stand in its place. */
export type Issuer = (
  plan: Plan,
  parts: {
    /** How the bank signs and encrypts, and where. */
    readonly project: Omit<IssuerProject, 'fetch'>
    readonly callbackURL: string
    readonly course: Course
    /** Told before each push. */
    readonly onPush: () => void
  },
) => Promise<Pushing>

/** A bank that tries again where that may help, and does not wait for it. */
export const builtInIssuer: Issuer = async (
  plan,
  { project: keys, callbackURL, course, onPush },
) => {
  const project: IssuerProject = {
    ...keys,
    fetch: (request) => course.call('issuer', 'token-connect', request, plan.patienceMs),
  }
  const eligibility = plan.asksWhoIsEligible ? await ask(plan, project, course) : undefined
  if (eligibility?.offers === false) return { eligibility, pushes: [] }

  const signatureData = { ...plan.signatureData, callbackURL }
  const pushes: PushSeen[] = []
  let answer: PushResult | undefined
  while (pushes.length < plan.attempts && mayTryAgain(pushes.at(-1))) {
    onPush()
    const result = await push(project, {
      requestId: `push-${pushes.length + 1}`,
      tokenRequestorId: plan.tokenRequestorId,
      accounts: accountsOf(plan),
      signatureData,
    }).catch(whyLost)
    answer = typeof result === 'string' ? undefined : result
    pushes.push({ ...seenOf(result), exchange: course.exchanges.length - 1 })
    const retryAfter = answer?.response.headers.get('Retry-After') ?? null
    if (retryAfter !== null)
      course.remark(`Retry-After: ${retryAfter} s, which is not waited for here.`)
  }
  return {
    ...(eligibility !== undefined && { eligibility }),
    pushes,
    ...(answer?.accepted && { redirect: sendBrowser(answer, plan, signatureData, course) }),
  }
}

/** @returns undefined without a receipt. */
function sendBrowser(
  answer: PushAccepted,
  plan: Plan,
  signatureData: Plan['signatureData'],
  course: Course,
): Redirect | undefined {
  if (!answer.pushAccountReceipts.some((one) => one.pushAccountReceipt !== undefined))
    return undefined
  const useCase = answer.signature === undefined ? 'receipt' : plan.useCase
  const url = redirectUrl(
    answer,
    useCase === 'signature' ? { useCase } : { useCase, ...signatureData },
  )
  course.note({
    from: 'issuer',
    to: 'browser',
    asks: `redirect, ${useCase} use case`,
    request: `The bank sends the browser to\n${url}`,
  })
  return {
    useCase,
    url,
    ...(answer.signature === undefined && { because: 'the answer to the push has no signature' }),
    exchange: course.exchanges.length - 1,
  }
}

/** Whether nothing was asked yet, or failed in a way that another try may not. */
function mayTryAgain({ status }: Pick<PushSeen, 'status'> = {}): boolean {
  return status === undefined || status === 408 || status === 429 || status >= 500
}

function accountsOf({ cards, accountHolderName }: Plan): readonly CardAccount[] {
  return cards.map((accountNumber, position) => ({
    pushAccountId: `card-${position + 1}`,
    fundingAccountData: {
      cardAccountData: { accountNumber, expiryMonth: '12', expiryYear: '39' },
      ...(accountHolderName !== undefined && { accountHolderData: { accountHolderName } }),
    },
  }))
}

/** @param result what was answered, or what the connection died of. */
function seenOf(result: PushResult | string): Omit<PushSeen, 'exchange'> {
  if (typeof result === 'string') return { lost: result, errors: [], receipts: [] }
  const { status, headers } = result.response
  const chosen = headers.get('X-Simulator-Scenario')
  const of = result.accepted ? result.pushAccountReceipts : []
  const errors = result.accepted ? of.flatMap((one) => one.errors ?? []) : result.errors
  return {
    status,
    errors: errors.map(({ reasonCode }) => reasonCode),
    receipts: of.flatMap(({ pushAccountReceipt }) => pushAccountReceipt ?? []),
    ...(chosen !== null && { chosen }),
  }
}

/** Asks MDES who takes the card, as often as a push is tried. */
async function ask(
  { cards: [card = ''], tokenRequestorId, attempts }: Plan,
  project: IssuerProject,
  course: Course,
): Promise<Eligibility> {
  for (let count = 1; ; count += 1) {
    const answer = await lookUp(`eligibility-${count}`, card.slice(0, 10), project)
    const exchange = course.exchanges.length - 1
    const seen: Eligibility =
      typeof answer === 'string'
        ? { lost: answer, offers: false, exchange }
        : { ...answer, offers: answer.takers.includes(tokenRequestorId), exchange }
    if (count >= attempts || !mayTryAgain(seen)) return seen
  }
}

/** @returns what the connection died of, where it did. */
async function lookUp(requestId: string, accountRange: string, project: IssuerProject) {
  const path = '/mdes/connect/1/0/getEligibleTokenRequestors'
  const body = JSON.stringify({ requestId, accountRanges: [accountRange] })
  const request = await signed(project, { path, body })
  try {
    const { response, text } = await send(project, request)
    const chosen = response.headers.get('X-Simulator-Scenario')
    const takers = [...text.matchAll(/"tokenRequestorId":"(\d+)"/g)].map(([, id = '']) => id)
    return { status: response.status, takers, ...(chosen !== null && { chosen }) }
  } catch (error) {
    return whyLost(error)
  }
}
