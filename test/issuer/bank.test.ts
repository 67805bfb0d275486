import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { test as base, describe, expect } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import { bank } from '../../src/issuer/bank.ts'
import { magicCards } from '../../src/issuer/bank-cards.ts'
import type { IssuerProject } from '../../src/issuer/client.ts'
import { readProject } from '../../src/issuer/project.ts'
import { serve } from '../../src/serve.ts'
import { createSimulator, type Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { formOf } from '../support/journey.ts'

/*
 * The demo bank and the simulator in one process, and a cardholder who always goes on. Garbage is no answer of the API, so answers are not
 * compared with its description here.
 */

const bankUrl = 'http://localhost:6338'
const everyday = '5123456789012346'

/** What the cardholder looks at. */
type Seen = {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly heading: string
}

type Demo = {
  readonly simulator: Simulator
  /** What the bank sent to the API. */
  readonly calls: readonly string[]
  readonly open: (path: string, init?: RequestInit) => Promise<Seen>
  /** Sends the form of the cards page, and goes on until nothing leads any further. */
  readonly add: (card?: string, fields?: Record<string, string>) => Promise<Seen>
  /** The receipt of an everyday card that was just pushed. */
  readonly pushed: () => Promise<string>
  readonly comeBack: (query: string) => Promise<Seen>
}

type DemoOptions = Partial<Parameters<typeof bank>[0]> & {
  /** In place of the simulator's. */
  readonly answer?: IssuerProject['fetch']
}

async function demoOf({ answer, ...options }: DemoOptions = {}): Promise<Demo> {
  const simulator = await createSimulator({ data: dataDirectory, scenario: 'ask' })
  const calls: string[] = []
  const project: IssuerProject = {
    ...(await readProject(simulator.keyring, 'http://localhost:6337')),
    fetch: (request) => {
      calls.push(new URL(request.url).pathname.replace(/.*\/1\/0\//, ''))
      return (answer ?? simulator.fetch)(request)
    },
  }
  const demo = bank({
    project,
    ownUrl: () => bankUrl,
    cards: () => magicCards(simulator.scenarios),
    // Longer than the slowest answer that comes at all.
    patienceMs: 2500,
    ...options,
  })

  const send = async (request: Request) =>
    request.url.startsWith(bankUrl) ? demo.fetch(request) : simulator.fetch(request)
  const open: Demo['open'] = async (path, init) => {
    const url = new URL(path, bankUrl).href
    const response = await send(new Request(url, { signal: AbortSignal.timeout(4000), ...init }))
    return seen(url, response)
  }

  async function goOn(page: Seen): Promise<Seen> {
    const location = page.headers.get('Location')
    if (location !== null) return goOn(await open(new URL(location, page.url).href))
    if (page.url.startsWith(bankUrl)) return page
    const choice = ['CONFIRM', 'STEP_UP'].find((one) => page.text.includes(`value="${one}"`))
    if (choice !== undefined)
      return goOn(await seen(page.url, await send(formOf(page.text, choice, page.url))))
    const framed = /<iframe hidden sandbox src="([^"]*)"/.exec(page.text)?.[1]
    if (framed !== undefined) await open(plain(framed))
    const back =
      /url=(.*)$/.exec(page.headers.get('Refresh') ?? '')?.[1] ??
      /class="back" href="([^"]*)"/.exec(page.text)?.[1]
    return back === undefined ? page : goOn(await open(plain(back)))
  }

  const post = (card: string, fields: Record<string, string>) =>
    open('/click-to-pay', {
      method: 'POST',
      body: new URLSearchParams({ card, accountHolderData: 'true', ...fields }),
    })
  return {
    simulator,
    calls,
    open,
    add: async (card = 'Everyday', fields = {}) => goOn(await post(card, fields)),
    async pushed() {
      const { headers } = await post('Everyday', { useCase: 'receipt' })
      const url = new URL(headers.get('Location') ?? '')
      return url.searchParams.get('pushAccountReceipts') ?? ''
    },
    comeBack: (query) => open(`/tokenization-results?${query}`),
  }
}

