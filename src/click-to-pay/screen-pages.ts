import { html } from 'hono/html'
import type { Scenario } from '../scenarios/schema.ts'
import type { StepUp } from '../scenarios/story.ts'
import { type Choices, countryChoices, countryOf, languageChoices } from './countries.ts'
import { languages } from './messages/languages.ts'
import type { Messages } from './messages/messages.ts'
import { type Asking, askingPage, type Page, sender } from './pages.ts'
import {
  codeShown,
  type Errors,
  type Fields,
  type Move,
  mayConfirm,
  mayProve,
  type Screen,
} from './screens.ts'
import type { VisitState } from './visits.ts'

/** What a page depends on, besides the visit. */
type Circumstances = { readonly mayRemember: boolean; readonly scenario: Scenario }

/** The page of the screen that a visit has come to. The card is not shown: before tokenization the page does not know it. */
export function screenPage(
  asking: Asking,
  screen: Exclude<Screen, { name: 'ended' }>,
  state: VisitState,
  now: number,
  { mayRemember, scenario }: Circumstances,
): Page {
  const { messages } = asking.spoken
  const bar = { code: codeShown(state, now)?.digits }
  switch (screen.name) {
    case 'opening':
      return askingPage(asking, {
        ...bar,
        title: messages.opening.title(asking.host),
        text: html`<p>${messages.opening.text(sender(asking))}</p>
<p>${messages.opening.begin}</p>`,
        fields: input('email', 'email', 'email', screen, messages),
        buttons: [
          button('BEGIN', messages.continue),
          button('LEAVE', messages.opening.changedMind),
        ],
        invalid: invalidOf(screen, messages),
      })
    case 'welcome-back':
      return askingPage(asking, {
        ...bar,
        title: messages.welcomeBack.title,
        text: html`<p>${messages.welcomeBack[screen.how](masked(state.email))}</p>
<p>${messages.opening.text(sender(asking))}</p>`,
        fields: documents(messages),
        buttons: [
          button('ADD', messages.welcomeBack.addCard),
          button('NOT_ME', messages.welcomeBack.notYou),
          button('LEAVE', messages.opening.changedMind),
        ],
      })
    case 'code':
      return codePage(asking, state, screen, now, { mayRemember, scenario })
    case 'sign-up':
      return signUpPage(asking, screen, mayRemember)
    case 'processing':
      return askingPage(asking, {
        title: messages.processing.title,
        text: html`<p class="busy" role="status">${messages.processing.text}</p>`,
        buttons: [quiet('LEAVE', messages.opening.changedMind)],
      })
    case 'step-up':
      return stepUpPage(asking, screen.method)
    case 'elsewhere':
      return askingPage(asking, {
        ...bar,
        ...messages.stepUp[elsewhere[screen.method]],
        text: html`<p>${messages.stepUp[elsewhere[screen.method]].text}</p>`,
        buttons: [
          ...(mayConfirm(screen, scenario) ? [button('PROVED', messages.stepUp.confirmed)] : []),
          button(
            'LATER',
            screen.method === 'call-centre' ? messages.backToBank : messages.stepUp.later,
          ),
        ],
      })
    case 'profile':
      return profilePage(asking, screen)
    case 'leaving':
      return askingPage(asking, {
        ...bar,
        title: messages.leaving.title,
        text: html`<p>${messages.leaving.text}</p>`,
        buttons: [
          html`<button class="quiet" name="decision" value="CANCELLED">${messages.leaving.yes}</button>`,
          button('STAY', messages.leaving.no),
        ],
      })
  }
}

const elsewhere = {
  'issuer-app': 'inIssuerApp',
  'issuer-website': 'onIssuerWebsite',
  'call-centre': 'byCallCentre',
} as const satisfies Partial<Record<StepUp['method'], keyof Messages['stepUp']>>

function button(move: Move, label: string): Page {
  return html`<button name="decision" value="${move}">${label}</button>`
}

/** Where nothing is what the page is for. */
function quiet(move: Move, label: string): Page {
  return html`<button class="quiet" name="decision" value="${move}">${label}</button>`
}

