import { describe, expect } from 'vitest'
import { type PushAccepted, readCallback, redirectUrl } from '../../src/issuer/client.ts'
import type { Simulator } from '../../src/simulator.ts'
import {
  test as base,
  callbackURL,
  card,
  formOf,
  type PushOverrides,
  withinThePage,
} from '../support/journey.ts'

/** A cardholder's browser at the pages of one journey. */
type Cardholder = {
  readonly page: string
  readonly title: string
  /** Sends the form of the page with this button. */
  readonly press: (move: string, fields?: Readonly<Record<string, string>>) => Promise<Cardholder>
  /** What the simulator's bar shows. */
  readonly code: string
  /** Where the last page leads back to, by status. */
  readonly told: readonly string[]
  readonly setCookie: string | null
}

const test = base.extend<{
  arrive: (story: {
    readonly scenario: string
    readonly extFlow?: boolean
    readonly cookie?: string
    readonly signatureData?: object
    readonly card?: string
  }) => Promise<Cardholder>
}>({
  arrive: async ({ pushed, simulator }, use) => {
    const at = async (response: Response, url: string): Promise<Cardholder> => {
      const page = await response.text()
      const back =
        response.headers.get('Location') ?? /<a class="back" href="([^"]*)"/.exec(page)?.[1] ?? ''
      return {
        page,
        title: /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? '',
        code: /<b id="one-time-code">(\d+)</.exec(page)?.[1] ?? '',
        told: readCallback(back.replaceAll('&amp;', '&')).map(({ status }) => status),
        setCookie: response.headers.get('Set-Cookie'),
        press: async (move, fields) => {
          const sent = await simulator.fetch(formOf(page, move, url, fields))
          const next = await at(await withinThePage(sent, simulator.fetch), url)
          return { ...next, setCookie: sent.headers.get('Set-Cookie') }
        },
      }
    }
    await use(async ({ scenario, extFlow = true, cookie, signatureData = {}, card }) => {
      const push = await pushed({
        scenario,
        ...(card !== undefined && { card }),
        signatureData: { callbackURL, locale: 'en_US', ...signatureData },
      })
      const whole = redirectUrl(push, { useCase: 'signature' })
      const url = extFlow ? whole : whole.replace('&extFlow=true', '')
      const headers = cookie === undefined ? {} : { Cookie: cookie }
      return at(await simulator.fetch(new Request(url, { headers })), url)
    })
  },
})

const newcomer = { dialCode: '1', mobile: '718 123-4567', consent: 'on' }

describe('somebody new', () => {
  test('says who they are, and reads how it ended with the card', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'ask' })
    expect(opening.title).toBe('Add your card to Click to Pay')
    const signUp = await opening.press('BEGIN', { email: 'jane@example.com' })
    expect(signUp.title).toBe('You are new to Click to Pay')
    expect(signUp.page).toContain('value="jane@example.com"')
    const details = await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
    expect(details.title).toBe('Your details')
    const end = await details.press('PROFILE')
    expect([end.title, end.told]).toEqual(['Your card was added', ['APPROVED']])
    expect(end.page).toContain('Card ending in 2346')
  })

  test('is told of every field that is wrong, and keeps what was typed', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'approved-new-consumer' })
    const again = await opening.press('SIGN_UP', { email: 'jane', dialCode: '1a', mobile: '' })
    expect(again.page.match(/class="error" id="\w+-error"/g)).toHaveLength(4)
    expect(again.page).toContain('value="jane"')
    expect(again.page).toContain('aria-invalid="true" aria-describedby="mobile-error"')
    const scripted = await opening.press('SIGN_UP', { email: '"><script>alert(1)</script>' })
    expect(scripted.page).not.toContain('<script>')
  })

  test('may type the digits of another script', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'approved-new-consumer' })
    const details = await opening.press('SIGN_UP', {
      email: 'sara@example.com',
      dialCode: '+٩٧١',
      mobile: '٥٠ ١٢٣ ٤٥٦٧',
      consent: 'on',
    })
    expect((await details.press('PROFILE')).told).toEqual(['APPROVED'])
  })
})