async function seen(url: string, response: Response): Promise<Seen> {
  const text = await response.text()
  const heading = plain(/<h1>(.*?)<\/h1>/.exec(text)?.[1] ?? '')
  return { url, status: response.status, headers: response.headers, text, heading }
}

function plain(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
}

const test = base.extend<{ demo: Demo; shared: Demo }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from it
  demo: async ({}, use) => use(await demoOf()),
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from it
  shared: [async ({}, use) => use(await demoOf()), { scope: 'file' }],
})

const added = 'Your card is in Click to Pay'
const unclear = 'We do not know yet what became of your card'
const notAvailable = 'Click to Pay is not available right now'
const notThisCard = 'This card cannot be added to Click to Pay'
const verify = 'One more step: show us that it is you'
const failed = 'Something went wrong at Click to Pay'
/** Where Click to Pay lets nobody go back. */
const stranded = 'This link is not valid'

/** By scenario: what the cardholder reads at the end, and a word for those who read along. */
const endings: Readonly<Record<string, string | readonly [heading: string, word: string]>> = {
  approved: added,
  'approved-again': added,
  'approved-debit-card': added,
  'approved-for-five-minutes': added,
  'approved-known-consumer': added,
  'approved-maestro-card': added,
  'approved-new-consumer': added,
  'approved-private-label-card': added,
  'approved-remembered-consumer': added,
  'approved-without-signature': [added, 'provision?pushAccountReceipts='],
  'cardholder-cancels': 'You did not add the card',
  'cardholder-double-clicks': [added, 'This result came before. It counts once.'],
  'cardholder-goes-back': failed,
  'cardholder-reads-too-long': failed,
  'cardholder-returns-after-expiry': failed,
  'cardholder-returns-late': added,
  'cardholder-walks-away': 'Your card was added',
  declined: 'Your card was not added',
  'declined-as-duplicate': 'Your card was in Click to Pay already',
  'declined-by-failure': failed,
  // Nobody can tell from the text alone, and so the page says what it is worth.
  'forged-approval': [added, 'unsigned text that anybody can write'],
  'forged-receipt': ['This answer is about none of our cards', 'It is not trusted.'],
  'forged-signature-changed': stranded,
  'forged-signature-other-key': stranded,
  'forged-signature-unknown-key': stranded,
  'forged-token': [added, 'unsigned text that anybody can write'],
  'ineligible-card': [notThisCard, 'ACCOUNT_INELIGIBLE'],
  'ineligible-expired-card': [notThisCard, 'INVALID_FIELD_VALUE'],
  'ineligible-issuer': ['We cannot add cards right now', 'AUTHORIZATION_FAILED'],
  'ineligible-too-many-tokens': [
    'This card is in too many places already',
    'PAN_PROVISIONING_COUNT_EXCEEDED',
  ],
  'merchant-authenticated': 'Your card is ready, and you are verified',
  'merchant-authentication-failed': 'Your card was removed again',
  'mixed-outcomes': added,
  'mixed-receipts': added,
  'odd-double-encoding': [unclear, 'not written as documented'],
  'odd-empty-result': [unclear, 'without a status'],
  'odd-extra-parameters': added,
  'odd-missing-token': [added, 'We are waiting for the last details.'],
  'odd-no-results': [unclear, 'Click to Pay brought no result.'],
  'odd-raw-brackets': added,
  'odd-unknown-status': [unclear, 'This status is new to the bank.'],
  'step-up-by-call-centre': verify,
  'step-up-by-email': added,
  'step-up-by-text': added,
  'step-up-failed': verify,
  'step-up-in-issuer-app': verify,
  'step-up-on-issuer-website': verify,
  'wire-failure-behind-gateway': [notAvailable, 'INTERNAL_SERVICE_FAILURE'],
  'wire-garbage': [notAvailable, 'neither a receipt nor an error that could be read'],
  'wire-no-answer': [notAvailable, 'the bank stopped waiting'],
  'wire-page-no-answer': 'TimeoutError',
  'wire-page-reset': 'fetch failed',
  'wire-page-slow': added,
  'wire-reset-after-push': [notAvailable, 'The connection broke before an answer came.'],
  'wire-slow': added,
  'wire-truncated': [notAvailable, 'The connection broke in the middle of the answer.'],
}