/** The first letter and the last before the @, which is enough to know one's own. Isolated for texts from right to left. */
function masked(email = ''): string {
  const [name = '', domain = ''] = email.split('@')
  return `\u2068${name.slice(0, 1)}•••${name.length > 2 ? name.slice(-1) : ''}@${domain}\u2069`
}

type WithErrors = { readonly values?: Fields; readonly errors?: Errors }

function invalidOf({ errors }: WithErrors, { invalid }: Messages): string | undefined {
  return errors === undefined ? undefined : invalid.summary
}

function input(
  name: keyof Messages['fields'],
  type: 'email' | 'tel' | 'text',
  autocomplete: string,
  { values = {}, errors = {} }: WithErrors,
  { fields, invalid }: Messages,
): Page {
  const error = errors[name]
  return html`<label for="${name}">${fields[name]}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" dir="ltr" value="${values[name] ?? ''}" required maxlength="320"${
    error === undefined ? '' : html` aria-invalid="true" aria-describedby="${name}-error"`
  }>
${error === undefined ? '' : html`<p class="error" id="${name}-error">${invalid[error]}</p>`}`
}

function codePage(
  asking: Asking,
  state: VisitState,
  { method, notice }: Extract<Screen, { name: 'code' }>,
  now: number,
  { mayRemember, scenario }: Circumstances,
): Page {
  const { messages } = asking.spoken
  const { code: texts, invalid } = messages
  const { code } = state
  const alive = codeShown(state, now)
  const sent = method === 'text' ? texts.sentByText : texts.sentByEmail(masked(state.email))
  const out =
    method === undefined
      ? [
          button('NOT_ME', messages.welcomeBack.notYou),
          button('LEAVE', messages.opening.changedMind),
        ]
      : [button('LATER', messages.stepUp.later)]
  if (alive === undefined)
    return askingPage(asking, {
      title: texts.title,
      text: html`<p>${code !== undefined && code.attemptsLeft > 0 ? texts.expired : texts.used}</p>`,
      buttons: [button('NEW_CODE', texts.newCode), ...out],
    })
  const wrong =
    notice === 'wrong'
      ? texts.wrong(alive.attemptsLeft)
      : notice === 'malformed'
        ? invalid.code
        : undefined
  return askingPage(asking, {
    code: alive.digits,
    remark: mayProve(method, scenario)
      ? undefined
      : 'In this scenario no code is right: the proof is to fail.',
    title: texts.title,
    text: html`<p>${sent}</p>
${notice === 'resent' ? html`<p role="status">${texts.resent}</p>` : ''}`,
    fields: html`<label for="code">${texts.label}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" dir="ltr" maxlength="20"${
      wrong === undefined ? '' : html` aria-invalid="true" aria-describedby="code-error"`
    }>
${wrong === undefined ? '' : html`<p class="error" id="code-error">${wrong}</p>`}
${method === undefined && mayRemember ? rememberMe(messages, undefined) : ''}`,
    buttons: [button('CODE', messages.continue), button('RESEND', texts.resend), ...out],
    invalid: wrong === undefined ? undefined : invalid.summary,
  })
}

function signUpPage(
  asking: Asking,
  screen: Extract<Screen, { name: 'sign-up' }>,
  mayRemember: boolean,
): Page {
  const { messages } = asking.spoken
  const { signUp, invalid } = messages
  const { values, errors = {} } = screen
  return askingPage(asking, {
    title: signUp.title(asking.host),
    text: html`<p>${signUp.text}</p>`,
    fields: html`${input('email', 'email', 'email', screen, messages)}
${input('dialCode', 'tel', 'tel-country-code', screen, messages)}
${input('mobile', 'tel', 'tel-national', screen, messages)}
${mayRemember ? rememberMe(messages, values.remember) : ''}
<label class="check"><input type="checkbox" name="consent" required${values.consent === undefined ? '' : html` checked`}${
      errors.consent === undefined
        ? ''
        : html` aria-invalid="true" aria-describedby="consent-error"`
    }> ${signUp.consent(signUp.terms, signUp.privacy)}</label>
${errors.consent === undefined ? '' : html`<p class="error" id="consent-error">${invalid.consent}</p>`}
${documents(messages)}`,
    buttons: [button('SIGN_UP', signUp.submit), button('LEAVE', messages.opening.changedMind)],
    invalid: invalidOf(screen, messages),
  })
}

