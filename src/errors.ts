/**
 * Whoever runs the simulator must act: a file, a flag or a port is wrong. The message names the thing, where it is
 * and what would be right; nothing else needs to be printed.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'
}

/** One thing that is wrong with what a caller sent. */
export type Fault = {
  /** Stable: a reason code of the wire, or the name of a problem page. */
  readonly code: string
  /** For people, in the journal only: what was expected, what came, the likely cause. */
  readonly because: string
  /** What the wording on the wire is made from, such as the name of a field. */
  readonly facts?: Readonly<Record<string, string>>
}

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
