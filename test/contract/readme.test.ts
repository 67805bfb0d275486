import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test as base, describe, expect } from 'vitest'
import { dataDirectory } from '../support/data-directory.ts'
import { contracts, noPact } from '../support/pact.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = await readFile(join(contracts, 'README.md'), 'utf8')

const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, code = '']) => code,
  )
const [pushTest = '', verifyTest = '', callbackTest = ''] = blocks('js')
const [againstSimulator = ''] = blocks('sh')

/** A bank's project with the package installed as built, and what one run in it exits with. */
const test = base.extend<{
  project: string
  run: (
    command: string,
    args: readonly string[],
    bank: string,
  ) => Promise<{ readonly failed: boolean; readonly output: string }>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  project: async ({}, use) => {
    const project = await mkdtemp(join(tmpdir(), 'mdes-simulator-contracts-'))
    await mkdir(join(project, 'node_modules'), { recursive: true })
    await symlink(root, join(project, 'node_modules/mdes-simulator'), 'junction')
    await symlink(
      join(root, 'node_modules/@pact-foundation'),
      join(project, 'node_modules/@pact-foundation'),
      'junction',
    )
    await use(project)
    await rm(project, { recursive: true })
  },
  run: async ({ project }, use) =>
    use(async (command, args, bank) => {
      await writeFile(join(project, 'bank.mjs'), bank)
      return promisify(execFile)(command, [...args], { cwd: project, env: environment }).then(
        ({ stdout }) => ({ failed: false, output: stdout }),
        ({ stdout, stderr }) => ({ failed: true, output: stdout + stderr }),
      )
    }),
})

const environment = {
  PATH: process.env.PATH,
  PACT_DO_NOT_TRACK: 'true',
  NO_PROXY: 'localhost,127.0.0.1',
}

describe('contracts/README.md', () => {
  test.skipIf(noPact !== '')(
    `its Node test of a client runs as it stands, and the simulator keeps the pact${noPact}`,
    async ({ project, run }) => {
      await writeFile(join(project, 'push.mjs'), pushTest)

      const { failed, output } = await run(process.execPath, ['--test', 'push.mjs'], client)
      expect(failed, output).toBe(false)

      await writeFile(join(project, 'verify.mjs'), verifyTest)
      const verified = await run(process.execPath, ['--test', 'verify.mjs'], '')
      expect(verified.failed, verified.output).toBe(false)
      expect(verified.output).toContain('# pass 1')
    },
  )

  test.skipIf(noPact !== '').for([
    ['passes a bank that reads the callback right', bankThat(), ''],
    [
      'fails one that splits on the wrong bracket',
      bankThat({ receipt: "name.slice('results'.length).split(']')[0]" }),
      'a cardholder whose card ended APPROVED comes back',
    ],
    [
      'fails one that reads the first receipt only',
      bankThat({ parameters: '[...searchParams].slice(0, 1)' }),
      'Expected values to be strictly deep-equal',
    ],
  ] as const)(
    'its Node test of a callback endpoint runs as it stands, and %s',
    async ([, bank, complaint], { project, run }) => {
      await writeFile(join(project, 'callback.mjs'), callbackTest)

      const { failed, output } = await run(process.execPath, ['--test', 'callback.mjs'], bank)

      expect(failed, output).toBe(complaint !== '')
      expect(output).toContain(complaint)
    },
  )

  test.skipIf(process.platform === 'win32')(
    'its script runs a build beside a simulator, and ends as that does',
    async ({ run }) => {
      const script = (build: string) =>
        againstSimulator
          .replace(
            'npx mdes-sim exec',
            `'${process.execPath}' ${root}/dist/cli.js exec --data '${dataDirectory}'`,
          )
          .replace('npm test', `"${process.execPath}" -e "${build}"`)

      const passing = await run(
        'sh',
        ['-c', script('console.log(process.env.MDES_URL.replace(/[0-9]+/, String(1)))')],
        '',
      )
      const failing = await run('sh', ['-c', script('process.exitCode = 1')], '')

      expect(passing).toEqual({ failed: false, output: 'http://localhost:1/mdes\n' })
      expect(failing.failed).toBe(true)
    },
  )

  test('its links lead somewhere', () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target)
    expect(links.length).toBeGreaterThan(3)
    expect(links.filter((target) => !existsSync(join(contracts, target)))).toEqual([])
  })

  test('its table has all files', () => {
    expect(page.match(/^\| `[\w-]+\.json`/gm)).toHaveLength(4)
  })
})

/** A client whose signature and ciphertext only look like some. */
const client = `
export async function pushCard(url) {
  const answer = await fetch(url + '/connect/1/0/pushMultipleAccounts', {
    method: 'POST',
    headers: { Authorization: 'OAuth something', 'Content-Type': 'application/json' },
    body: JSON.stringify({
      requestId: '4711',
      tokenRequestorId: '50123197928',
      pushFundingAccounts: { encryptedPayload: { encryptedData: 'cd', encryptedKey: 'cd', iv: 'cd', publicKeyFingerprint: 'cd', oaepHashingAlgorithm: 'SHA512' } },
      signatureData: { callbackURL: 'https://partnerbank.com/tokenization-results', locale: 'en_US' },
    }),
  })
  return answer.json()
}
`

/** A bank that knows its receipts, with two expressions to get wrong. */
function bankThat({
  parameters = 'searchParams',
  receipt = "name.slice('results['.length, -1)",
} = {}): string {
  return `
import { createServer } from 'node:http'

export async function startBank() {
  const results = new Map()
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://bank')
    response.statusCode = pathname === '/wallets/back' ? 200 : 404
    for (const [name, value] of ${parameters}) {
      if (!name.startsWith('results[')) continue
      const pushAccountReceipt = ${receipt}
      if (!results.has(pushAccountReceipt)) response.statusCode = 404
      const [status, tokenUniqueReference] = value.split('|')
      const token = tokenUniqueReference === undefined ? {} : { tokenUniqueReference }
      results.set(pushAccountReceipt, { pushAccountReceipt, status, ...token })
    }
    response.end()
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: 'http://127.0.0.1:' + server.address().port,
    remember: (receipts) => receipts.forEach((one) => results.set(one, undefined)),
    resultsOf: (receipts) => receipts.map((one) => results.get(one)).filter(Boolean),
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}
`
}
