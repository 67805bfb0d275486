import { maskCardNumbers, maskedCardNumber } from '../card-number.ts'
import type { PushRequest } from './client.ts'

/*
 * What a developer wants to see of a push: exactly what was sent and answered, without a whole card number and without a signature that
 * could be used again.
 */

export type Exchange = {
  /** Before encryption, in JSON. */
  readonly accounts: string
  /** Method and URL, headers, body; missing when it did not come to that. */
  readonly request?: string
  /** Status, headers, body; missing when none came. */
  readonly answer?: string
  readonly redirectUrl?: string
}

export async function exchangeOf(
  { accounts }: PushRequest,
  {
    request,
    answer,
    redirectUrl,
  }: {
    readonly request?: Request | undefined
    readonly answer?: { readonly response: Response; readonly text: string } | undefined
    readonly redirectUrl?: string
  },
): Promise<Exchange> {
  const numbers = accounts.map((one) => one.fundingAccountData.cardAccountData.accountNumber)
  // Only the numbers that are known to be there: ciphertext is to stay as it was sent.
  const masked = (text: string) =>
    numbers.reduce((all, number) => all.replaceAll(number, maskedCardNumber(number)), text)
  return {
    accounts: masked(JSON.stringify(accounts, null, 2)),
    ...(request !== undefined && { request: masked(await requestText(request)) }),
    ...(answer !== undefined && { answer: maskCardNumbers(answerText(answer)) }),
    ...(redirectUrl !== undefined && { redirectUrl: maskCardNumbers(redirectUrl) }),
  }
}

/** The same to be read at a glance: JSON indented, what is longer than any receipt, token reference or fingerprint shortened. */
export function inShort(text: string): string {
  return text
    .replace(/(?<=\n\n).+$/s, indented)
    .replace(/[\w.-]{65,}/g, (value) => `${value.slice(0, 12)}…(${value.length} characters)`)
}

/** What is no JSON stays as it is. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

async function requestText(request: Request): Promise<string> {
  const { method, url, headers } = request
  return `${[`${method} ${url}`, ...headerLines(headers)].join('\n')}\n\n${await request.text()}`
}

function answerText({
  response: { status, headers },
  text,
}: {
  readonly response: Response
  readonly text: string
}): string {
  return `${[`HTTP ${status}`, ...headerLines(headers)].join('\n')}\n\n${text}`
}

function headerLines(headers: Headers): readonly string[] {
  return [...headers].map(([name, value]) => `${name}: ${withoutSignature(value)}`)
}

function withoutSignature(header: string): string {
  return header.replace(/(oauth_signature="[^"]{12})[^"]*/, '$1...')
}
