import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describe, expect } from 'vitest'
import { type VerifyOptions, verifyPacts } from '../../src/harness/verify.ts'
import type { Simulator } from '../../src/simulator.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { noPact } from '../support/pact.ts'
import { type BrokerOptions, pactBroker, webServer } from '../support/pact-broker.ts'
import { createSimulator } from '../support/simulator.ts'
import { test as base } from '../support/temporary-folder.ts'

const test = base.extend<{ readonly simulator: Simulator }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants a destructured first argument.
  simulator: async ({}, use) => use(await createSimulator({ data: dataDirectory })),
})

/** Of version 3, about the page for people. */
function pactOf(consumer: string, status = 200, provider = 'token-connect'): object {
  return {
    consumer: { name: consumer },
    provider: { name: provider },
    interactions: [
      {
        description: `${consumer} looks`,
        request: { method: 'GET', path: '/' },
        response: { status },
      },
    ],
    metadata: { pactSpecification: { version: '3.0.0' } },
  }
}

const right = JSON.stringify(pactOf('Bank'))

describe.skipIf(noPact !== '')(`where pacts come from${noPact}`, () => {
  test('a folder: every pact in it, and what is none is passed over', async ({
    simulator,
    folder,
  }) => {
    await writeFile(join(folder, 'b.json'), JSON.stringify(pactOf('Second')))
    // As PactNet writes it on Windows.
    await writeFile(join(folder, 'a.json'), `\u{feff}${right.replaceAll(',', ',\r\n')}`)
    await writeFile(join(folder, 'package.json'), '{"name":"bank"}')
    await writeFile(join(folder, 'README.md'), 'Pacts.')

    const { passed, interactions, notes } = await verifyPacts(simulator, [folder])

    expect(passed).toBe(true)
    expect(interactions.map(({ consumer }) => consumer)).toEqual(['Bank', 'Second'])
    expect(notes).toEqual([`${join(folder, 'package.json')}: is not a pact, and was passed over`])
  })

  test('a folder: what is in folders of it, too, but for those of tools', async ({
    simulator,
    folder,
  }) => {
    for (const part of ['', 'deep/er', 'node_modules/bank', '.idea']) {
      await mkdir(join(folder, part), { recursive: true })
      await writeFile(join(folder, part, 'pact.json'), JSON.stringify(pactOf(part || 'top')))
    }

    const { interactions } = await verifyPacts(simulator, [folder])

    expect(interactions.map(({ consumer }) => consumer)).toEqual(['deep/er', 'top'])
  })

  test('a pact that is named twice is verified once', async ({ simulator, folder }) => {
    const file = join(folder, 'pact.json')
    await writeFile(file, right)

    const { interactions } = await verifyPacts(simulator, [
      file,
      join(folder, '..', basename(folder)),
      file,
    ])

    expect(interactions.map(({ source }) => source)).toEqual([file])
  })

  test.for([
    [{ consumer: ['Bank'] }, 'consumer: is no option, did you mean "consumers"?'],
    [{ publish: true }, 'publish: is no option; known are provider, consumers, '],
    [
      { broker: { url: 'http://127.0.0.1:9', tag: ['prod'] } },
      'broker.tag: is no option, did you mean "tags"?',
    ],
  ] as const)('an option such as %j is an error', async ([options, message], { simulator }) => {
    await expect(
      verifyPacts(simulator, ['pacts'], options as unknown as VerifyOptions),
    ).rejects.toThrow(message)
  })

  test('one name in place of a list is an error', async ({ simulator }) => {
    await expect(verifyPacts(simulator, 'pacts' as unknown as [])).rejects.toThrow(
      'pacts: expected a list of files, folders or URLs',
    )
  })

  test('a file that is not there is told of without the card number in its name', async ({
    simulator,
  }) => {
    await expect(verifyPacts(simulator, ['5123456789012346.json'])).rejects.toThrow(
      '512345******2346.json: is not there',
    )
  })

  test('with a provider named, pacts of others are passed over', async ({ simulator, folder }) => {
    const other = join(folder, 'other.json')
    await writeFile(other, JSON.stringify(pactOf('Bank', 201, 'card-service')))
    await writeFile(join(folder, 'pact.json'), right)

    const { passed, notes } = await verifyPacts(simulator, [folder], { provider: 'token-connect' })

    expect(passed).toBe(true)
    expect(notes).toEqual([
      `${other}: its provider is "card-service" and not "token-connect", so it was passed over`,
    ])
  })

  test('a URL, with the password that is in it; nobody hears of that', async ({ simulator }) => {
    const { url, asked } = await webServer(() => ({ body: pactOf('Bank', 201) }))

    const { report, interactions } = await verifyPacts(simulator, [
      `${url.replace('//', '//joe:s3cret@')}/pact.json`,
    ])

    expect(interactions[0]).toMatchObject({ source: `${url}/pact.json`, outcome: 'failed' })
    expect(asked[0]?.authorization).toBe(`Basic ${btoa('joe:s3cret')}`)
    expect(report + JSON.stringify(interactions)).not.toContain('s3cret')
  })

  test('a URL is shown credentials only where they are for its origin', async ({ simulator }) => {
    const { url, asked } = await webServer(() => ({ body: pactOf('Bank') }))
    const credentials = { token: 's3cret' }

    await verifyPacts(simulator, [`${url}/1`], { credentials })
    await verifyPacts(simulator, [`${url}/2`], { credentials, credentialsOrigin: url })
    await verifyPacts(simulator, [`${url}/3`], {
      credentials,
      credentialsOrigin: 'https://broker.bank.test',
    })

    expect(asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer s3cret',
      'Bearer s3cret',
      undefined,
    ])
  })

  test.for([
    ['not JSON', '{\n  "consumer": }', /pact\.json:2:15: is not JSON; expected a pact file$/],
    ['cut', right.slice(0, 90), /pact\.json:1:91: is not JSON; expected a pact file$/],
    [
      'no pact',
      '{"name":"bank"}',
      /pact\.json: is not a pact; expected a JSON object with "consumer", "provider" and "interactions"$/,
    ],
    [
      'without a consumer',
      '{"provider":{"name":"x"},"interactions":[]}',
      /pact\.json: is not a pact; expected "consumer": \{ "name": "\.\.\." \}$/,
    ],
    [
      'without a list of interactions',
      '{"consumer":{"name":"x"},"provider":{"name":"x"},"interactions":{}}',
      /pact\.json: interactions: expected a list$/,
    ],
    [
      'without interactions',
      '{"consumer":{"name":"x"},"provider":{"name":"x"}}',
      /pact\.json: interactions: expected a list$/,
    ],
    [
      'of a version to come',
      right.replace('3.0.0', '5.0'),
      /pact\.json: metadata\.pactSpecification\.version is "5\.0", an unknown version of the Pact specification; expected 1 to 4, such as "4\.0"$/,
    ],
    [
      'for plugins',
      right.replace('"metadata":{', '"metadata":{"plugins":[{"name":"csv"}],'),
      /pact\.json: metadata\.plugins: needs plugins of Pact, which do not run here/,
    ],
    [
      'with an interaction without a request',
      right.replace('"request"', '"requested"'),
      /pact\.json: interactions\[0\]\.request: expected an object$/,
    ],
    [
      'with a state that has no name',
      right.replace('"request"', '"providerStates":[{"state":"approved"}],"request"'),
      /pact\.json: interactions\[0\]\.providerStates\[0\]\.name: expected a text$/,
    ],
  ] as const)(
    'a file that is %s is an error that says so',
    async ([, text, message], { simulator, folder }) => {
      const file = join(folder, 'pact.json')
      await writeFile(file, text)

      await expect(verifyPacts(simulator, [file])).rejects.toThrow(message)
    },
  )

  test('a file that is meant as a pact is not passed over in a folder', async ({
    simulator,
    folder,
  }) => {
    await writeFile(join(folder, 'good.json'), right)
    const bad = '{"consumer":{"name":"x"},"provider":{"name":"x"},"interactions":{}}'
    await writeFile(join(folder, 'bad.json'), bad)

    await expect(verifyPacts(simulator, [folder])).rejects.toThrow(
      /bad\.json: interactions: expected a list$/,
    )
  })

  test('a folder without pacts is an error', async ({ simulator, folder }) => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    await expect(verifyPacts(simulator, [empty])).rejects.toThrow(
      `${empty}: has no *.json file; expected pact files`,
    )
    await writeFile(join(empty, 'package.json'), '{}')
    await expect(verifyPacts(simulator, [empty])).rejects.toThrow(
      `${empty}: has no pact among package.json; expected pact files`,
    )
  })

  test.for([
    ['is not there', { status: 404, body: 'no' }, /: HTTP 404 Not Found; expected 200$/],
    [
      'needs a password',
      { status: 401, body: 'no' },
      /: HTTP 401 Unauthorized; it takes --broker-username and --broker-password, or --broker-token$/,
    ],
    ['is a page', { body: '<html></html>' }, /\/pact:1:1: is not JSON; expected a pact file$/],
    [
      'is too large',
      { body: ' '.repeat(11 * 1024 * 1024) },
      /: is larger than 10 MB; expected a pact$/,
    ],
    ['never comes', undefined, /: no whole answer within 0\.2 s$/],
  ] as const)(
    'a URL whose answer %s is an error that says so',
    async ([, answer, message], { simulator }) => {
      const { url } = await webServer(() => answer)

      await expect(
        verifyPacts(simulator, [`${url}/pact`], {
          timeoutSeconds: answer === undefined ? 0.2 : 10,
        }),
      ).rejects.toThrow(message)
    },
  )

  test('a URL where nobody listens is an error that says so', async ({ simulator }) => {
    await expect(verifyPacts(simulator, ['http://127.0.0.1:9/pact'])).rejects.toThrow(
      'http://127.0.0.1:9/pact: nobody answers (',
    )
  })
})

