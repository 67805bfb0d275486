/*
 * Callback endpoints as banks write them, right and wrong. Nothing here is of the project's own reading side.
 */

export type Endpoint = {
  /** Before the cardholder goes: what was pushed, and which journey the callbackURL says it belongs to. */
  remember(pushed: { readonly receipts: readonly string[]; readonly journey: string | null }): void
  /** @returns the status of its answer. */
  visit(url: string): number
  /** By receipt, what it took note of. */
  readonly noted: ReadonlyMap<string, string>
}

type Reading = {
  readonly results: readonly { receipt?: string; status?: string; token?: string }[]
  readonly journey?: string | null
}

/** Whether a token's reference must come with it. */
const known = new Map([
  ['APPROVED', true],
  ['REQUIRE_ADDITIONAL_AUTHENTICATION', true],
  ['DECLINED', false],
  ['CANCELLED', false],
  ['ERROR', false],
  ['DUPLICATE_REQUEST', false],
  ['AUTHENTICATED', true],
  ['DELETED', true],
])

/** An endpoint that answers an error for what it cannot place, and takes note of the rest. */
function endpoint(read: (url: string) => Reading): () => Endpoint {
  return () => {
    let pushed: Parameters<Endpoint['remember']>[0] = { receipts: [], journey: null }
    const noted = new Map<string, string>()
    return {
      noted,
      remember(one) {
        pushed = one
        noted.clear()
      },
      visit(url) {
        const { results, journey } = read(url)
        if (pushed.journey !== null && pushed.journey !== journey) return 404
        if (results.some(({ receipt = '' }) => !pushed.receipts.includes(receipt))) return 404
        for (const { receipt = '', status = '', token } of results) {
          const hasToken = known.get(status)
          if (hasToken === undefined || hasToken !== (token !== undefined)) return 400
          noted.set(receipt, token === undefined ? status : `${status} ${token}`)
        }
        return 303
      },
    }
  }
}

const queryOf = (url: string) => [...new URLSearchParams(url.split('?')[1])]
const journeyOf = (url: string) => new URLSearchParams(url.split('?')[1]).get('journey')

function resultsOf(url: string): Reading['results'] {
  return queryOf(url).flatMap(([name, value]) => {
    const receipt = /^results\[(.+)\]$/.exec(name)?.[1]
    return receipt === undefined ? [] : [{ receipt, ...parts(value) }]
  })
}

function parts(value: string): { status: string; token?: string } {
  const [status = '', token] = value.split('|')
  return token === undefined ? { status } : { status, token }
}

const correct = (url: string): Reading => ({ results: resultsOf(url), journey: journeyOf(url) })

export const endpoints = {
  'that reads what is documented': endpoint(correct),

  'that looks for raw brackets': endpoint((url) => ({
    ...correct(url),
    results: [...url.matchAll(/results\[([^\]]+)\]=([^&]*)/g)].map(
      ([, receipt = '', value = '']) => ({
        receipt,
        ...parts(value),
      }),
    ),
  })),

  'that splits on the wrong bracket': endpoint((url) => ({
    ...correct(url),
    results: queryOf(url)
      .filter(([name]) => name.startsWith('results'))
      .map(([name, value]) => ({
        receipt: name.replace('results', '').split(']')[0] ?? '',
        ...parts(value),
      })),
  })),

  'that takes everything before the last bar, and there may be none': endpoint((url) => ({
    ...correct(url),
    results: queryOf(url).flatMap(([name, value]) => {
      const bar = value.lastIndexOf('|')
      const receipt = /^results\[(.+)\]$/.exec(name)?.[1]
      if (receipt === undefined) return []
      return [{ receipt, status: value.slice(0, bar), token: value.slice(bar + 1) }]
    }),
  })),

  'that takes the whole value for the status': endpoint((url) => ({
    ...correct(url),
    results: resultsOf(url).map(({ receipt = '', status = '', token }) => ({
      receipt,
      status: token === undefined ? status : `${status}|${token}`,
    })),
  })),

  'that reads the first receipt only': endpoint((url) => ({
    ...correct(url),
    results: resultsOf(url).slice(0, 1),
  })),

  'that expects its own query at the end': endpoint((url) => ({
    ...correct(url),
    journey: /[?&]journey=([^&]*)$/.exec(url)?.[1] ?? null,
  })),

  'that cannot do without a result': endpoint((url) => {
    if (!url.includes('results')) throw new Error('no results')
    return correct(url)
  }),
} as const
