import { refuse } from '../errors.ts'

/** RFC 8259, 8.1: no byte order mark, so it is kept for JSON.parse to refuse. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The JSON inside raw bytes.
 *
 * @throws {Refusal} INVALID_JSON.
 */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body))
  } catch {
    return refuse('INVALID_JSON', `the body (${body.length} bytes) is not JSON in UTF-8`)
  }
}

/** The requestId of a body that may be anything. */
export function requestIdOf(body: Uint8Array): string | undefined {
  let json: unknown
  try {
    json = JSON.parse(utf8.decode(body))
  } catch {
    return undefined
  }
  if (typeof json !== 'object' || json === null || !('requestId' in json)) return undefined
  const { requestId } = json
  return typeof requestId === 'string' && /^.{1,64}$/s.test(requestId) ? requestId : undefined
}
