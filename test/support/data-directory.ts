import { fileURLToPath } from 'node:url'

/** Shared by all tests: keys are slow to make, and any simulator may use them. `npm ci` removes it. */
export const dataDirectory = fileURLToPath(
  new URL('../../node_modules/.cache/mdes-simulator-tests', import.meta.url),
)
