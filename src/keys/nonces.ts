import { createHash } from 'node:crypto'

export type NonceMemory = {
  /**
   * @param timestamp seconds, as signed.
   * @param now seconds.
   * @returns false when this consumer key used this nonce before, within the window.
   */
  remember(consumerKey: string, nonce: string, timestamp: number, now: number): boolean
}

/**
 * Remembers nonces for as long as their timestamps are acceptable. Eight bytes of hash each, in buckets one window
 * wide that are dropped whole, so that memory follows the request rate and not the number of requests served.
 */
export function nonceMemory(windowSeconds: number): NonceMemory {
  const buckets = new Map<number, Set<bigint>>()
  const bucketOf = (timestamp: number) => Math.floor(timestamp / windowSeconds)
  return {
    remember(consumerKey, nonce, timestamp, now) {
      const oldest = bucketOf(now - windowSeconds)
      for (const bucket of buckets.keys()) if (bucket < oldest) buckets.delete(bucket)
      const hash = createHash('sha256')
        .update(`${consumerKey}\n${nonce}`)
        .digest()
        .readBigUInt64LE()
      for (const seen of buckets.values()) if (seen.has(hash)) return false
      const bucket = bucketOf(timestamp)
      const hashes = buckets.get(bucket)
      if (hashes === undefined) buckets.set(bucket, new Set([hash]))
      else hashes.add(hash)
      return true
    },
  }
}
