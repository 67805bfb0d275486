import {
  type CallbackResult,
  type IssuerProject,
  push,
  readCallback,
  redirectUrl,
} from '../../src/issuer/client.ts'
import { type Server, serve } from '../../src/serve.ts'
import { card } from './journey.ts'

/** What an application may do wrong. */
export type Mistake =
  | 'DECLINED is success'
  | 'splits at the wrong bracket'
  | 'pushes twice'
  | 'does not wait'
  | 'shows its stack trace'
  | 'has the card in an address'
  | 'forgets extFlow'
  | 'trusts any receipt'
  | 'fails on what it cannot read'
  | 'says nothing of a failed push'
  | 'signs with an unknown key'

/** The way through it. */
export const wayThrough = `start: /start
steps:
  - fill: { username: demo, password: demo }
    click: Log in
  - fill: { card: Everyday, agreed: "true" }
    click: add=yes
results:
  APPROVED: Added.
  REQUIRE_ADDITIONAL_AUTHENTICATION: One more step.
  DECLINED: Not added.
  CANCELLED: You changed your mind.
  ERROR: Something went wrong there.
  DUPLICATE_REQUEST: It was there already.
  AUTHENTICATED: Added, and you are verified.
  DELETED: Removed again.
failed: /^We cannot add/
`

const words: Readonly<Record<string, string>> = {
  APPROVED: 'Added.',
  REQUIRE_ADDITIONAL_AUTHENTICATION: 'One more step.',
  DECLINED: 'Not added.',
  CANCELLED: 'You changed your mind.',
  ERROR: 'Something went wrong there.',
  DUPLICATE_REQUEST: 'It was there already.',
  AUTHENTICATED: 'Added, and you are verified.',
  DELETED: 'Removed again.',
}

/** Longer than any push that is slow, and no longer. */
const patienceMs = 3000

/** A small bank with a log-in, which tries again twice; with a mistake, if it is given one. */
export async function startApplication(project: IssuerProject, mistake?: Mistake): Promise<Server> {
  const pushed = new Set<string>()
  let ownUrl = ''

  async function add(): Promise<Response> {
    const query = mistake === 'has the card in an address' ? '?card=5123456789012346' : ''
    const callbackURL = `${ownUrl}/back${query}`
    const pushOnce = (requestId: string) =>
      push(
        {
          ...project,
          ...(mistake === 'signs with an unknown key' && { consumerKey: 'nobody' }),
          fetch: (request) => fetch(request, { signal: AbortSignal.timeout(patienceMs) }),
        },
        {
          requestId,
          tokenRequestorId: '50123197928',
          accounts: [card()],
          signatureData: { callbackURL, locale: 'en_US' },
        },
      ).catch(() => undefined)
    if (mistake === 'pushes twice') await pushOnce('too-much')
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const answer = await pushOnce(`attempt-${attempt}`)
      const receipts = answer?.accepted
        ? answer.pushAccountReceipts.flatMap((one) => one.pushAccountReceipt ?? [])
        : []
      for (const receipt of receipts) pushed.add(receipt)
      if (answer?.accepted && receipts.length > 0) {
        const url = redirectUrl(
          answer,
          answer.signature === undefined
            ? { useCase: 'receipt', callbackURL, locale: 'en_US' }
            : { useCase: 'signature' },
        )
        return to(mistake === 'forgets extFlow' ? url.replace('&extFlow=true', '') : url)
      }
      if (answer !== undefined && answer.response.status < 408) break
      const isToWait = answer?.response.headers.has('Retry-After') ?? false
      if (isToWait && mistake !== 'does not wait') break
    }
    return page(mistake === 'says nothing of a failed push' ? 'Hello.' : 'We cannot add it now.')
  }

  function resultOf(url: string): CallbackResult | undefined {
    if (mistake !== 'splits at the wrong bracket') return readCallback(url)[0]
    const [, receipt = '', status = ''] =
      /results\[(.*?)\]=([A-Z_]*)/.exec(decodeURIComponent(url).replace('[', '[[')) ?? []
    return { pushAccountReceipt: receipt, status }
  }

  function back(url: string): Response {
    const result = resultOf(url)
    if (result === undefined && mistake === 'fails on what it cannot read') return page('Oh.', 500)
    if (mistake === 'shows its stack trace')
      return page(`${words[result?.status ?? '']}<pre>java.lang.NullPointerException: token
  at com.bank.Result.show(Result.java:17)</pre>`)
    if (result === undefined) return page('We do not know.', 400)
    const { status, pushAccountReceipt } = result
    if (mistake !== 'trusts any receipt' && !pushed.has(pushAccountReceipt))
      return page('We do not know.')
    if (mistake === 'DECLINED is success' && status === 'DECLINED') return page('Added.')
    return page(words[status] ?? 'We do not know.')
  }

  const server = await serve(
    {
      fetch: async (request) => {
        const { pathname } = new URL(request.url)
        const form = new URLSearchParams(request.method === 'POST' ? await request.text() : '')
        const isIn = /session=demo/.test(request.headers.get('Cookie') ?? '')
        if (pathname === '/start') return page(logIn)
        if (pathname === '/log-in' && form.get('username') === form.get('password'))
          return to('/cards', { 'Set-Cookie': 'session=demo; Path=/; HttpOnly' })
        if (!isIn) return to('/start')
        if (pathname === '/cards') return page(cards)
        if (pathname === '/add' && form.get('card') === '7' && form.get('csrf') === 'x&y')
          return form.has('agreed') ? add() : page('Do you agree?')
        return pathname === '/back' ? back(request.url) : page('There is nothing here.', 404)
      },
    },
    { port: 0 },
  )
  ownUrl = server.url
  return server
}

const logIn = `<a href="/help">Log in help</a>
<form method=post action=log-in><label>Name <input name=username></label>
<input type=password name=password><button>Log <b>in</b></button></form>`

const cards = `<form id=cards method="post" action="/add"><input type="hidden" name="csrf" value="x&amp;y">
<select name="card"><option value="3">Gold</option><option value="7">Everyday</option></select>
<input type="checkbox" name="agreed"></form>
<button form="cards" name="add" value="later">Add</button><button form="cards" name="add" value="yes">Add</button>`

function page(text: string, status = 200): Response {
  return new Response(`<!doctype html><title>Small Bank</title><h1>Small Bank</h1><p>${text}`, {
    status,
    headers: { 'Content-Type': 'text/html' },
  })
}

function to(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 303, headers: { ...headers, Location: location } })
}
