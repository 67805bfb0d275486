/* `${BANK_PASSWORD}` in a file that a person wrote: what must not stand there comes from the environment. */

/** The variables of a process, by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A text with the values in place, and those values; or what is wrong with it. */
export type Filled =
  | { readonly text: string; readonly values: readonly string[]; readonly fault?: never }
  | { readonly fault: string; readonly text?: never; readonly values?: never }

/** An escaped `${`, a whole `${NAME}`, or the beginning of something else. */
const references = /\$\$\{|\$\{([A-Za-z_]\w*)\}|\$\{/g

/** Puts values of the environment in the place of their names; `$${` is a `${` that means nothing. */
export function filledFrom(environment: Environment, text: string): Filled {
  const values: string[] = []
  const faults: string[] = []
  const filled = text.replace(references, (reference, name?: string) => {
    if (reference === '$${') return '${'
    if (name === undefined) {
      faults.push(
        `\${ begins the name of an environment variable, such as \${BANK_PASSWORD}; write $\${ where these two characters are meant`,
      )
      return ''
    }
    const value = environment[name]
    // A secret that a pipeline does not give to this branch is an empty text there.
    if (value === undefined || value === '')
      faults.push(
        `the environment variable ${name} is ${value === undefined ? 'not set' : 'empty'}; set it, or write $\${ where these two characters are meant`,
      )
    else values.push(value)
    return value ?? ''
  })
  const [fault] = faults
  return fault === undefined ? { text: filled, values } : { fault }
}

/** Cuts out what came from the environment, however URLs, forms, pages and JSON spell it. */
export function withoutValues(values: readonly string[]): (text: string) => string {
  if (values.length === 0) return (text) => text
  // Of one that is part of another, nothing may be left.
  const longestFirst = [...values].sort((one, other) => other.length - one.length)
  const any = new RegExp(
    longestFirst.map((value) => [...value].map(spellings).join('')).join('|'),
    'gi',
  )
  return (text) => text.replace(any, '(secret)')
}

/** All that stands for one character. */
function spellings(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const named = entities[character]
  return `(?:${[
    character.replace(/[.*+?^$()[\]{}|\\/-]/g, '\\$&'),
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
      .join(''),
    `&#0*${code};`,
    `&#x0*${code.toString(16)};`,
    `\\\\u${code.toString(16).padStart(4, '0')}`,
    ...(named === undefined ? [] : [named]),
    ...(character === ' ' ? ['\\+'] : []),
    ...(character === '"' || character === '\\' ? [`\\\\\\${character}`] : []),
  ].join('|')})`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
