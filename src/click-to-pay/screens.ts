import type { Scenario } from '../scenarios/schema.ts'
import type { StepUp } from '../scenarios/story.ts'
import type { Messages } from './messages/messages.ts'
import {
  isAlive,
  newCode,
  ownerOf,
  type PendingCode,
  type VisitOwner,
  type VisitState,
} from './visits.ts'

/* What a cardholder meets, one screen after another; nothing here is decided, only walked through. */

/** A field of a form, and what is wrong with it. */
export type Fields = Readonly<Record<string, string>>
export type Errors = Readonly<Record<string, keyof Omit<Messages['invalid'], 'summary'>>>

export type Screen =
  | { readonly name: 'opening'; readonly values?: Fields; readonly errors?: Errors }
  | { readonly name: 'welcome-back'; readonly how: 'remembered' | 'known' }
  | {
      readonly name: 'code'
      /** Absent for signing in. */
      readonly method?: 'text' | 'email'
      readonly notice?: 'wrong' | 'resent' | 'malformed'
    }
  | { readonly name: 'sign-up'; readonly values: Fields; readonly errors?: Errors }
  | {
      /** The cardholder has said yes, and there is no token yet. */
      readonly name: 'processing'
      readonly isNew: boolean
      /** Shown before, so that the next look at it sees what came of it. */
      readonly isShown?: true
      /** Somebody is looking already; another look waits. */
      readonly isUnderWay?: true
    }
  | { readonly name: 'step-up'; readonly method: StepUp['method'] }
  | { readonly name: 'elsewhere'; readonly method: Exclude<StepUp['method'], 'text' | 'email'> }
  | { readonly name: 'profile'; readonly values: Fields }
  | { readonly name: 'leaving' }
  | {
      readonly name: 'ended'
      readonly isDefault?: true
      /** The code of a step-up was wrong too often. */
      readonly isUsedUp?: true
    }

/** What the buttons of the screens say. */
export const moves = [
  'BEGIN',
  'CODE',
  'RESEND',
  'NEW_CODE',
  'EXPIRE_CODE',
  'NOT_ME',
  'SIGN_UP',
  'ADD',
  'METHOD',
  'PROVED',
  'LATER',
  'PROFILE',
  'DEFAULT',
  'STEP_UP',
  'LEAVE',
  'STAY',
] as const
export type Move = (typeof moves)[number]

/** What a step depends on. */
export type Facts = {
  /** Epoch milliseconds. */
  readonly now: number
  readonly root: string
  readonly visit: string
  readonly scenario: Scenario
  /** Whether somebody with this e-mail address has been here. */
  readonly knows: (email: string) => boolean
  /** Whether a step-up in the issuer's app, or on its website, is done before the cardholder goes back. */
  readonly completes: Readonly<Record<'issuer-app' | 'issuer-website', boolean>>
}

/** Where a step leads: to another screen, or to the end. */
export type Step = {
  readonly state: VisitState
  /** Goes to the end: as the scenario has it, or by what came of the step-up. */
  readonly end?: 'usual' | StepUp['outcome']
  /** The consumer has said who they are. */
  readonly signedIn?: boolean
  /** This device is, or is no longer, to be remembered. */
  readonly remember?: boolean
}

/** The consumer whom a scenario has at the page, when nobody else is remembered. */
const sample = { email: 'cardholder@example.com', isSample: true } as const

/** @param remembered the e-mail address that this device is remembered with. */
export function firstScreen(
  owner: VisitOwner,
  { scenario: { provision }, ...facts }: Facts,
  remembered: string | undefined,
): VisitState {
  switch (provision?.consumer ?? (remembered === undefined ? undefined : 'remembered')) {
    case 'remembered':
      return {
        ...owner,
        ...(remembered === undefined ? sample : { email: remembered }),
        screen: { name: 'welcome-back', how: 'remembered' },
      }
    case 'known':
      return askForCode({ ...owner, ...sample, screen: { name: 'code' } }, facts)
    case 'new':
      return { ...owner, screen: { name: 'sign-up', values: {} } }
    default:
      return { ...owner, screen: { name: 'opening' } }
  }
}

function askForCode(
  state: VisitState,
  { root, visit, now }: Pick<Facts, 'root' | 'visit' | 'now'>,
): VisitState {
  return { ...state, code: newCode(root, visit, now, state.code) }
}

