/**
 * Where Click to Pay has consumer terms or issuers may enrol cards, of ISO 3166-1: as account holder data has them (alpha-3), and as
 * browsers name them (alpha-2).
 *
 * @see Mastercard's terms page of June 2023, and the archived availability list of issuer enrolment.
 */
const countries: Readonly<Record<string, string>> = {
  ARE: 'AE',
  ARG: 'AR',
  AUS: 'AU',
  AUT: 'AT',
  BEL: 'BE',
  BHR: 'BH',
  BRA: 'BR',
  CAN: 'CA',
  CHE: 'CH',
  CHL: 'CL',
  COL: 'CO',
  CZE: 'CZ',
  DEU: 'DE',
  DNK: 'DK',
  EGY: 'EG',
  ESP: 'ES',
  FIN: 'FI',
  FRA: 'FR',
  GBR: 'GB',
  HKG: 'HK',
  IRL: 'IE',
  ITA: 'IT',
  KWT: 'KW',
  MEX: 'MX',
  MYS: 'MY',
  NGA: 'NG',
  NLD: 'NL',
  NOR: 'NO',
  NZL: 'NZ',
  PAK: 'PK',
  PER: 'PE',
  PHL: 'PH',
  POL: 'PL',
  PRT: 'PT',
  QAT: 'QA',
  SAU: 'SA',
  SGP: 'SG',
  SVK: 'SK',
  SWE: 'SE',
  THA: 'TH',
  TZA: 'TZ',
  UKR: 'UA',
  USA: 'US',
  ZAF: 'ZA',
}

/** Code and name, in the order of the alphabet. */
export type Choices = readonly (readonly [code: string, name: string])[]

/** @param language ISO 639-1, of the names. */
export function countryChoices(language: string): Choices {
  const names = new Intl.DisplayNames(language, { type: 'region' })
  const { compare } = new Intl.Collator(language)
  return Object.entries(countries)
    .map(([alpha3, alpha2]) => [alpha3, names.of(alpha2) ?? alpha2] as const)
    .sort(([, a], [, b]) => compare(a, b))
}

/** @param alpha2 such as the `CC` of a locale. @returns alpha-3, where Click to Pay is there. */
export function countryOf(alpha2: string | undefined): string | undefined {
  return Object.keys(countries).find((alpha3) => countries[alpha3] === alpha2)
}

/** Each in its own words. */
export function languageChoices(languages: readonly string[]): Choices {
  return languages.map((language) => {
    const name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language
    return [language, name.charAt(0).toLocaleUpperCase(language) + name.slice(1)]
  })
}
