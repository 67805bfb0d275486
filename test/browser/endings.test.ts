import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { en } from '../../src/click-to-pay/messages/en.ts'
import { redirectUrl } from '../../src/issuer/client.ts'
import { type ProblemName, problemNames } from '../../src/scenarios/problem-names.ts'
import { type Status, statuses } from '../../src/scenarios/statuses.ts'
import {
  add,
  begin,
  endAs,
  heading,
  inBrowser,
  press,
  type Story,
  shownCode,
  signUp,
  test,
} from '../support/browser.ts'
import { callbackURL } from '../support/journey.ts'

/** What the bank says of each ending, and the test card that ends so. */
const endings: Readonly<Record<Status, { readonly bank: string; readonly card: string }>> = {
  APPROVED: { bank: 'Your card is in Click to Pay', card: 'Approved' },
  REQUIRE_ADDITIONAL_AUTHENTICATION: {
    bank: 'One more step: show us that it is you',
    card: 'Step up failed',
  },
  DECLINED: { bank: 'Your card was not added', card: 'Declined' },
  CANCELLED: { bank: 'You did not add the card', card: 'Cardholder cancels' },
  ERROR: { bank: 'Something went wrong at Click to Pay', card: 'Declined by failure' },
  DUPLICATE_REQUEST: {
    bank: 'Your card was in Click to Pay already',
    card: 'Declined as duplicate',
  },
  AUTHENTICATED: {
    bank: 'Your card is ready, and you are verified',
    card: 'Merchant authenticated',
  },
  DELETED: { bank: 'Your card was removed again', card: 'Merchant authentication failed' },
}
const all = Object.keys(statuses) as readonly Status[]

/** At the bank, with one result, which has a token's reference exactly where the status has one. */
async function isAtTheBank(page: Page, status: Status): Promise<void> {
  const token = statuses[status].token ? '%7CDM4MMC[0-9A-Za-z]{42}' : ''
  await page.waitForURL(
    new RegExp(`/tokenization-results\\?results%5BMCC-STL-[0-9A-F-]{36}%5D=${status}${token}$`),
  )
  await heading(page, endings[status].bank)
}

/** On the last page, which shows the card exactly where it is there. */
async function readsTheEnd(page: Page, status: Status): Promise<void> {
  await heading(page, en.endings[status].title)
  await page.getByText(en.endings[status].text).waitFor()
  expect((await page.getByText('Card ending in').count()) > 0).toBe(statuses[status].lasts)
}

async function goBackToTheBank(page: Page, status: Status): Promise<void> {
  await page.getByRole('link', { name: 'Back to your bank' }).click()
  await isAtTheBank(page, status)
}

inBrowser('an ending', () => {
  test.for(all)(
    '%s, as the bar has it, is told to the bank, and read by who goes back',
    async (status, { open, lookInAll }) => {
      const page = await open('phone')
      await add(page)
      await begin(page)
      await heading(page, 'You are new to Click to Pay')
      await endAs(page, status)
      await isAtTheBank(page, status)
      await lookInAll(page, `ending-${status}-bank`)

      await page.goBack()
      await readsTheEnd(page, status)
      await lookInAll(page, `ending-${status}`)
      await goBackToTheBank(page, status)
      await page.getByText('This result came before. It counts once.').waitFor()
    },
  )

  test('of each status is what some test card has', async ({ open }) => {
    const page = await open('phone')
    for (const status of all) {
      await add(page, endings[status].card)
      // Only a step-up shows pages first.
      if (endings[status].card.startsWith('Step')) await endAs(page, 'CONFIRM')
      await isAtTheBank(page, status)
      await page.getByRole('link', { name: 'Back to your cards' }).click()
    }
  })
})

