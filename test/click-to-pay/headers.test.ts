import { describe, expect } from 'vitest'
import { redirectUrl } from '../../src/issuer/client.ts'
import { callbackURL, formOf, test } from '../support/journey.ts'

/** What every answer to a cardholder's browser has; the policy with or without a frame of the bank. */
function isGuarded({ headers }: Response, frames = ''): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-security-policy': `default-src 'none'; style-src 'self';${frames} form-action 'self' https: http:; frame-ancestors 'none'; base-uri 'none'`,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
}

describe('no page is cached, framed, or runs anything', () => {
  test('each screen, and the redirect to it', async ({ pushed, simulator, visit }) => {
    const url = redirectUrl(await pushed({ scenario: 'step-up-by-text' }), { useCase: 'signature' })
    let answer = await visit(url)
    const newcomer = { email: 'jane@example.com', dialCode: '1', mobile: '718', consent: 'on' }
    for (const [title, move, fields = {}] of [
      ['Add your card to Click to Pay', 'LEAVE'],
      ['Do you want to stop?', 'STAY'],
      ['Add your card to Click to Pay', 'BEGIN', newcomer],
      ['You are new to Click to Pay', 'SIGN_UP', newcomer],
      ['Your bank wants to be sure that it is you', 'METHOD', { method: 'text' }],
      ['Enter your code', 'LATER'],
    ] as const) {
      isGuarded(answer)
      const page = await answer.text()
      expect(page).toContain(`<h1>${title}</h1>`)
      const sent = await simulator.fetch(formOf(page, move, url, fields))
      expect(sent.status).toBe(303)
      isGuarded(sent)
      const next = new URL(sent.headers.get('Location') ?? '', url).href
      answer = await visit(next)
      if (!answer.headers.has('Refresh')) continue
      isGuarded(answer)
      answer = await visit(next)
    }
    isGuarded(answer)
    expect(await answer.text()).toContain('<h1>Almost there</h1>')
  })

  test.for([
    ['approved', 303],
    ['cardholder-returns-late', 200],
    ['cardholder-walks-away', 200],
    ['cardholder-returns-after-expiry', 410],
    ['cardholder-goes-back', 410],
    ['forged-signature-changed', 400],
  ] as const)('%s: the answer %i', async ([scenario, status], { pushed, visit }) => {
    const answer = await visit(redirectUrl(await pushed({ scenario }), { useCase: 'signature' }))
    expect(answer.status).toBe(status)
    isGuarded(answer)
  })

  test('the page that goes back twice may frame the bank, and nothing else', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed({ scenario: 'cardholder-double-clicks' })
    const page = await visit(redirectUrl(push, { useCase: 'signature' }))
    isGuarded(page, ` frame-src ${new URL(callbackURL).origin};`)
  })

  test.for([
    '/provision',
    '/provision?callbackURL=javascript:alert(1)',
    '/provision?pushAccountReceipts=MCC-STL-04FB7337-2308-4312-9433-C608BC1C391B',
    '/provision/style.css',
  ])('%s', async (path, { visit }) => {
    isGuarded(await visit(`http://localhost:6337${path}`))
  })

  test('a form that is too large, or of a page that was never shown', async ({ simulator }) => {
    for (const body of ['x'.repeat(5000), 'visit=1-00&decision=APPROVED'])
      isGuarded(
        await simulator.fetch(
          new Request('http://localhost:6337/provision', { method: 'POST', body }),
        ),
      )
  })
})