describe.concurrent('the bank plays each magic card', () => {
  test('and has an ending told here for every one', async ({ shared, expect }) => {
    const withCard = shared.simulator.scenarios.filter(({ testCard }) => testCard !== undefined)
    expect(withCard.map(({ name }) => name).sort()).toEqual(Object.keys(endings).sort())
  })

  test.for(Object.entries(endings))('%s', async ([card, ending], { shared, expect }) => {
    const [heading, word = ''] = typeof ending === 'string' ? [ending] : ending
    const page = await shared.add(card).catch(
      ({ name, message }: Error): Seen => ({
        url: '',
        status: 0,
        headers: new Headers(),
        text: '',
        heading: name === 'TimeoutError' ? name : message,
      }),
    )
    expect(page.heading).toBe(heading)
    expect(plain(page.text)).toContain(word)
    const number = shared.simulator.scenarios.find(({ name }) => name === card)?.testCard
    expect(number).toMatch(/^\d{16}$/)
    expect(page.text).not.toContain(number)
    expect(page.text).not.toContain('undefined')
  })
})

const token = 'DM4MMC0000000001cd2826c715b7475bb089b7622366ebe4'

describe('what comes back is read strictly', () => {
  test.for([
    ['APPROVED', `APPROVED%7C${token}`, added],
    ['step-up', `REQUIRE_ADDITIONAL_AUTHENTICATION%7C${token}`, verify],
    ['DECLINED', 'DECLINED', 'Your card was not added'],
    ['CANCELLED', 'CANCELLED', 'You did not add the card'],
    ['ERROR', 'ERROR', failed],
    ['DUPLICATE_REQUEST', 'DUPLICATE_REQUEST', 'Your card was in Click to Pay already'],
    ['AUTHENTICATED', `AUTHENTICATED%7C${token}`, 'Your card is ready, and you are verified'],
    ['DELETED', `DELETED%7C${token}`, 'Your card was removed again'],
    ['lower case', `approved%7C${token}`, unclear],
    ['with blanks', `%20APPROVED%7C${token}`, unclear],
    ['an inherited name', 'constructor', unclear],
    ['nothing', '', unclear],
  ] as const)('status: %s', async ([, value, heading], { shared }) => {
    const page = await shared.comeBack(`results%5B${await shared.pushed()}%5D=${value}`)
    expect(page).toMatchObject({ status: 200, heading })
    expect(page.text).not.toContain('class="remarks">No token')
  })

  test.for([
    ['no query', () => '', unclear, 'Click to Pay brought no result.'],
    ['other parameters only', () => 'lang=en', unclear, 'Click to Pay brought no result.'],
    ['no receipt', () => 'results%5B%5D=APPROVED', unclear, 'not written as documented'],
    ['no brackets', () => 'results=APPROVED', unclear, 'not written as documented'],
    [
      'encoded twice',
      (r: string) => `results%255B${r}%255D=APPROVED`,
      unclear,
      'not written as documented',
    ],
    [
      'bytes that are no UTF-8',
      (r: string) => `results%5B${r}%5D=%FF`,
      'Back from Click to Pay',
      'not written as documented',
    ],
    [
      'a percent sign alone',
      (r: string) => `results%5B${r}%5D=DECLINED&x=%`,
      'Back from Click to Pay',
      'not written as documented',
    ],
    [
      'no token where one belongs',
      (r: string) => `results%5B${r}%5D=DELETED`,
      'Your card was removed again',
      'No token reference came with it',
    ],
    [
      'a token where none belongs',
      (r: string) => `results%5B${r}%5D=DECLINED%7C${token}`,
      'Your card was not added',
      'It is ignored.',
    ],
    [
      'a token that is none',
      (r: string) => `results%5B${r}%5D=APPROVED%7C<script>alert(1)</script>`,
      unclear,
      'does not look like one',
    ],
    [
      'the same result twice',
      (r: string) => `results%5B${r}%5D=DECLINED&results[${r}]=DECLINED`,
      'Your card was not added',
      'in the address 2 times. It counts once.',
    ],
    [
      'two results for one receipt',
      (r: string) => `results%5B${r}%5D=DECLINED&results[${r}]=APPROVED|${token}`,
      unclear,
      'with 2 different results: DECLINED and APPROVED|',
    ],
    [
      'a receipt that was never pushed',
      () => `results%5BMCC-STL-0BADC0DE-0000-4000-8000-0BADC0DE0BAD%5D=APPROVED%7C${token}`,
      'This answer is about none of our cards',
      'It is not trusted.',
    ],
    [
      'one of ours and one that is not',
      (r: string) => `results%5B${r}%5D=APPROVED%7C${token}&results%5BX%5D=APPROVED`,
      'Back from Click to Pay',
      'It is not trusted.',
    ],
    ['a card number', (r: string) => `results%5B${r}%5D=${everyday}`, unclear, '512345******2346'],
  ] as const)('%s', async ([, query, heading, word], { shared }) => {
    const page = await shared.comeBack(query(await shared.pushed()))
    expect(page).toMatchObject({ status: 200, heading })
    expect(plain(page.text)).toContain(word)
    expect(page.text).not.toContain('<script')
    expect(page.text).not.toContain(everyday)
  })

  test('a result counts once, and another one later changes nothing', async ({ demo }) => {
    const receipt = await demo.pushed()
    const approved = `results%5B${receipt}%5D=APPROVED%7C${token}`
    expect((await demo.comeBack(approved)).text).not.toContain('class="remarks"')
    expect((await demo.comeBack(approved)).text).toContain('It counts once.')
    const declined = await demo.comeBack(`results%5B${receipt}%5D=DECLINED`)
    expect(declined.heading).toBe(unclear)
    expect(plain(declined.text)).toContain(
      `For this receipt APPROVED|${token} came back before, and now DECLINED.`,
    )
    expect(await demo.comeBack(approved)).toMatchObject({ heading: added })
  })

  test('the oldest push is forgotten first', async () => {
    const { pushed, comeBack } = await demoOf({ maximumPending: 2 })
    const receipts = [await pushed(), await pushed(), await pushed()]
    const headings = receipts.map(
      async (receipt) => (await comeBack(`results%5B${receipt}%5D=ERROR`)).heading,
    )
    expect(await Promise.all(headings)).toEqual([
      'This answer is about none of our cards',
      failed,
      failed,
    ])
  })
})

