import { type FSWatcher, statSync, watch } from 'node:fs'
import { join } from 'node:path'

/** How long nothing must happen: editors save in several writes, or as unlink + add. */
const settlingMs = 100

/** How often folders are looked for that are not there, or were replaced by others. */
const pollMs = 500

/**
 * Calls `reload` when files of scenarios or token requestors have changed; and once at the beginning, for what was saved during the
 * start. One call at a time; what happens during a call is followed by one more.
 *
 * @param folders they may vanish and come back, and so may their `token-requestors`.
 * @param reload must not throw.
 */
export function watchScenarios(
  folders: readonly string[],
  reload: () => Promise<void>,
): { close(): void } {
  const places = folders.flatMap((folder) => [folder, join(folder, 'token-requestors')])
  let watchers: readonly FSWatcher[] = []
  let watched = ''
  let settling: NodeJS.Timeout | undefined
  let isReloading = false
  let isStale = false
  let isClosed = false

  function stir(): void {
    clearTimeout(settling)
    settling = setTimeout(() => void settled(), settlingMs)
  }

  async function settled(): Promise<void> {
    isStale = true
    if (isReloading) return
    isReloading = true
    try {
      while (isStale && !isClosed) {
        isStale = false
        // Before the files are read, so that nothing is missed in between; and always, because a watcher stays with a folder that was
        // deleted or renamed.
        watchAnew()
        await reload()
      }
    } finally {
      isReloading = false
    }
  }

  function watchAnew(): void {
    for (const watcher of watchers) watcher.close()
    watched = identities()
    watchers = places.flatMap((place) => {
      try {
        const watcher = watch(place, { persistent: false }, (_event, name) => {
          if (name === null || concerns(name)) stir()
        })
        // Windows, when the folder is deleted.
        return [watcher.on('error', stir)]
      } catch (error) {
        // Such as too many watchers on this machine: each poll then reads the files.
        if (!isMissing(error)) watched = 'not all'
        return []
      }
    })
  }

  const identities = () => places.map(identityOf).join()
  const poll = setInterval(() => {
    if (identities() !== watched) stir()
  }, pollMs)
  poll.unref()
  watchAnew()
  stir()

  return {
    close() {
      isClosed = true
      clearTimeout(settling)
      clearInterval(poll)
      for (const watcher of watchers) watcher.close()
    },
  }
}

/**
 * What may be a scenario, a token requestor, a logo or a folder (`..data` is where Kubernetes keeps mounted files). A log that is
 * written beside them must not keep the folder from settling.
 */
function concerns(name: string): boolean {
  return /\.(?:ya?ml|svg|png)$|^[^.]*$|^\.\./.test(name)
}

/** Differs when another folder has taken the place of one. */
function identityOf(folder: string): string {
  try {
    const { dev, ino, birthtimeMs } = statSync(folder)
    return `${dev}:${ino}:${birthtimeMs}`
  } catch {
    return 'missing'
  }
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}
