/** What a run of several clients against one server has left behind: the checker's only input. */
import type { Event, Member, Message, ServerFrameOf } from '../../../src/protocol/index.ts'

/** What somebody asked for, named by the event that it becomes. */
export type Asked =
  | {
      kind: 'message.created'
      text: string
      replyTo: number | null
      thread?: number
      alsoToConversation?: true
    }
  | { kind: 'message.edited'; target: number; text: string }
  | { kind: 'message.deleted'; target: number }
  | { kind: 'reaction.set'; target: number; emoji: string; on: boolean }
  | { kind: 'message.pinned'; target: number; on: boolean }
  | { kind: 'member.added' | 'member.removed'; userId: string }
  | { kind: 'member.changed'; userId: string; role: string }

export type Outcome =
  /** Answered: it is in the log, there. */
  | { is: 'acked'; seq: number; at: number }
  /** Answered, by a call that names no place: it is in the log once. */
  | { is: 'done' }
  /** Answered: it never happens. */
  | { is: 'refused'; code: string }
  /** Given up by its client: once on the wire it may have happened, once. */
  | { is: 'withdrawn' }
  /** No answer: it may have happened, once. */
  | { is: 'unknown' }

/** One operation from its beginning to its end. Times are places in one order of the whole run. */
export type Invocation = {
  /** The client id; for a call that has none, any name of its own. */
  id: string
  client: string
  by: string
  asked: Asked
  /** When it first went on the wire; null when it never did. */
  sentAt: number | null
  outcome: Outcome
  /** Every place that an answer named: more than one is one too many. */
  ackedSeqs: number[]
  /** The client took it back together with this one: neither is to be seen. */
  undoes?: string
}

export type Told = ServerFrameOf<'events'> | ServerFrameOf<'resync'>

/** One socket's life. */
export type SocketRun = {
  client: string
  userId: string
  /** Where the client asked to go on from; null for a window. */
  after: number | null
  /** The log's end when the socket was greeted. */
  head: number
  told: Told[]
}

/** The seqs of the messages that a client showed, as they came; a new run after each window. */
export type ShownRun = { client: string; seqs: number[] }

/** A conversation as somebody ends up seeing it. */
export type View = { who: string; messages: readonly Message[]; members: readonly Member[] }

/** Everything about one conversation. */
export type History = {
  /** Who belonged to it before its first event. */
  beginning: readonly Member[]
  invocations: readonly Invocation[]
  sockets: readonly SocketRun[]
  shown: readonly ShownRun[]
  /** The whole log, read from the server at the end. */
  log: readonly Event[]
  /** The server's own pages at the end. */
  server: View
  /** Each client's state at the end. */
  views: readonly View[]
  /** The seqs of what is pinned, the last pinned first, as the server and each client have them. */
  pins: readonly { who: string; seqs: readonly number[] }[]
}