/** What a cardholder does, page by page. */
const walks: readonly {
  readonly status: Status
  readonly how: string
  /** Of a story that is not among the shipped ones. */
  readonly story?: string
  readonly card?: string
  readonly walk: (page: Page) => Promise<void>
}[] = [
  {
    status: 'APPROVED',
    how: 'has typed the code of the bank',
    card: 'Step up by email',
    walk: async (page) => {
      await signUp(page)
      await press(page, 'Continue')
      await typeCode(page, await shownCode(page))
    },
  },
  {
    status: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
    how: 'proves it later',
    card: 'Step up by text',
    walk: async (page) => {
      await signUp(page)
      await press(page, 'Later')
    },
  },
  {
    status: 'REQUIRE_ADDITIONAL_AUTHENTICATION',
    how: 'types a wrong code three times',
    card: 'Step up by text',
    walk: async (page) => {
      await signUp(page)
      await press(page, 'Continue')
      await typeWrongCodes(page)
    },
  },
  {
    status: 'DUPLICATE_REQUEST',
    how: 'adds the same card twice',
    walk: async (page) => {
      const email = `${crypto.randomUUID()}@example.com`
      await signUp(page, { email })
      await press(page, 'Save and continue')
      await goBackToTheBank(page, 'APPROVED')
      await page.getByRole('link', { name: 'Back to your cards' }).click()
      await add(page)
      await begin(page, email)
      await typeCode(page, await shownCode(page))
      await press(page, 'Add my card')
    },
  },
  {
    status: 'AUTHENTICATED',
    how: 'proves it at a merchant that authenticates',
    story:
      'provision: { pages: show, outcome: AUTHENTICATED, stepUp: { method: text, outcome: completed } }',
    walk: async (page) => {
      await signUp(page)
      await press(page, 'Continue')
      await typeCode(page, await shownCode(page))
    },
  },
  {
    status: 'DELETED',
    how: 'fails to prove it at a merchant that authenticates',
    story:
      'provision: { pages: show, outcome: DELETED, stepUp: { method: text, outcome: failed } }',
    walk: async (page) => {
      await signUp(page)
      await press(page, 'Continue')
      await typeWrongCodes(page)
    },
  },
  {
    status: 'DECLINED',
    how: 'is declined by the bank',
    story: 'provision: { pages: show, outcome: DECLINED }',
    walk: (page) => signUp(page),
  },
  {
    status: 'ERROR',
    how: 'meets a failure of MDES',
    story: 'provision: { pages: show, outcome: ERROR }',
    walk: (page) => signUp(page),
  },
]

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code)
  await press(page, 'Continue')
}

async function typeWrongCodes(page: Page): Promise<void> {
  const wrong = (await shownCode(page)) === '000000' ? '000001' : '000000'
  for (const attemptsLeft of [2, 1]) {
    await typeCode(page, wrong)
    await page.getByText(en.code.wrong(attemptsLeft)).waitFor()
  }
  await typeCode(page, wrong)
}

inBrowser('a cardholder', () => {
  for (const { status, how, story: own, card, walk } of walks)
    test(`who ${how} reads ${status}`, async ({ open, story }) => {
      const page = await open('phone')
      if (own !== undefined) await story(own)
      await add(page, card)
      await walk(page)
      await readsTheEnd(page, status)
      await goBackToTheBank(page, status)
    })

  test('who has changed their mind is back at once: CANCELLED', async ({ open }) => {
    const page = await open('phone')
    await add(page)
    await press(page, 'I have changed my mind')
    await press(page, 'No, go on')
    await begin(page)
    await press(page, 'I have changed my mind')
    await press(page, 'Yes, stop and go back to my bank')
    await isAtTheBank(page, 'CANCELLED')
  })
})

type Met = Pick<Story, 'simulator' | 'simulatorUrl' | 'pushed'> & { readonly page: Page }

/** How a browser gets to each problem page. */
const problems: Readonly<
  Record<ProblemName, { readonly back?: RegExp; readonly meet: (met: Met) => Promise<unknown> }>
