import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, vi } from 'vitest'
import { check } from '../../src/commands/check.ts'
import { SetupError } from '../../src/errors.ts'
import { jsonSchema } from '../../src/scenarios/json-schema.ts'
import {
  builtInScenarios,
  loadScenarios,
  readFolder,
  readTokenRequestorFiles,
} from '../../src/scenarios/load.ts'
import { tokenRequestorFile } from '../../src/scenarios/token-requestor-schema.ts'
import { test as base } from '../support/temporary-folder.ts'

const builtIn = join(builtInScenarios, 'token-requestors')

/** The least that a token requestor's file says, with a logo. */
const shop = {
  tokenRequestorId: '"50190000001"',
  name: 'Shop',
  consumerFacingEntityName: 'Shop',
  imageAssetId: '0d6f3c1e-7a52-4b8e-9c40-5e1f2a3b4c5d',
  tokenRequestorType: 'MERCHANT',
  accountTypes: '[card]',
  enabledAccountRanges: '["5123456789"]',
  pushMethods: '{ WEB: https://shop.example/push }',
}

function yaml(keys: Record<string, string>): string {
  return Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

const svg = (attributes: string) => `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}></svg>`
const goodSvg = svg('viewBox="0 0 192 192"')

/** Only as much of a PNG as tells its size and its end. */
function png(width: number, height: number): Buffer {
  const header = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR________\x08\x06\0\0\0', 'latin1')
  header.writeUInt32BE(width, 16)
  header.writeUInt32BE(height, 20)
  return Buffer.concat([header, Buffer.from('\0\0\0\0IEND\xae\x42\x60\x82', 'latin1')])
}

type Files = Readonly<Record<string, string | Buffer>>

const shopFiles: Files = {
  'shop.yaml': yaml(shop),
  'shop.svg': goodSvg,
  'shop.png': png(192, 192),
}

const test = base.extend<{
  /** Writes into the token-requestors sub-folder. */
  write: (files: Files) => Promise<void>
  load: () => ReturnType<typeof loadScenarios>
  /** Every problem, without the folder's name. */
  problems: () => Promise<readonly string[]>
}>({
  write: async ({ folder }, use) => {
    await mkdir(join(folder, 'token-requestors'))
    await use(async (files) => {
      for (const [name, content] of Object.entries(files))
        await writeFile(join(folder, 'token-requestors', name), content)
    })
  },
  load: async ({ folder }, use) => use(() => loadScenarios([folder], join(folder, 'cache'))),
  problems: async ({ folder, load }, use) =>
    use(async () => {
      const error: unknown = await load().catch((error: unknown) => error)
      if (!(error instanceof SetupError)) throw new Error('the files were loaded')
      return firstLines(error.message.replaceAll(join(folder, 'token-requestors', '/'), ''))
    }),
})

/** Tests, notes and other people's set-ups hold these; new artwork is a new id. */
const shipped: readonly [name: string, tokenRequestorId: string, imageAssetId: string][] = [
  ['click-to-pay', '50123197928', '7c0e2b5a-3d14-4f86-9a61-0b8f5d2c6e10'],
  ['lumen-wallet', '50170000001', '9e41c7d3-08ab-4b59-b6f2-3c7d15e08a94'],
  ['meadow-wallet', '50123456790', 'b5a37e19-64d2-4c08-a7f5-e8120d9c4b63'],
  ['paper-harbour', '50170000002', '41d8f0b6-e27c-4a95-8c13-95b6a3f7d20e'],
  ['sunday-store', '50123456789', '2f6b9d81-5c07-4e3a-8d42-71a0c9e4b351'],
  ['token-requestor-1', '12345678901', 'dbc55444-496a-4896-b41c-5d5e2dd431e2'],
  ['token-requestor-2', '12345678903', '554dbc44-496a-4896-b41c-dd431e25d5e4'],
  ['willow-market', '50153069329', 'd07c62f4-1b9e-4d73-85ea-6f40b28c91a7'],
]

describe('the shipped token requestors', () => {
  test('keep their ids', async ({ folder }) => {
    const { tokenRequestors } = await loadScenarios([], join(folder, 'cache'))
    const files = await readTokenRequestorFiles([builtInScenarios])
    expect(files.map(({ name }) => name)).toEqual(
      shipped.map(([name]) => `scenarios/token-requestors/${name}.yaml`),
    )
    expect(tokenRequestors.map((one) => [one.tokenRequestorId, one.imageAssetId])).toEqual(
      shipped.map(([, ...ids]) => ids),
    )
  })

  test('have logos: a PNG of 192 x 192 and a small square SVG that needs nothing else', async ({
    folder,
  }) => {
    const { tokenRequestors } = await loadScenarios([], join(folder, 'cache'))
    for (const { logo, consumerFacingEntityName } of tokenRequestors) {
      const [image, drawing] = [logo?.png ?? '', logo?.svg ?? ''].map((text) =>
        Buffer.from(text, 'base64'),
      )
      expect(image?.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n')
      expect([image?.readUInt32BE(16), image?.readUInt32BE(20)]).toEqual([192, 192])
      expect(drawing?.length).toBeLessThan(2048)
      expect(drawing?.toString()).toMatch(
        /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 192 192" width="192" height="192">\n/,
      )
      expect(drawing?.toString()).toContain(`<title>${consumerFacingEntityName}</title>`)
      expect(drawing?.toString()).not.toMatch(/<script|href|url\(|<image|\son\w+=/i)
    }
    expect(new Set(tokenRequestors.map(({ logo }) => logo?.png)).size).toBe(tokenRequestors.length)
  })

  test('live at reserved names, and say what they stand for', async () => {
    for (const { text } of await readFolder(builtIn)) {
      for (const [, host] of text.matchAll(/https?:\/\/([^/\s]+)/g))
        expect(host).toMatch(/\.example$/)
      const [schema, story] = text.split('\n')
      expect(schema).toBe('# yaml-language-server: $schema=./token-requestor.schema.json')
      expect(story).toMatch(/^# [A-Z].*\.$/)
    }
  })

  test('answer the documented eligibility sample as documented', async ({ folder }) => {
    const { tokenRequestors } = await loadScenarios([], join(folder, 'cache'))
    const sample = ['12345678901', '12345678903'].map((id) => {
      const one = tokenRequestors.find(({ tokenRequestorId }) => tokenRequestorId === id)
      return { ...one, logo: undefined, pushMethods: Object.keys(one?.pushMethods ?? {}) }
    })
    expect(sample).toMatchObject([
      {
        name: 'Token Requestor 1',
        consumerFacingEntityName: 'Sunday Store',
        tokenRequestorType: 'MERCHANT',
        enabledAccountRanges: ['512345678901', '512345678902', '512345678903'],
        pushMethods: ['IOS', 'WEB'],
        supportsMultiplePushedCards: true,
        supportedAccountHolderData: [],
      },
      {
        name: 'Token Requestor 2',
        consumerFacingEntityName: 'Happy Watch',
        tokenRequestorType: 'WALLET',
        walletId: '222',
        enabledAccountRanges: ['512345678902'],
        pushMethods: ['ANDROID', 'WEB'],
        supportsMultiplePushedCards: false,
        supportedAccountHolderData: ['NAME', 'ADDRESS', 'EMAIL_ADDRESS', 'MOBILE_PHONE_NUMBER'],
      },
    ])
  })
})

/** Without the lines of the file that stand below. */
const firstLines = (text: string) => text.split('\n').filter((line) => !/^ +(\d+ )?\| /.test(line))

describe("a folder's own token requestors", () => {
  test('come after the built-in ones, with the logos beside them', async ({ write, load }) => {
    await write(shopFiles)
    const { tokenRequestors, scenarios } = await load()
    expect(tokenRequestors).toHaveLength(shipped.length + 1)
    expect(tokenRequestors.at(-1)).toMatchObject({
      tokenRequestorId: '50190000001',
      logo: {
        svg: Buffer.from(goodSvg).toString('base64'),
        png: png(192, 192).toString('base64'),
      },
    })
    expect(scenarios.map(({ name }) => name)).toContain('approved')
  })

  test('override by the name of the file, and may then take its ids', async ({ write, load }) => {
    const text = await readFile(join(builtIn, 'click-to-pay.yaml'), 'utf8')
    await write({
      'click-to-pay.yaml': text.replace('\nname: Click to Pay', '\nname: Ours'),
      'click-to-pay.svg': goodSvg,
      'click-to-pay.png': png(192, 192),
    })
    const { tokenRequestors } = await load()
    expect(tokenRequestors).toHaveLength(shipped.length)
    expect(tokenRequestors.at(-1)).toMatchObject({
      tokenRequestorId: '50123197928',
      name: 'Ours',
      logo: { svg: Buffer.from(goodSvg).toString('base64') },
    })
  })

  test('need no logo; logos without a file or an imageAssetId are left alone', async ({
    write,
    load,
  }) => {
    const { imageAssetId, ...plain } = shop
    await write({
      'shop.yaml': yaml(plain),
      'shop.svg': 'not looked at',
      'stray.png': 'neither',
    })
    const { tokenRequestors } = await load()
    expect(tokenRequestors).toHaveLength(shipped.length + 1)
    expect(tokenRequestors.at(-1)).not.toHaveProperty('logo')
    expect(JSON.stringify(tokenRequestors)).not.toContain(imageAssetId)
  })

  test.for([
    ['its viewBox', svg('viewBox="0 0 400 400"')],
    ['its viewBox with commas', svg('viewBox="0,0,192,192"')],
    ['width and height', svg('width="200px" height="200" viewBox="0 0 24 24"')],
    ['its viewBox where width and height are relative', svg('width="100%" viewBox="0 0 300 300"')],
    [
      'what comes after declarations and comments',
      `\uFEFF<?xml version="1.0"?>\n<!-- <svg> -->\n<!DOCTYPE svg>\n${goodSvg}`,
    ],
    ['a tag with > in an attribute', svg("aria-label=\">\" width='192' height='192'")],
  ])('the size of an SVG is %s', async ([, drawing], { write, load }) => {
    await write({ ...shopFiles, 'shop.svg': drawing ?? '' })
    expect((await load()).tokenRequestors.at(-1)).toHaveProperty('logo')
  })
})

describe('what is wrong with a token requestor is said where it is', () => {
  const square = 'expected a square of 192 to 400 pixels'
  test.for<[mistake: string, files: Files, problems: readonly string[]]>([
    [
      'no logo',
      { 'shop.yaml': yaml(shop) },
      [
        'shop.yaml:4:15 imageAssetId: shop.svg is missing beside this file; add it, or leave imageAssetId out',
        'shop.yaml:4:15 imageAssetId: shop.png is missing beside this file; add it, or leave imageAssetId out',
      ],
    ],
    [
      'something else than a PNG',
      { ...shopFiles, 'shop.png': 'GIF89a and twenty bytes more' },
      ['shop.yaml:4:15 imageAssetId: shop.png is not a PNG; expected one of 192 x 192 pixels'],
    ],
    [
      'a PNG cut short',
      { ...shopFiles, 'shop.png': png(192, 192).subarray(0, 20) },
      ['shop.yaml:4:15 imageAssetId: shop.png is not a PNG; expected one of 192 x 192 pixels'],
    ],
    [
      'a PNG of another size',
      { ...shopFiles, 'shop.png': png(192, 96) },
      ['shop.yaml:4:15 imageAssetId: shop.png has 192 x 96 pixels; expected 192 x 192'],
    ],
    [
      'something else than an SVG',
      { ...shopFiles, 'shop.svg': '<html><svg viewBox="0 0 192 192"/></html>' },
      [`shop.yaml:4:15 imageAssetId: shop.svg does not begin with <svg>; ${square}`],
    ],
    [
      'an SVG without a size',
      { ...shopFiles, 'shop.svg': svg('stroke-width="192"') },
      [
        `shop.yaml:4:15 imageAssetId: shop.svg has neither width and height nor a viewBox; ${square}`,
      ],
    ],
    [
      'an SVG that is not square',
      { ...shopFiles, 'shop.svg': svg('viewBox="0 0 400 200"') },
      [`shop.yaml:4:15 imageAssetId: shop.svg is 400 x 200; ${square}`],
    ],
    [
      'an SVG too small',
      { ...shopFiles, 'shop.svg': svg('width="24" height="24" viewBox="0 0 192 192"') },
      [`shop.yaml:4:15 imageAssetId: shop.svg is 24 x 24; ${square}`],
    ],
    [
      'an SVG too large',
      { ...shopFiles, 'shop.svg': svg('viewBox="0 0 401 401"') },
      [`shop.yaml:4:15 imageAssetId: shop.svg is 401 x 401; ${square}`],
    ],
    [
      'an id of a built-in one',
      { ...shopFiles, 'shop.yaml': yaml({ ...shop, tokenRequestorId: '"50123197928"' }) },
      [
        'shop.yaml:1:19 tokenRequestorId: is that of scenarios/token-requestors/click-to-pay.yaml already; choose another',
      ],
    ],
    [
      'a logo of a built-in one',
      {
        ...shopFiles,
        'shop.yaml': yaml({ ...shop, imageAssetId: 'DBC55444-496a-4896-b41c-5d5e2dd431e2' }),
      },
      [
        'shop.yaml:4:15 imageAssetId: is that of scenarios/token-requestors/token-requestor-1.yaml already; choose another',
      ],
    ],
    [
      'an overriding file with the id of another built-in one',
      {
        'lumen-wallet.yaml': yaml({ ...shop, tokenRequestorId: '"50123456789"' }),
        'lumen-wallet.svg': goodSvg,
        'lumen-wallet.png': png(192, 192),
      },
      [
        'lumen-wallet.yaml:1:19 tokenRequestorId: is that of scenarios/token-requestors/sunday-store.yaml already; choose another',
      ],
    ],
    [
      'two with the same ids',
      {
        ...shopFiles,
        'twin.yaml': yaml(shop),
        'twin.svg': goodSvg,
        'twin.png': png(192, 192),
      },
      [
        'twin.yaml:1:19 tokenRequestorId: is that of shop.yaml already; choose another',
        'twin.yaml:4:15 imageAssetId: is that of shop.yaml already; choose another',
      ],
    ],
    [
      'mistakes of both kinds, in several files',
      {
        'shop.yaml': yaml({ ...shop, tokenRequestorType: 'SHOP' }),
        'shop.svg': goodSvg,
        'wallet.yaml': 'tokenRequestorId: 50190000002\n',
      },
      [
        'shop.yaml:4:15 imageAssetId: shop.png is missing beside this file; add it, or leave imageAssetId out',
        'shop.yaml:5:21 tokenRequestorType: "SHOP" is not allowed; expected MERCHANT | WALLET',
        'wallet.yaml:1:1 name: missing; expected text of 1 to 64 characters',
        'wallet.yaml:1:1 consumerFacingEntityName: missing; expected text of 1 to 100 characters',
        'wallet.yaml:1:1 tokenRequestorType: missing; expected MERCHANT | WALLET',
        'wallet.yaml:1:1 accountTypes: missing; expected a list',
        'wallet.yaml:1:1 enabledAccountRanges: missing; expected a list',
        'wallet.yaml:1:1 pushMethods: missing; expected a map with ANDROID, IOS, WEB',
        'wallet.yaml:1:19 tokenRequestorId: 50190000002 is a number to YAML, and text is expected: quote this value: "50190000002"',
      ],
    ],
  ])('%s', async ([, files, expected], { write, problems }) => {
    await write(files)
    expect(await problems()).toEqual(expected)
  })

  test('a logo that cannot be read', async ({ folder, write, load }) => {
    await write({ 'shop.yaml': yaml(shop) })
    await mkdir(join(folder, 'token-requestors', 'shop.svg'))
    await expect(load()).rejects.toThrow(/shop\.svg: cannot be read \(EISDIR\); a logo is a file$/)
  })
})

describe('the parsed set is kept for the next process', () => {
  /** As a new process would, which remembers nothing. */
  const freshly = async (folder: string) => {
    vi.resetModules()
    const { loadScenarios } = await import('../../src/scenarios/load.ts')
    const { tokenRequestors } = await loadScenarios([folder], join(folder, 'cache'))
    return tokenRequestors.at(-1)
  }

  test('and read anew when a logo has changed', async ({ folder, write }) => {
    const cache = join(folder, 'cache', 'scenarios.json')
    await write(shopFiles)
    await freshly(folder)
    await writeFile(
      cache,
      (await readFile(cache, 'utf8')).replaceAll('"name":"Shop"', '"name":"Kept"'),
    )
    expect(await freshly(folder)).toMatchObject({ name: 'Kept' })

    const larger = svg('viewBox="0 0 400 400"')
    await write({ 'shop.svg': larger })
    expect(await freshly(folder)).toMatchObject({
      name: 'Shop',
      logo: { svg: Buffer.from(larger).toString('base64') },
    })

    await write({ 'shop.png': png(96, 96) })
    await expect(freshly(folder)).rejects.toThrow('shop.png has 96 x 96 pixels')
  })
})

describe('mdes-sim check', () => {
  const checked = async (folder: string | undefined) => {
    const lines: string[] = []
    const good = await check(folder, { print: (line) => lines.push(line) })
    return { good, lines }
  }

  test('the built-in ones', async () => {
    expect(await checked(undefined)).toEqual({
      good: true,
      lines: [
        expect.stringMatching(
          /^\d+ scenarios and 8 token requestors, all good: approved-again, .*, approved, ask, .*, click-to-pay, .*, willow-market$/,
        ),
      ],
    })
  })

  test("a folder's", async ({ folder, write }) => {
    await write({})
    expect(await checked(folder)).toEqual({
      good: false,
      lines: [`${folder}: there are no *.yaml files`],
    })
    await write(shopFiles)
    expect(await checked(folder)).toEqual({
      good: true,
      lines: ['0 scenarios and 1 token requestor, all good: shop'],
    })
  })

  test('every problem of every file, beside what ships', async ({ folder, write }) => {
    await writeFile(join(folder, 'story.yaml'), 'name: story\n')
    await write({ ...shopFiles, 'twin.yaml': yaml({ ...shop, tokenRequestorId: '"50123197928"' }) })
    await copyFile(join(builtIn, 'click-to-pay.svg'), join(folder, 'token-requestors', 'twin.svg'))
    const { good, lines } = await checked(folder)
    expect(good).toBe(false)
    expect(firstLines(lines.join('\n').replaceAll(join(folder, '/'), ''))).toEqual([
      'story.yaml:1:1 description: missing; expected text',
      'token-requestors/twin.yaml:1:19 tokenRequestorId: is that of scenarios/token-requestors/click-to-pay.yaml already; choose another',
      'token-requestors/twin.yaml:4:15 imageAssetId: twin.png is missing beside this file; add it, or leave imageAssetId out',
      'token-requestors/twin.yaml:4:15 imageAssetId: is that of token-requestors/shop.yaml already; choose another',
      '4 errors; 2 of 3 files broken',
    ])
  })
})

test('the JSON Schema beside the token requestors is current (npm run schema)', async () => {
  const committed = await readFile(join(builtIn, 'token-requestor.schema.json'), 'utf8')
  expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(jsonSchema('token-requestor'))))
})

describe('scenarios/README.md', () => {
  test('explains every key and lists what ships', async ({ folder }) => {
    const readme = await readFile(join(builtInScenarios, 'README.md'), 'utf8')
    for (const key of Object.keys(tokenRequestorFile.shape))
      expect(readme).toContain(`| \`${key}\` `)
    const { tokenRequestors } = await loadScenarios([], join(folder, 'cache'))
    for (const [index, one] of tokenRequestors.entries())
      expect(readme.replace(/ +/g, ' ')).toContain(
        `| \`${shipped[index]?.[0]}\` | ${one.consumerFacingEntityName} | ${one.tokenRequestorId} | \`${one.tokenRequestorType}\` |`,
      )
  })

  test('has an example that loads', async ({ write, load }) => {
    const readme = await readFile(join(builtInScenarios, 'README.md'), 'utf8')
    const example = /```yaml\n([^`]*consumerFacingEntityName[^`]*)```/.exec(readme)?.[1] ?? ''
    await write({ 'corner-shop.yaml': example })
    expect((await load()).tokenRequestors.at(-1)).toMatchObject({ tokenRequestorId: '50190000001' })
  })
})
