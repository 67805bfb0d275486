import { describe, expect, test } from 'vitest'
import { readScenarios } from '../../src/scenarios/read.ts'
import { formatProblem } from '../../src/yaml-file.ts'

/** The first line of each problem, without the file's name. */
function problemsOf(sections: string): readonly string[] {
  const text = `name: story\ndescription: A story.\n${sections}\n`
  return readScenarios([{ name: 'story.yaml', text }]).problems.map(
    (problem) => formatProblem(problem).replace('story.yaml:', '').split('\n')[0] ?? '',
  )
}

describe('what makes no sense together is an error, where it stands', () => {
  const noReceipt =
    'push.errors refuses the whole request, so there is no receipt: leave one of the two out'
  const lost =
    'push.transport loses the answer, so the bank has no receipt to go on with: leave one of the two out'
  const unusable =
    'the receipt cannot be used from the start, so Click to Pay shows its problem page: leave one of the two out'
  const breaks =
    'provision.transport breaks the page before anything is decided: leave one of the two out'
  const closed = 'gateway lets no call through: give it "times", or leave this out'
  const silent = 'with send: never nothing goes back to the bank: leave one of the two out'
  const notReached = (because: string) => `is never reached: ${because}`
  const beforeFacts =
    'acts before there is a push whose facts "when" could be held against: leave one of the two out; without "when" it is chosen by header, use or --scenario'

  test.for<[string, ...string[]]>([
    ['when: { push: 2 }\ngateway: { status: 429 }', `4:10 gateway: ${beforeFacts}`],
    ['when: { push: 2 }\neligibility: { tokenRequestors: [] }', `4:14 eligibility: ${beforeFacts}`],
    [
      'gateway: { times: 2 }',
      '3:10 gateway: does nothing yet: give it a status, a delay or a transport fault',
    ],
    [
      'gateway: { status: 503, transport: reset }',
      '3:36 gateway.transport: with reset and timeout there is no answer that could have a status: leave one of the two out',
    ],
    [
      'gateway: { status: 500, retryAfter: 3 }',
      '3:37 gateway.retryAfter: goes with status 429 or 503 only; status is 500: change it, or leave this out',
    ],
    [
      'gateway: { delay: 100, retryAfter: 3 }',
      '3:36 gateway.retryAfter: goes with status 429 or 503 only; there is no status: add one, or leave this out',
    ],
    [
      'gateway: { status: 429 }\neligibility: { tokenRequestors: [] }\npush: {}\nprovision: {}\ncallback: {}',
      `4:14 eligibility: ${notReached(closed)}`,
      `5:7 push: ${notReached(closed)}`,
      `6:12 provision: ${notReached(closed)}`,
      `7:11 callback: ${notReached(closed)}`,
    ],
    ['gateway: { transport: timeout }\npush: { delay: 5 }', `4:7 push: ${notReached(closed)}`],
    [
      'eligibility: { tokenRequestors: [], errors: [{ source: MDES, reasonCode: ACCOUNT_INELIGIBLE }] }',
      '3:33 eligibility.tokenRequestors: errors refuse the request, so nobody is named: leave one of the two out',
    ],
    [
      'push: { errors: [{ source: MDES, reasonCode: ACCOUNT_INELIGIBLE }], accounts: [{}], receipt: { prefix: MCC }, signature: absent }\nprovision: { outcome: ask }\ncallback: { send: never }',
      `3:79 push.accounts: ${notReached(noReceipt)}`,
      `3:94 push.receipt: ${notReached(noReceipt)}`,
      `3:122 push.signature: ${notReached(noReceipt)}`,
      `4:12 provision: ${notReached(noReceipt)}`,
      `5:11 callback: ${notReached(noReceipt)}`,
    ],
    [
      'push: { transport: garbage, signature: tampered }\nprovision: { outcome: DECLINED }',
      `3:40 push.signature: ${notReached(lost)}`,
      `4:12 provision: ${notReached(lost)}`,
    ],
    [
      'push: { receipt: { state: expired, validityMinutes: 5 } }\nprovision: { outcome: DECLINED }',
      `3:53 push.receipt.validityMinutes: ${notReached(unusable)}`,
      `4:12 provision: ${notReached(unusable)}`,
    ],
    [
      'push: { receipt: { state: used } }\ncallback: { send: twice }',
      `4:11 callback: ${notReached(unusable)}`,
    ],
    [
      'push: { receipt: { state: expiring } }',
      '3:27 push.receipt.state: expires while the cardholder reads the page, and none is shown: add provision: { pages: show }',
    ],
    [
      'push: { receipt: { state: expiring } }\nprovision: { pages: show, outcome: DECLINED }',
      '4:36 provision.outcome: is never reached, since the receipt expires before the cardholder has decided: leave it out',
    ],
    [
      'provision: { outcome: ask, pages: skip }',
      '3:35 provision.pages: the outcome ask needs a page to ask on: leave one of the two out',
    ],
    [
      'provision: { consumer: new }',
      '3:24 provision.consumer: is seen on pages only, and none are shown: add pages: show, or leave it out',
    ],
    [
      'provision: { outcome: ask, stepUp: { method: text, outcome: failed } }',
      '3:36 provision.stepUp: with the outcome ask the person at the page decides: leave one of the two out',
    ],
    [
      'provision: { outcome: [APPROVED, DECLINED], stepUp: { method: text, outcome: failed } }',
      '3:53 provision.stepUp: ends all receipts alike: give one outcome, or leave it out',
    ],
    [
      'provision: { outcome: DECLINED, stepUp: { method: text, outcome: completed } }',
      '3:23 provision.outcome: does not follow from stepUp: completed ends APPROVED or AUTHENTICATED, failed REQUIRE_ADDITIONAL_AUTHENTICATION or DELETED, skipped REQUIRE_ADDITIONAL_AUTHENTICATION; leave it out',
    ],
    [
      'provision: { transport: reset, outcome: DECLINED, pages: show }\ncallback: { send: late }',
      `3:41 provision.outcome: ${notReached(breaks)}`,
      `3:58 provision.pages: ${notReached(breaks)}`,
      `4:11 callback: ${notReached(breaks)}`,
    ],
    [
      'callback: { delay: 500 }',
      '3:20 callback.delay: goes with send: twice or late; a slow page is provision.delay',
    ],
    [
      'callback: { send: never, delay: 500, malformed: empty, results: [], extra: { a: b } }',
      `3:33 callback.delay: ${notReached(silent)}`,
      `3:49 callback.malformed: there are no results that could be so: leave one of the two out`,
      `3:65 callback.results: ${notReached(silent)}`,
      `3:76 callback.extra: ${notReached(silent)}`,
    ],
    [
      'callback: { malformed: no-token, results: [{ token: abc }] }',
      '3:24 callback.malformed: takes away what results puts in: leave one of the two out',
    ],
    [
      'callback: { malformed: unknown-status, results: [{ status: DECLINED }] }',
      '3:24 callback.malformed: takes away what results puts in: leave one of the two out',
    ],
    [
      'provision: { outcome: DECLINED }\ncallback: { malformed: no-token }',
      '4:24 callback.malformed: this ending has no token reference that could be missing: leave it out',
    ],
    [
      'provision: { outcome: DECLINED }\nexpect: { callback: { status: APPROVED } }',
      '4:31 expect.callback.status: cannot come: this story ends DECLINED',
    ],
    [
      'provision: { outcome: DECLINED, pages: show }\nexpect: { callback: { status: APPROVED } }',
      '4:31 expect.callback.status: cannot come: this story ends DECLINED or CANCELLED',
    ],
    [
      'callback: { send: never }\nexpect: { callback: { token: present } }',
      '4:21 expect.callback: never comes in this story: expect none',
    ],
    [
      'push: { transport: reset }\nexpect: { callback: { token: present } }',
      '4:21 expect.callback: never comes in this story: expect none',
    ],
    [
      'expect: { page: RECEIPT_USED, callback: { token: present } }',
      '3:17 expect.page: a problem page ends the journey, so that nothing goes back by itself: leave one of the two out',
    ],
    [
      'push: { transport: reset, receipt: { prefix: DMC }, accounts: [{}] }',
      `3:36 push.receipt: ${notReached(lost)}`,
      `3:63 push.accounts: ${notReached(lost)}`,
    ],
    [
      'gateway: { transport: garbage }\nprovision: { outcome: DECLINED }',
      '4:12 provision: is never reached: gateway.transport spoils every answer, so the bank has no receipt to go on with: give it "times", or leave this out',
    ],
    [
      'push: { receipt: { state: expiring } }\nprovision: { pages: show }\ncallback: { send: twice }',
      '5:11 callback: is never reached: the receipt expires before the cardholder has decided, so nothing goes back by itself: leave one of the two out',
    ],
    ['eligibility: {}', '3:14 eligibility: does nothing yet: give it tokenRequestors or errors'],
    [
      'provision: { outcome: DECLINED }\ncallback: { results: [{ status: APPROVED }] }\nexpect: { callback: { status: DECLINED } }',
      '5:31 expect.callback.status: cannot come: this story ends APPROVED',
    ],
    [
      'provision: { outcome: [APPROVED, DECLINED] }\nexpect: { callback: { status: [DECLINED, APPROVED] } }',
      '4:31 expect.callback.status: cannot come: this story ends APPROVED',
    ],
    [
      'callback: { malformed: unknown-status }\nexpect: { callback: { status: APPROVED } }',
      '4:31 expect.callback.status: cannot come: callback.malformed is unknown-status',
    ],
    [
      'callback: { results: [] }\nexpect: { callback: { status: APPROVED } }',
      '4:31 expect.callback.status: cannot come: callback.results tells nothing',
    ],
    [
      'provision: { outcome: DECLINED }\nexpect: { callback: { token: present } }',
      '4:30 expect.callback.token: there is none in this story: expect absent, an ending that has one, or put one into callback.results',
    ],
    [
      'provision: { outcome: APPROVED }\nexpect: { callback: { token: absent } }',
      '4:30 expect.callback.token: there is one in this story: expect present, an ending that has none, or callback.malformed: no-token',
    ],
    [
      'callback: { send: twice }\nexpect: { callback: { times: 1 } }',
      '4:30 expect.callback.times: does not fit callback.send: twice comes 2 times, anything else once',
    ],
  ])('%s', ([sections, ...problems]) => {
    expect(problemsOf(sections)).toEqual(problems)
  })

  test.for([
    'gateway: { status: 429, times: 2, retryAfter: 1, delay: [5, 10] }\npush: { delay: 5 }\nprovision: { outcome: DECLINED }',
    'gateway: { status: 503, transport: truncated }',
    'gateway: { transport: garbage }',
    'when: { push: 2 }\nprovision: { outcome: DECLINED }',
    'provision: { pages: show, outcome: APPROVED, stepUp: { method: text, outcome: completed } }',
    'provision: { outcome: DELETED, stepUp: { method: email, outcome: failed } }',
    'provision: { pages: show, outcome: DECLINED }\nexpect: { callback: { status: CANCELLED } }',
    'provision: { outcome: DECLINED }\ncallback: { results: [{ status: APPROVED }], malformed: no-token }',
    'provision: { outcome: DECLINED }\ncallback: { results: [{ status: APPROVED }] }\nexpect: { callback: { status: APPROVED } }',
    'push: { receipt: { state: expiring } }\nprovision: { outcome: ask }',
    'push: { receipt: { state: expired } }\nexpect: { page: RECEIPT_EXPIRED, callback: none }',
    'expect: { redirect: { useCase: receipt, parameters: { locale: cs_CZ } }, pushes: 2, push: { status: 200, receipts: 1 } }',
  ])('this does make sense: %s', (sections) => {
    expect(problemsOf(sections)).toEqual([])
  })
})

