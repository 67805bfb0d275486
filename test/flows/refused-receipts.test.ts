import { describe, expect } from 'vitest'
import { clickToPay, redirectUrl } from '../../src/issuer/client.ts'
import { callbackURL, card, receiptOf, test } from '../support/journey.ts'

const sample = 'MCC-STL-04FB7337-2308-4312-9433-C608BC1C391B'
const linkBack = (page: string) => /<a class="back" href="([^"]*)"/.exec(page)?.[1]

describe('a receipt that cannot be used ends on a page, and only a person goes back with ERROR', () => {
  test("unknown: the documentation's own sample URL", async ({ visit }) => {
    const page = await visit(
      `http://localhost:6337/provision?pushAccountReceipts=${sample}&accountHolderDataSupplied=true&locale=en_US&completeIssuerAppActivation=false&completeWebsiteActivation=false&extFlow=true&callbackURL=https%3A%2F%2Fpartnerbank.com%2Ftokenization-results`,
    )
    const text = await page.text()

    expect(page.status).toBe(404)
    expect(page.headers.get('Location')).toBeNull()
    expect(text).toContain('Card not found')
    expect(linkBack(text)).toBe(
      `https://partnerbank.com/tokenization-results?results%5B${sample}%5D=ERROR`,
    )
  })

  test.for([
    ['the default 15 minutes', {}, 15],
    ['as asked for', { pushAccountReceiptsValidityPeriod: 5 }, 5],
  ] as const)('expired, after %s', async ([, overrides, minutes], { pushed, visit, simulator }) => {
    const push = await pushed({ ...overrides, scenario: 'ask' })
    const url = redirectUrl(push, { useCase: 'signature' })

    simulator.clock.advance(minutes * 60_000 - 1)
    expect((await visit(url)).status).toBe(200)

    simulator.clock.advance(1)
    const late = await visit(url)
    expect(late.status).toBe(410)
    expect(linkBack(await late.text())).toBe(`${callbackURL}?results%5B${receiptOf(push)}%5D=ERROR`)
  })

  test('expired while the page was open', async ({ pushed, visit, choose, simulator }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
    simulator.clock.advance(15 * 60_000)

    expect((await choose(page, 'APPROVED')).status).toBe(410)
  })

  test('used', async ({ pushed, visit }) => {
    const push = await pushed()
    const url = redirectUrl(push, { useCase: 'receipt', locale: 'en_US', callbackURL })
    await visit(url)

    const again = await visit(url)
    expect(again.status).toBe(410)
    expect(linkBack(await again.text())).toContain('=ERROR')
  })

  test('foreign: pushed for another token requestor', async ({ pushed, visit }) => {
    const push = await pushed({ tokenRequestorId: '50123456789' })
    expect(push.pushUri).toBe('https://www.tokenrequestor1.example/pushtoken')

    const page = await visit(
      redirectUrl(
        { ...push, pushUri: 'http://localhost:6337/provision' },
        { useCase: 'signature' },
      ),
    )
    expect(page.status).toBe(404)
    expect(page.headers.get('Location')).toBeNull()
    expect(linkBack(await page.text())).toContain('=ERROR')
  })

  test('of several receipts Click to Pay uses the first and ignores the rest', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const [one, two] = [await pushed(), await pushed({ requestId: 'request-2' })]
    const back = await visit(
      `http://localhost:6337/provision?pushAccountReceipts=${receiptOf(one)},${receiptOf(two)}&locale=en_US&extFlow=true&callbackURL=${encodeURIComponent(callbackURL)}`,
    )
    expect(back.headers.get('Location')).toContain(receiptOf(one))
    expect(back.headers.get('Location')).not.toContain(receiptOf(two))
    const [entry] = (await simulator.journal.entries()).slice(-1)
    expect(entry?.warnings).toEqual([
      'only the first of pushAccountReceipts is used: Click to Pay takes one card at a time',
    ])
  })

  test('no receipt at all: back to the bank with nothing appended, if a person wants', async ({
    visit,
  }) => {
    const page = await visit(
      `http://localhost:6337/provision?callbackURL=${encodeURIComponent(callbackURL)}`,
    )
    expect(page.status).toBe(400)
    expect(linkBack(await page.text())).toBe(callbackURL)
  })

  test('what is no receipt does not travel back, card numbers least of all', async ({ visit }) => {
    const page = await visit(
      `http://localhost:6337/provision?pushAccountReceipts=5123456789012346&callbackURL=${encodeURIComponent(callbackURL)}`,
    )
    const text = await page.text()
    expect(page.status).toBe(404)
    expect(text).not.toContain('5123456789012346')
    expect(linkBack(text)).toBe(callbackURL)
  })

  test('after a reset every receipt is unknown', async ({ pushed, visit, simulator }) => {
    const push = await pushed()
    await simulator.reset()
    expect((await visit(redirectUrl(push, { useCase: 'signature' }))).status).toBe(404)
  })
})

