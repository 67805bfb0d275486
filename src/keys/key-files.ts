/** The PKCS#12 file's password. Not a secret: the file is readable only by its owner and opens nothing but this simulator. */
export const signingKeyPassword = 'mdes-simulator'
/** The name Mastercard's own key stores give to the key. */
export const signingKeyAlias = 'keyalias'

/** The files of a keyring, in the folder `keys` of the data directory. */
export const keyFiles = {
  identity: 'identity.json',
  signingKeyStore: 'signing-key.p12',
  signingKeyPem: 'signing-key.pem',
  encryptionCertificate: 'encryption-certificate.pem',
  encryptionKey: 'encryption-key.pem',
  /** A folder: one file for each `kid`, with its private key and certificate. */
  pushSignatureKeys: 'push-signature-keys',
  /** A folder, made when https is first wanted. */
  tls: 'tls',
} as const

/** The files of that folder. */
export const tlsFiles = {
  caCertificate: 'ca.pem',
  caKey: 'ca-key.pem',
  /** The server's private key, then its certificate. */
  server: 'server.pem',
} as const

/** What `identity.json` says: the default issuer, and the `kid` of the key that signs pushes now. */
export type Identity = { readonly consumerKey: string; readonly kid: string }
