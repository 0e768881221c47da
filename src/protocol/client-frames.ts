/** What a client may say on a conversation's socket (CONTRACT 4). `ping` is not here: the runtime answers it. */
import * as v from 'valibot'
import { Position, Seq, Uuid } from './ids.ts'
import { ATTACHMENTS_PER_MESSAGE } from './limits.ts'
import { isEmoji } from './text.ts'

/** The operation of a message: the same for the socket's `send` and `POST …/messages`. */
export const sendFields = {
  id: Uuid,
  text: v.string(),
  replyTo: v.optional(Seq),
  /** The message that it is a reply in the thread of. */
  thread: v.optional(Seq),
  /** A reply that stands in the conversation, too. */
  alsoToConversation: v.optional(v.boolean()),
  attachments: v.optional(v.pipe(v.array(v.string()), v.maxLength(ATTACHMENTS_PER_MESSAGE))),
}

export const SendFrame = v.object({ type: v.literal('send'), ...sendFields })
/** What is done to a message: the operation's own id, and the message's seq. */
const operation = { id: Uuid, target: Seq }

export const EditFrame = v.object({ type: v.literal('edit'), ...operation, text: v.string() })
export const DeleteFrame = v.object({ type: v.literal('delete'), ...operation })
export const ReactFrame = v.object({
  type: v.literal('react'),
  ...operation,
  emoji: v.pipe(v.string(), v.check(isEmoji, 'must be one emoji')),
  on: v.boolean(),
})
export const PinFrame = v.object({ type: v.literal('pin'), ...operation, on: v.boolean() })

export const ReadFrame = v.object({
  type: v.literal('read'),
  seq: Position,
  /** There where it is the thread of this message that was read, and not the conversation. */
  thread: v.optional(Seq),
})
export const TypingFrame = v.object({ type: v.literal('typing'), active: v.boolean() })
export const GotFrame = v.object({ type: v.literal('got'), seq: Position })
export const RenewFrame = v.object({
  type: v.literal('renew'),
  lease: v.pipe(v.string(), v.maxLength(4_096)),
})

/** By type: a frame is judged by its own shape, and the others are not tried. */
export const clientFrames = {
  send: SendFrame,
  edit: EditFrame,
  delete: DeleteFrame,
  react: ReactFrame,
  pin: PinFrame,
  read: ReadFrame,
  typing: TypingFrame,
  got: GotFrame,
  renew: RenewFrame,
}
export type ClientFrame = v.InferOutput<(typeof clientFrames)[keyof typeof clientFrames]>
export type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>

/** What may be done to a message over HTTP too: the same frames, the same ids, the same answers. */
export const ChangeFrame = v.variant('type', [EditFrame, DeleteFrame, ReactFrame, PinFrame])
export type ChangeFrame = v.InferOutput<typeof ChangeFrame>

/** Frames that change the log: each has an id, and gets exactly one ack or error. */
export const OPERATION_TYPES = ['send', 'edit', 'delete', 'react', 'pin'] as const
