import { describe, expect } from 'vitest'
import { readCallback, redirectUrl } from '../../src/issuer/client.ts'
import { type Status, statuses } from '../../src/scenarios/statuses.ts'
import { callbackURL, formOf, locationOf, receiptOf, test } from '../support/journey.ts'

describe('a page asks how the journey ends', () => {
  test.for(Object.keys(statuses) as readonly Status[])(
    '%s goes back to the bank',
    async (decision, { pushed, visit, choose }) => {
      const push = await pushed({ scenario: 'ask' })
      const asked = await visit(redirectUrl(push, { useCase: 'signature' }))
      expect(asked.status).toBe(200)

      const back = await choose(await asked.text(), decision)

      expect(back.status).toBe(303)
      expect(readCallback(locationOf(back))).toMatchObject([
        { pushAccountReceipt: receiptOf(push), status: decision },
      ])
      expect(locationOf(back).includes('%7C')).toBe(statuses[decision].token)
    },
  )

  test('a cardholder who wants to stop is asked first, and may stay', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'approved-known-consumer' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
    const leaving = await (await choose(page, 'LEAVE')).text()
    expect(leaving).toContain('Do you want to stop?')
    const again = await (await choose(leaving, 'STAY')).text()
    expect(again).toContain('Enter your code')
    expect(locationOf(await choose(again, 'CANCELLED'))).toMatch(/=CANCELLED$/)
  })

  test('with plain parameters the form carries them along, and nothing else', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const url = `${redirectUrl(push, { useCase: 'receipt', callbackURL, locale: 'en_US' })}&utm_source=5123456789012346`
    const page = await (await visit(url)).text()
    expect(page).not.toContain('utm_source')

    expect(locationOf(await choose(page, 'APPROVED'))).toMatch(
      /^https:\/\/partnerbank\.com\/tokenization-results\?results/,
    )
  })

  test('a double click hears the same answer twice', async ({ pushed, visit, simulator }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()

    const [first, second] = await Promise.all([
      simulator.fetch(formOf(page, 'APPROVED')),
      simulator.fetch(formOf(page, 'APPROVED')),
    ])

    expect(first.status).toBe(303)
    expect(second.status).toBe(303)
    expect(locationOf(second)).toBe(locationOf(first))
  })

  test('the first decision stays, whatever is clicked afterwards', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
    const declined = locationOf(await choose(page, 'DECLINED'))

    expect(locationOf(await choose(page, 'APPROVED'))).toBe(declined)
  })

  test('a second tab meets the used page once the first has decided', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const url = redirectUrl(push, { useCase: 'signature' })
    const [one, two] = [await (await visit(url)).text(), await (await visit(url)).text()]
    await choose(one, 'APPROVED')

    const late = await choose(two, 'APPROVED')

    expect(late.status).toBe(410)
    expect(await late.text()).toContain('This link was already used')
  })

  test('a form with a visit that was never shown settles nothing', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
    const forged = page.replace(/name="visit" value="[^"]*"/, 'name="visit" value="1-00"')

    expect((await choose(forged, 'APPROVED')).status).toBe(400)
    expect((await choose(page, 'APPROVED')).status).toBe(303)
  })

  test.for(['ask', 'approved', ''])(
    'a decision that the page does not offer (%s) is refused',
    async (decision, { pushed, visit, choose }) => {
      const push = await pushed({ scenario: 'ask' })
      const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
      expect((await choose(page, decision)).status).toBe(400)
    },
  )

  test('the page says that it is a simulator and which scenario plays, and never shows the card', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
    expect(page).toContain('Simulator, not Mastercard.')
    expect(page).toContain('Scenario <b>ask</b>')
    expect(page).toContain('partnerbank.com')
    expect(page).not.toMatch(/5123|2346/)
  })
})

describe('a receipt is used once', () => {
  test('of 50 simultaneous visits exactly one settles, the others meet the used page', async ({
    pushed,
    visit,
  }) => {
    const push = await pushed({ scenario: 'approved' })
    const url = redirectUrl(push, { useCase: 'signature' })

    const visits = await Promise.all(Array.from({ length: 50 }, () => visit(url)))

    const statuses = visits.map(({ status }) => status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status === 410)).toHaveLength(49)
  })

  test('of 50 people who decide at once exactly one is heard', async ({
    pushed,
    visit,
    choose,
  }) => {
    const push = await pushed({ scenario: 'ask' })
    const url = redirectUrl(push, { useCase: 'signature' })
    const pages = await Promise.all(
      Array.from({ length: 50 }, async () => (await visit(url)).text()),
    )

    const answers = await Promise.all(
      pages.map((page, n) => choose(page, n % 2 === 0 ? 'APPROVED' : 'DECLINED')),
    )

    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 410)).toHaveLength(49)
  })

  test('a link preview (HEAD) or a prefetch does not use it', async ({
    pushed,
    visit,
    simulator,
  }) => {
    const push = await pushed()
    const url = redirectUrl(push, { useCase: 'signature' })

    const preview = await simulator.fetch(new Request(url, { method: 'HEAD' }))
    const prefetch = await simulator.fetch(
      new Request(url, { headers: { 'Sec-Purpose': 'prefetch;prerender' } }),
    )

    expect([preview.status, prefetch.status]).toEqual([405, 503])
    expect((await visit(url)).status).toBe(303)
  })
})
