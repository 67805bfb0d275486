import { problemStatuses } from '../click-to-pay/pages.ts'
import type { plainParameters, signedParameters } from '../provision-parameters.ts'
import { headerOf, htmlContent, type Paths, schemaOf } from './parts.ts'

type ParameterName = (typeof signedParameters | typeof plainParameters)[number]

/** Of Click to Pay's URL. Those of the other use case are ignored. */
const parameters: Readonly<Record<ParameterName, string>> = {
  pushAccountData: 'Signature use case: the `signature` of a push. It stands alone with extFlow.',
  extFlow: '`true` lets Click to Pay remember the cardholder; the journal warns without it.',
  pushAccountReceipts: 'Receipt use case: comma-separated; Click to Pay uses the first.',
  callbackURL: 'Receipt use case: where the cardholder goes back to, at most 256 characters.',
  callbackRequired: 'Receipt use case. Here only its form is looked at.',
  completeIssuerAppActivation:
    "Receipt use case. Whether more proof in the bank's app is given before the cardholder goes back.",
  completeWebsiteActivation:
    "Receipt use case. Whether more proof on the bank's website is given before the cardholder goes back.",
  accountHolderDataSupplied: 'Receipt use case. Here only its form is looked at.',
  locale: 'Receipt use case, where it belongs (the journal warns without it): such as en_US.',
}

/** Problem pages, by status. */
function problemResponses(...without: readonly number[]): Record<string, object> {
  const codes = new Map<number, string[]>()
  for (const [problem, status] of Object.entries(problemStatuses))
    if (!without.includes(status)) codes.set(status, [...(codes.get(status) ?? []), problem])
  return Object.fromEntries(
    [...codes].map(([status, found]) => [
      String(status),
      {
        description: `A page for the cardholder: ${found.join(', ')}.`,
        content: { ...htmlContent, ...(status === 404 && plainContent) },
      },
    ]),
  )
}

const otherMethod = { description: 'Any other method.', headers: headerOf('Allow') }
const goBack = {
  description:
    'Back to the callback URL, with `results[RECEIPT]=STATUS` or `=STATUS|TOKEN`; after a form, mostly to the page of the visit. May set the cookie of a remembered device.',
  headers: headerOf('Location'),
}
const tags = ['Click to Pay']
/** Of a path below /provision that is nobody's page. */
const plainContent = { 'text/plain': { schema: { type: 'string' } } }

export function clickToPayPaths(): Paths {
  return {
    '/provision': page('', 'Click to Pay', []),
    '/provision/style.css': {
      get: {
        operationId: 'styleSheet',
        tags,
        summary: 'The style sheet of all pages',
        responses: {
          '200': {
            description: 'The style sheet.',
            content: { 'text/css': { schema: { type: 'string' } } },
          },
        },
      },
    },
    '/provision/{tokenRequestorId}': page('AtOtherTokenRequestor', 'another token requestor', [
      {
        name: 'tokenRequestorId',
        in: 'path',
        required: true,
        description: 'One whose file says `WEB: simulator`; any other has no page here (404).',
        schema: { type: 'string', pattern: '^[0-9]{11}$' },
      },
    ]),
  }
}

/** The page of one token requestor, or of all others. */
function page(suffix: string, whose: string, inPath: readonly object[]): Paths[string] {
  return {
    parameters: [
      ...inPath,
      ...Object.entries(parameters).map(([name, description]) => ({
        name,
        in: 'query',
        description,
        schema: { type: 'string' },
      })),
      {
        name: 'visit',
        in: 'query',
        description: 'A visit under way: its page as it is now, or how it ended.',
        schema: { type: 'string' },
      },
    ],
    get: {
      operationId: `provision${suffix}`,
      tags,
      summary: `Where the cardholder's browser arrives at ${whose}`,
      description:
        'The scenario of the push decides at once, or a page asks. The two use cases take pushAccountData or pushAccountReceipts.',
      responses: {
        '200': {
          description:
            'A page that asks; that goes back by itself, later or once more (header Refresh); or that ends the journey.',
          content: htmlContent,
          headers: headerOf('Refresh'),
        },
        '303': goBack,
        ...problemResponses(413),
        '405': otherMethod,
        '503': { description: 'A prefetch, which must not use up a receipt. No content.' },
      },
    },
    post: {
      operationId: `decide${suffix}`,
      tags,
      summary: 'What the cardholder chose',
      requestBody: {
        required: true,
        content: { 'application/x-www-form-urlencoded': { schema: schemaOf('Decision') } },
      },
      responses: {
        '200': {
          description:
            'A page that asks for more proof; that goes back by itself, later or once more (header Refresh); or that ends the journey.',
          content: htmlContent,
          headers: headerOf('Refresh'),
        },
        '303': goBack,
        ...problemResponses(),
      },
    },
  }
}
