/** The inbox socket (CONTRACT 5): a person's conversation list as keyed state, live. */
import * as v from 'valibot'
import { Position, Seq, Uuid } from './ids.ts'
import { TEXT_MAX, WATCH_MAX } from './limits.ts'
import { Level, Summary, Time, User } from './model.ts'
import { InboxSavedFrame } from './saved.ts'
import { PresenceFrame } from './server-frames.ts'
import { codePoints } from './text.ts'

/** What is being written, and when it was last edited, by its device's clock: the later edit wins. */
export const Draft = v.object({ text: v.string(), replyTo: v.nullable(Seq), editedAt: Time })
export type Draft = v.InferOutput<typeof Draft>

/** A row of the list: the conversation, and what is this person's own about it. */
export const InboxRow = v.object({
  ...Summary.entries,
  /** Grows with each change of any row: what came after the highest one known is what is asked for. */
  rev: Position,
  /** There where the person is no member any more: the row is to be dropped. */
  removed: v.optional(v.literal(true)),
  /** Until when it makes no noise, ms since 1970; 0 for not muted. */
  mutedUntil: Time,
  pinned: v.boolean(),
  /** Not shown until the next message. */
  hidden: v.boolean(),
  draft: v.nullable(Draft),
})
export type InboxRow = v.InferOutput<typeof InboxRow>

// ── From the server ─────────────────────────────────────────────────────────────────────────────────────

export const InboxHelloFrame = v.object({ type: v.literal('hello'), rev: Position, me: User })
export const InboxRowsFrame = v.object({ type: v.literal('rows'), rev: Position, rows: v.array(InboxRow) })
export const InboxLiveFrame = v.object({ type: v.literal('live'), rev: Position })
/** In a direct conversation that is not open here. */
export const InboxTypingFrame = v.object({
  type: v.literal('typing'),
  conversationId: v.string(),
  userId: Uuid,
  active: v.boolean(),
})
export const InboxErrorFrame = v.object({
  type: v.literal('error'),
  code: v.picklist(['bad_frame', 'invalid', 'rate_limited', 'internal']),
  message: v.string(),
})

export const InboxServerFrame = v.variant('type', [
  InboxHelloFrame,
  InboxRowsFrame,
  InboxLiveFrame,
  InboxTypingFrame,
  InboxSavedFrame,
  InboxErrorFrame,
  PresenceFrame,
])
export type InboxServerFrame = v.InferOutput<typeof InboxServerFrame>
export type InboxServerFrameOf<T extends InboxServerFrame['type']> = Extract<InboxServerFrame, { type: T }>

// ── From the client ─────────────────────────────────────────────────────────────────────────────────────

/** How this tab is: visible and in use, or not. */
export const InboxPresenceFrame = v.object({
  type: v.literal('presence'),
  status: v.picklist(['online', 'away']),
})
/** Whose presence is on the screen: all of them, each time; people of one's own conversations only. */
export const InboxWatchFrame = v.object({
  type: v.literal('watch'),
  userIds: v.pipe(v.array(Uuid), v.maxLength(WATCH_MAX)),
})
export const InboxClientFrame = v.variant('type', [InboxPresenceFrame, InboxWatchFrame])
export type InboxClientFrame = v.InferOutput<typeof InboxClientFrame>

// ── Over HTTP ───────────────────────────────────────────────────────────────────────────────────────────

export const PutPreferencesBody = v.object({
  level: v.optional(Level),
  mutedUntil: v.optional(v.nullable(Time)),
  pinned: v.optional(v.boolean()),
  hidden: v.optional(v.boolean()),
})
export type PutPreferencesBody = v.InferOutput<typeof PutPreferencesBody>

/** An empty text is no draft any more. */
export const PutDraftBody = v.object({
  text: v.pipe(
    v.string(),
    v.check((text) => codePoints(text) <= TEXT_MAX * 4, 'is too long for a draft'),
  ),
  replyTo: v.optional(v.nullable(Seq)),
  editedAt: Time,
})
export type PutDraftBody = v.InferOutput<typeof PutDraftBody>

export const PutUnreadBody = v.object({ seq: Seq })
