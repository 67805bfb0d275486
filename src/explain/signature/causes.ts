import type { Comparison } from '../../errors.ts'
import { namedCauses } from '../named-causes.ts'

/** Every mistake that can be named, and what to do about it. */
export const signatureFixes = {
  // The header
  AUTHORIZATION_MISSING:
    "Sign each request with OAuth 1.0a and send the result as the header Authorization. Mastercard's oauth1-signer libraries make it; with an interceptor, check that it is registered with the HTTP client that sends this request.",
  BEARER_SENT:
    'This API takes OAuth 1.0a, no access token: drop the token and sign each request with the key of the consumer key.',
  BASIC_SENT:
    'This API takes OAuth 1.0a, no user name and password: sign each request with the key of the consumer key.',
  OTHER_SCHEME:
    'Begin the header with "OAuth ", then name="value" pairs between commas, as Mastercard\'s oauth1-signer libraries do.',
  SCHEME_MISSING: 'Put "OAuth " in front of the first parameter.',
  QUOTES_MISSING: 'Put each value between double quotes: oauth_nonce="abc".',
  WRONG_SEPARATOR: 'Separate the parameters with commas.',
  PARAMETER_TWICE:
    'Send each parameter once. When two interceptors or filters sign, or one is registered twice, remove one.',
  HEADER_MALFORMED:
    'Write name="value" pairs between commas, and percent-encode commas and quotes inside values.',
  HMAC_DECLARED:
    'Configure the OAuth library for RSA: oauth_signature_method must be RSA-SHA256, made with the private signing key. There is no shared secret.',
  OTHER_METHOD_DECLARED: 'Declare and sign RSA-SHA256 (or RSA-PSS).',
  OTHER_VERSION_DECLARED: 'Send oauth_version="1.0", or leave it out.',
  BODY_HASH_MISSING:
    "Generic OAuth 1.0a libraries do not know oauth_body_hash. Use Mastercard's oauth1-signer, or add oauth_body_hash = base64(SHA-256(body bytes)) to the parameters before signing, on requests without a body too.",
  PARAMETER_MISSING: 'Add the parameter, to the header and to the base string.',

  // The consumer key
  CONSUMER_KEY_ENCODED_TWICE: 'Percent-encode oauth_consumer_key at most once: ! becomes %21.',
  CONSUMER_KEY_WHITE_SPACE:
    'Trim the consumer key where it is read; a copied line or an environment file often ends with a blank.',
  CONSUMER_KEY_CLIENT_ID_ONLY:
    'Use the whole consumer key: client id, "!", then the key id, 97 characters in all.',
  CONSUMER_KEY_WITHOUT_MARK:
    'Keep the "!" between client id and key id. A shell expands it: put the value between single quotes.',
  CONSUMER_KEY_TRUNCATED: 'Use the whole consumer key, 97 characters in all.',
  CONSUMER_KEY_CASE: 'Keep upper and lower case as they are: consumer keys are case-sensitive.',
  CONSUMER_KEY_OF_OTHER_PROJECT:
    'Send the consumer key that belongs to the signing key, or sign with the key that belongs to this consumer key.',
  CONSUMER_KEY_MISTYPED: 'Compare the consumer key with the registered one, and copy it anew.',
  CONSUMER_KEY_NOT_REGISTERED:
    'Use the consumer key printed at the start, or register this one with its public key under "issuers" in the configuration file.',

  // The clock and the nonce
  TIMESTAMP_IN_OTHER_UNIT:
    'Send whole seconds since 1970: Date.now divided by 1000 and rounded down in JavaScript, System.currentTimeMillis() / 1000, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), int(time.time()).',
  TIMESTAMP_NOT_A_NUMBER: 'Send whole seconds since 1970 in digits, such as 1767225600.',
  LOCAL_TIME_AS_UTC:
    'Take the time in UTC before turning it into seconds: DateTimeOffset.UtcNow.ToUnixTimeSeconds(), Instant.now().getEpochSecond(), int(time.time()). In Python, datetime.utcnow().timestamp() is wrong: it reads UTC as local time.',
  CLOCK_OFF:
    'Set the clock of the machine that signs by network time (NTP). In containers and virtual machines it may stand still while the host sleeps.',
  HEADER_REUSED:
    'Sign right before sending, and again for each retry: put the signer inside the retry, not around it, and never keep the header.',
  NONCE_CONSTANT:
    'Make a new random nonce for each request, from a source that differs between processes; do not seed it with a constant.',
  NONCE_FROM_TIMESTAMP:
    'Make the nonce random, of 16 letters and digits say; two requests in one second share a timestamp.',
  NONCE_TOO_SHORT: 'Make the nonce longer, 16 random letters and digits say.',

  // The body hash
  BODY_RESERIALISED:
    'Turn the object into text once, then sign and send that very text (or its bytes). Do not hand an object to the HTTP client: axios, RestTemplate, HttpClient.PostAsJsonAsync and requests(json=...) each write it their own way.',
  KEYS_SORTED:
    'Turn the object into text once, then sign and send that text; one of the two serialisers sorts the members.',
  CHARACTERS_ESCAPED:
    'Turn the object into text once, then sign and send that text; the two serialisers escape differently (PHP: JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE; Python: ensure_ascii; Gson: disableHtmlEscaping; System.Text.Json: Encoder).',
  LINE_ENDINGS_CHANGED:
    'Sign the bytes that are sent: a file or text conversion changed the line endings (curl: --data-binary, not --data).',
  SURROUNDING_WHITE_SPACE:
    'Sign the bytes that are sent: white space around the text was added or removed between signing and sending (curl: --data-binary, not --data).',
  BYTE_ORDER_MARK:
    'Sign and send UTF-8 without a byte order mark: in .NET new UTF8Encoding(false), in Python "utf-8" rather than "utf-8-sig".',
  OTHER_CHARSET:
    'Take the bytes as UTF-8 for both, the hash and the request: getBytes(StandardCharsets.UTF_8), Encoding.UTF8.GetBytes(...), text.encode("utf-8").',
  BODY_STRINGIFIED_TWICE:
    'Serialise once: the text is turned into JSON again, as though it were a value, by the signer or by the HTTP client.',
  OBJECT_NOT_SERIALISED:
    'Give the signer the JSON text, not the object: JSON.stringify(object) in JavaScript.',
  EMPTY_BODY_SIGNED:
    'Give the body to the signer. An interceptor must see it before it is streamed; some read a request body only once.',
  EMPTY_OBJECT_SIGNED: 'Give the signer the text that is sent, not an empty object.',
  SIGNED_BEFORE_ENCRYPTION:
    'Encrypt first, then sign what is sent: register the encryption interceptor so that it runs before the signing one.',
  BODY_ENCRYPTED_ANEW:
    'Encrypt once, then sign and send that result: each encryption has a new key and IV, so it never gives the same bytes.',
  BODY_CHANGED_AFTER_SIGNING:
    'Log the bytes when they are signed and when they are sent, and compare: something between them (HTTP client, interceptor, proxy) changed the body.',
  BODY_HASH_OTHER_DIGEST: 'Make oauth_body_hash with SHA-256.',
  BODY_HASH_NOT_BASE64:
    'Send the 32 bytes of the SHA-256 in base64, with + / = and 44 characters long; neither hex nor base64url nor base64 of the hex text.',
  BODY_HASH_ENCODED_TWICE: 'Percent-encode oauth_body_hash at most once.',

  // The form of the signature, the key and the algorithm
  SIGNATURE_NOT_PERCENT_ENCODED:
    'Percent-encode oauth_signature in the header: + / = become %2B %2F %3D.',
  SIGNATURE_ENCODED_TWICE: 'Percent-encode oauth_signature once: = becomes %3D, not %253D.',
  SIGNATURE_BASE64URL: 'Encode the signature with the base64 of + and /, not with base64url.',
  SIGNATURE_WITHOUT_PADDING: 'Keep the = at the end of the base64 (sent as %3D).',
  SIGNATURE_IN_HEX: 'Encode the signature in base64, not in hex.',
  SIGNATURE_WITH_WHITE_SPACE:
    'Make the base64 without line breaks: Base64.getEncoder() in Java, not getMimeEncoder(); openssl base64 -A.',
  SIGNATURE_PLUS_LOST: 'Send each + of the base64 as %2B; something read it as a blank.',
  SIGNATURE_OTHER_LENGTH:
    'Sign with the RSA private key of this consumer key; no shared secret, and no key of another kind or size.',
  SIGNATURE_DAMAGED: 'Compare the oauth_signature that was made with the one that arrived.',
  WRONG_KEY:
    'Sign with the private key of the project whose consumer key is sent. A keystore may hold several: check alias and file, and do not use the key for payload encryption.',
  PSS_DECLARED_PKCS1_SIGNED:
    'Declare oauth_signature_method RSA-SHA256, or pad with RSASSA-PSS (SHA-256, MGF1 with SHA-256, salt of 32 bytes).',
  PKCS1_DECLARED_PSS_SIGNED:
    'Pad with PKCS#1 v1.5 (Java SHA256withRSA, .NET RSASignaturePadding.Pkcs1, Python padding.PKCS1v15()), or declare oauth_signature_method RSA-PSS.',
  PSS_PARAMETERS_DIFFER:
    'Use RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes: new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1) in Java, saltLength: 32 in Node, salt_length=32 in Python.',
  OTHER_DIGEST_SIGNED:
    'Sign with SHA-256: SHA256withRSA in Java, HashAlgorithmName.SHA256 in .NET, hashes.SHA256() in Python, "RSA-SHA256" in Node.',
  DIGEST_WITHOUT_NAME:
    'Sign with SHA256withRSA (or what your library calls it), not by encrypting the bare digest with the private key (NONEwithRSA, privateEncrypt).',
  DIGEST_SIGNED_TWICE:
    'Give the base string itself to the function that signs: it makes the digest. To sign a digest, use the function made for that (.NET SignHash, Python Prehashed).',

  // The base string
  QUERY_NOT_SIGNED:
    'Give the signer the whole URL with its query, as it is sent; add the parameters before signing, not by an option of the HTTP client (axios params, requests params=) after it.',
  QUERY_NOT_NORMALISED:
    'Decode the names and values of the query, then percent-encode them once by RFC 3986, before they are sorted (RFC 5849, 3.4.1.3.2).',
  QUERY_SIGNED_DECODED:
    'Percent-encode the names and values of the query before they are sorted and joined (RFC 5849, 3.4.1.3.2).',
  QUERY_ENCODED_TWICE:
    'Decode the query before its values are percent-encoded for the base string; here they already were encoded in the URL. Give the signer the URL just as it is sent.',
  QUERY_SPACE_AS_PLUS:
    'Percent-encode a blank in a query value as %20 in the base string, not as +.',
  QUERY_LOWER_CASE_HEX:
    'Percent-encode the query with upper-case hex digits in the base string (%2F, not %2f).',
  QUERY_DUPLICATES_LOST:
    'Keep every value of a query parameter that occurs more than once; a map with one value per name loses some.',
  SIGNED_FOR_OTHER_PORT:
    'Sign the URL that is called, with its port. A port is left out only when it is the default of the scheme.',
  SIGNED_FOR_OTHER_HOST:
    "Sign the URL that is called. Behind a proxy, let it send X-Forwarded-Host and X-Forwarded-Proto, or sign for Mastercard's own hosts, which are accepted here too.",
  SIGNED_FOR_OTHER_SCHEME: 'Sign the URL that is called, with https where https is called.',
  SIGNED_FOR_OTHER_PATH:
    'Sign the URL that is called, after the base path was joined to it and any redirect or rewriting was done.',
  WHOLE_URL_SIGNED:
    'Leave the query out of the base URI, the second part of the base string; its parameters belong to the third.',
  BASE_URI_WITHOUT_ORIGIN:
    'Give the signer the absolute URL, with scheme and host, not only the path that the HTTP client was given.',
  OTHER_METHOD_SIGNED: 'Give the signer the HTTP method of the request.',
  METHOD_LOWER_CASE: 'Write the HTTP method in capitals in the base string.',
  HEADER_VALUES_BARE:
    'Sign the values as they stand in the header: either leave them bare there, or percent-encode them there before they are put into the base string too.',
  HEADER_VALUES_ENCODED:
    'Sign the values as they stand in the header: either send them bare, or put the encoded ones into the base string too.',
  VALUES_ENCODED_TWICE:
    'Put the values into the parameters as they stand in the header; the whole is then encoded once more, and no more than that.',
  VERSION_NOT_SIGNED: 'Put oauth_version into the base string when it is in the header.',
  VERSION_NOT_SENT: 'Send oauth_version in the header when it is in the base string.',
  BODY_HASH_NOT_SIGNED:
    'Add oauth_body_hash to the parameters before the base string is made; adding it to the finished header is too late.',
  SIGNATURE_METHOD_CHANGED:
    'Put the same oauth_signature_method into the base string and into the header.',
  SIGNATURE_INCLUDED: 'Leave oauth_signature out of the base string.',
  REALM_INCLUDED: 'Leave realm out of the base string.',
  EMPTY_TOKEN_INCLUDED:
    'Leave oauth_token out of the base string: there is none here. Tell the OAuth library to sign without a token.',
  PARAMETERS_NOT_SORTED: 'Sort the parameters by name, then by value, before they are joined.',
  PARAMETERS_SORTED_OTHERWISE:
    'Sort the parameters by name in byte order, then by value; compare names alone first, not "name=value", and not by the rules of a language.',
  BASE_STRING_NOT_ENCODED:
    'Percent-encode the base URI and the joined parameters before the three parts are joined with & (RFC 5849, 3.4.1.1).',
  BASE_STRING_PARTLY_ENCODED:
    'Percent-encode both, the base URI and the joined parameters (RFC 5849, 3.4.1.1).',
  BASE_STRING_ENCODED_WHOLE:
    'Percent-encode the base URI and the joined parameters, each by itself, and join them with a bare & (RFC 5849, 3.4.1.1).',
  BASE_STRING_ENCODED_TWICE: 'Percent-encode the base URI and the joined parameters once only.',
  LOWER_CASE_HEX:
    'Percent-encode with upper-case hex digits (%2F, not %2f): in .NET Uri.EscapeDataString rather than HttpUtility.UrlEncode.',
  RESERVED_CHARACTERS_LEFT:
    "Percent-encode ! ' ( ) * too: encodeURIComponent and Uri.EscapeDataString of .NET Framework leave them.",
  FORM_ENCODED:
    'Percent-encode by RFC 3986: URLEncoder of Java and quote_plus of Python write + for a blank and leave * or encode ~.',
  OTHER_BASE_STRING_SIGNED:
    'Log the base string that is signed, and compare it with the expected one from the left: method, base URI, then each parameter.',
  HEADER_CHANGED_AFTER_SIGNING:
    'Make nonce, timestamp and body hash once per request, and put the same values into the base string and the header.',
  SIGNED_FOR_UNKNOWN_URL: 'Sign the URL that is called: scheme, host, port, path and query.',

  REQUEST_TOO_LARGE_TO_EXPLAIN:
    'Try with a shorter header and URL; a header of OAuth 1.0a has about 900 characters.',
  NOT_EXPLAINED: 'Compare the request with one made by the official oauth1-signer.',
} as const satisfies Readonly<Record<string, string>>

/** Stable name of a mistake. */
export type CauseCode = keyof typeof signatureFixes

export const { proven, likely } = namedCauses<CauseCode>(signatureFixes)

export function comparison(
  what: string,
  expected: string,
  received: string | undefined,
): Comparison {
  if (received === undefined) return { what, expected }
  if (received === expected) return { what, expected, received }
  let at = 0
  while (at < expected.length && expected[at] === received[at]) at += 1
  return { what, expected, received, differsAt: at }
}

/** A value of the caller, short enough for a sentence. */
export function quoted(value: string): string {
  return value.length > 120 ? `"${value.slice(0, 117)}..."` : `"${value}"`
}

export function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}
