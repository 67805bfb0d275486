import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { formatProblem, type Problem } from '../../src/problem.ts'
import { jsonSchema } from '../../src/scenarios/json-schema.ts'
import {
  builtInScenarios,
  loadScenarios,
  readFolder,
  readTokenRequestorFiles,
} from '../../src/scenarios/load.ts'
import { readScenarioSet, readScenarios, readTokenRequestors } from '../../src/scenarios/read.ts'
import { test as base } from '../support/temporary-folder.ts'

const test = base.extend<{ write: (files: Record<string, string>) => Promise<void> }>({
  write: async ({ folder }, use) =>
    use(async (files) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    }),
})

/** The problems of one file, without the folder's name. */
function problemsOf(text: string, name = 'story.yaml'): readonly string[] {
  return readScenarios([{ name, text }]).problems.map(firstLine)
}

const firstLine = (problem: Problem) => formatProblem(problem).split('\n')[0] ?? ''

const head = 'name: story\ndescription: A story.\n'

describe('a broken file says where, what came and what is allowed', () => {
  test.for<[string, string, readonly string[]]>([
    [
      'a misspelt key',
      'name: story\ndescription: A story.\nprovison:\n  outcome: ask\n',
      [
        'story.yaml:3:1 provison: unknown key, did you mean "provision"?; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
      ],
    ],
    [
      'a gateway that acts before there are facts, with facts',
      'name: story\ndescription: A story.\nwhen: { push: 2 }\ngateway: { status: 429 }\n',
      [
        'story.yaml:4:10 gateway: acts before there is a push whose facts "when" could be held against: leave one of the two out; without "when" it is chosen by header, use or --scenario',
      ],
    ],
    [
      'a status that no gateway has',
      'name: story\ndescription: A story.\ngateway: { status: 418 }\n',
      [
        'story.yaml:3:20 gateway.status: 418 is not allowed; expected 401 | 408 | 429 | 500 | 502 | 503 | 504',
      ],
    ],
    [
      'Retry-After where none goes',
      'name: story\ndescription: A story.\ngateway: { status: 500, retryAfter: 3 }\n',
      [
        'story.yaml:3:37 gateway.retryAfter: goes with status 429 or 503 only; status is 500: change it, or leave this out',
      ],
    ],
    [
      'a misspelt value',
      'name: story\ndescription: A story.\nprovision:\n  outcome: APROVED\n',
      [
        'story.yaml:4:12 provision.outcome: "APROVED" is not allowed; expected ask | APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED or a list, did you mean "APPROVED"?',
      ],
    ],
    [
      'a misspelt value in a list',
      'name: story\ndescription: A story.\nprovision:\n  outcome: [APPROVED, DECLINE]\n',
      [
        'story.yaml:4:23 provision.outcome[1]: "DECLINE" is not allowed; expected APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED, did you mean "DECLINED"?',
      ],
    ],
    [
      'an unquoted identifier',
      'name: story\ndescription: A story.\nwhen:\n  card: { endsWith: 0047 }\n',
      [
        'story.yaml:4:21 when.card.endsWith: 0047 is a number to YAML, and text is expected: quote this value: "0047"',
      ],
    ],
    [
      'a missing description',
      'name: story\n',
      ['story.yaml:1:1 description: missing; expected text'],
    ],
    [
      'an empty file',
      '',
      ['story.yaml:1:1 the file is empty; expected a map with at least name, description'],
    ],
    [
      'another name than the file',
      'name: tale\ndescription: A story.\n',
      ['story.yaml:1:7 name: is "tale"; a scenario is named like its file, "story"'],
    ],
    [
      'a validity the service does not have',
      'name: story\ndescription: A story.\npush:\n  receipt:\n    validityMinutes: 16\n',
      ['story.yaml:5:22 push.receipt.validityMinutes: 16 is too large; expected minutes, 5 to 15'],
    ],
    [
      'an empty when, which would always hold',
      'name: story\ndescription: A story.\nwhen: {}\n',
      ['story.yaml:3:7 when: is empty and would always hold; name a fact or leave it out'],
    ],
    [
      'a key twice',
      'name: story\nname: story\ndescription: A story.\n',
      ['story.yaml:2:1 name: is there twice, first in line 1: keep one'],
    ],
    [
      'a list where a map is expected',
      '- name: story\n',
      [
        'story.yaml:1:1 the file is a list; expected a map with name, description, when, gateway, eligibility, push, provision, callback, expect: leave the dashes out',
      ],
    ],
    [
      'an empty card, which would always hold',
      'name: story\ndescription: A story.\nwhen: { card: {} }\n',
      ['story.yaml:3:15 when.card: is empty and would always hold; name a fact or leave it out'],
    ],
    [
      'a card that can never be',
      "name: story\ndescription: A story.\nwhen: { card: { number: '5123456789012353', endsWith: '47' } }\n",
      ['story.yaml:3:15 when.card: number says it all; leave out startsWith and endsWith'],
    ],
    [
      'a section left blank',
      'name: story\ndescription: A story.\nprovision:\n',
      [
        'story.yaml:3:11 provision: is empty; expected a map with consumer, pages, outcome, stepUp, delay, transport, or leave the key out',
      ],
    ],
    [
      'a quoted number',
      "name: story\ndescription: A story.\nwhen: { push: '2' }\n",
      [
        'story.yaml:3:15 when.push: "2" is text; expected a whole number, at least 1: remove the quotes',
      ],
    ],
    [
      'two documents',
      'name: story\ndescription: A story.\n---\nname: other\n',
      [
        'story.yaml:3:1 a second document begins here; one file holds one: move it to a file of its own',
      ],
    ],
    [
      'several mistakes at once',
      'name: story\ndescription: A story.\npush:\n  acounts: []\nwhen:\n  locale: english\n',
      [
        'story.yaml:4:3 push.acounts: unknown key, did you mean "accounts"?; known are delay, transport, errors, accounts, receipt, signature',
        'story.yaml:6:11 when.locale: "english" is not allowed; expected ll_CC, such as en_US',
      ],
    ],
  ])('%s', ([, text, problems]) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  test('broken YAML, and aliases without end', () => {
    expect(problemsOf('name: [')[0]).toMatch(/^story\.yaml:1:7 this \[ is not closed: add \]$/)
    const bomb = `a: &a [x]\n${'bcdefgh'
      .split('')
      .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[n]}`).join(',')}]`)
      .join('\n')}`
    expect(problemsOf(bomb)).toEqual([
      expect.stringMatching(/^story\.yaml:\d+:8 aliases such as this one unfold/),
    ])
  })
})