/** One step of the cardholder; a move that the screen does not have leads nowhere. */
export function step(state: VisitState, move: Move, form: URLSearchParams, facts: Facts): Step {
  const { screen } = state
  // In the simulator's bar.
  if (move === 'STEP_UP' && isOpen(screen))
    return {
      state: {
        ...(state.email === undefined && sample),
        ...state,
        screen: { name: 'step-up', method: 'text' },
      },
    }
  if (move === 'LEAVE' && mayLeave(screen))
    return { state: { ...state, screen: { name: 'leaving' }, before: screen } }
  switch (screen.name) {
    case 'opening':
      return move === 'BEGIN' ? begin(state, form, facts) : { state }
    case 'code':
      return atCode(state, screen, move, form, facts)
    case 'welcome-back':
      if (move === 'NOT_ME')
        return { state: { ...anew(state), screen: { name: 'opening' } }, remember: false }
      return move === 'ADD' ? added(state) : { state }
    case 'sign-up':
      return move === 'SIGN_UP' ? signUp(state, form, facts) : { state }
    case 'step-up':
      return move === 'LATER' ? { state, end: 'skipped' } : chooseMethod(state, move, form, facts)
    case 'elsewhere':
      if (move === 'LATER') return { state, end: 'skipped' }
      return move === 'PROVED' && mayConfirm(screen, facts.scenario)
        ? { state, end: proved(facts) }
        : { state }
    case 'leaving':
      return move === 'STAY' && state.before !== undefined
        ? { state: { ...state, screen: state.before, before: undefined } }
        : { state }
    case 'processing':
    case 'profile':
    case 'ended':
      return { state }
  }
}

function isOpen({ name }: Screen): boolean {
  return name !== 'profile' && name !== 'ended'
}

/** Documented: as long as there is no token, and so not in a step-up. */
function mayLeave(screen: Screen): boolean {
  return (
    screen.name === 'opening' ||
    screen.name === 'welcome-back' ||
    screen.name === 'sign-up' ||
    screen.name === 'processing' ||
    (screen.name === 'code' && screen.method === undefined)
  )
}

const text = (form: URLSearchParams, name: string) => (form.get(name) ?? '').trim().slice(0, 320)

const isEmail = (value: string) => /^[^\s@]{1,64}@[^\s@]+\.[^\s@]{2,}$/.test(value)

function begin(state: VisitState, form: URLSearchParams, facts: Facts): Step {
  const email = text(form, 'email')
  if (!isEmail(email))
    return {
      state: {
        ...state,
        screen: { name: 'opening', values: { email }, errors: { email: 'email' } },
      },
    }
  if (!facts.knows(email))
    return { state: { ...anew(state), email, screen: { name: 'sign-up', values: { email } } } }
  return { state: askForCode({ ...anew(state), email, screen: { name: 'code' } }, facts) }
}

function atCode(
  state: VisitState,
  { method }: Extract<Screen, { name: 'code' }>,
  move: Move,
  form: URLSearchParams,
  facts: Facts,
): Step {
  const { code } = state
  const screen = { name: 'code', ...(method !== undefined && { method }) } as const
  if (move === 'LATER' && method !== undefined) return { state, end: 'skipped' }
  if (move === 'NOT_ME' && method === undefined)
    return { state: { ...anew(state), screen: { name: 'opening' } } }
  if (code === undefined || !isAlive(code, facts.now))
    return move === 'NEW_CODE'
      ? { state: askForCode({ ...state, screen }, facts) }
      : { state: { ...state, screen } }
  // In the simulator's bar: a receipt does not live long enough for its code to expire by itself.
  if (move === 'EXPIRE_CODE')
    return { state: { ...state, screen, code: { ...code, expiresAt: facts.now } } }
  if (move === 'RESEND') return { state: { ...state, screen: { ...screen, notice: 'resent' } } }
  if (move !== 'CODE') return { state }
  const typed = westernDigits(text(form, 'code')).replace(/\s/g, '')
  if (!/^\d{6}$/.test(typed))
    return { state: { ...state, screen: { ...screen, notice: 'malformed' } } }
  if (typed === code.digits && mayProve(method, facts.scenario))
    return right(state, code, method, { ...facts, remember: form.has('remember') })
  const attemptsLeft = code.attemptsLeft - 1
  const after: VisitState = {
    ...state,
    code: { ...code, attemptsLeft },
    screen: { ...screen, notice: 'wrong' },
  }
  return attemptsLeft === 0 && method !== undefined
    ? { state: after, end: 'failed' }
    : { state: after }
}

