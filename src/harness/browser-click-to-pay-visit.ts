import type { Answer, Tab, TabEvent } from './browser-tab.ts'
import type { ClickToPayVisit, Journey } from './cardholder.ts'
import { answersTo, isAddressOf, mostPages, type WayOn, wayOn } from './click-to-pay-page.ts'
import { titleOf } from './masked-message.ts'
import type { Visit } from './seen.ts'

/** Frames may come after the page that has them. */
const framesMs = 500

/** Our own pages need no longer for a button; what comes of it may wait at the border. */
const pressing = { timeout: 5000, noWaitAfter: true }

/** In a real browser, which waits as long as a page says. */
export function browserClickToPayVisit(
  tab: Tab,
  { course }: Pick<Journey, 'course'>,
): ClickToPayVisit {
  return async (start, { callbackURL, comeBack, patienceMs }) => {
    const asked: string[] = []
    const isCallback = (url: string) => isAddressOf(callbackURL, url)
    /** The page that has the browser, unless frames are still to come. */
    let last: Visit | undefined
    let patience = patienceMs

    /** @returns the end, if it is one. */
    async function handle(event: TabEvent): Promise<Visit | undefined> {
      if (event.kind === 'border') {
        if (!isCallback(event.url)) {
          await event.stay()
          return { asked, ended: 'elsewhere', detail: event.url.split('?')[0] ?? '' }
        }
        await comeBack(event.url)
        return event.isMain ? { asked, ended: 'at the bank', detail: '' } : undefined
      }
      if (!event.isMain) return undefined
      if (event.kind === 'lost') return { asked, ended: 'lost', detail: event.why }
      return read(event)
    }

    async function read(answer: Answer): Promise<Visit | undefined> {
      const detail = titleOf(answer.text) ?? ''
      if (answer.status >= 400) return { asked, ended: 'on a problem page', detail }
      const way = wayOn(answer.headers, answer.text)
      patience = patienceMs + (way.kind === 'refresh' ? way.ms : 0)
      if (way.kind === 'refresh') course.remark(`The page goes on by itself after ${way.ms} ms.`)
      if (way.kind === 'end') last = { asked, ended: 'on the last page', detail }
      if (way.kind === 'question') asked.push(detail)
      const isStuck = way.kind === 'question' && way.move === undefined
      return isStuck || !(await goneOn(tab, answer, way))
        ? { asked, ended: 'on a page that nobody answers', detail }
        : undefined
    }

    let event = await begun(tab, start, patienceMs)
    for (let events = 0; events < mostPages; events += 1) {
      if (event === undefined) return last ?? { asked, ended: 'lost', detail: 'TimeoutError' }
      const end = await handle(event)
      if (end !== undefined) return end
      event = await tab.next(last === undefined ? patience : framesMs)
    }
    return { asked, ended: 'on too many pages', detail: `${mostPages}` }
  }
}

/** The browser may be on its way there, and wait for the border to open. */
async function begun(tab: Tab, start: string, patienceMs: number): Promise<TabEvent | undefined> {
  const border = tab.waitingFor(start)
  if (border !== undefined) return border.cross(patienceMs)
  await tab.open(start)
  return tab.next(patienceMs)
}

/** @returns whether it could be done. */
async function goneOn({ page }: Tab, { text, shown }: Answer, way: WayOn): Promise<boolean> {
  await shown
  try {
    if (way.kind === 'link') await page.locator('a.back').first().click(pressing)
    if (way.kind !== 'question') return true
    for (const [name, value] of Object.entries(answersTo(text))) {
      const field = page.locator(`[name="${name}"]:visible`).first()
      if ((await field.count()) === 0) continue
      const type = await field.getAttribute('type')
      if (type === 'checkbox') await field.check()
      else if (type !== 'radio') await field.fill(value)
    }
    await page.locator(`button[value="${way.move}"]:visible`).first().click(pressing)
    return true
  } catch {
    return false
  }
}
