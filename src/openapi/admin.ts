import { htmlContent, jsonContent, type PathItem, type Paths, problemContent } from './parts.ts'

const tags = ['Simulator']

const consumerKey = {
  name: 'consumerKey',
  in: 'query',
  description: 'Only what belongs to this consumer key; without it everything.',
  schema: { type: 'string' },
}

const withPart = {
  name: 'with',
  in: 'query',
  description:
    'Only entries that have some of these; `leniencies` lists what passed here and may not pass at Mastercard.',
  schema: { enum: ['faults', 'leniencies', 'warnings'] },
}

const refusals = {
  '403': {
    description: 'Not from loopback or the host of --public-url, or from a page of another site.',
    content: problemContent,
  },
  '404': { description: 'Any other method.', content: problemContent },
  '500': { description: 'The simulator failed.', content: problemContent },
}

function item(
  method: 'get' | 'post',
  operationId: string,
  summary: string,
  success: Readonly<Record<string, object>>,
  more: object = {},
): PathItem {
  const responses = { ...success, ...refusals }
  return { [method]: { operationId, tags, summary, ...more, responses } }
}

/** What tests and tools on this machine call, and the first page. */
export function adminPaths(): Paths {
  return {
    '/__simulator/health': item('get', 'health', 'Whether it runs', {
      '200': { description: 'It does.', content: jsonContent('Health') },
    }),
    '/__simulator/journal': item(
      'get',
      'journal',
      'What happened, oldest first',
      {
        '200': { description: 'The journal.', content: jsonContent('Journal') },
        '400': { description: 'An unknown value of `with`.', content: problemContent },
      },
      { parameters: [consumerKey, withPart] },
    ),
    '/__simulator/jwks.json': item('get', 'publicKeys', 'The public keys of the push signature', {
      '200': { description: 'A JSON Web Key Set.', content: jsonContent('PublicKeys') },
    }),
    '/__simulator/one-time-codes': item(
      'get',
      'oneTimeCodes',
      'The one-time codes that pages are waiting for',
      {
        '200': {
          description: 'Nothing else tells them but the bar of the page.',
          content: jsonContent('OneTimeCodes'),
        },
      },
      { parameters: [consumerKey] },
    ),
    '/__simulator/openapi.json': item('get', 'openApi', 'This document', {
      '200': { description: 'OpenAPI 3.1.', content: jsonContent('OpenApi') },
    }),
    '/__simulator/signature-key': item('post', 'rotateSignatureKey', 'Sign with a new key', {
      '201': {
        description: 'Pushes are signed with it from now on; the old one still verifies.',
        content: jsonContent('NewSignatureKey'),
      },
    }),
    '/__simulator/reset': item(
      'post',
      'reset',
      'Forget pushes, journal, counters and the scenario in use',
      { '204': { description: 'Forgotten. Keys and clock stay.' } },
      { parameters: [consumerKey] },
    ),
    '/': {
      get: {
        operationId: 'home',
        tags,
        summary: 'What runs here, for people',
        responses: { '200': { description: 'A page.', content: htmlContent } },
      },
    },
    '/favicon.ico': {
      get: {
        operationId: 'favicon',
        tags,
        summary: 'Nothing: browsers ask for it by themselves',
        responses: { '204': { description: 'There is none.' } },
      },
    },
  }
}

/** How the admin API answers where it has nothing, and to whom it does not answer. */
export const noAdminOperation = {
  description: 'There is no such path, or it does not answer to this caller.',
  content: problemContent,
}

/** Everywhere else. */
export const nowhere = {
  description: 'Nothing is served there.',
  content: { 'text/plain': { schema: { type: 'string' } } },
}
