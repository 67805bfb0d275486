import { version } from '../version.ts'
import { adminPaths, noAdminOperation, nowhere } from './admin.ts'
import { clickToPayPaths } from './click-to-pay.ts'
import { headers } from './parts.ts'
import { componentSchemas } from './schemas.ts'
import { noOperation, scenarioParameter, tokenConnectPaths } from './token-connect.ts'

/** All that is served, described in OpenAPI 3.1: our own text, with the schemas that requests are validated with. */
export const openApiDocument: object = {
  openapi: '3.1.1',
  info: {
    title: 'mdes-simulator',
    version,
    license: { name: 'MIT', identifier: 'MIT' },
    description: [
      "What mdes-simulator serves: Mastercard's MDES Token Connect API as issuing banks meet it, the Click to Pay page, and the simulator's own API. Not a Mastercard product and not Mastercard's description; it follows version 2.11 of that API.",
      'Unknown members of requests are ignored, and `null` counts as absent (assumptions). Clients of the real service must expect new members and new enum values in answers; here there are none, so that a mistake shows.',
      'Where the documentation is silent, a description says "assumption".',
    ].join('\n\n'),
  },
  servers: [{ url: '/', description: 'Where this document came from.' }],
  tags: [
    { name: 'Token Connect', description: "What the issuer's backend calls." },
    { name: 'Click to Pay', description: "What the cardholder's browser visits." },
    { name: 'Simulator', description: 'For tests and tools on this machine.' },
  ],
  paths: { ...tokenConnectPaths(), ...clickToPayPaths(), ...adminPaths() },
  components: {
    securitySchemes: {
      oauth1: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description:
          'OAuth 1.0a (RFC 5849) without a token: `OAuth oauth_consumer_key="...", ...`, signed with RSA-SHA256 over method, URL and parameters, with `oauth_body_hash`, the SHA-256 of the body. OpenAPI has no type for it. With --relaxed requests may go unsigned.',
      },
    },
    parameters: { Scenario: scenarioParameter },
    headers,
    responses: { NoOperation: noOperation, NoAdminOperation: noAdminOperation, Nowhere: nowhere },
    schemas: componentSchemas(),
  },
}
