/*
 * JSON with its numbers as they are written. Account ranges have nineteen digits, which a JavaScript number rounds, and Pact tells 1.0 from 1.
 */

/** Before the digits of a number that JavaScript would write otherwise; no file has it. */
const mark = '\u{f8ff}number '

const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const marked = new RegExp(`"${mark}([^"]*)"`, 'g')

/**
 * Reads JSON so that {@link writeExactJson} writes every number as it was.
 *
 * @throws {SyntaxError} it is none.
 */
export function readExactJson(text: string): unknown {
  // First as it is: what is no JSON must not become some.
  JSON.parse(text)
  return JSON.parse(
    text.replace(stringOrNumber, (found) =>
      found.startsWith('"') || String(Number(found)) === found ? found : `"${mark}${found}"`,
    ),
  )
}

export function writeExactJson(value: unknown): string {
  return JSON.stringify(value).replace(marked, '$1')
}
