import { describe, expect } from 'vitest'
import { type CardAccount, type PushAccepted, redirectUrl } from '../../src/issuer/client.ts'
import { plainParameters, signedParameters } from '../../src/provision-parameters.ts'
import { hostileEmail, hostileTexts, tagsOf } from '../support/hostile.ts'
import {
  test as base,
  callbackURL,
  card,
  formOf,
  locationOf,
  withinThePage,
} from '../support/journey.ts'

type Fields = Readonly<Record<string, string>>

type Browser = {
  /** The page that a URL leads to. */
  readonly read: (url: string) => Promise<string>
  /** The page that a form leads to, with some of its fields filled in anew. */
  readonly send: (page: string, move: string, fields?: Fields) => Promise<string>
}

const test = base.extend<Browser>({
  read: async ({ visit }, use) => use(async (url) => safe(await visit(url))),
  send: async ({ simulator }, use) =>
    use(async (page, move, fields = {}) => {
      const form = formOf(page, move)
      const body = new URLSearchParams(await form.text())
      for (const [name, value] of Object.entries(fields)) body.set(name, value)
      const sent = await simulator.fetch(new Request(form.url, { method: 'POST', body }))
      return safe(await withinThePage(sent, simulator.fetch))
    }),
})

/** Whatever was sent: a page, and nothing for the browser to do. */
async function safe(response: Response): Promise<string> {
  expect(response.status).toBeLessThan(500)
  expect(response.headers.get('Content-Type')).toBe('text/html; charset=UTF-8')
  expect(locationOf(response)).toBe('')
  expect(response.headers.get('Set-Cookie') ?? '').not.toContain('pwned')
  expect(response.headers.get('Content-Security-Policy')).not.toContain('pwned')
  return response.text()
}

const plain = (push: PushAccepted) =>
  redirectUrl(push, { useCase: 'receipt', callbackURL, locale: 'en_US' })
const signed = (push: PushAccepted) => redirectUrl(push, { useCase: 'signature' })

describe('a hostile text stays text, whoever sends it', () => {
  test.for([
    ...plainParameters.map((name) => [name, plain] as const),
    ...signedParameters.map((name) => [name, signed] as const),
    ...['visit', 'tokenRequestorSessionId', 'anything'].flatMap((name) => [
      [name, plain] as const,
      [name, signed] as const,
    ]),
  ])('in the parameter %s', async ([name, urlOf], { pushed, read }) => {
    const url = new URL(urlOf(await pushed({ scenario: 'ask' })))
    const withText = (text: string) => {
      url.searchParams.set(name, text)
      return read(url.href)
    }
    const usual = tagsOf(await withText('harmless'))
    for (const [what, text] of Object.entries(hostileTexts))
      expect(tagsOf(await withText(text)), what).toEqual(usual)
  })

  test('as the name of a parameter', async ({ pushed, read }) => {
    const url = plain(await pushed({ scenario: 'ask' }))
    const usual = tagsOf(await read(url))
    for (const [what, text] of Object.entries(hostileTexts))
      expect(tagsOf(await read(`${url}&${encodeURIComponent(text)}=1`)), what).toEqual(usual)
  })

  const newcomer = { email: 'jane@example.com', dialCode: '1', mobile: '7181234567', consent: 'on' }
  const addressFields = ['line1', 'line2', 'city', 'countrySubdivision', 'postalCode', 'country']
  const forms: readonly {
    readonly scenario: string
    readonly before?: readonly (readonly [move: string, fields: Fields])[]
    readonly move: string
    readonly names: readonly string[]
  }[] = [
    { scenario: 'ask', move: 'BEGIN', names: ['email', 'decision'] },
    {
      scenario: 'approved-new-consumer',
      move: 'SIGN_UP',
      names: ['email', 'dialCode', 'mobile', 'remember', 'consent', 'decision'],
    },
    { scenario: 'approved-known-consumer', move: 'CODE', names: ['code', 'decision'] },
    {
      scenario: 'step-up-by-text',
      before: [
        ['BEGIN', newcomer],
        ['SIGN_UP', newcomer],
      ],
      move: 'METHOD',
      names: ['method', 'decision'],
    },
    {
      scenario: 'approved-new-consumer',
      before: [['SIGN_UP', newcomer]],
      move: 'PROFILE',
      names: ['name', ...addressFields, 'language'],
    },
  ]

  for (const { scenario, before = [], move, names } of forms)
    for (const name of [...names, 'visit', 'anything'])
      test(`in the field ${name} of ${move}`, async ({ pushed, read, send }) => {
        let page = await read(signed(await pushed({ scenario })))
        for (const [earlier, fields] of before) page = await send(page, earlier, fields)
        const usual = tagsOf(await send(page, move, { [name]: 'harmless' }))
        for (const [what, text] of Object.entries(hostileTexts))
          expect(tagsOf(await send(page, move, { [name]: text })), what).toEqual(usual)
      })

  test('as an e-mail address that is known, and shown in part', async ({ pushed, read, send }) => {
    const pages = async (email: string) => {
      const first = await read(signed(await pushed({ scenario: 'approved-new-consumer' })))
      await send(first, 'SIGN_UP', { ...newcomer, email })
      const code = await send(await read(signed(await pushed({ scenario: 'ask' }))), 'BEGIN', {
        email,
      })
      const digits = /<b id="one-time-code">(\d+)</.exec(code)?.[1] ?? ''
      return [code, await send(code, 'CODE', { code: digits })]
    }
    const usual = await pages('jane@example.com')
    const hostile = await pages(hostileEmail)
    expect(hostile.map(tagsOf)).toEqual(usual.map(tagsOf))
    for (const page of hostile)
      expect(page).toContain('@&quot;&gt;&lt;img/src=x/onerror=pwned=1&gt;')
  })
})

