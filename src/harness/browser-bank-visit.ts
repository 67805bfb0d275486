import { type Controls, controlsFor, doStep, offersOf } from './browser-step.ts'
import type { Answer, Tab, TabEvent } from './browser-tab.ts'
import type { BankVisit, Journey, PageSeen, Whereabouts } from './cardholder.ts'
import { readPage, tidyLines } from './html-page.ts'

/** An application may try several times before it answers. */
const patienceMs = 60_000
/** A script that has its answer shows it by then. */
const quietMs = 500
/** A script may go on by itself a little later. */
const graceMs = 3000
const betweenLooksMs = 100
const lookMs = 2000
/** Each field and the button have a time of their own. */
const stepMs = 30_000
/** The last say most. */
const mostComplaints = 3

/** In a real browser: scripts run, and what they bring is waited for. */
export function browserBankVisit(
  tab: Tab,
  { course, isTelling }: Pick<Journey, 'course' | 'isTelling'>,
): BankVisit {
  const { quietFor } = tab.activity
  const pages: PageSeen[] = []
  let left: Whereabouts | undefined
  /** Of the last page that was loaded. */
  let document = { status: 0, exchange: 0 }
  let goesOnAt = 0

  /** @returns where the browser is, if it is no longer at the bank. */
  async function noted(event: TabEvent): Promise<Whereabouts | undefined> {
    if (!event.isMain) return undefined
    const exchange = course.exchanges.length - 1
    if (event.kind === 'lost') return { at: 'nowhere', lost: event.why, exchange: event.exchange }
    if (event.kind === 'border') return { at: 'elsewhere', url: event.url, exchange }
    const { text, status, shown, headers } = event
    document = { status, exchange: event.exchange }
    pages.push(answered(event))
    const refresh =
      headers.get('Refresh') ?? /http-equiv=["']?refresh["']? content=["']([^"']*)/i.exec(text)?.[1]
    const seconds = Number.parseFloat(refresh ?? '')
    goesOnAt = seconds > 0 ? performance.now() + seconds * 1000 : 0
    await shown
    return undefined
  }

  const nowhere = (lost: string): Whereabouts => ({
    at: 'nowhere',
    lost,
    exchange: course.exchanges.length - 1,
  })

  /** @returns undefined while one page takes the place of another: a browser may not answer until it is let go on. */
  const look = () => within(lookMs, looked())

  async function looked(): Promise<Omit<PageSeen, 'offers'> | undefined> {
    try {
      const { page } = tab
      const [text, html] = [
        await page.locator('body').innerText({ timeout: 1000 }),
        await page.content(),
      ]
      const { title } = readPage(html, page.url())
      return {
        url: page.url(),
        title,
        text: tidyLines(text),
        ...document,
        complaints: tab.complaints.slice(-mostComplaints),
      }
    } catch {
      return undefined
    }
  }

  /** With what there is to press, which takes longest to see. */
  async function standing(page: Omit<PageSeen, 'offers'>): Promise<Whereabouts> {
    const seen = offersOf(tab.page, page.title).catch(() => undefined)
    const offers = (await within(lookMs, seen)) ?? `the page "${page.title}"`
    return { at: 'a page', page: { ...page, offers } }
  }

  /** Until nothing is to come, or what is waited for is there. */
  async function rest(isThere: () => Promise<boolean>): Promise<Whereabouts> {
    const began = performance.now()
    let tellsSince = 0
    while (left === undefined) {
      const event = await tab.next(betweenLooksMs)
      if (event !== undefined) {
        left = await noted(event)
        continue
      }
      const page = await look()
      if (page !== undefined && (await within(lookMs, isThere()))) return standing(page)
      const now = performance.now()
      const tells = isTelling(page?.text ?? '')
      tellsSince = tells ? tellsSince || now : 0
      // A page that asks for news again and again is never quiet.
      const isStill =
        quietFor() > graceMs || (tells && (quietFor() > quietMs || now - tellsSince > graceMs))
      const isGoing = now < goesOnAt + graceMs && goesOnAt > 0
      if (page !== undefined && isStill && !isGoing) return standing(page)
      if (now - began > patienceMs) {
        if (page !== undefined) return standing(page)
        left = nowhere('TimeoutError')
      }
    }
    return left
  }

  return {
    pages,
    open: (url) => tab.open(url),
    async take(step) {
      let controls: Controls | { readonly expected: string } | undefined
      const there = await rest(async () => {
        controls = await controlsFor(tab.page, step)
        return !('expected' in controls)
      })
      if (there.at !== 'a page' || controls === undefined) return undefined
      const { page } = there
      const because = tab.refused.size === 0 ? [] : [refusedOnes(tab.refused)]
      if ('expected' in controls) return { expected: controls.expected, page, because }
      tab.activity.touch()
      const failed = await within(stepMs, doStep(controls))
      return failed && { page, ...failed, because: [...failed.because, ...because] }
    },
    rest: () => rest(async () => false),
    async comeBack(url) {
      left = undefined
      const event = await tab.waitingFor(url)?.cross(patienceMs)
      if (event === undefined) return nowhere('TimeoutError')
      if (!event.isMain) {
        if (event.kind === 'answer') pages.push(answered(event))
        return { at: 'a frame' }
      }
      left = await noted(event)
      return rest(async () => false)
    },
  }
}

/** @returns undefined when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, ms, undefined).unref())
  return Promise.race([promise, late])
}

/** As it came, before scripts. */
function answered({ url, text, status, exchange }: Answer): PageSeen {
  return { ...readPage(text, url), status, exchange }
}

function refusedOnes(refused: ReadonlySet<string>): string {
  return `The page asked for ${[...refused].join(', ')}, where nobody goes: list under origins what belongs to the application`
}
