import { createHash, type KeyObject } from 'node:crypto'
import { Refusal, refuse } from '../errors.ts'
import type { PushSignatureKey, PushSignatureKeys } from './keyring.ts'

/** What the signature says, member order as on the wire. */
export type PushClaims = {
  readonly pushAccountReceipts: readonly string[]
  readonly callbackURL?: string
  readonly completeIssuerAppActivation?: boolean
  readonly completeWebsiteActivation: boolean
  readonly accountHolderDataSupplied: boolean
  readonly locale?: string
  readonly tokenRequestorSessionId?: string
}

/** The public half, as a JSON Web Key; members in the order in which token requestors get them. */
export type PushSignatureJwk = {
  readonly kty: string
  /** SHA-256 of the certificate, base64url. */
  readonly 'x5t#S256': string
  readonly e: string
  readonly use: 'sig'
  readonly kid: string
  /** The certificate, DER in base64. */
  readonly x5c: readonly [string]
  readonly key_ops: readonly ['verify']
  readonly alg: 'RS256'
  readonly n: string
}

/** `tampered`: changed after signing; `wrong-key`: by another key than the `kid` says; `unknown-kid`: by a key that is served nowhere. */
export type Forgery = 'valid' | 'tampered' | 'wrong-key' | 'unknown-kid'

export type PushSignature = {
  /**
   * Signs what the cardholder's browser carries from the issuer to Click to Pay.
   *
   * @param forgery in what way the signature is none.
   * @returns compact JWS, header exactly `{"alg":"RS256","kid":"..."}`, payload the JSON of {@link PushClaims} without white space.
   */
  sign(claims: PushClaims, forgery?: Forgery): Promise<string>
  /** @throws {Refusal} SIGNATURE_INVALID: not a JWS, an unknown kid, another algorithm, another key, or changed after signing. */
  verify(jws: string): Promise<unknown>
  /** Loads what the first signature would otherwise wait for. */
  load(): Promise<void>
  /** Of all keys, oldest first. */
  readonly publicKeys: () => { readonly keys: readonly PushSignatureJwk[] }
  /** Signs with other keys from now on. */
  replaceKeys(keys: PushSignatureKeys): void
}

/** RFC 7515, 7.1 and RFC 4648, 3.5: decoders take more, and then a text that was changed would verify. */
function isCompactJws(text: string): boolean {
  const parts = text.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}

/** Names no key: it is older than any that was made. */
const unknownKid = '20200101000000-MDES-token-connect-unknown'

/** @param otherKey what signs in place of the right key. */
export function pushSignature(initial: PushSignatureKeys, otherKey: KeyObject): PushSignature {
  let keys = initial
  const publicKeyOf = (kid: string | undefined): KeyObject => {
    const key = keys.all.find((one) => one.kid === kid)
    return (
      key?.certificate.publicKey ??
      refuse(
        'SIGNATURE_INVALID',
        `signed with the key ${JSON.stringify(kid)}; the active key is ${keys.active.kid}`,
        { kid: String(kid) },
      )
    )
  }
  return {
    async sign(claims, forgery = 'valid') {
      const { CompactSign } = await import('jose')
      const { kid, privateKey } = keys.active
      const jws = await new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'RS256', kid: forgery === 'unknown-kid' ? unknownKid : kid })
        .sign(forgery === 'valid' || forgery === 'tampered' ? privateKey : otherKey)
      return forgery === 'tampered' ? tampered(jws, claims) : jws
    },

    async verify(jws) {
      if (!isCompactJws(jws))
        refuse(
          'SIGNATURE_INVALID',
          "pushAccountData is not three parts of base64url between dots; it must be the push answer's signature, unchanged",
        )
      const { compactVerify } = await import('jose')
      try {
        const { payload } = await compactVerify(jws, (header) => publicKeyOf(header.kid), {
          algorithms: ['RS256'],
        })
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

    publicKeys: () => ({ keys: keys.all.map(jwkOf) }),

    replaceKeys(replacement) {
      keys = replacement
    },
  }
}

/** The receipts that a signature names, whoever signed it; empty where it names none. For explanations: nothing else may believe it. */
export function receiptsClaimed(jws: string): readonly string[] {
  try {
    const payload = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')
    const { pushAccountReceipts } = JSON.parse(payload) as Partial<PushClaims>
    return (pushAccountReceipts ?? []).filter((receipt) => typeof receipt === 'string')
  } catch {
    return []
  }
}

/** A well-formed signature over something else: only verifying it can tell. */
function tampered(jws: string, claims: PushClaims): string {
  const { completeWebsiteActivation } = claims
  const changed = { ...claims, completeWebsiteActivation: !completeWebsiteActivation }
  const [header, , signature] = jws.split('.')
  const payload = Buffer.from(JSON.stringify(changed)).toString('base64url')
  return [header, payload, signature].join('.')
}

function jwkOf({ kid, certificate }: PushSignatureKey): PushSignatureJwk {
  const { n = '', e = '' } = certificate.publicKey.export({ format: 'jwk' })
  return {
    kty: 'RSA',
    'x5t#S256': createHash('sha256').update(certificate.raw).digest('base64url'),
    e,
    use: 'sig',
    kid,
    x5c: [certificate.raw.toString('base64')],
    key_ops: ['verify'],
    alg: 'RS256',
    n,
  }
}
