import type { Cause } from '../../errors.ts'
import { readBinary } from './binary-text.ts'
import { proven } from './causes.ts'
import { dotted, type KnownMembers, placesOf } from './unknown-members.ts'

/*
 * Where in a message the encrypted object landed, and whether it is one. With a wrong path the libraries leave card data in clear: nothing here
 * quotes a value.
 */

/** Names of other Mastercard APIs and of the libraries' examples, with what Token Connect calls them. */
const otherNames: Readonly<Partial<Record<string, string>>> = {
  encryptedValue: 'encryptedData',
  encryptedPayload: 'encryptedData',
  data: 'encryptedData',
  ciphertext: 'encryptedData',
  cipherText: 'encryptedData',
  encryptedDataKey: 'encryptedKey',
  encryptedSymmetricKey: 'encryptedKey',
  encryptedSecretKey: 'encryptedKey',
  wrappedKey: 'encryptedKey',
  ivValue: 'iv',
  initializationVector: 'iv',
  oaepHashingAlgo: 'oaepHashingAlgorithm',
  oaepHashAlgorithm: 'oaepHashingAlgorithm',
  oaepPaddingDigestAlgorithm: 'oaepHashingAlgorithm',
  oaepAlgo: 'oaepHashingAlgorithm',
  fingerprint: 'publicKeyFingerprint',
  keyFingerprint: 'publicKeyFingerprint',
  publicKeyFingerPrint: 'publicKeyFingerprint',
  certificateFingerprint: 'publicKeyFingerprint',
  certFingerprint: 'publicKeyFingerprint',
  encryptionKeyFingerprint: 'publicKeyFingerprint',
  encryptionCertificateFingerprint: 'publicKeyFingerprint',
  authTag: 'tag',
  authenticationTag: 'tag',
}

const sealedMembers = ['encryptedData', 'encryptedKey', 'iv', 'publicKeyFingerprint']
const binaryMembers = ['encryptedData', 'publicKeyFingerprint', 'encryptedKey', 'iv', 'tag', 'aad']

type Place = {
  readonly path: readonly string[]
  readonly object: Readonly<Record<string, unknown>>
}

/** Everything about the place and the members of encrypted objects. */
export function examineEncryptedPlace(json: unknown, knownMembers: KnownMembers): readonly Cause[] {
  const right = rightPlace(knownMembers)
  if (right === undefined) return []
  const elsewhere = misplacedEncryption(json, knownMembers)
  const other = objectsIn(json).find(
    ({ path }) => dotted(path) !== dotted(right) && isOfOtherOperation(path, right, json),
  )
  if (other !== undefined)
    return [
      proven(
        'OTHER_OPERATION',
        `The body has ${dotted(other.path)}; this operation takes ${dotted(right)}.`,
      ),
    ]
  const here = objectsIn(json).find(({ path }) => dotted(path) === dotted(right))
  return [...elsewhere, ...(here === undefined ? [] : examineMembers(here, elsewhere.length > 0))]
}

/** Encrypted objects at other places than the one of the specification. */
export function misplacedEncryption(json: unknown, knownMembers: KnownMembers): readonly Cause[] {
  const right = rightPlace(knownMembers)
  if (right === undefined) return []
  return objectsIn(json)
    .filter(
      ({ path, object }) =>
        dotted(path) !== dotted(right) &&
        !isOfOtherOperation(path, right, json) &&
        isSealed(object),
    )
    .slice(0, 3)
    .map(({ path }) => misplaced(path, right))
}

/** Where the one push operation has what the other has under a name in the plural. */
function isOfOtherOperation(
  path: readonly string[],
  [own = '']: readonly string[],
  json: unknown,
): boolean {
  const hasOwn = typeof json === 'object' && json !== null && own in json
  return !hasOwn && /^pushFundingAccounts?\.encryptedPayload$/.test(dotted(path))
}

function rightPlace(knownMembers: KnownMembers): readonly string[] | undefined {
  return placesOf(knownMembers).get('encryptedKey')?.[0]?.split('.').slice(0, -1)
}

function misplaced(path: readonly string[], right: readonly string[]): Cause {
  if (path[0] === '$')
    return proven(
      'ENCRYPTION_PATH_WITH_DOLLAR',
      'The encrypted data is under a member named "$": the encryption path was written with "$.", which the library takes for a name; what should have been encrypted may be there in clear.',
    )
  if (path.length === 0)
    return proven(
      'ENCRYPTED_WHOLE_BODY',
      `The encrypted data is at the top of the body; expected at ${dotted(right)}.`,
    )
  return proven(
    'ENCRYPTED_OBJECT_MISPLACED',
    `The encrypted data is at ${dotted(path)}; expected at ${dotted(right)}.`,
  )
}

