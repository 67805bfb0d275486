import { SetupError } from '../errors.ts'

/** What a Pact broker, or another server with pact files, wants to be shown. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly token: string }

export type DownloadOptions = {
  readonly credentials?: Credentials | undefined
  /** The only origin that is shown the credentials, such as `https://broker.bank.test`. Default: any. */
  readonly credentialsOrigin?: string | undefined
  /** For the whole answer. Default 30. */
  readonly timeoutSeconds?: number | undefined
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
  readonly accept?: string
  /** Sent as JSON, by POST; without it this is a GET. */
  readonly body?: unknown
  /** What a 404 probably means. */
  readonly ifMissing?: string | undefined
}

/** Bytes. The largest pact files seen have a tenth of it. */
const largest = 10 * 1024 * 1024

/**
 * Fetches a text.
 *
 * @param address may have the user's name and password in it; no message repeats them.
 * @throws {SetupError} another status than 2xx, an answer too large or too late, or nobody there.
 */
export async function download(
  address: string,
  {
    credentials,
    credentialsOrigin,
    timeoutSeconds = 30,
    signal: given,
    accept = 'application/hal+json, application/json',
    body,
    ifMissing = 'expected 200',
  }: DownloadOptions = {},
): Promise<string> {
  const url = withoutPassword(address)
  const isMeant = credentialsOrigin === undefined || new URL(url).origin === credentialsOrigin
  const shown = credentialsIn(address) ?? (isMeant ? credentials : undefined)
  const late = AbortSignal.timeout(timeoutSeconds * 1000)
  const signal = given === undefined ? late : AbortSignal.any([late, given])
  try {
    const response = await fetch(url, {
      signal,
      headers: {
        Accept: accept,
        ...(shown !== undefined && { Authorization: authorization(shown) }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw new SetupError(`${url}: ${whyRefused(response, shown !== undefined, ifMissing)}`)
    }
    return await textOf(response, url)
  } catch (error) {
    if (error instanceof SetupError) throw error
    const why = late.aborted
      ? `no whole answer within ${timeoutSeconds} s`
      : `nobody answers (${reasonOf(error as Error)})`
    throw new SetupError(`${url}: ${why}`, { cause: error })
  }
}

/**
 * An address without the user's name and password.
 *
 * @throws {SetupError} it is no http(s) URL.
 */
export function withoutPassword(address: string): string {
  const url = parsed(address)
  if (url.username === '' && url.password === '') return address
  url.username = ''
  url.password = ''
  return url.href
}

/**
 * The user's name and password in an address.
 *
 * @throws {SetupError} it is no http(s) URL.
 */
export function credentialsIn(address: string): Credentials | undefined {
  const { username, password } = parsed(address)
  return username === '' && password === ''
    ? undefined
    : { username: decodeURIComponent(username), password: decodeURIComponent(password) }
}

function parsed(address: string): URL {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return new URL(address)
  throw new SetupError(`${address}: expected a URL that begins with http:// or https://`)
}

function authorization(credentials: Credentials): string {
  return 'token' in credentials
    ? `Bearer ${credentials.token}`
    : `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
}

function whyRefused(
  { status, statusText }: Response,
  withCredentials: boolean,
  ifMissing: string,
): string {
  const said = `HTTP ${[status, statusText].filter(Boolean).join(' ')}`
  if (status === 404) return `${said}; ${ifMissing}`
  if (status !== 401 && status !== 403) return `${said}; expected 200`
  return withCredentials
    ? `${said}; the username and password, or the token, are not accepted`
    : `${said}; it takes --broker-username and --broker-password, or --broker-token`
}

async function textOf(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > largest)
      throw new SetupError(`${url}: is larger than ${largest / 1024 / 1024} MB; expected a pact`)
  }
  return Buffer.concat(chunks).toString()
}

function reasonOf({ message, cause }: Error): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message
}