> = {
  SIGNATURE_INVALID: { meet: ({ page }) => add(page, 'Forged signature changed') },
  CALLBACK_INVALID: {
    meet: ({ page, simulatorUrl }) => page.goto(`${simulatorUrl}/provision?callbackURL=bank.test`),
  },
  PARAMETER_REPEATED: {
    meet: async ({ page }) => {
      await add(page)
      await page.waitForURL(/\/provision\?/)
      await page.goto(`${page.url()}&extFlow=true`)
    },
  },
  FORM_TOO_LARGE: {
    meet: async ({ page }) => {
      await add(page)
      await heading(page, 'Add your card to Click to Pay')
      // Longer than the field lets anybody type.
      await page.evaluate('document.getElementById("email").value = "x".repeat(5000)')
      await press(page, 'Continue')
    },
  },
  RECEIPT_MISSING: {
    back: /^https:\/\/partnerbank\.com\/tokenization-results$/,
    meet: ({ page, simulatorUrl }) =>
      page.goto(`${simulatorUrl}/provision?callbackURL=${encodeURIComponent(callbackURL)}`),
  },
  VISIT_UNKNOWN: {
    back: /=ERROR$/,
    meet: async ({ page }) => {
      await add(page)
      await page.waitForURL(/\/provision\?/)
      await page.goto(`${page.url()}&visit=1-00`)
    },
  },
  RECEIPT_UNKNOWN: {
    back: /=ERROR$/,
    meet: async ({ page, simulator }) => {
      await add(page)
      await heading(page, 'Add your card to Click to Pay')
      await simulator.reset()
      await press(page, 'Continue')
    },
  },
  RECEIPT_FOREIGN: {
    back: /=ERROR$/,
    meet: async ({ page, simulatorUrl, pushed }) => {
      const push = await pushed({ tokenRequestorId: '50123456789' })
      const pushUri = `${simulatorUrl}/provision`
      await page.goto(redirectUrl({ ...push, pushUri }, { useCase: 'signature' }))
    },
  },
  RECEIPT_EXPIRED: {
    back: /=ERROR$/,
    meet: async ({ page, simulator }) => {
      await add(page)
      await heading(page, 'Add your card to Click to Pay')
      simulator.clock.advance(15 * 60_000)
      await begin(page)
    },
  },
  RECEIPT_USED: { back: /=ERROR$/, meet: ({ page }) => add(page, 'Cardholder goes back') },
  // Nothing but a bug of the simulator leads there by itself.
  UNAVAILABLE: {
    back: /=ERROR$/,
    meet: async ({ page }) => {
      await add(page)
      await endAs(page, 'UNAVAILABLE')
    },
  },
}

inBrowser('a problem page', () => {
  for (const name of problemNames)
    test(name, async ({ open, lookInAll, simulator, simulatorUrl, pushed }) => {
      const { back, meet } = problems[name]
      const page = await open('phone')
      await meet({ page, simulator, simulatorUrl, pushed })
      const { title, text } = en.problems[name]
      await heading(page, title)
      await page.getByText(text).waitFor()
      await lookInAll(page, `problem-${name}`)
      const links = page.getByRole('link', { name: 'Back to your bank' })
      expect(await links.count()).toBe(back === undefined ? 0 : 1)
      if (back !== undefined) expect(await links.getAttribute('href')).toMatch(back)
    })

  test.for(['Cardholder returns after expiry', 'Cardholder reads too long'])(
    '%s: only a person goes back, with ERROR',
    async (card, { open }) => {
      const page = await open('phone')
      await add(page, card)
      if (card === 'Cardholder reads too long') {
        await begin(page)
        await endAs(page, 'CONFIRM')
      }
      await heading(page, 'This took too long')
      await goBackToTheBank(page, 'ERROR')
    },
  )
})

inBrowser('a push that fails', () => {
  test.for([
    ['wire-unavailable', 'Please try again in 5 seconds.'],
    ['wire-bad-gateway', 'Please try again in a moment.'],
    ['wire-reset-before-push', 'Please try again in a moment.'],
  ] as const)(
    '%s: stays at the bank until it is tried again',
    async ([scenario, advice], { open, lookInAll, simulator }) => {
      const page = await open('phone')
      simulator.use(scenario)
      await add(page)
      await heading(page, 'Click to Pay is not available right now')
      await page.getByText(advice).waitFor()
      await lookInAll(page, `bank-${scenario}`)
      await press(page, 'Try again')
      await isAtTheBank(page, 'APPROVED')
    },
  )
})
