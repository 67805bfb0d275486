import type { Cause, Comparison, Explanation } from '../../errors.ts'
import type { Keyring } from '../../keys/keyring.ts'
import { type EncryptedPayload, fingerprintsOf } from '../../keys/payload-encryption.ts'
import { type BinaryText, readBinary } from './binary-text.ts'
import { likely, proven } from './causes.ts'
import { examineCiphertext } from './ciphertext.ts'
import { examineFingerprint, type FingerprintFinding } from './fingerprint.ts'
import { explainPlaintext, isSingleAccount } from './plaintext.ts'
import { examineWrappedKey, type KeyFinding } from './wrapped-key.ts'

/**
 * Why an encrypted payload was refused with CRYPTOGRAPHY_ERROR, found by trying. What comes out is never quoted, only classified.
 *
 * @param operation `pushAccount` or `pushMultipleAccounts`, or its path.
 * @returns no causes where nothing is wrong.
 */
export async function explainDecryption(
  payload: EncryptedPayload,
  known: Keyring['encryption'],
  operation: string,
): Promise<Explanation> {
  return explain(payload, known, operation)
}

function explain(
  payload: EncryptedPayload,
  { certificate, privateKey }: Keyring['encryption'],
  operation: string,
): Explanation {
  const binary = {
    encryptedKey: readBinary(payload.encryptedKey),
    encryptedData: readBinary(payload.encryptedData),
    iv: optionally(payload.iv),
    tag: optionally(payload.tag),
    aad: optionally(payload.aad),
  }
  const fingerprint = examineFingerprint(payload.publicKeyFingerprint, certificate)
  const key = examineWrappedKey(binary.encryptedKey.bytes, payload.oaepHashingAlgorithm, privateKey)
  const content = examineCiphertext(
    {
      data: binary.encryptedData.bytes,
      declared: payload.algorithmCipherMode,
      iv: binary.iv?.bytes,
      tag: binary.tag?.bytes,
      aad: binary.aad?.bytes,
      aadText: payload.aad,
    },
    key.candidates,
  )
  const inside =
    content?.plaintext && content.causes.every(({ code }) => code !== 'TAG_MISMATCH')
      ? explainPlaintext(content.plaintext, operation)
      : undefined
  const causes: readonly Cause[] = [
    ...operationCauses(payload, operation),
    ...textCauses(binary),
    ...encodingCauses(binary, key.opened, content !== undefined),
    ...certificateCauses(fingerprint, key, content !== undefined),
    ...(content === undefined ? contentCauses(key, binary.encryptedData.bytes) : content.causes),
    ...(inside === undefined ? [] : [inside]),
  ]
  return {
    causes: [...causes.filter((cause) => cause.proven), ...causes.filter((cause) => !cause.proven)],
    comparisons: [
      ...(fingerprint.of === 'this certificate' && fingerprint.cause === undefined
        ? []
        : fingerprintComparison(payload.publicKeyFingerprint, certificate)),
      ...key.comparisons,
    ],
  }
}

type Binary = Readonly<Record<string, BinaryText | undefined>>

function optionally(text: string | undefined): BinaryText | undefined {
  return text === undefined ? undefined : readBinary(text)
}

function operationCauses(payload: EncryptedPayload, operation: string): readonly Cause[] {
  return isSingleAccount(operation) && payload.algorithmCipherMode === 'GCM'
    ? [proven('GCM_NOT_FOR_PUSH_ACCOUNT', 'pushAccount takes CBC only; this is declared GCM.')]
    : []
}

/** Bytes that went through text hold U+FFFD for whatever was no UTF-8. */
function textCauses(binary: Binary): readonly Cause[] {
  const spoiled = ['encryptedKey', 'encryptedData', 'iv'].filter((member) => {
    const bytes = Buffer.from(binary[member]?.bytes.subarray(0, 4096) ?? [])
    const first = bytes.indexOf('\ufffd')
    return first >= 0 && bytes.indexOf('\ufffd', first + 3) >= 0
  })
  return spoiled.length === 0
    ? []
    : [
        proven(
          'BYTES_AS_TEXT',
          `${spoiled.join(', ')}: holds the replacement character U+FFFD more than once, so bytes were turned into text on the way.`,
        ),
      ]
}

