import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import type { Step } from './issuer-file.ts'

/* A page of somebody's application, as a browser without JavaScript has it. */

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

export type HtmlPage = {
  readonly url: string
  readonly title: string
  /** What is to be read, in lines. */
  readonly text: string
  /** Where it goes by itself. */
  readonly goesTo?: string
  /** Buttons, links and fields, for people. */
  readonly offers: string
  /** @returns what the step sends, or what the page lacks for it. */
  request(step: Step): Request | { readonly expected: string }
}

export function readPage(html: string, url: string): HtmlPage {
  // Without scripts, so that <noscript> counts.
  const elements = [...elementsIn(parse(html, { scriptingEnabled: false }))]
  const named = (...names: readonly string[]) =>
    elements.filter((one) => names.includes(one.tagName))
  const base = new URL(attribute(named('base')[0], 'href') ?? '', url).href
  const [body] = named('body')
  const controls = named('a', 'button', 'input').flatMap(controlOf)
  const [heading] = [...named('h1'), ...named('title')].map(inOneLine).filter((text) => text !== '')
  const refresh = named('meta').find((one) => /^refresh$/i.test(attribute(one, 'http-equiv') ?? ''))
  const [, goesTo] =
    /^[\d.]+\s*[;,]\s*url\s*=\s*['"]?([^'"]+)/i.exec(attribute(refresh, 'content') ?? '') ?? []
  const hasScript = named('script').length > 0
  return {
    url,
    title: heading ?? '',
    text: body === undefined ? '' : linesOf(body),
    ...(goesTo !== undefined && { goesTo: new URL(goesTo, base).href }),
    offers: offersOf(heading ?? '', controls, elements, hasScript),
    request: ({ fill = {}, click }) => {
      const forms = named('form').filter((form) => hasFields(form, fill, elements))
      const names = Object.keys(fill)
      if (names.length > 0 && forms.length === 0)
        return {
          expected: `a form with ${names.map((name) => `the field "${name}"`).join(' and ')}`,
        }
      const fitting = click === undefined ? [] : controlsFor(click, controls)
      const control =
        names.length === 0
          ? fitting[0]
          : fitting.find(({ element }) => forms.some((form) => form === formOf(element, elements)))
      if (click !== undefined && control === undefined)
        return {
          expected: `a button or a link ${shownClick(click)}${names.length > 0 ? ` in the form with ${names.join(', ')}` : ''}`,
        }
      const href = control?.kind === 'link' ? (attribute(control.element, 'href') ?? '') : undefined
      if (href !== undefined)
        return /^javascript:/i.test(href)
          ? {
              expected: `a link "${control?.words}" that works without JavaScript, which is not run here`,
            }
          : pageRequest(new URL(href, base).href)
      const form = control === undefined ? forms[0] : formOf(control.element, elements)
      if (form === undefined)
        return {
          expected: `a button ${shownClick(click)} that sends a form; JavaScript is not run here`,
        }
      const submitter =
        control?.element ??
        controls.find(
          ({ kind, element }) => kind === 'button' && formOf(element, elements) === form,
        )?.element
      return submission(form, submitter, fill, elements, base)
    },
  }
}

export function pageRequest(url: string): Request {
  return new Request(url, { headers: { Accept: 'text/html' } })
}

function* elementsIn(node: Node): Generator<Element> {
  if ('tagName' in node) yield node
  if ('childNodes' in node) for (const child of node.childNodes) yield* elementsIn(child)
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((one) => one.name === name)?.value
}

const unread = new Set(['script', 'style', 'template', 'head', 'svg', 'select', 'textarea'])
/** All others begin a line. */
const inline = new Set(
  'a abbr b bdi bdo cite code data dfn em font i kbd label mark q s samp small span strong sub sup time u var wbr'.split(
    ' ',
  ),
)

function linesOf(element: Element): string {
  return tidyLines(wordsIn(element))
}

/** Without empty lines, and with one space between words. */
export function tidyLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n')
}

function wordsIn(node: Node): string {
  if (node.nodeName === '#text') return 'value' in node ? node.value.replace(/\s+/g, ' ') : ''
  if (!('tagName' in node)) return ''
  if (unread.has(node.tagName) || attribute(node, 'hidden') !== undefined) return ''
  const inside = node.childNodes.map(wordsIn).join('')
  return inline.has(node.tagName) ? inside : `\n${inside}\n`
}

