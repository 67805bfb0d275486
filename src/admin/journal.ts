import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { refuse } from '../errors.ts'
import type { Journal, JournalEntry } from '../journal.ts'
import type { Ledger, Push } from '../ledger.ts'
import { httpArchive } from './har.ts'

export type JournalParts = {
  readonly version: string
  readonly journal: Journal
  readonly ledger: Ledger
}

/** `/__simulator/journal`, `/__simulator/events` and `/__simulator/pushes/{receipt}`: what happened. */
export function journalRoutes(app: Hono, { version, journal, ledger }: JournalParts): void {
  app.get('/__simulator/journal', async (c) => {
    const wanted = filterOf(c)
    const consumerKey = c.req.query('consumerKey')
    const atLeast = numberOf(c, 'atLeast', 0, 1000)
    const timeout = numberOf(c, 'timeout', 5000, longestWait)
    const found = async () => (await journal.entries(consumerKey)).filter(wanted)
    const deadline = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(timeout)])
    let entries = await found()
    while (entries.length < atLeast && !deadline.aborted) {
      await nextEntry(journal, deadline)
      entries = await found()
    }
    return c.json({ entries })
  })

  app.get('/__simulator/journal.har', async (c) => {
    const entries = await journal.entries(c.req.query('consumerKey'))
    return c.json(httpArchive(entries.filter(filterOf(c)), new URL(c.req.url).origin, version))
  })

  app.get('/__simulator/events', (c) => {
    const wanted = filterOf(c)
    const consumerKey = c.req.query('consumerKey')
    c.header('X-Accel-Buffering', 'no')
    return streamSSE(c, async (stream) => {
      const waiting: JournalEntry[] = []
      const over = new AbortController()
      stream.onAbort(() => over.abort())
      const stop = journal.listen((entry) => {
        const isTheirs = consumerKey === undefined || entry.consumerKey === consumerKey
        if (isTheirs && wanted(entry)) waiting.push(entry)
        // Who does not read is not waited for.
        if (waiting.length > mostWaiting) waiting.shift()
      })
      try {
        await stream.writeSSE({ event: 'open', data: '' })
        while (!stream.aborted && !stream.closed) {
          for (const entry of waiting.splice(0))
            await stream.writeSSE({
              id: String(entry.id),
              event: 'journal',
              data: JSON.stringify(entry),
            })
          const signal = AbortSignal.any([over.signal, AbortSignal.timeout(heartbeatMs)])
          if (waiting.length === 0) await nextEntry(journal, signal)
          if (signal.aborted && !stream.aborted) await stream.write(': still here\n\n')
        }
      } finally {
        stop()
      }
    })
  })

  app.get('/__simulator/pushes/:pushAccountReceipt', async (c) => {
    const { pushAccountReceipt } = c.req.param()
    const push =
      (await ledger.find(pushAccountReceipt)) ??
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

/** Resolves at the next entry, or when it is too late for one. */
function nextEntry(journal: Journal, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      stop()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const stop = journal.listen(done)
    signal.addEventListener('abort', done)
  })
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

function filterOf(c: Context): (entry: JournalEntry) => boolean {
  const wanted = c.req.query('with')
  const part = journalParts.find((name) => name === wanted)
  if (wanted !== undefined && part === undefined)
    refuse('BODY_INVALID', `with=${wanted}: expected ${journalParts.join(', ')}`)
  const { kind, requestId, receipt } = c.req.query()
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
