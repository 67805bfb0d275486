import { describe, expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import { test as base, callbackURL } from '../support/journey.ts'

const test = base.extend<{
  /** The page that a push of this scenario and locale leads to, in a browser that likes this language. */
  pageOf: (story: {
    readonly scenario: string
    readonly locale?: string
    readonly acceptLanguage?: string
    readonly callbackURL?: string
  }) => Promise<{ readonly text: string; readonly response: Response }>
}>({
  pageOf: async ({ pushed, simulator }, use) =>
    use(async ({ scenario, locale, acceptLanguage = 'fr', callbackURL: back = callbackURL }) => {
      const signatureData = { callbackURL: back, ...(locale !== undefined && { locale }) }
      const push = await pushed({ scenario, signatureData })
      const response = await simulator.fetch(
        new Request(redirectUrl(push, { useCase: 'signature' }), {
          headers: { 'Accept-Language': acceptLanguage },
        }),
      )
      return { text: await response.text(), response }
    }),
})

describe('the pages speak the language of the locale', () => {
  test.for([
    ['en_GB', 'en', 'ltr', 'Add your card to Click to Pay'],
    ['cs_CZ', 'cs', 'ltr', 'Přidejte si kartu do služby Click to Pay'],
    ['de_AT', 'de', 'ltr', 'Karte zu Click to Pay hinzufügen'],
    ['es_MX', 'es', 'ltr', 'Añada su tarjeta a Click to Pay'],
    ['ar_AE', 'ar', 'rtl', 'إضافة بطاقتك إلى Click to Pay'],
  ] as const)('%s', async ([locale, language, direction, title], { pageOf }) => {
    const { text } = await pageOf({ scenario: 'ask', locale })
    expect(text).toContain(`<html lang="${language}" dir="${direction}">`)
    expect(text).toContain(`<h1>${title}</h1>`)
    // What is for the tester stays in English.
    expect(text).toContain('<aside lang="en" dir="ltr">Simulator, not Mastercard.')
  })

  test('or else that of the browser, or else English', async ({ pageOf }) => {
    const german = await pageOf({ scenario: 'ask', locale: 'fr_FR', acceptLanguage: 'de-CH' })
    expect(german.text).toContain('<html lang="de"')
    const english = await pageOf({ scenario: 'ask', acceptLanguage: 'fr' })
    expect(english.text).toContain('<html lang="en"')
  })

  test('the problem pages too', async ({ pageOf }) => {
    const { text } = await pageOf({ scenario: 'cardholder-goes-back', locale: 'de_DE' })
    expect(text).toContain('<h1>Dieser Link wurde bereits verwendet</h1>')
  })
})

test('without a locale the journal says that the browser decided', async ({
  pageOf,
  simulator,
}) => {
  await pageOf({ scenario: 'ask', acceptLanguage: 'cs' })
  expect((await simulator.journal.entries()).at(-1)?.warnings).toEqual([
    'signatureData had no locale: the pages are in cs, as the browser likes it',
  ])
  await pageOf({ scenario: 'ask', locale: 'fr_FR' })
  expect((await simulator.journal.entries()).at(-1)?.warnings).toEqual([
    'there are no pages in the language of fr_FR here: they are in en; which languages Click to Pay has is published nowhere',
  ])
})

describe('the card is shown once there is a token, and not before', () => {
  test('its last four digits, and no more', async ({ pageOf }) => {
    const asked = await pageOf({ scenario: 'ask', locale: 'en_US' })
    expect(asked.text).not.toContain('2346')
    const { text } = await pageOf({ scenario: 'cardholder-walks-away', locale: 'en_US' })
    expect(text).toContain('Card ending in 2346')
    expect(text).not.toContain('512345')
  })
})

describe('an app of the bank', () => {
  const app = {
    scenario: 'approved-again',
    locale: 'en_US',
    callbackURL: 'moonbank://pushcallback',
  }

  test('is opened by a link, since a redirect would leave the browser where it was', async ({
    pageOf,
  }) => {
    const { text, response } = await pageOf(app)
    expect(response.status).toBe(200)
    expect(response.headers.get('Refresh')).toMatch(
      /^0; url=moonbank:\/\/pushcallback\?results%5BMCC-STL-[^=]+%5D=APPROVED%7C/,
    )
    expect(text).toMatch(/<a class="back" href="moonbank:[^"]+">Open your bank&#39;s app<\/a>/)
    expect(response.headers.get('Content-Security-Policy')).toContain('moonbank:')
  })
})
