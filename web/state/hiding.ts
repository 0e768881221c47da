import { client } from './client.ts'

/**
 * A page that is hidden may never be seen again, and is told no more than that: what is held is written down.
 * @returns stops it
 */
export function followHiding(): () => void {
  // Told on every way out of sight, and on the way back, where there is little to write.
  document.addEventListener('visibilitychange', client.keep)
  return () => document.removeEventListener('visibilitychange', client.keep)
}
