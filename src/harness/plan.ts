import { hasCheckDigit } from '../card-number.ts'
import { clickToPay, type SignatureData } from '../issuer/client.ts'
import type { Delay, Scenario } from '../scenarios/schema.ts'

/** What a bank does to bring a scenario about: it follows from the scenario. */
export type Plan = {
  /** Valid card numbers, an account each. */
  readonly cards: readonly string[]
  readonly accountHolderName?: string
  readonly tokenRequestorId: string
  readonly signatureData: SignatureData & { readonly locale: string }
  /** How the browser is sent, where the push has a signature. */
  readonly useCase: 'receipt' | 'signature'
  readonly asksWhoIsEligible: boolean
  /** The most that the bank pushes. */
  readonly attempts: number
  /** How long the bank waits for an answer. Milliseconds. */
  readonly patienceMs: number
  /** How long the cardholder waits for a page. Milliseconds. */
  readonly pagePatienceMs: number
}

/** Takes several cards, and has a page in the simulator. */
const wallet = '50170000001'

/** Tells no story of its own. */
const everydayCard = '5123456789012346'

const usualAttempts = 3
const usualPatienceMs = 10_000
/** When the story never answers: nothing is to be missed by not waiting. */
const shortPatienceMs = 1500

/** The plan of a bank that does as the scenario expects of it, wherever that is for the bank to choose. */
export function planOf({
  when = {},
  gateway,
  eligibility,
  push,
  provision,
  callback,
  expect,
}: Scenario): Plan {
  const accounts = Math.max(
    1,
    Array.isArray(provision?.outcome) ? provision.outcome.length : 0,
    push?.accounts?.length ?? 0,
    // One with a receipt of its own takes no account.
    (callback?.results?.findLastIndex(({ receipt }) => receipt === undefined) ?? -1) + 1,
  )
  const { useCase, parameters = {} } = expect?.redirect ?? {}
  const isPlain = Object.keys(parameters).some((name) => !signedParameters.has(name))
  const flag = (name: string) =>
    parameters[name] === undefined ? {} : { [name]: parameters[name] === 'true' }
  return {
    cards: cardNumbers(when.card, accounts),
    ...(when.accountHolderName !== undefined && { accountHolderName: when.accountHolderName }),
    tokenRequestorId: when.tokenRequestorId ?? (accounts > 1 ? wallet : clickToPay),
    signatureData: {
      locale: when.locale ?? parameters.locale ?? 'en_US',
      accountHolderDataSupplied: when.accountHolderName !== undefined,
      ...flag('completeIssuerAppActivation'),
      ...flag('completeWebsiteActivation'),
    },
    useCase: useCase ?? (isPlain ? 'receipt' : 'signature'),
    asksWhoIsEligible: eligibility !== undefined,
    attempts: expect?.pushes ?? usualAttempts,
    patienceMs: patience([gateway, push]),
    pagePatienceMs: patience([provision]),
  }
}

const signedParameters = new Set(['pushAccountData', 'extFlow'])

type Stage = { readonly delay?: Delay | undefined; readonly transport?: string | undefined }

function patience(stages: readonly (Stage | undefined)[]): number {
  if (!stages.some((stage) => stage?.transport === 'timeout')) return usualPatienceMs
  const slow = stages.map(({ delay = 0 } = {}) => (typeof delay === 'number' ? delay : delay[1]))
  return Math.min(
    usualPatienceMs,
    slow.reduce((sum, delayMs) => sum + delayMs, shortPatienceMs),
  )
}

type Card = NonNullable<NonNullable<Scenario['when']>['card']>

/** The first is the one that the scenario is about. */
function cardNumbers(card: Card | undefined, count: number): readonly string[] {
  const first = card === undefined ? everydayCard : (card.number ?? validNumber(card, []))
  const numbers = [first]
  while (numbers.length < count) numbers.push(validNumber({}, numbers))
  return numbers
}

const testRange = '5123456789'
const usualLength = 16
const longest = 19

/** A number with a right check digit that begins and ends so, where there are such; else one without. */
function validNumber(
  { startsWith, endsWith = '' }: Pick<Card, 'startsWith' | 'endsWith'>,
  taken: readonly string[],
): string {
  const start = startsWith ?? testRange.slice(0, Math.max(0, longest - 1 - endsWith.length))
  const given = start.length + endsWith.length
  const free = Math.max(usualLength, Math.min(given + 1, longest)) - given
  for (let filling = 0; filling < 10 ** Math.min(Math.max(free, 0), 6); filling += 1) {
    const number = start + (free > 0 ? String(filling).padStart(free, '0') : '') + endsWith
    if (hasCheckDigit(number) && !taken.includes(number)) return number
  }
  return start + endsWith
}
