import type { Cause } from '../../errors.ts'
import { type CauseCode, proven, quoted } from './causes.ts'

type Test = (header: string) => [code: CauseCode, because: string] | undefined

/**
 * Why a header is not an OAuth 1.0a header, or lacks a parameter. Reads only how the header looks, so nothing is left to try: what is found
 * is proven. Credentials of other schemes are never repeated.
 */
export function explainHeader(authorization: string | undefined): readonly Cause[] {
  if (authorization === undefined)
    return [proven('AUTHORIZATION_MISSING', 'The request has no header Authorization.')]
  const found = schemeFault(authorization)
  if (found !== undefined) return [proven(...found)]
  const causes = [...formFaults, ...valueFaults].flatMap((test) => {
    const fault = test(authorization)
    return fault === undefined ? [] : [proven(...fault)]
  })
  if (causes.length > 0) return causes
  const malformed = 'The header has something that is not name="value" between commas.'
  return [proven('HEADER_MALFORMED', malformed)]
}

const schemeFault: Test = (header) => {
  if (header.trim() === '') return ['AUTHORIZATION_MISSING', 'The header Authorization is empty.']
  if (/^OAuth$/i.test(header.trim()))
    return ['AUTHORIZATION_MISSING', 'The header Authorization has a scheme and nothing behind it.']
  if (/^OAuth\s/i.test(header)) return undefined
  if (/^Bearer\b/i.test(header))
    return ['BEARER_SENT', 'The header Authorization holds a bearer token, as OAuth 2.0 has it.']
  if (/^Basic\b/i.test(header))
    return ['BASIC_SENT', 'The header Authorization holds a user name and password (Basic).']
  if (/^\s*oauth_\w+=/.test(header))
    return ['SCHEME_MISSING', 'The header Authorization begins with its first parameter.']
  const scheme = /^[\w-]{1,20}(?=\s)/.exec(header)?.[0]
  return [
    'OTHER_SCHEME',
    scheme === undefined
      ? 'The header Authorization has no scheme.'
      : `The header Authorization has the scheme ${scheme}.`,
  ]
}

const formFaults: readonly Test[] = [
  (header) =>
    /\boauth_\w+='/.test(header)
      ? ['QUOTES_MISSING', 'The values stand between single quotes.']
      : /\boauth_\w+=[^"\s]/.test(header)
        ? [
            'QUOTES_MISSING',
            `The value of ${/\boauth_\w+(?==[^"\s])/.exec(header)?.[0]} has no double quotes.`,
          ]
        : undefined,
  (header) =>
    /"\s*[;&]\s*oauth_\w+=|"\s+oauth_\w+=/.test(header)
      ? ['WRONG_SEPARATOR', 'Something other than a comma separates the parameters.']
      : undefined,
  (header) => {
    const names = [...header.matchAll(/\b([\w.-]+)="/g)].map(([, name]) => name)
    const twice = names.find((name, index) => names.indexOf(name) < index)
    return twice === undefined
      ? undefined
      : ['PARAMETER_TWICE', `${twice} stands twice in the header.`]
  },
]

const required = [
  'oauth_body_hash',
  'oauth_consumer_key',
  'oauth_nonce',
  'oauth_timestamp',
  'oauth_signature_method',
  'oauth_signature',
]

const valueFaults: readonly Test[] = [
  (header) => {
    const method = parameterIn(header, 'oauth_signature_method')
    if (method === undefined || method === '' || ['RSA-SHA256', 'RSA-PSS'].includes(method))
      return undefined
    return /^(HMAC|PLAINTEXT)/i.test(method)
      ? [
          'HMAC_DECLARED',
          `oauth_signature_method is ${quoted(method)}, which needs a shared secret.`,
        ]
      : ['OTHER_METHOD_DECLARED', `oauth_signature_method is ${quoted(method)}.`]
  },
  (header) => {
    const version = parameterIn(header, 'oauth_version')
    return version === undefined || version === '1.0'
      ? undefined
      : ['OTHER_VERSION_DECLARED', `oauth_version is ${quoted(version)}.`]
  },
  (header) => {
    const missing = required.filter(
      (name) => !header.includes(`${name}=`) || parameterIn(header, name) === '',
    )
    if (missing.length === 0) return undefined
    return missing.includes('oauth_body_hash')
      ? ['BODY_HASH_MISSING', `The header has no ${missing.join(', no ')}.`]
      : ['PARAMETER_MISSING', `The header has no ${missing.join(', no ')}.`]
  },
]

function parameterIn(header: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(header)?.[1]
}
