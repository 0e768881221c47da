/** A conversation's socket in a test: frames arrive in a queue, each checked against the protocol's schema. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import type { ConversationDO } from '../../../src/conversation/conversation-do.ts'
import {
  type Event,
  ServerFrame,
  type ServerFrameOf,
  type Summary,
  uuidv7,
} from '../../../src/protocol/index.ts'
import { call, open, type Person } from './people.ts'

/** Longer than anything here takes; a test that waits this long has failed. */
const WITHIN_MS = 5_000

export class TestSocket {
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  readonly frames: ServerFrame[] = []
  /** As a good client does: confirms each frame of events as it comes. */
  confirms = false
  #taken = 0
  #wake: () => void = () => {}

  private constructor(socket: WebSocket, closed: TestSocket['closed']) {
    this.socket = socket
    this.closed = closed
    socket.addEventListener('message', ({ data }) => {
      if (data === 'pong') return
      const frame = v.parse(ServerFrame, JSON.parse(String(data)))
      this.frames.push(frame)
      if (this.confirms && frame.type === 'events') this.send({ type: 'got', seq: frame.to })
      this.#wake()
    })
    void closed.then(() => this.#wake())
  }

  static async connect(who: Person, conversationId: string, query = ''): Promise<TestSocket> {
    const path = `/api/conversations/${conversationId}/socket${query}`
    const { socket, closed } = await open(path, who.bearer)
    return new TestSocket(socket, closed)
  }

  /** The next frame of this type that was not taken yet; the ones before it are passed over. */
  async next<T extends ServerFrame['type']>(type: T): Promise<ServerFrameOf<T>> {
    const deadline = Date.now() + WITHIN_MS
    for (;;) {
      while (this.#taken < this.frames.length) {
        const frame = this.frames[this.#taken]
        this.#taken += 1
        if (frame?.type === type) return frame as ServerFrameOf<T>
      }
      const left = deadline - Date.now()
      if (left <= 0)
        throw new Error(`no ${type} within ${WITHIN_MS} ms; got ${this.frames.map((f) => f.type)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Waits until everything up to this seq has come, and gives all events so far. */
  async upTo(seq: number): Promise<Event[]> {
    for (let to = this.events().at(-1)?.seq ?? 0; to < seq; ) to = (await this.next('events')).to
    return this.events()
  }

  /** Every event that came, checking that frames cover exactly what they say and follow each other (G4). */
  events(): Event[] {
    const events: Event[] = []
    for (const frame of this.frames) {
      if (frame.type !== 'events') continue
      const last = events.at(-1)
      if (last && frame.from !== last.seq + 1) throw new Error(`gap: ${last.seq} → ${frame.from}`)
      const seqs = frame.events.map((event) => event.seq)
      const covered = Array.from({ length: frame.to - frame.from + 1 }, (_, n) => frame.from + n)
      if (String(seqs) !== String(covered)) throw new Error(`frame ${frame.from}–${frame.to} holds ${seqs}`)
      events.push(...frame.events)
    }
    return events
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  /** Says something and waits for the ack. */
  async say(text: string, id = uuidv7()): Promise<ServerFrameOf<'ack'>> {
    this.send({ type: 'send', id, text })
    const ack = await this.next('ack')
    if (ack.id !== id) throw new Error('an ack for something else')
    return ack
  }

  close(): void {
    this.socket.close(1000, 'bye')
  }
}

/** A private conversation of these people; the first one made it. */
export async function group(creator: Person, ...others: Person[]): Promise<Summary> {
  const body = {
    kind: 'private',
    id: uuidv7(),
    name: 'A group',
    memberIds: others.map(({ user }) => user.id),
  }
  const answer = await call('POST', '/api/conversations', { body, headers: creator.bearer })
  if (answer.status !== 201) throw new Error(`no group: ${answer.status} ${await answer.text()}`)
  return (await answer.json<{ conversation: Summary }>()).conversation
}

/** The object behind a conversation. */
export function objectOf(conversationId: string): DurableObjectStub<ConversationDO> {
  return env.CONVERSATIONS.get(env.CONVERSATIONS.idFromString(conversationId))
}

/** Members who never come: for what depends on their number alone. */
export async function addMembers(conversationId: string, count: number): Promise<void> {
  await runInDurableObject(objectOf(conversationId), (_, state) => {
    for (let n = 0; n < count; n += 1) {
      state.storage.sql.exec(
        "INSERT INTO members (user_id, username, display_name, role, read_seq, rev) VALUES (?, ?, 'x', 'member', 0, 1)",
        uuidv7(),
        `filler_${n}`,
      )
    }
  })
}

/** A socket that is live: hello, resync and live have come. */
export async function live(who: Person, conversationId: string, query = ''): Promise<TestSocket> {
  const socket = await TestSocket.connect(who, conversationId, query)
  await socket.next('live')
  return socket
}
