import type { JournalEntry } from '../journal.ts'
import type { Messages } from '../kept-messages.ts'
import type { AdminApi } from './admin-api.ts'
import type { Course } from './exchange.ts'
import { inWords, sentence } from './explained.ts'
import { messageText } from './masked-message.ts'
import type { Eligibility, PushSeen } from './seen.ts'

/** What the simulator hears of an application during one journey. */
export type ApplicationJournal = {
  /** Takes note of the calls that came since the last time. */
  catchUp(): Promise<void>
  readonly entries: readonly JournalEntry[]
  /** Addresses of Click to Pay that it was told. */
  readonly told: ReadonlySet<string>
  readonly pushes: readonly PushSeen[]
  /** The last of who is eligible. */
  readonly lookup: { readonly entry: JournalEntry; readonly seen: Eligibility } | undefined
}

const pushKinds = new Set(['pushMultipleAccounts', 'pushAccount'])

export function applicationJournal(
  admin: AdminApi,
  consumerKey: string,
  course: Course,
): ApplicationJournal {
  let entries: readonly JournalEntry[] = []
  const pushes: PushSeen[] = []
  const told = new Set<string>()
  let lookup: ApplicationJournal['lookup']
  let noted = 0

  function note(entry: JournalEntry & Partial<Messages>): void {
    const { method, url, status, kind, request, response, transport: lost } = entry
    const [path = ''] = url.split('?')
    const asked = `${method} ${admin.url}${url}`
    course.note({
      from: 'issuer',
      to: 'token-connect',
      method,
      path,
      status,
      asks: `${method} ${kind}`,
      answers: lost ?? `${status}, ${answeredInShort(entry)}`,
      ...(lost !== undefined && { lost }),
      // In a journey of more calls than the simulator keeps, the first are without.
      request: request === undefined ? asked : messageText(asked, request),
      ...(response !== undefined &&
        lost === undefined && { response: messageText(`HTTP ${status}`, response) }),
    })
    for (const [, uri = ''] of response?.body?.matchAll(/"uri":"([^"]*)"/g) ?? []) told.add(uri)
    if (pushKinds.has(kind)) pushes.push(pushSeen(entry, course.exchanges.length - 1))
    if (kind === 'getEligibleTokenRequestors')
      lookup = { entry, seen: eligibilitySeen(entry, course.exchanges.length - 1) }
  }

  return {
    pushes,
    told,
    get entries() {
      return entries
    },
    get lookup() {
      return lookup
    },
    async catchUp() {
      const exchanges = await admin.exchanges(consumerKey)
      entries = exchanges
      for (const entry of exchanges.filter(({ id, url }) => id > noted && url.startsWith('/mdes/')))
        note(entry)
      noted = entries.at(-1)?.id ?? noted
    },
  }
}

function answeredInShort(entry: JournalEntry): string {
  const { kind, pushAccountReceipts = [] } = entry
  const codes = codesOf(entry).join(', ')
  if (!pushKinds.has(kind)) return codes || 'answered'
  const count = pushAccountReceipts.length
  return codes || `${count} ${count === 1 ? 'receipt' : 'receipts'}`
}

/** What a scenario has against one account, the journal has in its sentence only. */
function codesOf({ faults = [], pushAccountReceipts = [], summary }: JournalEntry) {
  if (faults.length > 0 || pushAccountReceipts.length > 0) return faults.map(({ code }) => code)
  return summary.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []
}

function pushSeen(entry: JournalEntry & Partial<Messages>, exchange: number): PushSeen {
  const { status, transport, pushAccountReceipts = [], scenario, response } = entry
  const retryAfter = response?.headers.find(({ name }) => /^retry-after$/i.test(name))?.value
  return {
    ...(transport === undefined ? { status } : { lost: transport }),
    errors: codesOf(entry),
    receipts: pushAccountReceipts,
    ...(scenario !== undefined && { chosen: scenario }),
    at: Date.parse(entry.at),
    ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
    exchange,
  }
}

/** Of one that keeps the card from being pushed. */
function eligibilitySeen(
  { status, transport, scenario }: JournalEntry,
  exchange: number,
): Eligibility {
  return {
    ...(transport === undefined ? { status } : { lost: transport }),
    offers: false,
    ...(scenario !== undefined && { chosen: scenario }),
    exchange,
  }
}

/** Why nothing is known of an application's pushes. */
export type WhyNoPush = {
  readonly because: string
  /** Whether it is about the application beyond doubt: the call had its consumer key. */
  readonly isCertain: boolean
}

/**
 * Looks for calls that are refused, nobody's, or somebody else's.
 *
 * @param since the last entry of before.
 */
export function whyNoPush(
  entries: readonly (JournalEntry & Partial<Messages>)[],
  consumerKey: string,
  since: number,
): WhyNoPush | undefined {
  const calls = entries.filter(({ id, url }) => id > since && url.startsWith('/mdes/'))
  const refused = calls.filter(({ faults }) => faults !== undefined)
  const own = refused.find((one) => (one.consumerKey ?? claimedBy(one)) === consumerKey)
  const [fault] = own?.faults ?? []
  if (own !== undefined && fault !== undefined)
    return {
      because:
        own.consumerKey === undefined
          ? `a call came that was refused, and is nobody's until it is signed well. ${inWords(fault)}`
          : `its call ${own.kind} was refused. ${inWords(fault)}`,
      isCertain: true,
    }
  const other = calls.find((one) => (one.consumerKey ?? consumerKey) !== consumerKey)?.consumerKey
  if (other !== undefined)
    return {
      because: `a call came with another consumer key. ${sentence(`if that is the application, say --consumer-key '${other}'`)}`,
      isCertain: false,
    }
  const [nobodys] = refused.find((one) => one.consumerKey === undefined)?.faults ?? []
  return nobodys === undefined
    ? undefined
    : {
        because: `a call came that was refused, and is nobody's until it is signed well; it may be the application's. ${inWords(nobodys)}`,
        isCertain: false,
      }
}

/** What a call that is not signed well says whose it is. */
function claimedBy({ request }: Partial<Messages>): string | undefined {
  const authorization = request?.headers.find(({ name }) => /^authorization$/i.test(name))?.value
  return /oauth_consumer_key="([^"]*)"/.exec(authorization ?? '')?.[1]?.replace('%21', '!')
}
