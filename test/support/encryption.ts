import {
  constants,
  createCipheriv,
  createHash,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto'

/** Encrypts by node:crypto whatever is to be sent, as the specification has it: AES-128 under RSA-OAEP with SHA-512. */
export function encryptedPayload(
  { encryptionCertificate }: { readonly encryptionCertificate: string },
  content: unknown,
  mode: 'CBC' | 'GCM' = 'CBC',
) {
  const certificate = new X509Certificate(encryptionCertificate)
  const key = randomBytes(16)
  const iv = randomBytes(mode === 'GCM' ? 12 : 16)
  const aad = Buffer.from('more')
  const gcm = mode === 'GCM' ? createCipheriv('aes-128-gcm', key, iv).setAAD(aad) : undefined
  const cipher = gcm ?? createCipheriv('aes-128-cbc', key, iv)
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
  const wrapped = publicEncrypt(
    { key: certificate.publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha512' },
    key,
  )
  return {
    encryptedData: ciphertext.toString('hex'),
    publicKeyFingerprint: createHash('sha256').update(certificate.raw).digest('hex'),
    encryptedKey: wrapped.toString('hex'),
    oaepHashingAlgorithm: 'SHA512',
    iv: iv.toString('hex'),
    ...(gcm !== undefined && {
      algorithmCipherMode: mode,
      tag: gcm.getAuthTag().toString('hex'),
      aad: aad.toString('hex'),
    }),
  }
}
