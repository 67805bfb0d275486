import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto'

/** How ciphertext is made, beyond what is always the same. */
export type EncryptionForm = {
  /** Absent: RSA PKCS#1 v1.5. */
  readonly oaepHash?: 'SHA256' | 'SHA512' | undefined
  /** Default CBC. */
  readonly cipherMode?: 'CBC' | 'GCM'
  /** With GCM: additional authenticated data, in hex. */
  readonly aad?: string
}

/** The members that differ each time something is encrypted, in hex. */
export type FreshPayload = {
  readonly encryptedData: string
  readonly encryptedKey: string
  readonly iv: string
  /** SHA-256 of the certificate. */
  readonly publicKeyFingerprint: string
  /** With GCM. */
  readonly tag?: string
}

/**
 * Encrypts in any form that Token Connect takes. `issuer/client` encrypts by Mastercard's library, which has neither AES-GCM nor PKCS#1 v1.5.
 *
 * @param certificate in PEM.
 * @param content the JSON of the accounts.
 */
export function encryptPayload(
  certificate: string,
  content: string,
  { oaepHash, cipherMode = 'CBC', aad = '' }: EncryptionForm,
): FreshPayload {
  const { publicKey, raw } = new X509Certificate(certificate)
  const key = randomBytes(16)
  const iv = randomBytes(cipherMode === 'GCM' ? 12 : 16)
  const gcm =
    cipherMode === 'GCM'
      ? createCipheriv('aes-128-gcm', key, iv).setAAD(Buffer.from(aad, 'hex'))
      : undefined
  const cipher = gcm ?? createCipheriv('aes-128-cbc', key, iv)
  const ciphertext = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
  const wrapped = publicEncrypt(
    oaepHash === undefined
      ? { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
      : { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash },
    key,
  )
  return {
    encryptedData: ciphertext.toString('hex'),
    encryptedKey: wrapped.toString('hex'),
    iv: iv.toString('hex'),
    publicKeyFingerprint: createHash('sha256').update(raw).digest('hex'),
    ...(gcm !== undefined && { tag: gcm.getAuthTag().toString('hex') }),
  }
}
