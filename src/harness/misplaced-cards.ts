import { hasCheckDigit, holdsCardNumber } from '../card-number.ts'
import { readExactJson } from './exact-json.ts'

/**
 * Where a recorded request has a card number in clear, outside `encryptedData`: nobody is to see it there, and nothing refuses it.
 *
 * @returns a note for each place.
 */
export function misplacedCards(
  { url, headers }: Pick<Request, 'url' | 'headers'>,
  body: Uint8Array,
): readonly string[] {
  const { pathname, searchParams } = new URL(url)
  // Whoever sets up the simulator itself names test cards.
  if (pathname.startsWith('/__simulator')) return []
  const texts: readonly (readonly [place: string, text: string])[] = [
    ['the path', pathname],
    ...[...searchParams].map(([name, value]) => [`the query, ${name}`, value] as const),
    ...[...headers].map(([name, value]) => [`the header ${name}`, value] as const),
    ...textsIn(jsonOf(body)),
  ]
  return texts
    .filter(([place, text]) => isCardNumber(text) || isCardNumber(place))
    .map(([place]) => `A CARD NUMBER IS IN CLEAR in ${place}; it belongs into encryptedData alone`)
}

/** Digits alone must be as those of a card; in other text only numbers known from tests can be told from identifiers. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/[\s.-]/g, '')
  // Zeros at the end: the start of an account range.
  return /^\d{13,19}$/.test(digits)
    ? hasCheckDigit(digits) && !digits.endsWith('000000')
    : holdsCardNumber(text)
}

/** Every text and number, with the path of members that leads there; but for what is to be encrypted. */
function textsIn(json: unknown, path = ''): readonly (readonly [place: string, text: string])[] {
  if (typeof json === 'object' && json !== null)
    return Object.entries(json).flatMap(([name, value]) =>
      path.endsWith('encryptedPayload') && name === 'encryptedData'
        ? []
        : textsIn(value, path === '' ? name : `${path}.${name}`),
    )
  return [[path || 'the body', String(json)]]
}

function jsonOf(body: Uint8Array): unknown {
  const text = Buffer.from(body).toString()
  try {
    return readExactJson(text)
  } catch {
    return text
  }
}
