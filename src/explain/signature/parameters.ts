import {
  compare,
  decoded,
  encode,
  encodedPair,
  encodeLikeNodeSigner,
  formDecoded,
  nameAndValue,
  type OAuthParameters,
  type Pair,
} from '../../keys/signature-base-string.ts'
import type { CauseCode } from './causes.ts'
import { combined, distinct, right, type Variant, wrong } from './variants.ts'

/** The joined parameters that may have been signed, and those that should have been. */
export type JoinedParameters = {
  readonly text: string
  readonly acceptable: string
  /** Mastercard's Node signer takes the query as it stands and encodes with gaps; its base strings count. */
  readonly likeNodeSigner: boolean
}

type Query = { readonly pairs: readonly Pair[]; readonly likeNodeSigner: boolean }

/** The parameters that a client may have signed for this request. */
export function joinedParameters(
  url: URL,
  parameters: OAuthParameters,
): readonly Variant<JoinedParameters>[] {
  const raw = url.search.slice(1).split('&').filter(Boolean).map(nameAndValue)
  const transmitted = Object.entries(parameters)
  const plain = transmitted.filter(([name]) => !unsigned.has(name))
  // Two mistakes in the header's parameters at once are too rare to try.
  const headers = combined(
    treatments,
    memberships(parameters),
    (treat, change) => change(plain.map(treat)),
    1,
  )
  const pairs = combined(
    queries(raw),
    [...headers],
    ({ pairs: query, likeNodeSigner }, header) => ({ query, header, likeNodeSigner }),
    2,
  )
  const acceptable = sorted([...raw.map(normalised), ...plain])
  const acceptableLikeNode = sorted([...raw, ...plain])
  const all = combined(
    pairs,
    orders,
    ({ query, header, likeNodeSigner }, join) => ({
      text: join(query, header),
      acceptable: likeNodeSigner ? acceptableLikeNode : acceptable,
      likeNodeSigner,
    }),
    2,
  )
  return distinct(all, ({ text, likeNodeSigner }) =>
    likeNodeSigner && encodeLikeNodeSigner(text) !== encode(text) ? `node ${text}` : text,
  )
}

const unsigned = new Set(['oauth_signature', 'realm'])

function normalised([name, value]: Pair): Pair {
  return encodedPair([formDecoded(name), formDecoded(value)])
}

function queries(raw: readonly Pair[]): readonly Variant<Query>[] {
  const query = (pairs: readonly Pair[], likeNodeSigner = false) => ({ pairs, likeNodeSigner })
  const all = [right(query(raw.map(normalised)))]
  if (raw.length === 0) return all
  all.push(right(query(raw, true)))
  const add = (code: CauseCode, phrase: string, pairs: readonly Pair[]) =>
    all.push(wrong(query(pairs), code, phrase))
  const each = (change: (text: string) => string) =>
    raw.map(([name, value]): Pair => [change(name), change(value)])
  add('QUERY_NOT_SIGNED', 'without the query', [])
  add('QUERY_NOT_NORMALISED', 'with the query just as it stands in the URL', raw)
  add('QUERY_SIGNED_DECODED', 'with the query decoded', each(formDecoded))
  add('QUERY_ENCODED_TWICE', 'with the query encoded once more', each(encode))
  add('QUERY_ENCODED_TWICE', 'with the query encoded twice', raw.map(normalised).map(encodedPair))
  add(
    'QUERY_SPACE_AS_PLUS',
    'with + for a blank in the query',
    each((text) => encode(formDecoded(text)).replaceAll('%20', '+')),
  )
  add(
    'QUERY_LOWER_CASE_HEX',
    'with lower-case hex in the query',
    each((text) => inLowerCaseHex(encode(formDecoded(text)))),
  )
  const last = new Map(raw.map(normalised))
  const first = new Map(raw.map(normalised).reverse())
  for (const single of [last, first])
    add('QUERY_DUPLICATES_LOST', 'with one value per query parameter', [...single])
  return all
}

export function inLowerCaseHex(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase())
}

/** What may have been done to each parameter of the header. */
const treatments: readonly Variant<(pair: Pair) => Pair>[] = [
  right<(pair: Pair) => Pair>((pair) => pair),
  wrong(
    ([name, value]: Pair): Pair => [name, encode(decoded(value))],
    'HEADER_VALUES_BARE',
    'whose OAuth values are percent-encoded, while the header has them bare',
  ),
  wrong(
    ([name, value]: Pair): Pair => [name, decoded(value)],
    'HEADER_VALUES_ENCODED',
    'whose OAuth values are bare, while the header has them percent-encoded',
  ),
  wrong(
    ([name, value]: Pair): Pair => [name, encode(encode(decoded(value)))],
    'VALUES_ENCODED_TWICE',
    'whose OAuth values are percent-encoded twice before the whole is encoded',
  ),
]

