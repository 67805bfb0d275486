import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { SetupError } from '../errors.ts'
import { browserBankVisit } from './browser-bank-visit.ts'
import { browserClickToPayVisit } from './browser-click-to-pay-visit.ts'
import { watchedTab } from './browser-tab.ts'
import type { NewCardholder } from './cardholder.ts'

export type RealBrowser = {
  /** In a window of their own, which remembers nothing. */
  readonly newCardholder: NewCardholder
  close(): Promise<void>
}

export type BrowserChoice = {
  /** The program; without it, the first that is found. */
  readonly path?: string | undefined
  /** Where programs are, as in `PATH`. */
  readonly programs: string
  /** Whether people look on. */
  readonly headed?: boolean | undefined
  /** Whether it is closed, and the process ended, when a signal comes. */
  readonly endsWithSignals: boolean
}

/**
 * Starts a browser of the Chromium family: Chromium, Chrome or Edge.
 *
 * @throws {SetupError} there is none, or `playwright-core` is not installed.
 */
export async function startBrowser({
  path,
  programs,
  headed = false,
  endsWithSignals,
}: BrowserChoice): Promise<RealBrowser> {
  const { chromium } = await import('playwright-core').catch((cause) => {
    throw new SetupError(
      '--browser needs the package playwright-core: npm install --save-dev playwright-core',
      { cause },
    )
  })
  const launched = (place: { readonly executablePath?: string; readonly channel?: string }) =>
    chromium.launch({
      ...place,
      headless: !headed,
      timeout: longestStartMs,
      args: quietly,
      handleSIGINT: endsWithSignals,
      handleSIGTERM: endsWithSignals,
      handleSIGHUP: endsWithSignals,
    })
  const browser = await (path === undefined
    ? firstThatStarts(launched, [
        ...installed(chromium.executablePath(), programs).map((executablePath) => ({
          executablePath,
        })),
        { channel: 'chrome' },
        { channel: 'msedge' },
      ])
    : launched({ executablePath: path }).catch((cause: Error) => {
        throw new SetupError(`${path}: this browser does not start: ${inShort(cause)}`, { cause })
      }))
  return { newCardholder: cardholderIn(browser), close: () => browser.close() }
}

/** What has not started by then is no browser. */
const longestStartMs = 30_000

/** It has nothing to ask the network on its own. */
const quietly = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A frame of another site is then seen like all others.
  '--disable-site-isolation-trials',
]

const programNames = ['chromium', 'chromium-browser', 'google-chrome']

function installed(ofPlaywright: string, programs: string): readonly string[] {
  const inPath = programs
    .split(delimiter)
    .flatMap((folder) => programNames.map((name) => join(folder, name)))
  return [ofPlaywright, ...inPath].filter((path) => existsSync(path))
}

async function firstThatStarts<Place>(
  launched: (place: Place) => Promise<Browser>,
  places: readonly Place[],
): Promise<Browser> {
  let last: Error | undefined
  for (const place of places) {
    try {
      return await launched(place)
    } catch (error) {
      last ??= error as Error
    }
  }
  throw new SetupError(
    `no browser starts here: ${last === undefined ? 'none is known' : inShort(last)}. Install Chromium, Chrome or Edge (npx playwright-core install chromium), or say where one is with --browser-path`,
    { cause: last },
  )
}

/** Of what Playwright says, with the browser's own log. */
function inShort({ message }: Error): string {
  if (/\$DISPLAY|headed browser without/.test(message))
    return '--headed needs a display, and there is none here'
  return (message.split('\n')[0] ?? '').replace(/^browserType\.launch: /, '')
}

function cardholderIn(browser: Browser): NewCardholder {
  return async (journey) => {
    const context = await browser.newContext({
      // The simulator's own certificate is known to nobody.
      ignoreHTTPSErrors: true,
      // They would answer in place of the network.
      serviceWorkers: 'block',
    })
    await context.addInitScript(inOneTab)
    await context.routeWebSocket(/.*/, (socket) => {
      const url = socket.url().replace(/^ws/, 'http')
      if (journey.isTheBank(url) || journey.isClickToPay(url)) socket.connectToServer()
      else void socket.close()
    })
    const page = await context.newPage()
    // What was opened in spite of all that; nothing looks at where it goes.
    context.on('page', (other) => void other.close().catch(() => undefined))
    const tab = await watchedTab(page, journey)
    return {
      atTheBank: browserBankVisit(tab, journey),
      throughClickToPay: browserClickToPayVisit(tab, journey),
      close: () => context.close(),
    }
  }
}

/** What would open another tab goes on in this one. */
const inOneTab = `
  window.open = (url) => { if (url) location.assign(url); return window }
  const here = (element) => ['target', 'formtarget'].forEach((name) => element.removeAttribute?.(name))
  const prepare = (event) => {
    document.querySelectorAll('base[target]').forEach(here)
    event.composedPath().forEach(here)
  }
  addEventListener('click', prepare, true)
  addEventListener('submit', prepare, true)
  const { submit } = HTMLFormElement.prototype
  HTMLFormElement.prototype.submit = function () { here(this); return submit.call(this) }
  const { click } = HTMLElement.prototype
  HTMLElement.prototype.click = function () { here(this); return click.call(this) }
  delete window.SharedWorker
`