describe('pushAccountData that is wrong is a 400 page and never a redirect', () => {
  test.for<[string, (signature: string) => string]>([
    [
      'one byte of the payload changed',
      (jws) => jws.replace(/\.(..)/, (_all, two) => `.${two === 'ey' ? 'ez' : 'ey'}`),
    ],
    ['the signature cut off', (jws) => jws.slice(0, jws.lastIndexOf('.') + 1)],
    ['signature of another push', (jws) => `${jws.slice(0, -4)}AAAA`],
    ['alg none', (jws) => `${b64('{"alg":"none"}')}.${jws.split('.')[1]}.`],
    [
      'another kid',
      (jws) =>
        `${b64('{"alg":"RS256","kid":"20210927091340-MDES-token-connect-mtf"}')}.${jws.split('.').slice(1).join('.')}`,
    ],
    [
      'HS256 with the public key',
      (jws) => `${b64('{"alg":"HS256"}')}.${jws.split('.').slice(1).join('.')}`,
    ],
    ['one bit changed that decoders do not read', flipUnusedBit],
    ['a blank behind it', (jws) => `${jws} `],
    ['a line break behind it', (jws) => `${jws}\r\n`],
    ['a plus sign inside', (jws) => jws.replace(/\.(...)/g, '.$1+')],
    ['padding', (jws) => `${jws}==`],
    ['not a JWS', () => 'hello'],
    ['empty', () => ''],
  ])('%s', async ([, spoil], { pushed, visit }) => {
    const { signature = '' } = await pushed()
    const page = await visit(
      `http://localhost:6337/provision?pushAccountData=${encodeURIComponent(spoil(signature))}&extFlow=true&callbackURL=${encodeURIComponent(callbackURL)}`,
    )
    expect(page.status).toBe(400)
    expect(page.headers.get('Location')).toBeNull()
    expect(await page.text()).not.toContain('href="http')
  })

  test('with both forms the signed one counts, the plain one is ignored', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const push = await pushed()
    const url = redirectUrl(push, { useCase: 'signature' })
    const back = await visit(
      `${url}&pushAccountReceipts=${sample}&callbackURL=https%3A%2F%2Fevil.test%2F`,
    )
    expect(back.headers.get('Location')).toMatch(/^https:\/\/partnerbank\.com\//)
    expect(back.headers.get('Location')).toContain(receiptOf(push))
    expect((await simulator.journal.entries()).at(-1)?.warnings).toEqual(
      [
        ['pushAccountReceipts', sample, receiptOf(push)],
        ['callbackURL', 'https://evil.test/', callbackURL],
      ].map(
        ([name, plain, signed]) =>
          `${name} is ignored: pushAccountData stands alone, with extFlow=true only; it says ${plain}, and the signature says ${signed}, which counts`,
      ),
    )
  })
})

