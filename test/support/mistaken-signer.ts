import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import type { Explanation } from '../../src/errors.ts'
import { explainSignature } from '../../src/explain/signature/signature.ts'
import type { Issuer } from '../../src/keys/request-signature.ts'
import type { SignedRequest } from '../../src/keys/signature-base-string.ts'
import { encode } from './oauth.ts'

/** Epoch seconds at which these stories play. */
export const now = 1_790_000_000
export const path = '/mdes/connect/1/0/pushMultipleAccounts'
export const url = `http://localhost:6337${path}`
export const body = '{"requestId":"1","note":"a/b"}'

export const own = project('A')
export const other = project('B')
export const stranger = project('C')
export const issuers: readonly Issuer[] = [own, other]

function project(letter: string): Issuer & { signingKey: KeyObject; pem: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    consumerKey: `${letter.repeat(48)}!${letter.toLowerCase().repeat(32)}${'0'.repeat(16)}`,
    publicKey: createPublicKey(privateKey),
    signingKey: privateKey,
    pem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

export type Mistakes = {
  readonly url?: string
  readonly method?: string
  readonly values?: Readonly<Record<string, string>>
  readonly encodesHeader?: boolean
  /** Makes the base string from its right parts, the parameters sorted. */
  readonly baseString?: (method: string, uri: string, pairs: readonly string[]) => string
  readonly key?: KeyObject
  readonly digest?: string
  readonly pss?: { readonly saltLength: number }
  /** How the signature's bytes are written in the header. */
  readonly written?: (signature: Buffer) => string
}

export const asItShouldBe = (method: string, uri: string, pairs: readonly string[]) =>
  [method, uri, pairs.join('&')].map(encode).join('&')

/** A header that is signed with mistakes; each base string is made here, by RFC 5849, independently of the code under test. */
export function header({
  url: target = url,
  method = 'POST',
  values: given = {},
  encodesHeader = false,
  baseString = asItShouldBe,
  key = own.signingKey,
  digest = 'sha256',
  pss,
  written = (signature) => encode(signature.toString('base64')),
}: Mistakes = {}): string {
  const values = {
    oauth_consumer_key: own.consumerKey,
    oauth_nonce: 'abcdefgh12345678',
    oauth_timestamp: String(now),
    oauth_signature_method: 'RSA-SHA256',
    oauth_version: '1.0',
    oauth_body_hash: createHash('sha256').update(body).digest('base64'),
    ...given,
  }
  const transmitted = Object.entries(values).map(
    ([name, value]) => [name, encodesHeader ? encode(value) : value] as const,
  )
  const { origin, pathname, searchParams } = new URL(target)
  const pairs = [...searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .concat(transmitted.map(([name, value]) => `${name}=${value}`))
    .sort()
  const padding = pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  const text = baseString(method, origin + pathname, pairs)
  const signature = sign(digest, Buffer.from(text), { key, padding, ...pss })
  const all = [...transmitted, ['oauth_signature', written(signature)] as const]
  return `OAuth ${all.map(([name, value]) => `${name}="${value}"`).join(',')}`
}

export function request(
  authorization: string | undefined,
  sent: Partial<Omit<SignedRequest, 'url' | 'body'>> & {
    url?: string
    body?: string | Buffer
  } = {},
): SignedRequest {
  return {
    method: 'POST',
    alsoKnownAs: [],
    authorization,
    ...sent,
    url: new URL(sent.url ?? url),
    body: Buffer.from(sent.body ?? body),
  }
}

export function explain(
  code: string,
  refused: SignedRequest,
  decryptedBody?: unknown,
): Explanation {
  return explainSignature(refused, { code, because: '' }, { issuers, now, decryptedBody })
}

/** The codes of the proven causes, in their order. */
export function proven({ causes }: Explanation): readonly string[] {
  return causes.filter((cause) => cause.proven).map(({ code }) => code)
}
