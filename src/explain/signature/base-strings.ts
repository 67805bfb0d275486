import {
  encode,
  encodeLikeNodeSigner,
  type OAuthParameters,
  type SignedRequest,
} from '../../keys/signature-base-string.ts'
import { inLowerCaseHex, type JoinedParameters, joinedParameters } from './parameters.ts'
import { baseUris } from './uris.ts'
import { type Deviation, right, type Variant, wrong } from './variants.ts'

/** A base string that may have been signed. */
export type Attempt = {
  readonly text: string
  /** Whether it is acceptable as it is. */
  readonly isRight: boolean
  deviations(): readonly Deviation[]
  /** The acceptable base string that it comes nearest to. */
  expected(): string
}

/** Bounds the work: a hostile request is as cheap as any. */
const mostAttempts = 4000
const mostCharacters = 3_000_000
const mostWeight = 3

/** @returns the base string of a request signed as it should be. */
export function expectedBaseString(request: SignedRequest, parameters: OAuthParameters): string {
  for (const { expected } of baseStringAttempts(request, parameters)) return expected()
  return ''
}

/**
 * The base strings that a client may have signed, the fewest mistakes first: the acceptable ones, then each mistake alone, then two at
 * once, then three, as far as the bounds allow.
 */
export function* baseStringAttempts(
  request: SignedRequest,
  parameters: OAuthParameters,
): Generator<Attempt> {
  // The most far-fetched first: then one mistake in the URI comes before two elsewhere.
  const uris = byWeight(baseUris(request)).toReversed().flat()
  const joined = byWeight(joinedParameters(request.url, parameters))
  const write = writing()
  let attempts = 0
  let characters = 0
  for (let weight = 0; weight <= mostWeight; weight += 1)
    for (const method of methods(request.method))
      for (const encoding of encodings)
        for (const uri of uris) {
          const rest = weight - method.weight - encoding.weight - uri.weight
          if (rest < 0) continue
          for (const parameter of joined[rest] ?? []) {
            const text = write(method.value, uri.value.text, parameter.value, encoding.value)
            attempts += 1
            characters += text.length
            if (attempts > mostAttempts || characters > mostCharacters) return
            yield {
              text,
              isRight: weight === 0,
              deviations: () =>
                [method, uri, parameter, encoding].flatMap(({ deviations }) => deviations),
              expected: () =>
                write(
                  request.method.toUpperCase(),
                  uri.value.acceptable,
                  { ...parameter.value, text: parameter.value.acceptable },
                  standard,
                ),
            }
          }
        }
}

function byWeight<T>(variants: readonly Variant<T>[]): readonly (readonly Variant<T>[])[] {
  return Array.from({ length: mostWeight + 1 }, (_, weight) =>
    variants.filter((variant) => variant.weight === weight),
  )
}

function methods(sent: string): readonly Variant<string>[] {
  const method = sent.toUpperCase()
  return [
    right(method),
    wrong(method.toLowerCase(), 'METHOD_LOWER_CASE', `with the method ${method.toLowerCase()}`),
    ...['GET', 'POST', 'PUT']
      .filter((other) => other !== method)
      .map((other) =>
        wrong(other, 'OTHER_METHOD_SIGNED', `with the method ${other} in place of ${method}`),
      ),
  ]
}

type Encode = (text: string) => string
type Encoding = {
  readonly uri: (text: string, encoded: Encode) => string
  readonly parameters: (text: string, encoded: Encode) => string
  readonly separator: string
}

const once = (text: string, encoded: Encode) => encoded(text)
const bare = (text: string) => text
const standard: Encoding = { uri: once, parameters: once, separator: '&' }

/** The same for both parts. */
function throughout(change: Encoding['uri'], separator = '&'): Encoding {
  return { uri: change, parameters: change, separator }
}

const encodings: readonly Variant<Encoding>[] = [
  right(standard),
  wrong(throughout(bare), 'BASE_STRING_NOT_ENCODED', 'that is not encoded'),
  wrong(
    { ...standard, parameters: bare },
    'BASE_STRING_PARTLY_ENCODED',
    'whose parameters are not encoded as a whole',
  ),
  wrong({ ...standard, uri: bare }, 'BASE_STRING_PARTLY_ENCODED', 'whose base URI is not encoded'),
  wrong(
    throughout((text, encoded) => inLowerCaseHex(encoded(text))),
    'LOWER_CASE_HEX',
    'encoded with lower-case hex',
  ),
  wrong(
    throughout((text) => encodeURIComponent(text)),
    'RESERVED_CHARACTERS_LEFT',
    "in which ! ' ( ) * are not encoded",
  ),
  wrong(
    throughout((text) =>
      encode(text).replaceAll('%20', '+').replaceAll('%2A', '*').replaceAll('~', '%7E'),
    ),
    'FORM_ENCODED',
    'encoded like a form, not by RFC 3986',
  ),
  wrong(
    throughout(once, '%26'),
    'BASE_STRING_ENCODED_WHOLE',
    'whose & between the parts are encoded too',
  ),
  wrong(
    throughout((text, encoded) => encoded(encoded(text))),
    'BASE_STRING_ENCODED_TWICE',
    'encoded twice',
  ),
]

type Write = (method: string, uri: string, joined: JoinedParameters, encoding: Encoding) => string

/** Remembers the parts: thousands of base strings are made of a few hundred. */
function writing(): Write {
  const known = new Map<Encoding, Map<string, string>>()
  return (method, uri, { text, likeNodeSigner }, encoding) => {
    const encoded = likeNodeSigner ? encodeLikeNodeSigner : encode
    const parts = known.get(encoding) ?? new Map<string, string>()
    known.set(encoding, parts)
    const part = (key: string, make: () => string) => {
      const made = parts.get(key) ?? make()
      parts.set(key, made)
      return made
    }
    const first = part(uri, () => encoding.uri(uri, encode))
    const second = part(likeNodeSigner ? `node ${text}` : text, () =>
      encoding.parameters(text, encoded),
    )
    return method + encoding.separator + first + encoding.separator + second
  }
}
