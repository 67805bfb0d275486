import type { ScenarioContent } from './schema.ts'
import { type Status, statuses } from './statuses.ts'
import { endingOfStepUp, outcomeOf, showsPages, statusAt } from './story.ts'

/*
 * What each section may say by itself, and no story can have together. One rule a line: where it is, when it holds, what to do.
 */

type Rule = {
  readonly path: readonly string[]
  /** True, or the rule's own words, where the two contradict each other. */
  readonly when: (scenario: ScenarioContent) => unknown
  readonly message: string | ((scenario: ScenarioContent) => string)
}

const cuts = (transport: string | undefined) => transport === 'reset' || transport === 'timeout'
const names = (what: object | undefined, ...keys: readonly string[]) =>
  what !== undefined && keys.some((key) => Object.hasOwn(what, key))

/** The sections and keys of a push that are reached only with a receipt in hand. */
const afterTheReceipt = ['provision', 'callback'] as const

const unreachable: readonly {
  readonly when: (scenario: ScenarioContent) => unknown
  readonly because: string
  readonly sections: readonly (readonly string[])[]
}[] = [
  {
    when: ({ gateway: { status, transport, times } = {} }) =>
      times === undefined && (status !== undefined || cuts(transport)),
    because: 'gateway lets no call through: give it "times", or leave this out',
    sections: [['eligibility'], ['push'], ['provision'], ['callback']],
  },
  {
    when: ({ push }) => push?.errors !== undefined,
    because:
      'push.errors refuses the whole request, so there is no receipt: leave one of the two out',
    sections: [
      ['push', 'accounts'],
      ['push', 'receipt'],
      ['push', 'signature'],
      ...afterTheReceipt.map((section) => [section]),
    ],
  },
  {
    when: ({ push }) => push?.transport !== undefined,
    because:
      'push.transport loses the answer, so the bank has no receipt to go on with: leave one of the two out',
    sections: [
      ['push', 'accounts'],
      ['push', 'receipt'],
      ['push', 'signature'],
      ...afterTheReceipt.map((section) => [section]),
    ],
  },
  {
    when: ({ gateway: { transport, times } = {} }) =>
      times === undefined && (transport === 'truncated' || transport === 'garbage'),
    because:
      'gateway.transport spoils every answer, so the bank has no receipt to go on with: give it "times", or leave this out',
    sections: afterTheReceipt.map((section) => [section]),
  },
  {
    when: ({ push }) => push?.receipt?.state === 'expiring',
    because:
      'the receipt expires before the cardholder has decided, so nothing goes back by itself: leave one of the two out',
    sections: [['callback']],
  },
  {
    when: ({ push }) => push?.receipt?.state === 'expired' || push?.receipt?.state === 'used',
    because:
      'the receipt cannot be used from the start, so Click to Pay shows its problem page: leave one of the two out',
    sections: [
      ...afterTheReceipt.map((section) => [section]),
      ['push', 'receipt', 'validityMinutes'],
    ],
  },
  {
    when: ({ provision }) => provision?.transport !== undefined,
    because:
      'provision.transport breaks the page before anything is decided: leave one of the two out',
    sections: [
      ['callback'],
      ...['consumer', 'pages', 'outcome', 'stepUp'].map((key) => ['provision', key]),
    ],
  },
  {
    when: ({ callback }) => callback?.send === 'never',
    because: 'with send: never nothing goes back to the bank: leave one of the two out',
    sections: ['delay', 'results', 'malformed', 'extra'].map((key) => ['callback', key]),
  },
]

