import type { Locator, Page } from 'playwright-core'
import { shownClick } from './html-page.ts'
import type { Step } from './issuer-file.ts'
import { someOf } from './verdict.ts'

type Field = {
  readonly field: Locator
  /** As the step has it. */
  readonly name: string
  readonly value: string
}

/** What a step is done with. */
export type Controls = {
  readonly fields: readonly Field[]
  /** Absent where the form of the last field is sent. */
  readonly control?: Locator
  /** It, for people. */
  readonly wanted: string
}

/** What is covered by something else can be seen, and not used; what comes of a click may wait at a border. */
const pressing = { timeout: 5000, noWaitAfter: true }

/** @returns what the page lacks, for people. */
export async function controlsFor(
  page: Page,
  { fill = {}, click }: Step,
): Promise<Controls | { readonly expected: string }> {
  const fields: Field[] = []
  for (const [name, value] of Object.entries(fill)) {
    const field = await fieldFor(page, name, value)
    if (field === undefined) return { expected: `the field "${name}"` }
    fields.push({ field, name, value })
  }
  if (click === undefined) return { fields, wanted: 'a form' }
  const wanted = `a button or a link ${shownClick(click)}`
  const control = await controlFor(page, click, fields.at(-1)?.field)
  return control === undefined ? { expected: wanted } : { fields, control, wanted }
}

/** @returns what could not be done and why, for people. */
export async function doStep({
  fields,
  control,
  wanted,
}: Controls): Promise<
  { readonly expected: string; readonly because: readonly string[] } | undefined
> {
  let doing = ''
  try {
    for (const { field, name, value } of fields) {
      doing = `the field "${name}" to take what is filled in`
      await fillIn(field, value)
    }
    doing = `${wanted} that can be used`
    if (control !== undefined) await control.click(pressing)
    else await sendForm(fields.at(-1)?.field)
    return undefined
  } catch (error) {
    return { expected: doing, because: hindrances((error as Error).message) }
  }
}

/** Of the log that comes with an error: what stands in the way of a person, too. */
function hindrances(log: string): readonly string[] {
  const [, cover] = /(<[^>]*>).* intercepts pointer events/.exec(log) ?? []
  if (cover !== undefined) return [`It is covered by ${cover}`]
  const [, state] = /element is not (enabled|visible|editable)/.exec(log) ?? []
  return state === undefined ? [] : [`It is not ${state}`]
}

async function firstOf(candidates: readonly Locator[]): Promise<Locator | undefined> {
  for (const candidate of candidates) if ((await candidate.count()) > 0) return candidate.first()
  return undefined
}

const quoted = (text: string) => JSON.stringify(text)

/** What a person can fill in or choose. */
const fieldRoles = [
  'textbox',
  'searchbox',
  'spinbutton',
  'combobox',
  'listbox',
  'checkbox',
  'switch',
  'radio',
] as const

/** By its name, by what a screen reader calls it, its label or its placeholder. */
function fieldFor(page: Page, name: string, value: string): Promise<Locator | undefined> {
  const named = `[name=${quoted(name)}]`
  return firstOf([
    page.locator(`${named}:is([type=radio], [type=checkbox])[value=${quoted(value)}]`),
    page.locator(`${named}:not([type=radio], [type=hidden])`),
    oneOf(fieldRoles.map((role) => page.getByRole(role, { name, exact: true }))),
    page.getByLabel(name, { exact: true }),
    page.getByPlaceholder(name, { exact: true }),
  ])
}

/** Whichever there is. */
function oneOf([first, ...others]: readonly Locator[]): Locator {
  if (first === undefined) throw new Error('there is nothing to choose')
  return others.reduce((all, other) => all.or(other), first)
}

