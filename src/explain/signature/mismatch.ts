import type { Cause, Explanation } from '../../errors.ts'
import type { Issuer } from '../../keys/request-signature.ts'
import {
  digestOf,
  type OpenedSignature,
  openSignature,
  signatureBytes,
} from '../../keys/signature-attempts.ts'
import {
  decoded,
  type OAuthParameters,
  type SignedRequest,
} from '../../keys/signature-base-string.ts'
import { type Attempt, baseStringAttempts, expectedBaseString } from './base-strings.ts'
import { comparison, counted, likely, proven } from './causes.ts'
import { readSignature } from './form.ts'
import type { Deviation } from './variants.ts'

/** Opening a signature costs an RSA operation, so a simulator with many issuers tries only so many. */
const mostKeys = 100

/** Whose key opened the signature, what it holds, and the text that fits if one was found. */
type Finding = {
  readonly issuer: Issuer
  readonly opened: OpenedSignature
  readonly signed: Signed | undefined
  readonly tried: number
}
type Signed = { readonly attempt: Attempt; readonly digestedFirst: boolean }

/** Why a signature does not verify. */
export function explainMismatch(
  request: SignedRequest,
  parameters: OAuthParameters,
  issuers: readonly Issuer[],
): Explanation {
  const consumerKey = decoded(parameters.oauth_consumer_key)
  const own = issuers.find((issuer) => issuer.consumerKey === consumerKey)
  const form = readSignature(parameters.oauth_signature)
  const finding = find(form.bytes, request, parameters, ownFirst(own, issuers))
  const what = 'signature base string'
  if (finding === undefined)
    return {
      causes: [...form.causes, ...unopened(form.bytes, own, issuers.length)],
      comparisons: [comparison(what, expectedBaseString(request, parameters), undefined)],
    }
  const { issuer, opened, signed, tried } = finding
  const known = [
    ...wrongKey(issuer, consumerKey),
    ...form.causes,
    ...wrongAlgorithm(opened, parameters.oauth_signature_method, signed?.digestedFirst === true),
  ]
  if (signed === undefined)
    return {
      causes: [...known, ...otherBaseString(issuer, opened, tried)],
      comparisons: [comparison(what, expectedBaseString(request, parameters), undefined)],
    }
  const { attempt } = signed
  return {
    causes: [...known, ...wrongBaseString(attempt.deviations(), known.length)],
    // Where only key or padding is wrong, there is nothing to compare.
    comparisons:
      attempt.expected() === attempt.text
        ? []
        : [comparison(what, attempt.expected(), attempt.text)],
  }
}

/** Which registered key made this signature, if that can be told from its padding alone. */
export function signerOf(signature: Uint8Array, issuers: readonly Issuer[]): Issuer | undefined {
  return issuers
    .slice(0, mostKeys)
    .find(({ publicKey }) => openSignature(signature, publicKey).some(({ certain }) => certain))
}

function ownFirst(own: Issuer | undefined, issuers: readonly Issuer[]): readonly Issuer[] {
  const others = issuers.filter((issuer) => issuer !== own).slice(0, mostKeys)
  return own === undefined ? others : [own, ...others]
}

function find(
  signature: Uint8Array,
  request: SignedRequest,
  parameters: OAuthParameters,
  issuers: readonly Issuer[],
): Finding | undefined {
  let uncertain: Finding | undefined
  for (const issuer of issuers) {
    const openings = openSignature(signature, issuer.publicKey)
    const [opening] = openings
    if (opening === undefined) continue
    let tried = 0
    for (const attempt of baseStringAttempts(request, parameters)) {
      tried += 1
      for (const opened of openings) {
        if (opened.isOver(attempt.text))
          return { issuer, opened, signed: { attempt, digestedFirst: false }, tried }
        if (attempt.isRight && isOverDigest(opened, attempt.text))
          return { issuer, opened, signed: { attempt, digestedFirst: true }, tried }
      }
    }
    const certain = openings.find((opened) => opened.certain)
    if (certain !== undefined) return { issuer, opened: certain, signed: undefined, tried }
    uncertain ??= { issuer, opened: opening, signed: undefined, tried }
  }
  return uncertain
}

function isOverDigest(opened: OpenedSignature, text: string): boolean {
  const digest = Buffer.from(digestOf(text), 'base64')
  return [digest, digest.toString('hex'), digest.toString('base64')].some(opened.isOver)
}

function wrongKey({ consumerKey }: Issuer, claimed: string): readonly Cause[] {
  return consumerKey === claimed
    ? []
    : [
        proven(
          'WRONG_KEY',
          `The signature was made with the key of consumer key ${consumerKey}, but the header names ${claimed}.`,
        ),
      ]
}

