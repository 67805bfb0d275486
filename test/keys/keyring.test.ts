import { execFileSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, publicEncrypt, verify } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { SetupError } from '../../src/errors.ts'
import { signingKeyPassword } from '../../src/keys/key-files.ts'
import { openKeyring } from '../../src/keys/keyring.ts'
import { noon } from '../support/journey.ts'
import { hasProgram } from '../support/programs.ts'
import { test as base } from '../support/temporary-folder.ts'

const now = noon.getTime()
const test = base.extend<{ data: string }>({
  data: async ({ folder }, use) => use(join(folder, 'data')),
})

describe('the keys of a data directory', () => {
  test('are made on the first start and reused afterwards', async ({ data }) => {
    const first = await openKeyring(data, now)
    const again = await openKeyring(data, now + 1e9)
    expect(first.consumerKey).toMatch(/^[\w-]{48}![0-9a-f]{32}0{16}$/)
    expect(first.pushSignature.active.kid).toBe('20260130120000-MDES-token-connect-simulator')
    expect(again.consumerKey).toBe(first.consumerKey)
    expect(again.pushSignature.active.kid).toBe(first.pushSignature.active.kid)
    expect(
      again.pushSignature.active.privateKey.equals(first.pushSignature.active.privateKey),
    ).toBe(true)
  })

  test('are readable by their owner only, and kept out of repositories', async ({ data }) => {
    await openKeyring(data, now)
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    expect(await mode(data)).toBe('700')
    expect(await mode(join(data, 'keys'))).toBe('700')
    const files = await readdir(join(data, 'keys'))
    expect(files.sort()).toEqual([
      'encryption-certificate.pem',
      'encryption-key.pem',
      'identity.json',
      'push-signature-keys',
      'signing-key.p12',
      'signing-key.pem',
    ])
    expect(await mode(join(data, 'keys', 'push-signature-keys'))).toBe('700')
    const inside = await readdir(join(data, 'keys', 'push-signature-keys'))
    expect(inside).toEqual(['20260130120000-MDES-token-connect-simulator.pem'])
    for (const file of [...files, `push-signature-keys/${inside[0]}`])
      if (file !== 'push-signature-keys') expect(await mode(join(data, 'keys', file))).toBe('600')
    expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('*\n')
  })

  test('two first starts at once end with the same keys, and leave nothing behind', async ({
    data,
  }) => {
    const [one, two] = await Promise.all([openKeyring(data, now), openKeyring(data, now)])
    expect(one.consumerKey).toBe(two.consumerKey)
    expect((await readdir(data)).sort()).toEqual(['.gitignore', 'keys'])
  })

  test('are RSA-2048, and belong together', async ({ data }) => {
    const { encryption, pushSignature, signingPublicKey, files } = await openKeyring(data, now)
    for (const key of [encryption.privateKey, pushSignature.active.privateKey, signingPublicKey])
      expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048)
    const secret = Buffer.from('a key')
    expect(publicEncrypt(encryption.certificate.publicKey, secret)).toHaveLength(256)
    expect(createPublicKey(encryption.privateKey).equals(encryption.certificate.publicKey)).toBe(
      true,
    )
    const { sign } = await import('node:crypto')
    const signature = sign('sha256', secret, createPrivateKey(await readFile(files.signingKeyPem)))
    expect(verify('sha256', secret, signingPublicKey, signature)).toBe(true)
  })

  test('damaged ones stop the start, with the folder and what to do', async ({ data }) => {
    await openKeyring(data, now)
    await writeFile(join(data, 'keys', 'identity.json'), '{"consumerKey":"short"}')
    await expect(openKeyring(data, now)).rejects.toThrow(SetupError)
    await expect(openKeyring(data, now)).rejects.toThrow(
      /keys: the keys cannot be read \(identity\.json needs "consumerKey".*delete the folder/,
    )
  })

  test('a folder that was there keeps its mode and its .gitignore', async ({ data }) => {
    await mkdir(data, { mode: 0o755 })
    await writeFile(join(data, '.gitignore'), 'node_modules/\n')
    await openKeyring(data, now)
    expect(await readFile(join(data, '.gitignore'), 'utf8')).toBe('node_modules/\n')
    expect((await stat(data)).mode & 0o777).toBe(0o755)
    expect((await stat(join(data, 'keys'))).mode & 0o777).toBe(0o700)
  })

  test('a folder that cannot be written stops the start', async ({ data }) => {
    await writeFile(data, 'a file where a folder should be')
    await expect(openKeyring(data, now)).rejects.toThrow(
      /the keys cannot be made there: .*Choose a writable folder with --data/,
    )
  })
})

describe('the signing key in PKCS#12, alias keyalias', () => {
  test.skipIf(!hasProgram('keytool'))(
    "opens in Java's keytool (skipped without Java)",
    async ({ data }) => {
      const { files } = await openKeyring(data, now)
      const listing = execFileSync(
        'keytool',
        ['-list', '-keystore', files.signingKeyStore, '-storepass', signingKeyPassword],
        { encoding: 'utf8' },
      )
      expect(listing).toMatch(/^keyalias, .*PrivateKeyEntry/m)
    },
  )

  test.skipIf(!hasProgram('openssl'))(
    'opens in OpenSSL, and holds the key of the PEM file (skipped without openssl)',
    async ({ data }) => {
      const { files } = await openKeyring(data, now)
      const pem = execFileSync(
        'openssl',
        [
          'pkcs12',
          '-in',
          files.signingKeyStore,
          '-passin',
          `pass:${signingKeyPassword}`,
          '-nodes',
          '-nocerts',
        ],
        { encoding: 'utf8' },
      )
      expect(pem).toContain('friendlyName: keyalias')
      const key = pem.slice(pem.indexOf('-----BEGIN'))
      expect(
        createPrivateKey(key).equals(createPrivateKey(await readFile(files.signingKeyPem))),
      ).toBe(true)
    },
  )
})
