import type { Messages } from './messages.ts'

/** For Spain and Latin America: words that both know, and nothing that has to know the reader's gender. */
export const es: Messages = {
  direction: 'ltr',
  continue: 'Continuar',
  backToBank: 'Volver a su banco',
  yourBank: 'Su banco',

  opening: {
    title: (wallet) => `Añada su tarjeta a ${wallet}`,
    text: (bank) =>
      `${bank} quiere añadir una de sus tarjetas para que usted pueda pagar en línea sin escribir el número.`,
    begin: 'Para empezar, escriba su correo electrónico.',
    changedMind: 'He cambiado de opinión',
  },
  welcomeBack: {
    title: 'Hola de nuevo',
    remembered: (email) => `Este dispositivo está asociado a ${email}.`,
    known: (email) => `Ha iniciado sesión como ${email}.`,
    notYou: 'No soy yo',
    addCard: 'Añadir mi tarjeta',
  },
  code: {
    title: 'Escriba el código',
    sentByEmail: (email) => `Hemos enviado un código de seis dígitos a ${email}.`,
    sentByText: 'Su banco le ha enviado un mensaje de texto con un código de seis dígitos.',
    label: 'Código',
    resend: 'Enviar el código de nuevo',
    resent: 'Hemos enviado de nuevo el mismo código.',
    wrong: (attemptsLeft) =>
      attemptsLeft === 1
        ? 'El código no es correcto. Le queda un intento.'
        : `El código no es correcto. Le quedan ${attemptsLeft} intentos.`,
    used: 'El código se ha escrito mal tres veces y ya no es válido.',
    expired: 'El código ha caducado.',
    newCode: 'Enviarme un código nuevo',
  },
  signUp: {
    title: (wallet) => `Es su primera vez en ${wallet}`,
    text: 'Necesitamos saber cómo ponernos en contacto con usted. Lo demás puede esperar hasta que su tarjeta esté añadida.',
    consent: (terms, privacy) => `Acepto los ${terms} y he leído el ${privacy}.`,
    terms: 'términos de uso',
    privacy: 'aviso de privacidad',
    rememberMe: 'Recordarme en este dispositivo para no necesitar aquí un código la próxima vez',
    submit: 'Añadir mi tarjeta',
  },
  documents: {
    terms: {
      title: 'Términos de uso',
      text: 'Aquí leería los términos. En esta simulación no acepta nada: su tarjeta no se añade a ninguna cuenta real.',
    },
    privacy: {
      title: 'Aviso de privacidad',
      text: 'Aquí leería qué ocurre con sus datos. En esta simulación se quedan en la memoria y no llegan a ningún otro lugar.',
    },
  },
  profile: {
    title: 'Sus datos',
    text: 'Su tarjeta se ha añadido. Complete su perfil para pagar más rápido.',
    fromYourBank: 'Su banco ha rellenado los datos que conoce. Por favor, revíselos.',
    submit: 'Guardar y continuar',
  },
  fields: {
    email: 'Correo electrónico',
    dialCode: 'Código de país',
    mobile: 'Número de teléfono móvil',
    name: 'Nombre completo',
    line1: 'Dirección',
    line2: 'Dirección (segunda línea)',
    city: 'Ciudad',
    countrySubdivision: 'Estado, provincia o región',
    postalCode: 'Código postal',
    country: 'País',
    language: 'Idioma',
    optional: 'opcional',
    choose: 'Elija una opción',
  },
  invalid: {
    summary: 'Por favor, revise los datos.',
    email: 'Escriba un correo electrónico, por ejemplo, nombre@example.com.',
    dialCode: 'Escriba de uno a cuatro dígitos, por ejemplo, 34.',
    mobile: 'Escriba el número solo con dígitos y sin el código de país.',
    code: 'Escriba los seis dígitos del código.',
    consent: 'Para continuar, acepte los términos de uso.',
  },
  processing: {
    title: 'Estamos añadiendo su tarjeta',
    text: 'Será solo un momento. Por favor, no salga de esta página.',
  },
  leaving: {
    title: '¿Quiere cancelar?',
    text: 'Su tarjeta no se añadirá. Puede volver desde su banco en cualquier momento.',
    yes: 'Sí, cancelar y volver a mi banco',
    no: 'No, continuar',
  },
  stepUp: {
    title: 'Su banco quiere asegurarse de que es usted',
    text: 'Su tarjeta se ha añadido, pero no podrá usarla hasta que la confirme. ¿Cómo prefiere hacerlo?',
    methods: {
      text: 'Con un código por mensaje de texto',
      email: 'Con un código por correo electrónico',
      'issuer-app': 'En la aplicación de mi banco',
      'issuer-website': 'En el sitio web de mi banco',
      'call-centre': 'Llamando a mi banco',
    },
    inIssuerApp: {
      title: 'Confirme en la aplicación de su banco',
      text: 'Abra la aplicación de su banco y confirme allí que quiere usar esta tarjeta.',
    },
    onIssuerWebsite: {
      title: 'Confirme en el sitio web de su banco',
      text: 'Inicie sesión en su banco y confirme allí que quiere usar esta tarjeta.',
    },
    byCallCentre: {
      title: 'Llame a su banco',
      text: 'Llame al número que figura en el reverso de su tarjeta. Su banco la confirmará por usted.',
    },
    confirmed: 'Ya está confirmada',
    later: 'Más tarde',
  },
  endings: {
    APPROVED: {
      title: 'Su tarjeta se ha añadido',
      text: 'Ya puede pagar en línea con ella.',
    },
    REQUIRE_ADDITIONAL_AUTHENTICATION: {
      title: 'Ya falta poco',
      text: 'Su tarjeta se ha añadido, pero su banco tiene que confirmarla antes de que usted pueda pagar con ella.',
    },
    DECLINED: {
      title: 'Su tarjeta no se ha añadido',
      text: 'Su banco ha rechazado la solicitud. Póngase en contacto con su banco.',
    },
    CANCELLED: {
      title: 'Su tarjeta no se ha añadido',
      text: 'Ha cancelado el proceso. No se ha cambiado nada.',
    },
    ERROR: {
      title: 'Su tarjeta no se ha añadido',
      text: 'Algo ha salido mal. Inténtelo de nuevo más tarde o póngase en contacto con su banco.',
    },
    DUPLICATE_REQUEST: {
      title: 'Esta tarjeta ya está añadida',
      text: 'Ya la había añadido antes. No tiene que hacer nada más.',
    },
    AUTHENTICATED: {
      title: 'Su tarjeta se ha añadido',
      text: 'La ha confirmado y ya puede pagar con ella.',
    },
    DELETED: {
      title: 'Su tarjeta se ha eliminado',
      text: 'No se ha podido confirmar que sea suya. Póngase en contacto con su banco.',
    },
  },
  cardEnding: (last4) => `Tarjeta terminada en ${last4}`,
  defaultCard: {
    offer: 'Usar como tarjeta predeterminada',
    chosen: 'Esta es ahora su tarjeta predeterminada.',
  },
  onYourWayBack: 'En un momento volverá a su banco.',
  closeThisPage: 'Puede cerrar esta página.',
  openBankApp: 'Abrir la aplicación de su banco',
  problems: {
    SIGNATURE_INVALID: {
      title: 'Este enlace no es válido',
      text: 'No lo ha creado su banco o se ha modificado por el camino. Vuelva a empezar desde su banco.',
    },
    CALLBACK_INVALID: {
      title: 'Este enlace no es válido',
      text: 'No indica cómo volver a su banco. Vuelva a empezar desde su banco.',
    },
    PARAMETER_REPEATED: {
      title: 'Este enlace no es válido',
      text: 'Contiene un dato repetido. Vuelva a empezar desde su banco.',
    },
    FORM_TOO_LARGE: {
      title: 'Este formulario no es válido',
      text: 'Vuelva a empezar desde su banco.',
    },
    RECEIPT_MISSING: {
      title: 'No hay ninguna tarjeta que añadir',
      text: 'Su banco no ha indicado qué tarjeta quiere añadir. Vuelva a empezar desde su banco.',
    },
    VISIT_UNKNOWN: {
      title: 'Esta página ha caducado',
      text: 'Por su seguridad, solo está disponible durante un tiempo breve. Vuelva a empezar desde su banco.',
    },
    RECEIPT_UNKNOWN: {
      title: 'No se ha encontrado la tarjeta',
      text: 'No conocemos la tarjeta que su banco quería añadir. Vuelva a empezar desde su banco.',
    },
    RECEIPT_FOREIGN: {
      title: 'No se ha encontrado la tarjeta',
      text: 'Su banco quería añadir esta tarjeta a otro servicio. Vuelva a empezar desde su banco.',
    },
    RECEIPT_EXPIRED: {
      title: 'Ha pasado demasiado tiempo',
      text: 'Por su seguridad, la solicitud ha caducado. Vuelva a empezar desde su banco.',
    },
    RECEIPT_USED: {
      title: 'Este enlace ya se ha utilizado',
      text: 'La solicitud de su banco ya se ha utilizado. Vuelva a empezar desde su banco.',
    },
    UNAVAILABLE: {
      title: 'Este servicio no está disponible ahora',
      text: 'Vuelva a empezar desde su banco.',
    },
  },
}
