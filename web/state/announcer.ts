/**
 * What a screen reader hears without asking (AX-3). The message list itself is silent, because paging through
 * history inside a live region gets read aloud; this says only what is new.
 */
import { signal } from '@preact/signals'

export type Announcement = { text: string; isUrgent: boolean }

export const announcement = signal<Announcement>({ text: '', isUrgent: false })

export function announce(text: string, isUrgent = false): void {
  // The same words twice would be no change, and no change is not announced.
  const again = announcement.value.text === text ? '\u00a0' : ''
  announcement.value = { text: text + again, isUrgent }
}

/** Messages that arrive within this are announced as a number, not one by one. */
export const BURST_MS = 1_000

/**
 * Gathers arriving messages into one announcement a second.
 * @param say what to say for one message, and for several
 */
export function createBurst(say: { one: (line: string) => string; many: (count: number) => string }) {
  let lines: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    const [first] = lines
    if (first !== undefined) announce(lines.length === 1 ? say.one(first) : say.many(lines.length))
    lines = []
  }
  return {
    add(line: string): void {
      lines.push(line)
      timer ??= setTimeout(flush, BURST_MS)
    },
    stop(): void {
      clearTimeout(timer)
      lines = []
    },
  }
}
