/** localStorage that may be blocked, full or hold what an older version wrote: then it is simply empty. */

/** Everything under it belongs to the person who is signed in, and goes with them. */
export const PRIVATE_PREFIX = 'edgewise.private.'

/** The JSON value under a key, or null. Callers check its shape. */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null')
  } catch {
    return null
  }
}

/** Keeps a JSON value; null removes it. */
export function writeStored(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // Full or blocked: what is on screen still works, only the next visit starts without it.
  }
}

/** Removes every key that starts with `prefix`: what sign-out must leave no trace of. */
export function clearStored(prefix: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix)) localStorage.removeItem(key)
    }
  } catch {
    // Blocked: then nothing was ever kept.
  }
}