const inOneLine = (element: Element) =>
  element.childNodes.map(wordsIn).join('').replace(/\s+/g, ' ').trim()

type Control = {
  readonly kind: 'button' | 'link'
  readonly words: string
  readonly name: string | undefined
  readonly value: string | undefined
  readonly element: Element
}

function controlOf(element: Element): readonly Control[] {
  const [name, value] = [attribute(element, 'name'), attribute(element, 'value')]
  const words = attribute(element, 'aria-label') ?? inOneLine(element)
  if (element.tagName === 'a')
    return attribute(element, 'href') === undefined
      ? []
      : [{ kind: 'link', words, name: undefined, value: undefined, element }]
  if (attribute(element, 'disabled') !== undefined) return []
  const type = attribute(element, 'type')?.toLowerCase()
  if (element.tagName === 'button')
    return type === 'reset' ? [] : [{ kind: 'button', words, name, value, element }]
  if (type !== 'submit' && type !== 'image') return []
  return [
    { kind: 'button', words: value ?? attribute(element, 'alt') ?? 'Submit', name, value, element },
  ]
}

type Click = NonNullable<Step['click']>

export const shownClick = (click: Click | undefined) =>
  click === undefined
    ? ''
    : typeof click === 'string'
      ? `"${click}"`
      : `${click.button}${click.value === undefined ? '' : `=${click.value}`}`

/** By the whole text, by name=value, or by a part of the text that no other has. */
function controlsFor(click: Click, controls: readonly Control[]): readonly Control[] {
  if (typeof click !== 'string')
    return controls.filter(
      ({ name, value }) =>
        name === click.button && (click.value === undefined || value === click.value),
    )
  const wanted = click.replace(/\s+/g, ' ').trim().toLowerCase()
  const whole = controls.filter(({ words }) => words.toLowerCase() === wanted)
  if (whole.length > 0) return whole
  const byName = controls.filter(
    ({ name, value }) => name !== undefined && `${name}=${value}` === click,
  )
  if (byName.length > 0) return byName
  const partly = controls.filter(({ words }) => words.toLowerCase().includes(wanted))
  return partly.length === 1 ? partly : []
}

function formOf(element: Element, elements: readonly Element[]): Element | undefined {
  const id = attribute(element, 'form')
  if (id !== undefined)
    return elements.find((one) => one.tagName === 'form' && attribute(one, 'id') === id)
  for (
    let node: Node | null = element;
    node !== null;
    node = 'parentNode' in node ? node.parentNode : null
  )
    if ('tagName' in node && node.tagName === 'form') return node
  return undefined
}

const fieldNames = new Set(['input', 'select', 'textarea'])

function fieldsOf(form: Element, elements: readonly Element[]): readonly Element[] {
  return elements.filter(
    (one) =>
      fieldNames.has(one.tagName) &&
      attribute(one, 'disabled') === undefined &&
      formOf(one, elements) === form,
  )
}

type Fill = NonNullable<Step['fill']>

function hasFields(form: Element, fill: Fill, elements: readonly Element[]): boolean {
  const names = new Set(fieldsOf(form, elements).map((one) => attribute(one, 'name')))
  return Object.keys(fill).every((name) => names.has(name))
}

