import { operationCodes } from '../../src/token-connect/codes.ts'
import { gatewayCodes } from '../../src/token-connect/gateway-codes.ts'
import { apiErrors, gatewayAnswer } from '../../src/token-connect/refusals.ts'
import {
  answerToRule,
  type FaultKind,
  type FieldRule,
  type Operation,
  reasonCodes,
  type Section,
  type SpecialRule,
  sections,
  specialRules,
} from '../../src/token-connect/rules.ts'

/* The tables of the page of rules, as Markdown. Each stands between comments of its name. */

export const tables: Readonly<Record<string, () => string>> = {
  gateway,
  codes,
  fields: () => sections.map(section).join('\n\n'),
  'rules of the request': () => rules(specialRules.filter(isOfRequest)),
  'rules of one account': () => rules(specialRules.filter(({ layer }) => layer === 'account')),
  'rules with --pedantic': () => rules(specialRules.filter(({ pedantic }) => pedantic)),
}

/** The page with every table as it should be. */
export function withTables(page: string): string {
  return Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`),
        (_all, begin: string, end: string) => `${begin}\n${table()}\n\n${end}`,
      ),
    page,
  )
}

const isOfRequest = ({ layer, pedantic }: SpecialRule) => layer === 'request' && !pedantic

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const code = (text: string) => `\`${text}\``

function gateway(): string {
  const facts = {
    missing: '*parameter*',
    calculated: '*hash*',
    received: '*hash*',
    acceptable: '*base string*',
  }
  return table(
    ['name here', 'HTTP', '`ReasonCode`', '`Description`', 'refused', 'how sure'],
    Object.entries(gatewayCodes).map(([name, { when, sure }]) => {
      const answer = gatewayAnswer({ code: name, because: '', facts })
      const [error] = answer?.body.Errors.Error ?? []
      return [
        code(name),
        String(answer?.status),
        error?.ReasonCode === name ? 'the same' : code(error?.ReasonCode ?? ''),
        `${error?.Description}${error?.Recoverable ? ' (`Recoverable`: true)' : ''}`,
        when,
        sure,
      ]
    }),
  )
}

function codes(): string {
  return table(
    ['`reasonCode`', '`source`', '`description`', 'how sure'],
    Object.entries(operationCodes).map(([name, { sure }]) => [
      code(name),
      apiErrors[name]?.source ?? '',
      apiErrors[name]?.description('*field*') ?? '',
      sure,
    ]),
  )
}

function section({ title, at, fields }: Section): string {
  const places = Object.entries(at).map(([operation, place]) =>
    place === '' ? code(operation) : `${code(operation)} under ${code(shownPath(place))}`,
  )
  const rows = fields.map(({ path, presence, allowed, faults }) => [
    code(shownPath(path)),
    `${presence}; ${allowed}`,
    refusals(faults),
  ])
  return `#### ${title}\n\nIn ${places.join(', ')}.\n\n${table(['field', 'presence; allowed', 'refused'], rows)}`
}

const shownPath = (path: string) => path.replaceAll('.0', '[]')

/** Kinds of faults by the code they give. */
function refusals(faults: FieldRule['faults']): string {
  const kinds = Object.keys(faults) as FaultKind[]
  const given = [...new Set(kinds.map((kind) => reasonCodes[kind]))]
  return given
    .map(
      (name) => `${kinds.filter((kind) => reasonCodes[kind] === name).join(', ')} → ${code(name)}`,
    )
    .join('<br>')
}

function rules(some: readonly SpecialRule[]): string {
  return table(
    ['refused when', 'in', 'answer'],
    some.map((rule) => {
      const operations = Object.keys(rule.at) as Operation[]
      const { description } = answerToRule(rule, operations[0] ?? 'pushMultipleAccounts')
      return [
        rule.when,
        operations.map(code).join(', '),
        `${code(rule.reasonCode)}: ${description}`,
      ]
    }),
  )
}