describe('what a person types by mistake', () => {
  test.for<[mistake: string, text: string, problem: string]>([
    [
      'eleven digits',
      `${head}when: { tokenRequestorId: 50123197928 }`,
      '3:27 when.tokenRequestorId: 50123197928 is a number to YAML, and text is expected: quote this value: "50123197928"',
    ],
    [
      'a card number',
      `${head}when: { card: { number: 5123456789012353 } }`,
      '3:25 when.card.number: 512345******2353 is a number to YAML, and text is expected: put it in quotes',
    ],
    [
      '19 digits',
      `${head}when: { card: { number: 5123456789012353123 } }`,
      '3:25 when.card.number: 512345*********3123 is a number to YAML, and text is expected: put it in quotes',
    ],
    [
      'a number with an exponent',
      `${head}when: { consumerKey: 123e4567 }`,
      '3:22 when.consumerKey: 123e4567 is a number to YAML, and text is expected: quote this value: "123e4567"',
    ],
    [
      'a truth',
      `${head}when: { consumerKey: True }`,
      '3:22 when.consumerKey: True is true or false to YAML, and text is expected: quote this value: "True"',
    ],
    [
      'a date',
      `${head}when: { push: 2026-01-01 }`,
      '3:15 when.push: "2026-01-01" is text; expected a whole number, at least 1',
    ],
    [
      'half a number',
      `${head}when: { push: 1.5 }`,
      '3:15 when.push: 1.5 is no whole number; expected a whole number, at least 1',
    ],
    [
      'no number',
      `${head}when: { push: .inf }`,
      '3:15 when.push: .inf is no usable number; expected a whole number, at least 1',
    ],
    ['a tab', `${head}when:\n\tpush: 2`, '4:1 a tab stands here: indent with blanks'],
    [
      'no blank after a colon',
      'name:story\ndescription: A story.',
      '1:5 a blank is missing after the colon: name: story',
    ],
    [
      'no blank after a colon in braces',
      `${head}when: {push:2}`,
      '3:8 when.push:2: unknown key; a blank is missing after the colon: push: 2',
    ],
    [
      'no colon',
      `${head}when\n  push: 2`,
      '3:1 expected a key, a colon and a blank, such as "name: story"',
    ],
    [
      'a colon in a value',
      'name: story\ndescription: The story: one',
      '2:14 a colon stands inside this value: quote the value as a whole',
    ],
    [
      'no closing quote',
      'name: "story\ndescription: A story.',
      '1:7 this " is not closed on its line: add the closing one',
    ],
    [
      'no closing quote, and another one',
      'name: "story\ndescription: "A story."',
      '1:7 this " is not closed on its line: add the closing one',
    ],
    [
      'an apostrophe',
      "name: story\ndescription: 'The bank's card'",
      '2:23 this apostrophe ends the value: use double quotes around it, or write the apostrophe twice',
    ],
    [
      'no closing brace',
      `${head}when: { card: { endsWith: "1" }\npush: {}`,
      '3:7 this { is not closed: add }',
    ],
    [
      'no closing bracket',
      `${head}provision:\n  outcome: [APPROVED\n`,
      '4:12 this [ is not closed: add ]',
    ],
    [
      'no comma',
      `${head}when: { card: {} locale: x }`,
      '3:18 "locale: x" is not expected here: is a comma, a colon or a quote missing before it?',
    ],
    [
      'less indented',
      `${head}when:\n    push: 2\n  locale: en_US`,
      '5:1 is not indented like the keys beside it: begin keys of one map in the same column',
    ],
    [
      'more indented',
      'name: story\n  description: A story.',
      '2:3 is indented more than the keys beside it: begin keys of one map in the same column',
    ],
    [
      'a key of another section',
      `${head}outcome: ask`,
      '3:1 outcome: unknown key, it belongs under provision or provision.stepUp; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'an unknown alias',
      `${head}push: *v`,
      '3:7 push: there is no anchor &v before this alias; if the asterisk is meant as it is, quote this value: "*v"',
    ],
    [
      'an alias of itself',
      `${head}push: &a [*a]`,
      '3:11 push[0]: *a stands inside &a itself: write the value out',
    ],
    [
      'a merge key',
      `${head}when: &w { push: 2 }\npush: { <<: *w }`,
      '4:9 push.<<: merge keys are not known here; write the keys out',
    ],
    [
      'a tag',
      `${head}when: { push: !!js/function x }`,
      '3:15 when.push: the tag !!js/function has no meaning here: remove it',
    ],
    [
      'binary data',
      `${head}when: { consumerKey: !!binary abcd }`,
      '3:22 when.consumerKey: the tag !!binary has no meaning here: remove it',
    ],
    ['an @', 'name: @x', '1:7 no value can begin with @ unless it is quoted: "@x"'],
    [
      'a template',
      `${head}push: {{ value }}`,
      '3:8 push: a key is a single word; quote a value that begins with { or [',
    ],
    [
      'a byte order mark',
      `\ufeff${head}pusch: {}`,
      '3:1 pusch: unknown key, did you mean "push"?; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'CRLF',
      `${head}pusch: {}\n`.replaceAll('\n', '\r\n'),
      '3:1 pusch: unknown key, did you mean "push"?; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'CR',
      head.replaceAll('\n', '\r'),
      '1:12 a line ends in a carriage return alone: save the file with line feeds',
    ],
    [
      'a no-break space',
      'name:\u00a0story\ndescription: x',
      '1:6 a special blank (U+00A0) stands here, as word processors and wikis make them: type an ordinary one',
    ],
    [
      'typographic quotes',
      `${head}when: { card: { endsWith: “0047” } }`,
      '3:27 when.card.endsWith: "“0047”" has typographic quotes; expected 1 to 19 digits, quoted in straight ones, " or \'',
    ],
    [
      'comments only',
      '# yaml-language-server\n\n',
      '1:1 the file is empty; expected a map with at least name, description',
    ],
    [
      'a sentence',
      'hello world',
      '1:1 "hello world" is text; expected a map with name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'a null key',
      `${head}null: 3`,
      '3:1 there is no key before this colon; write one, or remove the line',
    ],
    [
      'a number as a key',
      `${head}1: 2`,
      '3:1 1: unknown key; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      '__proto__',
      `${head}__proto__: { push: 2 }`,
      '3:1 __proto__: unknown key; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'constructor',
      `${head}constructor: 2`,
      '3:1 constructor: unknown key; known are name, description, when, gateway, eligibility, push, provision, callback, expect',
    ],
    [
      'a value for a section',
      `${head}provision: ask`,
      '3:12 provision: "ask" is text; expected a map with consumer, pages, outcome, stepUp, delay, transport: write { outcome: ask }',
    ],
    [
      'a value for a list',
      `${head}push: { errors: ACCOUNT_INELIGIBLE }`,
      '3:17 push.errors: "ACCOUNT_INELIGIBLE" is text; expected a list: write [{ source: …, reasonCode: ACCOUNT_INELIGIBLE }]',
    ],
    [
      'an empty list',
      `${head}push: { errors: [] }`,
      '3:17 push.errors: has 0 items; expected at least 1 item',
    ],
    [
      'bytes of another encoding',
      `${head}push: Jos\ufffd`,
      '3:10 these bytes are not UTF-8: save the file as text in UTF-8',
    ],
    [
      'binary junk',
      '\x89PNG\x00\x01',
      '1:5 a control character (U+0000) stands here: expected a text file in UTF-8',
    ],
    [
      '5 MB',
      `${head}${'# long\n'.repeat(800_000)}`,
      '1:1 the file has 5600034 characters; expected at most 100000',
    ],
    [
      'a hundred brackets',
      `${head}push: ${'['.repeat(300)}${']'.repeat(300)}`,
      '3:107 push[0][0]: is nested too deeply; no file here needs more than ten levels',
    ],
  ])('%s', ([, text, problem]) => {
    expect(problemsOf(text)).toEqual([`story.yaml:${problem}`])
  })

  const statuses =
    'APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED'
  const sections =
    'name, description, when, gateway, eligibility, push, provision, callback, expect'
  const facts = 'card, tokenRequestorId, accountHolderName, locale, consumerKey, push'
  const delay = 'milliseconds, 0 to 600000, or [least, most]'

  test.for<[sections: string, ...problems: string[]]>([
    [
      'callback: { extra: { a: 1, b c: x } }',
      '3:25 callback.extra.a: 1 is a number to YAML, and text is expected: quote this value: "1"',
      '3:28 callback.extra.b c: key not allowed; expected letters, digits and - . _ ~',
    ],
    [
      'expect: { redirect: { parameters: { extFlow: true } } }',
      '3:46 expect.redirect.parameters.extFlow: true is true or false to YAML, and text is expected: quote this value: "true"',
    ],
    // Units.
    ['push: { delay: 3s }', `3:16 push.delay: "3s" is not allowed; expected ${delay}: write 3000`],
    [
      'push: { delay: 3 s }',
      `3:16 push.delay: "3 s" is not allowed; expected ${delay}: write 3000`,
    ],
    [
      'push: { delay: 2m }',
      `3:16 push.delay: "2m" is not allowed; expected ${delay}: write 120000`,
    ],
    ['push: { delay: 11 min }', `3:16 push.delay: "11 min" is not allowed; expected ${delay}`],
    [
      'push: { delay: 3 monkeys }',
      `3:16 push.delay: "3 monkeys" is not allowed; expected ${delay}`,
    ],
    ['push: { delay: soon }', `3:16 push.delay: "soon" is not allowed; expected ${delay}`],
    ['push: { delay: -5 }', `3:16 push.delay: -5 is too small; expected ${delay}`],
    ['push: { delay: 0.5 }', `3:16 push.delay: 0.5 is no whole number; expected ${delay}`],
    ['push: { delay: 700000 }', `3:16 push.delay: 700000 is too large; expected ${delay}`],
    [
      'push: { delay: [1] }',
      `3:16 push.delay: is a list of one; expected ${delay}: write it without the brackets`,
    ],
    ['push: { delay: [100, 200, 300] }', `3:16 push.delay: has 3 items; expected ${delay}`],
    [
      'push: { delay: [1s, 2000] }',
      '3:17 push.delay[0]: "1s" is text; expected milliseconds, 0 to 600000: write 1000',
    ],
    [
      'push: { delay: [900, 100] }',
      '3:16 push.delay: expected the smaller number first: write [100, 900]',
    ],
    [
      'callback: { send: late, delay: 250 milliseconds }',
      '3:32 callback.delay: "250 milliseconds" is text; expected milliseconds, 0 to 600000: write 250',
    ],
    [
      'expect: { callback: { within: 3s } }',
      '3:31 expect.callback.within: "3s" is text; expected milliseconds, 0 to 600000: write 3000',
    ],
    [
      'gateway: { status: 429, retryAfter: 2m }',
      '3:37 gateway.retryAfter: "2m" is text; expected seconds, 0 to 86400: write 120',
    ],
    [
      'push: { receipt: { validityMinutes: 300s } }',
      '3:37 push.receipt.validityMinutes: "300s" is text; expected minutes, 5 to 15: write 5',
    ],
    // Dashes and brackets.
    [
      'push:\n  errors:\n    -source: MDES\n     reasonCode: INVALID_PAN',
      '5:5 a blank is missing after the dash: - source',
    ],
    [
      'push:\n  errors:\n    -source: MDES\n    reasonCode: INVALID_PAN',
      '5:5 push.errors: is a map; expected a list: a blank is missing after the dash: - source',
    ],
    [
      'push: { errors: { source: MDES, reasonCode: INVALID_PAN } }',
      '3:17 push.errors: is a map; expected a list: write [{ ... }]',
    ],
    [
      'push:\n  errors:\n    source: MDES\n    reasonCode: INVALID_PAN',
      '5:5 push.errors: is a map; expected a list: begin each item with a dash and a blank',
    ],
    [
      'callback: { malformed: [empty] }',
      '3:24 callback.malformed: is a list of one; expected raw-brackets | no-token | unknown-status | empty | double-encoded: write it without the brackets',
    ],
    [
      'push:\n  receipt:\n    - state: expired',
      '5:5 push.receipt: is a list of one; expected a map with prefix, validityMinutes, state: leave the dash out',
    ],
    [
      'provision: { outcome: [ask] }',
      `3:23 provision.outcome: is a list of one; expected ask | ${statuses} or a list: write it without the brackets`,
    ],
    [
      '---\n# The end.',
      '3:1 a second document begins here; one file holds one: remove the --- line',
    ],
    // A value where a map is expected.
    [
      'when: { card: "5123456789012346" }',
      '3:15 when.card: "512345******2346" is text; expected a map with number, startsWith, endsWith: write { number: "…" }',
    ],
    [
      'when: { card: 5123456789012346 }',
      '3:15 when.card: 512345******2346 is a number; expected a map with number, startsWith, endsWith: write { number: "…" }',
    ],
    [
      'when: { card: "0047" }',
      '3:15 when.card: "0047" is text; expected a map with number, startsWith, endsWith',
    ],
    [
      'provision: { stepUp: text }',
      '3:22 provision.stepUp: "text" is text; expected a map with method, outcome: write { method: text, outcome: … }',
    ],
    [
      'push: { receipt: expired }',
      '3:18 push.receipt: "expired" is text; expected a map with prefix, validityMinutes, state: write { state: expired }',
    ],
    [
      'callback: { results: [{}, {}] }',
      '3:22 callback.results: changes nothing; name what is different in one of them: status, token or receipt',
    ],
    [
      'callback: { results: [APPROVED] }',
      '3:23 callback.results[0]: "APPROVED" is text; expected a map with status, token, receipt: write { status: APPROVED }',
    ],
    [
      'gateway: 503',
      '3:10 gateway: 503 is a number; expected a map with status, retryAfter, times, delay, transport: write { status: 503 }',
    ],
    [
      'expect: { callback: DECLINED }',
      '3:21 expect.callback: "DECLINED" is not allowed; expected none or a map with status, token, within, times: write { status: DECLINED }',
    ],
    [
      'eligibility: { tokenRequestors: 50123456789 }',
      '3:33 eligibility.tokenRequestors: 50123456789 is a number; expected a list: write ["50123456789"]',
    ],
    // Other words for the same.
    [
      'stepup: { method: text }',
      `3:1 stepup: unknown key, did you mean "stepUp"? it belongs under provision; known are ${sections}`,
    ],
    [
      'when: { trid: "1", pan: "1", language: x, cardNumber: "2" }',
      `3:9 when.trid: unknown key, did you mean "tokenRequestorId"?; known are ${facts}`,
      `3:20 when.pan: unknown key, did you mean card: { number: … }?; known are ${facts}`,
      `3:30 when.language: unknown key, did you mean "locale"?; known are ${facts}`,
      `3:43 when.cardNumber: unknown key, did you mean card: { number: … }?; known are ${facts}`,
    ],
    [
      'when: { card: { pan: "1" } }\npan: "1"',
      '3:17 when.card.pan: unknown key, did you mean "number"?; known are number, startsWith, endsWith',
      `4:1 pan: unknown key, did you mean card: { number: … }? it belongs under when; known are ${sections}`,
    ],
    [
      'trid: "50123197928"',
      `3:1 trid: unknown key, did you mean "tokenRequestorId"? it belongs under when; known are ${sections}`,
    ],
    [
      'provision: { stepUp: { method: sms, outcome: success } }',
      '3:32 provision.stepUp.method: "sms" is not allowed; expected text | email | issuer-app | issuer-website | call-centre, did you mean "text"?',
      '3:46 provision.stepUp.outcome: "success" is not allowed; expected completed | failed | skipped, did you mean "completed"?',
    ],
    [
      'provision: { outcome: success }',
      `3:23 provision.outcome: "success" is not allowed; expected ask | ${statuses} or a list, did you mean "APPROVED"?`,
    ],
    [
      'push: { signature: forged }',
      '3:20 push.signature: "forged" is not allowed; expected valid | tampered | wrong-key | unknown-kid | absent, did you mean "tampered" or "wrong-key"?',
    ],
    [
      'callback: { results: [{ status: PENDING }] }',
      `3:33 callback.results[0].status: "PENDING" is not allowed; expected ${statuses}; an unknown status is malformed: unknown-status`,
    ],
    // Keys beside the section they belong into.
    [
      'provision:\noutcome: ask',
      '4:1 outcome: unknown key here: indent it under provision (line 3)',
    ],
    [
      'push:\n  receipt:\n  state: expired',
      '5:3 push.state: unknown key here: indent it under receipt (line 4)',
    ],
    [
      'push:\nprovision:\nconsumer: new\ndelay: 5',
      '3:6 push: is empty; expected a map with delay, transport, errors, accounts, receipt, signature, or leave the key out',
      '5:1 consumer: unknown key here: indent it under provision (line 4)',
      '6:1 delay: unknown key here: indent it under provision (line 4)',
    ],
  ])('%s', ([sections, ...problems]) => {
    expect(problemsOf(`${head}${sections}\n`)).toEqual(
      problems.map((problem) => `story.yaml:${problem}`),
    )
  })

  test('several stories in one file', () => {
    expect(problemsOf('- name: a\n  description: A.\n- name: b\n  description: B.\n')).toEqual([
      `story.yaml:1:1 the file is a list; expected a map with ${sections}: one per file, split it`,
    ])
  })

  test('ten thousand brackets', () => {
    expect(problemsOf(`${head}push: ${'['.repeat(10_000)}`)).toEqual([
      expect.stringMatching(/^story\.yaml:3:\d+ is nested too deeply/),
    ])
  })

  test('something that is wrong everywhere is told up to a point', () => {
    const keys = Array.from({ length: 200 }, (_, number) => `k${number}: 1\n`).join('')
    const problems = problemsOf(head + keys)
    expect(problems).toHaveLength(51)
    expect(problems.at(-1)).toBe('story.yaml:53:1 150 more problems from here on are not shown')
  })
})

