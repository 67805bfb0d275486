import { readFile } from 'node:fs/promises'
import type { Keyring } from '../keys/keyring.ts'
import type { IssuerProject } from './client.ts'

/** The default issuer's project, with the contents of its key files. */
export async function readProject(
  { consumerKey, files }: Keyring,
  url: string,
): Promise<IssuerProject> {
  const [signingKey, encryptionCertificate] = await Promise.all([
    readFile(files.signingKeyPem, 'utf8'),
    readFile(files.encryptionCertificate, 'utf8'),
  ])
  return { url, consumerKey, signingKey, encryptionCertificate }
}
