/** Tabs of one browser: a lock that one of them holds at a time, and channels between them, all in order. */
import type { Channel, Note, Sharing } from '../../src/client/shared-link.ts'

type Waiting = { signal: AbortSignal; work: () => Promise<void> }

export class FakeBrowser {
  readonly #channels = new Map<string, Set<Channel>>()
  readonly #queues = new Map<string, Waiting[]>()
  readonly #held = new Set<string>()

  /** What one tab uses. */
  tab(): Sharing {
    return {
      lock: (name, signal, work) => {
        const queue = this.#queues.get(name) ?? []
        queue.push({ signal, work })
        this.#queues.set(name, queue)
        void this.#next(name)
      },
      channel: (name) => this.#join(name),
    }
  }

  async #next(name: string): Promise<void> {
    if (this.#held.has(name)) return
    const next = this.#queues.get(name)?.shift()
    if (!next) return
    if (next.signal.aborted) return this.#next(name)
    this.#held.add(name)
    await next.work()
    this.#held.delete(name)
    await this.#next(name)
  }

  #join(name: string): Channel {
    const others = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, others)
    const channel: Channel = {
      onmessage: null,
      postMessage: (note: Note) => {
        const data = structuredClone(note)
        for (const other of others) if (other !== channel) queueMicrotask(() => other.onmessage?.({ data }))
      },
      close: () => void others.delete(channel),
    }
    others.add(channel)
    return channel
  }
}