describe.skipIf(noPact !== '')(`pacts of a broker${noPact}`, () => {
  const pacts = {
    'First Bank': { pact: pactOf('First Bank') },
    'Second Bank': { pact: pactOf('Second Bank', 201), pending: true },
    'Third Bank': { pact: pactOf('Third Bank') },
  }
  const old = ['pb:provider-pacts-for-verification']

  test('are those for verification, page by page, with what the broker says of them', async ({
    simulator,
  }) => {
    const { url, asked } = await pactBroker(pacts)

    const { passed, interactions, notes } = await verifyPacts(simulator, [], {
      broker: {
        url,
        branches: ['main'],
        tags: ['prod'],
        enablePending: true,
        providerBranch: 'next',
      },
    })

    expect(passed).toBe(true)
    expect(
      interactions.map(({ consumer, outcome, pending }) => [consumer, outcome, pending]),
    ).toEqual([
      ['First Bank', 'passed', false],
      ['Second Bank', 'failed', true],
      ['Third Bank', 'passed', false],
    ])
    expect(notes).toEqual([
      'The pact of First Bank is the latest',
      'The pact of Second Bank is the latest',
      'The pact of Third Bank is the latest',
    ])
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({
      consumerVersionSelectors: [{ tag: 'prod', latest: true }, { branch: 'main' }],
      includePendingStatus: true,
      providerVersionBranch: 'next',
    })
    expect(asked.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test.for([
    ['the latest of all', {}, old, 3],
    ['the latest with a tag', { tags: ['main'] }, old, 3],
  ] as const)('of an older one are %s', async ([, wanted, without, count], { simulator }) => {
    const { url } = await pactBroker(pacts, { without })

    const { interactions, passed } = await verifyPacts(simulator, [], {
      broker: { url, ...wanted },
    })

    expect(interactions).toHaveLength(count)
    // Nothing says which are pending.
    expect(passed).toBe(false)
  })

  test('can be found by their consumers where there is no list', async ({ simulator }) => {
    const { url } = await pactBroker(pacts, {
      without: [...old, 'pb:latest-provider-pacts', 'pb:latest-provider-pacts-with-tag'],
    })

    const { interactions } = await verifyPacts(simulator, [], {
      broker: { url },
      consumers: ['Third Bank'],
    })
    expect(interactions.map(({ consumer }) => consumer)).toEqual(['Third Bank'])
    await expect(verifyPacts(simulator, [], { broker: { url } })).rejects.toThrow(
      `${url}: its index has no link to the pacts of a provider`,
    )
  })

  test.for([
    [
      'a username and a password',
      { username: 'joe', password: 's3cret' },
      `Basic ${btoa('joe:s3cret')}`,
    ],
    ['a token', { token: 's3cret' }, 'Bearer s3cret'],
  ] as const)('are given for %s', async ([, credentials, authorization], { simulator }) => {
    const { url } = await pactBroker(pacts, { authorization })

    const { interactions } = await verifyPacts(simulator, [], { broker: { url, credentials } })
    expect(interactions).toHaveLength(3)
    await expect(
      verifyPacts(simulator, [], { broker: { url, credentials: { token: 'wrong' } } }),
    ).rejects.toThrow(
      `${url}: HTTP 401 Unauthorized; the username and password, or the token, are not accepted`,
    )
  })

  test('whose link leads elsewhere are fetched without the credentials', async ({ simulator }) => {
    const elsewhere = await webServer(() => ({ body: pactOf('Bank') }))
    const broker = await webServer(({ path }, url) => ({
      body:
        path === '/'
          ? { _links: { 'pb:latest-provider-pacts': { href: `${url}/list` } } }
          : { _links: { pacts: [{ href: `${elsewhere.url}/pact` }] } },
    }))

    await verifyPacts(simulator, [], {
      broker: { url: broker.url, credentials: { token: 's3cret' } },
    })

    expect(broker.asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer s3cret',
      'Bearer s3cret',
    ])
    expect(elsewhere.asked.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  test.for<[string, BrokerOptions, VerifyOptions, string]>([
    [
      'has no such provider',
      { without: old },
      { provider: 'other' },
      ': has no pacts of the provider "other"; name another with --provider',
    ],
    [
      'does not know the provider',
      {},
      { provider: 'unknown' },
      '/pacts/provider/unknown/for-verification: HTTP 404 Not Found; has the broker a provider "unknown"? Name another with --provider',
    ],
    [
      'is too old for branches',
      { without: old },
      { broker: { url: '', branches: ['main'] } },
      ': is too old to know branches; name tags with --broker-tag',
    ],
  ])('that %s is an error that says so', async ([, server, options, message], { simulator }) => {
    const { url } = await pactBroker(pacts, server)

    await expect(
      verifyPacts(simulator, [], { ...options, broker: { ...options.broker, url } }),
    ).rejects.toThrow(url + message)
  })

  test('that is no broker is an error that says so', async ({ simulator }) => {
    const { url } = await webServer(() => ({ body: '<h1>Welcome</h1>', type: 'text/html' }))

    await expect(verifyPacts(simulator, [], { broker: { url } })).rejects.toThrow(
      `${url}:1:1: is not JSON`,
    )
  })
})
