/** The inbox sockets of one person: one per tab. They sleep with the object, and the runtime keeps their pings. */
import * as v from 'valibot'
import { type InboxServerFrame, PRESENCE_STALE_MS, Time, Uuid } from '../protocol/index.ts'

/** Kept by the runtime with the socket: how its tab is, and whose presence it shows. */
const Attachment = v.object({
  sessionId: Uuid,
  openedAt: Time,
  status: v.picklist(['online', 'away']),
  watching: v.array(Uuid),
})
export type Attachment = v.InferOutput<typeof Attachment>

export class InboxSockets {
  readonly #state: DurableObjectState

  constructor(state: DurableObjectState) {
    this.#state = state
  }

  accept(socket: WebSocket, sessionId: string, now: number): void {
    this.#state.acceptWebSocket(socket, [`session:${sessionId}`])
    keep(socket, { sessionId, openedAt: now, status: 'online', watching: [] })
  }

  all(): WebSocket[] {
    return this.#state.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN)
  }

  ofSession(sessionId: string): WebSocket[] {
    return this.#state.getWebSockets(`session:${sessionId}`)
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

  /** The runtime answers pings by itself and remembers when: a sign of life that wakes nobody. */
  lastSignAt(socket: WebSocket): number {
    const pingAt = this.#state.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0
    return Math.max(pingAt, this.of(socket).openedAt)
  }

  /** Those whose client is still there. A cable that was pulled closes nothing: only the silence tells. */
  alive(now: number): WebSocket[] {
    return this.all().filter((socket) => now - this.lastSignAt(socket) < PRESENCE_STALE_MS)
  }
}

function keep(socket: WebSocket, attachment: Attachment): void {
  socket.serializeAttachment(attachment)
}
