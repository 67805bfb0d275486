import { withoutSecrets } from '../message-masking.ts'
import { withoutValues } from './environment-values.ts'
import { maskedAnswer, maskedRequest, titleOf } from './masked-message.ts'

/** Who takes part in a journey, as in its diagram. */
export type Party = 'issuer' | 'token-connect' | 'browser' | 'click-to-pay' | 'callback'

/** One exchange of a journey, as it may be shown: masked, and the same in each run but for the time it took. */
export type Exchange = {
  readonly from: Party
  readonly to: Party
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** In few words, such as `POST pushMultipleAccounts`. */
  readonly asks: string
  /** The whole HTTP message. */
  readonly request: string
  /** In few words, such as `200, 1 receipt`. Absent where nothing is answered. */
  readonly answers?: string
  readonly response?: string
  /** HTTP status, though the rest was lost. */
  readonly status?: number
  /** What the connection died of, such as `ECONNRESET`. */
  readonly lost?: string
  /** What one should know of it. */
  readonly remarks: readonly string[]
  readonly ms: number
}

/** The exchanges of one journey, in the order in which they began. */
export type Course = {
  readonly exchanges: readonly Exchange[]
  /**
   * Calls, and takes note. Redirects are not followed.
   *
   * @param patienceMs milliseconds until it is given up.
   * @throws the network's error.
   */
  call(from: Party, to: Party, request: Request, patienceMs: number): Promise<Response>
  /** Takes note of a request that somebody else makes. */
  begin(from: Party, to: Party, sent: Sent): Begun
  /** Takes note of what happens without a call from here. */
  note(
    event: {
      readonly from: Party
      readonly to: Party
      readonly asks: string
      readonly request: string
    } & Partial<Pick<Exchange, 'method' | 'path' | 'status' | 'answers' | 'response' | 'lost'>>,
  ): void
  /** Of the last exchange. */
  remark(text: string): void
  /** Of what others say: the same in each run, and without anything that must not be shown. */
  masked(text: string): string
  /** Gives an origin, such as `http://localhost:6337`, a name that is the same in each run. */
  name(origin: string, name: string): void
}

