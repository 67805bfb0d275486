import type { Cause } from '../../errors.ts'
import { proven } from './causes.ts'

export const tooDeep = proven('JSON_TOO_DEEP', 'the JSON is nested too deep')

/** Why bytes are no JSON object in UTF-8. Nothing of them is quoted. */
export function explainJson(body: Uint8Array): readonly Cause[] {
  if (body.length === 0) return [proven('BODY_EMPTY', 'the body is empty')]
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
    return [
      proven(
        'BYTE_ORDER_MARK',
        'the body begins with a byte order mark, which JSON must not have (RFC 8259, 8.1)',
      ),
    ]
  const text = decoded(body)
  if (text === undefined) return [proven('NOT_UTF8', 'the body is not UTF-8')]
  return [formOf(text.trimStart()), cause(text)].flatMap((found) => found ?? [])
}

function formOf(text: string): Cause | undefined {
  if (text.startsWith('<')) return proven('BODY_IS_XML', 'the body is XML or HTML')
  if (/^[\w.]+=/.test(text)) return proven('BODY_IS_A_FORM', 'the body is a form (name=value)')
  if (text.startsWith("'") || /^\{\s*'/.test(text))
    return proven('SINGLE_QUOTES', 'names and texts are in single quotes')
  if (/^(\[object Object\]|undefined|NaN|None)/.test(text))
    return proven('NOT_SERIALISED', 'the body is the name of a value and not its JSON')
  return undefined
}

function cause(text: string): Cause {
  try {
    JSON.parse(text)
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length)
    const isCut = position >= text.trimEnd().length
    return isCut
      ? proven('BODY_CUT', `the JSON ends too early, after ${text.length} characters`)
      : proven('JSON_SYNTAX', `the JSON breaks off at character ${position + 1} of ${text.length}`)
  }
  return proven('NOT_SERIALISED', 'the body is a single JSON value and no object')
}

function decoded(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}
