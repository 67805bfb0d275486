import { type IssuerProject, send, signed } from './signed-request.ts'

export {
  asset,
  type EligibleTokenRequestor,
  eligibleTokenRequestors,
  type MediaContent,
} from './eligibility.ts'
export { type IssuerProject, signed } from './signed-request.ts'

/**
 * What an issuer's backend does: sign and encrypt a push with Mastercard's own libraries, build the URL that the
 * cardholder's browser is sent to, read what comes back.
 */

export type CardAccount = {
  /** 1 to 36 characters, unique in the request. */
  readonly pushAccountId: string
  readonly fundingAccountData: {
    readonly cardAccountData: {
      readonly accountNumber: string
      /** Two digits. */
      readonly expiryMonth?: string
      /** Two digits. */
      readonly expiryYear?: string
    }
    readonly accountHolderData?: object
    readonly dataValidUntilTimestamp?: string
  }
}

export type SignatureData = {
  readonly callbackURL?: string
  readonly completeIssuerAppActivation?: boolean
  readonly completeWebsiteActivation?: boolean
  readonly accountHolderDataSupplied?: boolean
  /** `ll_CC`. */
  readonly locale?: string
}

export type PushRequest = {
  readonly requestId: string
  readonly tokenRequestorId: string
  readonly accounts: readonly CardAccount[]
  readonly signatureData?: SignatureData
  /** Minutes, 5 to 15. */
  readonly pushAccountReceiptsValidityPeriod?: number
  /** A simulator's scenario to play. */
  readonly scenario?: string
}

export type ServiceError = {
  readonly source: string
  readonly reasonCode: string
  readonly description?: string
}

export type PushedReceipt = {
  readonly pushAccountId: string
  readonly pushAccountReceipt?: string
  readonly errors?: readonly ServiceError[]
}

export type PushAccepted = {
  readonly accepted: true
  readonly responseId: string
  /** One for each account; one that failed has errors in place of a receipt. */
  readonly pushAccountReceipts: readonly PushedReceipt[]
  /** Where to send the browser. */
  readonly pushUri: string
  readonly signature?: string
}

export type PushRefused = {
  readonly accepted: false
  readonly status: number
  readonly errors: readonly ServiceError[]
}

/** What was answered, and what exactly was sent and received. */
export type PushResult = (PushAccepted | PushRefused) & {
  readonly request: Request
  readonly response: Response
  /** The answer's body as it came. */
  readonly text: string
}

/** Click to Pay's token requestor id, the same in sandbox and production. */
export const clickToPay = '50123197928'

const operation = '/mdes/connect/1/0/pushMultipleAccounts'

/**
 * Calls `pushMultipleAccounts`.
 *
 * @throws the network's error; a refusal of the service is a result.
 */
export async function push(project: IssuerProject, request: PushRequest): Promise<PushResult> {
  const sent = await pushRequest(project, request)
  const { response, text } = await send(project, sent)
  return { ...readAnswer(response.status, text), request: sent, response, text }
}

/** The signed and encrypted HTTP request of a push. */
export async function pushRequest(
  project: IssuerProject,
  {
    requestId,
    tokenRequestorId,
    accounts,
    signatureData,
    pushAccountReceiptsValidityPeriod,
    scenario,
  }: PushRequest,
): Promise<Request> {
  const body = await encrypted(project, {
    requestId,
    tokenRequestorId,
    pushFundingAccounts: { encryptedPayload: { encryptedData: accounts } },
    signatureData,
    pushAccountReceiptsValidityPeriod,
  })
  return signed(project, { path: operation, body: JSON.stringify(body), scenario })
}

async function encrypted(
  { encryptionCertificate, oaepHash = 'SHA-512' }: IssuerProject,
  body: object,
): Promise<object> {
  const { default: library } = await import('mastercard-client-encryption')
  const encryption = new library.FieldLevelEncryption({
    // Without `$.`: with it the Node library leaves the card number in clear.
    paths: [
      {
        path: operation,
        toEncrypt: [
          {
            element: 'pushFundingAccounts.encryptedPayload.encryptedData',
            obj: 'pushFundingAccounts.encryptedPayload',
          },
        ],
        toDecrypt: [],
      },
    ],
    useCertificateContent: true,
    encryptionCertificate,
    publicKeyFingerprintType: 'certificate',
    publicKeyFingerprintFieldName: 'publicKeyFingerprint',
    oaepPaddingDigestAlgorithm: oaepHash,
    oaepHashingAlgorithmFieldName: 'oaepHashingAlgorithm',
    dataEncoding: 'hex',
    encryptedValueFieldName: 'encryptedData',
    encryptedKeyFieldName: 'encryptedKey',
    ivFieldName: 'iv',
  })
  return encryption.encrypt(operation, {}, body).body
}