describe('a known e-mail address', () => {
  test('needs the code, which the bar shows, and is known from then on', async ({ arrive }) => {
    const first = await arrive({ scenario: 'ask' })
    const signUp = await first.press('BEGIN', { email: 'jane@example.com' })
    await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })

    const opening = await arrive({ scenario: 'ask', card: '5412346789012349' })
    const code = await opening.press('BEGIN', { email: 'Jane@Example.com' })
    expect(code.title).toBe('Enter your code')
    expect(code.page).toContain('J••e@Example.com'.replace('••', '•••'))
    const welcome = await code.press('CODE', {
      code: `${code.code.slice(0, 3)} ${code.code.slice(3)}`,
    })
    expect(welcome.title).toBe('Welcome back')
    expect((await welcome.press('ADD')).told).toEqual(['APPROVED'])
  })

  test('three wrong codes use it up; a new one works', async ({ arrive }) => {
    let at = await arrive({ scenario: 'approved-known-consumer' })
    const wrong = at.code === '000000' ? '000001' : '000000'
    at = await at.press('CODE', { code: wrong })
    expect(at.page).toContain('You can try 2 more times.')
    at = await at.press('CODE', { code: 'abc' })
    expect(at.page).toContain('Enter the six digits of the code.')
    at = await at.press('CODE', { code: wrong })
    expect(at.page).toContain('You can try once more.')
    at = await at.press('CODE', { code: wrong })
    expect(at.page).toContain('no longer works')
    expect(at.code).toBe('')
    at = await at.press('NEW_CODE')
    at = await at.press('CODE', { code: at.code })
    expect(at.title).toBe('Welcome back')
  })

  test('sent again it is the same code', async ({ arrive, simulator }) => {
    const first = await arrive({ scenario: 'approved-known-consumer' })
    const again = await first.press('RESEND')
    expect(again.code).toBe(first.code)
    expect(again.page).toContain('We have sent the same code again.')
    simulator.clock.advance(14 * 60_000)
    expect((await again.press('RESEND')).code).toBe(first.code)
  })

  test('expires, which the bar brings about; a new one works', async ({ arrive, visit }) => {
    const first = await arrive({ scenario: 'approved-known-consumer' })
    const expired = await first.press('EXPIRE_CODE')
    expect(expired.page).toContain('The code has expired.')
    expect(expired.code).toBe('')
    const codes = await visit('http://localhost:6337/__simulator/one-time-codes')
    expect(await codes.json()).toEqual({ oneTimeCodes: [] })
    expect((await expired.press('CODE', { code: first.code })).title).toBe('Enter your code')
    const again = await expired.press('NEW_CODE')
    expect(again.code).not.toBe(first.code)
    expect((await again.press('CODE', { code: again.code })).title).toBe('Welcome back')
  })

  test('of a consumer who has this card there already', async ({ arrive }) => {
    const first = await arrive({ scenario: 'ask' })
    const signUp = await first.press('BEGIN', { email: 'jane@example.com' })
    await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
    const add = async (email: string) => {
      const opening = await arrive({ scenario: 'ask' })
      const next = await opening.press('BEGIN', { email })
      if (next.title !== 'Enter your code') return next.press('SIGN_UP', { email, ...newcomer })
      return (await next.press('CODE', { code: next.code })).press('ADD')
    }
    const end = await add('JANE@example.com')
    expect([end.title, end.told]).toEqual(['This card is there already', ['DUPLICATE_REQUEST']])
    // The same card in the account of somebody else is another one.
    expect((await add('joe@example.com')).title).toBe('Your details')
  })

  test('nothing but the bar and the admin API tells the code, and only while it is waited for', async ({
    arrive,
    simulator,
    visit,
  }) => {
    const codes = async () =>
      (await (await visit('http://localhost:6337/__simulator/one-time-codes')).json()) as object
    const at = await arrive({ scenario: 'approved-known-consumer' })
    expect(await codes()).toMatchObject({ oneTimeCodes: [{ code: at.code, attemptsLeft: 3 }] })
    const { code } = at
    await at.press('CODE', { code })
    expect(await codes()).toEqual({ oneTimeCodes: [] })
    expect(JSON.stringify(await simulator.journal.entries())).not.toContain(code)
  })
})

