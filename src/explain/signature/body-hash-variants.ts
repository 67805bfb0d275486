import { type Layout, layouts, readLayout, written } from './body-hash-layouts.ts'
import type { CauseCode } from './causes.ts'
import type { Deviation } from './variants.ts'

/** A body that may have been hashed in place of the one that came. */
export type BodyVariant = {
  readonly text: string | Uint8Array
  /** Each phrase ends the sentence "What was hashed is ..." */
  readonly changes: readonly Deviation[]
}

/** In bytes. A larger body is compared only as it came; a push of five accounts has under 10 KiB. */
export const largestBody = 32_768

/** Bounds the work of writing bodies again, in characters. */
const mostCharacters = 2_000_000

/** The likeliest first: one change, then two, then three; of the body that came, then of its plaintext. */
export function* bodyVariants(body: Uint8Array, decryptedBody: unknown): Generator<BodyVariant> {
  yield { text: body, changes: [] }
  for (const [text, code, phrase] of inPlaceOfBody) yield { text, changes: [{ code, phrase }] }
  if (body.length > largestBody) return
  const text = Buffer.from(body).toString('utf8')
  yield* inOtherCharsets(body, text)
  yield* stringified(text)
  const budget = { left: mostCharacters }
  const sent = rewriter(text, budget)
  const plaintexts = (decryptedBody === undefined ? [] : beforeEncryption(decryptedBody)).map(
    (plaintext) => rewriter(plaintext, budget),
  )
  for (const changes of [0, 1, 2, 3]) {
    if (changes > 0) yield* sent(changes)
    // Of the plaintext nobody knows how it was written, so how it was is no mistake.
    for (const plaintext of plaintexts)
      for (const { text: rewritten } of plaintext(changes))
        yield { text: rewritten, changes: [signedBeforeEncryption] }
  }
}

const inPlaceOfBody: readonly (readonly [text: string, code: CauseCode, phrase: string])[] = [
  ['', 'EMPTY_BODY_SIGNED', 'an empty body'],
  ['{}', 'EMPTY_OBJECT_SIGNED', '{}'],
  ['null', 'EMPTY_OBJECT_SIGNED', 'null'],
  ['""', 'EMPTY_OBJECT_SIGNED', 'two double quotes, an empty text in JSON'],
  [
    '[object Object]',
    'OBJECT_NOT_SERIALISED',
    '[object Object], an object that JavaScript made text of',
  ],
  ['undefined', 'OBJECT_NOT_SERIALISED', 'undefined'],
  ['None', 'OBJECT_NOT_SERIALISED', 'None'],
]

const signedBeforeEncryption: Deviation = {
  code: 'SIGNED_BEFORE_ENCRYPTION',
  phrase: 'the body before encryptedData was encrypted',
}

/** What encrypting adds beside `encryptedData` was not there before. */
function beforeEncryption(decryptedBody: unknown): readonly string[] {
  const texts = [decryptedBody, withoutSiblings(decryptedBody, 0), unwrapped(decryptedBody, 0)].map(
    (value) => JSON.stringify(value),
  )
  return [...new Set(texts)].filter((text) => text !== undefined && text.length <= largestBody)
}

function withoutSiblings(value: unknown, depth: number): unknown {
  return mapEncrypted(value, depth, (encryptedData) => ({ encryptedData }))
}

function unwrapped(value: unknown, depth: number): unknown {
  return mapEncrypted(value, depth, (encryptedData) => encryptedData)
}

function mapEncrypted(
  value: unknown,
  depth: number,
  change: (encryptedData: unknown) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null || depth > 8) return value
  if (Array.isArray(value)) return value
  if ('encryptedData' in value) return change(value.encryptedData)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, mapEncrypted(member, depth + 1, change)]),
  )
}

type Rewriting = { readonly change: Deviation; readonly rewrite: (text: string) => string }

type Budget = { left: number }

