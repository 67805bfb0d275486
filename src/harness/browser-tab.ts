import type { CDPSession, Page } from 'playwright-core'
import type { Journey } from './cardholder.ts'
import type { Begun, Party } from './exchange.ts'
import { activityOf, type PageActivity } from './page-activity.ts'

/** An answer to a page or a frame that is no redirect. */
export type Answer = {
  readonly kind: 'answer'
  readonly url: string
  readonly isMain: boolean
  /** HTTP status. */
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly exchange: number
  /** Fulfilled when the browser has it in place of the page before; or a moment later, where it never does. */
  readonly shown: Promise<void>
}

export type Lost = {
  readonly kind: 'lost'
  readonly isMain: boolean
  /** In the browser's words, such as `ConnectionReset`. */
  readonly why: string
  readonly exchange: number
}

/** A page that waits at the border, between the bank and Click to Pay or where nobody goes; or a frame of Click to Pay that goes to the bank. */
export type Border = {
  readonly kind: 'border'
  readonly url: string
  readonly isMain: boolean
  /**
   * Lets it go on.
   *
   * @returns what comes of it, redirects aside, which is then not among the events; undefined when nothing does in this time. Milliseconds.
   */
  cross(patienceMs: number): Promise<TabEvent | undefined>
  /** The browser stays where it is. */
  stay(): Promise<void>
}

export type TabEvent = Answer | Lost | Border

/** One tab of a browser, whose every request is looked at on its way. */
export type Tab = {
  readonly page: Page
  /** Goes there; what comes of it is told by `next`. */
  open(url: string): Promise<void>
  /**
   * What happens next, in order.
   *
   * @returns undefined when nothing does in this time. Milliseconds.
   * @throws whatever went wrong with the watching, such as a simulator that is gone.
   */
  next(patienceMs: number): Promise<TabEvent | undefined>
  /** Whoever waits to go there. */
  waitingFor(url: string): Border | undefined
  readonly activity: PageActivity
  /** Addresses that were asked for and belong to nobody here. */
  readonly refused: ReadonlySet<string>
  /** What scripts complained of, in the browser's console or by what they threw. */
  readonly complaints: readonly string[]
}

/** Whose page it is. */
type Country = 'the bank' | 'click-to-pay' | 'nobody'

/** Of `Fetch.requestPaused`. */
type Paused = {
  readonly requestId: string
  readonly networkId?: string
  readonly frameId: string
  readonly resourceType: string
  readonly request: {
    readonly url: string
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly postData?: string
  }
  readonly responseStatusCode?: number
  readonly responseErrorReason?: string
  readonly responseHeaders?: readonly { readonly name: string; readonly value: string }[]
}

/** Scripts that call their own server: that they do, and how it went, is shown; what is said is not made for readers. */
const scriptTypes = new Set(['XHR', 'Fetch'])
/** A download, or no content at all, takes no page's place. */
const longestCommitMs = 3000

/**
 * Watches a page by the DevTools protocol of Chromium (Fetch domain), which alone shows each hop of a redirect before it is made.
 *
 * @param journey says whose a page is.
 */
