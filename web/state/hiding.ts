import { client } from './client.ts'

/**
 * A page that is hidden may never be seen again, and is told no more than that: what is held is written down.
 * @returns stops it
 */
export function followHiding(): () => void {
  const hidden = () => {
    if (document.visibilityState === 'hidden') client.keep()
  }
  document.addEventListener('visibilitychange', hidden)
  addEventListener('pagehide', client.keep)
  return () => {
    document.removeEventListener('visibilitychange', hidden)
    removeEventListener('pagehide', client.keep)
  }
}
