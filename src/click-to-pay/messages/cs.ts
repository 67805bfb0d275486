import type { Messages } from './messages.ts'

const plural = new Intl.PluralRules('cs')

/** Written without past tenses of the reader, which would have to know a gender. */
export const cs: Messages = {
  direction: 'ltr',
  continue: 'Pokračovat',
  backToBank: 'Zpět do banky',
  yourBank: 'Vaše banka',

  opening: {
    title: (wallet) => `Přidejte si kartu do služby ${wallet}`,
    text: (bank) =>
      `${bank} sem chce přidat jednu z vašich karet. Na internetu pak zaplatíte bez opisování jejího čísla.`,
    begin: 'Začněte zadáním své e-mailové adresy.',
    changedMind: 'Nechci pokračovat',
  },
  welcomeBack: {
    title: 'Vítejte zpět',
    remembered: (email) => `Na tomto zařízení si vás pamatujeme jako ${email}.`,
    known: (email) => `Používáte účet ${email}.`,
    notYou: 'To nejsem já',
    addCard: 'Přidat moji kartu',
  },
  code: {
    title: 'Zadejte kód',
    sentByEmail: (email) => `Na adresu ${email} jsme vám poslali šestimístný kód.`,
    sentByText: 'Vaše banka vám poslala SMS s šestimístným kódem.',
    label: 'Kód',
    resend: 'Poslat kód znovu',
    resent: 'Poslali jsme vám znovu stejný kód.',
    wrong: (attemptsLeft) => `Kód není správný. ${left(attemptsLeft)}`,
    used: 'Kód byl třikrát zadán chybně, a proto už neplatí.',
    expired: 'Platnost kódu vypršela.',
    newCode: 'Poslat nový kód',
  },
  signUp: {
    title: (wallet) => `Službu ${wallet} používáte poprvé`,
    text: 'Potřebujeme vědět, jak se s vámi můžeme spojit. Zbytek počká, až bude karta přidaná.',
    consent: (terms, privacy) => `Přijímám ${terms} a beru na vědomí ${privacy}.`,
    // Of these the accusative is as the nominative.
    terms: 'podmínky použití',
    privacy: 'informace o zpracování osobních údajů',
    rememberMe: 'Zapamatovat si mě na tomto zařízení a příště tu kód nevyžadovat',
    submit: 'Přidat moji kartu',
  },
  documents: {
    terms: {
      title: 'Podmínky použití',
      text: 'Zde byste si přečetli podmínky. Tady k ničemu souhlas nedáváte: karta se přidá jen v simulaci, do žádného skutečného účtu.',
    },
    privacy: {
      title: 'Zpracování osobních údajů',
      text: 'Zde byste si přečetli, co se děje s vašimi údaji. Tady zůstanou v paměti simulátoru a nikam jinam se nedostanou.',
    },
  },
  profile: {
    title: 'Vaše údaje',
    text: 'Karta je přidaná. Doplňte prosím svůj profil, ať je příští placení rychlejší.',
    fromYourBank: 'Vaše banka vyplnila, co o vás ví. Zkontrolujte to prosím.',
    submit: 'Uložit a pokračovat',
  },
  fields: {
    email: 'E-mailová adresa',
    dialCode: 'Předvolba země',
    mobile: 'Číslo mobilního telefonu',
    name: 'Jméno a příjmení',
    line1: 'Ulice a číslo',
    line2: 'Doplnění adresy',
    city: 'Město',
    countrySubdivision: 'Kraj nebo region',
    postalCode: 'PSČ',
    country: 'Země',
    language: 'Jazyk',
    optional: 'nepovinné',
    choose: 'Vyberte prosím',
  },
  invalid: {
    summary: 'Zkontrolujte prosím zadané údaje.',
    email: 'Zadejte e-mailovou adresu, například jmeno@example.com.',
    dialCode: 'Zadejte jednu až čtyři číslice, například 420.',
    mobile: 'Zadejte číslo jen číslicemi a bez předvolby země.',
    code: 'Zadejte všech šest číslic kódu.',
    consent: 'Chcete-li pokračovat, přijměte prosím podmínky použití.',
  },
  processing: {
    title: 'Přidáváme vaši kartu',
    text: 'Chvilku to potrvá. Zůstaňte prosím na této stránce.',
  },
  leaving: {
    title: 'Opravdu chcete skončit?',
    text: 'Karta se nepřidá. Z banky se sem můžete kdykoli vrátit.',
    yes: 'Ano, skončit a vrátit se do banky',
    no: 'Ne, pokračovat',
  },
  stepUp: {
    title: 'Vaše banka si chce ověřit, že jste to vy',
    text: 'Karta je přidaná, ale platit s ní půjde, až ji potvrdíte. Jak to chcete udělat?',
    methods: {
      text: 'Kódem z SMS',
      email: 'Kódem z e-mailu',
      'issuer-app': 'V aplikaci banky',
      'issuer-website': 'Na webu banky',
      'call-centre': 'Telefonátem do banky',
    },
    inIssuerApp: {
      title: 'Potvrďte kartu v aplikaci banky',
      text: 'Otevřete aplikaci své banky a potvrďte v ní, že chcete tuto kartu používat.',
    },
    onIssuerWebsite: {
      title: 'Potvrďte kartu na webu banky',
      text: 'Přihlaste se na webu své banky a potvrďte tam, že chcete tuto kartu používat.',
    },
    byCallCentre: {
      title: 'Zavolejte do banky',
      text: 'Zavolejte na číslo uvedené na zadní straně karty. Banka ji za vás potvrdí.',
    },
    confirmed: 'Kartu už mám potvrzenou',
    later: 'Později',
  },
  endings: {
    APPROVED: {
      title: 'Karta je přidaná',
      text: 'Můžete s ní hned platit na internetu.',
    },
    REQUIRE_ADDITIONAL_AUTHENTICATION: {
      title: 'Už to skoro je',
      text: 'Karta je přidaná, ale než s ní budete moci platit, musí ji vaše banka potvrdit.',
    },
    DECLINED: {
      title: 'Karta nebyla přidána',
      text: 'Vaše banka přidání karty zamítla. Obraťte se prosím na ni.',
    },
    CANCELLED: {
      title: 'Karta nebyla přidána',
      text: 'Přidání karty bylo na vaše přání ukončeno. Nic se nezměnilo.',
    },
    ERROR: {
      title: 'Karta nebyla přidána',
      text: 'Něco se nepovedlo. Zkuste to prosím později, nebo se obraťte na svou banku.',
    },
    DUPLICATE_REQUEST: {
      title: 'Tuto kartu už tu máte',
      text: 'Byla přidána už dříve. Není potřeba nic dělat.',
    },
    AUTHENTICATED: {
      title: 'Karta je přidaná',
      text: 'Je potvrzená a můžete s ní hned platit.',
    },
    DELETED: {
      title: 'Karta byla odebrána',
      text: 'Nepodařilo se ověřit, že patří vám. Obraťte se prosím na svou banku.',
    },
  },
  cardEnding: (last4) => `Karta končící na ${last4}`,
  defaultCard: {
    offer: 'Nastavit jako výchozí kartu',
    chosen: 'Tato karta je teď výchozí.',
  },
  onYourWayBack: 'Vracíme vás do banky.',
  closeThisPage: 'Tuto stránku můžete zavřít.',
  openBankApp: 'Otevřít aplikaci banky',
  problems: {
    SIGNATURE_INVALID: {
      title: 'Tento odkaz není platný',
      text: 'Buď ho nevytvořila vaše banka, nebo byl cestou změněn. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    CALLBACK_INVALID: {
      title: 'Tento odkaz není platný',
      text: 'Není v něm uvedeno, jak se vrátit do vaší banky. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    PARAMETER_REPEATED: {
      title: 'Tento odkaz není platný',
      text: 'Některý údaj je v něm uveden dvakrát. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    FORM_TOO_LARGE: {
      title: 'Tento formulář není platný',
      text: 'Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    RECEIPT_MISSING: {
      title: 'Není tu žádná karta k přidání',
      text: 'Vaše banka neuvedla, kterou kartu chce přidat. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    VISIT_UNKNOWN: {
      title: 'Platnost této stránky vypršela',
      text: 'Z bezpečnostních důvodů platí jen krátce. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    RECEIPT_UNKNOWN: {
      title: 'Kartu jsme nenašli',
      text: 'Kartu, kterou chtěla vaše banka přidat, neznáme. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    RECEIPT_FOREIGN: {
      title: 'Kartu jsme nenašli',
      text: 'Vaše banka ji chtěla přidat do jiné služby. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    RECEIPT_EXPIRED: {
      title: 'Trvalo to příliš dlouho',
      text: 'Platnost požadavku z bezpečnostních důvodů vypršela. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    RECEIPT_USED: {
      title: 'Tento odkaz už byl použit',
      text: 'Požadavek vaší banky už byl použit. Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
    UNAVAILABLE: {
      title: 'Služba teď není dostupná',
      text: 'Začněte prosím znovu v aplikaci nebo na webu své banky.',
    },
  },
}

function left(attempts: number): string {
  switch (plural.select(attempts)) {
    case 'one':
      return 'Zbývá vám poslední pokus.'
    case 'few':
      return `Zbývají vám ${attempts} pokusy.`
    default:
      return `Zbývá vám ${attempts} pokusů.`
  }
}
