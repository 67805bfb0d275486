import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SetupError } from '../errors.ts'

/**
 * The RSA public key in a PEM file, or of the certificate in it.
 *
 * @param where what names the file, for messages.
 * @throws {SetupError} the file is missing or holds something else.
 */
export async function readPublicKey(path: string, where: string): Promise<KeyObject> {
  let key: KeyObject
  try {
    const pem = await readFile(path, 'utf8')
    if (pem.includes('PRIVATE KEY'))
      throw new TypeError('it is a private key, which never leaves its owner')
    key = createPublicKey(pem)
  } catch (cause) {
    throw new SetupError(
      `${where}: ${path} is no public key or certificate in PEM (${(cause as Error).message})`,
      { cause },
    )
  }
  if (key.asymmetricKeyType !== 'rsa')
    throw new SetupError(
      `${where}: ${path} is an ${key.asymmetricKeyType} key; Mastercard's signatures are RSA`,
    )
  return key
}
