import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'

/** What an issuer signs its requests with, in PEM. */
export type SigningKeyPair = { readonly privateKey: string; readonly publicKey: string }

/** RSA, 2048 bits. */
export async function newSigningKeyPair(): Promise<SigningKeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}
