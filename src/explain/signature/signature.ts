import type { Cause, Explanation, Fault } from '../../errors.ts'
import { type Issuer, readHeader } from '../../keys/request-signature.ts'
import type { SignedRequest } from '../../keys/signature-base-string.ts'
import { explainBodyHash } from './body-hash.ts'
import { likely } from './causes.ts'
import { explainNonce, explainTimestamp } from './clock.ts'
import { explainConsumerKey } from './consumer-key.ts'
import { explainHeader } from './header.ts'
import { explainMismatch } from './mismatch.ts'

export type Known = {
  readonly issuers: readonly Issuer[]
  /** Epoch seconds, by the machine's clock. */
  readonly now: number
  /** The request's JSON with `encryptedData` replaced by its plaintext, when it could be decrypted. */
  readonly decryptedBody?: unknown
}

/** Header and URL of a hostile request can be long, and each attempt works on all of it. An honest request has about 1,000 characters. */
const mostCharacters = 4096
/** Of header and query. An honest request has 7 and a few. */
const mostParameters = 30

/** Why a request's signature was refused, found by trying. Never throws. */
export function explainSignature(request: SignedRequest, fault: Fault, known: Known): Explanation {
  const tooLarge = oversize(request)
  if (tooLarge !== undefined) return caused(likely('REQUEST_TOO_LARGE_TO_EXPLAIN', tooLarge))
  try {
    const { causes, comparisons } = explained(request, fault, known)
    return causes.length > 0 ? { causes, comparisons } : caused(nothing)
  } catch {
    // The refusal stands without an explanation, and must not turn into a failure of the simulator.
    return caused(nothing)
  }
}

const nothing = likely('NOT_EXPLAINED', 'None of the usual mistakes was found.')

function caused(...causes: readonly Cause[]): Explanation {
  return { causes, comparisons: [] }
}

function oversize({ authorization = '', url, alsoKnownAs }: SignedRequest): string | undefined {
  const characters = [authorization, url.href, ...alsoKnownAs].join('').length
  if (characters > mostCharacters)
    return `Header and URL have ${characters} characters; causes are tried only up to ${mostCharacters}.`
  const parameters = `${authorization}${url.search}`.split(/[,&]/).length
  return parameters > mostParameters
    ? `Header and query have ${parameters} parameters; causes are tried only up to ${mostParameters}.`
    : undefined
}

function explained(request: SignedRequest, { code, facts }: Fault, known: Known): Explanation {
  const { authorization } = request
  const { issuers, now } = known
  const parameters = () => readHeader(authorization)
  switch (code) {
    case 'INVALID_AUTH_HEADER':
    case 'INVALID_OAUTH_SBS':
      return caused(...explainHeader(authorization))
    case 'UNKNOWN_CONSUMER_KEY': {
      const { oauth_consumer_key: consumerKey, oauth_signature: signature } = parameters()
      return caused(...explainConsumerKey(consumerKey, signature, issuers))
    }
    case 'TIMESTAMP_OUT_OF_RANGE':
      return caused(...explainTimestamp(parameters().oauth_timestamp, now))
    case 'INVALID_BODY_HASH':
      return explainBodyHash(parameters().oauth_body_hash, request.body, known.decryptedBody)
    case 'AUTHENTICATION_FAILED':
      return explainMismatch(request, parameters(), issuers)
    case 'NONCE_REPLAYED':
      return caused(...explainNonce(parameters(), now, facts?.usedWith))
    default:
      return caused()
  }
}
