import type { NewCardholder } from './cardholder.ts'
import { cookieJar } from './cookie-jar.ts'
import { httpBankVisit } from './http-bank-visit.ts'
import { httpClickToPayVisit } from './http-click-to-pay-visit.ts'

/** Without a browser: by HTTP, with cookies and without scripts. */
export const httpCardholder: NewCardholder = async (journey) => {
  const cookies = cookieJar()
  return {
    atTheBank: httpBankVisit(journey, cookies),
    throughClickToPay: httpClickToPayVisit(journey, cookies),
    close: async () => undefined,
  }
}
