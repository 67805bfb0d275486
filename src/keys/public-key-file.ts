import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { SetupError, whyUnreadable } from '../errors.ts'

/**
 * The RSA public key in a PEM file, or of the certificate in it.
 *
 * @param where what names the file, for messages.
 * @throws {SetupError} the file is missing or holds something else.
 */
export async function readPublicKey(path: string, where: string): Promise<KeyObject> {
  const pem = await readFile(path, 'utf8').catch((cause) => {
    throw new SetupError(`${where}: ${path} ${whyUnreadable(cause)}`, { cause })
  })
  try {
    return publicKeyOf(pem)
  } catch (cause) {
    throw new SetupError(`${where}: ${path} cannot be used: ${(cause as Error).message}`, { cause })
  }
}

/**
 * @param pem a public key or a certificate.
 * @throws {TypeError} it is something else.
 */
export function publicKeyOf(pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY'))
    throw new TypeError('it is a private key, which never leaves its owner')
  const key = keyOf(pem)
  if (key.asymmetricKeyType !== 'rsa')
    throw new TypeError(`it is an ${key.asymmetricKeyType} key; Mastercard's signatures are RSA`)
  return key
}

function keyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem)
  } catch (cause) {
    throw new TypeError(`it is no public key or certificate in PEM (${(cause as Error).message})`, {
      cause,
    })
  }
}
