import type { Cause } from '../../errors.ts'

/** Why bytes are not JSON in UTF-8. Nothing of them is quoted. */
export function explainJson(body: Uint8Array): readonly Cause[] {
  if (body.length === 0)
    return [proven('BODY_EMPTY', 'the body is empty', 'send the JSON of the request')]
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf)
    return [
      proven(
        'BYTE_ORDER_MARK',
        'the body begins with a byte order mark, which JSON must not have (RFC 8259, 8.1)',
        'write UTF-8 without BOM: new UTF8Encoding(false) in .NET',
      ),
    ]
  const text = decoded(body)
  if (text === undefined)
    return [
      proven(
        'NOT_UTF8',
        'the body is not UTF-8',
        'encode the JSON as UTF-8, and sign and send the same bytes',
      ),
    ]
  return [formOf(text.trimStart()), cause(text)].flatMap((found) => found ?? [])
}

function formOf(text: string): Cause | undefined {
  if (text.startsWith('<'))
    return proven('BODY_IS_XML', 'the body is XML or HTML', 'send JSON: the API takes nothing else')
  if (/^[\w.]+=/.test(text))
    return proven(
      'BODY_IS_A_FORM',
      'the body is a form (name=value)',
      'send JSON: the API takes nothing else',
    )
  if (text.startsWith("'") || /^\{\s*'/.test(text))
    return proven(
      'SINGLE_QUOTES',
      'names and texts are in single quotes',
      'serialise with a JSON library; str() of a Python dict is not JSON',
    )
  if (/^(\[object Object\]|undefined|NaN|None)/.test(text))
    return proven(
      'NOT_SERIALISED',
      'the body is the name of a value and not its JSON',
      'serialise the request before you send it (JSON.stringify, json.dumps)',
    )
  return undefined
}

function cause(text: string): Cause {
  try {
    JSON.parse(text)
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? text.length)
    const isCut = position >= text.trimEnd().length
    return isCut
      ? proven(
          'BODY_CUT',
          `the JSON ends too early, after ${text.length} characters`,
          'send all of it: Content-Length counts bytes and not characters',
        )
      : proven(
          'JSON_SYNTAX',
          `the JSON breaks off at character ${position + 1} of ${text.length}`,
          'serialise with a JSON library; no comments and no comma after the last member',
        )
  }
  return proven(
    'JSON_TOO_DEEP',
    'the JSON is nested too deep',
    'look for an object that contains itself',
  )
}

function decoded(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

function proven(code: string, because: string, fix: string): Cause {
  return { code, because, fix, proven: true }
}
