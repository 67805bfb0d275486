import { describe, expect, test } from 'vitest'
import { isAddressOf } from '../../src/harness/click-to-pay-page.ts'
import { withoutValues } from '../../src/harness/environment-values.ts'

describe('a secret of the environment is cut however it is spelled', () => {
  const masked = withoutValues(["p@ss word's", 'a\\b"c'])
  test.for([
    "p@ss word's",
    'p%40ss%20word%27s',
    'P%40ss+word&#039;s',
    'p&#64;ss word&#x27;s',
    'p@ss word&apos;s',
    'a\\b"c',
    'a\\\\b\\"c',
    'a%5cb%22c',
  ])('%s', (text) => {
    expect(masked(`before ${text} behind`)).toBe('before (secret) behind')
  })

  test('and nothing else is', () => {
    expect(masked('pass word')).toBe('pass word')
    expect(withoutValues([])('anything')).toBe('anything')
  })
})

describe('the way back is known', () => {
  test.for([
    ['https://bank.example', 'https://bank.example/?results=1', true],
    ['https://BANK.example/cb', 'https://bank.example/cb?results=1#x', true],
    ['http://localhost:80/cb', 'http://localhost/cb', true],
    ['com.bank.app://back', 'com.bank.app://back?results=1', true],
    ['https://bank.example/cb', 'https://bank.example/cb2', false],
    ['https://bank.example/cb', 'https://bank.example:8443/cb', false],
  ] as const)('%s by %s: %s', ([callbackURL, url, isKnown]) => {
    expect(isAddressOf(callbackURL, url)).toBe(isKnown)
  })
})