describe('what the bank sends', () => {
  test('is shown as it was sent, without card number and signature', async () => {
    const sent: string[] = []
    const signatures: string[] = []
    const { simulator } = await demoOf()
    const { add } = await demoOf({
      answer: async (request) => {
        const copy = request.clone() as Request
        sent.push(await copy.text())
        signatures.push(
          /oauth_signature="([^"]*)"/.exec(copy.headers.get('Authorization') ?? '')?.[1] ?? '',
        )
        return simulator.fetch(request)
      },
    })
    const page = await add('declined', { locale: 'cs_CZ', completeWebsiteActivation: 'true' })
    const text = plain(page.text)
    const { encryptedData, encryptedKey, ...others } = JSON.parse(sent[0] ?? '').pushFundingAccounts
      .encryptedPayload
    expect(text).toContain('POST http://localhost:6337/mdes/connect/1/0/pushMultipleAccounts')
    expect(text).toContain(`\n\n${sent[0]}</pre>`)
    for (const [name, value] of Object.entries({ encryptedData, encryptedKey }))
      expect(text).toContain(
        `      "${name}": "${value.slice(0, 12)}…(${value.length} characters)"`,
      )
    for (const [name, value] of Object.entries(others))
      expect(text).toContain(`      "${name}": "${value}"`)
    expect(text).toContain(`oauth_signature="${signatures[0]?.slice(0, 12)}..."`)
    expect(text).not.toContain(signatures[0])
    expect(text).toContain('"accountNumber": "512345******2361"')
    expect(text).toContain('"accountHolderEmailAddress": "john.doe@anymail.com"')
    expect(JSON.parse(sent[0] ?? '').signatureData).toEqual({
      callbackURL: `${bankUrl}/tokenization-results`,
      completeIssuerAppActivation: false,
      completeWebsiteActivation: true,
      accountHolderDataSupplied: true,
      locale: 'cs_CZ',
    })
    expect(text).toContain('x-simulator-scenario: declined; by=when')
    expect(text).toContain('http://localhost:6337/provision?pushAccountData=')
  })

  test('has no account holder data when the box is not ticked', async ({ demo }) => {
    const response = await demo.open('/click-to-pay', {
      method: 'POST',
      body: new URLSearchParams({ card: 'Everyday', useCase: 'receipt', locale: 'ar_AE' }),
    })
    const { searchParams } = new URL(response.headers.get('Location') ?? '')
    expect(Object.fromEntries(searchParams)).toMatchObject({
      accountHolderDataSupplied: 'false',
      completeIssuerAppActivation: 'false',
      completeWebsiteActivation: 'false',
      locale: 'ar_AE',
      extFlow: 'true',
      callbackURL: `${bankUrl}/tokenization-results`,
    })
  })

  test.for(['signature', 'receipt'])(
    'lets Click to Pay open the app, in App to Web: %s',
    async (useCase, { demo }) => {
      const { url } = await demo.add('declined', { useCase, comesBackTo: 'app' })
      expect(url).toMatch(/^moonbank:\/\/pushcallback\?results%5BMCC-STL-[^=]+%5D=DECLINED$/)
    },
  )

  test.for([
    ['another card', 'card=Nobody'],
    ['an inherited name', 'card=constructor'],
    ['another language', 'card=Everyday&locale=tlh_QO'],
    ['another use case', 'card=Everyday&useCase=carrier-pigeon'],
    ['another way back', 'card=Everyday&comesBackTo=constructor'],
    ['nothing', ''],
    ['too much', `card=Everyday&${'x'.repeat(5000)}`],
  ] as const)('is nothing for a form that no page has: %s', async ([, body], { demo }) => {
    const page = await demo.open('/click-to-pay', { method: 'POST', body })
    expect(page).toMatchObject({ status: 400, heading: 'This form is not valid' })
    expect(demo.calls).toEqual([])
  })

  test.for([
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    // Another port of this machine, such as the simulator's.
    [{ 'Sec-Fetch-Site': 'same-site', Origin: 'http://localhost:6337' }, 403],
    [{ Origin: 'http://localhost:6337' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'same-origin', Origin: bankUrl }, 303],
    [{ Origin: bankUrl }, 303],
  ] as const)('needs a form of its own: %o', async ([headers, status], { demo }) => {
    const body = new URLSearchParams({ card: 'Everyday' })
    const page = await demo.open('/click-to-pay', { method: 'POST', body, headers })
    expect(page.status).toBe(status)
    expect(demo.calls).toHaveLength(status === 303 ? 1 : 0)
  })
})

