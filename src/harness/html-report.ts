import { html, raw } from 'hono/html'
import { version } from '../version.ts'
import { conformanceVerdict, lessonLines } from './conformance.ts'
import { type Failure, inOneLine } from './expectations.ts'
import { type Explained, sentence } from './explained.ts'
import type { Played, PlayReport } from './play.ts'
import { reportStyleSheet } from './report-style.ts'
import { arrowHeads, partyName, sequenceDiagram } from './sequence-diagram.ts'

type Page = ReturnType<typeof html>

/** A page of its own that needs nothing else, no script either: what failed and where, first. */
export function htmlReport(report: PlayReport): string {
  const { scenarios, seed, startedAt, seconds, isConformance } = report
  const failed = scenarios.filter(({ passed }) => !passed)
  const good = scenarios.filter(({ passed }) => passed)
  const verdict = isConformance
    ? conformanceVerdict(report)
    : `${good.length} of ${scenarios.length} as expected`
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${verdict} - mdes-simulator</title>
<style>${raw(reportStyleSheet)}</style>
</head>
<body>
${arrowHeads}
<header>
<h1>${verdict}</h1>
<div class="bar" aria-hidden="true"><i style="flex-grow:${good.length}"></i><b style="flex-grow:${failed.length}"></b></div>
<p>Played ${startedAt.slice(0, 16).replace('T', ' ')} UTC in ${seconds.toFixed(1)} s, ${seed === undefined ? 'against an application' : html`seed <code>${seed}</code>`}, by mdes-simulator ${version}. Simulated, not Mastercard; card numbers, codes and signatures are masked.</p>
</header>
<main>
${failed.length === 0 ? '' : section('Not as expected', failed, html`${overview(failed)}`)}
${good.length === 0 ? '' : section('As expected', good, '')}
</main>
</body>
</html>
`)
}

function section(title: string, scenarios: readonly Played[], before: Page | string): Page {
  return html`<section>
<h2>${title} <small>${scenarios.length}</small></h2>
${before}
${scenarios.map(story)}
</section>`
}

/** What failed, and where in the journey. */
function overview(failed: readonly Played[]): Page {
  return html`<ul class="overview">
${failed.map(({ name, failures: [first, ...more], exchanges }) => {
  const where = first?.exchange === undefined ? undefined : exchanges[first.exchange]
  return html`<li><a href="#${name}">${name}</a>
${where === undefined ? '' : html`<span class="where">${partyName(where.from)} → ${partyName(where.to)}</span>`}
<span>${first === undefined ? '' : inOneLine(first)}${more.length === 0 ? '' : `, and ${more.length} more`}</span></li>
`
})}</ul>`
}

function story({ name, description, passed, ending, failures, exchanges, ...one }: Played): Page {
  const { seconds, conformance } = one
  // No scenario has an underscore in its name.
  const idOf = (position: number) => `${name}_${position + 1}`
  const wrong = new Set(failures.flatMap(({ exchange }) => exchange ?? []))
  return html`<details class="story ${passed ? 'good' : 'bad'}"${passed ? '' : html` open`}>
<summary><span class="verdict">${passed ? '✓' : '✗'}<span class="unseen">${passed ? 'as expected' : 'not as expected'}:</span></span> <b>${name}</b> <span class="ending">${ending}</span> <span class="time">${seconds.toFixed(1)} s</span></summary>
<div id="${name}" class="inside">
<p>${description}</p>
${
  conformance === undefined
    ? ''
    : lessonLines(conformance).map(
        (line) => html`<p>${line}</p>
`,
      )
}${failures.map(failureBox)}
${exchanges.length === 0 ? '' : sequenceDiagram(`Sequence diagram of ${name}`, exchanges, idOf, wrong)}
<ol class="exchanges">
${exchanges.map((exchange, position) => exchangeDetails(exchange, idOf(position), wrong.has(position)))}</ol>
</div>
</details>
`
}

function failureBox({ what, expected, came, cause }: Failure): Page {
  return html`<dl class="failure">
<dt>${what}</dt>
<dd><span>expected</span> <code>${expected}</code></dd>
<dd><span>came</span> <code>${came}</code></dd>
${cause === undefined ? '' : html`<dd class="cause"><span>because</span> ${cause}</dd>`}
</dl>
`
}

function exchangeDetails(
  { from, to, asks, answers, request, response, lost, summary, ...told }: Explained,
  id: string,
  isWrong: boolean,
): Page {
  const { faults, asides, remarks, ms } = told
  return html`<li${isWrong ? html` class="wrong"` : ''}><details${isWrong ? html` open` : ''}>
<summary><b>${asks}</b>${answers === undefined ? '' : html` → ${answers}`} <small>${partyName(from)} → ${partyName(to)}${ms > 0 ? `, ${ms} ms` : ''}${isWrong ? ', here it went wrong' : ''}</small></summary>
<div id="${id}" class="exchange">
${[summary && sentence(summary), ...faults, ...asides, ...remarks].map((line) => line && html`<p>${line}</p>\n`)}
${message('Request', request)}
${response === undefined ? (lost === undefined ? '' : message('Answer', `Lost: ${lost}`)) : message('Answer', response)}
</div>
</details></li>
`
}

function message(title: string, text: string): Page {
  return html`<h3>${title}</h3>
<pre>${text}</pre>
`
}
