import { z } from 'zod'
import { scenarioFile } from './schema.ts'
import { tokenRequestorFile } from './token-requestor-schema.ts'

const files = { scenario: scenarioFile, 'token-requestor': tokenRequestorFile }
/** What a person may write a file about. */
export type FileKind = keyof typeof files

/** The JSON Schema that editors complete and check files of this kind with. */
export function jsonSchema(kind: FileKind): object {
  return {
    title: `mdes-simulator ${kind}`,
    ...z.toJSONSchema(files[kind], { io: 'input' }),
  }
}
