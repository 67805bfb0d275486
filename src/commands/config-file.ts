import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'

/** What is read when nobody names a file, if it is there. */
const usualConfigFile = 'mdes-simulator.yaml'

/** @throws {SetupError} with every problem of the file. */
export async function configOf(file: string | undefined): Promise<Config> {
  if (file === undefined && !existsSync(usualConfigFile)) return { issuers: [] }
  const { readConfig } = await import('../config.ts')
  return readConfig(file ?? usualConfigFile)
}
