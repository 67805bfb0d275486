import { refuse, type Tolerate } from '../errors.ts'
import type { SignedRequest } from '../keys/signature-base-string.ts'

/*
 * What the gateway in front of the operations looks at, besides the signature.
 */

/** Assumption: no source names the gateway's limit; a push of five accounts has under 10 KiB. */
const maximumBodyBytes = 1024 * 1024

/**
 * Asked first, because the body hash is of what was compressed. Assumption: no source says how compression is refused.
 *
 * @throws {Refusal} UNSUPPORTED_ENCODING.
 */
export function checkEncoding({ headers }: Request): void {
  const encoding = headers.get('Content-Encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity')
    refuse('UNSUPPORTED_ENCODING', `Content-Encoding is ${encoding}; send the JSON as it is`)
}

/**
 * The API is JSON only, in UTF-8. Assumption: no source says how anything else is refused.
 *
 * @throws {Refusal} UNSUPPORTED_MEDIA_TYPE, unless `relaxed`.
 */
export function checkType({ headers }: Request, relaxed: boolean, tolerate: Tolerate): void {
  const because = objectionToType(headers.get('Content-Type'))
  if (because === undefined) return
  const code = 'UNSUPPORTED_MEDIA_TYPE'
  if (relaxed) tolerate({ code, because: `relaxed: ${because}` })
  else refuse(code, because)
}

function objectionToType(type: string | null): string | undefined {
  if (!/^application\/json\s*(;|$)/i.test(type ?? ''))
    return `Content-Type is ${type ?? 'missing'}; expected application/json; charset=UTF-8`
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type ?? '')?.[1]
  return charset === undefined || /^utf-?8$/i.test(charset)
    ? undefined
    : `the charset of Content-Type is ${charset}; expected UTF-8`
}

/** @throws {Refusal} PAYLOAD_TOO_LARGE, or BODY_INCOMPLETE: the caller went away. */
export async function rawBody({ headers, body }: Request): Promise<Uint8Array> {
  const tooLarge = () =>
    refuse('PAYLOAD_TOO_LARGE', `the body has more than ${maximumBodyBytes} bytes`)
  if (Number(headers.get('Content-Length') ?? 0) > maximumBodyBytes) return tooLarge()
  if (body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > maximumBodyBytes) break
      chunks.push(chunk)
    }
  } catch (error) {
    return refuse('BODY_INCOMPLETE', `the body ended early: ${(error as Error).message}`)
  }
  return bytes > maximumBodyBytes ? tooLarge() : new Uint8Array(Buffer.concat(chunks))
}

/** What is verified of a request. */
export function signedRequest(request: Request, body: Uint8Array): SignedRequest {
  return {
    method: request.method,
    url: new URL(request.url),
    authorization: request.headers.get('Authorization') ?? undefined,
    body,
    alsoKnownAs: forwardedOrigins(request.headers),
  }
}

/** The origin that a proxy in front says it was called by. */
function forwardedOrigins(headers: Headers): readonly string[] {
  const host = headers.get('X-Forwarded-Host')
  const protocol = headers.get('X-Forwarded-Proto') ?? 'https'
  const origin = `${protocol}://${host}`
  return host !== null && /^https?$/.test(protocol) && URL.canParse(origin)
    ? [new URL(origin).origin]
    : []
}