describe('below a problem stands its line', () => {
  const whole = (text: string) =>
    readScenarios([{ name: 'story.yaml', text }])
      .problems.map(formatProblem)
      .join('\n')

  test('with the value underlined', () => {
    expect(whole(`${head}provision:\n  outcome: APROVED\n`)).toMatchInlineSnapshot(`
      "story.yaml:4:12 provision.outcome: "APROVED" is not allowed; expected ask | APPROVED | REQUIRE_ADDITIONAL_AUTHENTICATION | DECLINED | CANCELLED | ERROR | DUPLICATE_REQUEST | AUTHENTICATED | DELETED or a list, did you mean "APPROVED"?
        4 |   outcome: APROVED
          |            ^^^^^^^"
    `)
  })

  test('with the key underlined, behind tabs and wide characters', () => {
    expect(whole(`${head}push: {\t"漢字": 1 }\n`)).toMatchInlineSnapshot(`
      "story.yaml:3:9 push.漢字: unknown key; known are delay, transport, errors, accounts, receipt, signature
        3 | push: {	"漢字": 1 }
          |        	^^^^^^"
    `)
  })

  test('cut around the place', () => {
    const long = 'x'.repeat(200)
    expect(
      whole(`${head}when: { accountHolderName: ${long}, locale: english, push: 1 }\n`),
    ).toMatchInlineSnapshot(`
      "story.yaml:3:238 when.locale: "english" is not allowed; expected ll_CC, such as en_US
        3 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, locale: english, push: 1 }
          |                                                                                    ^^^^^^^"
    `)
  })

  test('without card numbers, column by column', () => {
    const said = whole(
      `${head}when: { card: { number: '5123 4567-8901 2353', endsWit: 5123456789012353 } }\n`,
    )
    expect(said).toMatchInlineSnapshot(`
      "story.yaml:3:25 when.card.number: "512345******2353" is not allowed; expected 9 to 19 digits, quoted
        3 | when: { card: { number: '5123 45**-**** 2353', endsWit: 512345******2353 } }
          |                         ^^^^^^^^^^^^^^^^^^^^^
      story.yaml:3:48 when.card.endsWit: unknown key, did you mean "endsWith"?; known are number, startsWith, endsWith
        3 | when: { card: { number: '5123 45**-**** 2353', endsWit: 512345******2353 } }
          |                                                ^^^^^^^"
    `)
    expect(said).not.toMatch(/456789|789012|8901/)
  })

  test('without what would move the cursor', () => {
    expect(whole(`${head}push: "\u009b31m\u202e"\n`)).toMatchInlineSnapshot(`
      "story.yaml:3:7 push: "·31m·" is text; expected a map with delay, transport, errors, accounts, receipt, signature
        3 | push: "·31m·"
          |       ^^^^^^^"
    `)
  })
})

