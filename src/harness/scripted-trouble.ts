import type { Delay, Scenario } from '../scenarios/schema.ts'
import type { Explained } from './explained.ts'

/* Which keys of a scenario are behind what went wrong, as its author wrote them: `provision.delay: 3000`. */

/** What holds back the callback once the bank pushes; empty where nothing does. */
export function delaysOf({ gateway, push, provision, callback }: Scenario): readonly string[] {
  const { send, delay } = callback ?? {}
  return [
    ...delayOf('gateway', gateway?.delay),
    ...delayOf('push', push?.delay),
    ...delayOf('provision', provision?.delay),
    // What comes twice comes late, too.
    ...(send === 'late' || send === 'twice' ? [`callback.send: ${send}`] : []),
    ...delayOf('callback', delay),
  ]
}

function delayOf(section: string, delay: Delay | undefined): readonly string[] {
  if (delay === undefined) return []
  return [`${section}.delay: ${typeof delay === 'number' ? delay : `[${delay.join(', ')}]`}`]
}

/** What may have lost the answer to an exchange; empty where nothing of the scenario does. */
export function lossesOf(
  { gateway, push, provision }: Scenario,
  { to, asks }: Pick<Explained, 'to' | 'asks'>,
): readonly string[] {
  const isPush = asks.includes('push')
  const sections = to === 'click-to-pay' ? { provision } : { gateway, ...(isPush && { push }) }
  return Object.entries(sections).flatMap(([section, { delay, transport } = {}]) => [
    ...delayOf(section, delay),
    ...(transport === undefined ? [] : [`${section}.transport: ${transport}`]),
  ])
}
