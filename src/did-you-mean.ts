import { closest, distance } from 'fastest-levenshtein'

/** The known word that was probably meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  // Case and the way words are joined are the most frequent slips.
  const found = known.find((candidate) => isSameWord(candidate, word))
  if (found !== undefined) return found
  const candidate = closest(word, [...known])
  const changes = distance(word.toLowerCase(), candidate.toLowerCase())
  // Of a word of two or three letters hardly anything may be changed, or everything is near.
  const near = changes <= Math.max(2, word.length / 3) && changes < candidate.length - 1
  return near ? candidate : undefined
}

/** To be put behind a message: nothing, or what was probably meant. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  return meant === undefined ? '' : `, did you mean "${meant}"?`
}

/** But for case, and the way its parts are joined. */
export function isSameWord(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[_-]/g, '')
}
