/*
 * What a rule is made of. Rules are data, and light: tests play them, `mdes-sim explain` and the README print them.
 */

export const operations = [
  'pushMultipleAccounts',
  'pushAccount',
  'getEligibleTokenRequestors',
  'getAsset',
] as const
export type Operation = (typeof operations)[number]

export type FaultKind =
  | 'missing'
  | 'wrong type'
  | 'too short'
  | 'too long'
  | 'bad format'
  | 'bad value'

/** `undefined` leaves a member out. */
export type Example =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Example[]
  | { readonly [member: string]: Example }

export type FieldRule = {
  /** From where its section stands; `0` is any item of an array. */
  readonly path: string
  readonly presence: string
  /** What may stand there, in words. */
  readonly allowed: string
  /** What each kind of fault looks like; a kind that cannot occur is absent. */
  readonly faults: Readonly<Partial<Record<FaultKind, readonly Example[]>>>
}

/** Where something stands in the request of each operation that has it, as if nothing were encrypted. */
export type Places = Readonly<Partial<Record<Operation, string>>>

export type Section = {
  readonly title: string
  readonly at: Places
  /** Whether it is inside the ciphertext. */
  readonly encrypted: boolean
  /** Other members, from the same place, without which its fields are not there. */
  readonly given?: Readonly<Record<string, Example>>
  readonly fields: readonly FieldRule[]
}

/** A rule that is not of one field alone. */
export type SpecialRule = {
  /** Completes "refused when". */
  readonly when: string
  /** `request` answers for all, `account` for one account of several. */
  readonly layer: 'request' | 'account'
  readonly reasonCode: string
  /** What the text on the wire names. */
  readonly field?: string
  /** Refused with `--pedantic` only; otherwise a leniency in the journal. */
  readonly pedantic?: true
  /** Who must be pushed to for it to hold, if not anybody will do. */
  readonly tokenRequestorId?: string
  readonly at: Places
  readonly encrypted: boolean
  /** How to break it: another body altogether, or other members from the place where it stands. */
  readonly example: { readonly body: string } | Readonly<Record<string, Example>>
}

/** The whole path of a member below a place. */
export function pathIn(place: string, path: string): string {
  return [place, path].filter((part) => part !== '').join('.')
}