describe('names', () => {
  const problems = (...files: readonly [name: string, text: string][]) =>
    readScenarios(files.map(([name, text]) => ({ name, text }))).problems.map(firstLine)

  test('of another file of the folder', () => {
    expect(problems(['a/story.yaml', head], ['a/copy.yaml', head])).toEqual([
      'a/copy.yaml:1:7 name: is "story", which is the name of a/story.yaml already; a scenario is named like its file, "copy"',
    ])
  })

  test('that differ only in case, and that no scenario can have', () => {
    expect(problems(['Story.yaml', head], ['story.yaml', head])).toEqual([
      'Story.yaml:1:7 name: a scenario is named like its file, in lower-case words with dashes: rename the file to story.yaml, and name it "story" here',
      'story.yaml:1:1 the names of this file and Story.yaml differ only in case, and are one file on Windows and macOS: rename one',
    ])
  })

  test('that no scenario can have are told once', () => {
    expect(problems(['My_Story.yaml', 'name: My_Story\ndescription: A story.\n'])).toEqual([
      'My_Story.yaml:1:7 name: a scenario is named like its file, in lower-case words with dashes: rename the file to my-story.yaml, and name it "my-story" here',
    ])
  })
})

describe('a when that another file always wins over', () => {
  const file = (name: string, when: string) => ({
    name: `${name}.yaml`,
    text: `name: ${name}\ndescription: A story.\nwhen: ${when}\n`,
  })
  const warnings = (earlier: string, later: string) =>
    readScenarioSet([[], [file('b', later), file('a', earlier)]]).problems.map(firstLine)

  test.for([
    ['{ push: 2 }', '{ push: 2 }', 'push 2'],
    ['{ locale: en_US }', '{ locale: en_US, push: 2 }', 'locale en_US'],
    [
      '{ card: { number: "5123456789012353" } }',
      '{ card: { number: "5123456789012353" } }',
      'card number 512345******2353',
    ],
    [
      '{ card: { startsWith: "5123" } }',
      '{ card: { number: "5123456789012353" } }',
      'card starting with 5123',
    ],
    [
      '{ card: { startsWith: "5123" } }',
      '{ card: { startsWith: "51234", endsWith: "1" } }',
      'card starting with 5123',
    ],
    [
      '{ card: { endsWith: "53" } }',
      '{ card: { endsWith: "353" }, locale: cs_CZ }',
      'card ending with 53',
    ],
    [
      '{ accountHolderName: Jo }',
      '{ accountHolderName: Jo, tokenRequestorId: "50123197928" }',
      'accountHolderName Jo',
    ],
  ])('%s before %s', ([earlier = '', later = '', facts]) => {
    expect(warnings(earlier, later)).toEqual([
      `b.yaml:3:7 warning: when: never chooses this story: a.yaml comes first in name order, and its when (${facts}) always holds too; narrow that one, or give this file an earlier name`,
    ])
  })

  test.for([
    ['{ push: 2 }', '{ push: 3 }'],
    ['{ push: 2, locale: en_US }', '{ push: 2 }'],
    ['{ card: { startsWith: "51234" } }', '{ card: { startsWith: "5123" } }'],
    ['{ card: { startsWith: "5123" } }', '{ card: { endsWith: "5123" } }'],
    ['{ card: { number: "5123456789012353" } }', '{ card: { startsWith: "5123456789012353" } }'],
    ['{ card: { endsWith: "1" } }', '{ push: 2 }'],
  ])('but %s before %s may leave it something', ([earlier = '', later = '']) => {
    expect(warnings(earlier, later)).toEqual([])
  })

  test('is warned about beside what ships, but never in what ships', async () => {
    const builtIn = await readFolder(builtInScenarios)
    const first = file('a', '{ card: { startsWith: "5" } }')
    const late = file('zebra', '{ card: { number: "5123456789012361" } }')
    expect(readScenarioSet([builtIn, [first]]).problems).toEqual([])
    expect(readScenarioSet([builtIn, [late]]).problems.map(firstLine)).toEqual([
      expect.stringMatching(
        /declined\.yaml \(built in\) comes first in name order, .*; use another value, give this file an earlier name, or replace that one by a file declined\.yaml of yours$/,
      ),
    ])
  })
})

