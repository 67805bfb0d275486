import { baseOrigins, type SignedRequest } from '../../keys/signature-base-string.ts'
import { combined, distinct, right, type Variant, wrong } from './variants.ts'

/** A base URI that may have been signed, and the one that should have been. */
export type BaseUri = { readonly text: string; readonly acceptable: string }

// Mastercard's Node signer leaves the brackets of an IPv6 address out.
const otherHosts = ['localhost', '127.0.0.1', '[::1]', '::1', '0.0.0.0', 'host.docker.internal']
const otherPorts = [
  '',
  '443',
  '80',
  '6337',
  '6338',
  '8080',
  '8443',
  '3000',
  '8000',
  '5000',
  '8081',
  '9090',
]
const operations = ['pushMultipleAccounts', 'pushAccount', 'getEligibleTokenRequestors', 'getAsset']

/** The base URIs that a client may have signed for this request. */
export function baseUris(request: SignedRequest): readonly Variant<BaseUri>[] {
  const { url } = request
  const acceptable = url.origin + url.pathname
  const whole = combined(
    origins(request),
    paths(url),
    (origin, path) => ({
      text: origin.text + path,
      acceptable: origin.acceptable + url.pathname,
    }),
    2,
  )
  const bare = [url.pathname, url.host + url.pathname].map((text) =>
    wrong({ text, acceptable }, 'BASE_URI_WITHOUT_ORIGIN', `whose base URI is only ${text}`),
  )
  return distinct([...whole, ...bare], ({ text }) => text)
}

function origins(request: SignedRequest): readonly Variant<BaseUri>[] {
  const { url } = request
  const accepted = [...new Set(baseOrigins(request))]
  const all: Variant<BaseUri>[] = accepted.map((origin) => ({
    value: { text: origin, acceptable: origin },
    deviations: [],
    // With a default port spelled out it is accepted as well, and rare.
    weight: new URL(origin).origin === origin ? 0 : 1,
  }))
  const add = (scheme: string, host: string, port: string) => {
    const text = `${scheme}//${host}${port && `:${port}`}`
    if (accepted.includes(text)) return
    const value = { text, acceptable: url.origin }
    const differing = [
      host !== url.hostname &&
        wrong(value, 'SIGNED_FOR_OTHER_HOST', `with the host ${host} in place of ${url.hostname}`),
      port !== url.port &&
        host === url.hostname &&
        wrong(
          value,
          'SIGNED_FOR_OTHER_PORT',
          `with ${port ? `port ${port}` : 'no port'} in place of ${url.port ? `port ${url.port}` : 'none'}`,
        ),
      scheme === 'http:' &&
        url.protocol === 'https:' &&
        wrong(value, 'SIGNED_FOR_OTHER_SCHEME', 'with http in place of https'),
    ].filter((one) => one !== false)
    all.push({
      value,
      deviations: differing.flatMap(({ deviations }) => deviations),
      // Another host usually has another port, which is no mistake of its own.
      weight: differing.length + Number(host !== url.hostname && port !== url.port),
    })
  }
  for (const host of [url.hostname, url.hostname.toUpperCase(), ...otherHosts])
    for (const scheme of [url.protocol, 'https:', 'http:'])
      for (const port of [url.port, ...otherPorts]) add(scheme, host, port)
  for (const origin of accepted.slice(0, 6)) {
    const { protocol, host } = new URL(origin)
    if (protocol === 'https:' && host !== url.host) {
      const value = { text: `http://${host}`, acceptable: origin }
      all.push(wrong(value, 'SIGNED_FOR_OTHER_SCHEME', `with http://${host} in place of ${origin}`))
    }
  }
  return distinct(all, ({ text }) => text)
}

function paths({ pathname, search }: URL): readonly Variant<string>[] {
  const last = pathname.slice(pathname.lastIndexOf('/') + 1)
  const otherOperations = operations.map(
    (operation) => pathname.slice(0, pathname.length - last.length) + operation,
  )
  const likely = [
    pathname.replace(/^\/mdes(?=\/)/, ''),
    pathname.replace(/^\/mdes\/mtf(?=\/)/, ''),
    pathname.startsWith('/mdes/mtf/')
      ? pathname.replace('/mdes/mtf/', '/mdes/')
      : pathname.replace('/mdes/', '/mdes/mtf/'),
    pathname.endsWith('/') ? pathname.slice(0, -1) : `${pathname}/`,
    `/${pathname}`,
    pathname.replace('/mdes/', '/mdes//'),
  ]
  const rare = [`/mdes${pathname}`, pathname.toLowerCase(), '', '/', '/mdes', ...otherOperations]
  const other = (weight: number) => (path: string) =>
    wrong(
      path,
      'SIGNED_FOR_OTHER_PATH',
      path === '' ? 'with no path' : `with the path ${path} in place of ${pathname}`,
      weight,
    )
  const all = [right(pathname), ...likely.map(other(1)), ...rare.map(other(2))]
  if (search !== '')
    all.push(wrong(pathname + search, 'WHOLE_URL_SIGNED', 'with the query inside the base URI'))
  return distinct(all, (path) => path)
}
