import type { Cause, Explanation, Fault } from '../errors.ts'
import { readJson } from '../json-bytes.ts'
import type { Keyring } from '../keys/keyring.ts'
import type { EncryptedPayload, PayloadDecryption } from '../keys/payload-encryption.ts'
import type { Issuer } from '../keys/request-signature.ts'
import type { SignedRequest } from '../keys/signature-base-string.ts'
import { explainDecryption } from './payload/decryption.ts'
import { explainJson, tooDeep } from './payload/json.ts'
import { explainShape } from './payload/shape.ts'
import type { KnownMembers } from './payload/unknown-members.ts'
import { explainSignature } from './signature/signature.ts'

/** What a refused request leaves behind. */
export type Evidence = {
  readonly operation: string
  readonly request: SignedRequest
  /** Of the request of this operation; of what its ciphertext holds. */
  readonly members?: { readonly request: KnownMembers; readonly content: KnownMembers } | undefined
}

/** What attempts are made with. */
export type Known = {
  readonly issuers: readonly Issuer[]
  readonly encryption: Keyring['encryption']
  readonly payloadDecryption: PayloadDecryption
  /** Epoch seconds, by the machine's clock. */
  readonly now: number
}

const signatureFaults = [
  'INVALID_AUTH_HEADER',
  'INVALID_OAUTH_SBS',
  'UNKNOWN_CONSUMER_KEY',
  'TIMESTAMP_OUT_OF_RANGE',
  'INVALID_BODY_HASH',
  'AUTHENTICATION_FAILED',
  'NONCE_REPLAYED',
]
const shapeFaults = [
  'AUTHORIZATION_FAILED',
  'MISSING_REQUIRED_FIELD',
  'INVALID_FIELD_FORMAT',
  'INVALID_FIELD_LENGTH',
  'INVALID_FIELD_VALUE',
]

/**
 * Why a call of Token Connect was refused, found by trying: for the journal and the terminal.
 *
 * @returns the faults with their explanations, where there are any.
 */
export async function explainRefusal(
  faults: readonly Fault[],
  evidence: Evidence,
  known: Known,
): Promise<readonly Fault[]> {
  const [first, ...others] = faults
  if (first === undefined) return faults
  // An explanation is a courtesy: it must never turn an answer into another one.
  const explanation = await explanationOf(first, faults, evidence, known).catch(() => undefined)
  return explanation === undefined ? faults : shared(explanation, first, others)
}

/** Each fault gets the cause that is its own; the first has those that explain more than one. */
function shared(
  { causes, comparisons }: Explanation,
  first: Fault,
  others: readonly Fault[],
): readonly Fault[] {
  const says = (cause: Cause, { because }: Fault) => cause.because.replace(/\.$/, '') === because
  const isOthers = (cause: Cause) => others.some((fault) => says(cause, fault))
  return [
    { ...first, explanation: { causes: causes.filter((cause) => !isOthers(cause)), comparisons } },
    ...others.map((fault) => {
      const own = causes.filter((cause) => says(cause, fault))
      return own.length === 0 ? fault : { ...fault, explanation: { causes: own, comparisons: [] } }
    }),
  ]
}

async function explanationOf(
  { code, ...fault }: Fault,
  faults: readonly Fault[],
  evidence: Evidence,
  known: Known,
): Promise<Explanation | undefined> {
  const { request, operation, members } = evidence
  if (signatureFaults.includes(code)) {
    const decryptedBody = code === 'INVALID_BODY_HASH' ? await decrypted(request, known) : undefined
    return explainSignature(
      request,
      { code, ...fault },
      { ...known, ...(decryptedBody !== undefined && { decryptedBody }) },
    )
  }
  if (code === 'INVALID_JSON' && fault.facts?.depth !== undefined)
    return { causes: [tooDeep], comparisons: [] }
  const json = readJson(request.body)?.value
  const isJson = typeof json === 'object' && json !== null
  if (code === 'INVALID_JSON' && members !== undefined)
    return isJson
      ? explainShape(json, members.request, faults)
      : { causes: explainJson(request.body), comparisons: [] }
  const payload = payloadOf(json)
  if (code === 'CRYPTOGRAPHY_ERROR' && payload !== undefined)
    return explainDecryption(payload, known.encryption, operation)
  if (shapeFaults.includes(code) && members !== undefined) {
    const isInside = faults.some(({ facts }) => insideCiphertext.test(facts?.path ?? ''))
    const content = isInside ? await contentOf(payload, known) : undefined
    const shape =
      content === undefined
        ? explainShape(json, members.request, faults)
        : explainShape(content, members.content, faults)
    // What was encrypted may not be what should have been, and the members of encryption may contradict each other.
    const isOfCipherMode = faults.some(({ facts }) => ofCipherMode.test(facts?.path ?? ''))
    if (payload === undefined || !(isOfCipherMode || content !== undefined)) return shape
    const { causes } = await explainDecryption(payload, known.encryption, operation)
    const proven = causes.filter((cause) => cause.proven)
    return proven.length === 0 ? shape : { ...shape, causes: [...proven, ...shape.causes] }
  }
  return undefined
}

/** Members that the cipher modes have each their own rules for. */
const ofCipherMode = /^pushFundingAccounts?\.encryptedPayload\.(tag|aad|algorithmCipherMode|iv)$/

/** How the path of a member that was encrypted begins. */
const insideCiphertext = /^pushFundingAccounts?\.encryptedPayload\.encryptedData(\.|$)/

type Wrapper = { readonly encryptedPayload?: unknown }

function payloadOf(json: unknown): EncryptedPayload | undefined {
  const { pushFundingAccounts, pushFundingAccount } = (json ?? {}) as Readonly<
    Record<string, Wrapper | undefined>
  >
  const payload = (pushFundingAccounts ?? pushFundingAccount)?.encryptedPayload
  if (typeof payload !== 'object' || payload === null) return undefined
  const { encryptedData, encryptedKey, publicKeyFingerprint } = payload as Readonly<
    Record<string, unknown>
  >
  return [encryptedData, encryptedKey, publicKeyFingerprint].every(
    (member) => typeof member === 'string',
  )
    ? (payload as EncryptedPayload)
    : undefined
}

async function contentOf(
  payload: EncryptedPayload | undefined,
  { payloadDecryption }: Known,
): Promise<unknown> {
  if (payload === undefined) return undefined
  try {
    return await payloadDecryption.decrypt(payload, () => undefined)
  } catch {
    return undefined
  }
}

/** The request as it was before its accounts were encrypted, if they can be read. */
async function decrypted({ body }: SignedRequest, known: Known): Promise<unknown> {
  if (body.length > largestExplained) return undefined
  const json = readJson(body)?.value
  const payload = payloadOf(json)
  const encryptedData = await contentOf(payload, known)
  if (encryptedData === undefined) return undefined
  const wrapper =
    'pushFundingAccount' in (json as object) ? 'pushFundingAccount' : 'pushFundingAccounts'
  return { ...(json as object), [wrapper]: { encryptedPayload: { encryptedData } } }
}

/** Bytes; what is larger is not tried in other layouts. */
const largestExplained = 32 * 1024
