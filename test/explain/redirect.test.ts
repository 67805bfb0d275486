import { describe, expect } from 'vitest'
import { redirectMistakes } from '../../src/explain/redirect/mistakes.ts'
import { type PushAccepted, push as pushTo, redirectUrl } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import {
  accepted,
  callbackURL,
  noon,
  projectOf,
  pushArguments,
  receiptOf,
  test as story,
} from '../support/journey.ts'
import { createSimulator } from '../support/simulator.ts'

const page = 'http://localhost:6337/provision'
const back = `&callbackURL=${encodeURIComponent(callbackURL)}`
const rest = `&locale=en_US&extFlow=true${back}`

const test = story.extend<{
  /** Visits what an issuer makes of a push, and reads the journal. */
  causes: (url: (push: PushAccepted) => string) => Promise<{
    readonly status: number
    readonly codes: readonly string[] | undefined
    readonly fix: string | undefined
    readonly because: string | undefined
    readonly warnings: readonly string[]
  }>
}>({
  causes: async ({ pushed, visit, simulator }, use) =>
    use(async (url) => {
      const { status } = await visit(url(await pushed()))
      const entry = (await simulator.journal.entries()).at(-1)
      const causes = entry?.faults?.[0]?.explanation?.causes
      return {
        status,
        codes: causes?.map(({ code }) => code),
        fix: causes?.[0]?.fix,
        because: causes?.[0]?.because,
        warnings: entry?.warnings ?? [],
      }
    }),
})