describe('of an account holder', () => {
  const withHolder = (accountHolderData: object): readonly CardAccount[] => {
    const account = card()
    return [
      { ...account, fundingAccountData: { ...account.fundingAccountData, accountHolderData } },
    ]
  }
  const limits = { line1: 64, line2: 64, city: 32, countrySubdivision: 12, postalCode: 16 }
  const texts = Object.values(hostileTexts)

  test('every text stays text in the profile', async ({ pushed, read, send }) => {
    let newcomers = 0
    const profileOf = async (textFor: (position: number, limit: number) => string) => {
      newcomers += 1
      const accounts = withHolder({
        accountHolderName: textFor(0, 27),
        accountHolderAddress: Object.fromEntries(
          Object.entries(limits).map(([name, limit], n) => [name, textFor(n + 1, limit)]),
        ),
        accountHolderEmailAddress: textFor(6, 320).padEnd(6),
      })
      const page = await read(signed(await pushed({ scenario: 'approved-new-consumer', accounts })))
      return send(page, 'SIGN_UP', {
        email: `jane${newcomers}@example.com`,
        dialCode: '1',
        mobile: '7181234567',
        consent: 'on',
      })
    }
    const usual = await profileOf(() => 'harmless')
    expect(usual.match(/value="harmless"/g)).toHaveLength(6)
    // Each text is in each field once.
    for (const [first, text] of texts.entries()) {
      const page = await profileOf((position, limit) =>
        (texts[(first + position) % texts.length] ?? '').slice(0, limit),
      )
      expect(tagsOf(page), text).toEqual(tagsOf(usual))
    }
  })

  test.for([
    ['a country', (text: string) => ({ accountHolderAddress: { country: text.slice(0, 3) } })],
    [
      'a telephone number',
      (text: string) => ({
        accountHolderMobilePhoneNumber: { countryDialInCode: '1', phoneNumber: text.slice(0, 20) },
      }),
    ],
    [
      'a dialling code',
      (text: string) => ({
        accountHolderMobilePhoneNumber: {
          countryDialInCode: text.slice(0, 4),
          phoneNumber: '7181234567',
        },
      }),
    ],
  ] as const)('%s with any of them is refused', async ([, holder], { push }) => {
    for (const text of texts)
      expect(await push({ accounts: withHolder(holder(text)) }), text).toMatchObject({
        accepted: false,
        errors: [{ source: 'INPUT', reasonCode: expect.stringMatching(/^INVALID_FIELD_/) }],
      })
  })
})

describe('a callbackURL whose path and query are hostile', () => {
  const hostile = `${callbackURL}/"><script>pwned=1</script>?a='onload=pwned=1&b=javascript:pwned=1;url=x#"><img/src=x/onerror=pwned=1>`

  test.for([
    ['cardholder-returns-late', 'the last page'],
    ['cardholder-double-clicks', 'a frame'],
    ['cardholder-returns-after-expiry', 'a problem page'],
    ['ask', 'the first page'],
  ] as const)('%s: stays text on %s', async ([scenario], { pushed, visit }) => {
    const pageOf = async (callback: string, urlOf: (push: PushAccepted) => string) => {
      const push = await pushed({
        scenario,
        signatureData: { callbackURL: callback, locale: 'en_US' },
      })
      return visit(urlOf(push))
    }
    const usual = await pageOf(callbackURL, signed)
    const tags = tagsOf(await usual.text())
    for (const urlOf of [
      signed,
      (push: PushAccepted) =>
        redirectUrl(push, { useCase: 'receipt', callbackURL: hostile, locale: 'en_US' }),
    ]) {
      const page = await pageOf(hostile, urlOf)
      expect(page.status).toBe(usual.status)
      expect(page.headers.get('Content-Security-Policy')).toBe(
        usual.headers.get('Content-Security-Policy'),
      )
      expect(tagsOf(await page.text())).toEqual(tags)
    }
  })

  test('is gone back to as it is', async ({ pushed, visit }) => {
    const signatureData = { callbackURL: hostile, locale: 'en_US' }
    const back = await visit(signed(await pushed({ signatureData })))
    const [address] = hostile.split('#')
    expect(back.headers.get('Location')?.startsWith(`${address}&results%5B`)).toBe(true)
  })
})
