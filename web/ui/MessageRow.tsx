import type { OpenConversation } from '../../src/client/client.ts'
import type { Attachment, Member, Message, User } from '../../src/protocol/index.ts'
import { locale, t } from '../state/i18n.ts'
import { Avatar } from './Avatar.tsx'
import { clock, fullTime } from './dates.ts'
import { Folded } from './Folded.tsx'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import { MessageFiles } from './LazyMessageFiles.tsx'
import css from './MessageRow.module.css'
import { MessageTools } from './MessageTools.tsx'
import { findNamedIn, isCalled } from './named.ts'
import { Quote } from './Quote.tsx'
import { Reactions } from './Reactions.tsx'
import { isEmojiOnly, renderText } from './render-text.tsx'
import { SendState, type SendStateName } from './SendState.tsx'
import { InThread, ThreadLink } from './ThreadLink.tsx'
import { UnsentActions } from './UnsentActions.tsx'
import type { MessageJump } from './use-message-jump.ts'

export type MessageRowProps = {
  conversation: OpenConversation
  /** The client id, for what is not sent yet. */
  id: string
  /** Its place in the log; null while it has none. */
  seq: number | null
  text: string
  /** The same array for every drawing. */
  files?: readonly Attachment[]
  /** Percent of them that are at the server, while they are going up. */
  uploaded?: number | null
  at: number
  editedAt: number | null
  isDeleted: boolean
  isArchived: boolean
  isPinned: boolean
  isSaved: boolean
  reactions: Message['reactions']
  /** The message that this one answers, and that message where it is in memory. */
  replyTo: number | null
  quoted: Message | null
  /** The root of the thread that it is a reply in, and, of a root, what there is in its thread. */
  thread: number | null
  replies: Message['replies'] | null
  hasNewReplies: boolean
  /** Null in a thread, from where no other is opened. The same function for every drawing. */
  toThread: ((root: number, at?: number) => void) | null
  /** Null where the author has left and nobody remembers the name. */
  author: User | null
  isOwn: boolean
  mentions: Message['mentions']
  members: ReadonlyMap<string, Member>
  meId: string
  /** In a group the others have a face and a name, once for messages that stand together (ux.md 3.3). */
  isNamed: boolean
  isFirst: boolean
  isLast: boolean
  /** Of one's own messages; null for others. */
  sendState: SendStateName | null
  errorCode: string | null
  /** The same function for every drawing. */
  onReply: (seq: number) => void
  jump: MessageJump
}

/**
 * One message, sent or not: the same component under the same key, so that being sent neither remounts nor
 * moves it (SO-5). Plain props and a signal inside: it is drawn again only when one of them changes.
 */
export function MessageRow(props: MessageRowProps) {
  const { conversation, id, seq, text, at, isDeleted, author, isOwn, isNamed, isFirst, isLast, sendState } =
    props
  const { replyTo, thread, replies, toThread, files = [] } = props
  const words = t()
  const name = isOwn ? words.you : (author?.displayName ?? words.deletedPerson)
  const hasFace = isNamed && !isOwn
  return (
    <li
      class={css.item}
      data-own={isOwn}
      data-called={!isOwn && isCalled(props.mentions, props.meId)}
      data-first={isFirst}
      data-last={isLast}
      data-face={hasFace}
      data-seq={seq ?? undefined}
      data-row
    >
      {hasFace && isFirst && author && (
        <span class={css.face}>
          <Avatar user={author} size="small" />
        </span>
      )}
      <article
        class={css.message}
        tabIndex={-1}
        aria-label={words.messageLabel(name, clock(at, locale.value))}
      >
        <div class={css.bubble}>
          {hasFace && isFirst ? (
            <bdi class={css.author}>{name}</bdi>
          ) : (
            <span class="visually-hidden">{words.says(name)}</span>
          )}
          {toThread && thread !== null && <InThread onOpen={() => toThread(thread, seq ?? undefined)} />}
          {replyTo !== null && !isDeleted && (
            <Quote
              conversationId={conversation.id}
              seq={replyTo}
              message={props.quoted}
              members={props.members}
              meId={props.meId}
              onOpen={() => void props.jump(replyTo, seq ?? undefined)}
            />
          )}
          {files.length > 0 && !isDeleted && (
            <MessageFiles
              conversation={conversation}
              seq={seq}
              files={files}
              uploaded={props.uploaded ?? null}
            />
          )}
          <div class={isEmojiOnly(text) ? css.emoji : css.text} dir="auto">
            {isDeleted ? (
              <em class={css.deleted}>{words.messageDeleted}</em>
            ) : (
              <Folded text={text}>
                {renderText(text, findNamedIn(props.members, props.mentions, props.meId))}
              </Folded>
            )}
            <span class={css.meta}>
              {props.isPinned && <Mark name="pin" label={words.pinned} />}
              {props.isSaved && <Mark name="bookmark" label={words.savedMark} />}
              {props.editedAt !== null && !isDeleted && (
                <span title={words.editedAt(fullTime(props.editedAt, locale.value))}>{words.edited}</span>
              )}
              <time dateTime={new Date(at).toISOString()} title={fullTime(at, locale.value)}>
                {clock(at, locale.value)}
              </time>
              {sendState && <SendState name={sendState} />}
            </span>
          </div>
        </div>
        {seq !== null && (
          <MessageTools seq={seq} canAnswer={!isDeleted && !props.isArchived} onReply={props.onReply} />
        )}
        {seq !== null && props.reactions.length > 0 && (
          <Reactions
            conversation={conversation}
            seq={seq}
            reactions={props.reactions}
            members={props.members}
            meId={props.meId}
          />
        )}
        {toThread && seq !== null && replies && replies.count > 0 && (
          <ThreadLink replies={replies} hasNew={props.hasNewReplies} onOpen={() => toThread(seq)} />
        )}
        {sendState === 'failed' && (
          <UnsentActions conversation={conversation} id={id} code={props.errorCode} />
        )}
      </article>
    </li>
  )
}

/** A small sign beside the time. */
function Mark({ name, label }: { name: IconName; label: string }) {
  return (
    <span class={css.mark} title={label}>
      <Icon name={name} />
      <span class="visually-hidden">{label}</span>
    </span>
  )
}
