import { serve } from '../serve.ts'

/** The bank's end of a journey: hears what the browser comes back with. */
export type CallbackListener = {
  /** The whole URL, without a query. */
  readonly callbackURL: string
  close(): Promise<void>
}

const path = '/tokenization-results'

/** @param onCallback told of each URL that is called, as it comes. */
export async function listenForCallbacks(
  onCallback: (url: string) => void,
): Promise<CallbackListener> {
  const server = await serve(
    {
      fetch: ({ url }) => {
        if (new URL(url).pathname !== path) return new Response(null, { status: 404 })
        onCallback(url)
        return new Response('The bank has heard.')
      },
    },
    { port: 0 },
  )
  return { callbackURL: server.url + path, close: server.close }
}
