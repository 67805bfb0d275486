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
  /** Each an account of the push. */
  readonly card: readonly string[]
  readonly callback: string
  readonly trid: string
  readonly locale: string
  readonly useCase: 'receipt' | 'signature'
  readonly scenario?: string
  /** Of the account holder. */
  readonly name?: string
  /** Of the account holder. */
  readonly email?: string
  /** Seconds to wait for an answer. */
  readonly timeout: number
  readonly print: (line: string) => void
}

/**
 * Plays the issuer's backend once.
 *
 * @returns whether a receipt came back.
 * @throws {SetupError} no keys, or nobody there.
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
    accountHolderDataSupplied: Object.keys(holderOf(options)).length > 0,
    locale: options.locale,
  }
  const signal = AbortSignal.timeout(options.timeout * 1000)
  const result = await push(
    {
      ...(await readProject(keyring, options.url)),
      fetch: (request) => fetch(request, { signal }),
    },
    {
      requestId: randomUUID(),
      tokenRequestorId: options.trid,
      accounts: options.card.map((accountNumber) => ({
        pushAccountId: randomUUID(),
        fundingAccountData: {
          cardAccountData: { accountNumber },
          ...(signatureData.accountHolderDataSupplied && { accountHolderData: holderOf(options) }),
        },
      })),
      signatureData,
      ...(options.scenario !== undefined && { scenario: options.scenario }),
    },
  ).catch((cause: Error) => {
    const lost = lostAnswer(cause, options.timeout)
    if (lost !== undefined) return lost
    throw new SetupError(`${options.url}: ${unanswered(cause, options.data)}`, { cause })
  })
  if (typeof result === 'string') {
    print(`${options.url}: ${result}`)
    return false
  }

  print(`pushed ${options.card.map(maskedCardNumber).join(', ')} to ${result.request.url}`)
  print(`HTTP ${result.response.status}${headersOf(result.response)}`)
  print(maskCardNumbers(pretty(result.text)))
  if (!result.accepted) {
    print(
      `\nno receipt: ${result.errors.map(({ reasonCode }) => reasonCode).join(', ') || 'the answer has none'}`,
    )
    return false
  }
  // A bank does the same: without a signature there are the plain parameters.
  const useCase = result.signature === undefined ? 'receipt' : options.useCase
  print(
    useCase === options.useCase
      ? '\nsend the browser to'
      : '\nthere is no signature, so send the browser with plain parameters to',
  )
  print(
    redirectUrl(
      result,
      useCase === 'signature' ? { useCase } : { useCase: 'receipt', ...signatureData },
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

/** What a scenario may do, and so no mistake of whoever pushes. */
function lostAnswer({ name, cause }: Error, timeout: number): string | undefined {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code
  if (name === 'TimeoutError')
    return `no answer within ${timeout} s. A scenario with transport: timeout never answers; the simulator's terminal says whether the push was carried out`
  return reason === 'ECONNRESET' || reason === 'UND_ERR_SOCKET'
    ? `the connection broke before the answer was complete (${reason}). A scenario with transport: reset or truncated does that; the simulator's terminal says whether the push was carried out`
    : undefined
}

function unanswered({ message, cause }: Error, data: string): string {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message
  if (untrusted.includes(reason))
    return `its certificate is by a CA that is not trusted here (${reason}). Run this with the environment variable NODE_EXTRA_CA_CERTS=${tlsCaFile(resolve(data))}`
  return `nobody answers (${reason}). Is the simulator running there?`
}

/** What the account holder is, as far as it is said. */
function holderOf({ name, email }: Pick<PushOptions, 'name' | 'email'>): object {
  return {
    ...(name !== undefined && { accountHolderName: name }),
    ...(email !== undefined && { accountHolderEmailAddress: email }),
  }
}

function headersOf({ headers }: Response): string {
  return ['X-Simulator-Scenario', 'Retry-After']
    .map((name) => [name, headers.get(name)])
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `, ${name}: ${value}`)
    .join('')
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // It may be anything, and a terminal obeys some of it.
    return `${text.length} characters that are not JSON`
  }
}
