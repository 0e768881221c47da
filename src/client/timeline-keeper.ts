/**
 * Carries a timeline over from one life of the page to the next. It is a copy that may be missing: whatever the
 * disk does, the conversation goes on, and the server is asked for what the copy lacks.
 */
import { DISK_WITHIN_MS, KEEP_EVERY_MS } from '../protocol/index.ts'
import { type KeptTimeline, SHAPE, trimmed } from './kept-timeline.ts'
import type { Clock, Timer } from './platform.ts'
import type { Store } from './store.ts'
import type { Timeline } from './timeline.ts'

export type TimelineKeeperOptions = {
  userId: string
  conversationId: string
  store: Store
  clock: Clock
  timeline: Timeline
  /** What else is known as of the timeline's place. */
  aside: () => Pick<KeptTimeline, 'pins' | 'reads'>
  /** The timeline was filled from disk. */
  onRestored: (kept: KeptTimeline) => void
}

export class TimelineKeeper {
  readonly #options: TimelineKeeperOptions
  #ready: Promise<void> | undefined
  #timer: Timer | undefined
  #isDirty = false
  /** Not a member any more, or signed out: nothing that was said may be written down again. */
  #isStopped = false

  constructor(options: TimelineKeeperOptions) {
    this.#options = options
  }

  /** When the disk has answered, or has had its time: the socket waits for this and no longer. */
  get ready(): Promise<void> {
    return this.#ready ?? Promise.resolve()
  }

  /** Fills the timeline from disk, once, where nothing has filled it yet. */
  open(): void {
    // Being looked at is use, also where nothing new comes: it is written down with the next copy.
    this.changed()
    if (this.#ready || this.#options.timeline.isLoaded) return
    const { clock } = this.#options
    this.#ready = new Promise((resolve) => {
      const timer = clock.setTimer(resolve, DISK_WITHIN_MS)
      void this.#read().then(() => {
        clock.clearTimer(timer)
        resolve()
      })
    })
  }

  /** Something was applied: it is written soon, together with what follows. */
  changed(): void {
    if (this.#isStopped) return
    this.#isDirty = true
    this.#timer ??= this.#options.clock.setTimer(() => this.flush(), KEEP_EVERY_MS)
  }

  /** Writes now: the page is hidden, or the conversation is left. */
  flush(): void {
    this.#clear()
    const { userId, conversationId, store, clock, timeline, aside } = this.#options
    const { run } = timeline
    if (!this.#isDirty || this.#isStopped || !run) return
    this.#isDirty = false
    const kept = { ...run, ...aside(), usedAt: clock.now(), shape: SHAPE }
    store.putTimeline(userId, conversationId, trimmed(kept)).catch(() => {
      // No disk: the next visit asks the server for everything.
    })
  }

  /** What is on disk is of a past that the server does not have. */
  wipe(): void {
    const { userId, conversationId, store } = this.#options
    store.removeTimeline(userId, conversationId).catch(() => {
      // No disk: nothing there to wipe.
    })
  }

  /** Nothing is written from now on, whatever still comes. */
  stop(): void {
    this.#isStopped = true
    this.#isDirty = false
    this.#clear()
  }

  /** The server has let this person in (again). */
  resume(): void {
    this.#isStopped = false
  }

  async #read(): Promise<void> {
    const { userId, conversationId, store, timeline, onRestored } = this.#options
    const kept = await store.timeline(userId, conversationId).catch(() => undefined)
    // A window may have come meanwhile: the server's word is newer than any disk's.
    if (!kept || kept.shape !== SHAPE || this.#isStopped || timeline.isLoaded) return
    timeline.restore(kept)
    onRestored(kept)
  }

  #clear(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer)
    this.#timer = undefined
  }
}