describe('what the bank tells of the account holder', () => {
  const holder = {
    accountHolderName: 'John "Jo" <Doe>',
    accountHolderAddress: { line1: '100 1st Street', city: 'St. Louis', country: 'USA' },
    accountHolderEmailAddress: 'john.doe@anymail.com',
  }

  const signedUp = async (
    {
      pushed,
      simulator,
    }: {
      readonly pushed: (overrides: PushOverrides) => Promise<PushAccepted>
      readonly simulator: Simulator
    },
    scenario: string,
  ): Promise<string> => {
    const account = card()
    const fundingAccountData = { ...account.fundingAccountData, accountHolderData: holder }
    const push = await pushed({ scenario, accounts: [{ ...account, fundingAccountData }] })
    const url = redirectUrl(push, { useCase: 'signature' })
    const page = await (await simulator.fetch(new Request(url))).text()
    expect(page).not.toMatch(/100 1st|St\. Louis|anymail/)
    const sent = await simulator.fetch(
      formOf(page, 'SIGN_UP', url, { email: 'jane@example.com', ...newcomer }),
    )
    return (await withinThePage(sent, simulator.fetch)).text()
  }

  test('fills in the details once the card is added, is shown as text, and is then erased', async ({
    pushed,
    simulator,
  }) => {
    const details = await signedUp({ pushed, simulator }, 'approved-new-consumer')
    expect(details).toContain('value="John &quot;Jo&quot; &lt;Doe&gt;"')
    expect(details).toContain('value="100 1st Street"')
    expect(details).toContain('Your bank has filled in what it knows.')
    const journal = JSON.stringify(await simulator.journal.entries())
    expect(journal).not.toMatch(/100 1st|St\. Louis|Doe/)
  })
})

describe('remember me', () => {
  const remembering = { email: 'jane@example.com', ...newcomer, remember: 'on' }
  const cookieOf = ({ setCookie }: Cardholder) => setCookie?.split(';')[0] ?? ''

  test('shortens the next visit to one button, until it is somebody else', async ({ arrive }) => {
    const signUp = await arrive({ scenario: 'approved-new-consumer' })
    const end = await signUp.press('SIGN_UP', remembering)
    expect(end.setCookie).toMatch(
      /^mdes_simulator_device=[0-9a-f]{64}; Max-Age=31536000; Path=\/provision; HttpOnly; SameSite=Lax$/,
    )
    const cookie = cookieOf(end)
    const welcome = await arrive({ scenario: 'ask', cookie })
    expect(welcome.title).toBe('Welcome back')
    expect(welcome.page).toContain('j•••e@example.com')
    const opening = await welcome.press('NOT_ME')
    expect([opening.title, opening.setCookie?.includes('Max-Age=0')]).toEqual([
      'Add your card to Click to Pay',
      true,
    ])
  })

  test('is offered only with extFlow=true', async ({ arrive }) => {
    const offered = await arrive({ scenario: 'approved-new-consumer' })
    expect(offered.page).toContain('Remember me on this device')
    const plain = await arrive({ scenario: 'approved-new-consumer', extFlow: false })
    expect(plain.page).not.toContain('Remember me on this device')
    const end = await plain.press('SIGN_UP', remembering)
    expect(end.setCookie).toBeNull()
    const cookie = cookieOf(await offered.press('SIGN_UP', remembering))
    const ignored = await arrive({ scenario: 'ask', extFlow: false, cookie })
    expect(ignored.title).toBe('Add your card to Click to Pay')
  })
})

