import { readCallback } from '../issuer/client.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { type Status, statuses } from '../scenarios/statuses.ts'
import type { ApplicationSeen, Found } from './application-expectations.ts'
import type { PageSeen } from './cardholder.ts'
import { type IssuerFile, says } from './issuer-file.ts'
import { quoted, withComplaints } from './page-words.ts'
import type { CallbackSeen } from './seen.ts'

/** Those that tell a cardholder that the card can be used. */
const goodNews: readonly Status[] = ['APPROVED', 'AUTHENTICATED', 'DUPLICATE_REQUEST']

const statusNames = Object.keys(statuses) as readonly Status[]

/** What the bank's pages say, held against what its callbacks told it. */
export function wrongResultPages(
  scenario: Scenario,
  { callbacks, results, stoppedOn, pushes, redirect }: ApplicationSeen,
  file: IssuerFile,
): readonly Found[] {
  // Somebody else's journey.
  if (pushes.length === 0 && redirect !== undefined) return []
  const receipts = pushes.flatMap((push) => push.receipts)
  const told = new Set<string>()
  const wrong = callbacks.flatMap((callback, position) => {
    const isRepeated = told.has(callback.url)
    told.add(callback.url)
    const meaning = meaningOf(callback, scenario, receipts, isRepeated)
    const result = results[position]
    if (result?.at === 'a frame') return []
    if (result?.at !== 'a page')
      return [
        { what: 'result page', expected: 'a page', came: 'none', exchange: callback.exchange },
      ]
    return pageDifference(result.page, meaning, file)
  })
  if (stoppedOn === undefined) return wrong.slice(0, 1)
  const nothing = {
    must: [],
    may: [],
    because: 'Click to Pay has told the application nothing yet',
  }
  return pageDifference(stoppedOn, nothing, file)
}

type Meaning = {
  /** What the page must say. */
  readonly must: readonly Status[]
  /** What it may say, too. */
  readonly may: readonly Status[]
  readonly because: string
}

/** What a callback tells an application that trusts nothing else. */
function meaningOf(
  { url }: CallbackSeen,
  { callback }: Scenario,
  pushed: readonly string[],
  isRepeated: boolean,
): Meaning {
  const results = readCallback(url)
  const [result] = results
  const nothing = { must: [], may: [] }
  if (result === undefined)
    return {
      ...nothing,
      because: `there is no result in the address that can be read: ${queryOf(url)}`,
    }
  const known = results.flatMap(({ status }) => statusNames.find((one) => one === status) ?? [])
  const foreign = results.find((one) => !pushed.includes(one.pushAccountReceipt))
  if (foreign !== undefined)
    return {
      ...nothing,
      because: `the receipt ${foreign.pushAccountReceipt} was never pushed from here: anybody can write that address, so hold each receipt against those that were pushed`,
    }
  const { status, tokenUniqueReference, pushAccountReceipt } = result
  if (known.length < results.length)
    return {
      ...nothing,
      because: `${status === '' ? 'a result without a status' : `the status ${status}, which nobody knows,`} says nothing about the card`,
    }
  const because = `the browser brought ${queryOf(url)}, which is receipt ${pushAccountReceipt} with the status ${status}${tokenUniqueReference === undefined ? '' : ` and a token reference after the bar`}`
  const lacksToken = known.some((one) => statuses[one].token) && tokenUniqueReference === undefined
  // Unsigned text: to believe it for now is as good as to wait for what MDES says.
  const isForged = callback?.results !== undefined
  return results.length > 1 || isRepeated || lacksToken || isForged
    ? { must: [], may: known, because }
    : { must: known, may: [], because }
}

const queryOf = (url: string) => url.split('?').slice(1).join('?') || 'no query at all'

function pageDifference(
  page: PageSeen,
  { must, may, because }: Meaning,
  { results }: IssuerFile,
): readonly Found[] {
  const { text, exchange, status } = page
  const shown = statusNames.filter((one) => says(text, results[one]))
  const but = `${status >= 400 ? `HTTP ${status}, and ` : ''}${quoted(text)}`
  const came = shown.length === 0 ? `no words of issuer.yaml, but ${but}` : inWords(shown, results)
  const right = [...must, ...may]
  const wanted = must.filter((status) => results[status] !== undefined)
  if (wanted.some((status) => !shown.includes(status)))
    return [
      {
        what: 'result page',
        expected: inWords(wanted, results),
        came,
        cause: withComplaints(
          `${because}: once decoded, the name is results[RECEIPT], and the value STATUS or STATUS|TOKEN${shown.length === 0 ? '. Where the page is right, issuer.yaml has other words than it' : ''}`,
          page,
        ),
        exchange,
      },
    ]
  // Where something is known, nothing else is right; where nothing is, anything but good news.
  const wrong = shown.filter(
    (status) => !right.includes(status) && (right.length > 0 || goodNews.includes(status)),
  )
  if (wrong.length === 0) return []
  const both = wanted.length > 0
  return [
    {
      what: 'result page',
      expected:
        right.length > 0 ? `${inWords(right, results)} alone` : 'nothing that sounds like success',
      came,
      cause: both
        ? `${because}. Where the page is right, make the words of issuer.yaml narrower: /^Added$/ fits a line that says no more`
        : because,
      exchange,
    },
  ]
}

function inWords(all: readonly Status[], results: IssuerFile['results']): string {
  return all
    .map((status) => (results[status] === undefined ? status : `${status}: "${results[status]}"`))
    .join(' and ')
}