/** @returns every way to write a text again with so many changes, while the budget lasts. */
function rewriter(text: string, budget: Budget): (changes: number) => Generator<BodyVariant> {
  const layout = layoutsOf(text, budget)
  return function* (count) {
    for (const { changes, laidOut } of layout)
      for (const rewritings of combinations) {
        if (changes.length + rewritings.length !== count) continue
        const rewritten = rewrittenBy(rewritings, laidOut(), budget)
        if (budget.left < 0) return
        if (rewritten !== undefined)
          yield {
            text: rewritten,
            changes: [...changes, ...rewritings.map(({ change }) => change)],
          }
      }
  }
}

/** @returns undefined when one of them changes nothing: then it is no cause, and the rest were tried without it. */
function rewrittenBy(
  rewritings: readonly Rewriting[],
  text: string,
  budget: Budget,
): string | undefined {
  let rewritten = text
  for (const { rewrite } of rewritings) {
    budget.left -= rewritten.length
    const after = budget.left < 0 ? rewritten : rewrite(rewritten)
    if (after === rewritten) return undefined
    rewritten = after
  }
  return rewritten
}

type LaidOut = { readonly changes: readonly Deviation[]; readonly laidOut: () => string }

function layoutsOf(text: string, budget: Budget): readonly LaidOut[] {
  const asIs: LaidOut = { changes: [], laidOut: () => text }
  const json = readLayout(text.replace(/^\uFEFF/, ''))
  if (json === undefined) return [asIs]
  const made = new Map<string, string>()
  const laid = (layout: Layout, sortsKeys: boolean) => () => {
    const key = `${layout.name}${sortsKeys}`
    if (!made.has(key)) {
      // Setting JSON anew costs several times what replacing characters does.
      budget.left -= 4 * text.length
      made.set(key, budget.left < 0 ? text : written(json, layout, sortsKeys))
    }
    return made.get(key) ?? text
  }
  const own = layouts.find((layout) => laid(layout, false)() === text)
  const sorted: Deviation = {
    code: 'KEYS_SORTED',
    phrase: 'the JSON with its members sorted by name',
  }
  const others = layouts
    .filter((layout) => layout !== own)
    .flatMap((layout): readonly LaidOut[] => {
      const changed: Deviation = {
        code: 'BODY_RESERIALISED',
        phrase: `the same JSON ${layout.name}`,
      }
      return [
        { changes: [changed], laidOut: laid(layout, false) },
        { changes: [changed, sorted], laidOut: laid(layout, true) },
      ]
    })
  return own === undefined
    ? [asIs, ...others]
    : [asIs, { changes: [sorted], laidOut: laid(own, true) }, ...others]
}

