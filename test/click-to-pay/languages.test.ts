import { describe, expect, test } from 'vitest'
import { type Language, languages, messagesOf } from '../../src/click-to-pay/messages/languages.ts'
import type { Messages } from '../../src/click-to-pay/messages/messages.ts'

describe('the language of a visit', () => {
  test.each<[string, Language, string]>([
    ['en_US', 'en', 'US'],
    ['en_GB', 'en', 'GB'],
    ['cs_CZ', 'cs', 'CZ'],
    ['de_AT', 'de', 'AT'],
    ['es_MX', 'es', 'MX'],
    ['ar_AE', 'ar', 'AE'],
    ['de_XQ', 'de', 'XQ'],
  ])('%s decides, whatever the browser likes', (locale, language, country) => {
    expect(messagesOf(locale, 'fr, es;q=0.9, cs;q=0.8')).toEqual({
      messages: languages[language],
      language,
      country,
      fellBack: false,
    })
  })

  test.each<[string | undefined, string | undefined]>([
    ['fr_FR', 'FR'],
    ['pl_PL', 'PL'],
    [undefined, undefined],
    ['', undefined],
    ['cs', undefined],
    ['cs_', undefined],
    ['cs-CZ', undefined],
    ['CS_cz', undefined],
    ['cs_CZE', undefined],
    ['ces_CZ', undefined],
    [' cs_CZ', undefined],
    ['cs_CZ\n', undefined],
    ['__proto__', undefined],
  ])('locale %j leaves it to the browser', (locale, country) => {
    expect(messagesOf(locale, 'de')).toEqual({
      messages: languages.de,
      language: 'de',
      country,
      fellBack: true,
    })
    expect(messagesOf(locale, undefined)).toEqual({
      messages: languages.en,
      language: 'en',
      country,
      fellBack: true,
    })
  })

  test.each<[string, Language]>([
    // One range.
    ['cs', 'cs'],
    ['de-CH', 'de'],
    ['es-419', 'es'],
    ['ar-Arab-EG', 'ar'],
    ['DE-de', 'de'],
    ['fr', 'en'],
    ['est', 'en'],
    ['x-de', 'en'],
    // The order of what browsers say.
    ['cs,en;q=0.9', 'cs'],
    ['en-US,en;q=0.9,cs;q=0.8', 'en'],
    ['fr-FR,fr;q=0.9,es;q=0.8,en;q=0.7', 'es'],
    ['en;q=0.1, de;q=0.25, es;q=0.3', 'es'],
    ['cs;q=0.999, de', 'de'],
    ['cs;q=0.998, de;q=0.999', 'de'],
    ['de, cs', 'de'],
    ['cs, de;q=1.000', 'cs'],
    ['de;q=1., cs', 'de'],
    ['de;q=0.5, cs;Q=0.6', 'cs'],
    ['en;q=0.2, de-AT;q=0.3, de;q=0.1', 'de'],
    // Blanks.
    [' \tcs \t;\t q=0.5 , fr ', 'cs'],
    ['fr,,, ,cs', 'cs'],
    // Not acceptable.
    ['cs;q=0', 'en'],
    ['cs;q=0, de;q=0.001', 'de'],
    ['en;q=0, cs;q=0.000, es;q=0.1', 'es'],
    ['en;q=0', 'en'],
    // Any.
    ['*', 'en'],
    ['*;q=0', 'en'],
    ['fr, *;q=0.5', 'en'],
    ['*, cs', 'cs'],
    ['cs;q=0.5, *', 'en'],
    ['en;q=0.1, *;q=0.5', 'ar'],
    ['en;q=0, ar;q=0, cs;q=0, *', 'de'],
    ['en;q=0.1, ar, cs, de, es, *', 'ar'],
    ['en;q=0.2, ar;q=0, cs;q=0.1, de;q=0.1, es;q=0.1, *;q=0.9', 'en'],
    // Malformed, each without harm to the others.
    ['', 'en'],
    [',', 'en'],
    [';q=1', 'en'],
    ['cs;', 'en'],
    ['cs;q', 'en'],
    ['cs;q=', 'en'],
    ['cs;q=2', 'en'],
    ['cs;q=1.001', 'en'],
    ['cs;q=-1', 'en'],
    ['cs;q=.5', 'en'],
    ['cs;q=0.1234', 'en'],
    ['cs;q=0,5', 'en'],
    ['cs;q="0.5"', 'en'],
    ['cs; q =0.5', 'en'],
    ['cs;q=0.5;q=0.6', 'en'],
    ['cs;level=1', 'en'],
    ['cs;q=NaN, de;q=0.1', 'de'],
    ['cs_CZ, de', 'de'],
    ['cs de', 'en'],
    ['cs-', 'en'],
    ['cs-abcdefghi', 'en'],
    ['*-CZ', 'en'],
    ['**', 'en'],
    ['č, cs', 'cs'],
    ['constructor, __proto__, toString, valueOf, es', 'es'],
  ])('Accept-Language: %j means %s', (header, language) => {
    expect(messagesOf(undefined, header)).toMatchObject({ language, fellBack: true })
  })

  test('a header of any length is read at once', () => {
    const started = performance.now()
    const spoken = [
      messagesOf(undefined, `${'a'.repeat(50_000)}, cs`).language,
      messagesOf(undefined, `cs${' '.repeat(50_000)}!, de`).language,
      messagesOf(undefined, `${'fr,'.repeat(20_000)}es`).language,
    ]
    expect(spoken).toEqual(['cs', 'de', 'es'])
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

/** What a text is given to speak of; a number where it counts. */
const numbers: readonly string[] = ['code.wrong', 'invalid.tooLong']
const given = ['«1»', '«2»'] as const

type Texts = ReadonlyMap<string, string>

function textsOf(value: unknown, path: readonly string[] = []): readonly [string, string][] {
  const name = path.join('.')
  if (typeof value === 'string') return [[name, value]]
  if (typeof value === 'function')
    return [[name, numbers.includes(name) ? value(7) : value(...given)]]
  return Object.entries(value as object).flatMap(([key, inner]) => textsOf(inner, [...path, key]))
}

const english: Texts = new Map(textsOf(languages.en))
const every = (Object.keys(languages) as Language[]).map(
  (language) => [language, new Map(textsOf(languages[language])) as Texts] as const,
)
const translated = every.filter(([language]) => language !== 'en')

/** The names of the texts for which something holds. */
const where = (texts: Texts, holds: (text: string, name: string) => boolean) =>
  [...texts].filter(([name, text]) => holds(text, name)).map(([name]) => name)

const sameAsInEnglish: Readonly<Record<Exclude<Language, 'en'>, readonly string[]>> = {
  ar: [],
  cs: ['direction'],
  de: ['direction', 'code.label', 'fields.optional'],
  es: ['direction'],
}

describe.each(every)('every text in %s', (language, texts) => {
  test('stands in the places that the English has', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort())
    expect(texts.size).toBeGreaterThan(100)
  })

  test('is not empty, and has no blanks too many', () => {
    expect(where(texts, (text) => text === '' || text !== text.trim())).toEqual([])
    expect(where(texts, (text) => /\s\s|[^\S ]|\s[.,;:!?،؟]/.test(text))).toEqual([])
  })

  test('says what it is given, once and as it is', () => {
    const counted = (text: string, what: string) => text.split(what).length - 1
    for (const what of [...given, '7'])
      expect(where(texts, (text) => counted(text, what) === 1)).toEqual(
        expect.arrayContaining(where(english, (text) => counted(text, what) === 1)),
      )
    expect(where(texts, (text) => /undefined|NaN|\$\{/.test(text))).toEqual([])
  })

  test('ends as a sentence where the English does', () => {
    const ends = (text: string) => /[.?؟]$/.exec(text)?.[0].replace('؟', '?')
    expect(where(texts, (text, name) => ends(text) !== ends(english.get(name) ?? ''))).toEqual([])
  })

  test('names no product, and has Western digits', () => {
    expect(
      where(texts, (text) => /mastercard|maestro|click to pay|token|mdes/i.test(text)),
    ).toEqual([])
    expect(where(texts, (text) => /(?![0-9])\p{Nd}/u.test(text))).toEqual([])
  })

  test('is in one script', () => {
    const latin = (text: string) => text.replace('name@example.com', '')
    const foreign = language === 'ar' ? /\p{Script=Latin}/u : /(?!\p{Script=Latin})\p{L}/u
    expect(where(texts, (text, name) => name !== 'direction' && foreign.test(latin(text)))).toEqual(
      [],
    )
  })

  test('has no invisible character that turns the direction', () => {
    expect(where(texts, (text) => /\p{Cf}/u.test(text))).toEqual([])
  })
})

test.each(translated)('%s is not the English', (language, texts) => {
  expect(where(texts, (text, name) => text === english.get(name)).sort()).toEqual(
    [...sameAsInEnglish[language as Exclude<Language, 'en'>]].sort(),
  )
})

test('only Arabic goes from right to left, and begins in Arabic even with a host', () => {
  expect(Object.values(languages).filter(({ direction }) => direction === 'rtl')).toEqual([
    languages.ar,
  ])
  const arabic = new Map(textsOf(languages.ar))
  expect(
    where(arabic, (text, name) => name !== 'direction' && !/^\p{Script=Arabic}/u.test(text)),
  ).toEqual([])
})

test.each<[Language, (bank: string) => string]>([
  ['en', (bank) => `${bank} wants`],
  ['ar', (bank) => `يرغب ${bank} في`],
  ['cs', (bank) => `${bank} sem chce`],
  ['de', (bank) => `${bank} möchte`],
  ['es', (bank) => `${bank} quiere`],
])('%s speaks of a bank by its host, or as yours', (language, begins) => {
  const { opening, yourBank }: Messages = languages[language]
  for (const bank of ['partnerbank.com', yourBank])
    expect(opening.text(bank).startsWith(begins(bank))).toBe(true)
})

test.each<[Language, string]>([
  ['en', 'I accept the terms of use and have read the privacy notice.'],
  ['ar', 'أوافق على شروط الاستخدام، وأقرّ بأنني قرأت إشعار الخصوصية.'],
  ['cs', 'Přijímám podmínky použití a beru na vědomí informace o zpracování osobních údajů.'],
  ['de', 'Ich akzeptiere die Nutzungsbedingungen und habe die Datenschutzhinweise gelesen.'],
  ['es', 'Acepto los términos de uso y he leído el aviso de privacidad.'],
])('the consent in %s, with its own links', (language, sentence) => {
  const { consent, terms, privacy }: Messages['signUp'] = languages[language].signUp
  expect(consent(terms, privacy)).toBe(sentence)
})

describe('attempts left', () => {
  test.each<[Language, number, string]>([
    ['en', 1, 'once more.'],
    ['en', 2, '2 more times.'],
    ['de', 1, 'noch einen Versuch.'],
    ['de', 2, 'noch 2 Versuche.'],
    ['es', 1, 'Le queda un intento.'],
    ['es', 2, 'Le quedan 2 intentos.'],
    ['cs', 1, 'Zbývá vám poslední pokus.'],
    ['cs', 2, 'Zbývají vám 2 pokusy.'],
    ['cs', 3, 'Zbývají vám 3 pokusy.'],
    ['cs', 4, 'Zbývají vám 4 pokusy.'],
    ['cs', 5, 'Zbývá vám 5 pokusů.'],
    ['cs', 12, 'Zbývá vám 12 pokusů.'],
    ['cs', 22, 'Zbývá vám 22 pokusů.'],
    ['cs', 0, 'Zbývá vám 0 pokusů.'],
    ['ar', 1, 'تتبقى لك محاولة واحدة.'],
    ['ar', 2, 'تتبقى لك محاولتان.'],
    ['ar', 3, 'تتبقى لك 3 محاولات.'],
    ['ar', 10, 'تتبقى لك 10 محاولات.'],
    ['ar', 11, 'تتبقى لك 11 محاولة.'],
    ['ar', 99, 'تتبقى لك 99 محاولة.'],
    ['ar', 100, 'تتبقى لك 100 محاولة.'],
    ['ar', 103, 'تتبقى لك 103 محاولات.'],
  ])('in %s, %i', (language, count, end) => {
    const text = languages[language].code.wrong(count)
    expect(text.endsWith(end) && text.length > end.length).toBe(true)
  })
})