describe('reason codes', () => {
  test('one that nobody knows is most likely misspelt', () => {
    expect(
      problemsOf('push: { errors: [{ source: MDES, reasonCode: ACOUNT_INELIGIBLE }] }'),
    ).toEqual([
      '3:46 push.errors[0].reasonCode: nobody knows the code ACOUNT_INELIGIBLE, did you mean "ACCOUNT_INELIGIBLE"?; one of your own needs a description',
    ])
  })

  test('one that is like no other can only be explained', () => {
    expect(problemsOf('push: { errors: [{ source: MDES, reasonCode: BRAND_NEW_CODE }] }')).toEqual([
      '3:46 push.errors[0].reasonCode: nobody knows the code BRAND_NEW_CODE: mdes-sim explain lists those that are known; one of your own needs a description',
    ])
  })

  test('an ending is none', () => {
    expect(problemsOf('push: { errors: [{ source: MDES, reasonCode: DECLINED }] }')).toEqual([
      '3:46 push.errors[0].reasonCode: DECLINED is how a journey ends, and no reason code: write it as provision.outcome',
    ])
  })

  test('one of your own is good with a description', () => {
    expect(
      problemsOf(
        'push: { errors: [{ source: MDES, reasonCode: BRAND_NEW_CODE, description: Something new. }] }',
      ),
    ).toEqual([])
  })
})