describe('a redirect that was refused names the mistake first', () => {
  test.for<[what: string, status: number, code: string, url: (push: PushAccepted) => string]>([
    [
      'pushAccountReceipt for pushAccountReceipts',
      400,
      'RECEIPTS_PARAMETER_SINGULAR',
      (push) => `${page}?pushAccountReceipt=${receiptOf(push)}${rest}`,
    ],
    [
      'a parameter in another case',
      400,
      'PARAMETER_MISSPELT',
      (push) => `${page}?pushaccountreceipts=${receiptOf(push)}${rest}`,
    ],
    ['nothing that was pushed', 400, 'NOTHING_PUSHED', () => `${page}?locale=en_US&extFlow=true`],
    ['no value', 400, 'RECEIPT_EMPTY', () => `${page}?pushAccountReceipts=${rest}`],
    [
      'the signature in the place of the receipt',
      404,
      'SIGNATURE_AS_RECEIPT',
      ({ signature }) => `${page}?pushAccountReceipts=${signature}${rest}`,
    ],
    [
      'the receipt in the place of the signature',
      400,
      'RECEIPT_AS_SIGNATURE',
      (push) => `${page}?pushAccountData=${receiptOf(push)}&extFlow=true`,
    ],
    [
      'the receipt in lower case',
      404,
      'RECEIPT_CASE_CHANGED',
      (push) => `${page}?pushAccountReceipts=${receiptOf(push).toLowerCase()}${rest}`,
    ],
    [
      'the receipt in quotes',
      404,
      'RECEIPT_CHANGED',
      (push) => `${page}?pushAccountReceipts=%22${receiptOf(push)}%22${rest}`,
    ],
    [
      'pushAccountId in its place',
      404,
      'NO_RECEIPT',
      () => `${page}?pushAccountReceipts=card-1${rest}`,
    ],
    [
      'a receipt of another environment',
      404,
      'RECEIPT_OF_ANOTHER_SERVER',
      () => `${page}?pushAccountReceipts=MCC-STL-04FB7337-2308-4312-9433-C608BC1C391B${rest}`,
    ],
    [
      'a callbackURL encoded twice',
      400,
      'CALLBACK_DOUBLE_ENCODED',
      (push) =>
        `${page}?pushAccountReceipts=${receiptOf(push)}&locale=en_US&extFlow=true&callbackURL=${encodeURIComponent(encodeURIComponent(callbackURL))}`,
    ],
    [
      'a relative callbackURL',
      400,
      'CALLBACK_UNUSABLE',
      (push) =>
        `${page}?pushAccountReceipts=${receiptOf(push)}&locale=en_US&extFlow=true&callbackURL=%2Fresults`,
    ],
    [
      'a parameter twice',
      400,
      'PARAMETER_REPEATED',
      (push) => `${redirectUrl(push, { useCase: 'signature' })}&extFlow=true`,
    ],
    [
      'a signature encoded twice',
      400,
      'SIGNATURE_DOUBLE_ENCODED',
      ({ signature = '' }) =>
        `${page}?pushAccountData=${signature.replaceAll('.', '%252E')}&extFlow=true`,
    ],
    [
      'a signature in quotes',
      400,
      'SIGNATURE_QUOTED',
      ({ signature }) => `${page}?pushAccountData=%22${signature}%22&extFlow=true`,
    ],
    [
      'a signature that was cut',
      400,
      'SIGNATURE_CUT',
      ({ signature = '' }) => `${page}?pushAccountData=${signature.slice(0, 255)}&extFlow=true`,
    ],
    [
      'a signature that was changed',
      400,
      'SIGNATURE_CHANGED',
      ({ signature = '' }) => {
        const [header, , proof] = signature.split('.')
        const other = Buffer.from('{"pushAccountReceipts":["x"]}').toString('base64url')
        return `${page}?pushAccountData=${header}.${other}.${proof}&extFlow=true`
      },
    ],
    [
      "a signature with a kid of Mastercard's",
      400,
      'SIGNATURE_OF_ANOTHER_ENVIRONMENT',
      ({ signature = '' }) => withKid(signature, '20210927091340-MDES-token-connect-mtf'),
    ],
    [
      'a signature of another simulator',
      400,
      'SIGNATURE_OF_ANOTHER_SERVER',
      ({ signature = '' }) => withKid(signature, '20250101000000-MDES-token-connect-simulator'),
    ],
  ])('%s', async ([, status, code, url], { causes }) => {
    const found = await causes(url)
    expect([found.status, found.codes?.[0]]).toEqual([status, code])
    expect(found.fix).not.toBe('')
  })

  test('an expired receipt, with how late it was', async ({ causes, simulator }) => {
    const found = await causes((push) => {
      simulator.clock.advance(15 * 60_000 + 42_000)
      return `${page}?pushAccountReceipts=${receiptOf(push)}${rest}`
    })
    expect(found.codes).toEqual(['RECEIPT_EXPIRED'])
    expect(found.because).toMatch(/expired 42 s ago$/)
  })

  test('a used receipt', async ({ pushed, visit, simulator }) => {
    const url = redirectUrl(await pushed(), { useCase: 'signature' })
    expect((await visit(url)).status).toBe(303)
    expect((await visit(url)).status).toBe(410)
    const [fault] = (await simulator.journal.entries()).at(-1)?.faults ?? []
    expect(fault?.explanation?.causes.map(({ code }) => code)).toEqual(['RECEIPT_USED'])
  })

  test("another token requestor's receipt", async ({ pushed, visit, simulator }) => {
    const push = await pushed({ tokenRequestorId: '50123456789' })
    await visit(`${page}?pushAccountReceipts=${receiptOf(push)}${rest}`)
    const [fault] = (await simulator.journal.entries()).at(-1)?.faults ?? []
    expect(fault?.explanation?.causes[0]).toMatchObject({
      code: 'RECEIPT_OF_ANOTHER_REQUESTOR',
      because: expect.stringContaining('pushed for token requestor 50123456789'),
    })
  })

  test('receipts of two token requestors in one redirect', async ({ pushed, visit, simulator }) => {
    const foreign = await pushed({ tokenRequestorId: '50123456789' })
    const own = await pushed()
    await visit(`${page}?pushAccountReceipts=${receiptOf(foreign)},${receiptOf(own)}${rest}`)
    const [fault] = (await simulator.journal.entries()).at(-1)?.faults ?? []
    expect(fault?.explanation?.causes.map(({ code }) => code)).toContain(
      'RECEIPTS_OF_SEVERAL_REQUESTORS',
    )
  })

  story('receipts of two consumer keys in one redirect', async ({ project }) => {
    const { createPublicKey } = await import('node:crypto')
    const other = `${'D'.repeat(48)}!${'d'.repeat(32)}${'0'.repeat(16)}`
    const simulator = await createSimulator({
      data: dataDirectory,
      clock: noon,
      issuers: [{ consumerKey: other, publicKey: createPublicKey(project.signingKey) }],
    })
    const own = await projectOf(simulator)
    const receipts = []
    for (const consumerKey of [own.consumerKey, other]) {
      const overrides = { tokenRequestorId: '50123456789' }
      receipts.push(
        receiptOf(accepted(await pushTo(...pushArguments({ ...own, consumerKey }, overrides)))),
      )
    }
    await simulator.fetch(new Request(`${page}?pushAccountReceipts=${receipts.join(',')}${rest}`))
    const [fault] = (await simulator.journal.entries()).at(-1)?.faults ?? []
    expect(fault?.explanation?.causes.map(({ code }) => code)).toContain(
      'RECEIPT_OF_ANOTHER_CONSUMER_KEY',
    )
  })
})

