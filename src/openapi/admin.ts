import {
  headerOf,
  htmlContent,
  jsonContent,
  type PathItem,
  type Paths,
  problemContent,
} from './parts.ts'

const tags = ['Simulator']

const consumerKey = {
  name: 'consumerKey',
  in: 'query',
  description: 'Only what belongs to this consumer key; without it everything.',
  schema: { type: 'string' },
}

const whose = { ...consumerKey, description: 'Whose it is; without it the default issuer.' }

const inPath = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})

const text = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
})

const wholeNumber = (name: string, maximum: number, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'integer', minimum: 0, maximum },
})

const entryFilters = [
  {
    name: 'with',
    in: 'query',
    description:
      'Only entries that have some of these; `leniencies` lists what passed here and may not pass at Mastercard.',
    schema: { enum: ['faults', 'leniencies', 'warnings'] },
  },
  text('kind', 'Only of this operation, or of the page: `provision`.'),
  text('requestId', 'Only of this call.'),
  text('receipt', 'Only about this pushAccountReceipt.'),
]

const invalid = {
  '400': {
    description:
      'What is wrong: a parameter that nobody knows, or each thing in the body, with its position.',
    content: problemContent,
  },
}

const refusals = {
  '401': {
    description: 'The simulator listens beyond loopback, and the token is missing or wrong.',
    content: problemContent,
  },
  '403': {
    description: 'Not from loopback or the host of --public-url, or from a page of another site.',
    content: problemContent,
  },
  '404': {
    description: 'Nothing of that name: no such issuer, scenario or receipt.',
    content: problemContent,
  },
  '405': {
    description: 'For any other method of this path.',
    headers: headerOf('Allow'),
    content: problemContent,
  },
  '413': { description: 'The body has more than 64 KiB.', content: problemContent },
  '500': { description: 'The simulator failed.', content: problemContent },
}

const conflict = (description: string) => ({ '409': { description, content: problemContent } })

const body = (name: Parameters<typeof jsonContent>[0], required = true) => ({
  requestBody: { required, content: jsonContent(name) },
})

type Method = 'get' | 'post' | 'put' | 'delete'

function item(
  method: Method,
  operationId: string,
  summary: string,
  success: Readonly<Record<string, object>>,
  more: object = {},
): PathItem {
  const responses = { ...success, ...invalid, ...refusals }
  return { [method]: { operationId, tags, summary, ...more, responses } }
}

/** What a test that runs beside others sets up for itself. */
function ownPaths(): Paths {
  const own = { parameters: [whose] }
  const scenarioNow = {
    '200': {
      description: 'The one in use for all its pushes.',
      content: jsonContent('ScenarioInUseNow'),
    },
  }
  const clockNow = { '200': { description: 'The clock.', content: jsonContent('Clock') } }
  const gone = { '204': { description: 'Gone.' } }
  const named = { parameters: [inPath('name', 'As its file would be called.'), whose] }
  const added = { content: jsonContent('Scenario') }
  return {
    '/__simulator/issuers': {
      ...item('get', 'issuers', 'The consumer keys that may call', {
        '200': { description: 'The default issuer first.', content: jsonContent('Issuers') },
      }),
      ...item(
        'post',
        'registerIssuer',
        'One more consumer key, with a state of its own',
        {
          '201': {
            description:
              'It calls with the signing key that was sent, or that of the default issuer.',
            content: jsonContent('Issuer'),
          },
          ...conflict('The consumer key is registered already.'),
        },
        body('NewIssuer', false),
      ),
      ...item(
        'delete',
        'removeIssuer',
        'Forget a consumer key that was registered here, and all its state',
        { ...gone, ...conflict('It was there from the start.') },
        { parameters: [{ ...whose, required: true }] },
      ),
    },
    '/__simulator/scenario': {
      ...item('get', 'scenario', 'The scenario in use', scenarioNow, own),
      ...item(
        'put',
        'useScenario',
        'Play this scenario for all pushes, whatever their facts',
        { ...scenarioNow },
        { ...own, ...body('ScenarioInUse') },
      ),
      ...item('delete', 'useNoScenario', 'Let the files decide again', gone, own),
    },
    '/__simulator/scenarios': item(
      'get',
      'scenarios',
      'The scenarios that may play',
      { '200': { description: 'In name order.', content: jsonContent('Scenarios') } },
      own,
    ),
    '/__simulator/scenarios/{name}': {
      ...item(
        'get',
        'story',
        'All that a scenario says',
        { '200': { description: 'As its file has it.', content: jsonContent('Story') } },
        named,
      ),
      ...item(
        'put',
        'addScenario',
        'Add a scenario for one consumer key alone, in the place of one of the same name',
        {
          '200': { description: 'It replaced one that was added before.', ...added },
          '201': { description: 'It is new.', ...added },
          ...conflict('There are 100 already.'),
        },
        {
          ...named,
          requestBody: {
            required: true,
            description: 'A scenario file.',
            content: { 'application/yaml': { schema: { type: 'string' } } },
          },
        },
      ),
      ...item(
        'delete',
        'removeScenario',
        'Take back a scenario that was added',
        { ...gone, ...conflict('It is in use, or a file.') },
        named,
      ),
    },
    '/__simulator/clock': {
      ...item('get', 'clock', 'The virtual clock of an issuer', clockNow, own),
      ...item(
        'put',
        'setClock',
        'Freeze the clock, let it run, or set it',
        { ...clockNow },
        { ...own, ...body('ClockChange') },
      ),
      ...item('delete', 'resetClock', "Let it run with the machine's again", gone, own),
    },
    '/__simulator/clock/advance': item(
      'post',
      'advanceClock',
      'Move the clock forward; a frozen one stays frozen',
      { ...clockNow },
      { ...own, ...body('ClockAdvance') },
    ),
  }
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
      { '200': { description: 'The journal.', content: jsonContent('Journal') } },
      {
        parameters: [
          consumerKey,
          ...entryFilters,
          wholeNumber('atLeast', 1000, 'Waits until there are so many; fewer when time is up.'),
          wholeNumber('timeout', 60_000, 'How long it waits, in milliseconds; 5000 without it.'),
          {
            name: 'messages',
            in: 'query',
            description: 'Whether the newest exchanges come with `request` and `response`.',
            schema: { type: 'boolean', default: false },
          },
        ],
      },
    ),
    '/__simulator/journal.har': item(
      'get',
      'httpArchive',
      'The same as an HTTP archive (HAR 1.2), for the viewers of browsers',
      {
        '200': {
          description:
            'Messages are masked, and those of the newest exchanges; durations are not kept.',
          content: jsonContent('HttpArchive'),
        },
      },
      { parameters: [consumerKey, ...entryFilters] },
    ),
    '/__simulator/events': item(
      'get',
      'events',
      'What happens from now on, as server-sent events',
      {
        '200': {
          description: 'First an event `open`, then one `journal` for each entry, with its JSON.',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
      },
      { parameters: [consumerKey, ...entryFilters] },
    ),
    '/__simulator/pushes/{pushAccountReceipt}': item(
      'get',
      'push',
      'The whole life of one push',
      { '200': { description: 'What is known of it.', content: jsonContent('Push') } },
      { parameters: [inPath('pushAccountReceipt', 'From the answer to the push.')] },
    ),
    ...ownPaths(),
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
      { '204': { description: 'Forgotten. Keys, clock and added scenarios stay.' } },
      { parameters: [whose] },
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
