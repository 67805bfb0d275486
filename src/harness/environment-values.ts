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

/** Cuts out what came from the environment, as it is and as URLs, forms and pages have it. */
export function withoutValues(values: readonly string[]): (text: string) => string {
  const written = values
    .flatMap((value) => [
      value,
      encodeURIComponent(value),
      new URLSearchParams([['', value]]).toString().slice(1),
      value.replace(/[&<>"']/g, (character) => entities[character] ?? ''),
      JSON.stringify(value).slice(1, -1),
    ])
    // Of one that is part of another, nothing may be left.
    .sort((one, other) => other.length - one.length)
  return (text) => written.reduce((left, one) => left.replaceAll(one, '(secret)'), text)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
