import { html, raw } from 'hono/html'
import { formatProblem, type Problem } from '../problem.ts'
import { version } from '../version.ts'
import { lessonLines } from './conformance.ts'
import { type Failure, inOneLine } from './expectations.ts'
import { type Explained, sentence } from './explained.ts'
import type { BrokenFile, Played, PlayReport } from './play.ts'
import { reportStyleSheet } from './report-style.ts'
import { arrowHeads, partyName, sequenceDiagram } from './sequence-diagram.ts'
import { isMerelyPlayed, notesIn, nothingExpected, someOf, verdictOf } from './verdict.ts'

type Page = ReturnType<typeof html>

/** A page of its own that needs nothing else, no script either: what failed and where, first. */
export function htmlReport(report: PlayReport): string {
  const { scenarios, seed, startedAt, seconds, broken = [] } = report
  const failed = scenarios.filter(({ passed }) => !passed)
  const merelyPlayed = scenarios.filter(isMerelyPlayed)
  const good = scenarios.filter((one) => one.passed && !isMerelyPlayed(one))
  const verdict = verdictOf(report)
  const notes = notesIn(report)
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
<div class="bar" aria-hidden="true"><i style="flex-grow:${good.length}"></i><s style="flex-grow:${merelyPlayed.length}"></s><b style="flex-grow:${failed.length + broken.length}"></b></div>
<p>Played ${startedAt.slice(0, 16).replace('T', ' ')} UTC in ${seconds.toFixed(1)} s, ${seed === undefined ? 'against an application' : html`seed <code>${seed}</code>`}, by mdes-simulator ${version}. Simulated, not Mastercard; card numbers, codes and signatures are masked.</p>
</header>
<main>
${broken.length === 0 ? '' : brokenFiles(broken)}
${failed.length === 0 ? '' : section('Not as expected', failed, html`${overview(failed)}`)}
${notes.size === 0 ? '' : noted(notes)}
${good.length === 0 ? '' : section('As expected', good, '')}
${merelyPlayed.length === 0 ? '' : section('Played, nothing expected', merelyPlayed, '')}
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

/** What was not even played, with its places in the files. */
function brokenFiles(broken: readonly BrokenFile[]): Page {
  return html`<section>
<h2>Broken, and not played <small>${broken.length}</small></h2>
${broken.map(
  ({ file, problems }) => html`<article class="story bad">
<h3>${file}</h3>
${problems.map(problemLines)}</article>
`,
)}</section>`
}

/** In a browser an excerpt must not be wrapped, or what is underlined is not what is meant. */
function problemLines(problem: Problem): Page {
  const [first = '', ...excerpt] = formatProblem(problem).split('\n')
  return html`<p>${first}</p>
${excerpt.length === 0 ? '' : html`<pre class="excerpt" tabindex="0">${excerpt.join('\n')}</pre>\n`}`
}

function noted(notes: ReturnType<typeof notesIn>): Page {
  return html`<section>
<h2>Nothing failed for it, and it should be looked at <small>${notes.size}</small></h2>
<ul class="notes">
${[...notes].map(
  ([note, names]) => html`<li>${note} <small>${someOf(names)}</small></li>
`,
)}</ul>
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

function story(played: Played): Page {
  const { name, description, passed, ending, failures, exchanges, seconds, conformance } = played
  const [verdict, mark] = isMerelyPlayed(played)
    ? [nothingExpected, '–']
    : passed
      ? ['as expected', '✓']
      : ['not as expected', '✗']
  // No scenario has an underscore in its name.
  const idOf = (position: number) => `${name}_${position + 1}`
  const wrong = new Set(failures.flatMap(({ exchange }) => exchange ?? []))
  return html`<details class="story ${isMerelyPlayed(played) ? 'neither' : passed ? 'good' : 'bad'}"${passed ? '' : html` open`}>
<summary><span class="verdict">${mark}<span class="unseen">${verdict}:</span></span> <b>${name}</b> <span class="ending">${ending}</span> <span class="time">${seconds.toFixed(1)}\u{a0}s</span></summary>
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
${
  exchanges.length === 0
    ? ''
    : html`<ol class="exchanges">
${exchanges.map((exchange, position) => exchangeDetails(exchange, idOf(position), wrong.has(position)))}</ol>
`
}</div>
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
<summary><b>${asks}</b>${answers === undefined ? '' : html` → ${lost === undefined ? '' : 'lost: '}${answers}`} <small>${partyName(from)} → ${partyName(to)}${ms > 0 ? `, ${ms}\u{a0}ms` : ''}${isWrong ? ', here it went wrong' : ''}</small></summary>
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
