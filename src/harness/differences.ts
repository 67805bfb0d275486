import { renamedLocation } from './pact-copy.ts'
import type { VerifierMismatch, VerifierResults } from './pact-verifier.ts'

/**
 * What is not as the pact says, a line for each, in the words of who reads it.
 *
 * @param tag of the interaction.
 * @param copy path of the pact that Pact's verifier was given.
 */
export function differencesIn(
  results: VerifierResults | undefined,
  tag: string,
  copy: string | undefined,
): readonly string[] {
  const isKept = results?.interactionResults.some(
    ({ description, result }) => description === tag && result === 'OK',
  )
  if (isKept) return []
  const errors = results?.errors.filter(({ interaction }) => interaction.endsWith(` ${tag}`)) ?? []
  const found = errors.flatMap(({ mismatch: { mismatches, message } }) =>
    mismatches === undefined
      ? [withoutAddress(message ?? noAnswer)]
      : inOrder(mismatches).map(difference),
  )
  if (found.length > 0) return found
  // A pact that Pact itself cannot read is told of once, by the name of its copy, and without an interaction.
  const whys = (results?.errors ?? [])
    .flatMap(({ mismatch }) => mismatch.message ?? [])
    .filter((why) => copy !== undefined && why.includes(copy))
    .map((why) => why.replace(/^.*?' - /, ''))
  return [['Pact cannot read this pact', ...whys].join(': ')]
}

const noAnswer = 'no whole answer came'

/** Of the front, which nobody else knows. */
function withoutAddress(message: string): string {
  return message.startsWith('error sending request') ? noAnswer : message
}

/** The status first, which explains most of the rest. */
function inOrder(mismatches: readonly VerifierMismatch[]): readonly VerifierMismatch[] {
  const rank = ({ type }: VerifierMismatch) =>
    ['StatusMismatch', 'HeaderMismatch'].indexOf(type) + 1 || 3
  return mismatches.toSorted((one, other) => rank(one) - rank(other))
}

function difference({ type, key, path, expected, actual, mismatch }: VerifierMismatch): string {
  const where = type === 'StatusMismatch' ? 'status' : key !== undefined ? `header ${key}` : path
  // Pact's words have what came first: "Expected 'came' (String) to be equal to 'wanted' (String)".
  const types = /\((\w+)\) to be equal to .*\((\w+)\)$/s.exec(mismatch ?? '')
  const [, ofActual, ofExpected] = types === null || types[1] === types[2] ? [] : types
  const said =
    mismatch === undefined || /^expected \d+ but|to be equal to|using equality/.test(mismatch)
      ? `expected ${quoted(expected, ofExpected)}, but it was ${quoted(actual, ofActual)}`
      : inItsWords(mismatch.replace(/^Mismatch with header '[^']*': /, ''))
  return `${where === undefined ? '' : `${where}: `}${said}`.replaceAll(renamedLocation, 'Location')
}

/** What is long in a sentence is the value that came, and not the rule at its end. */
function inItsWords(mismatch: string): string {
  const [, before = '', actual = '', regex = ''] =
    /^(.*?Expected )'(.*)' to match '(.*)'$/s.exec(mismatch) ?? []
  if (regex === '') return shortened(mismatch)
  return `${before}'${shortened(actual)}' to match '${regex}'${isPartOf(actual, regex) ? partly : ''}`
}

/** Pact's own sentence is silent about it. */
const partly = '; it matches a part, and Pact wants the whole value matched'

function isPartOf(actual: string, regex: string): boolean {
  try {
    return new RegExp(regex).test(actual) && !new RegExp(`^(?:${regex})$`).test(actual)
  } catch {
    // Pact's kind of regular expressions is not quite JavaScript's.
    return false
  }
}

/** Out of a JSON body come pieces of JSON, out of everything else texts. */
function quoted(value: unknown, type: string | undefined): string {
  const text = shortened(isJson(value) ? String(value) : JSON.stringify(value ?? ''))
  return type === undefined ? text : `${text} (${type})`
}

function isJson(value: unknown): boolean {
  try {
    JSON.parse(String(value))
    return true
  } catch {
    return false
  }
}

/** Characters of a page are many, and its beginning tells what it is. */
const longest = 400

const shortened = (text: string) =>
  text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text