describe('a redirect that works all the same is warned of', () => {
  test.for<[what: string, warning: string, url: (push: PushAccepted) => string]>([
    [
      'no locale',
      'locale is missing: with plain parameters it must be set',
      (push) => `${page}?pushAccountReceipts=${receiptOf(push)}&extFlow=true${back}`,
    ],
    [
      'no extFlow',
      'extFlow=true is missing: Click to Pay then offers no "Remember Me"',
      ({ signature }) => `${page}?pushAccountData=${signature}`,
    ],
    [
      'callbackUrl for callbackURL',
      'callbackUrl is ignored: the parameter is callbackURL',
      (push) =>
        `${page}?pushAccountReceipts=${receiptOf(push)}&locale=en_US&extFlow=true&callbackUrl=https%3A%2F%2Fbank.test`,
    ],
    [
      'a callbackURL that is not encoded and has a query',
      'callbackURL is not percent-encoded, so session may belong to it and is lost',
      (push) =>
        `${page}?pushAccountReceipts=${receiptOf(push)}&locale=en_US&extFlow=true&callbackURL=https://bank.test/back?from=app&session=7`,
    ],
    [
      'signed and plain values that disagree',
      'locale is ignored: pushAccountData stands alone, with extFlow=true only; it says cs_CZ, and the signature says en_US, which counts',
      (push) => `${redirectUrl(push, { useCase: 'signature' })}&locale=cs_CZ`,
    ],
    [
      'both forms, saying the same',
      'locale is ignored: pushAccountData stands alone, with extFlow=true only',
      (push) => `${redirectUrl(push, { useCase: 'signature' })}&locale=en_US`,
    ],
  ])('%s', async ([, warning, url], { causes }) => {
    const { status, warnings } = await causes(url)
    expect(status).toBeLessThan(400)
    expect(warnings).toEqual([warning])
  })
})

function withKid(signature: string, kid: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid })).toString('base64url')
  return `${page}?pushAccountData=${header}.${signature.split('.').slice(1).join('.')}&extFlow=true`
}

describe('every mistake of a redirect has its code', () => {
  test.for<[code: string, search: string]>([
    ['EXTFLOW_MISSING', '?pushAccountReceipts=x&locale=en_US'],
    ['LOCALE_MISSING', '?pushAccountReceipts=x&extFlow=true'],
    ['LOCALE_MALFORMED', '?pushAccountReceipts=x&extFlow=true&locale=en-US'],
    ['BOOLEAN_MALFORMED', '?pushAccountReceipts=x&extFlow=true&locale=en_US&callbackRequired=1'],
    ['SEVERAL_RECEIPTS', '?pushAccountReceipts=x,y&extFlow=true&locale=en_US'],
    [
      'CALLBACK_NOT_ENCODED',
      '?pushAccountReceipts=x&extFlow=true&locale=en_US&callbackURL=https://b.test/',
    ],
    ['BOTH_FORMS', '?pushAccountData=x&extFlow=true&locale=en_US'],
    ['PARAMETER_MISSPELT', '?pushAccountReceipts=x&extFlow=true&locale=en_US&callbackUrl=x'],
  ])('%s', ([code, search]) => {
    expect(redirectMistakes({ search }).map((cause) => cause.code)).toEqual([code])
  })

  test('SIGNED_AND_PLAIN_DISAGREE', () => {
    const search = '?pushAccountData=x&extFlow=true&locale=en_US'
    expect(
      redirectMistakes({ search, claims: { locale: 'cs_CZ' } }).map((cause) => cause.code),
    ).toEqual(['SIGNED_AND_PLAIN_DISAGREE'])
  })

  test.for([
    ['pushAccountData=undefined&extFlow=true', 'VALUE_UNDEFINED'],
    ['pushAccountReceipts=null&extFlow=true&locale=en_US', 'VALUE_UNDEFINED'],
  ])('%s is %s', async ([query, code], { causes }) => {
    expect((await causes(() => `${page}?${query}`)).codes?.[0]).toBe(code)
  })
})

describe('at the page of another token requestor', () => {
  const codes = (search: string, takes: number) =>
    redirectMistakes({ search, host: { name: 'Lumen Wallet', isClickToPay: false, takes } }).map(
      ({ code }) => code,
    )
  const search = (receipts: number) =>
    `?locale=en_US&pushAccountReceipts=${Array.from({ length: receipts }, (_, n) => `MCC-${n}`).join()}`

  test('extFlow is not missed, and so many receipts are right', () => {
    expect(codes(search(5), 5)).toEqual([])
    expect(codes(search(6), 5)).toEqual(['TOO_MANY_RECEIPTS'])
    expect(codes(search(2), 1)).toEqual(['SEVERAL_RECEIPTS'])
  })
})
