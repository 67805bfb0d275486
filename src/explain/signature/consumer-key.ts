import type { Cause } from '../../errors.ts'
import type { Issuer } from '../../keys/request-signature.ts'
import { decoded } from '../../keys/signature-base-string.ts'
import { type CauseCode, likely, proven, quoted } from './causes.ts'
import { readSignature } from './form.ts'
import { signerOf } from './mismatch.ts'

/** Comparing with many registered keys takes long, and a longer text is no consumer key. */
const mostIssuers = 1000
const longestKey = 512

/** Client id, `!`, key id of 32 hex digits and 16 zeros. */
const realForm = /^[\w-]{48}![0-9a-f]{32}0{16}$/

/** Why a consumer key is not known. @param transmitted `oauth_consumer_key` as it stands in the header. */
export function explainConsumerKey(
  transmitted: string,
  signature: string,
  issuers: readonly Issuer[],
): readonly Cause[] {
  const claimed = decoded(transmitted)
  const registered = issuers.slice(0, mostIssuers).map(({ consumerKey }) => consumerKey)
  const spoiled = claimed.length > longestKey ? undefined : nearest(claimed, registered)
  const signer = signerOf(readSignature(signature).bytes, issuers)
  if (spoiled !== undefined && spoiled.code !== 'CONSUMER_KEY_MISTYPED') return [spoiled]
  if (signer !== undefined)
    return [
      proven(
        'CONSUMER_KEY_OF_OTHER_PROJECT',
        `The signature was made with the key of the registered consumer key ${signer.consumerKey}, but the header names ${quoted(claimed)}.`,
      ),
      ...(spoiled === undefined ? [] : [spoiled]),
    ]
  return [
    ...(spoiled === undefined ? [] : [spoiled]),
    likely(
      'CONSUMER_KEY_NOT_REGISTERED',
      `${quoted(claimed)} ${realForm.test(claimed) ? 'has the form of a real consumer key, but' : `is not a consumer key of Mastercard's form (97 characters with a "!" after the 48th), and`} is not registered here.`,
    ),
  ]
}

type Spoiling = {
  readonly code: CauseCode
  readonly what: string
  readonly matches: (claimed: string, registered: string) => boolean
}

const clientIdOf = (consumerKey: string) => consumerKey.split('!')[0] ?? ''

/** What may have been done to a registered consumer key. */
const spoilings: readonly Spoiling[] = [
  {
    code: 'CONSUMER_KEY_WHITE_SPACE',
    what: 'has white space or quotes around or in it, and without them is',
    matches: (claimed, registered) => claimed.replace(/[\s"']+/g, '') === registered,
  },
  {
    code: 'CONSUMER_KEY_ENCODED_TWICE',
    what: 'is percent-encoded more than once, and decoded is',
    matches: (claimed, registered) =>
      decoded(claimed) === registered || decoded(decoded(claimed)) === registered,
  },
  {
    code: 'CONSUMER_KEY_CLIENT_ID_ONLY',
    what: 'is only the client id of',
    matches: (claimed, registered) => claimed.replace(/!$/, '') === clientIdOf(registered),
  },
  {
    code: 'CONSUMER_KEY_WITHOUT_MARK',
    what: 'lacks the "!" of',
    matches: (claimed, registered) =>
      withoutMark(claimed) === withoutMark(registered) || claimed === afterShell(registered),
  },
  {
    code: 'CONSUMER_KEY_CASE',
    what: 'is, but for upper and lower case,',
    matches: (claimed, registered) => claimed.toLowerCase() === registered.toLowerCase(),
  },
  {
    code: 'CONSUMER_KEY_TRUNCATED',
    what: 'is only a part of',
    // Every key ends in sixteen zeros, so a few characters prove nothing.
    matches: (claimed, registered) =>
      claimed.length >= 20 && (registered.startsWith(claimed) || registered.endsWith(claimed)),
  },
  {
    code: 'CONSUMER_KEY_MISTYPED',
    what: 'is much like',
    matches: (claimed, registered) => {
      const start = commonStart(claimed, registered)
      const end = commonEnd(claimed, registered)
      const shorter = Math.min(claimed.length, registered.length)
      const longer = Math.max(claimed.length, registered.length)
      return Math.min(start + end, shorter) >= 0.75 * longer
    },
  },
]

function nearest(claimed: string, registered: readonly string[]): Cause | undefined {
  for (const { code, what, matches } of spoilings) {
    const meant = registered.find((one) => matches(claimed, one))
    if (meant === undefined) continue
    const because = `oauth_consumer_key ${quoted(claimed)} ${what} the registered ${meant}.`
    return (code === 'CONSUMER_KEY_MISTYPED' ? likely : proven)(code, because)
  }
  return undefined
}

function withoutMark(consumerKey: string): string {
  return consumerKey.replace(/[!:._ -]/g, '')
}

/** A shell takes "!" and the word behind it for an earlier command, or for nothing. */
function afterShell(consumerKey: string): string {
  return consumerKey.replace('!', '\\!')
}

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

function commonEnd(a: string, b: string): number {
  let length = 0
  while (length < a.length && a.at(-1 - length) === b.at(-1 - length)) length += 1
  return length
}
