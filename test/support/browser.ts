import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium as engine,
  type Page,
  type WebError,
} from 'playwright-core'
import { describe, expect } from 'vitest'
import { bank } from '../../src/issuer/bank.ts'
import { magicCards } from '../../src/issuer/bank-cards.ts'
import { type PushAccepted, push as pushTo } from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import { type Served, type Server, serve } from '../../src/serve.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from './data-directory.ts'
import { accepted, type PushOverrides, pushArguments } from './journey.ts'
import { chromium, hasChromium } from './programs.ts'
import { createSimulator } from './simulator.ts'
import { test as base } from './temporary-folder.ts'

/** Looked at by people; kept by CI. */
const screenshots = fileURLToPath(new URL('../../node_modules/.cache/screenshots', import.meta.url))

const contexts = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>
export type Size = keyof typeof contexts
export const sizes = Object.keys(contexts) as readonly Size[]

/** The fixtures of a story: a simulator and a bank that listen, and a cardholder's browser. */
export type Story = {
  readonly browser: Browser
  /** One device of each kind serves all tests of a file, since a new one takes long to warm up. */
  readonly deviceOf: (size: Size, options?: BrowserContextOptions) => Promise<Page>
  readonly simulator: Simulator
  /** Plays a story that is not among the shipped ones, in YAML. */
  readonly story: (rest: string) => Promise<void>
  readonly simulatorUrl: string
  readonly bankUrl: string
  /** Another site. @returns its URL. */
  readonly listen: (fetch: Served['fetch']) => Promise<string>
  /** A push that must be accepted, past the bank. */
  readonly pushed: (overrides?: PushOverrides) => Promise<PushAccepted>
  /** Opens the bank on a device that remembers nothing; whatever its console complains of fails the test. */
  readonly open: (size: Size, options?: BrowserContextOptions) => Promise<Page>
  /** Sees that a page fits and has no serious barrier, and keeps a picture of it. */
  readonly look: (page: Page, name: string) => Promise<void>
  /** The same in the window of each size, and leaves the last one. */
  readonly lookInAll: (page: Page, name: string) => Promise<void>
}

