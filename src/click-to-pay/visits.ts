import { oneTimeCode } from '../keys/identifiers.ts'
import type { Screen } from './screens.ts'

/** A one-time code on its way: three attempts, fifteen minutes, the same one again when it is sent again (documented for the authentication service). */
export type PendingCode = {
  /** Six digits. */
  readonly digits: string
  readonly attemptsLeft: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** From 1; another one has other digits. */
  readonly generation: number
}

/** What a visit of the page has come to. */
export type VisitState = {
  readonly consumerKey: string
  readonly pushAccountReceipt: string
  /** Of the receipt; epoch milliseconds. Then nothing of the visit is kept. */
  readonly expiresAt: number
  readonly screen: Screen
  /** Where a cardholder who stays after all goes back to. */
  readonly before?: Screen | undefined
  /** Of the consumer at the page. */
  readonly email?: string
  /** Nobody typed the e-mail address: it is that of a scenario's consumer. */
  readonly isSample?: boolean
  readonly code?: PendingCode
}

export type VisitOwner = Pick<VisitState, 'consumerKey' | 'pushAccountReceipt' | 'expiresAt'>

/** What is left of a visit that begins anew, or is over. */
export function ownerOf({ consumerKey, pushAccountReceipt, expiresAt }: VisitState): VisitOwner {
  return { consumerKey, pushAccountReceipt, expiresAt }
}

/** A code that a visit waits for, as the admin API has it. */
export type WaitedFor = {
  readonly pushAccountReceipt: string
  readonly code: string
  readonly attemptsLeft: number
  /** ISO 8601. */
  readonly expiresAt: string
}

/** Visits under way, and the consumers that were met; in memory, and bounded. */
export type Visits = {
  find(visit: string): VisitState | undefined
  save(visit: string, state: VisitState): void
  /** Nothing is waited for any more, and nothing typed or filled in is kept. */
  close(visit: string): void
  /** The codes that are waited for, each with the receipt that the visit is about. */
  pendingCodes(consumerKey?: string): readonly WaitedFor[]
  /** Whether somebody with this e-mail address has been here. */
  knows(consumerKey: string, email: string): boolean
  learn(consumerKey: string, email: string): void
  /** The e-mail address that a device is remembered with. */
  remembered(cookie: string, consumerKey: string): string | undefined
  remember(cookie: string, consumerKey: string, email: string): void
  forgetDevice(cookie: string): void
  /** Forgets those of one consumer key, or all. */
  clear(consumerKey?: string): void
}

const codeLivesMs = 15 * 60_000
const attempts = 3

/** Another code for a visit. @param now epoch milliseconds. */
export function newCode(
  root: string,
  visit: string,
  now: number,
  before: PendingCode | undefined,
): PendingCode {
  const generation = (before?.generation ?? 0) + 1
  return {
    digits: oneTimeCode(root, visit, generation),
    attemptsLeft: attempts,
    expiresAt: now + codeLivesMs,
    generation,
  }
}

/** Whether a code may still be typed. */
export function isAlive({ attemptsLeft, expiresAt }: PendingCode, now: number): boolean {
  return attemptsLeft > 0 && now < expiresAt
}

/**
 * @param now epoch milliseconds, by the clock of this issuer.
 * @param limit kept of each kind; the oldest go first.
 */
export function memoryVisits(now: (consumerKey: string) => number, limit = 10_000): Visits {
  const states = new Map<string, VisitState>()
  /** Those that are over, which are no reason to forget others. */
  const ended = new Map<string, VisitState>()
  const consumers = new Map<string, { readonly consumerKey: string }>()
  const devices = new Map<string, { readonly consumerKey: string; readonly email: string }>()

  function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
    map.delete(key)
    map.set(key, value)
    const [oldest] = map.keys()
    if (map.size > limit && oldest !== undefined) map.delete(oldest)
  }
  /** What was typed or filled in is kept no longer than the receipt lives; the oldest stand first. */
  function forgetExpired(): void {
    for (const [visit, { consumerKey, expiresAt }] of states) {
      if (now(consumerKey) < expiresAt) break
      states.delete(visit)
    }
  }
  const name = (consumerKey: string, email: string) => `${consumerKey} ${email.toLowerCase()}`

  return {
    find: (visit) => states.get(visit) ?? ended.get(visit),
    save(visit, state) {
      forgetExpired()
      states.delete(visit)
      keep(state.screen.name === 'ended' ? ended : states, visit, state)
    },
    close(visit) {
      const state = states.get(visit)
      if (state === undefined) return
      states.delete(visit)
      keep(ended, visit, { ...ownerOf(state), screen: { name: 'ended' } })
    },
    pendingCodes: (consumerKey) =>
      [...states.values()].flatMap((state) => {
        const { code, pushAccountReceipt } = state
        const isAsked = consumerKey === undefined || state.consumerKey === consumerKey
        const at = now(state.consumerKey)
        if (code === undefined || !isAsked || !isAlive(code, at) || state.expiresAt <= at) return []
        const { digits, attemptsLeft, expiresAt } = code
        return [
          {
            pushAccountReceipt,
            code: digits,
            attemptsLeft,
            expiresAt: new Date(expiresAt).toISOString(),
          },
        ]
      }),
    knows: (consumerKey, email) => consumers.has(name(consumerKey, email)),
    learn: (consumerKey, email) => keep(consumers, name(consumerKey, email), { consumerKey }),
    remembered(cookie, consumerKey) {
      const device = devices.get(cookie)
      return device?.consumerKey === consumerKey ? device.email : undefined
    },
    forgetDevice: (cookie) => void devices.delete(cookie),
    remember: (cookie, consumerKey, email) => keep(devices, cookie, { consumerKey, email }),
    clear(consumerKey) {
      for (const map of [states, ended, consumers, devices])
        for (const [key, value] of map)
          if (consumerKey === undefined || value.consumerKey === consumerKey) map.delete(key)
    },
  }
}
