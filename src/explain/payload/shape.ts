import type { Cause, Explanation, Fault } from '../../errors.ts'
import { type CauseCode, likely, proven } from './causes.ts'
import { examineEncryptedPlace, isOfEncryption } from './encrypted-place.ts'
import { type KnownMembers, type UnknownMember, unknownMembers } from './unknown-members.ts'

/**
 * Why a message has not the shape of its operation: members that no operation knows, with the name that was probably meant; encrypted objects in
 * the wrong place; and of each value that was refused its kind. No value is quoted.
 */
export function explainShape(
  json: unknown,
  knownMembers: KnownMembers,
  faults: readonly Fault[],
): Explanation {
  const encryption = examineEncryptedPlace(json, knownMembers)
  const refused = faults
    .filter(({ code }) => code !== 'INVALID_JSON' || encryption.length === 0)
    .map(refusedMember)
  const under = placeOf(json, refused)
  const unknown = unknownMembers(json, knownMembers)
    // What is wrong with the encryption has been named already, and better.
    .filter(({ name }) => encryption.length === 0 || !isOfEncryption(name))
    .map((member) => ({
      ...member,
      path: under + member.path,
      knownAt: member.knownAt.map((path) => under + path),
    }))
  const explained = new Set([
    ...unknown.flatMap((member) => missingFor(member, refused) ?? []),
    ...(encryption.length > 0 ? refused.filter(({ path }) => isAroundEncryption(path)) : []),
  ])
  const causes = [
    ...encryption,
    ...unknown.flatMap((member) => nameCause(member, refused) ?? []),
    ...refused.filter((member) => !explained.has(member)).map(valueCause),
  ]
  return {
    causes: [...causes.filter((cause) => cause.proven), ...causes.filter((cause) => !cause.proven)],
    comparisons: [],
  }
}

/** Where the message begins: nowhere, or at the accounts that were decrypted, which faults name by their place in the whole. */
function placeOf(json: unknown, refused: readonly Refused[]): string {
  const isWhole =
    typeof json === 'object' &&
    json !== null &&
    ['requestId', 'tokenRequestorId'].some((name) => name in json)
  const place = refused.flatMap(
    ({ path }) => /^pushFundingAccounts?\.encryptedPayload\.encryptedData(?=\.|$)/.exec(path) ?? [],
  )[0]
  return isWhole || place === undefined ? '' : `${place}.`
}

/** What a fault says of a member. */
type Refused = {
  readonly code: string
  /** Dotted. */
  readonly path: string
  readonly field: string
  readonly expected: string
}

function refusedMember({ code, because, facts }: Fault): Refused {
  const { path = '' } = facts ?? {}
  const expected = because.startsWith(`${path}: `) ? because.slice(path.length + 2) : because
  return { code, path, field: facts?.field ?? path.split('.').at(-1) ?? '', expected }
}

function isAroundEncryption(path: string): boolean {
  return /^pushFundingAccounts?(\.encryptedPayload(\.\w+)?)?$/.test(path)
}

/** The missing member that an unknown one was meant to be. */
function missingFor(
  { path, name, didYouMean, knownAt }: UnknownMember,
  refused: readonly Refused[],
): Refused | undefined {
  const missing = refused.filter(({ code }) => code === 'MISSING_REQUIRED_FIELD')
  const sibling = [path.slice(0, -name.length), didYouMean].join('')
  return missing.find(
    (member) =>
      (didYouMean !== undefined && member.path === sibling) ||
      knownAt.includes(ofFirst(member.path)),
  )
}

/** Names are known of the first item of a list, and of the others alike. */
function ofFirst(path: string): string {
  return path.replace(/\.\d+(?=\.|$)/g, '.0')
}

function nameCause(member: UnknownMember, refused: readonly Refused[]): Cause | undefined {
  const { path, name, didYouMean, knownAt } = member
  const missing = missingFor(member, refused)
  const [place] = knownAt
  const misplaced = `${path}: ${name} is known, but belongs at ${knownAt.slice(0, 3).join(' or ')}.`
  if (missing !== undefined)
    return knownAt.includes(ofFirst(missing.path))
      ? proven('MEMBER_MISPLACED', misplaced)
      : proven('MEMBER_MISSPELT', `${path}: no such member; ${missing.path} is missing.`)
  if (place !== undefined) return likely('MEMBER_MISPLACED', misplaced)
  return didYouMean === undefined
    ? refused.length === 0
      ? likely('MEMBER_UNKNOWN', `${path}: no such member.`)
      : undefined
    : likely('MEMBER_MISSPELT', `${path}: no such member; did you mean ${didYouMean}?`)
}

const causeOfCode: Readonly<Record<string, CauseCode>> = {
  INVALID_JSON: 'WRONG_TYPE',
  AUTHORIZATION_FAILED: 'WRONG_VALUE',
  MISSING_REQUIRED_FIELD: 'MEMBER_MISSING',
  INVALID_FIELD_FORMAT: 'WRONG_TYPE',
  INVALID_FIELD_LENGTH: 'WRONG_LENGTH',
  INVALID_FIELD_VALUE: 'WRONG_VALUE',
}

function valueCause({ code, path, field, expected }: Refused): Cause {
  const cause = proven(
    causeOfCode[code] ?? 'WRONG_VALUE',
    `${path || 'body'}: ${withoutDigits(expected)}.`,
  )
  const isMissing = code === 'MISSING_REQUIRED_FIELD'
  const fix = Object.hasOwn(fieldFixes, field) && !isMissing ? fieldFixes[field] : undefined
  return fix === undefined ? cause : { ...cause, fix }
}

/** What clients usually get wrong about a field. */
const fieldFixes: Readonly<Record<string, string>> = {
  accountNumber: 'Send the 9 to 19 digits of the card number without blanks or dashes.',
  accountRanges:
    'Send the start of an account range, 9 to 19 digits; a BIN of 6 or 8 digits is too short.',
  callbackURL:
    'Send an absolute URL of at most 256 characters as it is, not percent-encoded: https, http or the scheme of an app.',
  countryCode: 'Send three letters in upper case (ISO 3166-1 alpha-3), such as USA.',
  country: 'Send three letters in upper case (ISO 3166-1 alpha-3), such as USA.',
  dataValidUntilTimestamp:
    'Send ISO 8601 with seconds and an offset, such as 2026-01-31T12:30:00Z.',
  expiryMonth: 'Send two digits, 01 to 12.',
  expiryYear: 'Send the last two digits of the year.',
  locale: 'Send ll_CC with an underscore, such as en_US.',
  pushAccountId: 'Give each account a pushAccountId of its own, of 1 to 36 characters.',
  pushAccountReceiptsValidityPeriod: 'Send whole minutes, 5 to 15, as a JSON number; not seconds.',
  tokenRequestorId:
    'Send the id of a token requestor that getEligibleTokenRequestors names; Click to Pay is 50123197928.',
}

/** What a fault says is allowed may repeat what came. */
function withoutDigits(text: string): string {
  return text.replace(/\d{12,}/g, 'digits').replace(/\.$/, '')
}
