import { describe, expect, test } from 'vitest'
import { memoryJournal } from '../src/journal.ts'

const happening = { kind: 'push', method: 'POST', url: '/', status: 200, summary: '' }

describe('the journal in memory', () => {
  test('keeps so many entries of a consumer key; the oldest go', async () => {
    const journal = memoryJournal({ now: () => 0, limits: { perConsumerKey: 3, inAll: 100 } })
    for (let n = 0; n < 20; n += 1) await journal.record({ ...happening, consumerKey: 'a' })
    expect((await journal.entries('a')).map(({ id }) => id)).toEqual([18, 19, 20])
  })

  test('keeps so many in all; who was silent longest is forgotten first', async () => {
    const journal = memoryJournal({ now: () => 0, limits: { perConsumerKey: 10, inAll: 6 } })
    const record = async (consumerKey: string | undefined, times: number) => {
      for (let n = 0; n < times; n += 1) await journal.record({ ...happening, consumerKey })
    }
    await record('a', 2)
    await record(undefined, 2)
    await record('a', 1)
    await record('b', 2)
    expect(
      [await journal.entries('a'), await journal.entries('b')].map((one) => one.length),
    ).toEqual([3, 2])
    expect(await journal.entries()).toHaveLength(5)
    await record('c', 2)
    expect(await journal.entries('a')).toEqual([])
    expect(await journal.entries()).toHaveLength(4)
  })

  test('tells each entry to whoever listens, until they stop', async () => {
    const journal = memoryJournal({ now: () => 0 })
    const heard: number[] = []
    const stop = journal.listen(({ id }) => heard.push(id))
    await journal.record(happening)
    stop()
    await journal.record(happening)
    expect(heard).toEqual([1])
  })
})