/** A request, as far as it is shown. */
export type Sent = {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

/** An exchange that waits for its answer. */
export type Begun = {
  /** Among the exchanges. */
  readonly position: number
  answered(answer: { readonly status: number; readonly headers: Headers }, body: string): void
  /** @param why in one word, such as `ECONNRESET`. @param status if that much came. */
  lost(why: string, status?: number): void
}

/**
 * @param ended aborts what is under way.
 * @param secrets texts that are cut out wherever they stand.
 */
export function newCourse(ended?: AbortSignal, secrets: readonly string[] = []): Course {
  const withoutEnvironment = withoutValues(secrets)
  const exchanges: Exchange[] = []
  const names: { readonly mutable: RegExp; readonly stable: string }[] = []

  function masked(text: string): string {
    const named = names.reduce(
      (all, { mutable, stable }) => all.replace(mutable, stable),
      withoutEnvironment(text),
    )
    return withoutSecrets(
      // A kid tells when its key was made.
      named.replace(/\d{14}(?=-MDES-token-connect)/g, '(time)'),
    )
  }

  function last(change: (exchange: Exchange) => Exchange): void {
    const exchange = exchanges.pop()
    if (exchange !== undefined) exchanges.push(change(exchange))
  }

  function begin(from: Party, to: Party, sent: Sent): Begun {
    const began = performance.now()
    const { method, url, headers, body } = sent
    const known = {
      from,
      to,
      method,
      path: masked(new URL(url).pathname),
      asks: masked(askedInShort(to, sent)),
      request: masked(maskedRequest(`${method} ${url}`, headers, typedInto(to, headers, body))),
      remarks: [],
    }
    const position = exchanges.push({ ...known, ms: 0 }) - 1
    const end = (how: Partial<Exchange>) => {
      const { remarks } = exchanges[position] ?? known
      exchanges[position] = {
        ...known,
        remarks,
        ...how,
        ms: Math.round(performance.now() - began),
      }
    }
    return {
      position,
      answered: (answer, text) =>
        end({
          status: answer.status,
          answers: masked(answeredInShort(to, answer, text)),
          response: masked(maskedAnswer(`HTTP ${answer.status}`, answer.headers, text)),
        }),
      lost: (why, status) =>
        end({ ...(status !== undefined && { status }), lost: why, answers: why }),
    }
  }

  return {
    exchanges,
    masked,
    name(origin, name) {
      for (const [mutable, stable] of [
        [origin, name],
        [new URL(origin).host, new URL(name).host],
      ] as const)
        for (const written of [String, encodeURIComponent])
          names.push({ mutable: standingAlone(written(mutable)), stable: written(stable) })
    },
    begin,
    async call(from, to, request, patienceMs) {
      const { method, url, headers } = request
      const begun = begin(from, to, { method, url, headers, body: await request.clone().text() })
      let response: Response | undefined
      // Not `AbortSignal.any` of a `timeout`: Node 20 may collect that one, and it then never fires.
      const giveUp = new AbortController()
      const isOver = () => giveUp.abort(ended?.reason)
      ended?.addEventListener('abort', isOver, { once: true })
      const patience = setTimeout(
        () => giveUp.abort(new DOMException('no answer came', 'TimeoutError')),
        patienceMs,
      )
      try {
        response = await fetch(request, { redirect: 'manual', signal: giveUp.signal })
        const text = await response.text()
        begun.answered(response, text)
        return new Response(text === '' ? null : text, {
          status: response.status,
          headers: response.headers,
        })
      } catch (error) {
        begun.lost(whyLost(error), response?.status)
        throw error
      } finally {
        clearTimeout(patience)
        ended?.removeEventListener('abort', isOver)
      }
    },
    note: ({ request, response, ...event }) =>
      void exchanges.push({
        ...noCall,
        ...event,
        request: masked(request),
        ...(response !== undefined && { response: masked(response) }),
      }),
    remark: (text) =>
      last((exchange) => ({ ...exchange, remarks: [...exchange.remarks, masked(text)] })),
  }
}

/** Of a form at the bank only the names of its fields are known not to be a cardholder's; of any other content, nothing. */
function typedInto(to: Party, headers: Headers, body: string): string {
  const isForm = headers.get('Content-Type')?.startsWith('application/x-www-form-urlencoded')
  return to === 'token-connect' || isForm || body === '' ? body : '(cut)'
}

/** Not the beginning of a longer port number. */
function standingAlone(text: string): RegExp {
  return new RegExp(`${text.replace(/[.*+?^$()[\]{}|\\]/g, '\\$&')}(?!\\d)`, 'g')
}

const noCall = { method: '', path: '', remarks: [], ms: 0 } as const

/** What a connection died of, in one word: `ECONNRESET`, `TimeoutError`. */
export function whyLost(error: unknown): string {
  const { message, name, cause } = error as Error & { readonly cause?: { readonly code?: string } }
  return cause?.code ?? (name === 'TimeoutError' ? name : message)
}

function askedInShort(to: Party, { method, url, body }: Sent): string {
  const { pathname, searchParams } = new URL(url)
  const decision = new URLSearchParams(body).get('decision')
  return [
    method,
    to === 'token-connect' ? pathname.split('/').at(-1) : pathname,
    ...(decision === null ? [] : [decision]),
    ...(searchParams.has('visit') ? ['(goes on)'] : []),
  ].join(' ')
}

function answeredInShort(
  to: Party,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
): string {
  const location = headers.get('Location')
  const words =
    to === 'token-connect'
      ? saidOf(text)
      : location === null
        ? titleOf(text)
        : to !== 'click-to-pay'
          ? `to ${location.split('?')[0]}`
          : location.startsWith('/')
            ? 'goes on'
            : 'back to the bank'
  return [String(status), ...(words === undefined ? [] : [words])].join(', ')
}

/** Of an answer of Token Connect. */
function saidOf(text: string): string {
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)
  const receipts = all(/"pushAccountReceipt":"([^"]*)"/g).length
  const named = all(/"consumerFacingEntityName":"([^"]*)"/g)
  const said = [
    ...(receipts === 0 ? [] : [`${receipts} ${receipts === 1 ? 'receipt' : 'receipts'}`]),
    ...all(/"reasonCode":"(\w*)"/gi),
    ...named,
  ]
  return said.length > 0 ? said.join(', ') : isJson(text) ? 'nobody' : 'unreadable'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
