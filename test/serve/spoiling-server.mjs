// A process of its own, so that everything it prints can be read. Answers with `?status=` and `?body=`, so many `?times=`, spoiled by
// `?fault=`. The arguments are the PEM files of a key and a certificate, for https.
import { readFileSync } from 'node:fs'
import { serve } from '../../dist/serve.js'
import { spoiled } from '../../dist/transport.js'

const [key, cert] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))

const server = await serve(
  {
    async fetch(request) {
      const query = new URL(request.url).searchParams
      const content = query.get('body').repeat(query.get('times') ?? 1) || null
      const response = new Response(content, {
        status: Number(query.get('status')),
        headers: { 'Content-Type': 'application/json', 'X-Sent': 'yes' },
      })
      const fault = query.get('fault')
      return fault === null ? response : spoiled(response, fault, request.signal)
    },
  },
  { port: 0, ...(key !== undefined && { tls: { key, cert } }) },
)
console.log(server.url)
process.once('SIGTERM', () => server.close())
