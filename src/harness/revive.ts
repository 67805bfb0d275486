import { maskedCardNumber } from '../card-number.ts'
import type { CardAccount, IssuerProject } from '../issuer/client.ts'
import { authorizationOf } from '../issuer/signed-request.ts'
import { type EncryptionForm, encryptPayload } from '../keys/encrypt-payload.ts'
import { readExactJson, writeExactJson } from './exact-json.ts'
import { isObject, type Json } from './pact.ts'
import { testAccount } from './provider-states.ts'

/** What a recorded request is brought back to life with. */
export type Reviving = {
  readonly project: IssuerProject
  /** In place of what dead ciphertext held. */
  readonly accounts: readonly [CardAccount, ...CardAccount[]]
  /** Whose test card it is, if it is a scenario's. */
  readonly scenario?: string | undefined
  /** What a pending push gave, where the pact has no means of its own to inject it. */
  readonly pendingPush?: Json | undefined
  /** Signs what was recorded without an Authorization header, too. */
  readonly signsAll: boolean
}

export type Revived = {
  readonly request: Request
  /** What was replaced by something else than what was recorded. */
  readonly notes: readonly string[]
}

/**
 * The recorded request, encrypted and signed as of now; everything else in it stays. What was recorded without a signature gets none, and
 * what was recorded without a member of the encryption stays without: its refusal is the truth.
 */
export async function revived(request: Request, reviving: Reviving): Promise<Revived> {
  const { method } = request
  const url = bringing(request.url, reviving.pendingPush)
  const recorded = new Uint8Array(await request.arrayBuffer())
  const { body, notes } = encryptedAnew(recorded, reviving)
  const signature = await signedAnew({ url, method, headers: request.headers }, body, reviving)
  const headers = new Headers(request.headers)
  if (signature.authorization !== undefined) headers.set('Authorization', signature.authorization)
  headers.delete('Content-Length')
  return {
    request: new Request(url, { method, headers, ...(body.length > 0 && { body }) }),
    notes: [
      ...(url === request.url ? [] : ['sent were receipt and signature of the pending push']),
      ...notes,
      ...signature.notes,
    ],
  }
}

/** The URL of the page with the receipt or the signature of a push that it knows. */
function bringing(url: string, { pushAccountReceipt, signature }: Json = {}): string {
  if (!new URL(url).pathname.startsWith('/provision')) return url
  return [
    ['pushAccountReceipts', pushAccountReceipt],
    ['pushAccountData', signature],
  ].reduce<string>(
    (text, [name, value]) =>
      typeof value === 'string'
        ? text.replace(new RegExp(`([?&]${name}=)[^&]*`), `$1${encodeURIComponent(value)}`)
        : text,
    url,
  )
}

const unsigned =
  'recorded without an Authorization header, so sent without; record it, such as "OAuth ...", or have such requests signed (--sign-all)'

async function signedAnew(
  { url, method, headers }: Pick<Request, 'url' | 'method' | 'headers'>,
  body: Uint8Array,
  { project, signsAll }: Reviving,
): Promise<{ readonly authorization?: string; readonly notes: readonly string[] }> {
  const recorded = headers.get('Authorization')
  // The page is for browsers, and the admin API for tools: nobody signs there.
  const isApi = new URL(url).pathname.startsWith('/mdes/')
  if (recorded === null && !isApi) return { notes: [] }
  if (recorded === null && !signsAll) return { notes: [unsigned] }
  if (recorded !== null && !/^OAuth\s/i.test(recorded)) return { notes: [] }
  const signatureMethod =
    /oauth_signature_method="([^"]*)"/.exec(recorded ?? '')?.[1] ?? 'RSA-SHA256'
  if (signatureMethod !== 'RSA-SHA256' && signatureMethod !== 'RSA-PSS')
    return {
      notes: [
        `recorded with oauth_signature_method="${signatureMethod}", which cannot be signed anew; sent as it was recorded`,
      ],
    }
  return {
    authorization: await authorizationOf(
      {
        ...project,
        signatureMethod: signatureMethod === 'RSA-PSS' ? 'RSA-PSS-SHA256' : signatureMethod,
      },
      { url, method, body: body.length === 0 ? undefined : Buffer.from(body).toString() },
    ),
    notes:
      recorded === null
        ? ['recorded without an Authorization header, and signed all the same']
        : [],
  }
}

type Wrapper = 'pushFundingAccounts' | 'pushFundingAccount'

