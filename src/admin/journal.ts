import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { suggestion } from '../did-you-mean.ts'
import { refuse } from '../errors.ts'
import type { Journal, JournalEntry } from '../journal.ts'
import type { Ledger, Push } from '../ledger.ts'
import { httpArchive } from './har.ts'

export type JournalParts = {
  readonly version: string
  readonly journal: Journal
  readonly ledger: Ledger
  /** What `kind` may be asked for. */
  readonly kinds: readonly string[]
}

/** `/__simulator/journal`, `/__simulator/events` and `/__simulator/pushes/{receipt}`: what happened. */
export function journalRoutes(app: Hono, { version, journal, ledger, kinds }: JournalParts): void {
  app.get('/__simulator/journal', async (c) => {
    const wanted = filterOf(c, kinds)
    const consumerKey = c.req.query('consumerKey')
    const atLeast = numberOf(c, 'atLeast', 0, 1000)
    const timeout = numberOf(c, 'timeout', 5000, longestWait)
    const withMessages = truthOf(c, 'messages')
    await comeAbout(journal, { consumerKey, wanted, atLeast, timeout, left: c.req.raw.signal })
    const entries = (await journal.entries(consumerKey)).filter(wanted)
    return c.json({ entries: withMessages ? await journal.withMessages(entries) : entries })
  })

  app.get('/__simulator/journal.har', async (c) => {
    const wanted = filterOf(c, kinds)
    const entries = (await journal.entries(c.req.query('consumerKey'))).filter(wanted)
    const exchanges = await journal.withMessages(entries)
    return c.json(httpArchive(exchanges, new URL(c.req.url).origin, version))
  })

  app.get('/__simulator/events', (c) => {
    const wanted = filterOf(c, kinds)
    const consumerKey = c.req.query('consumerKey')
    const headers = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' }
    // Who asks for the headers only would never read, nor leave.
    if (c.req.method === 'HEAD') return c.body(null, 200, headers)
    const { signal } = c.req.raw
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
    return streamSSE(c, async (stream) => {
      const waiting: JournalEntry[] = []
      let wake = () => {}
      const stop = journal.listen((entry) => {
        if (!belongsTo(consumerKey, entry) || !wanted(entry)) return
        waiting.push(entry)
        // Who does not read is not waited for.
        if (waiting.length > mostWaiting) waiting.shift()
        wake()
      })
      const leave = () => wake()
      stream.onAbort(leave)
      signal.addEventListener('abort', leave)
      try {
        await stream.writeSSE({ event: 'open', data: '' })
        while (!stream.aborted && !stream.closed && !signal.aborted) {
          for (const entry of waiting.splice(0))
            await stream.writeSSE({
              id: String(entry.id),
              event: 'journal',
              data: JSON.stringify(entry),
            })
          if (waiting.length > 0) continue
          const isSilent = await new Promise<boolean>((resolve) => {
            const timer = setTimeout(() => resolve(true), heartbeatMs)
            wake = () => {
              clearTimeout(timer)
              resolve(false)
            }
          })
          if (isSilent) await stream.write(': still here\n\n')
        }
      } finally {
        stop()
        signal.removeEventListener('abort', leave)
      }
    })
  })

  app.get('/__simulator/pushes/:pushAccountReceipt', async (c) => {
    const { pushAccountReceipt } = c.req.param()
    const found = await ledger.find(pushAccountReceipt)
    const whose = c.req.query('consumerKey') ?? found?.consumerKey
    const push =
      (found?.consumerKey === whose ? found : undefined) ??
      refuse('UNKNOWN_RECEIPT', `${pushAccountReceipt} was not issued here, or is forgotten`)
    const entries = await journal.entries(push.consumerKey)
    return c.json({
      ...lifeOf(push),
      entries: entries.filter((one) => one.pushAccountReceipts?.includes(pushAccountReceipt)),
    })
  })
}

