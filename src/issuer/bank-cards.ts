import { clickToPay, type PushRequest, type SignatureData } from './client.ts'

/*
 * What a cardholder may choose, and the push that follows: one card at a time, in one of the two use cases, with a way back to the bank's
 * website or to its app, in a language, with or without what the bank knows of its customer.
 */

/** A card of the demo's only customer. */
export type BankCard = {
  /** In forms, since a page has no card numbers. */
  readonly id: string
  readonly name: string
  readonly number: string
  /** What becomes of it here. */
  readonly description: string
  /** Whether Click to Pay asks the cardholder anything, or goes back at once. */
  readonly showsPages: boolean
}

/** Tells no story of its own. */
export const everydayCard: BankCard = {
  // A capital, as no scenario has in its name.
  id: 'Everyday',
  name: 'Everyday credit',
  number: '5123456789012346',
  description: 'You decide on the page of Click to Pay how it ends.',
  showsPages: true,
}

/** The cards that play a scenario, named after it; the plain one of a kind first. */
export function magicCards(
  scenarios: readonly {
    readonly name: string
    readonly description: string
    readonly testCard?: string
    readonly showsPages: boolean
  }[],
): readonly BankCard[] {
  return scenarios
    .flatMap(({ name, description, showsPages, testCard: number }) =>
      number === undefined
        ? []
        : [{ id: name, name: sentence(name), number, description, showsPages }],
    )
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

function sentence(name: string): string {
  const words = name.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Languages of Click to Pay's pages, each in its own words. */
export const locales = {
  en_US: 'English (United States)',
  en_GB: 'English (United Kingdom)',
  ar_AE: 'العربية (الإمارات)',
  cs_CZ: 'Čeština (Česko)',
  de_DE: 'Deutsch (Deutschland)',
  es_ES: 'Español (España)',
  es_MX: 'Español (México)',
  // No pages are in this language: a bank may have one that Click to Pay has not.
  fr_CA: 'Français (Canada): pages in English',
} as const satisfies Readonly<Record<string, string>>
export type Locale = keyof typeof locales

export type Choices = {
  readonly card: BankCard
  readonly useCase: 'signature' | 'receipt'
  /** `web` is Web to Web, `app` is App to Web. */
  readonly comesBackTo: 'web' | 'app'
  readonly locale: Locale
  /** Whether Click to Pay is told name, address, e-mail address and phone number, to fill in its forms. */
  readonly accountHolderData: boolean
  readonly completeIssuerAppActivation: boolean
  readonly completeWebsiteActivation: boolean
}

export const usualChoices: Omit<Choices, 'card'> = {
  useCase: 'signature',
  comesBackTo: 'web',
  locale: 'en_US',
  accountHolderData: true,
  completeIssuerAppActivation: true,
  completeWebsiteActivation: true,
}

/** @returns undefined for a form that no page of the bank has. */
export function readChoices(form: string, cards: readonly BankCard[]): Choices | undefined {
  const fields = new URLSearchParams(form)
  const card = cards.find(({ id }) => id === fields.get('card'))
  const useCase = fields.get('useCase') ?? usualChoices.useCase
  const comesBackTo = fields.get('comesBackTo') ?? usualChoices.comesBackTo
  const locale = fields.get('locale') ?? usualChoices.locale
  if (card === undefined || !Object.hasOwn(locales, locale)) return undefined
  if (useCase !== 'signature' && useCase !== 'receipt') return undefined
  if (comesBackTo !== 'web' && comesBackTo !== 'app') return undefined
  return {
    card,
    useCase,
    comesBackTo,
    locale: locale as Locale,
    accountHolderData: fields.has('accountHolderData'),
    completeIssuerAppActivation: fields.has('completeIssuerAppActivation'),
    completeWebsiteActivation: fields.has('completeWebsiteActivation'),
  }
}

/** What was chosen before, by the query of the cards page. */
export function optionsOf(search: string): Omit<Choices, 'card'> {
  if (!new URLSearchParams(search).has('useCase')) return usualChoices
  return readChoices(`${search}&card=${everydayCard.id}`, [everydayCard]) ?? usualChoices
}

/** Where the cards are, with the options of a push. */
export function cardsUrl(options: Omit<Choices, 'card'>): string {
  const fields = fieldsOf({ ...options, card: everydayCard })
  const query = new URLSearchParams(Object.fromEntries(fields))
  query.delete('card')
  return `/?${query}`
}

/** The same form again; a box that is not ticked is not sent. */
export function fieldsOf({ card, ...choices }: Choices): readonly (readonly [string, string])[] {
  return Object.entries({ card: card.id, ...choices })
    .filter(([, value]) => value !== false)
    .map(([name, value]) => [name, String(value)])
}

const accountHolderData = {
  accountHolderName: 'John Doe',
  accountHolderAddress: {
    line1: '100 Example Street',
    city: 'Springfield',
    countrySubdivision: 'MO',
    postalCode: '65801',
    country: 'USA',
  },
  accountHolderEmailAddress: 'john.doe@anymail.com',
  accountHolderMobilePhoneNumber: { countryDialInCode: '1', phoneNumber: '4175550100' },
}

/** Opens the bank's app, where it is installed. */
export const appCallback = 'moonbank://pushcallback'

/**
 * The push of what was chosen, and what both use cases tell Click to Pay.
 *
 * @param ownUrl where cardholders reach the bank's website.
 */
export function orderOf(
  choices: Choices,
  { requestId, ownUrl }: { readonly requestId: string; readonly ownUrl: string },
): PushRequest & { readonly signatureData: SignatureData & { readonly locale: string } } {
  const { card, comesBackTo, locale, completeIssuerAppActivation, completeWebsiteActivation } =
    choices
  return {
    requestId,
    tokenRequestorId: clickToPay,
    // Click to Pay takes one card at a time.
    accounts: [
      {
        pushAccountId: 'card-1',
        fundingAccountData: {
          cardAccountData: { accountNumber: card.number, expiryMonth: '12', expiryYear: '39' },
          ...(choices.accountHolderData && { accountHolderData }),
        },
      },
    ],
    signatureData: {
      callbackURL: comesBackTo === 'app' ? appCallback : `${ownUrl}/tokenization-results`,
      completeIssuerAppActivation,
      completeWebsiteActivation,
      accountHolderDataSupplied: choices.accountHolderData,
      locale,
    },
  }
}
