import type { Context, Hono } from 'hono'
import type { VirtualClock } from '../clock.ts'
import { refuse } from '../errors.ts'
import type { Tenants } from '../tenants.ts'

/** `/__simulator/clock`: the virtual clock of one issuer. */
export function clockRoutes(
  app: Hono,
  {
    tenants,
    defaultConsumerKey,
  }: { readonly tenants: Tenants; readonly defaultConsumerKey: string },
): void {
  const clockOf = (c: Context) => tenants.clockOf(c.req.query('consumerKey') ?? defaultConsumerKey)
  const told = (c: Context, clock: VirtualClock) =>
    c.json({ now: new Date(clock.now()).toISOString(), frozen: clock.isFrozen })

  app.get('/__simulator/clock', (c) => told(c, clockOf(c)))
  app.put('/__simulator/clock', async (c) => {
    const { clockChange, readBody } = await import('./bodies.ts')
    const { now, frozen } = readBody(await c.req.text(), clockChange)
    const clock = clockOf(c)
    const time = now === undefined ? undefined : new Date(now)
    // In one step: a running clock that is set and then stopped has gone on in between.
    if (frozen ?? clock.isFrozen) clock.freeze(time)
    else {
      clock.run()
      if (time !== undefined) clock.set(time)
    }
    return told(c, clock)
  })
  app.post('/__simulator/clock/advance', async (c) => {
    const { clockAdvance, readBody } = await import('./bodies.ts')
    const clock = clockOf(c)
    const { milliseconds } = readBody(await c.req.text(), clockAdvance)
    try {
      clock.advance(milliseconds)
    } catch (error) {
      refuse('BODY_INVALID', `milliseconds: ${(error as Error).message}`)
    }
    return told(c, clock)
  })
  app.delete('/__simulator/clock', (c) => {
    clockOf(c).resume()
    return c.body(null, 204)
  })
}
