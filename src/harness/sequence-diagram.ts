import { html } from 'hono/html'
import type { Exchange, Party } from './exchange.ts'

type Drawing = ReturnType<typeof html>

/** From left to right. */
const lanes: readonly (readonly [party: Party, ...name: readonly string[]])[] = [
  ['issuer', 'Issuer', 'backend'],
  ['token-connect', 'Token', 'Connect'],
  ['browser', 'Browser'],
  ['click-to-pay', 'Click', 'to Pay'],
  ['callback', 'Callback'],
]

/** How a party is called in a sentence. */
export function partyName(party: Party): string {
  const [, ...name] = lanes.find(([one]) => one === party) ?? []
  return name.join(' ')
}

/** Per cent of the width, so that letters keep their size on a phone. */
const laneOf = (party: Party) => 10 + 19.5 * lanes.findIndex(([one]) => one === party)

const headHeight = 40
const arrowHeight = 26
const gap = 8

const heightOf = ({ answers }: Exchange) => (answers === undefined ? 1 : 2) * arrowHeight + gap

/**
 * @param idOf of what an arrow leads to, by the position of its exchange.
 * @param wrong positions of the exchanges that are to be marked.
 */
export function sequenceDiagram(
  title: string,
  exchanges: readonly Exchange[],
  idOf: (position: number) => string,
  wrong: ReadonlySet<number>,
): Drawing {
  let bottom = headHeight
  const rows = exchanges.map((exchange, position) => {
    const top = bottom
    bottom += heightOf(exchange)
    return row(exchange, top, idOf(position), position, wrong.has(position))
  })
  return html`<svg class="diagram" width="100%" height="${bottom + gap}" role="group" aria-label="${title}">
${lanes.map(([party, ...name]) => lane(party, name, bottom))}
${rows}
</svg>`
}

/** Once in a page: how the arrows of all its diagrams end. */
export const arrowHeads: Drawing = html`<svg width="0" height="0" aria-hidden="true" class="unseen"><defs>${[
  'asks',
  'answers',
  'wrong',
].map(
  (kind) =>
    html`<marker id="head-${kind}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path class="head ${kind}" d="M0 0 8 4 0 8z"/></marker>`,
)}<marker id="head-lost" viewBox="-5 -5 10 10" markerWidth="12" markerHeight="12" markerUnits="userSpaceOnUse"><path class="cross" d="M-4-4 4 4M-4 4 4-4"/></marker></defs></svg>`

function lane(party: Party, name: readonly string[], bottom: number): Drawing {
  const x = `${laneOf(party)}%`
  return html`<line class="life" x1="${x}" y1="${headHeight - 6}" x2="${x}" y2="${bottom}"/>
<text class="party" x="${x}" y="${name.length === 1 ? 20 : 12}">${name.map((word, line) => html`<tspan x="${x}" dy="${line * 14}">${word}</tspan>`)}</text>
`
}

/** Refused, or lost; whether that was expected is for the scenario to say. */
const hasFailed = ({ status = 0, lost }: Exchange) => status >= 400 || lost !== undefined

function row(
  exchange: Exchange,
  top: number,
  id: string,
  position: number,
  isWrong: boolean,
): Drawing {
  const { from, to, asks, answers, lost } = exchange
  const spoken = `${position + 1}: ${partyName(from)} to ${partyName(to)}, ${asks}${answers === undefined ? '' : `, ${lost === undefined ? '' : 'lost: '}${answers}`}${isWrong ? '; here it went wrong' : ''}`
  const height = answers === undefined ? arrowHeight : 2 * arrowHeight
  const back =
    lost !== undefined ? 'answers lost' : hasFailed(exchange) ? 'answers failed' : 'answers'
  // Not by colour alone: a mark before what came, and a cross where a lost answer ends.
  const came = `${hasFailed(exchange) ? '✗ ' : ''}${lost === undefined ? '' : 'lost: '}${answers}`
  return html`<a href="#${id}" aria-label="${spoken}"${isWrong ? html` class="wrong"` : ''}>
<rect class="row" x="0" y="${top}" width="100%" height="${height + gap / 2}" rx="6"/>
${arrow(laneOf(from), laneOf(to), top, asks, 'asks', isWrong)}
${answers === undefined ? '' : arrow(laneOf(to), laneOf(from), top + arrowHeight, came, back, isWrong)}
${isWrong ? html`<text class="mark" x="99%" y="${top + 15}" text-anchor="end">✗ here</text>` : ''}
</a>
`
}

function arrow(
  from: number,
  to: number,
  top: number,
  label: string,
  kind: string,
  isWrong: boolean,
): Drawing {
  const middle = (from + to) / 2
  const isLost = kind.endsWith('lost')
  const end = isLost ? middle : to
  const head = isLost ? 'lost' : isWrong || kind.endsWith('failed') ? 'wrong' : kind
  return html`<text class="said" style="--x:${middle}%" x="${middle}%" y="${top + 15}">${shortened(label)}</text>
<line class="${kind}" x1="${from}%" y1="${top + 22}" x2="${end}%" y2="${top + 22}" marker-end="url(#head-${head})"/>`
}

const longestLabel = 46

function shortened(label: string): string {
  return label.length <= longestLabel ? label : `${label.slice(0, longestLabel - 1)}…`
}
