import type { Page, Request } from 'playwright-core'

/** Whether anything is under way in a page. */
export type PageActivity = {
  /** Something was done, and more may come of it. */
  touch(): void
  /** Milliseconds since the last of it; 0 while something is. */
  quietFor(): number
}

/** They stay open. */
const endless = new Set(['eventsource', 'websocket', 'ping', 'media'])

export function activityOf(page: Page): PageActivity {
  const underWay = new Set<Request>()
  let last = performance.now()
  const touch = () => {
    last = performance.now()
  }
  const over = (request: Request) => {
    underWay.delete(request)
    touch()
  }
  page.on('request', (request) => {
    if (!endless.has(request.resourceType())) underWay.add(request)
    touch()
  })
  page.on('requestfinished', over).on('requestfailed', over)
  return { touch, quietFor: () => (underWay.size > 0 ? 0 : performance.now() - last) }
}
