import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { payloadFixes } from '../../src/explain/payload/causes.ts'
import { redirectFixes } from '../../src/explain/redirect/causes.ts'
import { signatureFixes } from '../../src/explain/signature/causes.ts'

test('every cause that can be named has a test that makes the mistake', () => {
  const tests = fileURLToPath(new URL('..', import.meta.url))
  const text = ['explain', 'flows']
    .flatMap((folder) => readdirSync(join(tests, folder)).map((file) => join(tests, folder, file)))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const words = new Set(text.match(/[A-Z][A-Z0-9_]+/g))
  const codes = [signatureFixes, payloadFixes, redirectFixes].flatMap((fixes) => Object.keys(fixes))
  expect(codes.length).toBeGreaterThan(150)
  expect(codes.filter((code) => !words.has(code))).toEqual([])
})

test('every remedy is a sentence', () => {
  for (const fixes of [signatureFixes, payloadFixes, redirectFixes])
    for (const [code, fix] of Object.entries(fixes))
      expect([code, /^["A-Z].*[.]$/s.test(fix) || fix]).toEqual([code, true])
})
