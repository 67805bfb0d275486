/** Words that people write for the ones these files know. What stands behind a colon is said along with the word. */
const synonyms: ReadonlyMap<string, readonly string[]> = new Map([
  ['trid', ['tokenRequestorId']],
  ['cardnumber', ['number', 'card: { number: … }']],
  ['pan', ['number', 'card: { number: … }']],
  ['language', ['locale']],
  ['sms', ['text']],
  ['success', ['completed', 'APPROVED']],
  ['forged', ['tampered', 'wrong-key']],
])

/** Those of `known` that somebody else has another word for. */
export function synonymsOf(word: string, known: readonly string[]): readonly string[] {
  return (synonyms.get(word.toLowerCase()) ?? []).filter((meant) =>
    known.includes(meant.replace(/:.*/, '')),
  )
}
