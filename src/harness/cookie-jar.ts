/** A browser's cookies. */
export type CookieJar = {
  /** Gives a request those of its host. */
  attach(request: Request): void
  keep(url: string, response: Response): void
}

/** RFC 6265, as much of it as a few sites need: by host, whatever the path. */
export function cookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, string>>()
  const ofHost = (url: string) => {
    const { hostname } = new URL(url)
    const cookies = hosts.get(hostname) ?? new Map<string, string>()
    hosts.set(hostname, cookies)
    return cookies
  }
  return {
    attach(request) {
      const all = [...ofHost(request.url)].map(([name, value]) => `${name}=${value}`).join('; ')
      if (all !== '') request.headers.set('Cookie', all)
    },
    keep(url, { headers }) {
      const cookies = ofHost(url)
      for (const cookie of headers.getSetCookie()) {
        const [pair = '', ...attributes] = cookie.split(';')
        const [name = '', ...value] = pair.trim().split('=')
        if (attributes.some(isOver)) cookies.delete(name)
        else cookies.set(name, value.join('='))
      }
    },
  }
}

/** No application sets a cookie that ends soon: one that ends is one that is taken back. */
function isOver(attribute: string): boolean {
  return /^\s*max-age=(0|-)/i.test(attribute) || /^\s*expires=.*\b19[67]\d\b/i.test(attribute)
}