function encryptedAnew(
  recorded: Uint8Array<ArrayBuffer>,
  { project, accounts, scenario }: Reviving,
): { readonly body: Uint8Array<ArrayBuffer>; readonly notes: readonly string[] } {
  const message = parsed(recorded)
  const wrapper = (['pushFundingAccounts', 'pushFundingAccount'] as const).find((name) =>
    isObject(message?.[name]),
  )
  const around = wrapper && (message?.[wrapper] as Json)
  const payload = around?.encryptedPayload
  if (wrapper === undefined || !isObject(payload) || payload.encryptedData === undefined)
    return { body: recorded, notes: [] }
  const inClear = plaintextOf(payload.encryptedData)
  const isDead = inClear === undefined
  const content = isDead ? contentOf(wrapper, accounts) : inClear
  const fresh = encryptPayload(
    project.encryptionCertificate,
    writeExactJson(content),
    formOf(payload, isDead),
  )
  const encryptedPayload = isDead
    ? // Only members that were recorded: one that the issuer forgot to send must stay missing.
      Object.fromEntries(
        Object.entries(payload).map(([name, value]) => [
          name,
          typeof value === 'string' ? (fresh[name as keyof typeof fresh] ?? value) : value,
        ]),
      )
    : { oaepHashingAlgorithm: 'SHA512', ...payload, ...fresh }
  const text = writeExactJson({ ...message, [wrapper]: { ...around, encryptedPayload } })
  return {
    body: new Uint8Array(Buffer.from(text)),
    notes: isDead ? [replacement(wrapper, accounts, scenario)] : [],
  }
}

/** Accounts in clear: as they are, or as a text of JSON. */
function plaintextOf(encryptedData: unknown): unknown {
  if (typeof encryptedData !== 'string') return encryptedData
  try {
    const json = readExactJson(encryptedData)
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

function contentOf(wrapper: Wrapper, accounts: Reviving['accounts']): unknown {
  return wrapper === 'pushFundingAccount' ? accounts[0].fundingAccountData : accounts
}

function replacement(
  wrapper: Wrapper,
  accounts: Reviving['accounts'],
  scenario: string | undefined,
): string {
  const [{ fundingAccountData }] = accounts
  const masked = maskedCardNumber(fundingAccountData.cardAccountData.accountNumber)
  const ids = accounts.map(({ pushAccountId }) => pushAccountId).join(', ')
  const whose = scenario === undefined ? '' : ` of "${scenario}"`
  const identified = wrapper === 'pushFundingAccount' ? '' : `, pushAccountId ${ids}`
  return `recorded ciphertext opens no more: sent was the test card ${masked}${whose}${identified}`
}

/** How the recorded ciphertext was made. Accounts in clear may be encrypted in any way. */
function formOf(
  { oaepHashingAlgorithm, algorithmCipherMode, aad, encryptedKey }: Json,
  isDead: boolean,
): EncryptionForm {
  const isPkcs1 = isDead && oaepHashingAlgorithm === undefined
  return {
    oaepHash: isPkcs1 ? undefined : oaepHashingAlgorithm === 'SHA256' ? 'SHA256' : 'SHA512',
    cipherMode: algorithmCipherMode === 'GCM' ? 'GCM' : 'CBC',
    ...(typeof aad === 'string' && { aad }),
    // An issuer that sends base64 would be refused, and must be here.
    encoding: isWrappedKeyInBase64(encryptedKey) ? 'base64' : 'hex',
  }
}

/** RSA-2048 makes 256 bytes; an example that is no ciphertext at all is hardly as long. */
function isWrappedKeyInBase64(encryptedKey: unknown): boolean {
  return typeof encryptedKey === 'string' && /^[A-Za-z0-9+/_-]{342}(==)?$/.test(encryptedKey)
}

function parsed(body: Uint8Array): Json | undefined {
  try {
    const json = readExactJson(Buffer.from(body).toString())
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

/**
 * The accounts for dead ciphertext. Their ids were inside it, and the answer that the pact expects has them.
 *
 * @param card number of all of them.
 */
export function accountsFor(response: Json, card: string): Reviving['accounts'] {
  const ids: string[] = []
  for (const id of expectedIds(response))
    ids.push(ids.includes(id) ? `${id}-${ids.length + 1}` : id)
  const [first, ...others] = ids.map((id) => testAccount(card, id))
  return first === undefined ? [testAccount(card)] : [first, ...others]
}

function expectedIds({ body }: Json): readonly string[] {
  // In version 4 of the specification the content is inside, with its type.
  const content = isObject(body) && 'content' in body ? body.content : body
  const receipts = isObject(content) ? content.pushAccountReceipts : undefined
  return (Array.isArray(receipts) ? receipts : []).flatMap((receipt: unknown) =>
    isObject(receipt) && typeof receipt.pushAccountId === 'string' ? [receipt.pushAccountId] : [],
  )
}
