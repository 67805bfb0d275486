import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import {
  type Browser,
  type BrowserContextOptions,
  chromium as engine,
  type Page,
} from 'playwright-core'
import { afterAll, test as base, beforeAll, describe, expect } from 'vitest'
import { bank } from '../../src/issuer/bank.ts'
import { magicCards } from '../../src/issuer/bank-cards.ts'
import { clickToPay, push, redirectUrl } from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import { type Served, serve } from '../../src/serve.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { chromium, hasChromium } from '../support/programs.ts'
import { createSimulator } from '../support/simulator.ts'

/** Looked at by people; kept by CI. */
const screenshots = fileURLToPath(new URL('../../node_modules/.cache/screenshots', import.meta.url))

const sizes: Readonly<Record<string, BrowserContextOptions>> = {
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
}

let browser: Browser

type Story = {
  simulator: Simulator
  bankUrl: string
  /** Opens the bank; whatever the console complains of fails the test. */
  open: (size: keyof typeof sizes, options?: BrowserContextOptions) => Promise<Page>
  look: (page: Page, name: string) => Promise<void>
}

const test = base.extend<Story>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  simulator: async ({}, use) =>
    use(await createSimulator({ data: dataDirectory, scenario: 'ask' })),
  bankUrl: async ({ simulator }, use) => {
    const server = await serve(simulator, { port: 0 })
    const project = await readProject(simulator.keyring, server.url)
    const demo: Served = bank({
      project,
      ownUrl: () => demo.publicUrl ?? '',
      cards: () => magicCards(simulator.scenarios),
    })
    const bankServer = await serve(demo, { port: 0 })
    await use(bankServer.url)
    await Promise.all([server.close(), bankServer.close()])
  },
  open: async ({ bankUrl }, use) => {
    const complaints: string[] = []
    await use(async (size, options) => {
      const context = await browser.newContext({ ...sizes[size], ...options })
      const page = await context.newPage()
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', ({ message }) => complaints.push(message))
      await page.goto(bankUrl)
      return page
    })
    // A problem page's status is no complaint of ours, nor that the bank stays out of the frame of a double click.
    const expected = /status of (400|404|410|502)|^Framing .* directive: "frame-ancestors 'none'"/
    expect(complaints.filter((text) => !expected.test(text))).toEqual([])
  },
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  look: async ({}, use) => {
    await mkdir(screenshots, { recursive: true })
    await use(async (page, name) => {
      const wide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth')
      expect(wide, `${name} scrolls sideways`).toBe(false)
      await page.evaluate(axe.source)
      const { violations } = (await page.evaluate('axe.run()')) as Pick<AxeResults, 'violations'>
      expect(
        violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        name,
      ).toEqual([])
      await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
    })
  },
})

/** A test card is in a group that must be opened first. */
async function add(page: Page, card: string): Promise<void> {
  const named = { name: new RegExp(`^Add ${card} ending`) }
  const group = page.locator('details', {
    has: page.getByRole('button', { ...named, includeHidden: true }),
  })
  if ((await group.count()) > 0) await group.locator('summary').click()
  await page.getByRole('button', named).click()
}

/** Somebody new to Click to Pay says who they are. */
async function signUp(page: Page, submit: 'click' | 'dblclick' = 'click'): Promise<void> {
  await page.getByLabel('E-mail address').fill(`${crypto.randomUUID()}@example.com`)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Dialling code').fill('1')
  await page.getByLabel('Mobile phone number').fill('718 1234567')
  await page.getByRole('checkbox', { name: 'I accept the terms' }).check()
  await page.getByRole('button', { name: 'Add my card' })[submit]()
}