describe('what is possible and hardly meant is warned about', () => {
  const warnings = async (sections: string) => {
    const { values } = readTokenRequestors(await readTokenRequestorFiles([builtInScenarios]))
    return readScenarioSet([[], [{ name: 'story.yaml', text: `${head}${sections}\n` }]], values)
      .problems.map(firstLine)
      .map((line) => line.replace('story.yaml:', ''))
  }

  test('an id that no token requestor has', async () => {
    expect(await warnings('when: { tokenRequestorId: "50123197982" }')).toEqual([
      expect.stringMatching(
        /^3:27 warning: when\.tokenRequestorId: no token requestor has the id 50123197982, did you mean "50123197928"\?; known are 50123197928 \(Click to Pay\), .*, 50153069329 \(Willow Market\)$/,
      ),
    ])
    expect(
      await warnings('eligibility: { tokenRequestors: ["50123197928", "99999999999"] }'),
    ).toEqual([
      expect.stringMatching(
        /^3:49 warning: eligibility\.tokenRequestors\[1\]: no token requestor has the id 99999999999; known are/,
      ),
    ])
  })

  test('a wrong check digit', async () => {
    expect(await warnings('when: { card: { number: "5123456789012347" } }')).toEqual([
      '3:25 warning: when.card.number: 512345******2347 has a wrong check digit, as no real card has; with the last digit 6 it would be right',
    ])
  })

  test('but nothing that ships', async () => {
    const { values } = readTokenRequestors(await readTokenRequestorFiles([builtInScenarios]))
    expect(readScenarioSet([[], await readFolder(builtInScenarios)], values).problems).toEqual([])
  })
})

