import { refuse } from '../errors.ts'
import { readJson } from '../json-bytes.ts'

/**
 * The JSON inside raw bytes.
 *
 * @throws {Refusal} INVALID_JSON.
 */
export function parseJson(body: Uint8Array): unknown {
  const json = readJson(body)
  if (json === undefined)
    refuse('INVALID_JSON', `the body (${body.length} bytes) is not JSON in UTF-8`)
  return json.value
}

/** The requestId of a body that may be anything. */
export function requestIdOf(body: Uint8Array): string | undefined {
  const json = readJson(body)?.value
  if (typeof json !== 'object' || json === null || !('requestId' in json)) return undefined
  const { requestId } = json
  return typeof requestId === 'string' && /^.{1,64}$/s.test(requestId) ? requestId : undefined
}