export async function watchedTab(
  page: Page,
  { course, isTheBank, isClickToPay, onBankAnswer }: Journey,
): Promise<Tab> {
  const session: CDPSession = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const mainFrame = frameTree.frame.id
  const events: TabEvent[] = []
  let wake: () => void = () => undefined
  const begun = new Map<string | undefined, { readonly exchange: Begun; readonly to: Party }>()
  /** Who waits for what comes of a border, by frame. */
  const crossing = new Map<string, (event: TabEvent) => void>()
  const waiting = new Set<Border>()
  const commits = new Map<string, () => void>()
  let failure: unknown
  const refused = new Set<string>()
  /** Where each frame is; the page that has it, until it goes somewhere. */
  const countries = new Map<string, Country>()

  const countryOf = (url: string): Country =>
    isClickToPay(url) ? 'click-to-pay' : isTheBank(url) ? 'the bank' : 'nobody'

  function tell(frame: string, event: TabEvent): void {
    const crossed = crossing.get(frame)
    crossing.delete(frame)
    if (crossed !== undefined) crossed(event)
    else events.push(event)
    wake()
  }

  /** A browser that is closed asks nothing more. */
  const send: CDPSession['send'] = async (method, parameters) =>
    session.send(method, parameters).catch((error: Error) => {
      if (/closed|Invalid InterceptionId|Invalid state/.test(error.message))
        return undefined as never
      throw error
    })

  async function goOn({ requestId }: Paused): Promise<void> {
    await send('Fetch.continueRequest', { requestId })
  }

  function atBorder(paused: Paused, there: Country): void {
    const { frameId, request, requestId } = paused
    const isMain = frameId === mainFrame
    const border: Border = {
      kind: 'border',
      url: request.url,
      isMain,
      async cross(patienceMs) {
        waiting.delete(border)
        const comes = new Promise<TabEvent | undefined>((resolve) => {
          const timer = setTimeout(resolve, patienceMs, undefined).unref()
          crossing.set(frameId, (event) => {
            clearTimeout(timer)
            resolve(event)
          })
        })
        countries.set(frameId, there)
        begin(paused, there === 'click-to-pay' ? 'click-to-pay' : 'callback')
        await goOn(paused)
        return comes
      },
      async stay() {
        waiting.delete(border)
        await send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      },
    }
    waiting.add(border)
    tell(frameId, border)
  }

  function begin({ networkId, request, resourceType }: Paused, to: Party): void {
    const { method, url, headers, postData = '' } = request
    const isScript = scriptTypes.has(resourceType)
    const exchange = course.begin('browser', to, {
      method,
      url,
      headers: new Headers(isScript ? {} : headers),
      body: isScript ? '' : postData,
    })
    begun.set(networkId, { exchange, to })
  }

  async function onRequest(paused: Paused): Promise<void> {
    const { url } = paused.request
    if (!/^https?:/.test(url)) return goOn(paused)
    const there = countryOf(url)
    const isMain = paused.frameId === mainFrame
    const isPage = paused.resourceType === 'Document'
    const here = countries.get(paused.frameId) ?? countries.get(mainFrame) ?? there
    if (isPage && isMain) countries.set(mainFrame, here)
    const isAbroad = isPage && there !== here
    const isWayBack = here === 'click-to-pay' && there === 'the bank'
    if (isAbroad && (isMain || isWayBack)) return atBorder(paused, there)
    if (there === 'nobody' || isAbroad) {
      refused.add(new URL(url).origin)
      await send('Fetch.failRequest', {
        requestId: paused.requestId,
        errorReason: 'BlockedByClient',
      })
      return
    }
    if (isPage || scriptTypes.has(paused.resourceType))
      begin(paused, there === 'click-to-pay' ? 'click-to-pay' : 'issuer')
    await goOn(paused)
  }

  async function onResponse(paused: Paused): Promise<void> {
    const { networkId, frameId, request, responseHeaders = [] } = paused
    const known = begun.get(networkId)
    begun.delete(networkId)
    if (known === undefined) return goOn(paused)
    const { exchange, to } = known
    const isDocument = paused.resourceType === 'Document'
    const isMain = frameId === mainFrame
    const { position } = exchange
    const lost = (why: string, status?: number) => {
      exchange.lost(why, status)
      if (isDocument) tell(frameId, { kind: 'lost', isMain, why, exchange: position })
    }
    const { responseErrorReason, responseStatusCode: status = 0 } = paused
    if (responseErrorReason !== undefined) {
      lost(responseErrorReason)
      if (to !== 'click-to-pay') await onBankAnswer()
      return goOn(paused)
    }
    const headers = headersOf(responseHeaders)
    const isRedirect = status >= 300 && status < 400 && headers.has('Location')
    const text = isRedirect || !isDocument ? '' : await bodyOf(paused)
    if (text === undefined) {
      lost('incomplete', status)
      return goOn(paused)
    }
    exchange.answered({ status, headers: isDocument ? headers : new Headers() }, text)
    if (to !== 'click-to-pay') await onBankAnswer()
    if (isDocument && !isRedirect)
      tell(frameId, {
        kind: 'answer',
        url: request.url,
        isMain,
        status,
        headers,
        text,
        exchange: position,
        shown: isMain && networkId !== undefined ? committed(networkId) : Promise.resolve(),
      })
    await goOn(paused)
  }

  /** A page is known by the request that brought it. */
  async function committed(networkId: string): Promise<void> {
    await new Promise<void>((resolve) => {
      commits.set(networkId, resolve)
      setTimeout(resolve, longestCommitMs).unref()
    })
    commits.delete(networkId)
  }

  /** @returns undefined where less came than was promised. */
  async function bodyOf({ requestId }: Paused): Promise<string | undefined> {
    try {
      const { body, base64Encoded } = await session.send('Fetch.getResponseBody', { requestId })
      return base64Encoded ? Buffer.from(body, 'base64').toString() : body
    } catch {
      return undefined
    }
  }

  session.on('Fetch.requestPaused', (paused) => {
    const isAnswer =
      paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined
    const looked = isAnswer ? onResponse(paused) : onRequest(paused)
    looked.catch((error: unknown) => {
      failure = error
      wake()
    })
  })
  session.on('Page.frameNavigated', ({ frame }) => commits.get(frame.loaderId)?.())
  await session.send('Page.enable')
  await session.send('Fetch.enable', {
    patterns: [{ requestStage: 'Request' }, { requestStage: 'Response' }],
  })
  const activity = activityOf(page)
  const complaints: string[] = []
  const complain = (text: string) => {
    // What was refused here is told as such.
    if (!text.includes('ERR_BLOCKED_BY_CLIENT')) complaints.push(text.split('\n')[0] ?? '')
  }
  page.on('pageerror', (error) => complain(error.message))
  page.on('console', (message) => message.type() === 'error' && complain(message.text()))
  page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))

  return {
    page,
    refused,
    complaints,
    waitingFor: (url) => [...waiting].find((border) => border.url === url),
    activity,
    async open(url) {
      activity.touch()
      // What comes of it is an event, of whatever kind.
      void page.goto(url, { waitUntil: 'commit', timeout: 0 }).catch(() => undefined)
    },
    async next(patienceMs) {
      if (events.length === 0 && failure === undefined)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patienceMs).unref()
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      if (failure !== undefined) throw failure
      return events.shift()
    },
  }
}

/** Without what no header may have, whatever a server sent. */
function headersOf(all: NonNullable<Paused['responseHeaders']>): Headers {
  const headers = new Headers()
  for (const { name, value } of all) {
    try {
      headers.append(name, value)
    } catch {
      // The browser has made of it what it could.
    }
  }
  return headers
}