/** Milliseconds. */
const longestWait = 60_000
const heartbeatMs = 15_000
const mostWaiting = 1000

const belongsTo = (consumerKey: string | undefined, entry: JournalEntry) =>
  consumerKey === undefined || entry.consumerKey === consumerKey

type Awaited = {
  readonly consumerKey: string | undefined
  readonly wanted: (entry: JournalEntry) => boolean
  readonly atLeast: number
  /** Milliseconds. */
  readonly timeout: number
  /** Aborted when nobody is left to hear of it. */
  readonly left: AbortSignal
}

/** Resolves once there are so many entries, or when it is too late for them. */
async function comeAbout(
  journal: Journal,
  { consumerKey, wanted, atLeast, timeout, left }: Awaited,
): Promise<void> {
  let count = 0
  let done = () => {}
  // Listened for first, so that none comes in between unheard.
  const stop = journal.listen((entry) => {
    if (belongsTo(consumerKey, entry) && wanted(entry)) count += 1
    if (count >= atLeast) done()
  })
  const before = (await journal.entries(consumerKey)).filter(wanted).length
  // One that came while they were read may be counted twice, and is then waited for no more.
  count += before
  if (count < atLeast && !left.aborted)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeout)
      done = () => {
        clearTimeout(timer)
        resolve()
      }
      left.addEventListener('abort', () => done(), { once: true })
    })
  stop()
}

/** What is told of a push, besides what the journal has. */
function lifeOf({ choice, settlement, issuedAt, expiresAt, ...push }: Push) {
  const { scenario, by } = choice
  return {
    consumerKey: push.consumerKey,
    requestId: push.requestId,
    tokenRequestorId: push.tokenRequestorId,
    pushAccountId: push.pushAccountId,
    pushAccountReceipt: push.pushAccountReceipt,
    account: push.maskedAccount,
    scenario: { name: scenario.name, description: scenario.description, by },
    issuedAt: new Date(issuedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...(settlement !== undefined && {
      settledAt: new Date(settlement.at).toISOString(),
      status: settlement.result.status,
      tokenUniqueReference: settlement.result.tokenUniqueReference,
      duplicateOf: settlement.duplicateOf,
    }),
  }
}

/** What entries can be chosen by: `?with=leniencies` lists what passed here and may not pass at Mastercard. */
const journalParts = ['faults', 'leniencies', 'warnings'] as const

function filterOf(c: Context, kinds: readonly string[]): (entry: JournalEntry) => boolean {
  const wanted = c.req.query('with')
  const part = journalParts.find((name) => name === wanted)
  if (wanted !== undefined && part === undefined)
    refuse('BODY_INVALID', `with=${wanted}: expected ${journalParts.join(', ')}`)
  const { kind, requestId, receipt } = c.req.query()
  if (kind !== undefined && !kinds.includes(kind))
    refuse(
      'BODY_INVALID',
      `there is no kind "${kind}"${suggestion(kind, kinds)}; known are ${kinds.join(', ')}`,
    )
  return (entry) =>
    (part === undefined || (entry[part]?.length ?? 0) > 0) &&
    (kind === undefined || entry.kind === kind) &&
    (requestId === undefined || entry.requestId === requestId) &&
    (receipt === undefined || entry.pushAccountReceipts?.includes(receipt) === true)
}

function numberOf(c: Context, name: string, usual: number, maximum: number): number {
  const text = c.req.query(name)
  if (text === undefined) return usual
  const number = Number(text)
  if (!/^\d{1,9}$/.test(text) || number > maximum)
    refuse('BODY_INVALID', `${name}=${text}: expected 0 to ${maximum}`)
  return number
}

function truthOf(c: Context, name: string): boolean {
  const text = c.req.query(name) ?? 'false'
  if (text !== 'true' && text !== 'false')
    refuse('BODY_INVALID', `${name}=${text}: expected true or false`)
  return text === 'true'
}