function rememberMe({ signUp }: Messages, value: string | undefined): Page {
  return html`<label class="check"><input type="checkbox" name="remember"${value === undefined ? '' : html` checked`}> ${signUp.rememberMe}</label>`
}

/** To be read on the page, since a link would lose what was typed. */
function documents({ documents: { terms, privacy } }: Messages): Page {
  return html`${[terms, privacy].map(
    ({ title, text }) => html`<details><summary>${title}</summary><p>${text}</p></details>
`,
  )}`
}

/** For somebody new, once there is a token; what the bank told may be filled in by then, and not before. */
function profilePage(asking: Asking, screen: Extract<Screen, { name: 'profile' }>): Page {
  const { messages, language, country } = asking.spoken
  const { profile } = messages
  const isFilled = Object.keys(screen.values).length > 0
  const fields = [
    ['name', 'name'],
    ['line1', 'address-line1'],
    ['line2', 'address-line2'],
    ['city', 'address-level2'],
    ['countrySubdivision', 'address-level1'],
    ['postalCode', 'postal-code'],
  ] as const
  return askingPage(asking, {
    title: profile.title,
    text: html`<p>${profile.text}</p>
${isFilled ? html`<p>${profile.fromYourBank}</p>` : ''}`,
    fields: html`${fields.map(([name, autocomplete]) => optional(name, autocomplete, screen, messages))}${select('country', 'country', countryChoices(language), screen.values.country ?? countryOf(country), messages)}${select('language', 'language', languageChoices(Object.keys(languages)), language, messages)}`,
    buttons: [button('PROFILE', profile.submit)],
    isSettled: true,
  })
}

function optional(
  name: keyof Messages['fields'],
  autocomplete: string,
  { values }: Extract<Screen, { name: 'profile' }>,
  { fields }: Messages,
): Page {
  return html`<label for="${name}">${fields[name]} <small>(${fields.optional})</small></label>
<input id="${name}" name="${name}" type="text" autocomplete="${autocomplete}" dir="auto" value="${values[name] ?? ''}" maxlength="64">
`
}

/** @param chosen beforehand; what is not among the choices stands there as it is. */
function select(
  name: 'country' | 'language',
  autocomplete: string,
  choices: Choices,
  chosen: string | undefined,
  { fields }: Messages,
): Page {
  const isOther = chosen !== undefined && !choices.some(([value]) => value === chosen)
  return html`<label for="${name}">${fields[name]}</label>
<select id="${name}" name="${name}" autocomplete="${autocomplete}">
${chosen === undefined ? html`<option value="">${fields.choose}</option>` : ''}
${isOther ? html`<option selected>${chosen}</option>` : ''}${choices.map(
  ([value, label]) =>
    html`<option value="${value}"${value === chosen ? html` selected` : ''}>${label}</option>
`,
)}</select>
`
}

/** @param suggested what the story has; the cardholder may choose another. */
function stepUpPage(asking: Asking, suggested: StepUp['method']): Page {
  const { stepUp, continue: goOn } = asking.spoken.messages
  return askingPage(asking, {
    title: stepUp.title,
    text: html`<p>${stepUp.text}</p>`,
    fields: html`<fieldset><legend class="hidden">${stepUp.title}</legend>
${Object.entries(stepUp.methods).map(
  ([method, label]) =>
    html`<label class="check"><input type="radio" name="method" value="${method}"${method === suggested ? html` checked` : ''}> ${label}</label>
`,
)}</fieldset>`,
    buttons: [button('METHOD', goOn), button('LATER', stepUp.later)],
  })
}
