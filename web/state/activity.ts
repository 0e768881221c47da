/**
 * How this tab is (PR-1): online while somebody uses it, away after ten minutes without a touch or five out of
 * sight. Looking away for a moment is neither: visibility counts once it has lasted.
 */
import { AWAY_HIDDEN_MS, AWAY_IDLE_MS } from '../../src/protocol/index.ts'

/** Shorter glances at another tab change nothing. */
const SETTLE_MS = 5_000
/** A moving pointer says the same a hundred times a second: once in this time is enough. */
const INPUT_EVERY_MS = 5_000

export type TabActivity = 'online' | 'away'

export type Activity = {
  /** A key, a pointer, a scroll. */
  input(): void
  visible(isVisible: boolean): void
  stop(): void
}

/** @param tell called with each change, and not for the first `online`, which is what everyone assumes */
export function trackActivity(tell: (activity: TabActivity) => void, isVisible: boolean): Activity {
  let told: TabActivity = 'online'
  let isSeen = isVisible
  let inputAt = Date.now()
  let settle: ReturnType<typeof setTimeout> | undefined
  let away: ReturnType<typeof setTimeout> | undefined
  const become = (activity: TabActivity) => {
    if (activity === told) return
    told = activity
    tell(activity)
  }
  const wait = (ms: number) => {
    clearTimeout(away)
    away = setTimeout(() => become('away'), ms)
  }
  wait(isVisible ? AWAY_IDLE_MS : AWAY_HIDDEN_MS)
  return {
    input() {
      const now = Date.now()
      if (!isSeen || (told === 'online' && now - inputAt < INPUT_EVERY_MS)) return
      inputAt = now
      become('online')
      wait(AWAY_IDLE_MS)
    },
    visible(isVisibleNow) {
      clearTimeout(settle)
      if (isVisibleNow === isSeen) return
      settle = setTimeout(() => {
        isSeen = isVisibleNow
        // The five seconds that it took to be sure count.
        if (!isSeen) return wait(AWAY_HIDDEN_MS - SETTLE_MS)
        inputAt = Date.now()
        become('online')
        wait(AWAY_IDLE_MS)
      }, SETTLE_MS)
    },
    stop() {
      clearTimeout(settle)
      clearTimeout(away)
    },
  }
}

/** Watches this page. @returns stops it */
export function followActivity(tell: (activity: TabActivity) => void): () => void {
  const activity = trackActivity(tell, document.visibilityState === 'visible')
  const touched = () => activity.input()
  const look = () => activity.visible(document.visibilityState === 'visible')
  const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const
  for (const name of inputs) addEventListener(name, touched, { passive: true, capture: true })
  document.addEventListener('visibilitychange', look)
  return () => {
    activity.stop()
    for (const name of inputs) removeEventListener(name, touched, { capture: true })
    document.removeEventListener('visibilitychange', look)
  }
}
