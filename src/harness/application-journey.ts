import { SetupError } from '../errors.ts'
import type { JournalEntry } from '../journal.ts'
import type { Scenario } from '../scenarios/schema.ts'
import { type ApplicationSeen, offersClickToPay } from './application-expectations.ts'
import { applicationJournal, whyNoPush } from './application-journal.ts'
import { fitting } from './application-manners.ts'
import type { BankVisit, Cardholder, Landing, Whereabouts } from './cardholder.ts'
import type { Course } from './exchange.ts'
import { httpCardholder } from './http-cardholder.ts'
import { type IssuerFile, says } from './issuer-file.ts'
import { withComplaints } from './page-words.ts'
import { planOf } from './plan.ts'
import { isClickToPay, withJournal } from './play.ts'
import type { ApplicationPlayOptions } from './play-application.ts'
import type { CallbackSeen, Redirect } from './seen.ts'

/** From one scenario to the next. */
export type Known = {
  /** The journal's last entry. */
  last: number
  isFirst: boolean
}

/** The bank, Click to Pay, and the bank again, with what the simulator's journal tells of it. */
export async function journey(
  scenario: Scenario,
  course: Course,
  consumerKey: string,
  known: Known,
  { admin, url, file, newCardholder = httpCardholder }: ApplicationPlayOptions,
): Promise<ApplicationSeen> {
  course.name(new URL(url).origin, 'http://bank')
  course.name(admin.url, 'http://simulator')
  const journal = applicationJournal(admin, consumerKey, course)
  const origins = new Set([url, ...file.origins])
  const ours = (page: string) => isClickToPay(page, admin, journal.told)
  const words = [file.failed, ...Object.values(file.results)]
  const cardholder = await newCardholder({
    course,
    isTheBank: (page) => origins.has(new URL(page).origin) && !ours(page),
    isClickToPay: ours,
    onBankAnswer: journal.catchUp,
    isTelling: (text) => words.some((one) => says(text, one)),
  })
  const { stuck, there, ...visits } = await visited(cardholder, scenario, course, {
    origins,
    url,
    file,
    ours,
    isFirst: known.isFirst,
  }).finally(cardholder.close)
  await journal.catchUp()
  const { pushes, lookup, entries } = journal
  // What everybody did is much on a shared simulator, and asked for only where something is missing.
  const isLost = visits.redirect !== undefined && visits.callbacks.length === 0
  const all =
    pushes.length === 0 ? await admin.exchanges() : isLost ? await admin.journal() : entries
  const why = pushes.length === 0 ? whyNoPush(all, consumerKey, known.last) : undefined
  const since = known.last
  known.last = all.at(-1)?.id ?? since
  const isNotOffered = lookup !== undefined && isKeptFrom(scenario, lookup.entry)
  return withJournal(
    {
      pushes,
      ...visits,
      pages: cardholder.atTheBank.pages,
      stoppedOn: there.at === 'a page' ? there.page : undefined,
      stuck: stuck ?? strayed(there, visits.redirect, url),
      pushedCards: entries.flatMap(cardsIn),
      isNotOffered,
      ...(isNotOffered && pushes.length === 0 && { eligibility: lookup.seen }),
      whyNoPush: why,
    },
    course,
    withVisits(entries, all, visits.redirect, since),
  )
}

/** A visit with what the simulator does not know is nobody's, and told all the same if it is where the browser was sent. */
function withVisits(
  entries: readonly JournalEntry[],
  all: readonly JournalEntry[],
  redirect: Redirect | undefined,
  since: number,
): readonly JournalEntry[] {
  if (redirect === undefined) return entries
  const { pathname, search } = new URL(redirect.url)
  const visits = all.filter(
    ({ id, consumerKey, url }) =>
      id > since && consumerKey === undefined && isShortened(url, pathname + search),
  )
  return [...entries, ...visits].sort((one, other) => one.id - other.id)
}

/** Of addresses the journal leaves out what is secret or new each time. */
function isShortened(url: string, whole: string): boolean {
  const [beginning = ''] = url.split('...')
  return whole.startsWith(beginning)
}

/** The journal has them masked, in its sentence. */
function cardsIn({ summary }: JournalEntry): readonly RegExp[] {
  return [...summary.matchAll(/\b\d{6}\*+\d{4}\b/g)].map(([card]) => fitting(card))
}