const rules: readonly Rule[] = [
  ...(['gateway', 'eligibility'] as const).map((section) => ({
    path: [section],
    when: (scenario: ScenarioContent) =>
      scenario.when !== undefined && scenario[section] !== undefined,
    message:
      'acts before there is a push whose facts "when" could be held against: leave one of the two out; without "when" it is chosen by header, use or --scenario',
  })),
  {
    path: ['gateway'],
    when: ({ gateway }) => gateway !== undefined && !names(gateway, 'status', 'delay', 'transport'),
    message: 'does nothing yet: give it a status, a delay or a transport fault',
  },
  {
    path: ['eligibility'],
    when: ({ eligibility }) =>
      eligibility !== undefined && !names(eligibility, 'tokenRequestors', 'errors'),
    message: 'does nothing yet: give it tokenRequestors or errors',
  },
  {
    path: ['gateway', 'transport'],
    when: ({ gateway: { status, transport } = {} }) => status !== undefined && cuts(transport),
    message:
      'with reset and timeout there is no answer that could have a status: leave one of the two out',
  },
  {
    path: ['gateway', 'retryAfter'],
    when: ({ gateway: { status, retryAfter } = {} }) =>
      retryAfter !== undefined && status !== 429 && status !== 503,
    message: ({ gateway: { status } = {} }) =>
      `goes with status 429 or 503 only; ${status === undefined ? 'there is no status: add one' : `status is ${status}: change it`}, or leave this out`,
  },
  {
    path: ['eligibility', 'tokenRequestors'],
    when: ({ eligibility }) => eligibility?.errors !== undefined && eligibility.tokenRequestors,
    message: 'errors refuse the request, so nobody is named: leave one of the two out',
  },
  {
    path: ['push', 'receipt', 'state'],
    when: ({ push, provision }) => push?.receipt?.state === 'expiring' && !showsPages(provision),
    message:
      'expires while the cardholder reads the page, and none is shown: add provision: { pages: show }',
  },
  ...(['outcome', 'stepUp'] as const).map((key) => ({
    path: ['provision', key],
    when: ({ push, provision }: ScenarioContent) =>
      push?.receipt?.state === 'expiring' &&
      provision?.[key] !== undefined &&
      provision[key] !== 'ask',
    message:
      'is never reached, since the receipt expires before the cardholder has decided: leave it out',
  })),
  {
    path: ['provision', 'pages'],
    when: ({ provision }) => provision?.outcome === 'ask' && provision.pages === 'skip',
    message: 'the outcome ask needs a page to ask on: leave one of the two out',
  },
  {
    path: ['provision', 'consumer'],
    when: ({ provision }) => provision?.consumer !== undefined && !showsPages(provision),
    message: 'is seen on pages only, and none are shown: add pages: show, or leave it out',
  },
  {
    path: ['provision', 'stepUp'],
    when: ({ provision }) => provision?.outcome === 'ask' && provision.stepUp,
    message: 'with the outcome ask the person at the page decides: leave one of the two out',
  },
  {
    path: ['provision', 'stepUp'],
    when: ({ provision }) => Array.isArray(provision?.outcome) && provision.stepUp,
    message: 'ends all receipts alike: give one outcome, or leave it out',
  },
  {
    path: ['provision', 'outcome'],
    when: ({ provision: { outcome, stepUp } = {} }) =>
      stepUp !== undefined &&
      typeof outcome === 'string' &&
      outcome !== 'ask' &&
      !endingsOfStepUp[stepUp.outcome].includes(outcome),
    message:
      'does not follow from stepUp: completed ends APPROVED or AUTHENTICATED, failed REQUIRE_ADDITIONAL_AUTHENTICATION or DELETED, skipped REQUIRE_ADDITIONAL_AUTHENTICATION; leave it out',
  },
  {
    path: ['callback', 'delay'],
    when: ({ callback: { delay, send } = {} }) =>
      delay !== undefined && send !== 'twice' && send !== 'late' && send !== 'never',
    message: 'goes with send: twice or late; a slow page is provision.delay',
  },
  {
    path: ['callback', 'malformed'],
    when: ({ callback: { malformed, results } = {} }) =>
      malformed !== undefined && results?.length === 0,
    message: 'there are no results that could be so: leave one of the two out',
  },
  {
    path: ['callback', 'malformed'],
    when: ({ callback: { malformed, results = [] } = {} }) =>
      (malformed === 'unknown-status' && results.some(({ status }) => status !== undefined)) ||
      (['no-token', 'empty'].includes(malformed ?? '') &&
        results.some(({ token }) => token !== undefined)) ||
      (malformed === 'empty' && results.some(({ status }) => status !== undefined)),
    message: 'takes away what results puts in: leave one of the two out',
  },
  {
    path: ['callback', 'malformed'],
    when: (scenario) =>
      scenario.callback?.malformed === 'no-token' &&
      toldAt(scenario, 0)?.every((status) => !statuses[status].token),
    message: 'this ending has no token reference that could be missing: leave it out',
  },
  {
    path: ['expect', 'callback'],
    when: (scenario) =>
      scenario.expect?.callback !== undefined &&
      scenario.expect.callback !== 'none' &&
      (scenario.callback?.send === 'never' || isCutShort(scenario)),
    message: 'never comes in this story: expect none',
  },
  {
    path: ['expect', 'callback', 'status'],
    when: (scenario) => impossibleStatus(scenario) !== undefined,
    message: (scenario) => impossibleStatus(scenario) ?? '',
  },
  {
    path: ['expect', 'callback', 'token'],
    when: (scenario) => {
      const { token } = expectedCallback(scenario)
      const told = toldAt(scenario, 0)
      const { malformed, results } = scenario.callback ?? {}
      const isTakenAway = malformed === 'no-token' || malformed === 'empty' || results?.length === 0
      const isPutIn = results?.[0]?.token !== undefined
      if (token === 'present')
        return isTakenAway || (!isPutIn && told?.every((status) => !statuses[status].token))
      return (
        token === 'absent' &&
        !isTakenAway &&
        (isPutIn || told?.every((status) => statuses[status].token))
      )
    },
    message: (scenario) =>
      expectedCallback(scenario).token === 'present'
        ? 'there is none in this story: expect absent, an ending that has one, or put one into callback.results'
        : 'there is one in this story: expect present, an ending that has none, or callback.malformed: no-token',
  },
  {
    path: ['expect', 'callback', 'times'],
    when: (scenario) => {
      const { times } = expectedCallback(scenario)
      return times !== undefined && times !== (scenario.callback?.send === 'twice' ? 2 : 1)
    },
    message: 'does not fit callback.send: twice comes 2 times, anything else once',
  },
  {
    path: ['expect', 'page'],
    when: ({ expect: { page, callback } = {} }) =>
      page !== undefined && callback !== undefined && callback !== 'none',
    message:
      'a problem page ends the journey, so that nothing goes back by itself: leave one of the two out',
  },
]

