import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { judging } from '../src/scenarios/load.ts'

const src = fileURLToPath(new URL('../src', import.meta.url))

/**
 * Who may import whom: only what stands on an earlier line, or in the same part. Parts on one line never import each other.
 */
const levels: readonly (readonly string[])[] = [
  [
    'errors.ts',
    'assumptions.ts',
    'clock.ts',
    'did-you-mean.ts',
    'json-bytes.ts',
    'provision-parameters.ts',
    'schema-members.ts',
    'schema-words.ts',
    'synonyms.ts',
    'card-number.ts',
    'callback-url.ts',
    'loopback.ts',
    'transport.ts',
    'version.ts',
    'transport.ts',
  ],
  ['problem.ts', 'option-members.ts', 'message-masking.ts'],
  ['schema-proposals.ts', 'kept-messages.ts', 'received.ts'],
  ['schema-wording.ts', 'yaml-syntax.ts'],
  ['yaml-file.ts', 'delivery.ts'],
  ['keys', 'scenarios', 'journal.ts'],
  ['explain', 'ledger.ts', 'tenants.ts', 'config.ts', 'home.ts'],
  ['token-connect', 'click-to-pay', 'admin', 'journal-lines.ts'],
  ['openapi'],
  ['simulator-options.ts'],
  ['simulator.ts', 'issuer'],
  ['serve.ts'],
  ['harness', 'fixtures'],
  ['commands'],
  ['index.ts', 'cli.ts'],
]

/** One door per dependency: who may import it. */
const doors: Readonly<Record<string, RegExp>> = {
  jose: /^keys\//,
  'node:crypto': /^(keys\/|commands\/push\.ts)/,
  'node-forge': /^keys\/make-keys\.ts$/,
  yaml: /^yaml-file\.ts$/,
  'fastest-levenshtein': /^did-you-mean\.ts$/,
  zod: /^(yaml-file\.ts|admin\/bodies\.ts|schema-(members|words|proposals|wording)\.ts|config\.ts|scenarios\/((token-requestor-|json-)?schema|schema-parts|read)\.ts|token-connect\/(messages|read-messages|message-members|answers)\.ts|openapi\/schemas\.ts|harness\/issuer-file\.ts)$/,
  hono: /^([\w-]+\/routes\.ts|admin\/(clock|guard|issuers|journal|problem|scenarios)\.ts|simulator\.ts|home\.ts|click-to-pay\/((screen-)?pages|answer|device|finish|problem|walk)\.ts|issuer\/bank(-pages)?\.ts|harness\/(html-report|sequence-diagram)\.ts)$/,
  '@hono/node-server': /^serve\.ts$/,
  parse5: /^harness\/html-page\.ts$/,
  commander: /^cli\.ts$/,
  'mastercard-oauth1-signer': /^issuer\/signed-request\.ts$/,
  'mastercard-client-encryption': /^issuer\/client\.ts$/,
  vitest: /^fixtures\/vitest\.ts$/,
  '@playwright/test': /^fixtures\/playwright\.ts$/,
  'playwright-core': /^harness\/(real-browser|browser-(tab|step)|page-activity)\.ts$/,
}

type Import = { readonly file: string; readonly target: string }

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.replaceAll('\\', '/'))

const imports: readonly Import[] = files.flatMap((file) =>
  [
    ...readFileSync(join(src, file), 'utf8').matchAll(
      /(?:from|import\() ?'([^']+)'|^import '([^']+)'/gm,
    ),
  ].map(([, from, bare]) => ({ file, target: from ?? bare ?? '' })),
)

const part = (file: string) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file)
const levelOf = (file: string) => levels.findIndex((level) => level.includes(part(file)))

describe('architecture', () => {
  test('every file has its level', () => {
    expect(files.filter((file) => levelOf(file) < 0)).toEqual([])
  })

  test('imports only go down', () => {
    expect(imports.length).toBeGreaterThan(100)
    const wrong = imports
      .filter(({ target }) => target.startsWith('.'))
      .map(({ file, target }) => ({
        file,
        target: relative(src, join(src, dirname(file), target)).replaceAll('\\', '/'),
      }))
      .filter(({ file, target }) => part(file) !== part(target) && levelOf(target) >= levelOf(file))
    expect(wrong).toEqual([])
  })

  test('the cache of parsed scenarios trusts nothing that other code has judged', () => {
    const found = new Set<string>()
    const follow = (file: string) => {
      if (found.has(file)) return
      found.add(file)
      const text = readFileSync(join(src, file), 'utf8')
      for (const [, target = ''] of text.matchAll(
        /^(?:import|export)(?! type)[^']*from '(\.[^']+)'/gm,
      ))
        follow(relative(src, join(src, dirname(file), target)).replaceAll('\\', '/'))
    }
    follow('scenarios/read.ts')
    // It speaks of set-up errors, and judges nothing.
    found.delete('errors.ts')
    expect([...found].map((file) => file.replace('.ts', '')).sort()).toEqual([...judging].sort())
  })

  test('each dependency comes in by one door', () => {
    const wrong = imports
      .filter(({ target }) => !target.startsWith('.'))
      .map(({ file, target }) => ({
        file,
        dependency: Object.keys(doors).find(
          (name) => target === name || target.startsWith(`${name}/`),
        ),
        target,
      }))
      .filter(({ file, dependency, target }) =>
        dependency === undefined ? !target.startsWith('node:') : !doors[dependency]?.test(file),
      )
    expect(wrong).toEqual([])
  })

  test('only the command line reads the process, and fixtures where their simulator runs; only the clock reads the time', () => {
    const using = (pattern: RegExp) =>
      files.filter((file) => pattern.test(readFileSync(join(src, file), 'utf8')))
    expect(using(/\bprocess\.(?!nextTick)/)).toEqual(['cli.ts', 'fixtures/reach.ts'])
    expect(using(/Date\.now\(|new Date\(\)/)).toEqual(['clock.ts'])
    expect(using(/Math\.random\(/)).toEqual([])
  })
})