describe('the issuer wants more proof', () => {
  const prove = async (
    arrive: (story: { scenario: string; signatureData?: object }) => Promise<Cardholder>,
    story: { scenario: string; signatureData?: object },
  ) => {
    const opening = await arrive(story)
    const signUp = await opening.press('BEGIN', { email: 'jane@example.com' })
    return signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
  }

  test('by a code', async ({ arrive }) => {
    const chooser = await prove(arrive, { scenario: 'step-up-by-text' })
    expect(chooser.page).toContain('value="text" checked')
    const code = await chooser.press('METHOD', { method: 'text' })
    expect((await code.press('CODE', { code: code.code })).told).toEqual(['APPROVED'])
  })

  test('later', async ({ arrive }) => {
    const chooser = await prove(arrive, { scenario: 'step-up-by-text' })
    const end = await chooser.press('LATER')
    expect([end.title, end.told]).toEqual(['Almost there', ['REQUIRE_ADDITIONAL_AUTHENTICATION']])
  })

  test('no code is right in a story that fails', async ({ arrive }) => {
    const chooser = await prove(arrive, { scenario: 'step-up-failed' })
    let at = await chooser.press('METHOD', { method: 'text' })
    for (let n = 0; n < 3; n += 1) at = await at.press('CODE', { code: at.code })
    expect(at.told).toEqual(['REQUIRE_ADDITIONAL_AUTHENTICATION'])
  })

  test.for([
    ['completeIssuerAppActivation', 'issuer-app', 'Confirm in your bank&#39;s app'],
    ['completeWebsiteActivation', 'issuer-website', 'Confirm on your bank&#39;s website'],
  ] as const)(
    '%s: at the bank, now or after the way back',
    async ([flag, method, title], { arrive, pushed, simulator }) => {
      const now = await prove(arrive, {
        scenario: 'step-up-by-text',
        signatureData: { [flag]: true },
      })
      const page = await now.press('METHOD', { method })
      expect(page.title).toBe(title)
      expect((await page.press('PROVED')).told).toEqual(['APPROVED'])

      // The signature never says it of the app, so plain parameters do.
      const push = await pushed({ scenario: 'step-up-by-text' })
      const url = redirectUrl(push, {
        useCase: 'receipt',
        callbackURL,
        locale: 'en_US',
        [flag]: false,
      })
      const read = async (response: Response) =>
        (await withinThePage(response, simulator.fetch)).text()
      let text = await read(await simulator.fetch(new Request(url)))
      text = await read(
        await simulator.fetch(formOf(text, 'BEGIN', url, { email: 'new@example.com' })),
      )
      text = await read(
        await simulator.fetch(
          formOf(text, 'SIGN_UP', url, { email: 'new@example.com', ...newcomer }),
        ),
      )
      const end = await read(await simulator.fetch(formOf(text, 'METHOD', url, { method })))
      expect(end).toContain('<h1>Almost there</h1>')
      expect(end).toContain('=REQUIRE_ADDITIONAL_AUTHENTICATION%7C')
    },
  )
})

test('the form of another site changes nothing', async ({ pushed, simulator }) => {
  const push = await pushed({ scenario: 'ask' })
  const url = redirectUrl(push, { useCase: 'signature' })
  const page = await (await simulator.fetch(new Request(url))).text()
  const foreign = new Request(formOf(page, 'APPROVED', url), {
    headers: { 'Sec-Fetch-Site': 'cross-site' },
  })
  expect((await simulator.fetch(foreign)).status).toBe(400)
  expect((await simulator.fetch(formOf(page, 'DECLINED', url))).status).toBe(303)
})

