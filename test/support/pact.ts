/** Why Pact's native library cannot be used on this machine; empty when it can. */
export const noPact = await import('@pact-foundation/pact-core')
  .then(({ getFfiLib, setLogLevel }) => {
    setLogLevel('error')
    getFfiLib('error')
  })
  .then(
    () => '',
    (error: Error) => `; skipped: ${error.message.split('\n')[0]}`,
  )
