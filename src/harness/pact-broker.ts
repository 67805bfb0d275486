import { SetupError } from '../errors.ts'
import {
  type Credentials,
  credentialsIn,
  type DownloadOptions,
  download,
  withoutPassword,
} from './download.ts'
import { isObject, type Json, readJsonOf, readPact } from './pact.ts'
import type { Found } from './pacts.ts'

/** Which pacts of a Pact broker are wanted. Without tags and branches it decides, which is the latest of each consumer. */
export type Broker = {
  /** Its index. */
  readonly url: string
  readonly credentials?: Credentials | undefined
  /** The latest pacts of consumer versions with one of these tags. */
  readonly tags?: readonly string[]
  /** The latest pacts of these branches of consumers. */
  readonly branches?: readonly string[]
  /**
   * Asks which pacts are pending: those that no published result says were ever kept. Nothing is published from here, so where nobody else
   * does, all are pending and none can fail.
   */
  readonly enablePending?: boolean
  /** With `enablePending`: the branch of the provider whose results count. */
  readonly providerBranch?: string | undefined
}

/** What is read of a provider. */
type Wanted = { readonly provider: string; readonly consumers: readonly string[] }

/** Where a pact is, and what the broker says of it. */
type Place = {
  readonly href: string
  readonly pending: boolean
  readonly notices: readonly string[]
}

/** A list that goes on for longer has lost its way. */
const mostPages = 100

/**
 * Reads the pacts of a provider from a Pact broker, by its HAL links. Nothing is written: results are not published.
 *
 * @throws {SetupError} it does not answer, is no Pact broker, or has no pact of this provider.
 */
export async function readBroker(
  broker: Broker,
  { provider, consumers }: Wanted,
  patience: Pick<DownloadOptions, 'timeoutSeconds' | 'signal'>,
): Promise<Found> {
  const hal = client(broker, patience)
  const index = await hal.read(broker.url)
  const places =
    (await forVerification(hal, index, broker, provider)) ??
    (await latest(hal, index, broker, provider)) ??
    ofConsumers(hal, index, { provider, consumers })
  if (places === undefined)
    throw new SetupError(
      `${hal.named}: its index has no link to the pacts of a provider; expected pb:provider-pacts-for-verification, pb:latest-provider-pacts or, with --consumer, pb:latest-pact-version`,
    )
  if (places.length === 0)
    throw new SetupError(
      `${hal.named}: has no pacts of the provider "${provider}"${chosenBy(broker)}; name another with --provider`,
    )
  const pacts = []
  for (const { href, pending } of places)
    pacts.push(readPact(withoutPassword(href), await hal.read(href), pending))
  return { pacts, notes: places.flatMap(({ notices }) => notices) }
}

function chosenBy({ tags = [], branches = [] }: Broker): string {
  const chosen = [...tags.map((tag) => `tag ${tag}`), ...branches.map((one) => `branch ${one}`)]
  return chosen.length === 0 ? '' : ` with ${chosen.join(' or ')}`
}

type Hal = {
  /** The broker's address, to be shown. */
  readonly named: string
  /** Reads a resource. @throws {SetupError} it is none. */
  readonly read: (
    href: string,
    options?: Pick<DownloadOptions, 'body' | 'ifMissing'>,
  ) => Promise<Json>
  /** The absolute address behind a link, with its variables filled in. */
  readonly follow: (
    resource: Json,
    relation: string,
    variables?: Readonly<Record<string, string>>,
  ) => string | undefined
  readonly resolve: (href: string) => string
}

function client(
  { url, credentials }: Broker,
  patience: Pick<DownloadOptions, 'timeoutSeconds' | 'signal'>,
): Hal {
  const named = withoutPassword(url)
  const base = named.endsWith('/') ? named : `${named}/`
  const { origin } = new URL(named)
  const resolve = (href: string) => new URL(href, base).href
  return {
    named,
    resolve,
    async read(href, options = {}) {
      const text = await download(withoutPassword(href), {
        credentials: credentialsIn(url) ?? credentials,
        // Wherever its links lead.
        credentialsOrigin: origin,
        ...patience,
        ...options,
      })
      const json = readJsonOf(withoutPassword(href), text)
      if (isObject(json)) return json
      throw new SetupError(`${withoutPassword(href)}: is not of a Pact broker; expected "_links"`)
    },
    follow(resource, relation, variables = {}) {
      const { _links: links } = resource
      const link = isObject(links) ? links[relation] : undefined
      const { href } = isObject(link) ? link : {}
      if (typeof href !== 'string') return undefined
      return resolve(
        href.replace(/\{(\w+)\}/g, (_all, name) => encodeURIComponent(variables[name] ?? '')),
      )
    },
  }
}

