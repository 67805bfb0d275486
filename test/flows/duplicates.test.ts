import { describe, expect } from 'vitest'
import { readCallback, redirectUrl } from '../../src/issuer/client.ts'
import { test as base, card, locationOf, type PushOverrides } from '../support/journey.ts'

type Holder = {
  readonly accountHolderEmailAddress?: string
  readonly accountHolderMobilePhoneNumber?: {
    readonly countryDialInCode: string
    readonly phoneNumber: string
  }
}

const test = base.extend<{
  /** Pushes a card of this cardholder and visits the page: how it ends. */
  add: (holder: Holder, overrides?: PushOverrides & { number?: string }) => Promise<string>
}>({
  add: async ({ pushed, visit }, use) =>
    use(async (holder, { number, ...overrides } = {}) => {
      const account = card(number)
      const accounts = [
        {
          ...account,
          fundingAccountData: { ...account.fundingAccountData, accountHolderData: holder },
        },
      ]
      const push = await pushed({ accounts, ...overrides })
      const back = await visit(redirectUrl(push, { useCase: 'signature' }))
      return readCallback(locationOf(back))
        .map(({ status, tokenUniqueReference }) =>
          tokenUniqueReference === undefined ? status : `${status}|T`,
        )
        .join()
    }),
})

const john = { accountHolderEmailAddress: 'john.doe@anymail.com' }
const phone = (phoneNumber: string) => ({
  accountHolderMobilePhoneNumber: { countryDialInCode: '1', phoneNumber },
})

describe('a card that the same cardholder has there already', () => {
  test('comes back as DUPLICATE_REQUEST, without a token', async ({ add }) => {
    expect(await add(john)).toBe('APPROVED|T')
    expect(await add(john)).toBe('DUPLICATE_REQUEST')
    expect(await add(john)).toBe('DUPLICATE_REQUEST')
  })

  test('is another one for another cardholder, or with another number', async ({ add }) => {
    expect(await add(john)).toBe('APPROVED|T')
    expect(await add({ accountHolderEmailAddress: 'jane.doe@anymail.com' })).toBe('APPROVED|T')
    expect(await add(john, { number: '5412346789012349' })).toBe('APPROVED|T')
  })

  test('an e-mail address is the same in any case; without one the phone tells', async ({
    add,
  }) => {
    expect(await add(john)).toBe('APPROVED|T')
    expect(await add({ accountHolderEmailAddress: 'John.Doe@AnyMail.com' })).toBe(
      'DUPLICATE_REQUEST',
    )
    expect(await add(phone('7181234567'))).toBe('APPROVED|T')
    expect(await add(phone('7181234567'))).toBe('DUPLICATE_REQUEST')
    expect(await add(phone('7181234568'))).toBe('APPROVED|T')
  })

  test('cannot be told where nobody says whose card it is', async ({ add }) => {
    expect(await add({})).toBe('APPROVED|T')
    expect(await add({})).toBe('APPROVED|T')
  })

  test('was not added by a journey that ended without a token', async ({ add }) => {
    for (const scenario of ['declined', 'cardholder-cancels', 'merchant-authentication-failed'])
      await add(john, { scenario })
    expect(await add(john)).toBe('APPROVED|T')
  })

  test('is there after a step-up that is still open', async ({ add, visit, choose, pushed }) => {
    const account = card()
    const push = await pushed({
      scenario: 'step-up-failed',
      accounts: [
        {
          ...account,
          fundingAccountData: { ...account.fundingAccountData, accountHolderData: john },
        },
      ],
    })
    const first = await visit(redirectUrl(push, { useCase: 'signature' }))
    await choose(await first.text(), 'CONFIRM')
    expect(await add(john)).toBe('DUPLICATE_REQUEST')
  })

  test('does not keep a scenario from ending as it says', async ({ add }) => {
    expect(await add(john, { scenario: 'approved-again' })).toBe('APPROVED|T')
    expect(await add(john, { scenario: 'approved-again' })).toBe('APPROVED|T')
    expect(await add(john, { scenario: 'merchant-authenticated' })).toBe('AUTHENTICATED|T')
    expect(await add(john)).toBe('DUPLICATE_REQUEST')
  })

  test.for([
    ['CONFIRM', 'DUPLICATE_REQUEST'],
    // A tester who wants a status gets it.
    ['APPROVED', 'APPROVED'],
  ] as const)(
    'on the page that asks, with %s in the bar: %s',
    async ([decision, status], { add, pushed, visit, choose }) => {
      await add(john)
      const account = card()
      const push = await pushed({
        scenario: 'ask',
        accounts: [
          {
            ...account,
            fundingAccountData: { ...account.fundingAccountData, accountHolderData: john },
          },
        ],
      })
      const page = await (await visit(redirectUrl(push, { useCase: 'signature' }))).text()
      const [result] = readCallback(locationOf(await choose(page, decision)))
      expect(result?.status).toBe(status)
    },
  )

  test('is forgotten by a reset', async ({ add, simulator }) => {
    await add(john)
    await simulator.reset()
    expect(await add(john)).toBe('APPROVED|T')
  })

  test('is added once by two journeys at the same time', async ({ add }) => {
    const ends = await Promise.all([add(john), add(john), add(john)])
    expect(ends.sort()).toEqual(['APPROVED|T', 'DUPLICATE_REQUEST', 'DUPLICATE_REQUEST'])
  })
})

describe('assumptions.duplicateCard: CANCELLED', () => {
  const older = test.extend({ options: { assumptions: { duplicateCard: 'CANCELLED' } } })

  older('reports it as before April 2022', async ({ add }) => {
    expect(await add(john)).toBe('APPROVED|T')
    expect(await add(john)).toBe('CANCELLED')
  })
})

test('what tells a card apart is in no answer and in no journal entry', async ({
  add,
  simulator,
}) => {
  await add(john)
  await add(john)
  const told = JSON.stringify(await simulator.journal.entries())
  expect(told).toContain('DUPLICATE_REQUEST')
  expect(told).not.toContain('anymail')
  expect(told).not.toContain('identity')
})
