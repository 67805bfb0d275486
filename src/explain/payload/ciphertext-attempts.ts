import type { Cause } from '../../errors.ts'
import type { Mode } from '../../keys/decryption-attempts.ts'
import { type CauseCode, likely, proven } from './causes.ts'

/** The members of a payload as bytes. */
export type Sealed = {
  readonly data: Uint8Array
  readonly declared: 'CBC' | 'GCM' | undefined
  readonly iv: Uint8Array | undefined
  readonly tag: Uint8Array | undefined
  readonly aad: Uint8Array | undefined
  readonly aadText: string | undefined
}

/** One way to decrypt; its causes are what it differs in from what was declared. */
export type Attempt = {
  readonly mode: Mode
  readonly iv: Uint8Array
  /** The ciphertext without what was put before it. */
  readonly data: Uint8Array
  readonly causes: readonly Cause[]
  /** Where text must come out: at the start, all through as JSON, or in all but the first block, whose iv is lost. */
  readonly readable: 'start' | 'whole' | 'rest'
}

/** Likeliest first. */
export function* attempts(sealed: Sealed): Generator<Attempt> {
  const families =
    sealed.declared === 'GCM'
      ? [gcmAttempts, cbcAttempts, otherAttempts]
      : [cbcAttempts, gcmAttempts, otherAttempts]
  for (const family of families) yield* family(sealed)
  yield* restAttempts(sealed)
}

function* cbcAttempts({ data, declared, iv }: Sealed): Generator<Attempt> {
  const cbc = (used: Uint8Array, rest: Uint8Array, ...causes: readonly Cause[]): Attempt => ({
    mode: 'cbc',
    iv: used,
    data: rest,
    causes: [...modeCauses('CBC', declared), ...causes],
    readable: 'start',
  })
  const zeros = Buffer.alloc(16)
  if (iv === undefined || iv.length === 16) yield cbc(iv ?? zeros, data)
  else {
    const fitted = Buffer.concat([iv, zeros]).subarray(0, 16)
    yield cbc(
      fitted,
      data,
      ivLength('CBC', iv, iv.length < 16 ? 'zeros behind it' : 'its first 16 bytes'),
    )
  }
  if (iv !== undefined)
    yield cbc(zeros, data, proven('IV_ZERO_USED', 'It decrypts with sixteen zeros, not with iv.'))
  if (data.length < 32) return
  const prepended = cbc(
    data.subarray(0, 16),
    data.subarray(16),
    proven('IV_PREPENDED', 'The first 16 bytes of encryptedData are the iv.'),
  )
  // The same blocks are readable, from the second on, where the iv is merely another one.
  const isSent = iv !== undefined && Buffer.from(prepended.iv).equals(iv)
  yield { ...prepended, readable: isSent ? 'start' : 'whole' }
}

function* gcmAttempts({ data, declared, iv }: Sealed): Generator<Attempt> {
  const gcm = (used: Uint8Array, rest: Uint8Array, ...causes: readonly Cause[]): Attempt => ({
    mode: 'gcm',
    iv: used,
    data: rest,
    causes: [...modeCauses('GCM', declared), ...causes],
    readable: 'start',
  })
  if (iv !== undefined && iv.length > 0) {
    yield gcm(iv, data, ...(iv.length === 12 ? [] : [ivLength('GCM', iv, 'all of it')]))
    if (iv.length > 12)
      yield gcm(iv.subarray(0, 12), data, ivLength('GCM', iv, 'its first 12 bytes'))
  }
  for (const length of [12, 16])
    yield gcm(
      Buffer.alloc(length),
      data,
      proven('IV_ZERO_USED', `It decrypts with AES-GCM and an iv of ${length} zeros.`),
    )
  for (const length of [12, 16])
    if (data.length > length + 16)
      yield gcm(
        data.subarray(0, length),
        data.subarray(length),
        proven('IV_PREPENDED', `The first ${length} bytes of encryptedData are the iv.`),
      )
}

function* otherAttempts({ data, iv }: Sealed): Generator<Attempt> {
  const unsupported = (name: string) => [
    proven('CIPHER_MODE_UNSUPPORTED', `It decrypts with AES-${name}.`),
  ]
  yield { mode: 'ecb', iv: Buffer.alloc(0), data, causes: unsupported('ECB'), readable: 'start' }
  if (iv?.length === 16)
    yield { mode: 'ctr', iv, data, causes: unsupported('CTR'), readable: 'start' }
}

function* restAttempts({ data, declared, iv }: Sealed): Generator<Attempt> {
  if (data.length < 32) return
  const [code, because]: [CauseCode, string] =
    iv === undefined
      ? ['IV_NOT_SENT', 'iv is absent, and sixteen zeros do not fit']
      : iv.length === 16
        ? ['IV_OF_ANOTHER_MESSAGE', 'iv is not the one that was used']
        : ['IV_LENGTH', `iv has ${iv.length} bytes; AES-CBC takes 16`]
  yield {
    mode: 'cbc',
    iv: data.subarray(0, 16),
    data: data.subarray(16),
    causes: [
      ...modeCauses('CBC', declared),
      // Where there is an iv of the right length, it may as well be the first block that was changed.
      code === 'IV_OF_ANOTHER_MESSAGE'
        ? likely(
            code,
            `${because}, or the first block of encryptedData was changed: all but the first 16 bytes decrypts to readable text.`,
          )
        : proven(code, `${because}: all but the first 16 bytes decrypts to readable text.`),
    ],
    readable: 'rest',
  }
}

function modeCauses(used: 'CBC' | 'GCM', declared: Sealed['declared']): readonly Cause[] {
  if (used === (declared ?? 'CBC')) return []
  return declared === undefined
    ? [
        proven(
          'CIPHER_MODE_NOT_DECLARED',
          'It decrypts with AES-GCM; algorithmCipherMode is absent.',
        ),
      ]
    : [
        proven(
          'CIPHER_MODE_MISMATCH',
          `It decrypts with AES-${used}; algorithmCipherMode says ${declared}.`,
        ),
      ]
}

function ivLength(mode: 'CBC' | 'GCM', { length }: Uint8Array, used: string): Cause {
  return proven(
    'IV_LENGTH',
    `iv has ${length} bytes; AES-${mode} takes ${mode === 'CBC' ? 16 : 12}. It decrypts with ${used}.`,
  )
}
