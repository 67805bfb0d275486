import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import {
  add,
  begin,
  type Click,
  endAs,
  fillIn,
  heading,
  inBrowser,
  press,
  shownCode,
  signUp,
  test,
} from '../support/browser.ts'

type Screen = {
  readonly name: string
  readonly title: string
  /** What stands on it, beside the title. */
  readonly text?: string
  readonly card?: string
  /** From the first page of the card's story, unless that is the screen. */
  readonly reach?: (page: Page) => Promise<unknown>
  /** What the cardholder does next, with a double click, and where that leads. */
  readonly next: (page: Page, click: Click) => Promise<unknown>
  readonly leadsTo: string
}

const opening = 'Add your card to Click to Pay'
const codeScreen = { title: 'Enter your code', card: 'Approved known consumer' }
const welcomeBack = 'Welcome back'
const details = 'Your details'
const chooser = 'Your bank wants to be sure that it is you'
const added = 'Your card was added'
const almostThere = 'Almost there'

async function typeCode(page: Page, code: string, click?: Click): Promise<void> {
  await page.getByLabel('Code', { exact: true }).fill(code)
  await press(page, 'Continue', click)
}

async function typeWrongCodes(page: Page, times: number): Promise<void> {
  const wrong = (await shownCode(page)) === '000000' ? '000001' : '000000'
  for (let attemptsLeft = 2; attemptsLeft > 2 - times; attemptsLeft -= 1) {
    await typeCode(page, wrong)
    await page
      .getByText(['no longer works', 'try once more', '2 more times'][attemptsLeft] ?? '')
      .waitFor()
  }
}

const elsewhere = (method: string) => async (page: Page) => {
  await signUp(page)
  await page.getByRole('radio', { name: method }).check()
  await press(page, 'Continue')
}

