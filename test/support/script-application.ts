import { type IssuerProject, push, readCallback, redirectUrl } from '../../src/issuer/client.ts'
import { type Server, serve } from '../../src/serve.ts'
import { card } from './journey.ts'

/** How scripts take the browser to Click to Pay, or what they do wrong. */
export type Manner =
  | 'goes there'
  | 'opens a window'
  | 'goes there later'
  | 'covers its button'
  | { readonly leadsTo: string }
  | 'DECLINED is success'
  | 'says nothing'
  | 'goes on from its callback'
  | 'throws'

export const wayThroughScripts = `steps:
  - fill: { Your name: demo, Secret word: open-sesame }
    click: Log in
  - click: Cards
  - fill: { agreed: "true", kind: Everyday, City: Prague, Send me news: "false" }
    click: Add to Click to Pay
results:
  APPROVED: Added.
  DECLINED: Not added.
failed: We cannot add
`

const words: Readonly<Record<string, string>> = { APPROVED: 'Added.', DECLINED: 'Not added.' }

/** A bank whose pages are made by scripts: nothing works without them. */
export async function startScriptApplication(
  project: IssuerProject,
  manner: Manner = 'goes there',
): Promise<Server> {
  let ownUrl = ''
  const json = (value: object, status = 200) => Response.json(value, { status })

  async function added(): Promise<Response> {
    const answer = await push(project, {
      requestId: 'added-by-script',
      tokenRequestorId: '50123197928',
      accounts: [card()],
      signatureData: { callbackURL: `${ownUrl}/back`, locale: 'en_US' },
    }).catch(() => undefined)
    return answer?.accepted && answer.signature !== undefined
      ? json({ url: redirectUrl(answer, { useCase: 'signature' }) })
      : json({ problem: 'refused' }, 502)
  }

  function result(url: string): Response {
    const status = readCallback(url)[0]?.status ?? ''
    const shown = manner === 'DECLINED is success' && status === 'DECLINED' ? 'APPROVED' : status
    return json({ words: manner === 'says nothing' ? '' : (words[shown] ?? 'We do not know.') })
  }

  const server = await serve(
    {
      fetch: async (request) => {
        const { pathname } = new URL(request.url)
        if (pathname === '/api/log-in') {
          const { word } = (await request.json()) as { readonly word?: string }
          return word === 'open-sesame' ? json({ token: 'opaque-0815' }) : json({}, 403)
        }
        if (pathname === '/api/add')
          return request.headers.get('Authorization') === 'Bearer opaque-0815'
            ? added()
            : json({}, 401)
        if (pathname === '/api/result') return result(request.url)
        if (pathname === '/back' && manner === 'goes on from its callback')
          return new Response(null, {
            status: 303,
            headers: { Location: `/result${new URL(request.url).search}` },
          })
        if (pathname === '/astray' && typeof manner === 'object')
          return Response.redirect(manner.leadsTo, 302)
        return new Response(page(manner), { headers: { 'Content-Type': 'text/html' } })
      },
    },
    { port: 0 },
  )
  ownUrl = server.url
  return server
}

function page(manner: Manner): string {
  return `<!doctype html><title>Script Bank</title>
<link rel="stylesheet" href="https://fonts.example/latin.css">
<style>.hidden { display: none } .cover { position: fixed; inset: 0; background: #fff8 }</style>
<h1>Script Bank</h1>
<p class="hidden">Added. Not added. We cannot add it.</p>
<main id="app"></main>
<script type="module">
const app = document.querySelector('#app')
const call = async (path, body) => {
  const headers = { 'Content-Type': 'application/json', ...(window.token && { Authorization: 'Bearer ' + window.token }) }
  const response = await fetch(path, body && { method: 'POST', headers, body: JSON.stringify(body) })
  return response.json()
}
function showLogIn() {
  app.innerHTML = '<label>Your name <input></label><input placeholder="Secret word" type="password"><div role="button" tabindex="0">Log in</div>'
  const [, word] = app.querySelectorAll('input')
  app.querySelector('[role]').onclick = async () => {
    const { token } = await call('/api/log-in', { word: word.value })
    window.token = token
    setTimeout(token ? showCards : showLogIn, 200)
  }
}
function showCards() {
  app.innerHTML = '<div role="tab" tabindex="0">Cards</div>'
  app.querySelector('[role]').onclick = showForm
}
function showForm() {
  app.innerHTML = '<label>City <select><option>Rome</option><option>Prague</option></select></label><div role="switch" aria-checked="true" tabindex="0">Send me news</div>' +
    '<label><input type="radio" name="kind" value="Gold" checked> Gold</label><label><input type="radio" name="kind" value="Everyday"> Everyday</label>' +
    '<label><input type="checkbox" name="agreed"> I agree</label><button disabled>Add to Click to Pay</button>' +
    ${manner === 'covers its button' ? `'<div class="cover">Cookies?</div>'` : `''`}
  app.querySelector('[role=switch]').onclick = ({ target }) => target.setAttribute('aria-checked', 'false')
  const button = app.querySelector('button')
  app.querySelector('[name=agreed]').onchange = ({ target }) => { button.disabled = !target.checked }
  button.onclick = async () => {
    if (!confirm('Really?')) return
    const isMinded = app.querySelector('select').value === 'Prague' && app.querySelector('[aria-checked=false]')
    if (!isMinded) return
    ${manner === 'throws' ? 'undefined.add()' : ''}
    const { url } = await call('/api/add', { kind: 'Everyday' })
    if (!url) app.innerHTML = '<p>We cannot add it now.'
    else ${
      manner === 'opens a window'
        ? "window.open(url, '_blank')"
        : manner === 'goes there later'
          ? 'setTimeout(() => location.assign(url), 1500)'
          : typeof manner === 'object'
            ? `location.assign('/astray')`
            : 'location.assign(url)'
    }
  }
}
async function showResult() {
  app.innerHTML = '<p>One moment...'
  const { words } = await call('/api/result' + location.search)
  setTimeout(() => { app.innerHTML = '<p>' + words }, 700)
}
if (/^.(back|result)$/.test(location.pathname)) showResult()
else showLogIn()
</script>`
}