function examineMembers({ path, object }: Place, elsewhere: boolean): readonly Cause[] {
  const at = dotted(path)
  const { encryptedData, publicKeyFingerprint, oaepHashingAlgorithm } = object
  const jwe = Object.entries(object).find(
    ([, value]) => typeof value === 'string' && /^eyJ[\w-]*(\.[\w-]*){4}$/.test(value),
  )
  if (jwe !== undefined)
    return [proven('ENCRYPTED_AS_JWE', `${at}.${safeName(jwe[0])} is a compact JWE.`)]
  const renamed = Object.keys(object).flatMap((name) => {
    const meant = otherNames[name]
    return meant !== undefined && object[meant] === undefined ? [`${name} is called ${meant}`] : []
  })
  const inClear = typeof encryptedData === 'object' && encryptedData !== null
  const notHex = binaryMembers.flatMap((member) => {
    const value = object[member]
    if (typeof value !== 'string' || value === '') return []
    const { form } = readBinary(value)
    return form === 'hex' ? [] : [`${member} is ${form}`]
  })
  return [
    ...(inClear && !elsewhere && !isSealed(encryptedData)
      ? [
          proven(
            'NOT_ENCRYPTED',
            `${at}.encryptedData is ${Array.isArray(encryptedData) ? 'an array' : 'an object'}, so nothing was encrypted; expected ciphertext in hex.`,
          ),
        ]
      : []),
    ...(renamed.length === 0
      ? []
      : [proven('ENCRYPTION_FIELD_NAME', `${at}: ${renamed.join(', ')}.`)]),
    ...(publicKeyFingerprint === undefined &&
    typeof object.encryptedKey === 'string' &&
    !renamed.some((text) => text.endsWith('publicKeyFingerprint'))
      ? [proven('FINGERPRINT_NOT_SENT', `${at} has an encryptedKey, but no publicKeyFingerprint.`)]
      : []),
    ...(notHex.length === 0
      ? []
      : [proven('ENCODING_NOT_HEX', `${at}: ${notHex.join(', ')}; Token Connect takes hex.`)]),
    ...(typeof oaepHashingAlgorithm === 'string' &&
    /^sha-?\d{1,3}$/i.test(oaepHashingAlgorithm) &&
    !/^SHA(256|512)$/.test(oaepHashingAlgorithm)
      ? [
          proven(
            'OAEP_HASH_NAME',
            `${at}.oaepHashingAlgorithm is ${oaepHashingAlgorithm}; SHA256 and SHA512 are allowed.`,
          ),
        ]
      : []),
  ]
}

/** A name that a text may repeat. */
function safeName(name: string): string {
  return /^[A-Za-z_]{1,40}$/.test(name) ? name : 'a member'
}

/** Whether it has two of the members that only encryption makes. */
function isSealed(value: object): boolean {
  const names = Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? [otherNames[name] ?? name] : [],
  )
  return sealedMembers.filter((member) => names.includes(member)).length >= 2
}

/** Whether a member of this name belongs to an encrypted object, here or in another API. */
export function isOfEncryption(name: string): boolean {
  return (
    name === '$' ||
    binaryMembers.includes(name) ||
    otherNames[name] !== undefined ||
    name === 'oaepHashingAlgorithm'
  )
}

/** Every object inside, its outermost first; bounded. */
function objectsIn(json: unknown): readonly Place[] {
  const found: Place[] = []
  const waiting: { readonly path: readonly string[]; readonly value: unknown }[] = [
    { path: [], value: json },
  ]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { path, value } = next
    if (typeof value !== 'object' || value === null || path.length > 8 || found.length > 100)
      continue
    if (!Array.isArray(value)) found.push({ path, object: value as Place['object'] })
    for (const [name, member] of firstMembers(value))
      waiting.push({ path: [...path, name], value: member })
  }
  return found
}

const mostMembers = 50

/** Without making a list of all of them first, which takes long for a million. */
function* firstMembers(value: object): Generator<readonly [string, unknown]> {
  let count = 0
  for (const name in value) {
    if (count === mostMembers) return
    count += 1
    yield [name, (value as Readonly<Record<string, unknown>>)[name]]
  }
}
