import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { problemStatuses } from '../../src/click-to-pay/pages.ts'
import { explain } from '../../src/commands/explain.ts'
import { glossary, groups } from '../../src/commands/glossary.ts'
import { statuses } from '../../src/scenarios/statuses.ts'
import { apiErrors, gatewayRefusals } from '../../src/token-connect/refusals.ts'
import { sections, specialRules } from '../../src/token-connect/rules.ts'

function explained(code?: string): string {
  const lines: string[] = []
  explain(code, (line) => lines.push(line))
  return lines.join('\n')
}

describe('mdes-sim explain', () => {
  test('has every code that the simulator gives', () => {
    const codes = glossary().map(({ code }) => code)
    const given = [gatewayRefusals, apiErrors, statuses, problemStatuses].flatMap((table) =>
      Object.keys(table),
    )
    expect(given.filter((code) => !codes.includes(code))).toEqual([])
  })

  test('tells a gateway code', () => {
    expect(explained('INVALID_BODY_HASH')).toMatchInlineSnapshot(`
      "INVALID_BODY_HASH (gateway)

        The payload that came is not the one that was signed.

        Layer        gateway: an envelope of its own, Errors.Error[]
        HTTP status  400
        Source       Gateway
        ReasonCode   INVALID_BODY_HASH
        Description  Bad Request - The provided oauth_body_hash does not match the RSA-SHA256
                     hash of the request payload. Calculated: {hash}, Received: {hash}
        Recoverable  false
        How sure     observed: the wording since 2023; older reports lack "Bad Request - "

      How to fix it
        Serialise once, sign those bytes and send those bytes. An HTTP client that serialises
        anew, escapes slashes or encrypts after signing breaks it. A GET has the hash of
        nothing.

      When it comes
        - when oauth_body_hash is not the SHA-256 of the bytes that came"
    `)
  })

  test('tells a code of the operations, with the rules that give it', () => {
    expect(explained('CRYPTOGRAPHY_ERROR')).toMatchInlineSnapshot(`
      "CRYPTOGRAPHY_ERROR (request)

        The encrypted payload could not be opened.

        Layer        request: "errors" beside responseId
        HTTP status  200, or 400 with assumptions.errorStatus: 400
        source       INPUT
        reasonCode   CRYPTOGRAPHY_ERROR
        description  Cryptography Error
        How sure     the code is documented for sibling APIs of MDES; that it is used here is
                     assumed

      How to fix it
        See which step failed: fingerprint of another certificate, key wrapped with another
        padding or hash, wrong iv, base64 in place of hexadecimal. Mastercard's
        client-encryption libraries get it right when configured without "$." in their paths
        (Node, Python).

      When it comes
        - when publicKeyFingerprint is not of the encryption certificate
          (pushMultipleAccounts, pushAccount)
        - when encryptedKey does not open, because it was wrapped for another key or with
          another padding or hash (pushMultipleAccounts, pushAccount)
        - when encryptedData does not decrypt to JSON, or is not hexadecimal
          (pushMultipleAccounts, pushAccount)
        - when iv has the length of the other cipher mode (an absent algorithmCipherMode means
          CBC) (pushMultipleAccounts, pushAccount)
        - when tag does not fit the ciphertext and aad (pushMultipleAccounts)
        - with --pedantic only, when it is AES-GCM at all, since how its tag is sent is not
          documented (pushMultipleAccounts)"
    `)
  })

  test('names every field and every rule under its code', () => {
    const text = [
      'MISSING_REQUIRED_FIELD',
      'INVALID_FIELD_FORMAT',
      'INVALID_FIELD_LENGTH',
      'INVALID_FIELD_VALUE',
      'CRYPTOGRAPHY_ERROR',
      'INVALID_JSON',
      'ACCOUNT_INELIGIBLE',
      'UNRECOGNIZED_FIELD',
    ]
      .map((code) => explained(code))
      .join('\n')
    const flat = text.replace(/\s+/g, ' ')
    const fields = sections.flatMap((section) => section.fields.map(({ path }) => path))
    expect(fields.filter((path) => !text.includes(path.replaceAll('.0', '[]')))).toEqual([])
    expect(specialRules.filter(({ when }) => !flat.includes(when))).toEqual([])
  })

  test('takes any case, and tells what shares a code on the wire', () => {
    expect(explained('nonce-replayed')).toBe(explained('NONCE_REPLAYED'))
    expect(explained('NONCE_REPLAYED')).toMatch(/ReasonCode +AUTHENTICATION_FAILED/)
    const all = explained('authentication_failed')
    for (const code of ['UNKNOWN_CONSUMER_KEY', 'TIMESTAMP_OUT_OF_RANGE', 'NONCE_REPLAYED'])
      expect(all).toContain(explained(code))
  })

  test('tells a word that means two things twice', () => {
    expect(explained('DECLINED')).toMatch(/DECLINED \(gateway\)[\s\S]*DECLINED \(status\)/)
    expect(explained('DUPLICATE_REQUEST')).toMatch(
      /\(sibling\)[\s\S]*a scenario may[\s\S]*\(status\)/,
    )
  })

  test('lists all codes in their groups, a line each', () => {
    const lines = explained().split('\n')
    for (const title of Object.values(groups)) expect(lines).toContain(title)
    for (const { code } of glossary())
      expect(lines.filter((line) => line.startsWith(`  ${code} `)).length, code).toBeGreaterThan(0)
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  })

  test('fits a terminal', () => {
    const wide = glossary().flatMap(({ code }) =>
      explained(code)
        .split('\n')
        .filter((line) => line.length > 100),
    )
    expect(wide).toEqual([])
  })

  test('knows what was meant, and exits with 2', () => {
    const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
    const { status, stderr, stdout } = spawnSync(process.execPath, [cli, 'explain', 'DECLIND'], {
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      'there is no code DECLIND, did you mean "DECLINED"? "mdes-sim explain" lists all of them.\n',
    )
  })
})
