import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { newDevice } from '../keys/identifiers.ts'
import type { ClickToPayParts, Visitor } from './answer.ts'
import type { VisitState } from './visits.ts'

/* "Remember me": a cookie that names a device, and says nothing else. */

/** Cookies are shared across ports, hence the name. */
const cookieName = 'mdes_simulator_device'

/** Only with extFlow=true: without it there is no "remember me". */
export function deviceOf(c: Context, { opening }: Visitor): string | undefined {
  return opening.extFlow ? getCookie(c, cookieName) : undefined
}

export function rememberDevice(
  c: Context,
  { arrival: { pushes }, opening }: Visitor,
  visit: string,
  { email, consumerKey }: VisitState,
  remember: boolean,
  { visits }: ClickToPayParts,
): void {
  const attributes = { path: '/provision', httpOnly: true, sameSite: 'Lax' } as const
  if (!remember) {
    const device = getCookie(c, cookieName)
    if (device !== undefined) visits.forgetDevice(device)
    deleteCookie(c, cookieName, attributes)
    return
  }
  if (!opening.extFlow || email === undefined) return
  const device = newDevice(pushes[0].root, visit)
  visits.remember(device, consumerKey, email)
  const secure = new URL(c.req.url).protocol === 'https:'
  setCookie(c, cookieName, device, { ...attributes, secure, maxAge: 31_536_000 })
}