const screens: readonly Screen[] = [
  {
    name: 'opening',
    title: opening,
    next: async (page, click) => {
      await page.getByLabel('E-mail address').fill('jane@example.com')
      await press(page, 'Continue', click)
    },
    leadsTo: 'You are new to Click to Pay',
  },
  {
    name: 'opening-wrong',
    title: opening,
    text: 'Enter an e-mail address, such as name@example.com.',
    reach: (page) => begin(page, 'jane'),
    next: (page, click) => press(page, 'I have changed my mind', click),
    leadsTo: 'Do you want to stop?',
  },
  {
    name: 'code',
    ...codeScreen,
    next: async (page, click) => typeCode(page, await shownCode(page), click),
    leadsTo: welcomeBack,
  },
  {
    name: 'code-wrong',
    ...codeScreen,
    text: 'You can try 2 more times.',
    reach: (page) => typeWrongCodes(page, 1),
    next: async (page, click) => typeCode(page, await shownCode(page), click),
    leadsTo: welcomeBack,
  },
  {
    name: 'code-sent-again',
    ...codeScreen,
    text: 'We have sent the same code again.',
    reach: (page) => press(page, 'Send the code again'),
    next: (page, click) => press(page, 'Send the code again', click),
    leadsTo: 'Enter your code',
  },
  {
    name: 'code-used-up',
    ...codeScreen,
    text: 'The code was wrong three times and no longer works.',
    reach: (page) => typeWrongCodes(page, 3),
    next: async (page, click) => {
      await press(page, 'Send me a new code', click)
      await page.getByLabel('Code', { exact: true }).waitFor()
      await typeCode(page, await shownCode(page))
    },
    leadsTo: welcomeBack,
  },
  {
    name: 'code-expired',
    ...codeScreen,
    text: 'The code has expired.',
    reach: (page) => press(page, 'Let it expire'),
    next: (page, click) => press(page, 'Send me a new code', click),
    leadsTo: 'Enter your code',
  },
  {
    name: 'welcome-back',
    title: welcomeBack,
    text: 'We remember you on this device as',
    card: 'Approved remembered consumer',
    next: (page, click) => press(page, 'Add my card', click),
    leadsTo: added,
  },
  {
    name: 'sign-up',
    title: 'You are new to Click to Pay',
    card: 'Approved new consumer',
    next: async (page, click) => {
      await page.getByLabel('E-mail address').fill('jane@example.com')
      await fillIn(page)
      await press(page, 'Add my card', click)
    },
    leadsTo: details,
  },
  {
    name: 'sign-up-wrong',
    title: 'You are new to Click to Pay',
    text: 'Enter the number in digits, without the country code.',
    card: 'Approved new consumer',
    reach: async (page) => {
      await page.getByLabel('E-mail address').fill('jane@example.com')
      await page.getByLabel('Dialling code').fill('abc')
      await page.getByLabel('Mobile phone number').fill('+1 718 CALL ME')
      await press(page, 'Add my card')
    },
    next: async (page, click) => {
      await fillIn(page)
      await press(page, 'Add my card', click)
    },
    leadsTo: details,
  },
  {
    name: 'profile',
    title: details,
    text: 'Your bank has filled in what it knows.',
    reach: (page) => signUp(page),
    next: (page, click) => press(page, 'Save and continue', click),
    leadsTo: added,
  },
  {
    name: 'step-up',
    title: chooser,
    card: 'Step up by text',
    reach: (page) => signUp(page),
    next: (page, click) => press(page, 'Continue', click),
    leadsTo: 'Enter your code',
  },
  {
    name: 'step-up-code',
    title: 'Enter your code',
    card: 'Step up by email',
    reach: async (page) => {
      await signUp(page)
      await press(page, 'Continue')
    },
    next: (page, click) => press(page, 'Later', click),
    leadsTo: almostThere,
  },
  {
    name: 'step-up-in-app',
    title: "Confirm in your bank's app",
    card: 'Step up by text',
    reach: elsewhere("In my bank's app"),
    next: (page, click) => press(page, 'I have confirmed it', click),
    leadsTo: added,
  },
  {
    name: 'step-up-on-website',
    title: "Confirm on your bank's website",
    card: 'Step up by text',
    reach: elsewhere("On my bank's website"),
    next: (page, click) => press(page, 'I have confirmed it', click),
    leadsTo: added,
  },
  {
    name: 'step-up-by-call',
    title: 'Call your bank',
    card: 'Step up by text',
    reach: elsewhere('By calling my bank'),
    next: (page, click) => press(page, 'Back to your bank', click),
    leadsTo: almostThere,
  },
  {
    name: 'default-card',
    title: added,
    card: 'Approved remembered consumer',
    reach: (page) => press(page, 'Add my card'),
    next: async (page, click) => {
      await press(page, 'Make this my default card', click)
      await page.getByText('This is now your default card.').waitFor()
    },
    leadsTo: added,
  },
  {
    name: 'leaving',
    title: 'Do you want to stop?',
    reach: (page) => press(page, 'I have changed my mind'),
    next: (page, click) => press(page, 'No, go on', click),
    leadsTo: opening,
  },
]

/** Before the card is chosen, the bank is told to let its website be asked. */
async function start(page: Page, { card, reach, title, text }: Screen): Promise<void> {
  await page.getByText('Options').click()
  await page.getByRole('checkbox', { name: 'it can be given on our website' }).check()
  await add(page, card)
  await page.waitForURL(/\/provision\?/)
  await reach?.(page)
  await heading(page, title)
  if (text !== undefined) await page.getByText(text).first().waitFor()
}

/** What a cardholder has before them; in a visit of its own the code in the bar, too. */
async function seen(page: Page): Promise<unknown> {
  const part = page.url().includes('&visit=') ? 'body' : 'main'
  return {
    text: await page.innerText(part),
    fields: await page.evaluate(
      `[...document.querySelectorAll('main input:not([type=hidden])')].map(({ name, value, checked }) => [name, value, checked])`,
    ),
  }
}

/** What does not fit: text that is cut off, or beside the window. */
const cutOff = `[...document.querySelectorAll('aside, main, main *:not(svg, svg *)')].filter((element) => {
  const { left, right } = element.getBoundingClientRect()
  const isHidden = element.matches('.hidden, [hidden], [type=hidden]')
  const isField = element.matches('input, select')
  return !isHidden && (left < 0 || right > innerWidth || (!isField && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline'))
}).map((element) => element.outerHTML.slice(0, 200))`

