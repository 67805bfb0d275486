import type { ProblemName } from '../../scenarios/problem-names.ts'
import type { Status } from '../../scenarios/statuses.ts'
import type { StepUp } from '../../scenarios/story.ts'

/** A heading and what stands below it. */
export type Text = { readonly title: string; readonly text: string }

/**
 * Every text that a cardholder reads, in one language; a file of this shape for each. What a tester reads (the simulator's bar) is in English
 * everywhere.
 */
export type Messages = {
  readonly direction: 'ltr' | 'rtl'
  /** Buttons and links that stand on several pages. */
  readonly continue: string
  readonly backToBank: string
  /** Where nobody says which bank it is; begins a sentence. */
  readonly yourBank: string

  /** The first page: who wants what, and whose card it is to be. */
  readonly opening: {
    readonly title: (wallet: string) => string
    /** @param bank begins the sentence. */
    readonly text: (bank: string) => string
    readonly begin: string
    readonly changedMind: string
  }
  /** A device that is remembered, or an e-mail address that is known. @param email masked. */
  readonly welcomeBack: {
    readonly title: string
    readonly remembered: (email: string) => string
    readonly known: (email: string) => string
    readonly notYou: string
    readonly addCard: string
  }
  /** A one-time code. */
  readonly code: {
    readonly title: string
    readonly sentByEmail: (email: string) => string
    readonly sentByText: string
    readonly label: string
    readonly resend: string
    readonly resent: string
    readonly wrong: (attemptsLeft: number) => string
    readonly used: string
    readonly expired: string
    readonly newCode: string
  }
  /** Somebody new. */
  readonly signUp: {
    readonly title: (wallet: string) => string
    readonly text: string
    readonly consent: (terms: string, privacy: string) => string
    /** As `consent` needs it, without an article. */
    readonly terms: string
    /** As `consent` needs it, without an article. */
    readonly privacy: string
    readonly rememberMe: string
    readonly submit: string
  }
  /** What one consents to: nothing, here. */
  readonly documents: { readonly terms: Text; readonly privacy: Text }
  /** After the card was added for somebody new, with what the bank told. */
  readonly profile: {
    readonly title: string
    readonly text: string
    readonly fromYourBank: string
    readonly submit: string
  }
  readonly fields: {
    readonly email: string
    readonly dialCode: string
    readonly mobile: string
    readonly name: string
    readonly line1: string
    readonly line2: string
    readonly city: string
    readonly countrySubdivision: string
    readonly postalCode: string
    readonly country: string
    readonly language: string
    readonly optional: string
    /** Where nothing is chosen yet. */
    readonly choose: string
  }
  /** What is wrong with a field. */
  readonly invalid: {
    readonly summary: string
    readonly email: string
    readonly dialCode: string
    readonly mobile: string
    readonly code: string
    readonly consent: string
  }
  readonly processing: Text
  readonly leaving: Text & { readonly yes: string; readonly no: string }
  /** The issuer wants more proof. */
  readonly stepUp: Text & {
    readonly methods: Readonly<Record<StepUp['method'], string>>
    readonly inIssuerApp: Text
    readonly onIssuerWebsite: Text
    readonly byCallCentre: Text
    readonly confirmed: string
    readonly later: string
  }
  /** How it ended. */
  readonly endings: Readonly<Record<Status, Text>>
  /** @param last4 the last four digits. */
  readonly cardEnding: (last4: string) => string
  /** Once it is added, the cardholder may make it the one to pay with. */
  readonly defaultCard: { readonly offer: string; readonly chosen: string }
  readonly onYourWayBack: string
  readonly closeThisPage: string
  readonly openBankApp: string
  readonly problems: Readonly<Record<ProblemName, Text>>
}