const endingsOfStepUp: Readonly<Record<keyof typeof endingOfStepUp, readonly Status[]>> = {
  completed: [endingOfStepUp.completed, 'AUTHENTICATED'],
  failed: [endingOfStepUp.failed, 'DELETED'],
  skipped: [endingOfStepUp.skipped],
}

/** Whether the browser is never sent on by itself. */
function isCutShort({ push, provision, gateway }: ScenarioContent): boolean {
  const { errors, transport, receipt } = push ?? {}
  return (
    (gateway?.times === undefined &&
      (gateway?.status !== undefined || gateway?.transport !== undefined)) ||
    errors !== undefined ||
    transport !== undefined ||
    provision?.transport !== undefined ||
    (receipt?.state !== undefined && receipt.state !== 'valid')
  )
}

type ExpectedCallback = Exclude<
  NonNullable<ScenarioContent['expect']>['callback'],
  'none' | undefined
>

function expectedCallback({ expect }: ScenarioContent): ExpectedCallback {
  const { callback } = expect ?? {}
  return callback === undefined || callback === 'none' ? {} : callback
}

/** Why an expected status cannot come; undefined when it can. */
function impossibleStatus(scenario: ScenarioContent): string | undefined {
  const { status: expected } = expectedCallback(scenario)
  if (expected === undefined) return undefined
  const { malformed, results } = scenario.callback ?? {}
  if (results?.length === 0) return 'cannot come: callback.results tells nothing'
  if (malformed === 'unknown-status' || malformed === 'empty')
    return `cannot come: callback.malformed is ${malformed}`
  for (const [position, status] of [expected].flat().entries()) {
    const told = toldAt(scenario, position)
    if (told !== undefined && !told.includes(status))
      return `cannot come: this story ends ${[...new Set(told)].join(' or ')}`
  }
  return undefined
}

/** What the bank may be told of the receipt at a position, where the file decides that; undefined where a person does. */
function toldAt(
  { provision, callback }: ScenarioContent,
  position: number,
): readonly Status[] | undefined {
  const instead = callback?.results?.[position]?.status
  if (instead !== undefined) return [instead]
  return possible(provision, position)
}

/** How a receipt may end. */
function possible(
  provision: ScenarioContent['provision'],
  position: number,
): readonly Status[] | undefined {
  const outcome = outcomeOf(provision)
  if (outcome === 'ask') return undefined
  const ends: readonly Status[] =
    outcome === 'usual'
      ? ['APPROVED', 'DUPLICATE_REQUEST', 'CANCELLED']
      : [statusAt(outcome, position)]
  // Whoever sees a page may cancel there.
  return showsPages(provision) ? [...ends, 'CANCELLED'] : ends
}

/** What makes no sense together, each with the place of what is to be left out or changed. */
export function nonsense(
  scenario: ScenarioContent,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  return [
    ...rules
      .filter((rule) => rule.when(scenario))
      .map(({ path, message }) => ({
        path,
        message: typeof message === 'string' ? message : message(scenario),
      })),
    ...unreachable
      .filter((rule) => rule.when(scenario))
      .flatMap(({ because, sections }) =>
        sections
          .filter((path) => isThere(scenario, path))
          .map((path) => ({ path, message: `is never reached: ${because}` })),
      ),
  ]
}

function isThere(scenario: ScenarioContent, path: readonly string[]): boolean {
  const value = path.reduce<unknown>(
    (under, key) => (under as Readonly<Record<string, unknown>> | undefined)?.[key],
    scenario,
  )
  return value !== undefined
}
