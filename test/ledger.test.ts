import { describe, expect, test } from 'vitest'
import { memoryLedger, type Push } from '../src/ledger.ts'
import { loadScenarios } from '../src/scenarios/load.ts'
import { dataDirectory } from './support/data-directory.ts'

const { scenarios } = await loadScenarios([], `${dataDirectory}/cache`)

function push(consumerKey: string, number: number): Push {
  const scenario = scenarios[0]
  if (scenario === undefined) throw new Error('there are no scenarios')
  return {
    consumerKey,
    number,
    root: '00',
    requestId: `${number}`,
    tokenRequestorId: '50123197928',
    position: 0,
    pushAccountId: '1',
    pushAccountReceipt: receipt(consumerKey, number),
    maskedAccount: '',
    card: 'a card',
    choice: { scenario, by: 'default' },
    issuedAt: 0,
    expiresAt: 1,
  }
}

const receipt = (consumerKey: string, number: number) => `MCC-${consumerKey}-${number}`

/** Which of these pushes are still there. */
async function left(ledger: ReturnType<typeof memoryLedger>, receipts: readonly string[]) {
  const found = await Promise.all(receipts.map((one) => ledger.find(one)))
  return receipts.filter((_one, position) => found[position] !== undefined)
}

describe('the ledger in memory', () => {
  test('keeps so many pushes of a consumer key; the oldest go, and are noted', async () => {
    const gone: string[] = []
    const ledger = memoryLedger({
      limits: { perConsumerKey: 2, inAll: 100 },
      onEvicted: ({ requestId }) => gone.push(requestId),
    })
    for (const number of [1, 2, 3, 4]) await ledger.issue(push('a', number))
    await ledger.issue(push('b', 9))
    expect(gone).toEqual(['1', '2'])
    expect(
      await left(
        ledger,
        [1, 2, 3, 4].map((number) => receipt('a', number)),
      ),
    ).toEqual([receipt('a', 3), receipt('a', 4)])
    expect(await left(ledger, [receipt('b', 9)])).toEqual([receipt('b', 9)])
  })

  test('keeps so many in all, whoever they are of', async () => {
    const ledger = memoryLedger({ limits: { perConsumerKey: 2, inAll: 3 } })
    for (const [consumerKey, number] of [
      ['a', 1],
      ['b', 1],
      ['b', 2],
      ['c', 1],
    ] as const)
      await ledger.issue(push(consumerKey, number))
    expect(
      await left(ledger, [receipt('a', 1), receipt('b', 1), receipt('b', 2), receipt('c', 1)]),
    ).toEqual([receipt('b', 1), receipt('b', 2), receipt('c', 1)])
  })

  test('clears one consumer key and leaves the others, their counts too', async () => {
    const ledger = memoryLedger()
    for (const consumerKey of ['a', 'b']) {
      await ledger.nextPushNumber(consumerKey)
      await ledger.issue(push(consumerKey, 1))
    }
    await ledger.clear('a')
    expect(await left(ledger, [receipt('a', 1), receipt('b', 1)])).toEqual([receipt('b', 1)])
    expect([await ledger.nextPushNumber('a'), await ledger.nextPushNumber('b')]).toEqual([1, 2])
  })

  test('the first settlement stays, and of several pushes all are settled or none', async () => {
    const ledger = memoryLedger()
    for (const number of [1, 2, 3]) await ledger.issue(push('a', number))
    const settle = async (visit: string, ...numbers: readonly number[]) => {
      const endings = numbers.map((number) => ({
        pushAccountReceipt: receipt('a', number),
        status: 'APPROVED' as const,
      }))
      return (await ledger.settle(visit, 0, endings))?.map((settlement) => settlement.visit)
    }
    expect(await settle('one', 1, 2)).toEqual(['one', 'one'])
    expect(await settle('one', 1, 2)).toEqual(['one', 'one'])
    expect(await settle('two', 3, 2)).toEqual(['one'])
    expect(await settle('three', 3)).toEqual(['three'])
    expect(await settle('four', 3, 99)).toBeUndefined()
  })

  test('a card is added once, until its push is gone', async () => {
    const ledger = memoryLedger({ limits: { perConsumerKey: 2, inAll: 100 } })
    const add = async (number: number) => {
      await ledger.issue({ ...push('a', number), cardholder: 'somebody' })
      const settlements = await ledger.settle(`${number}`, 0, [
        {
          pushAccountReceipt: receipt('a', number),
          status: 'APPROVED',
          ifThere: 'DUPLICATE_REQUEST',
        },
      ])
      return settlements?.map(({ result, duplicateOf }) => [result.status, duplicateOf])
    }
    expect(await add(1)).toEqual([['APPROVED', undefined]])
    expect(await add(2)).toEqual([['DUPLICATE_REQUEST', receipt('a', 1)]])
    // The first goes to make room.
    expect(await add(3)).toEqual([['APPROVED', undefined]])
    await ledger.clear('b')
    expect(await add(4)).toEqual([['DUPLICATE_REQUEST', receipt('a', 3)]])
    await ledger.clear('a')
    expect(await add(5)).toEqual([['APPROVED', undefined]])
  })
})
