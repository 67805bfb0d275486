import type { IssuerProject } from './client.ts'

/*
 * Somebody waits in front of the bank, so it does not wait for the API longer than it says: neither for an answer nor for the rest of one.
 */

/** @returns the project, whose calls fail with a `TimeoutError` after `patienceMs`. */
export function patient(
  project: IssuerProject,
  patienceMs: number,
): IssuerProject & Required<Pick<IssuerProject, 'fetch'>> {
  return {
    ...project,
    fetch: (request) =>
      within(patienceMs, async (signal) => {
        // Beside the request, where it can be: the signal of a Request is lost when that is collected as garbage, and Node 20 would go on.
        const response = await (project.fetch?.(new Request(request, { signal })) ??
          fetch(request, { signal }))
        return new Response(await response.arrayBuffer(), response)
      }),
  }
}

async function within<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      const reason = new DOMException(`no answer within ${ms} ms`, 'TimeoutError')
      fail(reason)
      controller.abort(reason)
    }, ms)
  })
  try {
    return await Promise.race([work(controller.signal), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
