/** Writes down what clients ask for and what they are told, on the wire itself: before a client makes anything of it. */
import { type OpenSocket, openWebSocket, type Socket } from '../../../src/client/platform.ts'
import type { Store, StoredOperation } from '../../../src/client/store.ts'
import type { Message, ServerFrame } from '../../../src/protocol/index.ts'
import type { Asked, Invocation, Outcome, SocketRun } from './history.ts'

/** The server may take it yet: the client tries again. */
const PASSING = new Set(['rate_limited', 'overloaded', 'unavailable', 'internal'])

type Recorded = Invocation & { conversationId: string }

/** What one call of a client did to its disk. */
export type Footprint = { kept: string[]; dropped: string[] }

export class Recorder {
  readonly #invocations = new Map<string, Recorded>()
  readonly #sockets: (SocketRun & { conversationId: string })[] = []
  readonly #unsettled = new Map<string, number>()
  #time = 0
  #footprint: Footprint = { kept: [], dropped: [] }

  invocationsIn(conversationId: string): Recorded[] {
    return [...this.#invocations.values()].filter((each) => each.conversationId === conversationId)
  }

  socketsIn(conversationId: string): SocketRun[] {
    return this.#sockets.filter((each) => each.conversationId === conversationId)
  }

  /** The places of what is known to be in the log. */
  acked(client: string): Recorded[] {
    return [...this.#invocations.values()].filter(
      (each) => each.client === client && each.outcome.is === 'acked',
    )
  }

  /** How many operations of a client have no answer yet. */
  unsettled(client: string): number {
    return this.#unsettled.get(client) ?? 0
  }

  /** @param sent whether it goes on the wire with this call; else the socket says when */
  begin(what: {
    id: string
    conversationId: string
    client: string
    by: string
    asked: Asked
    sent?: boolean
  }) {
    const { sent = false, ...invocation } = what
    const sentAt = sent ? this.tick() : null
    this.#invocations.set(what.id, { ...invocation, sentAt, outcome: { is: 'unknown' }, ackedSeqs: [] })
    this.#unsettled.set(what.client, this.unsettled(what.client) + 1)
  }

  settle(id: string, outcome: Outcome): void {
    const invocation = this.#invocations.get(id)
    if (invocation?.outcome.is !== 'unknown') return
    invocation.outcome = outcome
    this.#unsettled.set(invocation.client, this.unsettled(invocation.client) - 1)
  }

  ack(id: string, seq: number): void {
    this.#invocations.get(id)?.ackedSeqs.push(seq)
    this.settle(id, { is: 'acked', seq, at: this.tick() })
  }

  /** The client has taken it back, together with what would have undone it. */
  undone(id: string, undoing: Omit<Recorded, 'sentAt' | 'outcome' | 'ackedSeqs' | 'undoes'>): void {
    const none = { sentAt: null, outcome: { is: 'withdrawn' }, ackedSeqs: [] } as const
    this.#invocations.set(undoing.id, { ...undoing, ...none, ackedSeqs: [], undoes: id })
  }

  tick(): number {
    this.#time += 1
    return this.#time
  }

  /** What a call puts on the disk, and takes from it, before it returns. */
  footprintOf(call: () => void): Footprint {
    this.#footprint = { kept: [], dropped: [] }
    call()
    return this.#footprint
  }

  /** The disk of a client: an operation begins when it is put there, and ends when it is taken from there. */
  storeOf(client: string, disk: Store, isAlive: () => boolean): Store {
    return {
      ...disk,
      put: async (operation) => {
        if (!isAlive()) return
        this.#kept(client, operation)
        await disk.put(operation)
      },
      remove: async (id) => {
        if (!isAlive()) return
        this.#footprint.dropped.push(id)
        this.settle(id, { is: 'withdrawn' })
        await disk.remove(id)
      },
      clear: async () => undefined,
    }
  }

  socketsOf(client: string, userId: string, isAlive: () => boolean): OpenSocket {
    return (url, protocol, headers) => {
      if (!isAlive()) throw new Error('the tab is gone')
      const socket = openWebSocket(url, protocol, headers)
      const { pathname, searchParams } = new URL(url)
      const after = searchParams.get('after')
      const run = { client, userId, after: after === null ? null : Number(after), head: 0, told: [] }
      this.#listen(socket, { ...run, conversationId: pathname.split('/')[3] ?? '' })
      return socket
    }
  }

  #kept(client: string, operation: StoredOperation): void {
    const { id, conversationId, userId } = operation
    if (this.#invocations.has(id)) return
    this.#footprint.kept.push(id)
    this.begin({ id, conversationId, client, by: userId, asked: askedOf(operation) })
  }

  #listen(socket: Socket, run: SocketRun & { conversationId: string }): void {
    if (!(socket instanceof WebSocket)) throw new Error('not the WebSocket of this platform')
    const send = socket.send.bind(socket)
    socket.send = (text: string) => {
      this.#sent(text)
      send(text)
    }
    // Before the client's own: its listener is set when it has the socket.
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && data !== 'pong') this.#heard(JSON.parse(data), run)
    })
  }

  #sent(text: string): void {
    if (text === 'ping') return
    const { id } = JSON.parse(text)
    const invocation = this.#invocations.get(id)
    if (invocation) invocation.sentAt ??= this.tick()
  }

  #heard(frame: ServerFrame, run: SocketRun & { conversationId: string }): void {
    if (frame.type === 'hello') {
      run.head = frame.head
      this.#sockets.push(run)
    } else if (frame.type === 'ack') this.ack(frame.id, frame.seq)
    else if (frame.type === 'error') {
      if (frame.id !== undefined && !PASSING.has(frame.code)) {
        this.settle(frame.id, { is: 'refused', code: frame.code })
      }
    } else if (frame.type === 'resync') {
      run.told.push(structuredClone(frame))
      this.#seen(frame.messages)
    } else if (frame.type === 'events') {
      run.told.push(frame)
      this.#seen(frame.events.flatMap((event) => (event.kind === 'message.created' ? [event.message] : [])))
    }
  }

  /** A message in the log says of itself what a lost ack would have said. */
  #seen(messages: readonly Message[]): void {
    for (const { id, seq } of messages) this.settle(id, { is: 'acked', seq, at: this.tick() })
  }
}

function askedOf(operation: StoredOperation): Asked {
  switch (operation.type) {
    case 'send':
      return {
        kind: 'message.created',
        text: operation.text,
        replyTo: operation.replyTo,
        ...(operation.thread === undefined ? {} : { thread: operation.thread }),
        ...(operation.alsoToConversation ? { alsoToConversation: true } : {}),
      }
    case 'edit':
      return { kind: 'message.edited', target: operation.target, text: operation.text }
    case 'delete':
      return { kind: 'message.deleted', target: operation.target }
    case 'react': {
      const { target, emoji, on } = operation
      return { kind: 'reaction.set', target, emoji, on }
    }
    case 'pin':
      return { kind: 'message.pinned', target: operation.target, on: operation.on }
  }
}
