import { createHmac, hkdfSync, type KeyObject } from 'node:crypto'

/** What makes a card the same one again. */
export type CardInUse = {
  readonly consumerKey: string
  readonly tokenRequestorId: string
  /** E-mail address or mobile phone number: whose card it is. */
  readonly cardholder: string
  /** The whole number of the card or account. */
  readonly accountNumber: string
}

/** @returns the same 43 characters for the same card of the same cardholder, which say nothing about either. */
export type CardIdentity = (card: CardInUse) => string

/**
 * A keyed hash, because there are so few card numbers that a plain one could be turned back by trying them all.
 *
 * @param key of the data directory; what is made of it is used for nothing else (RFC 5869).
 */
export function cardIdentity(key: KeyObject): CardIdentity {
  const material = key.export({ format: 'der', type: 'pkcs8' })
  const secret = Buffer.from(hkdfSync('sha256', material, '', 'card identity', 32))
  return ({ consumerKey, tokenRequestorId, cardholder, accountNumber }) =>
    createHmac('sha256', secret)
      .update(JSON.stringify([consumerKey, tokenRequestorId, cardholder, accountNumber]))
      .digest('base64url')
}
