import { html } from 'hono/html'

/** `/`, for people: what runs here. */
export function homePage(version: string): ReturnType<typeof html> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mdes-simulator</title>
<link rel="stylesheet" href="/provision/style.css">
</head>
<body>
<aside>Simulator, not Mastercard.</aside>
<main>
<h1>mdes-simulator ${version}</h1>
<p>Token Connect and Click to Pay, as an issuing bank meets them.</p>
<ul>
<li>The bank's backend calls <code>POST /mdes/connect/1/0/pushMultipleAccounts</code> and its siblings.</li>
<li>The cardholder's browser visits <code>/provision</code>.</li>
<li><a href="/__simulator/journal">What happened so far</a>, <a href="/__simulator/jwks.json">the signature's public key</a>, <a href="/__simulator/openapi.json">all that is served (OpenAPI)</a>.</li>
</ul>
</main>
</body>
</html>`
}
