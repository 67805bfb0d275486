import { ar } from './ar.ts'
import { cs } from './cs.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import type { Messages } from './messages.ts'

/** By ISO 639-1; the first is what a browser gets that takes any. */
export const languages = { en, ar, cs, de, es } satisfies Readonly<Record<string, Messages>>
export type Language = keyof typeof languages

const all = Object.keys(languages) as readonly Language[]

export type Spoken = {
  readonly messages: Messages
  readonly language: Language
  /** As the locale has it, whether or not we speak its language; browsers are not asked where somebody lives. */
  readonly country: string | undefined
  /** The locale did not decide. */
  readonly fellBack: boolean
}

/**
 * @param locale `ll_CC`; written in any other way it says nothing.
 * @param acceptLanguage the browser's header, which counts where the locale does not.
 */
export function messagesOf(locale: string | undefined, acceptLanguage: string | undefined): Spoken {
  const [, wanted = '', country] = /^([a-z]{2})_([A-Z]{2})$/.exec(locale ?? '') ?? []
  const fellBack = !isLanguage(wanted)
  const language = fellBack ? (preferred(acceptLanguage) ?? 'en') : wanted
  return { messages: languages[language], language, country, fellBack }
}

function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name)
}

type Range = { readonly language: string; readonly weight: number }

/**
 * The language of ours that the header likes best. Regions and scripts do not count, since no language of ours has two files; of one
 * weight what is named goes before `*`, and then what is said first.
 */
function preferred(acceptLanguage = ''): Language | undefined {
  const ranges = acceptLanguage.split(',').flatMap(rangeOf)
  const named = new Set(ranges.map(({ language }) => language))
  return ranges
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || Number(a.language === '*') - Number(b.language === '*'))
    .map(({ language }) => (language === '*' ? all.find((name) => !named.has(name)) : language))
    .find((name): name is Language => name !== undefined && isLanguage(name))
}

/** None where it is malformed. @see RFC 9110, 12.4.2 and 12.5.4; RFC 4647, 2.1 */
function rangeOf(element: string): readonly Range[] {
  const [, range, weight = '1'] = rangeAndWeight.exec(element) ?? []
  const [language] = range?.toLowerCase().split('-') ?? []
  return language === undefined ? [] : [{ language, weight: Number(weight) }]
}

const rangeAndWeight =
  /^[ \t]*(\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i
