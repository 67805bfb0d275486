import { describe, expect } from 'vitest'
import { returnUrl } from '../../src/click-to-pay/callback.ts'
import { readCallback, redirectUrl } from '../../src/issuer/client.ts'
import { callbackURL, locationOf, receiptOf, test } from '../support/journey.ts'

const token = /^DM4MMC0000000001[0-9a-f]{32}$/

describe('a card is added to Click to Pay', () => {
  test('in the signature use case: the browser carries the signature, and comes back with the result', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed()

    const back = await visit(redirectUrl(push, { useCase: 'signature' }))

    expect(back.status).toBe(303)
    expect(locationOf(back)).toMatch(
      /^https:\/\/partnerbank\.com\/tokenization-results\?results%5BMCC-STL-[0-9A-F-]{36}%5D=APPROVED%7CDM4MMC0000000001[0-9a-f]{32}$/,
    )
    expect(readCallback(locationOf(back))).toEqual([
      {
        pushAccountReceipt: receiptOf(push),
        status: 'APPROVED',
        tokenUniqueReference: expect.stringMatching(token),
      },
    ])
  })

  test('in the receipt use case: the browser carries plain parameters', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed()

    const back = await visit(
      redirectUrl(push, { useCase: 'receipt', callbackURL, locale: 'en_US' }),
    )

    expect(back.status).toBe(303)
    expect(readCallback(locationOf(back))).toMatchObject([
      { pushAccountReceipt: receiptOf(push), status: 'APPROVED' },
    ])
  })

  test('the answer to the push has the members and their order of the recorded one', async ({
    push,
  }) => {
    const { text, request } = await push()

    expect(request.method).toBe('POST')
    expect(Object.keys(JSON.parse(text))).toEqual([
      'pushAccountReceipts',
      'availablePushMethods',
      'signature',
      'tokenRequestorSignatureSupport',
      'responseId',
    ])
    expect(JSON.parse(text)).toMatchObject({
      pushAccountReceipts: [{ pushAccountId: 'card-1' }],
      availablePushMethods: [{ type: 'WEB', uri: 'http://localhost:6337/provision' }],
      tokenRequestorSignatureSupport: true,
      responseId: 'request-1',
    })
  })

  test('the signature says what was pushed, in the recorded order, without completeIssuerAppActivation', async ({
    pushed,
    simulator,
  }) => {
    const push = await pushed({
      signatureData: {
        locale: 'cs_CZ',
        completeIssuerAppActivation: true,
        accountHolderDataSupplied: true,
        callbackURL: 'https://partnerbank.com/back?session_id=7',
      },
    })

    const [header = '', payload = ''] = (push.signature ?? '').split('.')
    const json = (part: string) => Buffer.from(part, 'base64url').toString()
    expect(json(header)).toBe(
      `{"alg":"RS256","kid":"${simulator.keyring.pushSignature.active.kid}"}`,
    )
    expect(json(payload)).toBe(
      `{"pushAccountReceipts":["${receiptOf(push)}"],"callbackURL":"https://partnerbank.com/back?session_id=7",` +
        '"completeWebsiteActivation":true,"accountHolderDataSupplied":true,"locale":"cs_CZ"}',
    )
  })

  test('without signatureData the receipts and the two defaults are signed', async ({ push }) => {
    const result = await push({ signatureData: {} })
    const bare = JSON.parse(result.text)

    expect(JSON.parse(Buffer.from(bare.signature.split('.')[1], 'base64url').toString())).toEqual({
      pushAccountReceipts: [bare.pushAccountReceipts[0].pushAccountReceipt],
      completeWebsiteActivation: true,
      accountHolderDataSupplied: false,
    })
  })
})

describe('the way back', () => {
  test.for([
    ['a plain URL', 'https://bank.test/done', 'https://bank.test/done?results%5B'],
    [
      'an existing query stays first',
      'https://bank.test/done?session_id=7',
      'https://bank.test/done?session_id=7&results%5B',
    ],
    ['an empty query', 'https://bank.test/done?', 'https://bank.test/done?results%5B'],
    ["an app's own scheme", 'moonbank://pushcallback', 'moonbank://pushcallback?results%5B'],
    ['loopback over http', 'http://localhost:6338/back', 'http://localhost:6338/back?results%5B'],
    [
      'an encoded query is not touched',
      'https://bank.test/done?to=%2Fcards',
      'https://bank.test/done?to=%2Fcards&results%5B',
    ],
  ] as const)('%s', async ([, callback, expected], { pushed, visit }) => {
    const signed = await pushed({ signatureData: { callbackURL: callback } })
    const back = await visit(redirectUrl(signed, { useCase: 'signature' }))
    expect(back.status).toBe(callback.startsWith('http') ? 303 : 200)
    expect(locationOf(back).startsWith(expected)).toBe(true)

    const plain = await pushed({ signatureData: {} })
    const again = await visit(
      redirectUrl(plain, { useCase: 'receipt', locale: 'en_US', callbackURL: callback }),
    )
    expect(locationOf(again).startsWith(expected)).toBe(true)
  })

  test('percent-encoded whole in the push: followed decoded, on an assumption', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const push = await pushed({ signatureData: { callbackURL: 'https%3A%2F%2Fbank.test%2Fdone' } })
    expect((await simulator.journal.entries()).at(-1)?.leniencies).toEqual([
      expect.stringContaining('percent-encoded whole'),
    ])
    const back = await visit(redirectUrl(push, { useCase: 'signature' }))
    expect(locationOf(back)).toMatch(/^https:\/\/bank\.test\/done\?results%5B/)
  })

  test('encoded twice in the redirect: refused', async ({ pushed, visit }) => {
    const callbackURL = encodeURIComponent('https://bank.test/done')
    const page = await visit(
      redirectUrl(await pushed(), { useCase: 'receipt', locale: 'en_US', callbackURL }),
    )
    expect(page.status).toBe(400)
  })

  test.for(['com.bank.app:/callback', 'http://my_bank:8080/back'])(
    'taken too: %s',
    async (callbackURL, { pushed, visit }) => {
      const push = await pushed({ signatureData: { callbackURL } })
      const back = await visit(redirectUrl(push, { useCase: 'signature' }))
      expect(locationOf(back).startsWith(`${callbackURL}?results%5B`)).toBe(true)
    },
  )

  test('a fragment stays at the end', async ({ pushed, visit }) => {
    const push = await pushed({ signatureData: { callbackURL: 'https://bank.test/app#/cards' } })
    const back = await visit(redirectUrl(push, { useCase: 'signature' }))
    expect(locationOf(back)).toMatch(/^https:\/\/bank\.test\/app\?results%5B.*#\/cards$/)
  })

  test('without a callbackURL the journey ends on a page of Click to Pay', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed({ signatureData: { locale: 'en_US' } })
    const end = await visit(redirectUrl(push, { useCase: 'signature' }))
    expect(end.status).toBe(200)
    expect(await end.text()).toContain('Your card was added')
  })

  test('a status without a token goes back bare, several receipts in their order', () => {
    expect(
      returnUrl('https://bank.test/', [
        { pushAccountReceipt: 'MCC-1', status: 'APPROVED', tokenUniqueReference: 'DM4MMC1' },
        { pushAccountReceipt: 'MCC-2', status: 'DECLINED' },
      ]),
    ).toBe('https://bank.test/?results%5BMCC-1%5D=APPROVED%7CDM4MMC1&results%5BMCC-2%5D=DECLINED')
  })

  test('without a receipt nothing is appended', () => {
    expect(returnUrl('https://bank.test/?a=b', [])).toBe('https://bank.test/?a=b')
  })
})
