import { problemMeanings, statusMeanings } from '../click-to-pay/codes.ts'
import { en } from '../click-to-pay/messages/en.ts'
import { problemStatuses } from '../click-to-pay/pages.ts'
import { payloadFixes } from '../explain/payload/causes.ts'
import { redirectFixes } from '../explain/redirect/causes.ts'
import { signatureFixes } from '../explain/signature/causes.ts'
import type { ProblemName } from '../scenarios/problem-names.ts'
import { statuses } from '../scenarios/statuses.ts'
import {
  assetCodes,
  type CodeMeaning,
  operationCodes,
  siblingCodes,
} from '../token-connect/codes.ts'
import { gatewayCodes, sharingAuthenticationFailed } from '../token-connect/gateway-codes.ts'
import { apiErrors, assetRefusals, gatewayAnswer } from '../token-connect/refusals.ts'
import {
  answerToFault,
  answerToRule,
  type FaultKind,
  type Layer,
  type Operation,
  type RuleAnswer,
  reasonCodes,
  type Section,
  type SpecialRule,
  sections,
  specialRules,
} from '../token-connect/rules.ts'

/*
 * Every code that the simulator, or a scenario, may give, from the tables of the parts that give them.
 */

/** Where a code is met, in the order of a journey. */
export const groups = {
  gateway: 'Gateway: before any operation, HTTP 4xx or 5xx, in an envelope of its own',
  request: 'Request: the operation refuses all of it, HTTP 200 with "errors"',
  account: 'Account: one of several, HTTP 200 with "errors" in the place of its receipt',
  asset: 'Asset: getAsset only, HTTP 4xx with "errors"',
  sibling: 'Sibling APIs of MDES: not produced by itself; a scenario may',
  status: 'Result: what comes back to the callback URL',
  page: 'Page: what a cardholder may meet at /provision',
  cause: 'Cause: what an explanation in the journal or on the terminal names',
  simulator: 'Simulator: your own set-up, never at Mastercard',
} as const
export type Group = keyof typeof groups

export type Entry = {
  readonly code: string
  readonly groups: readonly Group[]
  readonly meaning: string
  /** How it looks from outside: a label and a text each. */
  readonly facts: readonly (readonly [string, string])[]
  readonly when: readonly Occasion[]
  readonly fix?: string
  /** Codes that are told together with this one. */
  readonly related?: readonly string[]
}

/** When a code comes: a sentence, or fields with what may be wrong with them. */
export type Occasion =
  | string
  | { readonly place: string; readonly fields: readonly (readonly [string, string])[] }

/** All of them. */
export function glossary(): readonly Entry[] {
  return [
    ...Object.entries(gatewayCodes).map(([code, meaning]) => gatewayEntry(code, meaning)),
    ...Object.entries(operationCodes).map(([code, meaning]) => operationEntry(code, meaning)),
    ...Object.entries(assetCodes).map(([code, { meaning, fix }]) => assetEntry(code, meaning, fix)),
    ...Object.entries(siblingCodes).map(([code, meaning]) => siblingEntry(code, meaning)),
    ...statusEntries(),
    ...problemEntries(),
    ...causeEntries(),
    unknownScenario,
    scenariosRefused,
  ]
}

/** In place of what differs from call to call. */
const placeholders = {
  missing: '{parameter}',
  calculated: '{hash}',
  received: '{hash}',
  acceptable: '{base string}',
}

function gatewayEntry(code: string, { meaning, when = '', sure, fix }: CodeMeaning): Entry {
  const answer = gatewayAnswer({ code, because: '', facts: placeholders })
  const [error] = answer?.body.Errors.Error ?? []
  return {
    code,
    groups: ['gateway'],
    meaning,
    facts: [
      ['Layer', 'gateway: an envelope of its own, Errors.Error[]'],
      ['HTTP status', String(answer?.status)],
      ['Source', 'Gateway'],
      ['ReasonCode', error?.ReasonCode ?? code],
      ['Description', error?.Description ?? ''],
      ['Recoverable', String(error?.Recoverable)],
      ['How sure', sure],
    ],
    when: [when],
    fix,
    ...(code === 'AUTHENTICATION_FAILED' && { related: sharingAuthenticationFailed }),
  }
}

function operationEntry(code: string, { meaning, when, sure, fix }: CodeMeaning): Entry {
  const answers = answersWith(code)
  const layers = [...new Set(answers.map(({ layer }) => layer))]
  const error = apiErrors[code]
  return {
    code,
    groups: layers.length > 0 ? layers : ['request'],
    meaning,
    facts: [
      ['Layer', (layers.length > 0 ? layers : (['request'] as const)).map(saidOf).join('; ')],
      ['HTTP status', httpStatuses(code, answers)],
      ['source', error?.source ?? ''],
      ['reasonCode', code],
      ['description', error?.description('{field}') ?? ''],
      ['How sure', sure],
    ],
    when: [
      ...(when === undefined ? [] : [when]),
      ...rulesWith(code),
      ...sections.flatMap((section) => occasionIn(section, code)),
    ],
    fix,
  }
}

const saidOf = (layer: Layer) =>
  ({
    request: 'request: "errors" beside responseId',
    account: 'account: "errors" in the place of one receipt, the others stay',
    asset: 'asset: "errors" alone',
  })[layer]

/** What the rules answer with this code. */
function answersWith(code: string): readonly RuleAnswer[] {
  return [...answersOfFields(), ...answersOfRules(specialRules)].filter(
    ({ reasonCode }) => reasonCode === code,
  )
}

const answersOfFields = () =>
  sections.flatMap(({ at, fields }) =>
    operationsIn(at).flatMap((operation) =>
      fields.flatMap(({ path, faults }) =>
        kindsIn(faults).map((kind) => answerToFault(operation, path, kind)),
      ),
    ),
  )