describe('when the API is in trouble', () => {
  test.for([
    ['wire-no-answer', 'the bank stopped waiting'],
    ['wire-truncated', 'The connection broke in the middle of the answer.'],
  ])(
    'over a socket, garbage collected or not: %s',
    async ([card, word], { demo: { simulator } }) => {
      const server = await serve(simulator, { port: 0 })
      const project = await readProject(simulator.keyring, server.url)
      const { add } = await demoOf({ project, patienceMs: 500 })
      setFlagsFromString('--expose-gc')
      const collecting = setInterval(runInNewContext('gc'), 20)
      const page = await add(card)
      clearInterval(collecting)
      expect(page).toMatchObject({ status: 502, heading: notAvailable })
      expect(page.text).toContain(word)
      await server.close()
    },
  )

  test.for([
    ['wire-quota-exceeded', notAvailable, 'Please try again in 30 seconds', 502],
    ['wire-unavailable', notAvailable, 'The gateway answered 503.', 502],
    ['ineligible-project', 'We cannot add cards right now', 'DECLINED', 502],
  ] as const)('%s', async ([scenario, heading, word, status], { demo }) => {
    demo.simulator.use(scenario)
    const page = await demo.add()
    expect(page).toMatchObject({ heading, status })
    expect(page.text).toContain(word)
    expect(demo.calls).toEqual(['pushMultipleAccounts'])
  })

  test('the cardholder may try again, with the same choices', async ({ demo }) => {
    demo.simulator.use('wire-unavailable')
    const choices = { locale: 'de_DE', useCase: 'receipt', comesBackTo: 'app' }
    const { text } = await demo.add('Everyday', choices)
    const fields = Object.fromEntries(
      [...text.matchAll(/type="hidden" name="(\w+)" value="(\w+)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    )
    expect(fields).toEqual({
      card: 'Everyday',
      locale: 'de_DE',
      useCase: 'receipt',
      comesBackTo: 'app',
      accountHolderData: 'true',
    })
    const { card = '', ...others } = fields
    expect((await demo.add(card, { ...others, comesBackTo: 'web' })).heading).toBe(added)
  })

  test.for([
    ['no JSON'],
    ['null'],
    ['[]'],
    ['{"pushAccountReceipts":"many"}'],
    ['{"pushAccountReceipts":[{}],"availablePushMethods":[{"type":"WEB"}]}'],
    ['{"errors":[]}'],
    ['{"errors":"many"}'],
    ['{"Errors":{"Error":"many"}}'],
  ])('an answer that makes no sense: %s', async ([text]) => {
    const { add } = await demoOf({ answer: async () => new Response(text) })
    const page = await add()
    expect(page).toMatchObject({ status: 502, heading: notAvailable })
    expect(plain(page.text)).toContain(`\n\n${text}</pre>`)
  })
})

describe('what the bank offers', () => {
  test('is asked for once, kept for a while, and asked for again on demand', async () => {
    let now = Date.parse('2026-01-30T12:00:00Z')
    const clock: Clock = { now: () => now }
    const { open, calls } = await demoOf({ clock })
    const lookup = ['getEligibleTokenRequestors', expect.stringMatching(/^asset\//)]
    expect((await open('/')).text).toContain('MDES said at 12:00 UTC')
    await open('/')
    await open('/click-to-pay-logo')
    expect(calls).toEqual(lookup)
    now += 11 * 60_000
    expect((await open('/')).text).toContain('MDES said at 12:11 UTC')
    expect(calls).toEqual([...lookup, ...lookup])
    const answer = await open('/eligibility', { method: 'POST' })
    expect(answer).toMatchObject({ status: 303 })
    await open('/')
    expect(calls).toHaveLength(6)
  })

  test('is Click to Pay by its own name and logo, the everyday card first', async ({ demo }) => {
    const { text } = await demo.open('/')
    const buttons = [...text.matchAll(/<button name="card" value="([^"]*)"/g)].map(([, id]) => id)
    expect(buttons.slice(0, 3)).toEqual(['Everyday', 'approved', 'approved-again'])
    expect(buttons.slice(1)).toEqual(Object.keys(endings).sort())
    expect(text).toContain('Everyday credit ending 2346</span> to Click to Pay')
    expect(text).toMatch(/<summary>Forged <small>6<\/small><\/summary>/)
    for (const { testCard, description, showsPages } of demo.simulator.scenarios)
      if (testCard !== undefined) {
        expect(text).not.toContain(testCard)
        expect(text).toContain(`ending ${testCard.slice(-4)}</small>`)
        const pages = showsPages ? ' <small>Click to Pay shows its pages.</small>' : ''
        expect(plain(text)).toContain(`<p>${description}${pages}</p>`)
      }
    const logo = await demo.open('/click-to-pay-logo')
    expect(logo.text).toMatch(/^<svg /)
    expect(Object.fromEntries(logo.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    })
  })

  test('keeps the options from one push to the next', async ({ demo }) => {
    const { text } = await demo.add('approved', {
      locale: 'cs_CZ',
      useCase: 'receipt',
      completeWebsiteActivation: 'true',
    })
    const back = plain(/class="button" href="([^"]*)">Back to your cards/.exec(text)?.[1] ?? '')
    const cards = (await demo.open(back)).text
    expect(cards).toContain('<option value="cs_CZ" lang="cs" selected>')
    expect(cards).toMatch(/value="receipt" checked/)
    expect(cards).toMatch(/name="completeWebsiteActivation" value="true" checked/)
    expect(cards).not.toMatch(/name="completeIssuerAppActivation" value="true" checked/)
    for (const odd of ['/?locale=xx_XX', '/?useCase=<script>', '/?nothing'])
      expect((await demo.open(odd)).text).not.toContain('<script>')
  })

  test.for(['ineligible-click-to-pay', 'ineligible-everywhere'])(
    'is nothing where Click to Pay is not named: %s',
    async (scenario, { demo }) => {
      demo.simulator.use(scenario)
      const { text } = await demo.open('/')
      expect(text).toContain('Click to Pay does not take this card.')
      expect(text).not.toContain('name="card"')
    },
  )

  test.for([
    ['ineligible-range-lookup', 'ACCOUNT_INELIGIBLE'],
    ['wire-unavailable', 'SERVICE_UNAVAILABLE'],
    ['wire-reset-before-push', 'The connection broke before an answer came.'],
  ] as const)(
    'is not known when the lookup fails, until it is tried again: %s',
    async ([scenario, word], { demo }) => {
      demo.simulator.use(scenario)
      const page = await demo.open('/')
      expect(page.status).toBe(200)
      expect(page.text).toContain('We cannot offer Click to Pay right now')
      expect(page.text).toContain(word)
      expect(page.text).toContain('Everyday credit')
      expect(page.text).not.toContain('name="card"')
      demo.simulator.use(undefined)
      expect((await demo.open('/')).text).toContain('name="card"')
    },
  )

  test.for([
    ['image/png', 'image/png'],
    ['text/html', undefined],
  ])('its logo comes as a picture or not at all: %s', async ([type = '', served]) => {
    const { simulator } = await demoOf()
    const { open } = await demoOf({
      answer: (request) =>
        request.method === 'GET'
          ? Promise.resolve(Response.json({ mediaContents: [{ type, data: 'AAAA' }] }))
          : simulator.fetch(request),
    })
    expect((await open('/')).text.includes('<img')).toBe(served !== undefined)
    const logo = await open('/click-to-pay-logo')
    expect(logo.status).toBe(served === undefined ? 404 : 200)
    if (served !== undefined) expect(logo.headers.get('Content-Type')).toBe(served)
  })
})

describe('every page', () => {
  test.for(['/', '/nowhere', '/tokenization-results', '/bank.css'])(
    'is kept by nobody, runs nothing and stays out of frames: %s',
    async (path, { shared }) => {
      const { headers } = await shared.open(path)
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy':
          "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'",
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      })
    },
  )
})
