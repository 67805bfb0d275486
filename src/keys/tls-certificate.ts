import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { SetupError } from '../errors.ts'
import { keyFiles, tlsFiles } from './key-files.ts'

/** What https is served with. */
export type TlsCertificate = {
  /** Private key, PEM. */
  readonly key: string
  /** Its certificate, PEM. */
  readonly cert: string
  /** Absolute path of the certificate, in PEM, of the CA that clients must trust. */
  readonly caFile: string
}

/** What `localhost` may mean is always covered. */
const loopbackHosts = ['localhost', '127.0.0.1', '::1']

/** A server that is started today should not fail next week. */
const soonMs = 30 * 86_400_000

/** Where the CA's certificate of a data directory is, once https was served from there. */
export function tlsCaFile(dataDirectory: string): string {
  return join(dataDirectory, 'keys', keyFiles.tls, tlsFiles.caCertificate)
}

/**
 * A certificate for this machine's own names and one more host, signed by a CA of the data directory's own. Both are made when they
 * are first wanted; the certificate again, by the same CA, when it lacks the host or ends within 30 days.
 *
 * @param dataDirectory absolute path of one that has keys.
 * @param host a name or an address, such as that of the public URL.
 * @param now epoch milliseconds.
 * @throws {SetupError} the folder cannot be written, or what is in it is damaged.
 */
export async function openTlsCertificate(
  dataDirectory: string,
  { host, now }: { readonly host?: string | undefined; readonly now: number },
): Promise<TlsCertificate> {
  const folder = join(dataDirectory, 'keys', keyFiles.tls)
  const caFile = tlsCaFile(dataDirectory)
  const hosts = [...new Set([...loopbackHosts, ...(host === undefined ? [] : [host])])]
  try {
    if (!existsSync(caFile)) await (await import('./make-keys.ts')).makeTlsCa(folder, now)
    const ca = new X509Certificate(await readFile(caFile))
    const stored = await readIfThere(join(folder, tlsFiles.server))
    const usable = stored !== undefined && isUsable(certificateOf(stored), { ca, hosts, now })
    const pem = usable
      ? stored
      : await (await import('./make-keys.ts')).makeTlsCertificate(folder, hosts, now)
    return { key: pem, cert: certificateOf(pem), caFile }
  } catch (cause) {
    throw new SetupError(
      `${folder}: the certificate for https cannot be made or read there (${(cause as Error).message}). Mend it, or delete the folder to have a new one made; clients must then trust the new CA.`,
      { cause },
    )
  }
}

/** Without the private key before it. */
const certificateOf = (pem: string) => pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))

function isUsable(
  pem: string,
  {
    ca,
    hosts,
    now,
  }: { readonly ca: X509Certificate; readonly hosts: readonly string[]; readonly now: number },
): boolean {
  const certificate = new X509Certificate(pem)
  return (
    certificate.verify(ca.publicKey) &&
    Date.parse(certificate.validTo) - now > soonMs &&
    hosts.every((host) =>
      isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host),
    )
  )
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
