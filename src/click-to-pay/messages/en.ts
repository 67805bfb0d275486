import type { Messages } from './messages.ts'

export const en: Messages = {
  direction: 'ltr',
  continue: 'Continue',
  backToBank: 'Back to your bank',
  yourBank: 'Your bank',

  opening: {
    title: (wallet) => `Add your card to ${wallet}`,
    text: (bank) =>
      `${bank} wants to add one of your cards, so that you can pay online without typing its number.`,
    begin: 'Enter your e-mail address to begin.',
    changedMind: 'I have changed my mind',
  },
  welcomeBack: {
    title: 'Welcome back',
    remembered: (email) => `We remember you on this device as ${email}.`,
    known: (email) => `You are signed in as ${email}.`,
    notYou: 'This is not me',
    addCard: 'Add my card',
  },
  code: {
    title: 'Enter your code',
    sentByEmail: (email) => `We have sent a code of six digits to ${email}.`,
    sentByText: 'Your bank has texted you a code of six digits.',
    label: 'Code',
    resend: 'Send the code again',
    resent: 'We have sent the same code again.',
    wrong: (attemptsLeft) =>
      attemptsLeft === 1
        ? 'This code is not right. You can try once more.'
        : `This code is not right. You can try ${attemptsLeft} more times.`,
    used: 'The code was wrong three times and no longer works.',
    expired: 'The code has expired.',
    newCode: 'Send me a new code',
  },
  signUp: {
    title: (wallet) => `You are new to ${wallet}`,
    text: 'We need to know how to reach you. The rest can wait until your card is added.',
    consent: (terms, privacy) => `I accept the ${terms} and have read the ${privacy}.`,
    terms: 'terms of use',
    privacy: 'privacy notice',
    rememberMe: 'Remember me on this device, so that I need no code here next time',
    submit: 'Add my card',
  },
  documents: {
    terms: {
      title: 'Terms of use',
      text: 'This is where you would read the terms. Here you agree to nothing: your card is added in a simulation, and to no real account.',
    },
    privacy: {
      title: 'Privacy notice',
      text: 'This is where you would read what happens to your data. Here they stay in the memory of the simulator and leave it for nowhere else.',
    },
  },
  profile: {
    title: 'Your details',
    text: 'Your card has been added. Please complete your profile for faster checkout.',
    fromYourBank: 'Your bank has filled in what it knows. Please check it.',
    submit: 'Save and continue',
  },
  fields: {
    email: 'E-mail address',
    dialCode: 'Dialling code',
    mobile: 'Mobile phone number',
    name: 'Full name',
    line1: 'Address',
    line2: 'Address, second line',
    city: 'City',
    countrySubdivision: 'State or region',
    postalCode: 'Postal code',
    country: 'Country',
    language: 'Language',
    optional: 'optional',
    choose: 'Please choose',
  },
  invalid: {
    summary: 'Please look at this again.',
    email: 'Enter an e-mail address, such as name@example.com.',
    dialCode: 'Enter one to four digits, such as 44.',
    mobile: 'Enter the number in digits, without the country code.',
    code: 'Enter the six digits of the code.',
    consent: 'Please tick the box to continue.',
  },
  processing: {
    title: 'Adding your card',
    text: 'This takes a moment. Please stay on this page.',
  },
  leaving: {
    title: 'Do you want to stop?',
    text: 'Your card will not be added. You can come back from your bank at any time.',
    yes: 'Yes, stop and go back to my bank',
    no: 'No, go on',
  },
  stepUp: {
    title: 'Your bank wants to be sure that it is you',
    text: 'Your card was added, but cannot be used until you have confirmed it. How would you like to do that?',
    methods: {
      text: 'A code by text message',
      email: 'A code by e-mail',
      'issuer-app': "In my bank's app",
      'issuer-website': "On my bank's website",
      'call-centre': 'By calling my bank',
    },
    inIssuerApp: {
      title: "Confirm in your bank's app",
      text: 'Open the app of your bank and confirm there that you want to use this card.',
    },
    onIssuerWebsite: {
      title: "Confirm on your bank's website",
      text: 'Sign in at your bank and confirm there that you want to use this card.',
    },
    byCallCentre: {
      title: 'Call your bank',
      text: 'Call the number on the back of your card. Your bank will confirm the card for you.',
    },
    confirmed: 'I have confirmed it',
    later: 'Later',
  },
  endings: {
    APPROVED: {
      title: 'Your card was added',
      text: 'You can pay with it online right away.',
    },
    REQUIRE_ADDITIONAL_AUTHENTICATION: {
      title: 'Almost there',
      text: 'Your card was added, but your bank has to confirm it before you can pay with it.',
    },
    DECLINED: {
      title: 'Your card was not added',
      text: 'Your bank has declined. Please contact your bank.',
    },
    CANCELLED: { title: 'Your card was not added', text: 'You have stopped. Nothing was changed.' },
    ERROR: {
      title: 'Your card was not added',
      text: 'Something went wrong. Please try again later, or contact your bank.',
    },
    DUPLICATE_REQUEST: {
      title: 'This card is there already',
      text: 'You have added this card before. There is nothing left to do.',
    },
    AUTHENTICATED: {
      title: 'Your card was added',
      text: 'You have confirmed it and can pay with it right away.',
    },
    DELETED: {
      title: 'Your card was removed',
      text: 'It could not be confirmed that it is yours. Please contact your bank.',
    },
  },
  cardEnding: (last4) => `Card ending in ${last4}`,
  defaultCard: {
    offer: 'Make this my default card',
    chosen: 'This is now your default card.',
  },
  onYourWayBack: 'You are on your way back to your bank.',
  closeThisPage: 'You can close this page.',
  openBankApp: "Open your bank's app",
  problems: {
    SIGNATURE_INVALID: {
      title: 'This link is not valid',
      text: 'It was not made by your bank, or it was changed on the way. Please start again from your bank.',
    },
    CALLBACK_INVALID: {
      title: 'This link is not valid',
      text: 'It does not say how to get back to your bank. Please start again from your bank.',
    },
    PARAMETER_REPEATED: {
      title: 'This link is not valid',
      text: 'It contains the same information twice. Please start again from your bank.',
    },
    FORM_TOO_LARGE: {
      title: 'This form is not valid',
      text: 'Please start again from your bank.',
    },
    RECEIPT_MISSING: {
      title: 'There is no card to add',
      text: 'Your bank did not say which card to add. Please start again from your bank.',
    },
    VISIT_UNKNOWN: {
      title: 'This page has timed out',
      text: 'For your security it is kept for a short time only. Please start again from your bank.',
    },
    RECEIPT_UNKNOWN: {
      title: 'Card not found',
      text: 'We do not know the card your bank wanted to add. Please start again from your bank.',
    },
    RECEIPT_FOREIGN: {
      title: 'Card not found',
      text: 'Your bank wanted to add this card to another service. Please start again from your bank.',
    },
    RECEIPT_EXPIRED: {
      title: 'This took too long',
      text: 'For your security the request has expired. Please start again from your bank.',
    },
    RECEIPT_USED: {
      title: 'This link was already used',
      text: 'The request from your bank was already used. Please start again from your bank.',
    },
    UNAVAILABLE: {
      title: 'This service is not available right now',
      text: 'Please start again from your bank.',
    },
  },
}
