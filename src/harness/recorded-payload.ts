import { hasCheckDigit, holdsCardNumber, maskedCardNumber } from '../card-number.ts'
import type { CardAccount, IssuerProject } from '../issuer/client.ts'
import { type EncryptionForm, encryptPayload } from '../keys/encrypt-payload.ts'
import { readExactJson, writeExactJson } from './exact-json.ts'
import { contentOfBody, isObject, type Json } from './pact.ts'
import { testAccount } from './provider-states.ts'

/** What is encrypted, and for whom. */
export type Encrypting = {
  readonly project: IssuerProject
  /** In place of what dead ciphertext held. */
  readonly accounts: readonly [CardAccount, ...CardAccount[]]
  /** Whose test card it is, if it is a scenario's. */
  readonly scenario?: string | undefined
  /** What declares no hash of OAEP is wrapped with PKCS#1 v1.5. */
  readonly pkcs1: boolean
}

export type Encrypted = {
  readonly body: Uint8Array<ArrayBuffer>
  /** What was replaced by something else than what was recorded. */
  readonly notes: readonly string[]
}

/**
 * The recorded body with its accounts encrypted as of now. Only members that were recorded are replaced: one that the issuer forgot to send
 * must stay missing. And only what could have come from an encryption: its refusal is the truth about anything else.
 */
export function encryptedAnew(
  recorded: Uint8Array<ArrayBuffer>,
  { project, accounts, scenario, pkcs1 }: Encrypting,
): Encrypted {
  const message = parsed(recorded)
  const wrapper = (['pushFundingAccounts', 'pushFundingAccount'] as const).find((name) =>
    isObject(message?.[name]),
  )
  const around = wrapper && (message?.[wrapper] as Json)
  const payload = around?.encryptedPayload
  if (wrapper === undefined || !isObject(payload) || payload.encryptedData === undefined)
    return { body: recorded, notes: [] }
  const inClear = plaintextOf(payload.encryptedData)
  const fresh: Readonly<Record<string, string>> = encryptPayload(
    project.encryptionCertificate,
    writeExactJson(inClear ?? contentOf(wrapper, accounts)),
    formOf(payload, pkcs1),
  )
  const encryptedPayload = Object.fromEntries(
    Object.entries(payload).map(([name, value]) => {
      const hex = Object.hasOwn(fresh, name) ? fresh[name] : undefined
      if (hex === undefined) return [name, value]
      if (name === 'encryptedData' && inClear !== undefined) return [name, hex]
      return [name, isBinaryText(value) ? inEncodingOf(value, hex) : value]
    }),
  )
  const text = writeExactJson({ ...message, [wrapper]: { ...around, encryptedPayload } })
  return {
    body: new Uint8Array(Buffer.from(text)),
    notes: [
      inClear !== undefined
        ? notEncrypted
        : isBinaryText(payload.encryptedData)
          ? replacement(wrapper, accounts, scenario)
          : neither,
      ...(isHashDeclared(payload) || pkcs1 ? [] : [undeclared]),
    ],
  }
}

const neither =
  'encryptedData is neither ciphertext nor a whole list of accounts, so it was sent as it was recorded'

const notEncrypted =
  'THE ACCOUNTS ARE RECORDED IN CLEAR and were encrypted here: that your client encrypts is not verified'

const undeclared =
  'no oaepHashingAlgorithm is recorded, so the key was wrapped with OAEP and SHA-512 all the same, as by a client that forgets to declare it; if yours wraps with PKCS#1 v1.5, say so (--pkcs1)'

/** Accounts in clear: as they are, or as a text of JSON. */
function plaintextOf(encryptedData: unknown): unknown {
  if (typeof encryptedData !== 'string') return asContent(encryptedData)
  try {
    return asContent(readExactJson(encryptedData))
  } catch {
    return undefined
  }
}

const asContent = (json: unknown) => (typeof json === 'object' && json !== null ? json : undefined)

/** Hex or base64, or an example in their letters; and no card number. */
function isBinaryText(value: unknown): value is string {
  return typeof value === 'string' && /^[\w+/-]+={0,2}$/.test(value) && !isCardNumber(value)
}

function isCardNumber(text: string): boolean {
  return (/^\d{13,19}$/.test(text) && hasCheckDigit(text)) || holdsCardNumber(text)
}

type Wrapper = 'pushFundingAccounts' | 'pushFundingAccount'

function contentOf(wrapper: Wrapper, accounts: Encrypting['accounts']): unknown {
  return wrapper === 'pushFundingAccount' ? accounts[0].fundingAccountData : accounts
}

function replacement(
  wrapper: Wrapper,
  accounts: Encrypting['accounts'],
  scenario: string | undefined,
): string {
  const [{ fundingAccountData }] = accounts
  const masked = maskedCardNumber(fundingAccountData.cardAccountData.accountNumber)
  const ids = accounts.map(({ pushAccountId }) => pushAccountId).join(', ')
  const whose = scenario === undefined ? '' : ` of "${scenario}"`
  const identified = wrapper === 'pushFundingAccount' ? '' : `, pushAccountId ${ids}`
  return `recorded ciphertext opens no more: sent was the test card ${masked}${whose}${identified}`
}

const isHashDeclared = ({ oaepHashingAlgorithm }: Json) => typeof oaepHashingAlgorithm === 'string'

/** How the recorded ciphertext was made. */
function formOf(payload: Json, pkcs1: boolean): EncryptionForm {
  const { oaepHashingAlgorithm, algorithmCipherMode, tag, aad } = payload
  const isGcm = algorithmCipherMode === 'GCM' || (algorithmCipherMode === undefined && tag)
  return {
    // Mastercard's libraries know no other than OAEP.
    ...((isHashDeclared(payload) || !pkcs1) && {
      oaepHash: oaepHashingAlgorithm === 'SHA256' ? 'SHA256' : 'SHA512',
    }),
    // Whoever has a tag has made it with GCM, though it forgets to say so.
    cipherMode: isGcm ? 'GCM' : 'CBC',
    ...(typeof aad === 'string' && { aad }),
  }
}

/** An issuer that sends base64 would be refused, and must be here. */
function inEncodingOf(recorded: string, hex: string): string {
  // RSA-2048 makes 256 bytes; an example that is no ciphertext at all is hardly as long.
  const isBase64 = /[+/=]/.test(recorded) || (/[^\da-f]/i.test(recorded) && recorded.length === 342)
  return isBase64 ? Buffer.from(hex, 'hex').toString('base64') : hex
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
export function accountsFor(response: Json, card: string): Encrypting['accounts'] {
  const ids: string[] = []
  for (const id of expectedIds(response))
    ids.push(ids.includes(id) ? `${id}-${ids.length + 1}` : id)
  const [first, ...others] = ids.map((id) => testAccount(card, id))
  return first === undefined ? [testAccount(card)] : [first, ...others]
}

function expectedIds(response: Json): readonly string[] {
  const content = contentOfBody(response)
  const receipts = isObject(content) ? content.pushAccountReceipts : undefined
  return (Array.isArray(receipts) ? receipts : []).flatMap((receipt: unknown) =>
    isObject(receipt) && typeof receipt.pushAccountId === 'string' ? [receipt.pushAccountId] : [],
  )
}
