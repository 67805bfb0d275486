import { namedCauses } from '../named-causes.ts'

const settings = {
  hash: 'Java withOaepPaddingDigestAlgorithm, Node and Python oaepPaddingDigestAlgorithm',
  hashName:
    'Java withOaepPaddingDigestAlgorithmFieldName("oaepHashingAlgorithm"), Node oaepHashingAlgorithmFieldName, Python oaepPaddingDigestAlgorithmFieldName',
  encoding:
    'Java withFieldValueEncoding(FieldValueEncoding.HEX), Node and Python dataEncoding "hex"',
  fingerprint:
    'Java withEncryptionCertificateFingerprint, Node publicKeyFingerprintType "certificate", Python encryptionCertificateFingerprint',
  certificate: 'Java withEncryptionCertificate, Node and Python encryptionCertificate',
  path: 'Java withEncryptionPath, Node and Python paths[].toEncrypt',
}

/** What to do about each mistake of encryption and of a message's shape; where Mastercard's libraries have a setting for it, its name. */
export const payloadFixes = {
  ENCODING_NOT_HEX: `Write every binary member in hex: ${settings.encoding}.`,
  BYTES_AS_TEXT:
    'Turn the bytes of the cipher into hex directly; as text in between, every byte that is no UTF-8 is lost.',

  KEY_OF_ANOTHER_ENVIRONMENT: `Encrypt with the certificate of this environment, here the simulator's: ${settings.certificate}.`,
  KEY_WRAPPED_FOR_ANOTHER_KEY: `Wrap the AES key with the public key of the certificate that the fingerprint names: ${settings.certificate}.`,
  ENCRYPTED_KEY_LENGTH:
    'Send what RSA-2048 makes, all 256 bytes with leading zeros, as 512 hex characters.',
  ENCRYPTED_KEY_NOT_WRAPPED:
    'Wrap the AES key with RSA-OAEP under the encryption certificate; never send it as it is.',

  FINGERPRINT_FORMULA: `Send the SHA-256 of the certificate in DER (or its SHA-1, or the SHA-256 of the public key): ${settings.fingerprint}.`,
  FINGERPRINT_FORMAT: `Send the fingerprint in hex and nothing else: ${settings.fingerprint}; dataEncoding "hex".`,
  FINGERPRINT_WRONG: `Only the fingerprint is wrong: send that of the certificate you encrypt with: ${settings.fingerprint}.`,

  OAEP_HASH_MISMATCH: `Declare the hash that is used, SHA256 or SHA512, and use it for OAEP and MGF1: ${settings.hash}.`,
  OAEP_MGF1_HASH:
    'Use the hash that oaepHashingAlgorithm declares for OAEP and for MGF1: in Java, for SHA512, new OAEPParameterSpec("SHA-512", "MGF1", MGF1ParameterSpec.SHA512, PSource.PSpecified.DEFAULT), because "OAEPWithSHA-512AndMGF1Padding" alone leaves MGF1 at SHA-1.',
  OAEP_NOT_DECLARED: `Send oaepHashingAlgorithm; a library sends it once its name is set: ${settings.hashName}.`,
  OAEP_DECLARED_PKCS1_USED: `Wrap with RSA-OAEP (${settings.hash}), or leave out oaepHashingAlgorithm: absent means PKCS#1 v1.5.`,

  AES_KEY_LENGTH: 'Use an AES key of 16 bytes, or of 32.',
  AES_KEY_ENCODED: 'Wrap the bytes of the AES key, not its text: decode hex or base64 before RSA.',

  IV_LENGTH: 'Send 16 bytes of iv with CBC and 12 with GCM, and encrypt with exactly those.',
  IV_ZERO_USED: 'Encrypt with the iv that is sent; sixteen zeros are used only where iv is absent.',
  IV_PREPENDED:
    'Send the iv in its own member, in hex, and take it off the front of encryptedData.',
  IV_NOT_SENT: 'Send the iv: Java withIvFieldName("iv"), Node and Python ivFieldName "iv".',
  IV_OF_ANOTHER_MESSAGE:
    'Send the iv that this message was encrypted with; make a new one each time.',

  CIPHER_MODE_NOT_DECLARED:
    'With AES-GCM send algorithmCipherMode "GCM", tag and aad; absent means CBC.',
  CIPHER_MODE_MISMATCH: 'Declare in algorithmCipherMode what is used: CBC or GCM.',
  CIPHER_MODE_UNSUPPORTED: 'Use AES-CBC with PKCS#7 padding ("AES/CBC/PKCS5Padding"), or AES-GCM.',
  GCM_NOT_FOR_PUSH_ACCOUNT:
    'Encrypt with AES-CBC, which is all that pushAccount takes, or call pushMultipleAccounts.',

  TAG_APPENDED:
    'Cut the last 16 bytes off the output of the cipher (Java and WebCrypto append the tag) and send them as tag, in hex.',
  TAG_LENGTH: 'Make a tag of 16 bytes (128 bits).',
  TAG_MISSING: 'Send the tag of AES-GCM, 16 bytes in hex, in the member tag.',
  TAG_MISMATCH: 'Send the tag and the aad that this very ciphertext was made with.',
  AAD_NOT_USED: 'Give the cipher the bytes of aad before encrypting (Java updateAAD, Node setAAD).',
  AAD_AS_TEXT: 'Decode the hex of aad to bytes before giving it to the cipher.',

  PADDING_ZERO: 'Use PKCS#7 padding, which Java calls PKCS5Padding; not zeros.',
  PADDING_MISSING: 'Use PKCS#7 padding; it is there even if the text fills its last block.',
  PADDING_OTHER: 'Use PKCS#7 padding; not ISO 10126 or ANSI X9.23.',
  CIPHERTEXT_INCOMPLETE:
    'Send all of the ciphertext, what the last call of the cipher returns too.',
  CIPHERTEXT_OF_ANOTHER_KEY:
    'Encrypt with the same AES key that is wrapped into encryptedKey, one pair for each message.',

  PLAINTEXT_NOT_JSON: 'Encrypt the JSON text of the accounts and nothing else.',
  PLAINTEXT_NOT_UTF8: 'Encrypt the UTF-8 bytes of the JSON, without a byte order mark.',
  PLAINTEXT_NOT_TEXT: 'Encrypt the JSON text as it is: not compressed, not encrypted before.',
  PLAINTEXT_ENCRYPTED_TWICE: `Encrypt once: either the library's interceptor does it or your code, and once only: ${settings.path}.`,
  PLAINTEXT_STRINGIFIED_TWICE: 'Encrypt the JSON of the accounts, not a JSON string that holds it.',
  PLAINTEXT_ONE_LEVEL_OFF: `Encrypt only what encryptedData stands for, from pushFundingAccounts.encryptedPayload.encryptedData to pushFundingAccounts.encryptedPayload: ${settings.path}.`,
  PLAINTEXT_OBJECT_NOT_ARRAY: 'Encrypt an array for pushMultipleAccounts, of one account too.',
  PLAINTEXT_ARRAY_NOT_OBJECT:
    'Encrypt a single account for pushAccount, or call pushMultipleAccounts.',

  // of a message's shape
  ENCRYPTION_PATH_WITH_DOLLAR:
    'Write the encryption paths without "$." in Node and Python: element "pushFundingAccounts.encryptedPayload.encryptedData", obj "pushFundingAccounts.encryptedPayload". Only Java takes "$.". Check that no card number left in clear.',
  ENCRYPTED_WHOLE_BODY:
    'Encrypt only the accounts, not the body ("$" to "$"): from pushFundingAccounts.encryptedPayload.encryptedData to pushFundingAccounts.encryptedPayload (Java withEncryptionPath, Node and Python paths[].toEncrypt).',
  ENCRYPTED_OBJECT_MISPLACED:
    'Let the encryption path end at pushFundingAccounts.encryptedPayload, and begin at its encryptedData (Java withEncryptionPath, Node and Python paths[].toEncrypt).',
  ENCRYPTED_AS_JWE:
    'Use FieldLevelEncryption of the library, not JweEncryption: Token Connect does not document JWE.',
  NOT_ENCRYPTED:
    'Encrypt the accounts before they are sent. If a library should have done it: its path must match that of the operation, and its element must exist in the body (Java withEncryptionPath, Node and Python paths[]).',
  ENCRYPTION_FIELD_NAME:
    'Name the fields as Token Connect does: encryptedValueFieldName "encryptedData", encryptedKeyFieldName "encryptedKey", ivFieldName "iv", publicKeyFingerprintFieldName (Java and Python: encryptionCertificateFingerprintFieldName) "publicKeyFingerprint", oaepHashingAlgorithmFieldName (Java and Python: oaepPaddingDigestAlgorithmFieldName) "oaepHashingAlgorithm".',
  FINGERPRINT_NOT_SENT:
    'Have the fingerprint sent: Java withEncryptionCertificateFingerprintFieldName("publicKeyFingerprint"), Node publicKeyFingerprintFieldName with publicKeyFingerprintType "certificate", Python encryptionCertificateFingerprintFieldName.',
  OAEP_HASH_NAME:
    'Send SHA256 or SHA512, without a dash; Mastercard\'s libraries send it so for oaepPaddingDigestAlgorithm "SHA-256" and "SHA-512".',

  OTHER_OPERATION:
    'Send pushFundingAccounts (and an array of accounts) to pushMultipleAccounts; pushFundingAccount (and one account) to pushAccount, which is deprecated.',
  MEMBER_MISSPELT: 'Write the name as the specification does, upper and lower case too.',
  MEMBER_MISPLACED: 'Move the member to where the specification has it.',
  MEMBER_UNKNOWN: 'Leave the member out: no operation knows it.',
  MEMBER_MISSING: 'Send the member.',
  WRONG_TYPE: 'Send the type that the specification declares.',
  WRONG_LENGTH: 'Send a value of the allowed length.',
  WRONG_VALUE: 'Send an allowed value.',

  BODY_EMPTY: 'Send the JSON of the request.',
  BYTE_ORDER_MARK: 'Write UTF-8 without BOM: new UTF8Encoding(false) in .NET.',
  NOT_UTF8: 'Encode the JSON as UTF-8, and sign and send the same bytes.',
  BODY_IS_XML: 'Send JSON: the API takes nothing else.',
  BODY_IS_A_FORM: 'Send JSON: the API takes nothing else.',
  SINGLE_QUOTES: 'Serialise with a JSON library; str() of a Python dict is not JSON.',
  NOT_SERIALISED: 'Serialise the request before you send it (JSON.stringify, json.dumps).',
  BODY_CUT: 'Send all of it: Content-Length counts bytes and not characters.',
  JSON_SYNTAX: 'Serialise with a JSON library; no comments and no comma after the last member.',
  JSON_TOO_DEEP: 'Look for an object that contains itself.',
} as const

export type CauseCode = keyof typeof payloadFixes

export const { proven, likely } = namedCauses<CauseCode>(payloadFixes)
