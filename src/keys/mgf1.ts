import { createHash } from 'node:crypto'

/**
 * The mask generation function of OAEP and PSS (RFC 8017, B.2.1).
 *
 * @param hash as Node calls it, such as `sha256`.
 */
export function mgf1(seed: Uint8Array, length: number, hash: string): Buffer {
  const parts: Buffer[] = []
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? length) {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(parts.length)
    parts.push(createHash(hash).update(seed).update(counter).digest())
  }
  return Buffer.concat(parts).subarray(0, length)
}