function readAnswer(status: number, text: string): PushAccepted | PushRefused {
  const body = parsed(text)
  const { pushAccountReceipts, availablePushMethods, signature, responseId, errors, Errors } = body
  if (Errors !== undefined)
    return { accepted: false, status, errors: (Errors.Error ?? []).map(inLowerCase) }
  if (errors !== undefined) return { accepted: false, status, errors }
  const receiptErrors = pushAccountReceipts?.flatMap((receipt) => receipt.errors ?? []) ?? []
  const web = availablePushMethods?.find(({ type }) => type === 'WEB')
  if (pushAccountReceipts === undefined || web === undefined)
    return { accepted: false, status, errors: receiptErrors }
  return {
    accepted: true,
    responseId: responseId ?? '',
    pushAccountReceipts,
    pushUri: web.uri,
    ...(signature !== undefined && { signature }),
  }
}

type AnswerBody = {
  readonly responseId?: string
  readonly pushAccountReceipts?: readonly PushedReceipt[]
  readonly availablePushMethods?: readonly { readonly type: string; readonly uri: string }[]
  readonly signature?: string
  readonly errors?: readonly ServiceError[]
  readonly Errors?: { readonly Error?: readonly GatewayError[] }
}
type GatewayError = {
  readonly Source: string
  readonly ReasonCode: string
  readonly Description: string
}

function parsed(text: string): AnswerBody {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function inLowerCase({ Source, ReasonCode, Description }: GatewayError): ServiceError {
  return { source: Source, reasonCode: ReasonCode, description: Description }
}

/**
 * Where to send the cardholder's browser, in the *signature* use case (`pushAccountData` and nothing else) or the *receipt* use case (plain
 * parameters). `extFlow=true` lets Click to Pay offer "Remember Me".
 *
 * @throws {TypeError} the push has no signature, or no receipt.
 */
export function redirectUrl(
  { pushUri, signature, pushAccountReceipts }: Omit<PushAccepted, 'accepted' | 'responseId'>,
  options:
    | { readonly useCase: 'signature' }
    | ({ readonly useCase: 'receipt' } & SignatureData & { readonly locale: string }),
): string {
  // Where no types say so: what is given may be a push that was refused.
  const receipts = (pushAccountReceipts ?? []).flatMap(
    ({ pushAccountReceipt }) => pushAccountReceipt ?? [],
  )
  if (receipts.length === 0)
    throw new TypeError(
      'the push has no receipt to redirect with: it was refused if accepted is false, and errors say why',
    )
  const parameters: readonly (readonly [string, string | undefined])[] =
    options.useCase === 'signature'
      ? [
          ['pushAccountData', signature],
          ['extFlow', 'true'],
        ]
      : [
          ['pushAccountReceipts', receipts.join(',')],
          ['accountHolderDataSupplied', String(options.accountHolderDataSupplied ?? false)],
          ['locale', options.locale],
          ['completeIssuerAppActivation', String(options.completeIssuerAppActivation ?? true)],
          ['completeWebsiteActivation', String(options.completeWebsiteActivation ?? true)],
          ['extFlow', 'true'],
          ['callbackURL', options.callbackURL],
        ]
  if (options.useCase === 'signature' && signature === undefined)
    throw new TypeError(
      'the push has no signature: this token requestor supports the receipt use case only',
    )
  const query = parameters
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${pushUri}${pushUri.includes('?') ? '&' : '?'}${query}`
}

export type CallbackResult = {
  readonly pushAccountReceipt: string
  /** One of Click to Pay's statuses, or a new one: be ready for those. */
  readonly status: string
  readonly tokenUniqueReference?: string
}

/**
 * Reads what Click to Pay sent back: `results[RECEIPT]=STATUS` or `=STATUS|TOKEN`, brackets encoded or not. It is unsigned text that
 * anybody can write into a browser, so compare the receipts with what you pushed, and trust nothing binding to it.
 *
 * @param url the whole URL, or its path and query.
 */
export function readCallback(url: string): readonly CallbackResult[] {
  const query = url.split('#')[0]?.split('?').slice(1).join('?') ?? ''
  return [...new URLSearchParams(query)].flatMap(([name, value]) => {
    const pushAccountReceipt = /^results\[([^[\]]+)\]$/.exec(name)?.[1]
    if (pushAccountReceipt === undefined) return []
    const bar = value.indexOf('|')
    return bar < 0
      ? [{ pushAccountReceipt, status: value }]
      : [
          {
            pushAccountReceipt,
            status: value.slice(0, bar),
            tokenUniqueReference: value.slice(bar + 1),
          },
        ]
  })
}
