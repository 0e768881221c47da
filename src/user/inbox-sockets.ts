/** The inbox sockets of one person: one per tab. They sleep with the object, and the runtime keeps their pings. */
import * as v from 'valibot'
import {
  CLOSE,
  FRAMES_OVER_MAX,
  HEARD_EVERY_MS,
  HEARTBEAT_LOST_MS,
  INBOX_FRAMES_BURST,
  INBOX_FRAMES_PER_S,
  type InboxServerFrame,
  PRESENCE_STALE_MS,
  Time,
  Uuid,
} from '../protocol/index.ts'
import { TokenBucket } from '../token-bucket.ts'

/** Kept by the runtime with the socket: how its tab is, and whose presence it shows. */
const Attachment = v.object({
  sessionId: Uuid,
  openedAt: Time,
  /** When it last said anything, to within HEARD_EVERY_MS. Pings are not here: the runtime remembers those. */
  heardAt: Time,
  /** Given up as dead: its end may be heard of much later, and says nothing then. */
  isLost: v.boolean(),
  status: v.picklist(['online', 'away']),
  watching: v.array(Uuid),
})
export type Attachment = v.InferOutput<typeof Attachment>

export class InboxSockets {
  readonly #state: DurableObjectState
  /** How often each has spoken, and how often too often. Only in memory: whoever floods lets nobody sleep. */
  readonly #frames = new WeakMap<WebSocket, { bucket: TokenBucket; over: number }>()

  constructor(state: DurableObjectState) {
    this.#state = state
  }

  accept(socket: WebSocket, sessionId: string, now: number): void {
    this.#state.acceptWebSocket(socket)
    keep(socket, { sessionId, openedAt: now, heardAt: now, isLost: false, status: 'online', watching: [] })
  }

  all(): WebSocket[] {
    return this.#state.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN)
  }

  of(socket: WebSocket): Attachment {
    return v.parse(Attachment, socket.deserializeAttachment())
  }

  set(socket: WebSocket, change: Partial<Attachment>): void {
    keep(socket, { ...this.of(socket), ...change })
  }

  tell(frame: InboxServerFrame, to: readonly WebSocket[] = this.all()): void {
    const text = JSON.stringify(frame)
    for (const socket of to) {
      try {
        socket.send(text)
      } catch {
        // Closed between the look and the send. What it missed it asks for by `rev`.
      }
    }
  }

  close(sockets: readonly WebSocket[], code: number, reason: string): void {
    for (const socket of sockets) {
      try {
        socket.close(code, reason)
      } catch {
        // Closed already.
      }
    }
  }

  /** Counts a frame. @returns 0, or after how many ms the next one is fine; undefined: it clearly does not listen */
  countFrame(socket: WebSocket, now: number): number | undefined {
    const fresh = { bucket: new TokenBucket(INBOX_FRAMES_PER_S, INBOX_FRAMES_BURST), over: 0 }
    const frames = this.#frames.get(socket) ?? fresh
    this.#frames.set(socket, frames)
    const retryAfterMs = frames.bucket.take(now)
    if (retryAfterMs > 0) frames.over += 1
    return frames.over > FRAMES_OVER_MAX ? undefined : retryAfterMs
  }

  /** It said something: written down so seldom that a busy socket pays nothing for it. */
  hear(socket: WebSocket, now: number): void {
    if (now - this.of(socket).heardAt >= HEARD_EVERY_MS) this.set(socket, { heardAt: now })
  }

  /** The runtime answers pings by itself and remembers when: a sign of life that wakes nobody. */
  lastSignAt(socket: WebSocket): number {
    const pingAt = this.#state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
    return Math.max(pingAt, this.of(socket).heardAt)
  }

  /** Closes those that have been silent for so long that nobody can be there. @returns their last signs of life */
  closeLost(now: number): number[] {
    const lost = this.all().filter((socket) => now - this.lastSignAt(socket) >= HEARTBEAT_LOST_MS)
    for (const socket of lost) this.set(socket, { isLost: true })
    this.close(lost, CLOSE.heartbeatLost, 'heartbeat lost')
    return lost.map((socket) => this.lastSignAt(socket))
  }

  /** Those whose client is still there. A cable that was pulled closes nothing: only the silence tells. */
  alive(now: number): WebSocket[] {
    return this.all().filter((socket) => now - this.lastSignAt(socket) < PRESENCE_STALE_MS)
  }
}

function keep(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment)
}
