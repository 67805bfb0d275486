import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
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
  readonly pushSignature: PushSignatureKeys
  /**
   * Makes a new key for the signatures of pushes; the old ones stay, for what they signed. On disk at once; the returned keys are the new state.
   *
   * @param now epoch milliseconds; dates the new `kid`.
   * @throws {SetupError} the data directory cannot be written.
   */
  rotatePushSignatureKey(now: number): Promise<PushSignatureKeys>
}

export type PushSignatureKey = {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly certificate: X509Certificate
}

/** One key signs at a time; the others still verify. */
export type PushSignatureKeys = {
  readonly active: PushSignatureKey
  /** Oldest first. */
  readonly all: readonly PushSignatureKey[]
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
    const [signing, certificate, encryptionKey, pushSignature] = await Promise.all([
      read('signingKeyPem'),
      read('encryptionCertificate'),
      read('encryptionKey'),
      readPushSignatureKeys(path('pushSignatureKeys'), kid),
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
      pushSignature,
      rotatePushSignatureKey: (now) => rotateInTurn(folder, { consumerKey }, now),
    }
  } catch (error) {
    throw damaged(folder, error)
  }
}

async function readPushSignatureKeys(
  folder: string,
  activeKid: string,
): Promise<PushSignatureKeys> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pem')).sort()
  const all = await Promise.all(
    names.map(async (name) => {
      const pem = await readFile(join(folder, name), 'utf8')
      return {
        kid: basename(name, '.pem'),
        privateKey: createPrivateKey(pem),
        certificate: new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))),
      }
    }),
  )
  const active = all.find(({ kid }) => kid === activeKid)
  if (active === undefined) throw new TypeError(`there is no ${activeKid}.pem`)
  return { active, all }
}

const rotations = new Map<string, Promise<unknown>>()

/** One after another: two at once would take the same kid. */
function rotateInTurn(
  folder: string,
  identity: Pick<Identity, 'consumerKey'>,
  now: number,
): Promise<PushSignatureKeys> {
  const turn = (rotations.get(folder) ?? Promise.resolve()).then(() =>
    rotate(folder, identity, now),
  )
  rotations.set(
    folder,
    turn.catch(() => undefined),
  )
  return turn
}

async function rotate(
  folder: string,
  identity: Pick<Identity, 'consumerKey'>,
  now: number,
): Promise<PushSignatureKeys> {
  try {
    const { rotatePushSignatureKey } = await import('./make-keys.ts')
    const keysFolder = join(folder, keyFiles.pushSignatureKeys)
    const kids = (await readdir(keysFolder)).map((name) => basename(name, '.pem'))
    return await readPushSignatureKeys(
      keysFolder,
      await rotatePushSignatureKey(folder, identity, kids, now),
    )
  } catch (cause) {
    throw new SetupError(`${folder}: no key can be made there: ${(cause as Error).message}`, {
      cause,
    })
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
