import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Whether a program of the machine can be run at all. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--help'], { stdio: 'ignore' }).error === undefined
}

/** Debian's Chromium, or the one that CHROMIUM names. */
export const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromium)
