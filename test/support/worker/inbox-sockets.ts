/** A person's inbox socket in a test: keeps the list as a client does, and checks each frame against its schema. */
import * as v from 'valibot'
import { type InboxRow, InboxServerFrame } from '../../../src/protocol/index.ts'
import { open, type Person } from './people.ts'

export class TestInbox {
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly frames: InboxServerFrame[] = []
  readonly rows = new Map<string, InboxRow>()
  readonly presence = new Map<string, string>()
  rev = 0
  isLive = false

  private constructor(socket: WebSocket, closed: TestInbox['closed']) {
    this.socket = socket
    this.closed = closed
    socket.addEventListener('message', ({ data }) => this.#receive(String(data)))
  }

  static async connect(who: Person, after = 0): Promise<TestInbox> {
    const { socket, closed } = await open(`/api/inbox/socket?after=${after}`, who.bearer)
    return new TestInbox(socket, closed)
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  close(): void {
    this.socket.close(1000, 'bye')
  }

  #receive(text: string): void {
    if (text === 'pong') return
    const frame = v.parse(InboxServerFrame, JSON.parse(text))
    this.frames.push(frame)
    if (frame.type === 'rows') {
      for (const row of frame.rows) {
        if (row.removed) this.rows.delete(row.id)
        else this.rows.set(row.id, row)
      }
      this.rev = Math.max(this.rev, frame.rev)
    }
    if (frame.type === 'live') this.isLive = true
    if (frame.type === 'presence') this.presence.set(frame.userId, frame.status)
  }
}
