import type { Messages } from './messages.ts'

export const de: Messages = {
  direction: 'ltr',
  continue: 'Weiter',
  backToBank: 'Zurück zu Ihrer Bank',
  yourBank: 'Ihre Bank',

  opening: {
    title: (wallet) => `Karte zu ${wallet} hinzufügen`,
    text: (bank) =>
      `${bank} möchte eine Ihrer Karten hinzufügen, damit Sie online bezahlen können, ohne die Kartennummer einzutippen.`,
    begin: 'Geben Sie zunächst Ihre E-Mail-Adresse ein.',
    changedMind: 'Ich habe es mir anders überlegt',
  },
  welcomeBack: {
    title: 'Willkommen zurück',
    remembered: (email) => `Auf diesem Gerät kennen wir Sie als ${email}.`,
    known: (email) => `Sie sind als ${email} angemeldet.`,
    notYou: 'Das bin ich nicht',
    addCard: 'Meine Karte hinzufügen',
  },
  code: {
    title: 'Code eingeben',
    sentByEmail: (email) => `Wir haben einen sechsstelligen Code an ${email} gesendet.`,
    sentByText: 'Ihre Bank hat Ihnen einen sechsstelligen Code per SMS gesendet.',
    label: 'Code',
    resend: 'Code noch einmal senden',
    resent: 'Wir haben Ihnen denselben Code noch einmal gesendet.',
    wrong: (attemptsLeft) =>
      attemptsLeft === 1
        ? 'Dieser Code ist nicht richtig. Sie haben noch einen Versuch.'
        : `Dieser Code ist nicht richtig. Sie haben noch ${attemptsLeft} Versuche.`,
    used: 'Der Code wurde dreimal falsch eingegeben und ist nicht mehr gültig.',
    expired: 'Der Code ist abgelaufen.',
    newCode: 'Neuen Code senden',
  },
  signUp: {
    title: (wallet) => `Sie sind neu bei ${wallet}`,
    text: 'Wir müssen wissen, wie wir Sie erreichen können. Alles Weitere hat Zeit, bis Ihre Karte hinzugefügt ist.',
    consent: (terms, privacy) => `Ich akzeptiere die ${terms} und habe die ${privacy} gelesen.`,
    terms: 'Nutzungsbedingungen',
    privacy: 'Datenschutzhinweise',
    rememberMe: 'Auf diesem Gerät merken, damit ich hier nächstes Mal keinen Code brauche',
    submit: 'Meine Karte hinzufügen',
  },
  documents: {
    terms: {
      title: 'Nutzungsbedingungen',
      text: 'Hier würden Sie die Bedingungen lesen. In dieser Simulation stimmen Sie nichts zu, und Ihre Karte wird keinem echten Konto hinzugefügt.',
    },
    privacy: {
      title: 'Datenschutzhinweise',
      text: 'Hier würden Sie lesen, was mit Ihren Daten geschieht. In dieser Simulation bleiben sie im Arbeitsspeicher und gelangen nirgendwohin sonst.',
    },
  },
  profile: {
    title: 'Ihre Angaben',
    text: 'Ihre Karte wurde hinzugefügt. Bitte vervollständigen Sie Ihr Profil, damit Sie künftig schneller bezahlen können.',
    fromYourBank: 'Ihre Bank hat eingetragen, was ihr bekannt ist. Bitte prüfen Sie diese Angaben.',
    submit: 'Speichern und weiter',
  },
  fields: {
    email: 'E-Mail-Adresse',
    dialCode: 'Ländervorwahl',
    mobile: 'Mobilnummer',
    name: 'Vor- und Nachname',
    line1: 'Straße und Hausnummer',
    line2: 'Adresszusatz',
    city: 'Ort',
    countrySubdivision: 'Bundesland oder Region',
    postalCode: 'Postleitzahl',
    country: 'Land',
    language: 'Sprache',
    optional: 'optional',
    choose: 'Bitte wählen',
  },
  invalid: {
    summary: 'Bitte prüfen Sie Ihre Angaben.',
    email: 'Geben Sie eine E-Mail-Adresse ein, zum Beispiel name@example.com.',
    dialCode: 'Geben Sie eine bis vier Ziffern ein, zum Beispiel 49.',
    mobile: 'Geben Sie die Nummer nur mit Ziffern und ohne Ländervorwahl ein.',
    code: 'Geben Sie die sechs Ziffern des Codes ein.',
    consent: 'Bitte akzeptieren Sie die Nutzungsbedingungen, um fortzufahren.',
  },
  processing: {
    title: 'Ihre Karte wird hinzugefügt',
    text: 'Das dauert einen Moment. Bitte bleiben Sie auf dieser Seite.',
  },
  leaving: {
    title: 'Möchten Sie abbrechen?',
    text: 'Ihre Karte wird dann nicht hinzugefügt. Sie können jederzeit über Ihre Bank zurückkehren.',
    yes: 'Ja, abbrechen und zurück zu meiner Bank',
    no: 'Nein, fortfahren',
  },
  stepUp: {
    title: 'Ihre Bank möchte sichergehen, dass Sie es sind',
    text: 'Ihre Karte wurde hinzugefügt, kann aber erst genutzt werden, wenn Sie sie bestätigt haben. Wie möchten Sie das tun?',
    methods: {
      text: 'Mit einem Code per SMS',
      email: 'Mit einem Code per E-Mail',
      'issuer-app': 'In der App meiner Bank',
      'issuer-website': 'Auf der Website meiner Bank',
      'call-centre': 'Mit einem Anruf bei meiner Bank',
    },
    inIssuerApp: {
      title: 'In der App Ihrer Bank bestätigen',
      text: 'Öffnen Sie die App Ihrer Bank und bestätigen Sie dort, dass Sie diese Karte nutzen möchten.',
    },
    onIssuerWebsite: {
      title: 'Auf der Website Ihrer Bank bestätigen',
      text: 'Melden Sie sich bei Ihrer Bank an und bestätigen Sie dort, dass Sie diese Karte nutzen möchten.',
    },
    byCallCentre: {
      title: 'Bei Ihrer Bank anrufen',
      text: 'Rufen Sie die Nummer auf der Rückseite Ihrer Karte an. Ihre Bank bestätigt die Karte dann für Sie.',
    },
    confirmed: 'Ich habe sie bestätigt',
    later: 'Später',
  },
  endings: {
    APPROVED: {
      title: 'Ihre Karte wurde hinzugefügt',
      text: 'Sie können damit ab sofort online bezahlen.',
    },
    REQUIRE_ADDITIONAL_AUTHENTICATION: {
      title: 'Fast geschafft',
      text: 'Ihre Karte wurde hinzugefügt, aber Ihre Bank muss sie noch bestätigen, bevor Sie damit bezahlen können.',
    },
    DECLINED: {
      title: 'Ihre Karte wurde nicht hinzugefügt',
      text: 'Ihre Bank hat die Karte abgelehnt. Bitte wenden Sie sich an Ihre Bank.',
    },
    CANCELLED: {
      title: 'Ihre Karte wurde nicht hinzugefügt',
      text: 'Sie haben den Vorgang abgebrochen. Es wurde nichts geändert.',
    },
    ERROR: {
      title: 'Ihre Karte wurde nicht hinzugefügt',
      text: 'Etwas ist schiefgelaufen. Bitte versuchen Sie es später noch einmal oder wenden Sie sich an Ihre Bank.',
    },
    DUPLICATE_REQUEST: {
      title: 'Diese Karte ist bereits vorhanden',
      text: 'Sie haben diese Karte schon früher hinzugefügt. Es ist nichts weiter zu tun.',
    },
    AUTHENTICATED: {
      title: 'Ihre Karte wurde hinzugefügt',
      text: 'Sie haben sie bestätigt und können ab sofort damit bezahlen.',
    },
    DELETED: {
      title: 'Ihre Karte wurde entfernt',
      text: 'Es ließ sich nicht bestätigen, dass es Ihre Karte ist. Bitte wenden Sie sich an Ihre Bank.',
    },
  },
  cardEnding: (last4) => `Karte mit den Endziffern ${last4}`,
  defaultCard: {
    offer: 'Als Standardkarte festlegen',
    chosen: 'Diese Karte ist jetzt Ihre Standardkarte.',
  },
  onYourWayBack: 'Sie werden zu Ihrer Bank zurückgeleitet.',
  closeThisPage: 'Sie können diese Seite schließen.',
  openBankApp: 'App Ihrer Bank öffnen',
  problems: {
    SIGNATURE_INVALID: {
      title: 'Dieser Link ist ungültig',
      text: 'Er stammt nicht von Ihrer Bank oder wurde unterwegs verändert. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    CALLBACK_INVALID: {
      title: 'Dieser Link ist ungültig',
      text: 'Er enthält keinen Weg zurück zu Ihrer Bank. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    PARAMETER_REPEATED: {
      title: 'Dieser Link ist ungültig',
      text: 'Er enthält eine Angabe doppelt. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    FORM_TOO_LARGE: {
      title: 'Dieses Formular ist ungültig',
      text: 'Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    RECEIPT_MISSING: {
      title: 'Es gibt keine Karte zum Hinzufügen',
      text: 'Ihre Bank hat nicht angegeben, welche Karte hinzugefügt werden soll. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    VISIT_UNKNOWN: {
      title: 'Diese Seite ist abgelaufen',
      text: 'Zu Ihrer Sicherheit ist sie nur kurze Zeit gültig. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    RECEIPT_UNKNOWN: {
      title: 'Karte nicht gefunden',
      text: 'Die Karte, die Ihre Bank hinzufügen wollte, ist uns nicht bekannt. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    RECEIPT_FOREIGN: {
      title: 'Karte nicht gefunden',
      text: 'Ihre Bank wollte diese Karte bei einem anderen Dienst hinzufügen. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    RECEIPT_EXPIRED: {
      title: 'Das hat zu lange gedauert',
      text: 'Zu Ihrer Sicherheit ist die Anfrage abgelaufen. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    RECEIPT_USED: {
      title: 'Dieser Link wurde bereits verwendet',
      text: 'Die Anfrage Ihrer Bank wurde schon verwendet. Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
    UNAVAILABLE: {
      title: 'Dieser Dienst ist gerade nicht erreichbar',
      text: 'Bitte beginnen Sie bei Ihrer Bank noch einmal von vorn.',
    },
  },
}