async function fillIn(field: Locator, value: string): Promise<void> {
  const is = async (selector: string) =>
    (await field.and(field.page().locator(selector)).count()) > 0
  if (await is('select')) await field.selectOption(value, pressing)
  else if (await is('[type=radio], [role=radio]')) await field.check(pressing)
  else if (await is('[type=checkbox], [role=checkbox], [role=switch]')) {
    const isItsOwn = (await field.getAttribute('value', pressing)) === value
    if (!isItsOwn && value !== 'true' && value !== 'false') throw new Error('no value of a box')
    await field.setChecked(value !== 'false', pressing)
  } else await field.fill(value, pressing)
}

/** By its first button, as Enter does. */
async function sendForm(field: Locator | undefined): Promise<void> {
  const form = field && formOf(field)
  const button = form?.locator(':is(button, input)[type=submit], button:not([type])').first()
  if (button !== undefined && (await button.count()) > 0) await button.click(pressing)
  else await field?.press('Enter', pressing)
}

const formOf = (field: Locator) => field.page().locator('form').filter({ has: field })

/** What a person can press. */
const controlRoles = [
  'button',
  'link',
  'switch',
  'checkbox',
  'radio',
  'combobox',
  'option',
  'menuitem',
  'tab',
  'gridcell',
] as const

/** By the whole text, by name=value, or by a part of the text that no other has; in the form of the field, if it is there. */
async function controlFor(
  page: Page,
  click: NonNullable<Step['click']>,
  field: Locator | undefined,
): Promise<Locator | undefined> {
  const inForm = (control: Locator) => [
    ...(field === undefined ? [] : [formOf(field).locator(control)]),
    control,
  ]
  if (typeof click !== 'string') return firstOf(inForm(page.locator(submitsAs(click))))
  const [, button, value] = /^([^=\s]+)=(.*)$/.exec(click) ?? []
  const words = click.trim().split(/\s+/).map(literally).join('\\s+')
  const called = (name: RegExp) => oneOf(controlRoles.map((role) => page.getByRole(role, { name })))
  const partly = called(new RegExp(words, 'i'))
  return (
    (await firstOf([
      ...inForm(called(new RegExp(`^\\s*${words}\\s*$`, 'i'))),
      ...(button === undefined ? [] : inForm(page.locator(submitsAs({ button, value })))),
      // Whatever else can be pressed has no role, such as what opens details, or a label.
      page.locator('summary, label').filter({ hasText: new RegExp(`^\\s*${words}\\s*$`, 'i') }),
    ])) ?? ((await partly.count()) === 1 ? partly : undefined)
  )
}

function submitsAs({
  button,
  value,
}: {
  readonly button: string
  readonly value?: string | undefined
}): string {
  const valued = value === undefined ? '' : `[value=${quoted(value)}]`
  return `:is(button, input)[name=${quoted(button)}]${valued}`
}

const literally = (text: string) => text.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&')

/** Buttons, links and fields that a person can see, in frames of components too. */
export async function offersOf(page: Page, title: string): Promise<string> {
  const tree = await page.locator('body').ariaSnapshot({ timeout: pressing.timeout })
  const found = [...tree.matchAll(offered)].map(([, role = '', name, state = '']) => ({
    kind: role === 'button' || role === 'link' ? role : 'field',
    words: `"${name}"${/disabled/.test(state) ? ' (disabled)' : ''}`,
  }))
  const listed = (['button', 'link', 'field'] as const).flatMap((kind) => {
    const words = [...new Set(found.filter((one) => one.kind === kind).map((one) => one.words))]
    return words.length === 0 ? [] : [`the ${kind}s ${someOf(words, mostListed)}`]
  })
  return `the page "${title}" with ${listed.join('; ') || 'nothing to click'}`
}

/** A line of the snapshot: `- button "Add" [disabled]`. */
const offered = new RegExp(
  `^\\s*- '?(${['button', 'link', ...fieldRoles].join('|')}) "((?:[^"\\\\]|\\\\.)*)"(.*)$`,
  'gm',
)

/** More are not read anyway. */
const mostListed = 12
