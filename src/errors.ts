/**
 * Whoever runs the simulator must act: a file, a flag or a port is wrong. The message names the thing, where it is
 * and what would be right; nothing else needs to be printed.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'
  /** Each thing that is wrong, in one line where there are several; otherwise the message. */
  readonly problems: readonly string[]
  /** How much is wrong in all, where there are files to be counted. */
  readonly toll: string | undefined

  constructor(
    message: string,
    {
      problems = [message],
      toll,
      ...options
    }: ErrorOptions & { problems?: readonly string[]; toll?: string } = {},
  ) {
    super(message, options)
    this.problems = problems
    this.toll = toll
  }
}

/** Why the file system does not give a file or a folder, to be put behind its name. */
export function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  const reasons = new Map([
    ['ENOENT', 'is not there'],
    ['ENOTDIR', 'is a file'],
    ['EACCES', 'may not be read'],
  ])
  return reasons.get(code ?? '') ?? `cannot be read (${code})`
}

/** One thing that is wrong with what a caller sent. */
export type Fault = {
  /** Stable: a reason code of the wire, or the name of a problem page. */
  readonly code: string
  /** For people, in the journal only: what was expected, what came, the likely cause. */
  readonly because: string
  /** What the wording on the wire and the explanation are made from, such as the name of a field. */
  readonly facts?: Readonly<Record<string, string>>
  /** Found by trying: for the journal and the terminal, never for the wire. */
  readonly explanation?: Explanation
}

/** Why something was refused. */
export type Explanation = {
  /** Likeliest first. */
  readonly causes: readonly Cause[]
  readonly comparisons: readonly Comparison[]
}

/** One mistake that would have this effect. */
export type Cause = {
  /** Stable, such as `QUERY_NOT_SIGNED`. */
  readonly code: string
  /** What was tried, and what it showed. */
  readonly because: string
  /** What to do about it. */
  readonly fix: string
  /** Whether trying it proved it; otherwise it is only likely. */
  readonly proven: boolean
}

/** What was expected beside what came. */
export type Comparison = {
  /** Such as `signature base string`. */
  readonly what: string
  readonly expected: string
  /** Absent when it cannot be known, because no attempt found it. */
  readonly received?: string
  /** Index of the first character that differs, when both are known. */
  readonly differsAt?: number
}

/**
 * Called with what would be refused, were it not for an assumption: notes it, or with `--pedantic` refuses it.
 *
 * @throws {Refusal} with this fault.
 */
export type Tolerate = (fault: Fault) => void

/** Whoever called must act. How it sounds on the wire is the business of the part that answers. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly faults: readonly [Fault, ...Fault[]]

  constructor(...faults: readonly [Fault, ...Fault[]]) {
    super(faults.map((fault) => fault.because).join('; '))
    this.faults = faults
  }
}

/** @throws {Refusal} always, with this one fault. */
export function refuse(code: string, because: string, facts?: Fault['facts']): never {
  throw new Refusal(facts === undefined ? { code, because } : { code, because, facts })
}
