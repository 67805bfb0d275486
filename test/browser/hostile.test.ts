import type { Dialog, Frame, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import {
  add,
  test as base,
  begin,
  endAs,
  fillIn,
  heading,
  inBrowser,
  press,
} from '../support/browser.ts'
import { hostileEmail, hostileMouthfuls, hostileTexts } from '../support/hostile.ts'
import { card } from '../support/journey.ts'

const test = base.extend<{
  /** At the bank. From here on nothing may run, and no way lead anywhere but to Click to Pay and the bank. */
  page: Page
}>({
  page: async ({ open, simulatorUrl, bankUrl }, use) => {
    const page = await open('phone')
    const found: unknown[] = []
    const tell = async (dialog: Dialog) => {
      found.push(dialog.message())
      await dialog.dismiss()
    }
    const follow = (frame: Frame) => {
      const { origin } = new URL(frame.url())
      if (![simulatorUrl, bankUrl].includes(origin)) found.push(frame.url())
    }
    const ask = async () => {
      // The page may be gone by then, and the next one is asked.
      const pwned = await page.evaluate('window.pwned').catch(() => undefined)
      if (pwned !== undefined) found.push(`ran on ${page.url()}`)
    }
    page.on('dialog', tell).on('framenavigated', follow).on('domcontentloaded', ask)
    await use(page)
    page.off('dialog', tell).off('framenavigated', follow).off('domcontentloaded', ask)
    expect(found).toEqual([])
  },
})

/** What a field may hold of it: one line, and no null byte. */
const inField = (text: string) => text.replace(/[\r\n]/g, '').replaceAll('\0', '\ufffd')

const texts = Object.values(hostileTexts)

inBrowser('a hostile text', () => {
  test('in a link runs nowhere, and leads nowhere', async ({ page, pushed, bankUrl }) => {
    const signatureData = { callbackURL: `${bankUrl}/tokenization-results`, locale: 'en_US' }
    const push = await pushed({ signatureData })
    const plain = redirectUrl(push, { useCase: 'receipt', ...signatureData })
    const signed = redirectUrl(push, { useCase: 'signature' })
    const harmlessOnes = [
      'callbackRequired',
      'locale',
      'completeIssuerAppActivation',
      'completeWebsiteActivation',
      'accountHolderDataSupplied',
      'extFlow',
      'tokenRequestorSessionId',
      'anything',
    ]
    for (const [url, names, title, links] of [
      [plain, harmlessOnes, 'Add your card to Click to Pay', 0],
      [plain, ['pushAccountReceipts'], 'Card not found', 1],
      [plain, ['callbackURL'], 'This link is not valid', 0],
      [signed, ['pushAccountData'], 'This link is not valid', 0],
      [signed, ['visit'], 'This page has timed out', 1],
    ] as const)
      for (const text of hostileMouthfuls) {
        const link = new URL(url)
        for (const name of names) link.searchParams.set(name, text)
        await page.goto(link.href)
        await heading(page, title)
        expect(await page.getByRole('link').count(), text).toBe(links)
      }
  })

  test('in a field is still there, and nothing but text', async ({ page }) => {
    const email = page.getByLabel('E-mail address')
    const dialCode = page.getByLabel('Dialling code')
    const mobile = page.getByLabel('Mobile phone number')
    /** What a field makes of it. */
    const typed = async (field: Locator, text: string) => {
      await field.fill(text)
      return inField(await field.inputValue()).trim()
    }
    const send = (button: string) =>
      Promise.all([page.waitForEvent('domcontentloaded'), press(page, button)])

    await add(page)
    for (const text of hostileMouthfuls) {
      const value = await typed(email, text)
      await send('Continue')
      expect(await email.inputValue()).toBe(value)
    }
    await begin(page)
    await heading(page, 'You are new to Click to Pay')
    for (const text of hostileMouthfuls) {
      const value = await typed(email, text)
      const code = await typed(dialCode, text)
      const number = await typed(mobile, text)
      await send('Add my card')
      expect(await email.inputValue()).toBe(value)
      expect(await dialCode.inputValue()).toBe(code)
      expect(await mobile.inputValue()).toBe(number)
    }
  })

  test('in hidden fields settles nothing', async ({ page }) => {
    await add(page)
    for (const [field, text] of [
      ['visit', hostileTexts['a script']],
      ['visit', hostileTexts['the end of an attribute in double quotes']],
    ] as const) {
      await heading(page, 'Add your card to Click to Pay')
      await page.evaluate(
        `document.querySelector('main [name=${field}]').value = ${JSON.stringify(text)}`,
      )
      await press(page, 'Continue')
      await heading(page, 'This page has timed out')
      await page.goBack()
    }
    await endAs(page, 'DECLINED')
    await page.waitForURL(/=DECLINED$/)
  })

  test('of an account holder is shown as it was pushed', async ({ page, pushed, bankUrl }) => {
    const limits = { line1: 64, line2: 64, city: 32, countrySubdivision: 12, postalCode: 16 }
    const labels = [
      'Full name',
      'Address',
      'Address, second line',
      'City',
      'State or region',
      'Postal code',
    ]
    for (let first = 0; first < texts.length; first += labels.length) {
      const shown = [27, ...Object.values(limits)].map((limit, position) =>
        (texts[(first + position) % texts.length] ?? '').slice(0, limit),
      )
      const [accountHolderName, ...address] = shown
      const account = card()
      const push = await pushed({
        scenario: 'approved-new-consumer',
        accounts: [
          {
            ...account,
            fundingAccountData: {
              ...account.fundingAccountData,
              accountHolderData: {
                accountHolderName,
                accountHolderAddress: Object.fromEntries(
                  Object.keys(limits).map((name, position) => [name, address[position]]),
                ),
                accountHolderEmailAddress: `${first}${hostileEmail}`,
              },
            },
          },
        ],
        signatureData: { callbackURL: `${bankUrl}/tokenization-results`, locale: 'en_US' },
      })
      await page.goto(redirectUrl(push, { useCase: 'signature' }))
      await page.getByLabel('E-mail address').fill(`jane${first}@example.com`)
      await fillIn(page)
      await press(page, 'Add my card')
      await heading(page, 'Your details')
      for (const [position, label] of labels.entries())
        expect(await page.getByLabel(`${label} (optional)`, { exact: true }).inputValue()).toBe(
          inField(shown[position] ?? ''),
        )
    }
  })

  test('in an e-mail address is shown to whoever is remembered by it', async ({ page }) => {
    await add(page, 'Approved new consumer')
    await page.getByLabel('E-mail address').fill(hostileEmail)
    await fillIn(page)
    await page.getByRole('checkbox', { name: 'Remember me' }).check()
    await press(page, 'Add my card')
    await press(page, 'Save and continue')
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await page.getByRole('link', { name: 'Back to your cards' }).click()
    await add(page)
    await heading(page, 'Welcome back')
    await page.getByText('@"><img/src=x/onerror=pwned=1>.example.com').waitFor()
  })

  test('in the callback is shown by the bank, and trusted by nobody', async ({
    page,
    pushed,
    bankUrl,
  }) => {
    const results = `${bankUrl}/tokenization-results`
    const callbackURL = `${results}?x="><script>pwned=1</script>&y='onload=pwned=1#"><img/src=x/onerror=pwned=1>`
    const push = await pushed({
      scenario: 'cardholder-returns-late',
      signatureData: { callbackURL, locale: 'en_US' },
    })
    await page.goto(redirectUrl(push, { useCase: 'signature' }))
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await heading(page, 'This answer is about none of our cards')
    for (const text of hostileMouthfuls) {
      const receipt = `results%5B${encodeURIComponent(text)}%5D`
      await page.goto(`${results}?${receipt}=${encodeURIComponent(`${text}|${text}`)}`)
      expect(await page.textContent('main')).toMatch(/It is not trusted\.|not guessed at/)
    }
  })
})

inBrowser('a page of another site', () => {
  base.for(['localhost', '127.0.0.1'])(
    '(%s) sends a form in the name of the cardholder, and changes nothing',
    async (host, { open, listen }) => {
      const cardholder = await open('desktop')
      await add(cardholder)
      await heading(cardholder, 'Add your card to Click to Pay')
      // More than another site could know.
      const visit = await cardholder.locator('main [name=visit]').getAttribute('value')
      const url = cardholder.url()
      const attack = `<form method="post" action="${url}"><input name="visit" value="${visit}"><input name="decision" value="CANCELLED"></form><script>document.forms[0].submit()</script>`
      const site = await listen(
        () => new Response(attack, { headers: { 'Content-Type': 'text/html' } }),
      )
      const tab = await cardholder.context().newPage()
      await tab.goto(site.replace('localhost', host))
      await heading(tab, 'This page has timed out')
      await begin(cardholder)
      await heading(cardholder, 'You are new to Click to Pay')
    },
  )

  base('cannot show Click to Pay within itself', async ({ open, listen }) => {
    const cardholder = await open('desktop')
    await add(cardholder)
    await heading(cardholder, 'Add your card to Click to Pay')
    const frames = `<h1>Win a prize</h1><iframe src="${cardholder.url()}"></iframe>`
    const site = await listen(
      () => new Response(frames, { headers: { 'Content-Type': 'text/html' } }),
    )
    const tab = await cardholder.context().newPage()
    const refused = tab.waitForEvent('console', (message) =>
      message.text().includes("frame-ancestors 'none'"),
    )
    await tab.goto(site)
    await refused
    await heading(tab, 'Win a prize')
    expect(await tab.frameLocator('iframe').getByText('Click to Pay').count()).toBe(0)
  })
})
