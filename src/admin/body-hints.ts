/** What `curl -d` says of any body. */
const form = /^application\/x-www-form-urlencoded\b/i

/** `name: mine` with something behind it, or one comment, in what was lines before. */
const joinedLines = /^#|^\s*\w+: ?.*\w:\s/

/**
 * What a client did to a body that is refused, where it can be seen.
 *
 * @returns undefined where nothing is to be seen.
 */
export function hintAbout(contentType: string, body: string): string | undefined {
  if (/^multipart\//i.test(contentType))
    return 'this came as a form of several parts; send the text alone, such as curl --data-binary @FILE'
  if (!form.test(contentType) || body.includes('\n')) return undefined
  if (/^[\w.]+=/.test(body))
    return `this came as a form; send JSON or YAML, such as curl -d '{ "scenario": "declined" }'`
  return joinedLines.test(body)
    ? 'this came in one line: curl -d takes the line breaks out of a file; send it with curl --data-binary @FILE'
    : undefined
}