describe('folders', () => {
  test('the built-in scenarios are all good', async () => {
    const { values, problems } = readScenarios(await readFolder(builtInScenarios))
    expect(problems).toEqual([])
    expect(values.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['approved', 'ask', 'declined']),
    )
    for (const { description } of values) expect(description).toMatch(/^[A-Z].*\.$/)
  })

  test("a folder of one's own adds, and overrides by name", async ({ folder, write }) => {
    await write({
      'approved.yaml': 'name: approved\ndescription: Ours.\nprovision: { outcome: DECLINED }\n',
      'zebra.yaml': 'name: zebra\ndescription: New.\n',
      'notes.txt': 'not a scenario',
    })
    const { scenarios } = await loadScenarios([folder], join(folder, 'cache'))
    expect(scenarios.find(({ name }) => name === 'approved')?.description).toBe('Ours.')
    expect(scenarios.at(-1)?.name).toBe('zebra')
  })

  test('every problem of every file is told at once', async ({ folder, write }) => {
    await write({ 'a.yaml': 'name: a\n', 'b.yaml': 'nme: b\n' })
    await expect(loadScenarios([folder], join(folder, 'cache'))).rejects.toThrow(
      /a\.yaml:1:1 description: missing[\s\S]*b\.yaml:1:1 name: missing/,
    )
  })

  test('an empty folder is warned about', async ({ folder }) => {
    const empty = join(folder, 'stories')
    await mkdir(empty)
    const { warnings } = await loadScenarios([empty], join(folder, 'cache'))
    expect(warnings.map(firstLine)).toEqual([`${empty}:1:1 warning: there are no *.yaml files`])
  })

  test('a file where a folder is expected', async ({ folder, write }) => {
    await write({ 'a.yaml': '' })
    await expect(loadScenarios([join(folder, 'a.yaml')], folder)).rejects.toThrow(
      /a\.yaml: is a file; name a folder of \*\.yaml files/,
    )
  })

  test('a folder that is not there', async ({ folder }) => {
    await expect(loadScenarios([join(folder, 'nope')], folder)).rejects.toThrow(
      /nope: is not there; name a folder/,
    )
  })
})

