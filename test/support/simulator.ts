import {
  createSimulator as create,
  type Simulator,
  type SimulatorOptions,
} from '../../src/simulator.ts'
import { conforming } from './conformance.ts'

/** A simulator whose every answer must be as its own OpenAPI document says. */
export async function createSimulator(options?: SimulatorOptions): Promise<Simulator> {
  return conforming(await create(options))
}