/** What a browser would send (HTML, form submission algorithm). */
function submission(
  form: Element,
  submitter: Element | undefined,
  fill: Fill,
  elements: readonly Element[],
  base: string,
): Request | { readonly expected: string } {
  const entries: [string, string][] = []
  for (const field of fieldsOf(form, elements)) {
    const name = attribute(field, 'name')
    if (name === undefined || name === '') continue
    const values = valuesOf(field, fill[name])
    if (!Array.isArray(values)) return { expected: `${values} in the field "${name}"` }
    for (const value of values) entries.push([name, value])
  }
  const unticked = Object.entries(fill).find(
    ([name, value]) =>
      isChoice(name, form, elements) &&
      value !== 'false' &&
      !entries.some(([one, other]) => one === name && (value === 'true' || value === other)),
  )
  if (unticked !== undefined)
    return { expected: `the choice "${unticked[1]}" in the field "${unticked[0]}"` }
  const ownName = attribute(submitter, 'name')
  if (ownName) entries.push([ownName, attribute(submitter, 'value') ?? ''])
  const of = (name: string) => attribute(submitter, `form${name}`) ?? attribute(form, name)
  const url = new URL(of('action') || base, base)
  const content = new URLSearchParams(entries)
  if (of('method')?.toLowerCase() !== 'post') {
    url.search = String(content)
    return pageRequest(url.href)
  }
  return new Request(url, {
    method: 'POST',
    headers: { Accept: 'text/html', Origin: new URL(base).origin },
    body: of('enctype')?.toLowerCase() === 'multipart/form-data' ? multipart(entries) : content,
  })
}

const isTick = (field: Element) => /^(checkbox|radio)$/i.test(attribute(field, 'type') ?? '')

function isChoice(name: string, form: Element, elements: readonly Element[]): boolean {
  return fieldsOf(form, elements).some((one) => attribute(one, 'name') === name && isTick(one))
}

/** @returns a text of what is lacking, in place of values. */
function valuesOf(field: Element, filled: string | undefined): readonly string[] | string {
  const value = attribute(field, 'value')
  if (field.tagName === 'textarea')
    return [filled ?? field.childNodes.map((one) => ('value' in one ? one.value : '')).join('')]
  if (field.tagName === 'select') {
    const options = [...elementsIn(field)].filter(({ tagName }) => tagName === 'option')
    const valueOfOption = (option: Element) => attribute(option, 'value') ?? inOneLine(option)
    if (filled !== undefined) {
      const found = options.find(
        (one) => valueOfOption(one) === filled || inOneLine(one) === filled,
      )
      return found === undefined
        ? `the option "${filled}" and not only ${options.map(inOneLine).join(', ')}`
        : [valueOfOption(found)]
    }
    const chosen = options.filter((one) => attribute(one, 'selected') !== undefined)
    const isMultiple = attribute(field, 'multiple') !== undefined
    return (isMultiple || chosen.length > 0 ? chosen : options.slice(0, 1)).map(valueOfOption)
  }
  if (isTick(field)) {
    const own = value ?? 'on'
    const isOn =
      filled === undefined
        ? attribute(field, 'checked') !== undefined
        : filled === own ||
          (filled === 'true' && /^checkbox$/i.test(attribute(field, 'type') ?? ''))
    return isOn ? [own] : []
  }
  if (/^(submit|image|button|reset|file)$/i.test(attribute(field, 'type') ?? '')) return []
  return [filled ?? value ?? '']
}

function multipart(entries: readonly (readonly [string, string])[]): FormData {
  const form = new FormData()
  for (const [name, value] of entries) form.append(name, value)
  return form
}

/** More are not read anyway. */
const mostListed = 12

function offersOf(
  title: string,
  controls: readonly Control[],
  elements: readonly Element[],
  hasScript: boolean,
): string {
  const listed = (what: string, all: readonly string[]) => {
    const more = all.length > mostListed ? ` and ${all.length - mostListed} more` : ''
    return all.length === 0 ? [] : [`${what} ${all.slice(0, mostListed).join(', ')}${more}`]
  }
  const shown = ({ words, name, value }: Control) =>
    `"${words}"${name === undefined ? '' : ` (${name}=${value ?? ''})`}`
  const of = (kind: Control['kind']) => controls.filter((one) => one.kind === kind).map(shown)
  const fields = elements
    .filter(
      (one) =>
        fieldNames.has(one.tagName) &&
        !/^(hidden|submit|image|button)$/i.test(attribute(one, 'type') ?? ''),
    )
    .flatMap((one) => attribute(one, 'name') ?? [])
  const all = [
    ...listed('the buttons', of('button')),
    ...listed('the links', of('link')),
    ...listed('the fields', [...new Set(fields)]),
  ]
  const scripts = hasScript && all.length < 2 ? '; its scripts are not run here' : ''
  return `the page "${title}" with ${all.join('; ') || 'nothing to click'}${scripts}`
}
