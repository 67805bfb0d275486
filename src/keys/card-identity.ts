import { createHmac, hkdfSync, type KeyObject } from 'node:crypto'

/** What makes a card of somebody the same one again: 43 characters of each, which say nothing about either. */
export type CardIdentity = {
  card(card: {
    readonly consumerKey: string
    readonly tokenRequestorId: string
    /** The whole number of the card or account. */
    readonly accountNumber: string
  }): string
  /** @param contact e-mail address, in whatever case, or mobile phone number. */
  cardholder(contact: string): string
}

/**
 * A keyed hash, because there are so few card numbers that a plain one could be turned back by trying them all.
 *
 * @param key of the data directory; what is made of it is used for nothing else (RFC 5869).
 */
export function cardIdentity(key: KeyObject): CardIdentity {
  const material = key.export({ format: 'der', type: 'pkcs8' })
  const secret = Buffer.from(hkdfSync('sha256', material, '', 'card identity', 32))
  const hash = (...facts: readonly string[]) =>
    createHmac('sha256', secret).update(JSON.stringify(facts)).digest('base64url')
  return {
    card: ({ consumerKey, tokenRequestorId, accountNumber }) =>
      hash('card', consumerKey, tokenRequestorId, accountNumber),
    cardholder: (contact) => hash('cardholder', contact.trim().toLowerCase().normalize()),
  }
}
