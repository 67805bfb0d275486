import { misplacedCards } from './misplaced-cards.ts'
import type { Json } from './pact.ts'
import { type Encrypting, encryptedAnew } from './recorded-payload.ts'
import { signedAnew } from './recorded-signature.ts'

/** What a recorded request is brought back to life with. */
export type Reviving = Encrypting & {
  /** What a pending push gave, where the pact has no means of its own to inject it. */
  readonly pendingPush?: Json | undefined
  /** Signs what was recorded without an Authorization header, too. */
  readonly signsAll: boolean
}

export type Revived = {
  readonly request: Request
  /** What was replaced by something else than what was recorded. */
  readonly notes: readonly string[]
  /** Whether its signature is not the recorded one. */
  readonly isSignedAnew: boolean
}

const scenarioHeader = 'X-Simulator-Scenario'
const droppedHeader = `recorded with ${scenarioHeader}, which was not sent: name the scenario as the provider state`

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
  // It would play another scenario than that of the provider state, and Mastercard knows none.
  headers.delete(scenarioHeader)
  return {
    request: new Request(url, {
      method,
      headers,
      // Who gives up waiting for an answer that a scenario holds back is not waited for.
      signal: request.signal,
      ...(body.length > 0 && { body }),
    }),
    notes: [
      ...(url === request.url ? [] : ['sent were receipt and signature of the pending push']),
      ...notes,
      ...signature.notes,
      ...(request.headers.has(scenarioHeader) ? [droppedHeader] : []),
      ...misplacedCards(request, recorded),
    ],
    isSignedAnew: signature.authorization !== undefined,
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
