import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomBytes,
  randomInt,
} from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { type Identity, keyFiles, signingKeyAlias, signingKeyPassword } from './key-files.ts'

/**
 * Makes a complete set of keys and moves it into place at once, so that nobody ever reads half a set. When two
 * first starts race, the loser throws its set away and the winner's stays.
 */
export async function makeKeys(folder: string, now: number): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.new-`)
  try {
    const [signing, encryption, pushSignature] = await Promise.all([
      newPrivateKeyPem(),
      newPrivateKeyPem(),
      newPrivateKeyPem(),
    ])
    const write = (name: keyof typeof keyFiles, content: string | Uint8Array) =>
      writeFile(join(draft, keyFiles[name]), content, { mode: 0o600 })
    const identity: Identity = { consumerKey: newConsumerKey(), kid: newKid(now) }
    await mkdir(join(draft, keyFiles.pushSignatureKeys), { mode: 0o700 })
    await Promise.all([
      writePushSignatureKey(draft, identity.kid, pushSignature, now),
      write('signingKeyPem', signing),
      write('signingKeyStore', keyStore(signing, now)),
      write('encryptionKey', encryption),
      write(
        'encryptionCertificate',
        forge.pki.certificateToPem(
          selfSigned(encryption, 'mdes-simulator payload encryption', now),
        ),
      ),
      write('identity', textOf(identity)),
    ])
    await rename(draft, folder)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    // EPERM is how Windows says that the target exists.
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error
  }
}

/**
 * Makes another key for the signatures of pushes, which signs from now on; those before it stay.
 *
 * @param folder the folder `keys` of a data directory.
 * @param now epoch milliseconds; dates the certificate and the `kid`.
 * @returns the new `kid`.
 */
export async function rotatePushSignatureKey(
  folder: string,
  { consumerKey }: Pick<Identity, 'consumerKey'>,
  kids: readonly string[],
  now: number,
): Promise<string> {
  // A kid tells seconds only.
  let at = now
  while (kids.includes(newKid(at))) at += 1000
  const kid = newKid(at)
  await writePushSignatureKey(folder, kid, await newPrivateKeyPem(), now)
  const draft = join(folder, `${keyFiles.identity}.${kid}.tmp`)
  await writeFile(draft, textOf({ consumerKey, kid }), { mode: 0o600 })
  await rename(draft, join(folder, keyFiles.identity))
  return kid
}

const textOf = (identity: Identity) => `${JSON.stringify(identity, null, 2)}\n`

async function writePushSignatureKey(
  folder: string,
  kid: string,
  privateKeyPem: string,
  now: number,
): Promise<void> {
  const certificate = selfSigned(privateKeyPem, `mdes-simulator push signature ${kid}`, now)
  const content = privateKeyPem + forge.pki.certificateToPem(certificate)
  // Never over another process's key of the same second.
  const file = join(folder, keyFiles.pushSignatureKeys, `${kid}.pem`)
  await writeFile(file, content, { mode: 0o600, flag: 'wx' })
}

async function newPrivateKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** 97 characters: a 48-character client id, `!`, a key id of 32 hex digits and sixteen zeros. */
function newConsumerKey(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'
  const clientId = Array.from({ length: 48 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `${clientId}!${randomBytes(16).toString('hex')}${'0'.repeat(16)}`
}

/** The documented pattern: a UTC timestamp, `-MDES-token-connect-`, the environment. */
function newKid(now: number): string {
  const timestamp = new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)
  return `${timestamp}-MDES-token-connect-simulator`
}

function selfSigned(privateKeyPem: string, commonName: string, now: number): forge.pki.Certificate {
  const publicKeyPem = createPublicKey(createPrivateKey(privateKeyPem)).export({
    type: 'spki',
    format: 'pem',
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem.toString())
  // A leading zero nibble keeps the DER integer positive.
  certificate.serialNumber = `0${randomBytes(16).toString('hex').slice(1)}`
  certificate.validity.notBefore = new Date(now - 86_400_000)
  certificate.validity.notAfter = new Date(now + 10 * 365 * 86_400_000)
  const subject = [{ name: 'commonName', value: commonName }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.sign(forge.pki.privateKeyFromPem(privateKeyPem), forge.md.sha256.create())
  return certificate
}

function keyStore(privateKeyPem: string, now: number): Uint8Array {
  const container = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKeyPem),
    [selfSigned(privateKeyPem, 'mdes-simulator issuer', now)],
    signingKeyPassword,
    // The one encryption that Java's keytool, OpenSSL 3 and .NET all open.
    { algorithm: '3des', friendlyName: signingKeyAlias },
  )
  return Buffer.from(forge.asn1.toDer(container).getBytes(), 'binary')
}
