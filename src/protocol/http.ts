/** Bodies and answers of the HTTP calls (CONTRACT 3). Answers are types: the server is their only maker. */
import * as v from 'valibot'
import { sendFields } from './client-frames.ts'
import type { Event } from './events.ts'
import { Position, Uuid } from './ids.ts'
import {
  AVATAR_URL_MAX,
  CONVERSATION_NAME_MAX,
  DESCRIPTION_MAX,
  DISPLAY_NAME_MAX,
  MEMBERS_MAX,
  PASSWORD_MAX,
  PASSWORD_MIN,
  REINDEX_MAX,
  USERNAME_MAX,
  USERNAME_MIN,
} from './limits.ts'
import { type Attachment, type Member, type Message, Role, type Summary, type User } from './model.ts'
import { PresenceStatus } from './server-frames.ts'
import { codePoints, isBlank } from './text.ts'

/** Trimmed, 1 to `max` code points, something to see. */
function name(max: number) {
  return v.pipe(
    v.string(),
    v.trim(),
    v.check((text) => text.isWellFormed() && !isBlank(text), 'must not be empty'),
    v.check((text) => codePoints(text) <= max, `must be at most ${max} characters`),
  )
}

export const Username = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.regex(
    new RegExp(`^[a-z0-9_]{${USERNAME_MIN},${USERNAME_MAX}}$`),
    `must be ${USERNAME_MIN} to ${USERNAME_MAX} of a–z, 0–9 and _`,
  ),
)
export const DisplayName = name(DISPLAY_NAME_MAX)
/** Any characters, never trimmed or normalised: what was typed is what is hashed. */
export const Password = v.pipe(
  v.string(),
  v.check(
    (text) => codePoints(text) >= PASSWORD_MIN && codePoints(text) <= PASSWORD_MAX,
    `must be ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`,
  ),
)
/** A password that is only compared: its length is not a hint to whoever guesses. */
const GivenPassword = v.pipe(v.string(), v.maxLength(PASSWORD_MAX * 4))
const Description = v.pipe(
  v.string(),
  v.trim(),
  v.check(
    (text) => text.isWellFormed() && codePoints(text) <= DESCRIPTION_MAX,
    `must be at most ${DESCRIPTION_MAX} characters`,
  ),
)
const AvatarUrl = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^https:\/\//, 'must be an https address'),
  v.maxLength(AVATAR_URL_MAX),
)

export const SignUpBody = v.object({ username: Username, displayName: DisplayName, password: Password })
export type SignUpBody = v.InferOutput<typeof SignUpBody>

export const SignInBody = v.object({
  username: v.pipe(v.string(), v.trim(), v.toLowerCase(), v.maxLength(200)),
  password: GivenPassword,
})

export const PatchMeBody = v.object({
  displayName: v.optional(DisplayName),
  avatarUrl: v.optional(v.nullable(AvatarUrl)),
})
export type PatchMeBody = v.InferOutput<typeof PatchMeBody>

export const DeleteMeBody = v.object({ password: GivenPassword })

export const PutPasswordBody = v.object({
  current: GivenPassword,
  next: Password,
  signOutOthers: v.optional(v.boolean(), false),
})
export const PutStatusBody = v.object({ status: PresenceStatus })
/** What others may see; each off-switch hides the same of them. */
export const PatchPreferencesBody = v.object({
  receipts: v.optional(v.boolean()),
  typing: v.optional(v.boolean()),
  presence: v.optional(v.boolean()),
})
export type PatchPreferencesBody = v.InferOutput<typeof PatchPreferencesBody>

export const CreateDirectBody = v.object({ kind: v.literal('direct'), userId: Uuid })
export const CreateGroupBody = v.object({
  kind: v.picklist(['private', 'public']),
  id: Uuid,
  name: name(CONVERSATION_NAME_MAX),
  description: v.optional(Description),
  /** Without the creator, who is always a member. */
  memberIds: v.pipe(v.array(Uuid), v.maxLength(MEMBERS_MAX)),
})
export const CreateConversationBody = v.variant('kind', [CreateDirectBody, CreateGroupBody])
export type CreateConversationBody = v.InferOutput<typeof CreateConversationBody>

export const SendBody = v.object(sendFields)
export type SendBody = v.InferOutput<typeof SendBody>

export const PutMemberBody = v.object({ role: v.optional(Role) })
export const PutReadBody = v.object({
  seq: Position,
  /** All its threads are read, too. */
  threads: v.optional(v.boolean()),
})
export const PutThreadReadBody = v.object({ seq: Position })
export const PutThreadFollowBody = v.object({ on: v.boolean() })

/** Ids of objects, as the platform lists them. */
const ObjectIds = v.optional(v.pipe(v.array(v.string()), v.maxLength(REINDEX_MAX)), [])
export const ReindexBody = v.object({ people: ObjectIds, conversations: ObjectIds })

/** A signed-in device. */
export type SessionView = {
  id: string
  device: string
  createdAt: number
  lastSeenAt: number
  current: boolean
}
export type SessionsAnswer = { sessions: SessionView[] }
export type PrivacyAnswer = {
  preferences: { receipts: boolean; typing: boolean; presence: boolean; status: PresenceStatus }
}
export type UserAnswer = { user: User }
export type TokenAnswer = { accessToken: string; expiresAt: number }
export type LeaseAnswer = { lease: string; expiresAt: number }
export type UsersAnswer = { users: User[] }
export type ConversationAnswer = { conversation: Summary }
export type ConversationsAnswer = { conversations: Summary[]; next: string | null }
export type ConversationDetailAnswer = { conversation: Summary; members: Member[] }
export type MessagesAnswer = {
  messages: Message[]
  hasOlder: boolean
  hasNewer: boolean
  /** There where a thread was asked for: its root, and where this person is in it. */
  thread?: { root: Message; follows: boolean; readSeq: number }
}
/** The last pinned first. */
export type PinsAnswer = { messages: Message[] }
/** Threads with something unread, the newest reply first. */
export type ThreadsAnswer = { threads: { root: Message; unread: number }[] }
/** Newest first. */
export type SearchAnswer = { messages: Message[]; hasOlder: boolean }
export type OperationAnswer = { seq: number; at: number; duplicate?: true }
export type SendAnswer = { seq: number; createdAt: number; duplicate?: true }
export type AttachmentAnswer = { attachment: Attachment }
export type EventsAnswer = { epoch: string; head: number; from: number; to: number; events: Event[] }
export type MemberAnswer = { member: Member }
/** What an object says that was told to tell the index anew; `taken`: somebody else has the name since. */
export type Reindexed = 'told' | 'taken' | 'nobody'
export type ReindexAnswer = Record<string, Reindexed>
export type HealthAnswer = { ok: true; version: string }
