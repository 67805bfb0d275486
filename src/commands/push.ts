import { randomUUID } from 'node:crypto'
import { join, resolve } from 'node:path'
import { maskCardNumbers, maskedCardNumber } from '../card-number.ts'
import { SetupError } from '../errors.ts'
import { push, redirectUrl, type SignatureData } from '../issuer/client.ts'
import { readProject } from '../issuer/project.ts'
import { readKeyring } from '../keys/keyring.ts'

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
    throw new SetupError(
      `${options.url}: nobody answers (${networkReason(cause)}). Is the simulator running there?`,
      {
        cause,
      },
    )
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

function networkReason({ message, cause }: Error): string {
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message
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
