import { describe, expect } from 'vitest'
import type { ClickToPayVisit, NewCardholder } from '../../src/harness/cardholder.ts'
import { inOneLine } from '../../src/harness/expectations.ts'
import { httpCardholder } from '../../src/harness/http-cardholder.ts'
import type { Played } from '../../src/harness/play.ts'
import { story, test } from '../support/playing.ts'

/** What was not as expected, why, and at which arrow. */
function told({ failures, exchanges }: Played): readonly (readonly string[])[] {
  return failures.map((failure) =>
    [
      inOneLine(failure),
      failure.cause ?? 'nobody knows why',
      exchanges[failure.exchange ?? -1]?.asks ?? 'nowhere',
    ].map((text) =>
      text.replace(/MCC-STL-[0-9A-F-]{36}/g, 'RECEIPT').replace(/DM4MMC\w{42}/g, 'TOKEN'),
    ),
  )
}

const push = 'POST pushMultipleAccounts'
const gaveOne = 'the simulator gave RECEIPT for 512345******2346'
const page = 'GET /provision'
const lastPage = 'GET /provision (goes on)'
const ended = 'the simulator ended APPROVED; back to http://bank/tokenization-results'
const ask = 'provision: { outcome: ask }'

describe('a file that expects something else fails, and says what came and why', () => {
  test.for<[sections: string, ...expected: (string | RegExp)[]]>([
    ['expect: { pushes: 2 }', 'pushes: expected 2, came 1', gaveOne, push],
    [
      'gateway: { status: 503, times: 1 }\nexpect: { pushes: 1, push: { status: 200 } }',
      'push.status: expected 200, came 503',
      'SERVICE_UNAVAILABLE: The scenario story has gateway.status: 503.',
      push,
    ],
    [
      'expect: { push: { errors: [ACCOUNT_INELIGIBLE] } }',
      'push.errors: expected ACCOUNT_INELIGIBLE, came none',
      gaveOne,
      push,
    ],
    ['expect: { push: { receipts: 2 } }', 'push.receipts: expected 2, came 1', gaveOne, push],
    [
      'gateway: { transport: reset }\nexpect: { push: { status: 200 } }',
      'push.status: expected 200, came lost (ECONNRESET)',
      `the answer to ${push} was lost: ECONNRESET. The scenario has gateway.transport: reset.`,
      push,
    ],
    [
      'eligibility: { tokenRequestors: [] }\nexpect: { callback: { status: APPROVED } }',
      'callback: expected APPROVED, came none',
      'the lookup does not say that the card is taken, so that nothing is pushed',
      'POST getEligibleTokenRequestors',
    ],
    [
      'push: { signature: absent }\nexpect: { redirect: { useCase: signature } }',
      'redirect.useCase: expected signature, came receipt',
      'the answer to the push has no signature',
      'redirect, receipt use case',
    ],
    [
      'expect: { redirect: { parameters: { extFlow: "false" } } }',
      'redirect.parameters.extFlow: expected false, came true',
      'nobody knows why',
      'redirect, signature use case',
    ],
    [
      'push: { receipt: { state: expired } }\nexpect: { page: RECEIPT_USED }',
      'page: expected RECEIPT_USED, came RECEIPT_EXPIRED',
      /^RECEIPT_EXPIRED: RECEIPT expired 0 s ago\. The scenario story has push\.receipt\.state: expired\. Fix: /,
      page,
    ],
    [
      'provision: { transport: reset }\nexpect: { page: RECEIPT_USED }',
      'page: expected RECEIPT_USED, came no problem page',
      `the answer to ${page} was lost: ECONNRESET. The scenario has provision.transport: reset.`,
      page,
    ],
    [
      'when: { card: { startsWith: "4" } }\nexpect: { callback: { status: APPROVED } }',
      'callback: expected APPROVED, came none',
      /^ACCOUNT_INELIGIBLE: Account card-1: 4\d{5}\*{6}\d{4} is in no account range of Click to Pay\. Try: /,
      push,
    ],
    [
      'when: { tokenRequestorId: "50123456790" }\nexpect: { callback: { status: APPROVED } }',
      'callback: expected APPROVED, came none',
      'the browser was sent to https://www.meadow-wallet.example/push, which is no page of the simulator',
      'redirect, signature use case',
    ],
    [
      `${ask}\nexpect: { callback: none }`,
      'callback: expected none, came APPROVED',
      ended,
      lastPage,
    ],
    [
      `${ask}\nexpect: { callback: { status: DECLINED } }`,
      'callback.status: expected DECLINED, came APPROVED',
      ended,
      lastPage,
    ],
    [
      `${ask}\nexpect: { callback: { status: [APPROVED, DECLINED] } }`,
      'callback.status: expected APPROVED, DECLINED, came APPROVED',
      ended,
      lastPage,
    ],
    [
      `${ask}\nexpect: { callback: { token: absent } }`,
      'callback.token: expected absent, came APPROVED TOKEN',
      ended,
      lastPage,
    ],
    [
      'callback: { send: late, delay: 20000 }\nexpect: { callback: { within: 19000 } }',
      /^callback\.within: expected at most 19000 ms after the push, came 2\d{4} ms$/,
      'the scenario has callback.send: late, callback.delay: 20000; the simulator ended APPROVED; after a while back to http://bank/tokenization-results',
      page,
    ],
    [
      'provision: { delay: 300 }\nexpect: { callback: { within: 200 } }',
      /^callback\.within: expected at most 200 ms after the push, came \d+ ms$/,
      'the scenario has provision.delay: 300; the simulator ended APPROVED; back to http://bank/tokenization-results',
      page,
    ],
  ])('%s', async ([sections, ...expected], { playedOne }) => {
    expect(told(await playedOne(story(sections)))).toEqual([
      expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))),
    ])
  })
})