/** In a story whose step-up fails no code is right. */
export function mayProve(method: string | undefined, { provision }: Scenario): boolean {
  return method === undefined || provision?.stepUp?.outcome !== 'failed'
}

/** Somebody else begins: nothing is left but that no code comes twice. */
function anew(state: VisitState): VisitOwner & Pick<VisitState, 'code'> {
  const { code } = state
  return { ...ownerOf(state), ...(code !== undefined && { code: { ...code, attemptsLeft: 0 } }) }
}

/** A code is good for one proof; the next one has other digits. */
function right(
  state: VisitState,
  code: PendingCode,
  method: string | undefined,
  { remember, ...facts }: Facts & { readonly remember: boolean },
): Step {
  const used = { ...state, code: { ...code, attemptsLeft: 0 } }
  if (method !== undefined) return { state: used, end: proved(facts) }
  return {
    state: { ...used, screen: { name: 'welcome-back', how: 'known' } },
    signedIn: true,
    ...(remember && { remember }),
  }
}

/** A keyboard may write the digits of another script. */
function westernDigits(typed: string): string {
  return typed.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) % 16))
}

function signUp(state: VisitState, form: URLSearchParams, facts: Facts): Step {
  const values = {
    email: text(form, 'email'),
    dialCode: text(form, 'dialCode'),
    mobile: text(form, 'mobile'),
    ...(form.get('remember') !== null && { remember: 'on' }),
    ...(form.get('consent') !== null && { consent: 'on' }),
  }
  const errors: Errors = {
    ...(!isEmail(values.email) && { email: 'email' as const }),
    ...(!/^(\+|00)?\d{1,4}$/.test(westernDigits(values.dialCode)) && {
      dialCode: 'dialCode' as const,
    }),
    ...(!/^\d{1,20}$/.test(westernDigits(values.mobile).replace(/[\s().-]/g, '')) && {
      mobile: 'mobile' as const,
    }),
    ...(values.consent === undefined && { consent: 'consent' as const }),
  }
  if (Object.keys(errors).length > 0)
    return { state: { ...state, screen: { name: 'sign-up', values, errors } } }
  const { isSample, ...own } = { ...state, email: values.email }
  // Whoever is known has a code to type, unless the story has somebody new.
  if (facts.knows(values.email) && facts.scenario.provision?.consumer !== 'new')
    return { state: askForCode({ ...own, screen: { name: 'code' } }, facts) }
  const next = added(own, true)
  return { ...next, signedIn: true, ...(values.remember !== undefined && { remember: true }) }
}

function added(state: VisitState, isNew = false): Step {
  return { state: { ...state, screen: { name: 'processing', isNew } } }
}

/** What comes of the processing: the end, unless the issuer wants more proof. */
export function processed(state: VisitState, { provision }: Scenario): Step {
  return provision?.stepUp === undefined
    ? { state, end: 'usual' }
    : { state: { ...state, screen: { name: 'step-up', method: provision.stepUp.method } } }
}

const methods = ['text', 'email', 'issuer-app', 'issuer-website', 'call-centre'] as const

function chooseMethod(state: VisitState, move: Move, form: URLSearchParams, facts: Facts): Step {
  const method = methods.find((one) => one === form.get('method'))
  if (move !== 'METHOD' || method === undefined) return { state }
  if (method === 'text' || method === 'email')
    return { state: askForCode({ ...state, screen: { name: 'code', method } }, facts) }
  // Streamlined: the issuer does it once the cardholder is back.
  if (method !== 'call-centre' && !facts.completes[method]) return { state, end: 'skipped' }
  return { state: { ...state, screen: { name: 'elsewhere', method } } }
}

/** Nobody confirms anything at a call centre by a button, or in a story where it is put off. */
export function mayConfirm(
  { method }: Extract<Screen, { name: 'elsewhere' }>,
  { provision }: Scenario,
): boolean {
  return method !== 'call-centre' && provision?.stepUp?.outcome !== 'skipped'
}

/** The story may have it otherwise than the cardholder at the page. */
function proved({ scenario }: Facts): StepUp['outcome'] {
  return scenario.provision?.stepUp?.outcome ?? 'completed'
}

/** The e-mail address that somebody has typed, now or on an earlier visit; the consumer of a scenario has typed none. */
export function typedEmail({ email, isSample }: VisitState): string | undefined {
  return isSample ? undefined : email
}

/** For the simulator's bar, and the admin API. */
export function codeShown({ code }: VisitState, now: number): PendingCode | undefined {
  return code !== undefined && isAlive(code, now) ? code : undefined
}
