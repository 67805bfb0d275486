import { describe, expect, test } from 'vitest'
import { memoryJournal } from '../src/journal.ts'

const happening = { kind: 'push', method: 'POST', url: '/', status: 200, summary: '' }

describe('the journal in memory', () => {
  test('keeps so many entries of a consumer key; the oldest go', async () => {
    const journal = memoryJournal({ now: () => 0, limits: { perConsumerKey: 3, inAll: 100 } })
    for (let n = 0; n < 20; n += 1) await journal.record({ ...happening, consumerKey: 'a' })
    expect((await journal.entries('a')).map(({ id }) => id)).toEqual([18, 19, 20])
  })

  test('keeps so many in all; whoever has most is cut down first', async () => {
    const journal = memoryJournal({ now: () => 0, limits: { perConsumerKey: 100, inAll: 120 } })
    const record = async (consumerKey: string | undefined, times: number) => {
      for (let n = 0; n < times; n += 1) await journal.record({ ...happening, consumerKey })
    }
    await record('quiet', 3)
    await record(undefined, 10)
    for (const busy of ['a', 'b', 'c']) await record(busy, 90)
    expect(await journal.entries('quiet')).toHaveLength(3)
    expect((await journal.entries()).length).toBeLessThanOrEqual(120)
    expect((await journal.entries('c')).at(-1)?.id).toBe(283)
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