/** The bank, Click to Pay, and the bank again. */
async function visited(
  { atTheBank, throughClickToPay }: Cardholder,
  scenario: Scenario,
  course: Course,
  {
    origins,
    url,
    file,
    ours,
    isFirst,
  }: Pick<ApplicationPlayOptions, 'url' | 'file'> & {
    /** Whether it is Click to Pay at the simulator. */
    readonly ours: (url: string) => boolean
    /** Whether nothing was played before: then it is a mistake of the set-up that nobody answers. */
    readonly isFirst: boolean
    /** Of the application; that of the callback joins them. */
    readonly origins: Set<string>
  },
) {
  const { there, stuck } = await walk(atTheBank, url, file)
  if (there.at === 'nowhere' && atTheBank.pages.length === 0 && isFirst)
    throw new SetupError(
      `${url}: nobody answers (${there.lost}). Is the application running there?`,
    )
  const sentAt = performance.now()
  let waited = 0
  const callbacks: CallbackSeen[] = []
  const results: Landing[] = []
  const redirect = redirectOf(there, ours)
  const callbackURL = redirect === undefined ? '' : callbackOf(redirect.url)
  if (URL.canParse(callbackURL)) origins.add(new URL(callbackURL).origin)
  const visit =
    redirect &&
    (await throughClickToPay(redirect.url, {
      callbackURL,
      comeBack: async (back) => {
        const afterMs = Math.round(performance.now() - sentAt) + waited
        callbacks.push({ url: back, afterMs, exchange: course.exchanges.length })
        results.push(await atTheBank.comeBack(back))
      },
      patienceMs: planOf(scenario).pagePatienceMs,
      skip: (ms) => {
        waited += ms
      },
    }))
  return { there, stuck, redirect, ...(visit !== undefined && { visit }), callbacks, results }
}

/** Whether the scenario keeps the application from offering Click to Pay; a lookup that is wrong by itself is no excuse. */
function isKeptFrom(scenario: Scenario, { status, transport }: JournalEntry): boolean {
  const failed = status !== 200 || transport !== undefined
  return !offersClickToPay(scenario) || (scenario.gateway !== undefined && failed)
}

type Stuck = ApplicationSeen['stuck']

/** From the first page to where the steps lead. */
async function walk(
  atTheBank: BankVisit,
  url: string,
  { start, steps }: IssuerFile,
): Promise<{ readonly there: Whereabouts; readonly stuck?: Stuck }> {
  await atTheBank.open(url + start)
  for (const [position, step] of steps.entries()) {
    const lacking = await atTheBank.take(step)
    if (lacking === undefined) continue
    const { expected, page, because } = lacking
    return {
      there: { at: 'a page', page },
      stuck: {
        expected,
        came: page.offers,
        cause: withComplaints(
          [`step ${position + 1} of issuer.yaml does not fit this page`, ...because].join('. '),
          page,
        ),
        exchange: page.exchange,
      },
    }
  }
  return { there: await atTheBank.rest() }
}

function strayed(there: Whereabouts, redirect: Redirect | undefined, url: string): Stuck {
  if (there.at === 'a page' || redirect !== undefined) return undefined
  if (there.at === 'nowhere')
    return { expected: 'an answer', came: `none (${there.lost})`, exchange: there.exchange }
  return {
    expected: `a page of ${url}, or Click to Pay at the simulator`,
    came: there.url.split('?')[0] ?? '',
    cause:
      'nobody goes there. If it belongs to the application, list its origin under origins in issuer.yaml; if it is Click to Pay, send the browser to the address that the answer to the push has',
    exchange: there.exchange,
  }
}

function redirectOf(there: Whereabouts, ours: (url: string) => boolean): Redirect | undefined {
  if (there.at !== 'elsewhere' || !ours(there.url)) return undefined
  const { url, exchange } = there
  const isSigned = new URL(url).searchParams.has('pushAccountData')
  return { useCase: isSigned ? 'signature' : 'receipt', url, exchange }
}

/** @returns the address that Click to Pay is told to come back to, without its query; empty where it is told none. */
function callbackOf(redirect: string): string {
  const { searchParams } = new URL(redirect)
  const [, payload = ''] = searchParams.get('pushAccountData')?.split('.') ?? []
  const told = searchParams.get('callbackURL') ?? callbackIn(payload)
  return told.split(/[?#]/)[0] ?? ''
}

function callbackIn(payload: string): string {
  try {
    const claims: { readonly callbackURL?: string } = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    )
    return claims.callbackURL ?? ''
  } catch {
    return ''
  }
}