describe('the query of /provision', () => {
  test.for(['pushAccountData', 'callbackURL', 'pushAccountReceipts'])(
    '%s twice is refused',
    async (name, { pushed, visit }) => {
      const push = await pushed()
      const options =
        name === 'pushAccountData'
          ? ({ useCase: 'signature' } as const)
          : ({ useCase: 'receipt', locale: 'en_US', callbackURL } as const)
      const page = await visit(`${redirectUrl(push, options)}&${name}=https://evil.test/`)
      expect(page.status).toBe(400)
      expect(await page.text()).not.toContain('evil.test')
    },
  )

  test('what is odd about plain parameters is warned of', async ({ pushed, visit, simulator }) => {
    const push = await pushed()
    await visit(
      `http://localhost:6337/provision?pushAccountReceipts=${receiptOf(push)}&locale=xx&accountHolderDataSupplied=banana&completeWebsiteActivation=FALSE`,
    )
    expect((await simulator.journal.entries()).at(-1)?.warnings).toEqual([
      'extFlow=true is missing: Click to Pay then offers no "Remember Me"',
      'locale is xx; expected ll_CC, such as en_US',
      'accountHolderDataSupplied is banana; expected true or false',
    ])
  })

  test('the older pushAccountReceipt is not pushAccountReceipts', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const push = await pushed()
    const page = await visit(
      `http://localhost:6337/provision?pushAccountReceipt=${receiptOf(push)}&extFlow=true&locale=en_US`,
    )
    expect(page.status).toBe(400)
    expect(
      (await simulator.journal.entries()).at(-1)?.faults?.[0]?.explanation?.causes[0]?.because,
    ).toBe('pushAccountReceipt is ignored: the parameter is pushAccountReceipts')
  })

  test.for(['PUT', 'DELETE', 'OPTIONS', 'HEAD'])(
    '%s is not allowed',
    async (method, { simulator }) => {
      const response = await simulator.fetch(
        new Request('http://localhost:6337/provision', { method }),
      )
      expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, POST'])
    },
  )

  test('a form that is too large', async ({ simulator }) => {
    const response = await simulator.fetch(
      new Request('http://localhost:6337/provision', { method: 'POST', body: 'a'.repeat(5000) }),
    )
    expect(response.status).toBe(413)
  })
})

describe('a callbackURL that must not be followed', () => {
  const bad = [
    'javascript:alert(1)//',
    'JAVASCRIPT:alert(1)',
    'JavaScript://x/%0aalert(1)',
    'java\tscript:alert(1)',
    'java\nscript://x/%0aalert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'javascript%3Aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
    'file:///etc/passwd',
    'blob:https://bank.test/1',
    'vbscript:x',
    'VBScript://x',
    'about:blank',
    'https://user:secret@bank.test/',
    'https://bank.test@evil.test/',
    '//evil.test/',
    '/\\evil.test/',
    'https:\\\\evil.test/',
    'https:evil.test',
    'https:///evil.test/',
    '/relative',
    'localhost:3000/back',
    'MoonBank://pushcallback',
    'https://bank.test/\r\nSet-Cookie: a=b',
    'https://bänk.test/',
    'https://bank.test\u3002evil.test/',
    'https://bank.test%E3%80%82evil.test/',
    'https://bank.test\u202e/',
    'https://bank.test%00.evil.test/',
    'https://a;script-src.test/',
    'https://bank.test\\@evil.test/',
    'mailto:someone@bank.test',
    `https://bank.test/${'x'.repeat(239)}`,
  ]

  test.for(bad)('on the page: %j', async (callback, { pushed, visit }) => {
    const push = await pushed()
    const page = await visit(
      redirectUrl(push, { useCase: 'receipt', locale: 'en_US', callbackURL: callback }),
    )
    expect(page.status).toBe(400)
    expect(page.headers.get('Location')).toBeNull()
    expect(await page.text()).not.toContain('class="back"')
  })

  test.for(bad)('in the push: %j', async (callback, { push }) => {
    const refused = await push({ signatureData: { callbackURL: callback } })
    expect(refused).toMatchObject({
      accepted: false,
      errors: [
        {
          source: 'INPUT',
          reasonCode: callback.length > 256 ? 'INVALID_FIELD_LENGTH' : 'INVALID_FIELD_VALUE',
          description: expect.stringMatching(/ - callbackURL$/),
        },
      ],
    })
  })
})

test('a token requestor takes several cards, and each gets its receipt', async ({ pushed }) => {
  const push = await pushed({
    tokenRequestorId: '50123456789',
    accounts: [card('5123456789012346', 'a'), card('5412346789012349', 'b')],
  })
  expect(push.pushAccountReceipts.map(({ pushAccountId }) => pushAccountId)).toEqual(['a', 'b'])
  expect(clickToPay).not.toBe('50123456789')
})

/** The last character of 256 bytes in base64url carries two bits that no byte needs. */
function flipUnusedBit(jws: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return jws.slice(0, -1) + alphabet[alphabet.indexOf(jws.slice(-1)) ^ 1]
}

function b64(text: string): string {
  return Buffer.from(text).toString('base64url')
}