describe('no way round', () => {
  test('a second thought leads back to where it came from, once', async ({ arrive }) => {
    const first = await arrive({ scenario: 'ask' })
    const signUp = await first.press('BEGIN', { email: 'jane@example.com' })
    await (await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })).press(
      'PROFILE',
    )

    let at = await arrive({ scenario: 'approved-remembered-consumer' })
    at = await (await at.press('LEAVE')).press('LEAVE')
    expect(at.title).toBe('Do you want to stop?')
    at = await at.press('STAY')
    at = await (await at.press('NOT_ME')).press('BEGIN', { email: 'jane@example.com' })
    expect(at.title).toBe('Enter your code')
    // The screen of somebody else is not gone back to.
    at = await (await at.press('STAY')).press('ADD')
    expect(at.title).toBe('Enter your code')
  })

  test('a code proves one thing, and another one is not to be had before it is used up', async ({
    arrive,
  }) => {
    const first = await arrive({ scenario: 'ask' })
    const signUp = await first.press('BEGIN', { email: 'jane@example.com' })
    await (await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })).press(
      'PROFILE',
    )

    const opening = await arrive({ scenario: 'step-up-by-text' })
    const signIn = await opening.press('BEGIN', { email: 'jane@example.com' })
    expect((await signIn.press('NEW_CODE')).code).toBe(signIn.code)
    const welcome = await signIn.press('CODE', { code: signIn.code })
    const proof = await (await welcome.press('ADD')).press('METHOD', { method: 'text' })
    expect(proof.code).not.toBe(signIn.code)
    expect((await proof.press('LEAVE')).title).toBe('Enter your code')
  })

  test('to be somebody else and back again brings no code twice', async ({ arrive }) => {
    const newcomerAt = await arrive({ scenario: 'ask' })
    const signUp = await newcomerAt.press('BEGIN', { email: 'jane@example.com' })
    await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })

    const opening = await arrive({ scenario: 'ask' })
    const first = await opening.press('BEGIN', { email: 'jane@example.com' })
    const somebody = await first.press('NOT_ME')
    expect(somebody.code).toBe('')
    const second = await somebody.press('BEGIN', { email: 'jane@example.com' })
    expect(second.code).not.toBe(first.code)
    expect((await second.press('CODE', { code: first.code })).page).toContain('2 more times')
    const welcome = await second.press('CODE', { code: second.code })
    const third = await (await welcome.press('NOT_ME')).press('BEGIN', {
      email: 'jane@example.com',
    })
    expect([first.code, second.code]).not.toContain(third.code)
  })

  test('who must call the bank cannot say that it is done', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'step-up-by-call-centre' })
    const signUp = await opening.press('BEGIN', { email: 'jane@example.com' })
    const chooser = await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
    const call = await chooser.press('METHOD', { method: 'call-centre' })
    expect((await call.press('PROVED')).title).toBe('Call your bank')
  })

  test('nothing is waited for once it has ended', async ({ arrive, visit }) => {
    const at = await arrive({ scenario: 'approved-known-consumer' })
    await at.press('CANCELLED')
    const codes = await visit('http://localhost:6337/__simulator/one-time-codes')
    expect(await codes.json()).toEqual({ oneTimeCodes: [] })
  })
})