function encodingCauses(binary: Binary, keyOpened: boolean, dataRead: boolean): readonly Cause[] {
  const wrong = Object.entries(binary).flatMap(([member, text]) =>
    text === undefined || text.form === 'hex' ? [] : [{ member, form: text.form }],
  )
  if (wrong.length === 0) return []
  const because = `${wrong.map(({ member, form }) => `${member} is ${form}`).join(', ')}; Token Connect takes hex.`
  const opens = wrong.some(({ member }) => (member === 'encryptedKey' ? keyOpened : dataRead))
  return [proven('ENCODING_NOT_HEX', opens ? `${because} Read so, it opens.` : because)]
}

function certificateCauses(
  fingerprint: FingerprintFinding,
  key: KeyFinding,
  dataRead: boolean,
): readonly Cause[] {
  if (fingerprint.of === 'this certificate') {
    const own = fingerprint.cause === undefined ? [] : [fingerprint.cause]
    if (key.opened) return [...own, ...key.causes]
    // The AES key was there in clear, which is said of the ciphertext.
    if (dataRead) return own
    return [
      ...own,
      ...key.causes,
      foreignKey(
        key,
        'KEY_WRAPPED_FOR_ANOTHER_KEY',
        'publicKeyFingerprint names this certificate, but encryptedKey opens with no RSA padding: wrapped for another key, or changed.',
      ),
    ]
  }
  if (key.opened)
    return [
      proven(
        'FINGERPRINT_WRONG',
        'encryptedKey opens with this key, but publicKeyFingerprint is of another certificate.',
      ),
      ...key.causes,
    ]
  const because =
    'publicKeyFingerprint is of another certificate, and encryptedKey opens with no RSA padding.'
  return [
    fingerprint.known === undefined
      ? foreignKey(key, 'KEY_OF_ANOTHER_ENVIRONMENT', because)
      : proven('KEY_OF_ANOTHER_ENVIRONMENT', `${because} It is of ${fingerprint.known}.`),
    ...key.causes,
  ]
}

function foreignKey(
  { impossible }: KeyFinding,
  code: 'KEY_OF_ANOTHER_ENVIRONMENT' | 'KEY_WRAPPED_FOR_ANOTHER_KEY',
  because: string,
): Cause {
  return impossible
    ? proven(code, `${because} Its number is beyond this key's modulus.`)
    : likely(code, because)
}

/** What is left to say where nothing readable came out. */
function contentCauses(key: KeyFinding, data: Uint8Array): readonly Cause[] {
  if (!key.opened) return []
  const [candidate] = key.candidates
  const tried =
    'The AES key opens, but with it encryptedData is readable in no mode and with no iv that was tried'
  return [
    ...(candidate?.causes ?? []),
    likely('CIPHERTEXT_OF_ANOTHER_KEY', `${tried}: encrypted with another key, or changed.`),
    ...(data.length % 16 === 0
      ? []
      : [
          likely(
            'CIPHERTEXT_INCOMPLETE',
            `encryptedData has ${data.length} bytes, which AES-CBC does not make.`,
          ),
        ]),
    likely('PLAINTEXT_NOT_TEXT', `${tried}: or what was encrypted was no text.`),
  ]
}

function fingerprintComparison(
  sent: string,
  certificate: Keyring['encryption']['certificate'],
): readonly Comparison[] {
  const [expected = ''] = fingerprintsOf(certificate)
  // Anything may be in there; only what has the form of a fingerprint is repeated.
  const isFingerprint = /^[\da-f]{40,64}$/i.test(sent) && /[a-f]/i.test(sent)
  return [
    {
      what: 'publicKeyFingerprint',
      expected,
      ...(isFingerprint && { received: sent, differsAt: firstDifference(expected, sent) }),
    },
  ]
}

function firstDifference(expected: string, received: string): number {
  const lower = received.toLowerCase()
  const at = [...expected].findIndex((character, index) => character !== lower[index])
  return at < 0 ? expected.length : at
}
