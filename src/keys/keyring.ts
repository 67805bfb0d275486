import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupError } from '../errors.ts'
import { type Identity, keyFiles } from './key-files.ts'

/** Everything the simulator and its default issuer sign, verify, encrypt and decrypt with. */
export type Keyring = {
  /** Absolute paths of the files that an issuer's client needs. */
  readonly files: {
    readonly signingKeyStore: string
    readonly signingKeyPem: string
    readonly encryptionCertificate: string
  }
  /** The default issuer's identity, as Mastercard hands one out: 48 characters, `!`, 48 characters. */
  readonly consumerKey: string
  /** Verifies what the default issuer signs. */
  readonly signingPublicKey: KeyObject
  /** Decrypts what issuers encrypt. */
  readonly encryption: { readonly certificate: X509Certificate; readonly privateKey: KeyObject }
  /** Signs what the cardholder's browser carries. */
  readonly pushSignature: { readonly kid: string; readonly privateKey: KeyObject }
}

/**
 * The keys of a data directory, made on the first call and reused afterwards.
 *
 * @param dataDirectory absolute path; made with mode 0700 when missing.
 * @param now epoch milliseconds; dates new certificates and the `kid`.
 * @throws {SetupError} the folder cannot be written, or what is in it is damaged.
 */
export async function openKeyring(dataDirectory: string, now: number): Promise<Keyring> {
  const folder = join(dataDirectory, 'keys')
  const existing = await readKeyring(folder)
  if (existing !== undefined) return existing
  try {
    const made = await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    // It may be inside somebody's repository, and private keys must never be committed. A folder that was there is left as it is.
    if (made !== undefined)
      await writeFile(join(dataDirectory, '.gitignore'), '*\n', { mode: 0o600 })
    const { makeKeys } = await import('./make-keys.ts')
    await makeKeys(folder, now)
  } catch (cause) {
    throw new SetupError(
      `${dataDirectory}: the keys cannot be made there: ${(cause as Error).message}. Choose a writable folder with --data.`,
      { cause },
    )
  }
  const made = await readKeyring(folder)
  if (made === undefined)
    throw new SetupError(`${folder}: the keys were made and have vanished again.`)
  return made
}

/**
 * The keys of a data directory, or undefined where none were made yet.
 *
 * @param folder the folder `keys` of the data directory.
 * @throws {SetupError} a file is missing, unreadable or damaged.
 */
export async function readKeyring(folder: string): Promise<Keyring | undefined> {
  const path = (name: keyof typeof keyFiles) => join(folder, keyFiles[name])
  const read = (name: keyof typeof keyFiles) => readFile(path(name), 'utf8')
  let identityText: string
  try {
    identityText = await read('identity')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw damaged(folder, error)
  }
  try {
    const { consumerKey, kid } = readIdentity(identityText)
    const [signing, certificate, encryptionKey, pushSignatureKey] = await Promise.all([
      read('signingKeyPem'),
      read('encryptionCertificate'),
      read('encryptionKey'),
      read('pushSignatureKey'),
    ])
    return {
      files: {
        signingKeyStore: path('signingKeyStore'),
        signingKeyPem: path('signingKeyPem'),
        encryptionCertificate: path('encryptionCertificate'),
      },
      consumerKey,
      signingPublicKey: createPublicKey(signing),
      encryption: {
        certificate: new X509Certificate(certificate),
        privateKey: createPrivateKey(encryptionKey),
      },
      pushSignature: { kid, privateKey: createPrivateKey(pushSignatureKey) },
    }
  } catch (error) {
    throw damaged(folder, error)
  }
}

function readIdentity(text: string): Identity {
  const { consumerKey, kid } = JSON.parse(text) as Partial<Identity>
  if (typeof consumerKey !== 'string' || consumerKey.length !== 97 || typeof kid !== 'string')
    throw new TypeError(`${keyFiles.identity} needs "consumerKey" (97 characters) and "kid"`)
  return { consumerKey, kid }
}

function damaged(folder: string, cause: unknown): SetupError {
  return new SetupError(
    `${folder}: the keys cannot be read (${(cause as Error).message}). Mend them, or delete the folder to have new ones made; clients then need the new ones too.`,
    { cause },
  )
}
