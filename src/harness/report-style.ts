/* Phone first, one column. */

export const reportStyleSheet = `:root { color-scheme: light; --ink: #1d2433; --soft: #586074; --line: #dde1ea; --good: #176b45; --bad: #b3261e; --badly: #fdecea; --paper: #fff; --brand: #2b4a8b; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1rem 4rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f6f7fa; overflow-wrap: anywhere; }
h1 { margin: .5rem 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 .75rem; font-size: 1.25rem; }
h3 { margin: .75rem 0 .25rem; font-size: .875rem; color: var(--soft); }
header p, small, .time, .ending { color: var(--soft); }
header p { font-size: .875rem; }
small { font-size: .875rem; font-weight: 400; }
a { color: var(--brand); }
:is(a, summary):focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
code, pre { font: .8125rem/1.5 ui-monospace, monospace; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.bar { display: flex; height: .625rem; gap: 2px; border-radius: .3rem; overflow: hidden; }
.bar i { background: var(--good); }
.bar s { background: var(--soft); }
.bar b { background: var(--bad); }

.overview { margin: 0 0 1rem; padding: 0; list-style: none; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
.overview li { padding: .625rem 1rem; border-top: 1px solid var(--line); }
.overview li:first-child { border-top: 0; }
.overview a { font-weight: 600; }
.overview span { display: block; }
.where { color: var(--bad); font-size: .875rem; font-weight: 600; }

.notes { margin: 0; padding: .75rem 1rem .75rem 2rem; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
.story { margin: .375rem 0; background: var(--paper); border: 1px solid var(--line); border-left: .3rem solid var(--good); border-radius: .5rem; }
.story.bad { border-left-color: var(--bad); }
.story.neither { border-left-color: var(--soft); }
article.story { padding: .25rem 1rem 1rem; }
.excerpt { overflow-x: auto; white-space: pre; }
summary { min-height: 2.75rem; padding: .625rem 1rem; cursor: pointer; border-radius: .5rem; }
.verdict { color: var(--good); font-weight: 700; }
.bad > summary .verdict { color: var(--bad); }
.neither > summary .verdict { color: var(--soft); }
.ending, .time { font-size: .875rem; }
.time { white-space: nowrap; }
.inside { padding: 0 1rem 1rem; }
.inside > p { margin-top: 0; }

.failure { margin: 0 0 .75rem; padding: .75rem 1rem; background: var(--badly); border-radius: .5rem; }
.failure dt { font-weight: 700; color: var(--bad); }
.failure dd { display: grid; grid-template-columns: 5.5rem 1fr; margin: 0; }
.failure dd span { color: var(--soft); }

.diagram { display: block; margin: .5rem 0 1rem; font: 11px/1 system-ui, sans-serif; }
.diagram text { fill: var(--ink); stroke: #fff; stroke-width: 4px; paint-order: stroke; }
.diagram .party { font-weight: 700; text-anchor: middle; }
.diagram .said { text-anchor: middle; transform-box: view-box; }
.diagram .life { stroke: #c3c9d6; }
.diagram .asks, .diagram .answers { stroke: var(--brand); stroke-width: 1.5; }
.diagram .answers { stroke: var(--soft); stroke-dasharray: 4 3; }
.diagram :is(.failed, .lost), .diagram .wrong .asks, .diagram .wrong .answers { stroke: var(--bad); }
.diagram .wrong :is(.asks, .answers) { stroke-width: 2.5; }
.diagram .wrong .said { font-weight: 700; }
.cross { stroke: var(--bad); stroke-width: 2; fill: none; }
.head { fill: var(--brand); stroke: none; }
.head.answers { fill: var(--soft); }
.head.wrong { fill: var(--bad); }
.diagram .row { fill: transparent; }
.diagram a:is(:hover, :focus) .row { fill: #e9eef9; }
.diagram a:is(:hover, :focus) text { stroke: #e9eef9; }
.diagram a.wrong .row { fill: var(--badly); }
.diagram a.wrong text { stroke: var(--badly); }
.diagram .mark { fill: var(--bad); font-weight: 700; }

.exchanges { margin: 0; padding: 0 0 0 1.75rem; border-top: 1px solid var(--line); }
.exchanges li { border-bottom: 1px solid var(--line); }
.exchanges li::marker { color: var(--soft); font-size: .875rem; }
.exchanges summary { padding: .625rem .25rem; }
.exchanges small { display: block; }
.exchanges li.wrong summary { color: var(--bad); }
.exchange { padding: 0 .25rem .75rem; }
.exchange p { margin: 0 0 .25rem; }
.exchange:target { scroll-margin-top: 4rem; outline: 2px solid var(--brand); outline-offset: 4px; border-radius: .25rem; }
pre { margin: 0; padding: .75rem; white-space: pre-wrap; background: #f6f7fa; border-radius: .375rem; }

/* Lanes are narrower than what is said there: it begins at the left edge, each in a line of its own. */
@media (max-width: 48rem) {
  .diagram .said { text-anchor: start; transform: translateX(calc(1% - var(--x))); }
}
@media (min-width: 48rem) {
  body { padding: 1.5rem 2rem 4rem; }
  .overview li { display: grid; grid-template-columns: 15rem 12rem 1fr; gap: 1rem; }
  .story > summary { display: grid; grid-template-columns: 1rem 18rem 1fr max-content; gap: .75rem; }
  .diagram { font-size: 12px; }
  .exchanges small { display: inline; margin-left: .5rem; }
  .story > summary { list-style: none; }
}
@media print { .story:not([open]) { break-inside: avoid; } }
`
