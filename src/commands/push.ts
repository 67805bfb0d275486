import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { maskCardNumbers, maskedCardNumber } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import { push, redirectUrl, type SignatureData } from '../issuer/client.ts'
import { readProject } from '../issuer/project.ts'
import { readKeyring } from '../keys/keyring.ts'
import { tlsCaFile } from '../keys/tls-certificate.ts'

export type PushOptions = {
  readonly url: string
  readonly data: string
  readonly card: string
  readonly callback: string
  readonly trid: string
  readonly locale: string
  readonly useCase: 'receipt' | 'signature'
  readonly scenario?: string
  readonly print: (line: string) => void
}

/**
 * Plays the issuer's backend once.
 *
 * @returns whether a receipt came back.
 * @throws {SetupError} no keys, or nobody answers.
 */
export async function pushOnce({ print, ...options }: PushOptions): Promise<boolean> {
  const keyring = await readKeyring(join(resolve(options.data), 'keys'))
  if (keyring === undefined)
    throw new SetupError(
      `${resolve(options.data)}: there are no keys. Start the simulator first (mdes-sim start), or name its data directory with --data`,
    )
  const signatureData: SignatureData & { locale: string } = {
    callbackURL: options.callback,
    completeIssuerAppActivation: true,
    completeWebsiteActivation: true,
    accountHolderDataSupplied: false,
    locale: options.locale,
  }
  const result = await push(await readProject(keyring, options.url), {
    requestId: randomUUID(),
    tokenRequestorId: options.trid,
    accounts: [
      {
        pushAccountId: randomUUID(),
        fundingAccountData: { cardAccountData: { accountNumber: options.card } },
      },
    ],
    signatureData,
    ...(options.scenario !== undefined && { scenario: options.scenario }),
  }).catch((cause: Error) => {
    if (cause.message !== 'fetch failed') throw cause
    throw new SetupError(`${options.url}: ${unanswered(cause, resolve(options.data))}`, { cause })
  })

  print(`pushed ${maskedCardNumber(options.card)} to ${result.request.url}`)
  print(`HTTP ${result.response.status}${scenarioOf(result.response)}`)
  print(maskCardNumbers(pretty(result.text)))
  if (!result.accepted) {
    print(
      `\nno receipt: ${result.errors.map(({ reasonCode }) => reasonCode).join(', ') || 'the answer has none'}`,
    )
    return false
  }
  print('\nsend the browser to')
  print(
    redirectUrl(
      result,
      options.useCase === 'signature'
        ? { useCase: 'signature' }
        : { useCase: 'receipt', ...signatureData },
    ),
  )
  return true
}

/** How Node says that it does not know who signed a certificate. */
const untrusted = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]

function unanswered({ message, cause }: Error, dataDirectory: string): string {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message
  return untrusted.includes(reason)
    ? `its certificate is by a CA that is not trusted here (${reason}). Run this with the environment variable NODE_EXTRA_CA_CERTS=${tlsCaFile(dataDirectory)}`
    : `nobody answers (${reason}). Is the simulator running there?`
}

function scenarioOf({ headers }: Response): string {
  const scenario = headers.get('X-Simulator-Scenario')
  return scenario === null ? '' : `, scenario ${scenario}`
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
