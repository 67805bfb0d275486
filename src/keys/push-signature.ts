import { createPublicKey } from 'node:crypto'
import { Refusal, refuse } from '../errors.ts'
import type { Keyring } from './keyring.ts'

/** What the signature says, member order as on the wire. */
export type PushClaims = {
  readonly pushAccountReceipts: readonly string[]
  readonly callbackURL?: string
  readonly completeWebsiteActivation: boolean
  readonly accountHolderDataSupplied: boolean
  readonly locale?: string
  readonly tokenRequestorSessionId?: string
}

/** The public half, as a JSON Web Key. */
export type PushSignatureJwk = {
  readonly kty: string
  readonly n: string
  readonly e: string
  readonly use: 'sig'
  readonly kid: string
  readonly alg: 'RS256'
  readonly key_ops: readonly ['verify']
}

export type PushSignature = {
  /**
   * Signs what the cardholder's browser carries from the issuer to Click to Pay.
   *
   * @returns compact JWS, header exactly `{"alg":"RS256","kid":"..."}`, payload the JSON of {@link PushClaims} without white space.
   */
  sign(claims: PushClaims): Promise<string>
  /** @throws {Refusal} SIGNATURE_INVALID: not a JWS, an unknown kid, another algorithm, another key, or changed after signing. */
  verify(jws: string): Promise<unknown>
  /** Loads what the first signature would otherwise wait for. */
  load(): Promise<void>
  readonly publicKeys: () => { readonly keys: readonly PushSignatureJwk[] }
}

/** RFC 7515, 7.1 and RFC 4648, 3.5: decoders take more, and then a text that was changed would verify. */
function isCompactJws(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}

export function pushSignature({ kid, privateKey }: Keyring['pushSignature']): PushSignature {
  const publicKey = createPublicKey(privateKey)
  return {
    async sign(claims) {
      const { CompactSign } = await import('jose')
      return new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(privateKey)
    },

    async verify(jws) {
      if (!isCompactJws(jws))
        refuse(
          'SIGNATURE_INVALID',
          "pushAccountData is not three parts of base64url between dots; it must be the push answer's signature, unchanged",
        )
      const { compactVerify } = await import('jose')
      try {
        const { payload } = await compactVerify(
          jws,
          (header) =>
            header.kid === kid
              ? publicKey
              : refuse(
                  'SIGNATURE_INVALID',
                  `signed with the key ${JSON.stringify(header.kid)}; the active key is ${kid}`,
                ),
          { algorithms: ['RS256'] },
        )
        return JSON.parse(Buffer.from(payload).toString('utf8'))
      } catch (error) {
        // Whatever is wrong with a text from outside, the answer is the same: it is not a signature of ours.
        if (error instanceof Refusal) throw error
        return refuse(
          'SIGNATURE_INVALID',
          `${(error as Error).message}: pushAccountData must be the signature of a push answer, unchanged`,
        )
      }
    },

    async load() {
      await import('jose')
    },

    publicKeys: () => {
      const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
      return {
        keys: [{ kty: 'RSA', n, e, use: 'sig', kid, alg: 'RS256', key_ops: ['verify'] }],
      }
    },
  }
}
