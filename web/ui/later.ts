/**
 * Parts that come after the page stands. Unlike `lazy`, what could not come is asked for again the next time:
 * who was in a tunnel once must not be without it until they reload.
 */
import { useEffect, useState } from 'preact/hooks'
import { whenIdle } from '../state/idle.ts'

export type Later<T> = { loaded: T | null; load(): Promise<T> }

export function later<T>(load: () => Promise<T>): Later<T> {
  const part: Later<T> = {
    loaded: null,
    async load() {
      part.loaded ??= await load()
      return part.loaded
    },
  }
  return part
}

/**
 * Null until it is there. Without `onFail` nobody waits for it: then it comes when nothing else is to be done,
 * and does without a word where it cannot.
 */
export function useLater<T>(part: Later<T>, onFail?: () => void): T | null {
  const [, redraw] = useState(false)
  useEffect(() => {
    if (part.loaded !== null) return
    const load = () => void part.load().then(() => redraw(true), onFail ?? (() => {}))
    if (!onFail) return whenIdle(load)
    load()
  }, [])
  return part.loaded
}

/**
 * Null until it is there and wanted. It comes when nothing else is to be done, so that it is there when it is
 * wanted, or at once where that is earlier. Who does not want it any more is not told that it could not come.
 */
export function useWanted<T>(part: Later<T>, isWanted: boolean, onFail: () => void): T | null {
  const [, redraw] = useState(0)
  useEffect(() => {
    if (part.loaded !== null) return
    const load = (failed: () => void) => void part.load().then(() => redraw((count) => count + 1), failed)
    if (!isWanted) return whenIdle(() => load(() => {}))
    let isWaiting = true
    load(() => isWaiting && onFail())
    return () => {
      isWaiting = false
    }
  }, [isWanted])
  return isWanted ? part.loaded : null
}
