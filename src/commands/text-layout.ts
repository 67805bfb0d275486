/* Plain text for a terminal of 88 columns. */

const width = 88

/** Lines that begin with spaces, or the first with something of the same length. */
export function paragraph(text: string, indent: number, first = ' '.repeat(indent)): string {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    if (line.length > indent && line.trim() !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = ' '.repeat(indent)
    }
    line += line.length === indent ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}

/** A list of names and what is said of each, which begins in the same column. */
export function table(rows: readonly (readonly [string, string])[], indent: number): string {
  const names = Math.max(...rows.map(([name]) => name.length))
  const column = indent + names + 2
  return rows
    .map(([name, text]) => paragraph(text, column, `${' '.repeat(indent)}${name}`.padEnd(column)))
    .join('\n')
}

/** Like {@link table}, but one line each; what does not fit is cut. */
export function shortTable(rows: readonly (readonly [string, string])[], indent: number): string {
  const column = indent + Math.max(...rows.map(([name]) => name.length)) + 2
  const room = 100 - column
  return rows
    .map(([name, text]) => {
      const fitting =
        text.length <= room ? text : `${text.slice(0, room - 3).replace(/[ ,:;.]+\S*$/, '')}...`
      return `${' '.repeat(indent)}${name}`.padEnd(column) + fitting
    })
    .join('\n')
}