describe('a visit', () => {
  test('is a page of its own, which can be reloaded at every screen and in the end', async ({
    pushed,
    simulator,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const url = redirectUrl(push, { useCase: 'signature' })
    const get = async (where: string) =>
      (await simulator.fetch(new Request(new URL(where, url)))).text()
    const opening = await get(url)
    const sent = await simulator.fetch(formOf(opening, 'BEGIN', url, { email: 'jane@example.com' }))
    expect(sent.status).toBe(303)
    const place = sent.headers.get('Location') ?? ''
    const signUp = await get(place)
    expect(signUp).toContain('You are new to Click to Pay')
    expect(await get(place)).toBe(signUp)
    await simulator.fetch(
      formOf(signUp, 'SIGN_UP', url, { email: 'jane@example.com', ...newcomer }),
    )
    const processing = await simulator.fetch(new Request(new URL(place, url)))
    expect(processing.headers.get('Refresh')).toBe(`1; url=${place}`)
    expect(await processing.text()).toContain('Adding your card')
    const details = await get(place)
    expect(details).toContain('Your details')
    expect(await get(place)).toBe(details)
    await simulator.fetch(formOf(details, 'PROFILE', url))
    const end = await get(place)
    expect(end).toContain('Your card was added')
    expect(await get(place)).toBe(end)
    // Going back to where it began is another visit.
    expect(await get(url)).toContain('This link was already used')
    expect(await get(place.replace(/visit=.*/, 'visit=1-00'))).toContain('This page has timed out')
  })

  test('is forgotten by a reset, and its page then says that it has timed out', async ({
    arrive,
    simulator,
  }) => {
    const at = await arrive({ scenario: 'ask' })
    await simulator.reset()
    expect((await at.press('BEGIN', { email: 'jane@example.com' })).title).toBe('Card not found')
  })

  test('the bar ends it at any screen, as the scenario has it or in any other way', async ({
    arrive,
  }) => {
    const first = await arrive({ scenario: 'step-up-by-text' })
    expect((await first.press('CONFIRM')).told).toEqual(['APPROVED'])
    const second = await arrive({ scenario: 'approved-known-consumer' })
    expect((await second.press('AUTHENTICATED')).told).toEqual(['AUTHENTICATED'])
  })
})

describe('while the card is being added', () => {
  /** The page that says so, before it goes on by itself. */
  const test = base.extend<{ processing: (scenario: string) => Promise<[string, string]> }>({
    processing: async ({ pushed, simulator }, use) =>
      use(async (scenario) => {
        const url = redirectUrl(await pushed({ scenario }), { useCase: 'signature' })
        const get = async (where: string) =>
          (await simulator.fetch(new Request(new URL(where, url)))).text()
        const form = formOf(await get(url), 'ADD', url)
        const sent = await simulator.fetch(form)
        return [await get(sent.headers.get('Location') ?? ''), url]
      }),
  })

  test('it can still be stopped', async ({ processing, choose }) => {
    const [page] = await processing('approved-remembered-consumer')
    expect(page).toContain('Adding your card')
    const leaving = await (await choose(page, 'LEAVE')).text()
    expect(leaving).toContain('Do you want to stop?')
    const back = await choose(leaving, 'CANCELLED')
    expect(back.headers.get('Location')).toMatch(/=CANCELLED$/)
  })

  test('or goes on after a second thought', async ({ processing, choose }) => {
    const [page] = await processing('approved-remembered-consumer')
    const leaving = await (await choose(page, 'LEAVE')).text()
    expect(await (await choose(leaving, 'STAY')).text()).toContain('Your card was added')
  })

  test('nothing is said of it to the bank by a page that is closed', async ({
    processing,
    simulator,
  }) => {
    await processing('approved-remembered-consumer')
    const entries = await simulator.journal.entries()
    expect(entries.map(({ summary }) => summary).join()).not.toContain('ended')
  })
})

describe('once the card is there', () => {
  test('it can be the one to pay with first', async ({ arrive }) => {
    const welcome = await arrive({ scenario: 'approved-remembered-consumer' })
    const end = await welcome.press('ADD')
    expect(end.page).toContain('Make this my default card')
    const chosen = await end.press('DEFAULT')
    expect(chosen.page).toContain('This is now your default card.')
    expect(chosen.page).not.toContain('value="DEFAULT"')
    expect(chosen.told).toEqual(['APPROVED'])
    expect((await end.press('DEFAULT')).page).toBe(chosen.page)
  })

  test('which is not offered where there is none, or not yet', async ({ arrive }) => {
    for (const status of ['DECLINED', 'REQUIRE_ADDITIONAL_AUTHENTICATION', 'DUPLICATE_REQUEST']) {
      const opening = await arrive({ scenario: 'ask' })
      await opening.press(status)
      // A click too late leads to how it ended.
      const end = await opening.press('BEGIN')
      expect([status, end.told]).toEqual([status, [status]])
      expect(end.page).not.toContain('DEFAULT')
    }
  })
})

test('the terms and the notice can be read on the page', async ({ arrive }) => {
  const { page } = await arrive({ scenario: 'approved-new-consumer' })
  for (const title of ['Terms of use', 'Privacy notice'])
    expect(page).toContain(`<details><summary>${title}</summary>`)
})

describe('country and language', () => {
  const chosen = (page: string) =>
    [...page.matchAll(/<option value="(\w+)" selected>([^<]*)</g)].map(([, code, name]) => [
      code,
      name,
    ])

  test.for([
    [
      'cs_CZ',
      [
        ['CZE', 'Česko'],
        ['cs', 'Čeština'],
      ],
    ],
    [
      'es_MX',
      [
        ['MEX', 'México'],
        ['es', 'Español'],
      ],
    ],
    [
      'fr_CA',
      [
        ['CAN', 'Canada'],
        ['en', 'English'],
      ],
    ],
    // Click to Pay is not there.
    ['de_LI', [['de', 'Deutsch']]],
  ] as const)(
    'are suggested as the locale has them: %s',
    async ([locale, expected], { arrive }) => {
      const signUp = await arrive({ scenario: 'approved-new-consumer', signatureData: { locale } })
      const details = await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
      expect(chosen(details.page)).toEqual(expected)
    },
  )
})

test.for([
  ['RECEIPT_EXPIRED', 410, 'This took too long'],
  ['VISIT_UNKNOWN', 400, 'This page has timed out'],
  ['UNAVAILABLE', 500, 'This service is not available right now'],
] as const)(
  'the bar shows the problem page %s, and decides nothing by that',
  async ([problem, status, title], { pushed, visit, choose }) => {
    const url = redirectUrl(await pushed({ scenario: 'ask' }), { useCase: 'signature' })
    const shown = await choose(await (await visit(url)).text(), problem)
    expect(shown.status).toBe(status)
    const page = await shown.text()
    expect(page).toContain(`<h1>${title}</h1>`)
    expect(page).toMatch(/<a class="back" href="[^"]*=ERROR">/)
    expect((await visit(url)).status).toBe(200)
  },
)

describe('a tester', () => {
  test('may have the issuer ask for more proof in any story', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'ask' })
    const chooser = await opening.press('STEP_UP')
    expect(chooser.title).toBe('Your bank wants to be sure that it is you')
    const end = await chooser.press('LATER')
    expect(end.told).toEqual(['REQUIRE_ADDITIONAL_AUTHENTICATION'])
  })

  test('reads in the bar that no code will be right', async ({ arrive }) => {
    const opening = await arrive({ scenario: 'step-up-failed' })
    let at = await opening.press('STEP_UP')
    at = await at.press('METHOD', { method: 'text' })
    expect(at.page).toContain('In this scenario no code is right')
    for (let n = 0; n < 3; n += 1) at = await at.press('CODE', { code: at.code })
    expect(at.title).toBe('Almost there')
    expect(at.page).toContain('The code was wrong three times and no longer works.')
  })

  test('is offered no ending once there is one', async ({ arrive }) => {
    const signUp = await arrive({ scenario: 'approved-new-consumer' })
    expect(signUp.page).toContain('End it')
    const details = await signUp.press('SIGN_UP', { email: 'jane@example.com', ...newcomer })
    expect(details.page).not.toContain('End it')
  })
})

describe('at the code', () => {
  test('it may be somebody else, or the device may be remembered', async ({ arrive }) => {
    const code = await arrive({ scenario: 'approved-known-consumer' })
    expect((await code.press('NOT_ME')).title).toBe('Add your card to Click to Pay')
    const again = await arrive({ scenario: 'approved-known-consumer' })
    const welcome = await again.press('CODE', { code: again.code, remember: 'on' })
    expect(welcome.setCookie).toMatch(/^mdes_simulator_device=\w{64}; /)
    const expired = await (await arrive({ scenario: 'approved-known-consumer' })).press(
      'EXPIRE_CODE',
    )
    expect((await expired.press('LEAVE')).title).toBe('Do you want to stop?')
  })
})

test('who puts it off is not asked whether it is confirmed', async ({ arrive }) => {
  const opening = await arrive({ scenario: 'step-up-in-issuer-app' })
  const chooser = await opening.press('STEP_UP')
  const app = await chooser.press('METHOD', { method: 'issuer-app' })
  expect(app.page).not.toContain('value="PROVED"')
  expect((await app.press('PROVED')).title).toBe(app.title)
  expect((await app.press('LATER')).told).toEqual(['REQUIRE_ADDITIONAL_AUTHENTICATION'])
})
