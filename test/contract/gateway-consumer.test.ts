import { join } from 'node:path'
import { test as base, describe, expect } from 'vitest'
import { type Failure, failureOfAnswer } from '../../src/issuer/bank-failures.ts'
import type { PushResult } from '../../src/issuer/client.ts'
import { dataDirectory } from '../support/data-directory.ts'
import { projectOf } from '../support/journey.ts'
import { contracts, noPact, type Recorder, recorded, recordPush } from '../support/pact.ts'
import { createSimulator } from '../support/simulator.ts'

type Refusal = {
  readonly scenario: string
  readonly description: string
  readonly status: number
  readonly reasonCode: string
  /** Seconds, of `Retry-After`. */
  readonly wait?: number
  readonly bank: Partial<Failure>
}

/** Refused as a whole, in the order in which Pact writes them. */
const refusals: readonly Refusal[] = [
  {
    scenario: 'wire-quota-exceeded',
    description: 'a push beyond the quota',
    status: 429,
    reasonCode: 'QUOTA_EXCEEDED',
    wait: 30,
    bank: { mayTryAgain: true, advice: expect.stringContaining('in 30 seconds') },
  },
  {
    scenario: 'ineligible-project',
    description: 'a push of a project without access',
    status: 401,
    reasonCode: 'DECLINED',
    bank: { mayTryAgain: false, isRefusal: false },
  },
  {
    scenario: 'ineligible-issuer',
    description: 'a push of an issuer whose onboarding is not finished',
    status: 200,
    reasonCode: 'AUTHORIZATION_FAILED',
    bank: { mayTryAgain: false, heading: 'We cannot add cards right now' },
  },
  {
    scenario: 'wire-failure-behind-gateway',
    description: 'a push that fails behind the gateway',
    status: 200,
    reasonCode: 'INTERNAL_SERVICE_FAILURE',
    bank: { mayTryAgain: true, isRefusal: true },
  },
  {
    scenario: 'wire-unavailable',
    description: 'a push while the service is unavailable',
    status: 503,
    reasonCode: 'SERVICE_UNAVAILABLE',
    wait: 5,
    bank: { mayTryAgain: true, advice: expect.stringContaining('in 5 seconds') },
  },
]

type Recorded = { readonly results: ReadonlyMap<Refusal, PushResult>; readonly contract: string }

const test = base.extend(
  'recorded',
  { scope: 'file' },
  (): Promise<Recorded> => recorded({ consumer: 'issuer', provider: 'gateway' }, recordRefusals),
)

describe.skipIf(noPact !== '')(
  `the issuer's client as the consumer of what refuses a whole push${noPact}`,
  () => {
    test.for(refusals)(
      '$description: $status $reasonCode',
      (refusal, { recorded: { results } }) => {
        const result = results.get(refusal) as PushResult

        expect(result).toMatchObject({
          accepted: false,
          status: refusal.status,
          errors: [{ reasonCode: refusal.reasonCode }],
        })
        expect(failureOfAnswer(result)).toMatchObject(refusal.bank)
      },
    )

    test('contracts/issuer-gateway.json is what was recorded (if not: npx vitest run test/contract --update)', async ({
      recorded: { contract },
    }) => {
      await expect(contract).toMatchFileSnapshot(join(contracts, 'issuer-gateway.json'))
    })
  },
)

async function recordRefusals(recorder: Recorder): Promise<Omit<Recorded, 'contract'>> {
  const project = await projectOf(await createSimulator({ data: dataDirectory }))
  const results = new Map<Refusal, PushResult>()
  for (const refusal of refusals) {
    const { scenario, description, status, wait } = refusal
    const result = await recordPush(recorder, project, {
      scenario,
      description,
      status,
      answer: refusalBody(refusal, recorder.matchers),
      ...(wait !== undefined && {
        answerHeaders: { 'Retry-After': recorder.matchers.regex('^\\d+$', String(wait)) },
      }),
    })
    results.set(refusal, result)
  }
  return { results }
}

/** The gateway begins its members with capitals, and MDES behind it answers 200. */
function refusalBody({ status, reasonCode }: Refusal, { string }: Recorder['matchers']): object {
  return status === 200
    ? { errors: [{ source: string('MDES'), reasonCode }] }
    : { Errors: { Error: [{ Source: string('Gateway'), ReasonCode: reasonCode }] } }
}
