/** What a verb wants told, once its changes are committed. Verbs return these; only deliver.ts acts on them. */
import type { CloseCode, Event, ServerFrame, ServerFrameOf } from '../protocol/index.ts'
import type { HIDES } from './rows.ts'

export type Effect =
  /** To the socket that asked; an HTTP caller reads it as the answer. Always before the operation's own event. */
  | { do: 'ack'; ack: ServerFrameOf<'ack'> }
  /** A durable event, to everyone. */
  | { do: 'publish'; event: Event }
  /** Something ephemeral, to everyone who keeps up: not to `except`, nor to who hides the same of themselves. */
  | { do: 'tell'; frame: ServerFrame; about: keyof typeof HIDES; except?: string }
  /** Something ephemeral, to one person's own sockets. */
  | { do: 'tellOwn'; userId: string; frame: ServerFrame }
  /** Typing, to a person who does not have this direct conversation open. */
  | { do: 'whisper'; to: string; from: string; active: boolean }
  /** The asking socket is sent what it lacks: it has just confirmed, or has just come. */
  | { do: 'catchUp' }
  /** All sockets of one person, after everything published before. */
  | { do: 'dismiss'; userId: string; code: CloseCode; reason: string }
  /** The outbox has something new, due then. */
  | { do: 'wake'; at: number }
