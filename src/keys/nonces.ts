import { createHash } from 'node:crypto'

export type NonceMemory = {
  /**
   * @param timestamp seconds, as signed.
   * @param now seconds.
   * @returns with which timestamp this consumer key used this nonce before, within the window; undefined if it did not.
   */
  remember(consumerKey: string, nonce: string, timestamp: number, now: number): number | undefined
}

/**
 * Remembers nonces for as long as their timestamps are acceptable. Eight bytes of hash each, in buckets one window
 * wide that are dropped whole, so that memory follows the request rate and not the number of requests served.
 */
export function nonceMemory(windowSeconds: number): NonceMemory {
  const buckets = new Map<number, Map<bigint, number>>()
  const bucketOf = (timestamp: number) => Math.floor(timestamp / windowSeconds)
  return {
    remember(consumerKey, nonce, timestamp, now) {
      const oldest = bucketOf(now - windowSeconds)
      for (const bucket of buckets.keys()) if (bucket < oldest) buckets.delete(bucket)
      const hash = createHash('sha256')
        .update(`${consumerKey}\n${nonce}`)
        .digest()
        .readBigUInt64LE()
      for (const seen of buckets.values()) {
        const before = seen.get(hash)
        if (before !== undefined) return before
      }
      const bucket = bucketOf(timestamp)
      const hashes = buckets.get(bucket)
      if (hashes === undefined) buckets.set(bucket, new Map([[hash, timestamp]]))
      else hashes.set(hash, timestamp)
      return undefined
    },
  }
}
