import { expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import {
  add,
  endAs,
  fillIn,
  heading,
  inBrowser,
  press,
  signUp,
  sizes,
  test,
} from '../support/browser.ts'

inBrowser('through the bank', () => {
  for (const size of sizes) {
    test(`a card is added, on a ${size}`, async ({ open, look }) => {
      const page = await open(size)
      await look(page, `${size}-1-bank`)
      await add(page)
      await page.waitForURL(/\/provision\?pushAccountData=/)
      await press(page, 'Continue')
      await page.getByText('Please look at this again.').waitFor()
      await signUp(page)
      await heading(page, 'Your details')
      await press(page, 'Save and continue')
      await heading(page, 'Your card was added')
      await page.getByRole('link', { name: 'Back to your bank' }).click()
      await page.waitForURL(/\/tokenization-results\?results%5BMCC-STL-[^=]+%5D=APPROVED%7CDM4MMC/)
      await look(page, `${size}-2-result`)
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
    await add(page)
    await page.waitForURL(/\/provision\?pushAccountReceipts=/)
    await endAs(page, 'DECLINED')
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
      await add(page)
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
    await add(page)
    await heading(page, 'Your card was added')
    await look(page, 'desktop-late')
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await page.waitForURL(/=APPROVED%7C/)
  })

  test('a page that never loads, until the cardholder tries again', async ({ open, simulator }) => {
    const page = await open('phone')
    simulator.use('wire-page-reset')
    await add(page)
    await page.waitForURL('chrome-error://chromewebdata/')
    simulator.use(undefined)
    await page.goBack()
    await add(page, 'Approved')
    await page.waitForURL(/=APPROVED%7C/)
  })

  test('a device that is remembered needs one button the next time', async ({ open }) => {
    const page = await open('phone')
    await add(page, 'Approved new consumer')
    await page.getByLabel('E-mail address').fill('jane@example.com')
    await fillIn(page)
    await page.getByRole('checkbox', { name: 'Remember me' }).check()
    await press(page, 'Add my card')
    await press(page, 'Save and continue')
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await page.getByRole('link', { name: 'Back to your cards' }).click()
    await add(page)
    await page.getByText('We remember you on this device as').waitFor()
    await press(page, 'Add my card')
    await heading(page, 'Your card was added')
  })

  test('with the keyboard only, on a narrow window', async ({ open, look }) => {
    const page = await open('desktop')
    // As much room as 400 % zoom leaves on a desktop (WCAG 2.2, 1.4.10).
    await page.setViewportSize({ width: 320, height: 640 })
    await add(page)
    await page.waitForURL(/\/provision/)
    const tabTo = async (name: string) => {
      for (let n = 0; n < 20; n += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(
          'document.activeElement.labels?.[0]?.innerText ?? document.activeElement.innerText',
        )
        const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
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
    await heading(page, 'Your details')
    await look(page, 'narrow-details')
    await tabTo('Save and continue')
    await page.keyboard.press('Enter')
    await heading(page, 'Your card was added')
    await tabTo('Back to your bank')
    await page.keyboard.press('Enter')
    await page.waitForURL(/=APPROVED%7C/)
  })

  test('from right to left', async ({ open, look }) => {
    const page = await open('phone')
    await page.getByText('Options').click()
    await page.locator('select[name=locale]').selectOption('ar_AE')
    await add(page)
    await page.waitForURL(/\/provision/)
    expect(await page.getAttribute('html', 'dir')).toBe('rtl')
    await look(page, 'phone-arabic')
  })

  test('a cardholder who walks away', async ({ open, look, simulator }) => {
    simulator.use('cardholder-walks-away')
    const page = await open('phone')
    await add(page)
    await page.getByText('You can close this page.').waitFor()
    await look(page, 'phone-never')
  })

  test('without JavaScript, cancelled', async ({ open }) => {
    const page = await open('desktop', { javaScriptEnabled: false })
    await add(page)
    await press(page, 'I have changed my mind')
    await press(page, 'No, go on')
    await press(page, 'I have changed my mind')
    await press(page, 'Yes, stop and go back to my bank')
    await page.waitForURL(/=CANCELLED$/)
  })

  test('a card that is not eligible stays at the bank', async ({ open, look }) => {
    const page = await open('phone')
    await add(page, 'Ineligible card')
    await page.getByText('This card cannot be added to Click to Pay').waitFor()
    await look(page, 'phone-ineligible')
    expect(await page.textContent('main')).toContain('ACCOUNT_INELIGIBLE')
  })

  test('back and forward again meets the used page, a double click goes back once', async ({
    open,
  }) => {
    const page = await open('desktop')
    await add(page)
    await page.waitForURL(/\/provision/)
    const provision = page.url()
    await signUp(page, { click: 'dblclick' })
    await press(page, 'Save and continue')
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await page.waitForURL(/=APPROVED/)
    await page.goto(provision)
    expect(await page.textContent('h1')).toBe('This link was already used')
  })

  test('a callback that leads on to another origin is reached from the page too', async ({
    open,
    listen,
    pushed,
  }) => {
    const landing = await listen(() => new Response('welcome back'))
    const elsewhere = landing.replace('localhost', '127.0.0.1')
    const callbackURL = await listen(() => Response.redirect(`${elsewhere}/done`, 302))
    const push = await pushed({ signatureData: { callbackURL, locale: 'en_US' } })
    const page = await open('desktop')
    await page.goto(redirectUrl(push, { useCase: 'signature' }))
    await press(page, 'Go')
    await page.waitForURL(`${elsewhere}/done`)
  })

  test('a result that the bank did not push is not trusted', async ({ open, bankUrl }) => {
    const page = await open('desktop')
    await page.goto(
      `${bankUrl}/tokenization-results?results%5BMCC-STL-04FB7337-2308-4312-9433-C608BC1C391B%5D=APPROVED%7C<script>alert(1)</script>`,
    )
    expect(await page.textContent('main')).toContain('It is not trusted.')
  })
})