const answersOfRules = (rules: readonly SpecialRule[]) =>
  rules.flatMap((rule) => operationsIn(rule.at).map((operation) => answerToRule(rule, operation)))

function httpStatuses(code: string, answers: readonly RuleAnswer[]): string {
  // What is wrong with an account never makes the status another one, in pushAccount neither.
  const isOfAccounts = specialRules.some(
    (rule) => rule.reasonCode === code && rule.layer === 'account',
  )
  const isOfFields = Object.values(reasonCodes).includes(code)
  if (isOfAccounts && !isOfFields) return '200'
  const asset = answers.find(({ layer }) => layer === 'asset')
  return `200, or 400 with assumptions.errorStatus: 400${asset === undefined ? '' : `; ${asset.status} from getAsset`}`
}

const operationsIn = (at: Section['at']) => Object.keys(at) as Operation[]
const kindsIn = (faults: object) => Object.keys(faults) as FaultKind[]

function occasionIn({ title, fields }: Section, code: string): readonly Occasion[] {
  const found = fields.flatMap(({ path, faults, allowed }) => {
    const kinds = kindsIn(faults).filter((kind) => reasonCodes[kind] === code)
    return kinds.length === 0
      ? []
      : [[path.replaceAll('.0', '[]'), `${kinds.join(', ')} (allowed: ${allowed})`] as const]
  })
  if (found.length === 0) return []
  return [{ place: title, fields: found }]
}

function rulesWith(code: string): readonly string[] {
  return specialRules
    .filter(({ reasonCode }) => reasonCode === code)
    .map(
      ({ when, pedantic, at }) =>
        `${pedantic ? 'with --pedantic only, ' : ''}when ${when} (${operationsIn(at).join(', ')})`,
    )
}

function assetEntry(code: string, meaning: string, fix: string): Entry {
  const { status = 0, reasonCode = '' } = assetRefusals[code] ?? {}
  return {
    code,
    groups: ['asset'],
    meaning,
    facts: [
      ['Layer', saidOf('asset')],
      ['HTTP status', String(status)],
      ['source', 'INPUT'],
      ['reasonCode', reasonCode],
      ['description', apiErrors[reasonCode]?.description('AssetId') ?? ''],
      ['How sure', 'assumed: the documentation says only that these are no success'],
    ],
    when: [],
    fix,
  }
}

function siblingEntry(code: string, meaning: string): Entry {
  return {
    code,
    groups: ['sibling'],
    meaning,
    facts: [['How sure', 'documented or observed for other APIs of MDES, assumed for this one']],
    when: ['not produced by itself; a scenario may, in push.errors, push.accounts or eligibility'],
  }
}

function statusEntries(): readonly Entry[] {
  return Object.entries(statusMeanings).map(([code, { meaning, sure, fix }]) => ({
    code,
    groups: ['status'],
    meaning,
    facts: [
      [
        'On the way back',
        `results[RECEIPT]=${code}${statuses[code as keyof typeof statuses].token ? '|TOKEN_UNIQUE_REFERENCE' : ''}`,
      ],
      ['How sure', sure],
    ],
    when: ['when the scenario, or a tester on the page, ends the journey with it'],
    fix,
  }))
}

function problemEntries(): readonly Entry[] {
  return Object.entries(problemMeanings).map(([code, { meaning, sure, fix }]) => {
    const problem = code as ProblemName
    const status = problemStatuses[problem]
    const { title, text } = en.problems[problem]
    return {
      code,
      groups: ['page'],
      meaning,
      facts: [
        ['Layer', 'page: HTML for the cardholder, the code at its top'],
        ['HTTP status', String(status)],
        ['On the page', `${title}. ${text}`],
        ['How sure', sure],
      ],
      when: [],
      fix,
    }
  })
}

function causeEntries(): readonly Entry[] {
  const kinds = [
    ['a signature that is refused', signatureFixes],
    ['a payload or a message that is refused', payloadFixes],
    ['a redirect to /provision', redirectFixes],
  ] as const
  return kinds.flatMap(([what, fixes]) =>
    Object.entries(fixes).map(([code, fix]) => ({
      code,
      groups: ['cause' as const],
      meaning: `${sentence(code)}: a mistake that explains ${what}.`,
      facts: [],
      when: [],
      fix,
    })),
  )
}

/** Codes are words. */
function sentence(code: string): string {
  const words = code.replaceAll('_', ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const unknownScenario: Entry = {
  code: 'UNKNOWN_SCENARIO',
  groups: ['simulator'],
  meaning: 'The header X-Simulator-Scenario names a scenario that is not there.',
  facts: [
    ['Layer', "simulator: application/problem+json, so that nobody takes it for Mastercard's"],
    ['HTTP status', '400'],
    ['How sure', "certain: it is this simulator's own"],
  ],
  when: ['when no scenario file has that name; the answer lists those that are there'],
  fix: 'Correct the name, or start with --scenarios DIR.',
}

const scenariosRefused: Entry = {
  code: 'SCENARIOS_REFUSED',
  groups: ['simulator'],
  meaning: 'Files of scenarios or token requestors were changed, and cannot be used as they are.',
  facts: [
    ['Layer', 'simulator: in the journal and on the terminal; the last good set stays in force'],
    ['How sure', "certain: it is this simulator's own"],
  ],
  when: [
    'when a file is saved that is not valid, or that contradicts another',
    'when the scenario that is in use, or the default, is in no file any more',
  ],
  fix: 'Correct the file, and save it: it is read again at once. "mdes-sim check DIR" tells the same.',
}