export const test = base.extend<Story>({
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
    async ({}, use) => {
      const browser = await engine.launch({
        executablePath: chromium,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
      await use(browser)
      await browser.close()
    },
    { scope: 'file' },
  ],
  deviceOf: [
    async ({ browser }, use) => {
      const pages = new Map<string, Promise<Page>>()
      const newDevice = async (options: BrowserContextOptions) => {
        const context = await browser.newContext(options)
        // Sooner than a test's own, so that it says what was waited for.
        context.setDefaultTimeout(15_000)
        return context.newPage()
      }
      await use((size, options) => {
        const name = JSON.stringify([size, options])
        const page = pages.get(name) ?? newDevice({ ...contexts[size], ...options })
        pages.set(name, page)
        return page
      })
    },
    { scope: 'file' },
  ],
  simulator: async ({ folder }, use) =>
    use(await createSimulator({ data: dataDirectory, scenario: 'ask', scenarios: [folder] })),
  story: async ({ folder, simulator }, use) =>
    use(async (rest) => {
      await writeFile(
        join(folder, 'of-this-test.yaml'),
        `name: of-this-test\ndescription: A story.\n${rest}\n`,
      )
      await simulator.reloadScenarios()
      simulator.use('of-this-test')
    }),
  simulatorUrl: async ({ simulator }, use) => {
    const server = await serve(simulator, { port: 0 })
    await use(server.url)
    leave(server)
  },
  bankUrl: async ({ simulator, simulatorUrl }, use) => {
    const project = await readProject(simulator.keyring, simulatorUrl)
    const demo: Served = bank({
      project,
      ownUrl: () => demo.publicUrl ?? '',
      cards: () => magicCards(simulator.scenarios),
    })
    const server = await serve(demo, { port: 0 })
    await use(server.url)
    leave(server)
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  listen: async ({}, use) => {
    const servers: Server[] = []
    await use(async (fetch) => {
      const server = await serve({ fetch }, { port: 0 })
      servers.push(server)
      return server.url
    })
    servers.forEach(leave)
  },
  pushed: async ({ simulator, simulatorUrl }, use) => {
    const project = await readProject(simulator.keyring, simulatorUrl)
    await use(async (overrides) => accepted(await pushTo(...pushArguments(project, overrides))))
  },
  open: async ({ deviceOf, bankUrl }, use) => {
    const complaints: string[] = []
    const complain = (message: ConsoleMessage) =>
      message.type() === 'error' && complaints.push(message.text())
    const fail = (thrown: WebError) => complaints.push(thrown.error().message)
    const opened = new Set<BrowserContext>()
    await use(async (size, options) => {
      const page = await deviceOf(size, options)
      const context = page.context()
      await Promise.all([context.clearCookies(), page.setViewportSize(contexts[size].viewport)])
      opened.add(context)
      context.on('console', complain).on('weberror', fail)
      await page.goto(bankUrl)
      return page
    })
    for (const context of opened) {
      context.off('console', complain).off('weberror', fail)
      const [page, ...others] = context.pages()
      await Promise.all([page?.goto('about:blank'), ...others.map((other) => other.close())])
    }
    // A problem page's status is no complaint of ours, nor that the bank stays out of the frame of a double click.
    const expected =
      /status of (400|404|410|413|500|502)|^Framing .* directive: "frame-ancestors 'none'"/
    expect(complaints.filter((text) => !expected.test(text))).toEqual([])
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  look: async ({}, use) => {
    await mkdir(screenshots, { recursive: true })
    await use(async (page, name) => {
      const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
      expect(wide, `${name} scrolls sideways`).toBe(false)
      if (await page.evaluate('!("axe" in window)')) await page.evaluate(axe.source)
      const { violations } = (await page.evaluate(
        'axe.run({ resultTypes: ["violations"] })',
      )) as Pick<AxeResults, 'violations'>
      expect(
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        name,
      ).toEqual([])
      await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
    })
  },
  lookInAll: async ({ look }, use) =>
    use(async (page, name) => {
      for (const size of sizes) {
        await page.setViewportSize(contexts[size].viewport)
        await look(page, `${size}-${name}`)
      }
    }),
})

/** Without waiting: a browser may keep a connection that it has opened on suspicion. */
function leave(server: Server): void {
  void server.close()
}

/** Stories that need a browser; one after the other, since side by side they only take turns. */
export function inBrowser(title: string, stories: () => void): void {
  describe.skipIf(!hasChromium)(
    `${title}, in a browser (skipped without Chromium)`,
    { timeout: 30_000 },
    stories,
  )
}

export const everyday = 'Everyday credit'

/** At the bank. A test card is in a group that must be opened first. */
export async function add(page: Page, card: string = everyday): Promise<void> {
  const named = { name: new RegExp(`^Add ${card} ending`) }
  const group = page.locator('details', {
    has: page.getByRole('button', { ...named, includeHidden: true }),
  })
  if ((await group.count()) > 0) await group.locator('summary').click()
  await page.getByRole('button', named).click()
}

export type Click = 'click' | 'dblclick'

export async function press(page: Page, button: string, click: Click = 'click'): Promise<void> {
  await page.getByRole('button', { name: button, exact: true })[click]()
}

/** Of the page that comes next, or is there already. */
export async function heading(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor()
}

/** Gives an e-mail address, somebody new's unless told otherwise. */
export async function begin(
  page: Page,
  email = `${crypto.randomUUID()}@example.com`,
): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await press(page, 'Continue')
}

/** Somebody new to Click to Pay has said how to be reached, and may have the card added. */
export async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('Dialling code').fill('1')
  await page.getByLabel('Mobile phone number').fill('718 1234567')
  await page.getByRole('checkbox', { name: 'I accept the terms' }).check()
}

/** Somebody new to Click to Pay says who they are. */
export async function signUp(
  page: Page,
  { email, click }: { readonly email?: string; readonly click?: Click } = {},
): Promise<void> {
  await begin(page, email)
  await fillIn(page)
  await press(page, 'Add my card', click)
}

/** In the simulator's bar. */
export async function endAs(page: Page, status: string): Promise<void> {
  await page.getByRole('combobox', { name: 'End it' }).selectOption(status)
  await press(page, 'Go')
}

/** What the simulator's bar shows in place of a phone. */
export async function shownCode(page: Page): Promise<string> {
  return (await page.locator('#one-time-code').textContent()) ?? ''
}