describe('the parsed set is kept for the next process', () => {
  /** As a new process would, which remembers nothing. */
  const freshly = async (folder: string) => {
    const { vi } = await import('vitest')
    vi.resetModules()
    const module = await import('../../src/scenarios/load.ts')
    return module.loadScenarios([folder], join(folder, 'cache'))
  }
  const descriptionOf = async (folder: string) =>
    (await freshly(folder)).scenarios.find(({ name }) => name === 'own')?.description

  test('and read anew when a file has changed, or when it is damaged', async ({
    folder,
    write,
  }) => {
    const { readFile } = await import('node:fs/promises')
    const cache = join(folder, 'cache', 'scenarios.json')
    await write({ 'own.yaml': 'name: own\ndescription: One.\n' })
    expect(await descriptionOf(folder)).toBe('One.')
    const kept = JSON.parse(await readFile(cache, 'utf8'))
    kept.set.scenarios = kept.set.scenarios.map((scenario: object) => ({
      ...scenario,
      description: 'Kept.',
    }))
    await writeFile(cache, JSON.stringify(kept))
    expect(await descriptionOf(folder)).toBe('Kept.')

    await write({ 'own.yaml': 'name: own\ndescription: Two.\n' })
    expect(await descriptionOf(folder)).toBe('Two.')

    await writeFile(cache, '{"source":')
    expect(await descriptionOf(folder)).toBe('Two.')
  })

  test('with its warnings', async ({ folder, write }) => {
    await write({
      'zebra.yaml':
        'name: zebra\ndescription: Late.\nwhen: { card: { number: "5123456789012353" } }\n',
      'old.yml': 'not read',
    })
    const { warnings } = await freshly(folder)
    expect(warnings.map(({ message }) => message)).toEqual([
      'is not read, because of its ending: rename it to old.yaml',
      expect.stringContaining('approved.yaml (built in)'),
    ])
    expect((await freshly(folder)).warnings).toEqual(warnings)
  })
})

describe('editors', () => {
  test('the JSON Schema beside the scenarios is current (npm run schema)', async () => {
    const { readFile } = await import('node:fs/promises')
    const committed = await readFile(join(builtInScenarios, 'scenario.schema.json'), 'utf8')
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(jsonSchema('scenario'))))
  })

  test("each file's first line points at it", async () => {
    for (const { text } of await readFolder(builtInScenarios))
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./scenario.schema.json')
  })
})