/** Since version 2.53 of the broker. @returns undefined where it has no such link. */
async function forVerification(
  hal: Hal,
  index: Json,
  { tags = [], branches = [], enablePending = false, providerBranch }: Broker,
  provider: string,
): Promise<readonly Place[] | undefined> {
  const href =
    hal.follow(index, 'pb:provider-pacts-for-verification', { provider }) ??
    hal.follow(index, 'beta:provider-pacts-for-verification', { provider })
  if (href === undefined) return undefined
  const body = {
    consumerVersionSelectors: [
      ...tags.map((tag) => ({ tag, latest: true })),
      ...branches.map((branch) => ({ branch })),
    ],
    ...(enablePending && { includePendingStatus: true }),
    ...(providerBranch !== undefined && { providerVersionBranch: providerBranch }),
  }
  const places: Place[] = []
  for await (const page of pagesOf(hal, href, provider, body)) {
    const { _embedded: embedded } = page
    for (const pact of listIn(embedded, 'pacts')) {
      const self = isObject(pact) && hal.follow(pact, 'self')
      if (!self) continue
      const { verificationProperties: properties } = pact
      places.push({
        href: self,
        pending: isObject(properties) && properties.pending === true,
        notices: listIn(properties, 'notices').flatMap(noticeBefore),
      })
    }
  }
  return places
}

/** Why the broker hands it out, as far as it is not about what happens afterwards. */
function noticeBefore(notice: unknown): readonly string[] {
  return isObject(notice) &&
    typeof notice.text === 'string' &&
    !String(notice.when).startsWith('after')
    ? [notice.text]
    : []
}

async function latest(
  hal: Hal,
  index: Json,
  { tags = [], branches = [] }: Broker,
  provider: string,
): Promise<readonly Place[] | undefined> {
  const hrefs =
    tags.length === 0
      ? [hal.follow(index, 'pb:latest-provider-pacts', { provider })]
      : tags.map((tag) => hal.follow(index, 'pb:latest-provider-pacts-with-tag', { provider, tag }))
  if (hrefs.includes(undefined)) return undefined
  if (branches.length > 0)
    throw new SetupError(`${hal.named}: is too old to know branches; name tags with --broker-tag`)
  const found = new Set<string>()
  for (const href of hrefs)
    for await (const { _links: links } of pagesOf(hal, href ?? '', provider))
      for (const link of [...listIn(links, 'pb:pacts'), ...listIn(links, 'pacts')])
        if (isObject(link) && typeof link.href === 'string') found.add(hal.resolve(link.href))
  return [...found].map(plain)
}

function ofConsumers(
  hal: Hal,
  index: Json,
  { provider, consumers }: Wanted,
): readonly Place[] | undefined {
  const hrefs = consumers.map((consumer) =>
    hal.follow(index, 'pb:latest-pact-version', { provider, consumer }),
  )
  const known = hrefs.filter((href) => href !== undefined)
  return known.length === 0 ? undefined : known.map(plain)
}

const plain = (href: string): Place => ({ href, pending: false, notices: [] })

/** A list may go on behind a link. */
async function* pagesOf(
  hal: Hal,
  first: string,
  provider: string,
  body?: unknown,
): AsyncGenerator<Json> {
  const read = new Set<string>()
  let next: string | undefined = first
  while (next !== undefined && !read.has(next) && read.size < mostPages) {
    read.add(next)
    // Only the question is sent; the rest of its answer is fetched.
    const page: Json = await hal.read(next, {
      body: read.size === 1 ? body : undefined,
      ifMissing: `has the broker a provider "${provider}"? Name another with --provider`,
    })
    yield page
    next = hal.follow(page, 'next')
  }
}

function listIn(owner: unknown, name: string): readonly unknown[] {
  const list = isObject(owner) ? owner[name] : undefined
  return Array.isArray(list) ? list : []
}
