import type { Answer, Call, OperationParts } from './call.ts'

export type Operation = {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly paths: readonly string[]
  readonly answer: (call: Call, parts: OperationParts) => Promise<Answer>
}

const bases = ['/mdes', '/mdes/mtf']
const under = (path: string) => bases.map((base) => base + path)

/** What is served. Each is loaded on use: reading messages takes as long to load as the rest of the server. */
export const operations: readonly Operation[] = [
  {
    name: 'pushMultipleAccounts',
    method: 'POST',
    paths: under('/connect/1/0/pushMultipleAccounts'),
    answer: async (call, parts) =>
      (await import('./push-multiple-accounts.ts')).pushMultipleAccounts(call, parts),
  },
  {
    name: 'getEligibleTokenRequestors',
    method: 'POST',
    paths: under('/connect/1/0/getEligibleTokenRequestors'),
    answer: async (call, parts) =>
      (await import('./eligible-token-requestors.ts')).getEligibleTokenRequestors(call, parts),
  },
  {
    name: 'pushAccount',
    method: 'POST',
    paths: under('/connect/1/0/pushAccount'),
    answer: async (call, parts) => (await import('./push-account.ts')).pushAccount(call, parts),
  },
  {
    name: 'getAsset',
    method: 'GET',
    paths: under('/issuer-assets/1/0/asset/tokenrequestor/:AssetId'),
    answer: async (call, parts) => (await import('./assets.ts')).getAsset(call, parts),
  },
  {
    // Of token requestors, which fetch the signature key with it. At the test facility another word, and not another base.
    name: 'getAsset (signature key)',
    method: 'GET',
    paths: ['/mdes/assets/static/1/0/asset/:AssetId', '/mdes/assets/mtf/1/0/asset/:AssetId'],
    answer: async (call, parts) => (await import('./assets.ts')).getSignatureKey(call, parts),
  },
]

/** With `:AssetId` where an id goes. */
export const servedPaths = operations.flatMap(({ paths }) => paths)

/** All of it, for people. */
export function served(): string {
  return operations
    .flatMap(({ method, paths }) =>
      paths.map((path) => `${method} ${path.replace(':AssetId', '{AssetId}')}`),
    )
    .join(', ')
}
