import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { newConsumerKey } from './identifiers.ts'
import {
  type Identity,
  keyFiles,
  signingKeyAlias,
  signingKeyPassword,
  tlsFiles,
} from './key-files.ts'

/**
 * Makes a complete set of keys and moves it into place at once, so that nobody ever reads half a set. When two
 * first starts race, the loser throws its set away and the winner's stays.
 */
export async function makeKeys(folder: string, now: number): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await makeWhole(folder, async (draft) => {
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
  })
}

async function makeWhole(folder: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const draft = await mkdtemp(`${folder}.new-`)
  try {
    await fill(draft)
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

/** The documented pattern: a UTC timestamp, `-MDES-token-connect-`, the environment. */
function newKid(now: number): string {
  const timestamp = new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)
  return `${timestamp}-MDES-token-connect-simulator`
}

/**
 * Makes the CA that clients are told to trust, in a folder of its own; who comes second finds the first one's.
 *
 * @param folder the folder `tls` of the keys.
 */
export function makeTlsCa(folder: string, now: number): Promise<void> {
  return makeWhole(folder, async (draft) => {
    const privateKey = await newPrivateKeyPem()
    const certificate = selfSigned(privateKey, 'mdes-simulator CA', now, [
      { name: 'basicConstraints', critical: true, cA: true },
      { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
      { name: 'subjectKeyIdentifier' },
    ])
    const write = (name: keyof typeof tlsFiles, content: string) =>
      writeFile(join(draft, tlsFiles[name]), content, { mode: 0o600 })
    await write('caKey', privateKey)
    await write('caCertificate', forge.pki.certificateToPem(certificate))
  })
}

/** About a year: Apple's systems refuse more than 825 days, whoever signed. */
const tlsDays = 397

/**
 * Makes a server certificate, signed by the CA, in place of the one that was there.
 *
 * @param folder the folder `tls` of the keys, with its CA.
 * @param hosts names and addresses.
 * @returns its private key and itself, in PEM.
 */
export async function makeTlsCertificate(
  folder: string,
  hosts: readonly string[],
  now: number,
): Promise<string> {
  const read = async (name: keyof typeof tlsFiles) => readFile(join(folder, tlsFiles[name]), 'utf8')
  const [caKey, caPem, privateKey] = await Promise.all([
    read('caKey'),
    read('caCertificate'),
    newPrivateKeyPem(),
  ])
  const ca = forge.pki.certificateFromPem(caPem)
  const certificate = unsigned(privateKey, {
    commonName: 'mdes-simulator',
    now,
    days: tlsDays,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: false },
      { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map(alternativeName) },
      { name: 'subjectKeyIdentifier' },
      {
        name: 'authorityKeyIdentifier',
        keyIdentifier: ca.generateSubjectKeyIdentifier().getBytes(),
      },
    ],
  })
  certificate.setIssuer(ca.subject.attributes)
  certificate.sign(forge.pki.privateKeyFromPem(caKey), forge.md.sha256.create())
  const content = privateKey + forge.pki.certificateToPem(certificate)
  const draft = join(folder, `${tlsFiles.server}.${randomBytes(8).toString('hex')}.tmp`)
  await writeFile(draft, content, { mode: 0o600 })
  await rename(draft, join(folder, tlsFiles.server))
  return content
}

/** RFC 5280, 4.2.1.6: 2 is a dNSName, 7 an iPAddress. */
const alternativeName = (host: string) =>
  isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host }

function selfSigned(
  privateKeyPem: string,
  commonName: string,
  now: number,
  extensions: readonly object[] = [],
): forge.pki.Certificate {
  const certificate = unsigned(privateKeyPem, { commonName, now, days: 10 * 365, extensions })
  certificate.setIssuer(certificate.subject.attributes)
  certificate.sign(forge.pki.privateKeyFromPem(privateKeyPem), forge.md.sha256.create())
  return certificate
}

function unsigned(
  privateKeyPem: string,
  {
    commonName,
    now,
    days,
    extensions,
  }: {
    readonly commonName: string
    readonly now: number
    readonly days: number
    readonly extensions: readonly object[]
  },
): forge.pki.Certificate {
  const publicKeyPem = createPublicKey(createPrivateKey(privateKeyPem)).export({
    type: 'spki',
    format: 'pem',
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKeyPem.toString())
  // A leading zero nibble keeps the DER integer positive.
  certificate.serialNumber = `0${randomBytes(16).toString('hex').slice(1)}`
  certificate.validity.notBefore = new Date(now - 86_400_000)
  certificate.validity.notAfter = new Date(now + days * 86_400_000)
  certificate.setSubject([{ name: 'commonName', value: commonName }])
  certificate.setExtensions([...extensions])
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