describe.skipIf(!hasChromium)(
  'through the bank in a browser (skipped without Chromium)',
  { timeout: 30_000 },
  () => {
    beforeAll(async () => {
      browser = await engine.launch({
        executablePath: chromium,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
    })
    afterAll(() => browser.close())

    for (const size of Object.keys(sizes)) {
      test(`a card is added, on a ${size}`, async ({ open, look }) => {
        const page = await open(size)
        await look(page, `${size}-1-bank`)
        await add(page, 'Everyday credit')
        await page.waitForURL(/\/provision\?pushAccountData=/)
        await look(page, `${size}-2-click-to-pay`)
        await page.getByRole('button', { name: 'Continue' }).click()
        await page.getByText('Please look at this again.').waitFor()
        await signUp(page)
        await page.getByRole('heading', { name: 'Your details' }).waitFor()
        await look(page, `${size}-3-details`)
        await page.getByRole('button', { name: 'Save and continue' }).click()
        await page.getByText('Your card was added', { exact: true }).waitFor()
        await look(page, `${size}-3-added`)
        await page.getByRole('link', { name: 'Back to your bank' }).click()
        await page.waitForURL(
          /\/tokenization-results\?results%5BMCC-STL-[^=]+%5D=APPROVED%7CDM4MMC/,
        )
        await look(page, `${size}-4-result`)
        expect(await page.textContent('main')).toMatch(
          /Your card is in Click to Pay.*Everyday credit ending 2346/s,
        )
        expect(await page.textContent('main')).toContain(page.url())
      })
    }

    test('in the receipt use case, declined', async ({ open }) => {
      const page = await open('phone')
      await page.getByText('Options').click()
      await page.getByRole('radio', { name: 'receipt' }).check()
      await add(page, 'Everyday credit')
      await page.waitForURL(/\/provision\?pushAccountReceipts=/)
      await page.getByRole('combobox', { name: 'End it' }).selectOption('DECLINED')
      await page.getByRole('button', { name: 'Go' }).click()
      await page.waitForURL(/=DECLINED$/)
      expect(await page.textContent('main')).toContain('Your card was not added')
    })

    test.for([true, false])(
      'the same result twice, as from a double click (scripts: %s)',
      async (javaScriptEnabled, { open, simulator }) => {
        simulator.use('cardholder-double-clicks')
        const page = await open('phone', { javaScriptEnabled })
        const asked: string[] = []
        page.on('request', (request) => {
          if (request.url().includes('tokenization-results')) asked.push(request.url())
        })
        await add(page, 'Everyday credit')
        await page.waitForURL(/\/provision\?/)
        await page.waitForURL(/=APPROVED%7C/)
        expect(asked).toHaveLength(2)
        expect(asked[1]).toBe(asked[0])
      },
    )

    test('a late return, which the cardholder need not wait for', async ({
      open,
      look,
      simulator,
    }) => {
      simulator.use('cardholder-returns-late')
      const page = await open('desktop')
      await add(page, 'Everyday credit')
      await page.getByText('Your card was added', { exact: true }).waitFor()
      await look(page, 'desktop-late')
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.waitForURL(/=APPROVED%7C/)
    })

    test('a page that never loads, until the cardholder tries again', async ({
      open,
      simulator,
    }) => {
      const page = await open('phone')
      simulator.use('wire-page-reset')
      await add(page, 'Everyday credit')
      await page.waitForURL('chrome-error://chromewebdata/')
      simulator.use(undefined)
      await page.goBack()
      await add(page, 'Approved')
      await page.waitForURL(/=APPROVED%7C/)
    })

    test('a step-up', async ({ open, look, simulator }) => {
      simulator.use('step-up-by-text')
      const page = await open('phone')
      await add(page, 'Everyday credit')
      await signUp(page)
      await page.getByText('A code by text message').waitFor()
      await page.reload()
      await look(page, 'phone-step-up')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByLabel('Code').fill('12')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByText('Enter the six digits of the code.').waitFor()
      await look(page, 'phone-step-up-code')
      const code = (await page.locator('#one-time-code').textContent()) ?? ''
      await page.getByLabel('Code').fill(code)
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.waitForURL(/=APPROVED%7C/)
    })

    test('a device that is remembered needs one button the next time', async ({ open, look }) => {
      const page = await open('phone')
      await add(page, 'Approved new consumer')
      await page.getByLabel('E-mail address').fill('jane@example.com')
      await page.getByLabel('Dialling code').fill('1')
      await page.getByLabel('Mobile phone number').fill('718 1234567')
      await page.getByRole('checkbox', { name: 'Remember me' }).check()
      await look(page, 'phone-sign-up')
      await page.getByRole('checkbox', { name: 'I accept the terms' }).check()
      await page.getByRole('button', { name: 'Add my card' }).click()
      await page.getByRole('button', { name: 'Save and continue' }).click()
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.getByRole('link', { name: 'Back to your cards' }).click()
      await add(page, 'Everyday credit')
      await page.getByText('We remember you on this device as').waitFor()
      await look(page, 'phone-remembered')
      await page.getByRole('button', { name: 'Add my card' }).click()
      await page.getByText('Your card was added', { exact: true }).waitFor()
    })

    test('with the keyboard only, on a narrow window', async ({ open, look }) => {
      const page = await open('desktop')
      // As much room as 400 % zoom leaves on a desktop (WCAG 2.2, 1.4.10).
      await page.setViewportSize({ width: 320, height: 640 })
      await add(page, 'Everyday credit')
      await page.waitForURL(/\/provision/)
      const tabTo = async (name: string) => {
        for (let n = 0; n < 20; n += 1) {
          await page.keyboard.press('Tab')
          const focused = await page.evaluate(
            'document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText',
          )
          const outline = await page.evaluate(
            'getComputedStyle(document.activeElement).outlineStyle',
          )
          if (String(focused).startsWith(name)) return expect(outline, name).not.toBe('none')
        }
        throw new Error(`${name} cannot be reached`)
      }
      await tabTo('E-mail address')
      await page.keyboard.type('keys@example.com')
      await page.keyboard.press('Enter')
      await page.getByText('You are new to Click to Pay').waitFor()
      await look(page, 'narrow-sign-up')
      await tabTo('Dialling code')
      await page.keyboard.type('1')
      await tabTo('Mobile phone number')
      await page.keyboard.type('7181234567')
      await tabTo('I accept')
      await page.keyboard.press('Space')
      await tabTo('Add my card')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Your details' }).waitFor()
      await look(page, 'narrow-details')
      await tabTo('Save and continue')
      await page.keyboard.press('Enter')
      await page.getByText('Your card was added', { exact: true }).waitFor()
      await tabTo('Back to your bank')
      await page.keyboard.press('Enter')
      await page.waitForURL(/=APPROVED%7C/)
    })

    test('from right to left', async ({ open, look }) => {
      const page = await open('phone')
      await page.getByText('Options').click()
      await page.locator('select[name=locale]').selectOption('ar_AE')
      await add(page, 'Everyday credit')
      await page.waitForURL(/\/provision/)
      expect(await page.getAttribute('html', 'dir')).toBe('rtl')
      await look(page, 'phone-arabic')
    })

    test('a cardholder who walks away', async ({ open, look, simulator }) => {
      simulator.use('cardholder-walks-away')
      const page = await open('phone')
      await add(page, 'Everyday credit')
      await page.getByText('You can close this page.').waitFor()
      await look(page, 'phone-never')
    })

    test('without JavaScript, cancelled', async ({ open }) => {
      const page = await open('desktop', { javaScriptEnabled: false })
      await add(page, 'Everyday credit')
      await page.getByRole('button', { name: 'I have changed my mind' }).click()
      await page.getByRole('button', { name: 'No, go on' }).click()
      await page.getByRole('button', { name: 'I have changed my mind' }).click()
      await page.getByRole('button', { name: 'Yes, stop' }).click()
      await page.waitForURL(/=CANCELLED$/)
    })

    test.for([
      ['Approved', /=APPROVED%7C/, 'Your card is in Click to Pay'],
      ['Declined', /=DECLINED$/, 'Your card was not added'],
      ['Cardholder cancels', /=CANCELLED$/, 'You did not add the card'],
    ] as const)('the card decides: %s', async ([card, url, text], { open }) => {
      const page = await open('phone')
      await add(page, card)
      await page.waitForURL(url)
      expect(await page.textContent('main')).toContain(text)
    })

    test('a card that is not eligible stays at the bank', async ({ open, look }) => {
      const page = await open('phone')
      await add(page, 'Ineligible card')
      await page.getByText('This card cannot be added to Click to Pay').waitFor()
      await look(page, 'phone-4-ineligible')
      expect(await page.textContent('main')).toContain('ACCOUNT_INELIGIBLE')
    })

    test('an expired receipt ends on a page, and the link leads back with ERROR', async ({
      open,
      look,
    }) => {
      const page = await open('phone')
      await add(page, 'Cardholder returns after expiry')
      await page.getByText('This took too long').first().waitFor()
      await look(page, 'phone-5-expired')
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.waitForURL(/=ERROR$/)
      expect(await page.textContent('main')).toContain('Something went wrong at Click to Pay')
    })

    test('back and forward again meets the used page, a double click goes back once', async ({
      open,
    }) => {
      const page = await open('desktop')
      await add(page, 'Everyday credit')
      await page.waitForURL(/\/provision/)
      const provision = page.url()
      await signUp(page, 'dblclick')
      await page.getByRole('button', { name: 'Save and continue' }).click()
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.waitForURL(/=APPROVED/)
      await page.goto(provision)
      expect(await page.textContent('h1')).toBe('This link was already used')
    })

    test('a callback that leads on to another origin is reached from the page too', async ({
      simulator,
      open,
    }) => {
      const landing = await serve({ fetch: () => new Response('welcome back') }, { port: 0 })
      const elsewhere = landing.url.replace('localhost', '127.0.0.1')
      const callback = await serve(
        { fetch: () => Response.redirect(`${elsewhere}/done`, 302) },
        { port: 0 },
      )
      const project = await readProject(simulator.keyring, simulator.publicUrl ?? '')
      const pushed = await push(project, {
        requestId: '1',
        tokenRequestorId: clickToPay,
        accounts: [
          {
            pushAccountId: '1',
            fundingAccountData: { cardAccountData: { accountNumber: '5123456789012346' } },
          },
        ],
        signatureData: { callbackURL: callback.url, locale: 'en_US' },
      })
      if (!pushed.accepted) throw new Error(pushed.text)
      const page = await open('desktop')
      await page.goto(redirectUrl(pushed, { useCase: 'signature' }))
      await page.getByRole('button', { name: 'Go' }).click()
      await page.waitForURL(`${elsewhere}/done`)
      await Promise.all([landing.close(), callback.close()])
    })

    test('a result that the bank did not push is not trusted', async ({ open, bankUrl }) => {
      const page = await open('desktop')
      await page.goto(
        `${bankUrl}/tokenization-results?results%5BMCC-STL-04FB7337-2308-4312-9433-C608BC1C391B%5D=APPROVED%7C<script>alert(1)</script>`,
      )
      expect(await page.textContent('main')).toContain('It is not trusted.')
    })
  },
)