inBrowser('a screen', () => {
  test.for(screens)(
    '$name: fits, is there again after a reload and a way back, and takes a double click',
    async (screen, { open, lookInAll }) => {
      const page = await open('phone')
      await start(page, screen)
      await lookInAll(page, `screen-${screen.name}`)
      await page.evaluate("document.documentElement.style.fontSize = '200%'")
      for (const width of [640, 390]) {
        await page.setViewportSize({ width, height: 800 })
        expect(await page.evaluate(cutOff), `letters of twice the size, ${width} pixels`).toEqual(
          [],
        )
      }

      const before = await seen(page)
      await page.reload()
      expect(await seen(page)).toEqual(before)
      await page.goBack()
      await page.goForward()
      expect(await seen(page)).toEqual(before)

      await screen.next(page, 'dblclick')
      await heading(page, screen.leadsTo)
    },
  )
})

inBrowser('the page that says that the card is being added', () => {
  test('goes on by itself, unless the cardholder wants to stop', async ({ open, lookInAll }) => {
    const page = await open('phone')
    // To look at it for longer than it stays.
    await page.route(/&visit=/, async (route) => {
      const response = await route.fetch({ maxRedirects: 0 })
      const { refresh, ...headers } = response.headers()
      await route.fulfill({ response, headers })
    })
    await add(page, 'Approved remembered consumer')
    await press(page, 'Add my card')
    await heading(page, 'Adding your card')
    await lookInAll(page, 'screen-processing')
    await press(page, 'I have changed my mind')
    await press(page, 'No, go on')
    await heading(page, added)
  })
})

inBrowser('a journey without JavaScript', () => {
  const javaScriptEnabled = false

  test('of somebody new', async ({ open }) => {
    const page = await open('phone', { javaScriptEnabled })
    await add(page)
    await press(page, 'Continue')
    await page.getByText('Please look at this again.').waitFor()
    await signUp(page)
    await press(page, 'Save and continue')
    await heading(page, added)
    await page.getByRole('link', { name: 'Back to your bank' }).click()
    await page.waitForURL(/=APPROVED%7C/)
  })

  test('of somebody who is known', async ({ open }) => {
    const page = await open('phone', { javaScriptEnabled })
    await add(page, codeScreen.card)
    await typeWrongCodes(page, 3)
    await press(page, 'Send me a new code')
    await page.getByLabel('Code', { exact: true }).waitFor()
    await typeCode(page, await shownCode(page))
    await press(page, 'Add my card')
    await heading(page, added)
  })

  test('with a step-up', async ({ open }) => {
    const page = await open('phone', { javaScriptEnabled })
    await add(page, 'Step up by text')
    await signUp(page)
    await heading(page, chooser)
    await press(page, 'Continue')
    await heading(page, 'Enter your code')
    await typeCode(page, await shownCode(page))
    await heading(page, added)
  })

  test('that is ended in the bar', async ({ open }) => {
    const page = await open('phone', { javaScriptEnabled })
    await add(page)
    await endAs(page, 'DECLINED')
    await page.waitForURL(/=DECLINED$/)
  })
})

inBrowser('two tabs', () => {
  test('on one link: the first to end it wins, the other meets the used page', async ({ open }) => {
    const first = await open('phone')
    await add(first)
    await heading(first, opening)
    const link = first.url()
    await begin(first)
    await fillIn(first)
    const second = await first.context().newPage()
    await second.goto(link)
    await signUp(second)
    await heading(second, details)

    await first.bringToFront()
    await press(first, 'Add my card')
    await heading(first, 'This link was already used')
    await second.bringToFront()
    await press(second, 'Save and continue')
    await heading(second, added)
  })

  test('on one screen are the same visit, and end it once', async ({ open }) => {
    const first = await open('phone')
    await add(first)
    await begin(first)
    await heading(first, 'You are new to Click to Pay')
    const second = await first.context().newPage()
    await second.goto(first.url())
    await first.bringToFront()
    await endAs(first, 'APPROVED')
    await first.waitForURL(/=APPROVED%7C/)
    await second.bringToFront()
    await endAs(second, 'DECLINED')
    await second.waitForURL(first.url())
  })
})
