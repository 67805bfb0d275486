import { describe, expect } from 'vitest'
import { maskCardNumbers, maskedCardNumber } from '../../src/card-number.ts'
import { redirectUrl } from '../../src/issuer/client.ts'
import { callbackURL, card, test } from '../support/journey.ts'

const pan = '5123456789012346'

test('no card number and no private key is in any answer, page or journal entry', async ({
  push,
  pushed,
  visit,
  choose,
  simulator,
  project,
}) => {
  const said: string[] = []
  const hear = async (response: Response) => {
    const text = await response.clone().text()
    said.push(text, JSON.stringify([...response.headers]))
    return text
  }

  const asked = await pushed({ scenario: 'ask', card: pan })
  const page = await hear(await visit(redirectUrl(asked, { useCase: 'signature' })))
  await hear(await choose(page, 'APPROVED'))
  await hear(await choose(page, 'APPROVED'))
  for (const accounts of [
    [card(pan, pan.slice(0, 9))],
    [card(`${pan}0000`)],
    [card(pan), card(pan)],
  ])
    said.push((await push({ accounts })).text)
  for (const path of [
    `/provision?pushAccountReceipts=${pan}`,
    `/provision?pushAccountReceipts=${pan}&callbackURL=${encodeURIComponent(callbackURL)}`,
    `/provision?pushAccountData=${pan}`,
    `/provision?pushAccountReceipts=MCC-1&card=5123%204567%208901%202346`,
    `/provision?callbackURL=${pan}`,
    `/provision?pushAccountReceipts=MCC-1&callbackURL=${encodeURIComponent(`https://a.test/?c=${pan}`)}`,
    `/provision?pushAccountReceipts=${[...pan].map((digit) => `%3${digit}`).join('')}`,
    `/provision?c=${pan.replace(/(....)/g, '$1.')}`,
    `/mdes/${pan}`,
    `/mdes/connect/1/0/pushMultipleAccounts?card=${pan}`,
  ])
    await hear(await visit(`http://localhost:6337${path}`))
  const unsigned = {
    method: 'POST',
    body: `{"requestId":"${pan}"}`,
    headers: { Authorization: `OAuth oauth_consumer_key="${pan}"` },
  }
  await hear(
    await simulator.fetch(
      new Request('http://localhost:6337/mdes/connect/1/0/pushMultipleAccounts', unsigned),
    ),
  )
  await hear(await visit('http://localhost:6337/__simulator/journal'))

  const everything = said.join('\n')
  expect(everything.length).toBeGreaterThan(5000)
  expect(everything).not.toMatch(/5123456789012346|5123.4567.8901.2346|5123%204567|%35%31%32%33/)
  expect(everything).toContain('512345******2346')
  const key = project.signingKey.split('\n')[1] ?? ''
  const { privateKey } = simulator.keyring.pushSignature.active
  const pushKey = String(privateKey.export({ type: 'pkcs8', format: 'pem' })).split('\n')[1] ?? ''
  expect(key.length).toBe(64)
  expect(everything).not.toContain(key)
  expect(everything).not.toContain(pushKey)
})

describe('masking', () => {
  test.for([
    ['5123456789012346', '512345******2346'],
    ['6759649826438453003', '675964*********3003'],
    ['123456789', '*****6789'],
    ['123456', '****56'],
    ['12', '**'],
    ['', ''],
  ] as const)('a card number keeps its first six and last four: %s', ([number, masked]) => {
    expect(maskedCardNumber(number)).toBe(masked)
  })

  test.for([
    ['pan=5123456789012346&x=1', 'pan=512345******2346&x=1'],
    ['5123 4567 8901 2346', '512345******2346'],
    ['5123-4567-8901-2346', '512345******2346'],
    ['a5123456789012346b', 'a512345******2346b'],
    ['5123.4567.8901.2346', '512345******2346'],
    ['5123_4567/8901,2346', '512345******2346'],
    ['5123--4567--8901--2346', '512345******2346'],
    ['%35%31%32%33%34%35%36%37%38%39%30%31%32%33%34%36', '512345******2346'],
    ['5123%2D4567%2D8901%2D2346', '512345******2346'],
    ['5123%2520456789012346', '512345******2346'],
    ['51234567-8901-2346-0000-000000000000', '512345**********************0000'],
    ['eyJ5123456789012346.5123456789012346.1', 'eyJ512345***********************3461'],
    ['%3D5123456789012346', '%3D512345******2346'],
    ['two: 5123456789012346; 5412346789012349', 'two: 512345******2346; 541234******2349'],
  ] as const)('in any text: %s', ([text, masked]) => {
    expect(maskCardNumbers(text)).toBe(masked)
  })

  test.for([
    'MCC-STL-04FB7337-2308-4312-9433-123456789012',
    'DM4MMC0000000001123456789012345678901234567890ab',
    '37fa3300-8281-1111-8111-024211300031',
    '00000000-0000-0000-0000-000000000000',
    `${'A1b2'.repeat(12)}!12345678901234567890123456789012${'0'.repeat(16)}`,
    '20261122220113-MDES-token-connect-simulator',
    'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxMjM0NTY3ODkwMTIzNDU2fQ.c2ln1234567890123456',
    '50123197928',
    'http://192.168.100.100:6337/mdes',
    '2026-01-30T12:00:00.000Z',
  ])('identifiers of the protocol stay readable: %s', (text) => {
    expect(maskCardNumbers(text)).toBe(text)
  })
})