type Change = (pairs: readonly Pair[]) => readonly Pair[]

/** What may have been left out of the header's parameters, or put in. */
function memberships(parameters: OAuthParameters): readonly Variant<Change>[] {
  const without =
    (left: string): Change =>
    (pairs) =>
      pairs.filter(([name]) => name !== left)
  const plus =
    (name: string, value: string): Change =>
    (pairs) => [...pairs, [name, value]]
  const all: Variant<Change>[] = [
    right((pairs: readonly Pair[]) => pairs),
    wrong(without('oauth_body_hash'), 'BODY_HASH_NOT_SIGNED', 'without oauth_body_hash'),
    wrong(plus('oauth_token', ''), 'EMPTY_TOKEN_INCLUDED', 'with an empty oauth_token'),
    wrong(plus('oauth_signature', ''), 'SIGNATURE_INCLUDED', 'with an empty oauth_signature'),
    parameters.oauth_version === undefined
      ? wrong(
          plus('oauth_version', '1.0'),
          'VERSION_NOT_SENT',
          'with oauth_version, which the header has not',
        )
      : wrong(
          without('oauth_version'),
          'VERSION_NOT_SIGNED',
          'without oauth_version, which the header has',
        ),
  ]
  const { realm, oauth_signature_method: declared } = parameters
  if (realm !== undefined) all.push(wrong(plus('realm', realm), 'REALM_INCLUDED', 'with the realm'))
  for (const method of [
    'RSA-SHA256',
    'RSA-PSS',
    'RSA-SHA1',
    'RSA-SHA512',
    'HMAC-SHA1',
    'HMAC-SHA256',
  ])
    if (method !== declared)
      all.push(
        wrong(
          (pairs) =>
            pairs.map((pair) => (pair[0] === 'oauth_signature_method' ? [pair[0], method] : pair)),
          'SIGNATURE_METHOD_CHANGED',
          `with oauth_signature_method ${method}, while the header has ${declared}`,
        ),
      )
  return all
}

type Join = (query: readonly Pair[], header: readonly Pair[]) => string

/** How query and header may have been put in order. */
const orders: readonly Variant<Join>[] = [
  right<Join>((query, header) => sorted([...query, ...header])),
  wrong<Join>(
    (query, header) => joined([...query, ...header]),
    'PARAMETERS_NOT_SORTED',
    'whose parameters are in the order of the request, query first',
  ),
  wrong<Join>(
    (query, header) => joined([...header, ...query]),
    'PARAMETERS_NOT_SORTED',
    'whose parameters are in the order of the request, header first',
  ),
  wrong<Join>(
    (query, header) => `${joined(query)}&${sorted(header)}`,
    'PARAMETERS_NOT_SORTED',
    'whose query is not sorted in among the OAuth parameters, but stands first',
  ),
  wrong<Join>(
    (query, header) => `${sorted(header)}&${joined(query)}`,
    'PARAMETERS_NOT_SORTED',
    'whose query is not sorted in among the OAuth parameters, but stands last',
  ),
  wrong<Join>(
    (query, header) => [...query, ...header].map(joinedPair).sort(compare).join('&'),
    'PARAMETERS_SORTED_OTHERWISE',
    'whose parameters are sorted as "name=value" texts',
  ),
  wrong<Join>(
    (query, header) => joined([...query, ...header].sort((a, b) => compare(a[0], b[0]))),
    'PARAMETERS_SORTED_OTHERWISE',
    'whose parameters are sorted by name, but not by value',
  ),
  wrong<Join>(
    (query, header) => joined([...query, ...header].sort(compareRegardlessOfCase)),
    'PARAMETERS_SORTED_OTHERWISE',
    'whose parameters are sorted regardless of case',
  ),
]

const joinedPair = ([name, value]: Pair) => `${name}=${value}`

function joined(pairs: readonly Pair[]): string {
  return pairs.map(joinedPair).join('&')
}

function sorted(pairs: readonly Pair[]): string {
  return joined([...pairs].sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1])))
}

function compareRegardlessOfCase(a: Pair, b: Pair): number {
  return (
    compare(a[0].toLowerCase(), b[0].toLowerCase()) ||
    compare(a[1].toLowerCase(), b[1].toLowerCase())
  )
}
