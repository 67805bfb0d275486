import { Refusal } from '../errors.ts'
import { explainHeader } from '../explain/signature/header.ts'
import type { IssuerProject } from '../issuer/client.ts'
import { authorizationOf } from '../issuer/signed-request.ts'
import { readHeader } from '../keys/request-signature.ts'

/** The header for a request that was recorded with one, or without. */
export type FreshSignature = {
  /** Absent: what was recorded stays, if anything. */
  readonly authorization?: string
  readonly notes: readonly string[]
}

const unsigned =
  'recorded without an Authorization header, so sent without; record it, such as "OAuth ...", or have such requests signed (--sign-all)'

/** @param signsAll also what was recorded without an Authorization header. */
export async function signedAnew(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  body: Uint8Array,
  { project, signsAll }: { readonly project: IssuerProject; readonly signsAll: boolean },
): Promise<FreshSignature> {
  const recorded = headers.get('Authorization')
  // The page is for browsers, and the admin API for tools: nobody signs there.
  const isApi = new URL(url).pathname.startsWith('/mdes/')
  if (recorded === null && !isApi) return { notes: [] }
  if (recorded === null && !signsAll) return { notes: [unsigned] }
  if (recorded !== null && !/^OAuth\s/i.test(recorded)) return { notes: [] }
  const signatureMethod =
    /oauth_signature_method="([^"]*)"/.exec(recorded ?? '')?.[1] ?? 'RSA-SHA256'
  if (signatureMethod !== 'RSA-SHA256' && signatureMethod !== 'RSA-PSS')
    return {
      notes: [
        `recorded with oauth_signature_method="${signatureMethod}", which cannot be signed anew; sent as it was recorded`,
      ],
    }
  return {
    authorization: await authorizationOf(
      {
        ...project,
        signatureMethod: signatureMethod === 'RSA-PSS' ? 'RSA-PSS-SHA256' : signatureMethod,
      },
      { url, method, body: body.length === 0 ? undefined : Buffer.from(body).toString() },
    ),
    notes:
      recorded === null
        ? ['recorded without an Authorization header, and signed all the same']
        : doubtsAbout(recorded),
  }
}

/** What a signer makes anew for each request; a header without any of it was written by hand, as an example. */
const ofSigners = /\boauth_(nonce|timestamp|body_hash)=/

const ofExamples = ['HEADER_MALFORMED', 'QUOTES_MISSING', 'BODY_HASH_MISSING', 'PARAMETER_MISSING']

/** What would be wrong with the header that was replaced, whatever its signature. */
function doubtsAbout(recorded: string): readonly string[] {
  try {
    readHeader(recorded)
    return []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  const isExample = !ofSigners.test(recorded)
  return explainHeader(recorded)
    .filter(({ code }) => !isExample || !ofExamples.includes(code))
    .map(
      ({ because, fix }) =>
        `the recorded Authorization header was replaced, and would be refused: ${because} ${fix}`,
    )
}
