import type { JournalEntry } from '../journal.ts'
import { contentOfBody, isObject, type Json } from './pact.ts'

/**
 * A refusal that a pact cannot tell from an acceptance: it comes with HTTP 200, no scenario asked for it, and nothing in the pact is about it.
 *
 * @param response that the pact expects.
 */
export function unnoticedRefusal(
  response: Json,
  entries: readonly JournalEntry[],
): string | undefined {
  const fault = entries
    .filter(
      ({ status, pushAccountReceipts = [] }) => status < 300 && pushAccountReceipts.length === 0,
    )
    .flatMap(({ faults = [] }) => faults)
    .find(({ facts }) => facts?.scripted === undefined)
  if (fault === undefined || expectsMore(response)) return undefined
  const { path, field = path } = fault.facts ?? {}
  const what = [fault.code, path ?? field].filter(Boolean).join(': ')
  return `the simulator refused it (${what}), and the pact expects nothing but status 200, which most refusals have`
}

/** A responseId is in every answer. */
function expectsMore(response: Json): boolean {
  const content = contentOfBody(response)
  if (content === undefined || content === null || content === '') return false
  return !isObject(content) || Object.keys(content).some((name) => name !== 'responseId')
}
