import type { Locator, Page } from 'playwright-core'
import { shownClick } from './html-page.ts'
import type { Step } from './issuer-file.ts'

/** What a step is done with. */
export type Controls = {
  readonly fields: readonly { readonly field: Locator; readonly value: string }[]
  /** Absent where the form of the last field is sent. */
  readonly control?: Locator
}

/** What is covered by something else can be seen, and not used; what comes of a click may wait at a border. */
const pressing = { timeout: 5000, noWaitAfter: true }

/** @returns what the page lacks, for people. */
export async function controlsFor(
  page: Page,
  { fill = {}, click }: Step,
): Promise<Controls | { readonly expected: string }> {
  const fields: { readonly field: Locator; readonly value: string }[] = []
  for (const [name, value] of Object.entries(fill)) {
    const field = await fieldFor(page, name, value)
    if (field === undefined) return { expected: `the field "${name}"` }
    fields.push({ field, value })
  }
  if (click === undefined) return { fields }
  const control = await controlFor(page, click, fields.at(-1)?.field)
  return control === undefined
    ? { expected: `a button or a link ${shownClick(click)}` }
    : { fields, control }
}

/** @returns what could not be done and why, for people. */
export async function doStep({
  fields,
  control,
}: Controls): Promise<
  { readonly expected: string; readonly because: readonly string[] } | undefined
> {
  let doing = ''
  try {
    for (const { field, value } of fields) {
      doing = `the field "${await field.getAttribute('name')}" to take what is filled in`
      await fillIn(field, value)
    }
    doing = 'a button or a link that can be clicked'
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

/** By its name, its label or its placeholder. */
function fieldFor(page: Page, name: string, value: string): Promise<Locator | undefined> {
  const named = `[name=${quoted(name)}]`
  return firstOf([
    page.locator(`${named}:is([type=radio], [type=checkbox])[value=${quoted(value)}]`),
    page.locator(`${named}:not([type=radio], [type=hidden])`),
    page.getByLabel(name, { exact: true }),
    page.getByPlaceholder(name, { exact: true }),
  ])
}

async function fillIn(field: Locator, value: string): Promise<void> {
  const type = await field.getAttribute('type')
  const isSelect = (await field.and(field.page().locator('select')).count()) > 0
  if (isSelect) await field.selectOption(value, pressing)
  else if (type === 'radio') await field.check(pressing)
  else if (type === 'checkbox') await field.setChecked(value !== 'false', pressing)
  else await field.fill(value, pressing)
}

/** By its first button, as Enter does. */
async function sendForm(field: Locator | undefined): Promise<void> {
  const form = field && formOf(field)
  const button = form?.locator(':is(button, input)[type=submit], button:not([type])').first()
  if (button !== undefined && (await button.count()) > 0) await button.click(pressing)
  else await field?.press('Enter', pressing)
}

const formOf = (field: Locator) => field.page().locator('form').filter({ has: field })

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
  const called = (name: RegExp) =>
    page.getByRole('button', { name }).or(page.getByRole('link', { name }))
  const partly = called(new RegExp(words, 'i'))
  return (
    (await firstOf([
      ...inForm(called(new RegExp(`^\\s*${words}\\s*$`, 'i'))),
      ...(button === undefined ? [] : inForm(page.locator(submitsAs({ button, value })))),
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