describe('whatever a file expects', () => {
  /** A cardholder who goes another way through Click to Pay. */
  const going =
    (throughClickToPay: ClickToPayVisit): NewCardholder =>
    async (journey) => ({ ...(await httpCardholder(journey)), throughClickToPay })

  /** Comes back to the bank with this, wherever it was sent. */
  const calling = (query: (url: string) => string) =>
    going(async (url, { callbackURL, comeBack }) => {
      await comeBack(`${callbackURL}?${query(url)}`)
      return { asked: [], ended: 'at the bank', detail: '' }
    })

  test('a receipt that was not pushed must not come back', async ({ playedOne }) => {
    const newCardholder = calling(
      () => 'results[MCC-STL-0BADC0DE-0000-4000-8000-0BADC0DE0BAD]=DECLINED',
    )
    const [[failure = ''] = []] = told(await playedOne('approved-again', { newCardholder }))
    expect(failure).toBe('callback.status: expected APPROVED, came DECLINED')
    const failures = told(await playedOne(story('push: {}'), { newCardholder }))
    expect(failures.map(([first]) => first)).toEqual([
      'receipts that come back: expected those pushed: RECEIPT, came RECEIPT',
    ])
  })

  test('a token reference has 48 to 64 characters', async ({ playedOne }) => {
    const newCardholder = calling(
      (url) =>
        `results[${new URL(url).searchParams.get('pushAccountReceipts')}]=APPROVED|${'D'.repeat(47)}`,
    )
    const failures = told(await playedOne('approved-without-signature', { newCardholder }))
    expect(failures.map(([first]) => first)).toEqual([
      `shape of token references: expected 48 to 64 characters, came ${'D'.repeat(47)}`,
    ])
  })

  test('unless the scenario forges them', async ({ played }) => {
    const { report } = await played(['forged-token', 'forged-receipt'])
    expect(report.passed).toBe(true)
  })

  test('every answer is of this scenario', async ({ playedOne, admin }) => {
    const other = { ...admin, use: (_: string, key: string) => admin.use('declined', key) }
    const one = await playedOne('approved-again', { admin: other })
    expect(told(one)[0]).toEqual([
      'scenario that plays: expected approved-again, came declined',
      'another scenario was chosen: declined, by the rule use',
      push,
    ])
  })

  test('a page that nobody can answer is not the end that was hoped for', async ({ playedOne }) => {
    const newCardholder = going(async () => ({
      asked: [],
      ended: 'on a page that nobody answers',
      detail: 'Your shoe size',
    }))
    const one = await playedOne('approved-again', { newCardholder })
    expect(told(one)[0]?.slice(0, 2)).toEqual([
      'callback: expected APPROVED, came none',
      'the page "Your shoe size" asked for something that nobody answered',
    ])
  })
})
