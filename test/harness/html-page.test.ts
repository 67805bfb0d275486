import { describe, expect, test } from 'vitest'
import { readPage } from '../../src/harness/html-page.ts'
import { says } from '../../src/harness/issuer-file.ts'

/** What a step sends from a page, in one line; or what the page lacks. */
async function sent(html: string, step: Parameters<ReturnType<typeof readPage>['request']>[0]) {
  const request = readPage(html, 'http://bank.test/a/b?c=d').request(step)
  if (!(request instanceof Request)) return `lacks ${request.expected}`
  const body = await request.text()
  return [request.method, request.url, ...(body === '' ? [] : [body])].join(' ')
}

describe('a page sends what a browser without JavaScript would', () => {
  test.for<[html: string, step: Parameters<typeof sent>[1], expected: string]>([
    [
      '<a href=x?y=1&amp;z=2>Go  <b>on</b></a>',
      { click: 'go on' },
      'GET http://bank.test/a/x?y=1&z=2',
    ],
    ['<base href=/z/><a href=x>Go</a>', { click: 'Go' }, 'GET http://bank.test/z/x'],
    [
      '<form><input name=q value=1></form>',
      { fill: { q: 'ä b' } },
      'GET http://bank.test/a/b?q=%C3%A4+b',
    ],
    [
      '<form method=post action=/p><input type=hidden name=t value=1><input type=submit value=Send></form>',
      { click: 'Send' },
      'POST http://bank.test/p t=1',
    ],
    [
      '<form method=post><select name=s><option>One<option value=2 selected>Two</select><button name=b value=1>A</button><button name=b value=2>B</button></form>',
      { click: { button: 'b', value: '2' } },
      'POST http://bank.test/a/b?c=d s=2&b=2',
    ],
    [
      '<form method=post><input type=radio name=r value=1 checked><input type=radio name=r value=2><input type=checkbox name=c checked><input name=d disabled><button>Send</button></form>',
      { fill: { r: '2', c: 'false' }, click: 'Send' },
      'POST http://bank.test/a/b?c=d r=2',
    ],
    [
      '<form method=post><input name=u><button formaction=/other>Send</button></form>',
      { fill: { u: 'me' } },
      'POST http://bank.test/other u=me',
    ],
    [
      '<form action=/1 method=post><button>Send</button></form><form action=/2 method=post><input name=u><button>Send</button></form>',
      { fill: { u: 'me' }, click: 'Send' },
      'POST http://bank.test/2 u=me',
    ],
    [
      '<noscript><form method=post action=/on><button>Continue</button></form></noscript>',
      { click: 'Continue' },
      'POST http://bank.test/on',
    ],
    [
      '<a href="javascript:go()">Go</a>',
      { click: 'Go' },
      'lacks a link "Go" that works without JavaScript, which is not run here',
    ],
    [
      '<button>Go</button>',
      { click: 'Go' },
      'lacks a button "Go" that sends a form; JavaScript is not run here',
    ],
    [
      '<form><input type=radio name=r value=1></form>',
      { fill: { r: '2' } },
      'lacks the choice "2" in the field "r"',
    ],
    [
      '<form><button>Add one</button><button>Add two</button></form>',
      { click: 'Add' },
      'lacks a button or a link "Add"',
    ],
    [
      '<form><button name=card value="&quot;1">Add</button></form>',
      { click: 'card="1' },
      'GET http://bank.test/a/b?card=%221',
    ],
  ])('%s', async ([html, step, expected]) => {
    expect(await sent(html, step)).toBe(expected)
  })

  test('and goes on by itself where it says so', () => {
    const page = readPage('<meta http-equiv=Refresh content="1; URL=/next">', 'http://bank.test/a')
    expect(page.goesTo).toBe('http://bank.test/next')
  })

  test('a step that does not fit is told what there is', () => {
    const page = readPage(
      '<title>Bank</title><div id=app></div><script src=/app.js></script>',
      'http://bank.test/',
    )
    expect(page.offers).toBe('the page "Bank" with nothing to click; its scripts are not run here')
  })
})

describe('the words of a page', () => {
  const { text } = readPage(
    '<title>T</title><h1>Your <em>card</em></h1><p>is\n in<br>Click to Pay<script>x</script><p hidden>not</p><style>y</style>',
    'http://bank.test/',
  )
  test('are its lines', () => {
    expect(text).toBe('Your card\nis in\nClick to Pay')
  })

  test.for([
    ['Your card is', true],
    ['your card', false],
    ['/^your card$/i', true],
    ['/^card/', false],
    ['(', false],
  ] as const)('%s: %s', ([wanted, expected]) => {
    expect(says(text, wanted)).toBe(expected)
  })
})
