import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { checkServerIdentity, connect } from 'node:tls'
import { describe, expect } from 'vitest'
import { SetupError } from '../../src/errors.ts'
import {
  openTlsCertificate,
  type TlsCertificate,
  tlsCaFile,
} from '../../src/keys/tls-certificate.ts'
import { serve } from '../../src/serve.ts'
import { test as base } from '../support/temporary-folder.ts'

const now = Date.now()
const day = 86_400_000
const test = base.extend<{ data: string; tls: string }>({
  data: async ({ folder }, use) => use(await directory(folder, 'data')),
  tls: async ({ data }, use) => use(join(data, 'keys', 'tls')),
})

/** As much of a data directory as is needed here. */
async function directory(folder: string, name: string): Promise<string> {
  await mkdir(join(folder, name, 'keys'), { recursive: true })
  return join(folder, name)
}

/** @returns what a client that trusts the CA, and no other, thinks of the server: `trusted`, or why not. */
async function opinion({ key, cert, caFile }: TlsCertificate, host: string): Promise<string> {
  const server = await serve({ fetch: () => new Response() }, { port: 0, tls: { key, cert } })
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(server.url).port),
    // An address is no name that a client may ask for; it is checked all the same.
    servername: isIP(host) === 0 ? host : '',
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
    ca: await readFile(caFile),
  })
  try {
    await once(socket, 'secureConnect')
    return 'trusted'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? ''
  } finally {
    socket.destroy()
    await server.close()
  }
}

const serialOf = ({ cert }: TlsCertificate) => new X509Certificate(cert).serialNumber

describe('the certificate for https', () => {
  test('is for the names of this machine only, to a client that trusts its CA', async ({
    data,
  }) => {
    const tls = await openTlsCertificate(data, { now })
    expect(tls.caFile).toBe(tlsCaFile(data))
    for (const name of ['localhost', '127.0.0.1', '::1'])
      expect([name, await opinion(tls, name)]).toEqual([name, 'trusted'])
    expect(await opinion(tls, 'wallet.test')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('is worth nothing to a client that trusts the CA of another data directory', async ({
    data,
    folder,
  }) => {
    const tls = await openTlsCertificate(data, { now })
    const { caFile } = await openTlsCertificate(await directory(folder, 'other'), { now })
    expect(await opinion({ ...tls, caFile }, 'localhost')).not.toBe('trusted')
  })

  test('is made once, with its CA, and reused', async ({ data, tls }) => {
    const first = await openTlsCertificate(data, { now })
    expect(await openTlsCertificate(data, { now: now + 300 * day })).toEqual(first)
    expect((await readdir(tls)).sort()).toEqual(['ca-key.pem', 'ca.pem', 'server.pem'])
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    expect(await mode(tls)).toBe('700')
    for (const file of await readdir(tls)) expect(await mode(join(tls, file))).toBe('600')
  })

  test.for(['wallet.test', '192.0.2.7', '2001:db8::7'])(
    'is made anew, by the same CA, for another host: %s',
    async (host, { data }) => {
      const first = await openTlsCertificate(data, { now })
      const ca = await readFile(first.caFile, 'utf8')
      const second = await openTlsCertificate(data, { host, now })
      expect(serialOf(second)).not.toBe(serialOf(first))
      expect(await readFile(second.caFile, 'utf8')).toBe(ca)
      for (const name of ['localhost', host])
        expect([name, await opinion(second, name)]).toEqual([name, 'trusted'])
      // The host is covered now, and one more does no harm.
      expect(await openTlsCertificate(data, { host, now })).toEqual(second)
      expect(await openTlsCertificate(data, { now })).toEqual(second)
    },
  )

  test('is made anew, by the same CA, in its last thirty days', async ({ data }) => {
    const first = await openTlsCertificate(data, { now: now - 370 * day })
    const second = await openTlsCertificate(data, { now })
    expect(serialOf(second)).not.toBe(serialOf(first))
    expect(await opinion(second, 'localhost')).toBe('trusted')
  })

  test('is made anew when it is gone, or was not signed by the CA that is there', async ({
    data,
    tls,
    folder,
  }) => {
    const first = await openTlsCertificate(data, { now })
    await rm(join(tls, 'server.pem'))
    const second = await openTlsCertificate(data, { now })
    expect(serialOf(second)).not.toBe(serialOf(first))
    await openTlsCertificate(await directory(folder, 'other'), { now })
    const foreign = await readFile(join(folder, 'other', 'keys', 'tls', 'server.pem'))
    await writeFile(join(tls, 'server.pem'), foreign)
    expect(await opinion(await openTlsCertificate(data, { now }), 'localhost')).toBe('trusted')
  })

  test('two first starts at once end with the same CA, and leave nothing behind', async ({
    data,
    tls,
  }) => {
    const both = await Promise.all([
      openTlsCertificate(data, { now }),
      openTlsCertificate(data, { now }),
    ])
    for (const one of both) expect(await opinion(one, 'localhost')).toBe('trusted')
    expect((await readdir(tls)).sort()).toEqual(['ca-key.pem', 'ca.pem', 'server.pem'])
    expect(await readdir(join(data, 'keys'))).toEqual(['tls'])
  })

  test('a damaged one stops the start, with the folder and what to do', async ({ data, tls }) => {
    await mkdir(tls, { recursive: true })
    await writeFile(join(tls, 'ca.pem'), 'nothing')
    await expect(openTlsCertificate(data, { now })).rejects.toThrow(SetupError)
    await expect(openTlsCertificate(data, { now })).rejects.toThrow(
      /keys.tls: the certificate for https cannot be made or read there \(.*\)\. Mend it, or delete the folder/,
    )
  })

  test('is not made where there are no keys, which must come first', async ({ folder }) => {
    await expect(openTlsCertificate(join(folder, 'nothing'), { now })).rejects.toThrow(SetupError)
    expect(await readdir(folder)).toEqual([])
  })

  test('serving with what is no certificate says so', async () => {
    await expect(
      serve({ fetch: () => new Response() }, { port: 0, tls: { key: 'no', cert: 'no' } }),
    ).rejects.toThrow(/^tls: expected a private key and its certificate in PEM \(/)
  })
})
