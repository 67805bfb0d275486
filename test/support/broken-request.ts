import type { IssuerProject } from '../../src/issuer/client.ts'
import { signed } from '../../src/issuer/client.ts'
import { sampleCard } from '../../src/token-connect/rules/accounts.ts'
import { type Example, type Operation, pathIn } from '../../src/token-connect/rules/rule.ts'
import { encryptedPayload } from './encryption.ts'

/*
 * Valid requests of every operation, and any number of members of them changed, inside the ciphertext or outside.
 */

export const clickToPay = '50123197928'
/** Takes several accounts of either kind. */
export const wallet = '50170000001'

const paths: Readonly<Record<Operation, string>> = {
  pushMultipleAccounts: '/mdes/connect/1/0/pushMultipleAccounts',
  pushAccount: '/mdes/connect/1/0/pushAccount',
  getEligibleTokenRequestors: '/mdes/connect/1/0/getEligibleTokenRequestors',
  getAsset: '/mdes/issuer-assets/1/0/asset/tokenrequestor',
}

/** Nothing is encrypted yet. */
const validRequests = {
  pushMultipleAccounts: {
    requestId: 'request-1',
    tokenRequestorId: clickToPay,
    pushFundingAccounts: {
      encryptedPayload: {
        encryptedData: [{ pushAccountId: 'card-1', fundingAccountData: sampleCard }],
      },
    },
    signatureData: { callbackURL: 'https://partnerbank.com/results', locale: 'en_US' },
  },
  pushAccount: {
    requestId: 'request-1',
    tokenRequestorId: clickToPay,
    pushFundingAccount: { encryptedPayload: { encryptedData: sampleCard } },
  },
  getEligibleTokenRequestors: { requestId: 'request-1', accountRanges: ['5123456789'] },
  getAsset: { AssetId: '7c0e2b5a-3d14-4f86-9a61-0b8f5d2c6e10' },
} as const satisfies Record<Operation, Example>

/** Members to set, from a place in the request as if nothing were encrypted. */
export type Change = {
  readonly place: string
  readonly encrypted: boolean
  readonly members: Readonly<Record<string, Example>>
}

type Json = { [member: string]: unknown }

/** What would be sent, unsigned. */
export function changed(
  project: IssuerProject,
  operation: Operation,
  changes: readonly Change[],
): Json {
  const request = structuredClone(validRequests[operation]) as Json
  const apply = (encrypted: boolean) => {
    for (const change of changes.filter((one) => one.encrypted === encrypted))
      for (const [path, value] of Object.entries(change.members))
        set(request, pathIn(change.place, path).split('.'), value)
  }
  apply(true)
  const payload = payloadOf(request)
  const isGcm = changes.some(({ members }) =>
    Object.entries(members).some(([path, value]) => path.endsWith('Mode') && value === 'GCM'),
  )
  if (payload !== undefined)
    Object.assign(payload, encryptedPayload(project, payload.encryptedData, isGcm ? 'GCM' : 'CBC'))
  apply(false)
  return request
}

/** The signed request of an operation. */
export function requestOf(
  project: IssuerProject,
  operation: Operation,
  body: Json | string,
): Promise<Request> {
  const path = paths[operation]
  if (operation === 'getAsset')
    return signed(project, { path: `${path}/${typeof body === 'string' ? body : body.AssetId}` })
  return signed(project, { path, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

function payloadOf(request: Json): Json | undefined {
  const holder = (request.pushFundingAccounts ?? request.pushFundingAccount) as Json | undefined
  return holder?.encryptedPayload as Json | undefined
}

function set(target: Json, [name = '', ...rest]: readonly string[], value: Example): void {
  // A copy: what one test sets in it must not be in the next one's sample.
  if (rest.length === 0) target[name] = structuredClone(value)
  else {
    target[name] ??= {}
    set(target[name] as Json, rest, value)
  }
}
