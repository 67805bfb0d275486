/** Schemes that never lead back to a bank: they may run code in a browser, start any app, or are the browser's own. */
const forbiddenSchemes = [
  'about:',
  'blob:',
  'chrome:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'intent:',
  'javascript:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
]

/** Characters, as it stands in the request. */
export const maximumCallbackLength = 256

/**
 * Why a text is no callback URL, or undefined. Absolute, `https`, `http` or an app's own scheme in lower case, no user-info, nothing
 * outside ASCII. Taken verbatim, but one that came percent-encoded whole (as the prose of the specification has it) is judged decoded.
 */
export function callbackObjection(text: string): string | undefined {
  const callback = usableCallback(text)
  if (usableCallback(callback) !== callback) return 'it is percent-encoded twice; send it as it is'
  const [, scheme, slash] = /^([A-Za-z][A-Za-z0-9+.-]*:)(\/)?/.exec(callback) ?? []
  if (scheme === undefined || !URL.canParse(callback))
    return 'expected an absolute URL with its scheme'
  if (forbiddenSchemes.includes(scheme.toLowerCase()))
    return `the scheme ${scheme} is never followed`
  // `localhost:3000/back` parses too, as a path of the scheme `localhost`.
  if (slash === undefined) return `expected / or // after the scheme ${scheme}`
  const { protocol, username, password } = new URL(callback)
  if (protocol === 'http:' || protocol === 'https:') {
    if (!/^https?:\/\/[^/\\]/i.test(callback)) return 'expected a host after the scheme'
    // As it is written: a parser makes a dot of what only looks like one, percent-encoded too.
    const [, host = ''] = /^https?:\/\/(?:[^/?#]*@)?([^/?#]*)/i.exec(callback) ?? []
    if (!/^[\w.-]+(:\d*)?$|^\[[0-9a-f:.]+\](:\d*)?$/i.test(host))
      return 'its host has characters that no host has'
  } else if (scheme !== scheme.toLowerCase())
    return 'an app scheme must be lower case, or no app opens'
  if (username !== '' || password !== '') return 'a URL with user-info is never followed'
  if (!/^[\x21-\x7e]+$/.test(callback) || callback.includes('\\'))
    return 'expected only printable ASCII; percent-encode the rest'
  return undefined
}

/** The callback URL to follow: verbatim, unless it came percent-encoded whole. */
export function usableCallback(text: string): string {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*%3A/i.test(text)) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
