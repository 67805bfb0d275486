declare module 'mastercard-client-encryption' {
  type Config = {
    readonly paths: readonly {
      readonly path: string
      readonly toEncrypt: readonly { readonly element: string; readonly obj: string }[]
      readonly toDecrypt: readonly { readonly element: string; readonly obj: string }[]
    }[]
    readonly useCertificateContent: boolean
    readonly encryptionCertificate: string
    readonly publicKeyFingerprintType: 'certificate' | 'publicKey'
    readonly publicKeyFingerprintFieldName: string
    readonly oaepPaddingDigestAlgorithm: 'SHA-256' | 'SHA-512'
    readonly oaepHashingAlgorithmFieldName: string
    readonly dataEncoding: 'hex' | 'base64'
    readonly encryptedValueFieldName: string
    readonly encryptedKeyFieldName: string
    readonly ivFieldName: string
  }
  class FieldLevelEncryption {
    constructor(config: Config)
    encrypt(endpoint: string, header: object, body: object): { header: object; body: object }
  }
}