function wrongAlgorithm(
  { padding, digest, namesDigest, maskDigest, saltLength }: OpenedSignature,
  declared: string,
  digestedFirst: boolean,
): readonly Cause[] {
  const causes: Cause[] = []
  const pss = padding === 'PSS'
  const parameters = `digest ${nameOf(digest)}, mask digest ${nameOf(maskDigest)}, salt of ${saltLength} bytes`
  if (pss && declared !== 'RSA-PSS')
    causes.push(
      proven(
        'PKCS1_DECLARED_PSS_SIGNED',
        `oauth_signature_method is ${declared}, but the signature is padded with RSASSA-PSS (${parameters}).`,
      ),
    )
  else if (pss && (digest !== 'sha256' || maskDigest !== 'sha256' || saltLength !== 32))
    causes.push(
      proven(
        'PSS_PARAMETERS_DIFFER',
        `The signature has other parameters of RSASSA-PSS: ${parameters}.`,
      ),
    )
  if (!pss && declared === 'RSA-PSS')
    causes.push(
      proven(
        'PSS_DECLARED_PKCS1_SIGNED',
        'oauth_signature_method is RSA-PSS, but the signature is padded with PKCS#1 v1.5.',
      ),
    )
  if (!pss && !namesDigest)
    causes.push(
      proven(
        'DIGEST_WITHOUT_NAME',
        'The signature holds a bare value where PKCS#1 v1.5 has the digest with its name (DigestInfo).',
      ),
    )
  else if (!pss && digest !== 'sha256')
    causes.push(
      proven(
        'OTHER_DIGEST_SIGNED',
        `The signature is over a ${nameOf(digest)} digest; ${declared} needs SHA-256.`,
      ),
    )
  if (digestedFirst)
    causes.push(
      proven(
        'DIGEST_SIGNED_TWICE',
        "What was signed is the base string's SHA-256 digest, digested once more.",
      ),
    )
  return causes
}

function nameOf(digest: string | undefined): string {
  return digest?.toUpperCase().replace('SHA', 'SHA-') ?? 'unknown'
}

function wrongBaseString(deviations: readonly Deviation[], others: number): readonly Cause[] {
  const together = deviations.length + others > 1 ? ', together with the other causes proven' : ''
  return deviations.map(({ code, phrase }) =>
    proven(code, `What was signed is a base string ${phrase}${together}.`),
  )
}

function otherBaseString(
  { consumerKey }: Issuer,
  { digest }: OpenedSignature,
  tried: number,
): readonly Cause[] {
  return [
    proven(
      'OTHER_BASE_STRING_SIGNED',
      `The signature was made with the key of consumer key ${consumerKey}, over the ${nameOf(digest)} digest of something else: none of ${tried} likely base strings has it.`,
    ),
    likely(
      'HEADER_CHANGED_AFTER_SIGNING',
      'A nonce, timestamp or other value was made once for the base string and again for the header.',
    ),
    likely(
      'SIGNED_FOR_UNKNOWN_URL',
      'A host, port or path was signed that is not among those tried.',
    ),
  ]
}

function unopened(
  signature: Uint8Array,
  own: Issuer | undefined,
  registered: number,
): readonly Cause[] {
  const expected = own && signatureBytes(own.publicKey)
  if (expected !== undefined && signature.length !== expected)
    return [
      proven(
        'SIGNATURE_OTHER_LENGTH',
        `The signature has ${counted(signature.length, 'byte')}; this consumer key's key makes ${expected}.${likelyMaker(signature)}`,
      ),
    ]
  const tried = counted(
    Math.min(registered, mostKeys + Number(own !== undefined)),
    'registered key',
  )
  const among = own === undefined ? '' : ", this consumer key's among them"
  return [
    likely(
      'WRONG_KEY',
      `The signature opens with none of the ${tried} tried${among}: it was probably made with a key that is not registered.`,
    ),
    likely(
      'SIGNATURE_DAMAGED',
      'Or the signature was changed on its way, cut and filled up, or is not a signature at all.',
    ),
  ]
}

function likelyMaker(signature: Uint8Array): string {
  const { length } = signature
  if (length === 20) return ' That is what HMAC-SHA1 makes.'
  if (length === 32) return ' That is what HMAC-SHA256 makes.'
  if (length >= 68 && length <= 73 && signature[0] === 0x30)
    return ' That is what an elliptic curve key makes.'
  return [128, 384, 512].includes(length)
    ? ` That is what an RSA key of ${length * 8} bits makes.`
    : ''
}
