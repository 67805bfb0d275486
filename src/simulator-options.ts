import { type Assumptions, assumptionProblems } from './assumptions.ts'
import { SetupError } from './errors.ts'
import type { JournalEntry } from './journal.ts'
import type { Issuer } from './keys/request-signature.ts'
import { checkMembers, listOf, map, type Shape, text, trueOrFalse } from './option-members.ts'

export type SimulatorOptions = {
  /** Data directory with the keys, made when missing. Default `.mdes-simulator` in the working directory. */
  readonly data?: string
  /** Folders of scenario files beside the built-in ones; the same name in a later folder overrides. */
  readonly scenarios?: readonly string[]
  /** The scenario that plays when nothing else chooses one. Default `approved`. */
  readonly scenario?: string
  /** Accepts unsigned and unencrypted requests. Each such answer says so in the journal. */
  readonly relaxed?: boolean
  /** Refuses what is otherwise accepted on an assumption, and noted as a leniency. */
  readonly pedantic?: boolean
  /** Other answers where Mastercard's documentation is silent or conflicts. */
  readonly assumptions?: Partial<Assumptions>
  /** Where cardholders' browsers reach the simulator. Default: where {@link serve} listens. */
  readonly publicUrl?: string
  /** Makes all identifiers repeatable; without it they are random. */
  readonly seed?: string | number
  /** Freezes the virtual clock at this moment. */
  readonly clock?: Date
  /** Lets whoever knows it call the admin API from anywhere, by `Authorization: Bearer ...`; nobody else may call then. At least 16 characters. */
  readonly adminToken?: string
  /** Issuers beside the default one of the data directory. */
  readonly issuers?: readonly Issuer[]
  /** How far `oauth_timestamp` may be from the machine's clock. Default 300. */
  readonly timestampWindowSeconds?: number
  /** How long a nonce is remembered. Default: as long as its timestamp is accepted. */
  readonly nonceMemorySeconds?: number
  /** Told of each journal entry as it is written. */
  readonly onJournalEntry?: (entry: JournalEntry) => void
}

/** The URI of a push method has at most 128 characters, and `/provision/` with a token requestor's id is 22 of them. */
const maximumPublicUrl = 106

/** @returns the origin, so that `/provision` can follow. */
export function checkedPublicUrl(text: string): string {
  const url = text.replace(/\/$/, '')
  if (
    !URL.canParse(url) ||
    new URL(url).origin !== url ||
    !/^https?:/.test(url) ||
    url.length > maximumPublicUrl
  )
    throw new SetupError(
      `public URL ${JSON.stringify(text)}: expected http:// or https:// and a host in lower case, no path, at most ${maximumPublicUrl} characters; such as https://click-to-pay.test`,
    )
  return url
}

const number: Shape = { expected: '1 to 86400', fits: (value) => typeof value === 'number' }

export const optionShapes = {
  data: text('the path of a folder'),
  scenarios: listOf('folders', (folder) => typeof folder === 'string'),
  scenario: text('the name of a scenario'),
  relaxed: trueOrFalse,
  pedantic: trueOrFalse,
  assumptions: map,
  publicUrl: text('a URL'),
  seed: {
    expected: 'a text or a number',
    fits: (value) => typeof value === 'string' || typeof value === 'number',
  },
  clock: {
    expected: 'a date that exists',
    fits: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  },
  adminToken: {
    expected: '16 to 256 visible characters',
    fits: (value) => typeof value === 'string' && /^[\x21-\x7e]{16,256}$/.test(value),
  },
  issuers: listOf('issuers'),
  timestampWindowSeconds: number,
  nonceMemorySeconds: number,
  onJournalEntry: { expected: 'a function', fits: (value) => typeof value === 'function' },
} as const satisfies Readonly<Record<keyof SimulatorOptions, Shape>>

/** What types rule out and JavaScript lets through. */
export function checkOptions(options: SimulatorOptions): void {
  checkMembers('createSimulator', options, optionShapes)
  const { timestampWindowSeconds, nonceMemorySeconds, relaxed, pedantic, issuers } = options
  const { assumptions: chosen = {} } = options
  for (const problem of assumptionProblems(chosen)) throw new SetupError(problem)
  if (relaxed && pedantic) throw new SetupError('relaxed and pedantic are opposites: choose one')
  for (const [position, issuer] of (issuers ?? []).entries())
    if (!isIssuer(issuer))
      throw new SetupError(
        `issuers[${position}]: expected consumerKey (97 characters: client id, "!", key id) and publicKey (a KeyObject)`,
      )
  for (const [name, seconds] of Object.entries({ timestampWindowSeconds, nonceMemorySeconds }))
    if (seconds !== undefined && !(seconds >= 1 && seconds <= 86_400))
      throw new SetupError(`${name}: expected 1 to 86400, not ${seconds}`)
}

function isIssuer(issuer: Partial<Issuer> | null): boolean {
  return (
    /^[^!\s]{48}![^!\s]{48}$/.test(issuer?.consumerKey ?? '') &&
    issuer?.publicKey?.type === 'public'
  )
}