/** JSON has `/` and characters beyond ASCII only inside texts, so both can be changed without reading it. */
const escapings: readonly Rewriting[] = [
  escaping('the JSON with its slashes escaped (PHP)', escapedSlashes),
  escaping('the JSON with its slashes not escaped', (text) => text.replaceAll('\\/', '/')),
  escaping('the JSON in ASCII, the rest as \\uXXXX in lower case (Python)', (text) =>
    inAscii(text, String),
  ),
  escaping('the JSON in ASCII, the rest as \\uXXXX in upper case', (text) =>
    inAscii(text, (hex) => hex.toUpperCase()),
  ),
  escaping('the JSON with nothing escaped that need not be', unescaped),
  escaping('the JSON in ASCII and with its slashes escaped (json_encode of PHP)', (text) =>
    inAscii(escapedSlashes(text), String),
  ),
  escaping("the JSON with & < > ' + and all beyond ASCII escaped (System.Text.Json)", (text) =>
    inAscii(text.replace(/[&<>'+`]/g, escapeInUpperCase), (hex) => hex.toUpperCase()),
  ),
  escaping("the JSON with = & < > ' escaped (Gson)", (text) =>
    text.replace(/[=&<>']/g, (character) => escapeInUpperCase(character).toLowerCase()),
  ),
  escaping('the JSON with & < > escaped (Go)', (text) =>
    text.replace(/[&<>]/g, (character) => escapeInUpperCase(character).toLowerCase()),
  ),
]

function escaping(phrase: string, rewrite: Rewriting['rewrite']): Rewriting {
  return { change: { code: 'CHARACTERS_ESCAPED', phrase }, rewrite }
}

function escapeInUpperCase(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

function escapedSlashes(text: string): string {
  return text.replaceAll('\\/', '/').replaceAll('/', '\\/')
}

function inAscii(text: string, spelled: (hex: string) => string): string {
  return text.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${spelled(character.charCodeAt(0).toString(16).padStart(4, '0'))}`,
  )
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (found, hex?: string, plain?: string) => {
    if (plain === '/') return '/'
    const code = Number.parseInt(hex ?? '0', 16)
    return code > 0x1f && code !== 0x22 && code !== 0x5c ? String.fromCharCode(code) : found
  })
}

const endings: readonly Rewriting[] = [
  space('the body with a line feed at its end', (text) => `${text}\n`),
  space('the body with CR LF at its end', (text) => `${text}\r\n`),
  space('the body without the white space around it', (text) => text.trim()),
  space('the body without its last line ending', (text) => text.replace(/\r?\n$/, '')),
  {
    change: { code: 'LINE_ENDINGS_CHANGED', phrase: 'the body with CR LF as line endings' },
    rewrite: (text) => text.replace(/\r?\n/g, '\r\n'),
  },
  {
    change: { code: 'LINE_ENDINGS_CHANGED', phrase: 'the body with LF as line endings' },
    rewrite: (text) => text.replaceAll('\r\n', '\n'),
  },
  {
    change: {
      code: 'LINE_ENDINGS_CHANGED',
      phrase: 'the body without its line endings (curl --data drops them)',
    },
    rewrite: (text) => text.replace(/[\r\n]/g, ''),
  },
]

function space(phrase: string, rewrite: Rewriting['rewrite']): Rewriting {
  return { change: { code: 'SURROUNDING_WHITE_SPACE', phrase }, rewrite }
}

const marks: readonly Rewriting[] = [
  {
    change: { code: 'BYTE_ORDER_MARK', phrase: 'the body with a byte order mark' },
    rewrite: (text) => `\uFEFF${text}`,
  },
  {
    change: { code: 'BYTE_ORDER_MARK', phrase: 'the body without its byte order mark' },
    rewrite: (text) => text.replace(/^\uFEFF/, ''),
  },
]

/** At most one of each kind, in the order in which a serialiser comes to them. */
const combinations: readonly (readonly Rewriting[])[] = [escapings, endings, marks].reduce<
  readonly (readonly Rewriting[])[]
>((some, kind) => some.flatMap((before) => [before, ...kind.map((one) => [...before, one])]), [[]])

function* inOtherCharsets(body: Uint8Array, text: string): Generator<BodyVariant> {
  const charset = (name: string): readonly Deviation[] => [
    { code: 'OTHER_CHARSET', phrase: `the body in ${name}` },
  ]
  yield { text: Buffer.from(text, 'latin1'), changes: charset('Latin-1 (ISO 8859-1)') }
  yield {
    text: Buffer.from(text, 'utf16le'),
    changes: charset('UTF-16 (Encoding.Unicode of .NET)'),
  }
  yield {
    text: Buffer.from(text.replace(/[\u0080-\uffff]/g, '?')),
    changes: charset('ASCII, with ? for other characters'),
  }
  yield {
    text: Buffer.from(Buffer.from(body).toString('latin1')),
    changes: charset(
      text.includes('\uFFFD')
        ? 'UTF-8, while it was sent in Latin-1 (ISO 8859-1)'
        : 'UTF-8 that was read as Latin-1 and encoded again',
    ),
  }
}

function* stringified(text: string): Generator<BodyVariant> {
  const code = 'BODY_STRINGIFIED_TWICE'
  yield {
    text: JSON.stringify(text),
    changes: [{ code, phrase: 'the body as a text in JSON, between quotes' }],
  }
  if (!text.startsWith('"')) return
  const inner = readString(text)
  if (inner !== undefined)
    yield {
      text: inner,
      changes: [{ code, phrase: 'what the body has between its quotes' }],
    }
}

function readString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
