/** Of all pages: phone first, calm, and readable in both directions. */
export const styleSheet = `:root { color-scheme: light; --ink: #1d2733; --soft: #566373; --line: #d5dce4; --go: #14603f; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: #f3f5f7; overflow-wrap: anywhere; }
aside { padding: .5rem 1rem; font-size: .875rem; text-align: center; background: #fff3cd; color: #4d3b00; }
main { max-width: 26rem; margin: 2rem auto; padding: 1.5rem; background: #fff; border: 1px solid var(--line); border-radius: 1rem; }
aside b { display: inline-block; max-width: 100%; }
.host { margin: 0 0 .75rem; padding-bottom: .75rem; font-weight: 600; color: var(--soft); border-bottom: 1px solid var(--line); }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
form { display: grid; gap: .25rem; }
button, .back { display: grid; place-items: center; width: 100%; min-height: 3rem; margin-top: .75rem; padding: .5rem 1rem; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; color: var(--ink); background: #fff; border: 1px solid var(--soft); border-radius: .5rem; cursor: pointer; }
main form > button:first-of-type:not(.quiet), .back { color: #fff; background: var(--go); border-color: var(--go); }
:is(button, select, input, summary, .back):focus-visible { outline: 3px solid #1a73e8; outline-offset: 2px; }
form.ending, form.ending label { display: flex; flex-wrap: wrap; gap: .5rem; justify-content: center; align-items: center; margin: .25rem 0 0; }
form.ending button { width: auto; min-height: 2rem; margin: 0; padding: 0 .75rem; }
form.ending select { max-width: 12rem; min-height: 2rem; font: inherit; }
label { margin-top: .5rem; font-weight: 600; }
label.check { display: flex; gap: .5rem; align-items: baseline; font-weight: 400; }
main select { background: #fff; }
main select, input:not([type=checkbox], [type=radio]) { width: 100%; min-height: 2.75rem; padding: .25rem .75rem; font: inherit; border: 1px solid var(--soft); border-radius: .5rem; }
input[aria-invalid=true]:not([type=checkbox]) { border-color: #b3261e; }
.error { margin: 0; color: #b3261e; }
fieldset { margin: 0; padding: 0; border: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
details { margin-top: .5rem; font-size: .875rem; color: var(--soft); }
summary { padding: .25rem 0; cursor: pointer; }
details p { margin: .25rem 0; }
.busy::before { content: ""; display: block; width: 2rem; height: 2rem; margin-bottom: 1rem; border: 4px solid var(--line); border-top-color: var(--go); border-radius: 50%; animation: turn 1s linear infinite; }
@keyframes turn { to { rotate: 1turn; } }
@media (prefers-reduced-motion) { .busy::before { animation: none; } }
figure.card { margin: 0 0 1rem; }
figure.card svg { display: block; width: 12rem; max-width: 100%; }
figcaption { font-size: .875rem; color: var(--soft); }
@media (max-width: 30rem) { body { background: #fff; } main { margin: 0; border: 0; border-radius: 0; } }
`
