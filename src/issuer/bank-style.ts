/* Phone first, no script, one column that a desktop only makes wider. */

export const bankStyleSheet = `:root { color-scheme: light; --ink: #1b2440; --soft: #545d78; --line: #d8dcea; --brand: #2b3f8c; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f4f5fa; overflow-wrap: break-word; }
body > header { padding: .75rem 1.25rem; color: #fff; background: var(--brand); }
body > header a { color: inherit; font-weight: 700; text-decoration: none; }
body > header small { margin-left: .5rem; color: #dfe4f7; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
h2 { font-size: 1.125rem; line-height: 1.25; margin: 2rem 0 .25rem; }
p { margin: 0 0 .75rem; }
small, .soft, dt, legend { color: var(--soft); }
form + form { margin-top: 2rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.plastic { padding: 1.25rem; border-radius: 1rem; color: #fff; background: linear-gradient(135deg, #2b3f8c, #1b2658); }
.plastic p { margin: 0; }
.plastic .digits { margin-top: 2.5rem; letter-spacing: .08em; font-variant-numeric: tabular-nums; }
.everyday { display: grid; gap: .75rem; margin-bottom: 1rem; }

button, .button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; font-weight: 600;
  text-decoration: none; color: #fff; background: var(--brand); border: 1px solid var(--brand); border-radius: .5rem; cursor: pointer; }
button.quiet, .button.quiet { color: var(--brand); background: var(--paper); }
button img { padding: 1px; border-radius: .4rem; background: #fff; }
:is(button, a, input, select, summary):focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
body > header a:focus-visible { outline-color: #fff; }

details { background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; margin: .75rem 0; }
summary { min-height: 2.75rem; padding: .6rem 1rem; font-weight: 600; cursor: pointer; border-radius: .75rem; }
details > :not(summary) { margin-left: 1rem; margin-right: 1rem; }
details details { margin-top: 0; margin-bottom: 0; border-width: 1px 0 0; border-radius: 0; }
details details > :not(summary) { margin-left: 0; margin-right: 0; }
details details > summary { padding-left: 0; padding-right: 0; }
fieldset { border: 0; padding: 0; margin-top: 0; margin-bottom: .75rem; }
legend, .field > span { display: block; padding: 0; font-size: .875rem; color: var(--soft); }
label { display: flex; gap: .75rem; padding: .375rem 0; }
label small { display: block; }
label.field { display: block; margin-bottom: .75rem; padding: 0; }
input { flex: none; width: 1rem; height: 1rem; margin: .25rem 0; }
select { width: 100%; min-height: 2.75rem; padding: .5rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .5rem; }

.cards { list-style: none; margin-top: 0; margin-bottom: .5rem; padding: 0; }
.cards li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: .25rem 1rem; padding: .75rem 0; border-top: 1px solid var(--line); }
.cards b, .cards small { display: block; }
.cards p { grid-column: 1 / -1; margin: 0; }

section { padding: 1rem; background: var(--paper); border: 1px solid var(--line); border-left: .375rem solid var(--soft); border-radius: .75rem; margin-bottom: .75rem; }
section h2 { margin: 0 0 .5rem; }
section > :last-child { margin-bottom: 0; }
section.good { border-left-color: #14603f; }
section.open { border-left-color: #8a5a00; }
section:is(.bad, .odd) { border-left-color: #b3261e; }
.remarks { padding: .5rem .75rem; background: #fff3cd; color: #4d3b00; border-radius: .5rem; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .25rem 1rem; margin: 0 0 .75rem; }
dd { margin: 0; overflow-wrap: anywhere; }
code, pre { overflow-wrap: anywhere; font: .875rem/1.5 ui-monospace, monospace; }
pre { margin-top: .25rem; margin-bottom: .75rem; padding: .75rem; white-space: pre-wrap; background: #f4f5fa; border-radius: .5rem; }
pre + details { border: 0; }
pre + details > summary { font-weight: 400; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } pre { padding: .5rem; font-size: .75rem; } dd { margin-bottom: .5rem; } .everyday button, .actions > * { width: 100%; } }
@media (min-width: 48rem) { .cards button { grid-area: 1 / 2 / 3; } .cards p { grid-column: 1; } .everyday { grid-template-columns: 20rem 1fr; align-items: center; } main.wide { max-width: 64rem; } }
`
