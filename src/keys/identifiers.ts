import { createHmac, randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Where every identifier of one push comes from: 32 bytes, hex. Never shown, or visits could be guessed. */
export type PushRoot = string

/**
 * With a seed, the n-th push of a consumer key always has the same identifiers, in whatever order work ends. Without one, they are random.
 */
export function pushRoot(
  seed: string | undefined,
  consumerKey: string,
  pushNumber: number,
): PushRoot {
  if (seed === undefined) return randomBytes(32).toString('hex')
  return createHmac('sha256', seed).update(`${consumerKey}\n${pushNumber}`).digest('hex')
}

function derive(root: PushRoot, what: string, position: number): string {
  return createHmac('sha256', Buffer.from(root, 'hex')).update(`${what}\n${position}`).digest('hex')
}

/**
 * A number from 0 up to, and without, 1. With a seed, the n-th of each kind is always the same; without one, it is random.
 *
 * @param kind what it is drawn for.
 */
export function drawn(
  seed: string | undefined,
  consumerKey: string,
  kind: string,
  n: number,
): number {
  const bytes =
    seed === undefined
      ? randomBytes(4)
      : createHmac('sha256', seed).update(`${consumerKey}\n${kind}\n${n}`).digest()
  return bytes.readUInt32BE() / 2 ** 32
}

/** Where the identifiers of one account of a push come from. */
export function accountRoot(root: PushRoot, position: number): PushRoot {
  return position === 0 ? root : derive(root, 'account', position)
}

/** How a receipt begins: the kind of account. */
export type ReceiptPrefix = 'MCC' | 'DMC' | 'MSI' | 'PVL'

/**
 * @param dataCentre `STL` as recorded since 2021, or `none` as in the documented example.
 * @returns prefix, data centre and an upper-case UUID, dashes between.
 */
export function newReceipt(
  root: PushRoot,
  position: number,
  prefix: ReceiptPrefix,
  dataCentre: 'STL' | 'none',
): string {
  const uuid = uuidOf(derive(root, 'receipt', position)).toUpperCase()
  return [prefix, ...(dataCentre === 'none' ? [] : [dataCentre]), uuid].join('-')
}

/** For a `responseId` that is not the `requestId`; with a seed, the same for the same request. */
export function newResponseId(
  seed: string | undefined,
  consumerKey: string,
  requestId: string,
): string {
  if (seed === undefined) return randomUUID()
  return uuidOf(
    createHmac('sha256', seed).update(`${consumerKey}\nresponse\n${requestId}`).digest('hex'),
  )
}

/** RFC 9562, 5.4: version 4, from hex digits that are as good as random. */
function uuidOf(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/**
 * @returns 48 characters. Assumption: Click to Pay's references begin as one public fixture does (`DM4MMC` and ten digits).
 */
export function newTokenUniqueReference(root: PushRoot, position: number): string {
  return `DM4MMC0000000001${derive(root, 'token', position).slice(0, 32)}`
}

/**
 * Names one visit of a page, so that its form can be told from another visit's.
 *
 * @param root of the first push that it is about.
 * @param receipts all that it is about: a form for some of them is none for others.
 */
export function newVisit(root: PushRoot, receipts: readonly string[], visit: number): string {
  return `${visit}-${derive(root, `visit ${receipts.join()}`, visit).slice(0, 32)}`
}

/** Six digits for a visit; each generation has others. */
export function oneTimeCode(root: PushRoot, visit: string, generation: number): string {
  const number = Number.parseInt(derive(root, `code ${visit}`, generation).slice(0, 12), 16)
  return String(number % 1_000_000).padStart(6, '0')
}

/** Names a device that wants to be remembered; nothing can be read from it. */
export function newDevice(root: PushRoot, visit: string): string {
  return derive(root, `device ${visit}`, 0)
}

/** Whether {@link newVisit} made this name for these receipts. */
export function isVisit(root: PushRoot, receipts: readonly string[], name: string): boolean {
  const visit = /^([1-9]\d{0,8})-/.exec(name)?.[1]
  return visit !== undefined && name === newVisit(root, receipts, Number(visit))
}

const keyAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'

/** 97 characters: a 48-character client id, `!`, a key id of 32 hex digits and sixteen zeros. */
export function newConsumerKey(): string {
  const clientId = Array.from({ length: 48 }, () => keyAlphabet[randomInt(keyAlphabet.length)])
  return consumerKeyOf(clientId.join(''), randomBytes(16).toString('hex'))
}

/** Like {@link newConsumerKey}; with the same seed, always the same for the same purpose. */
export function seededConsumerKey(seed: string, purpose: string): string {
  const made = (what: string) => createHmac('sha512', seed).update(`${what}\n${purpose}`).digest()
  const clientId = [...made('client id').subarray(0, 48)].map((byte) => keyAlphabet[byte % 64])
  return consumerKeyOf(clientId.join(''), made('key id').toString('hex').slice(0, 32))
}

const consumerKeyOf = (clientId: string, keyId: string) => `${clientId}!${keyId}${'0'.repeat(16)}`
