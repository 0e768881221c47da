/** Where the day starts for the person in front of the screen; labels such as "Yesterday" hang on it (CL-3). */
import { signal } from '@preact/signals'

export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

/** Local midnight, ms since 1970. Summer time makes some days 23 or 25 hours long: the calendar is asked. */
export function nextMidnight(at: number): number {
  const day = new Date(at)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime()
}

export const today = signal(startOfDay(Date.now()))

/** Now, to the minute: what "5 min ago" and the end of a mute hang on. */
export const minute = signal(Date.now())

const MINUTE_MS = 60_000

/**
 * Moves `minute` on while the page is visible.
 * @returns stops it
 */
export function followMinutes(): () => void {
  const tick = () => {
    if (document.visibilityState === 'visible') minute.value = Date.now()
  }
  const timer = setInterval(tick, MINUTE_MS)
  document.addEventListener('visibilitychange', tick)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}

/**
 * Moves `today` on at local midnight, and when a laptop wakes up on another day.
 * @returns stops it
 */
export function followMidnight(): () => void {
  let timer: ReturnType<typeof setTimeout>
  const roll = () => {
    clearTimeout(timer)
    today.value = startOfDay(Date.now())
    timer = setTimeout(roll, nextMidnight(Date.now()) - Date.now() + 50)
  }
  roll()
  document.addEventListener('visibilitychange', roll)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', roll)
  }
}
