import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { recentEmoji } from '../state/recent-emoji.ts'
import { isTouch } from './is-touch.ts'
import { EmojiPicker } from './LazyEmojiPicker.tsx'
import { Menu } from './Menu.tsx'
import { type MessageContext, messageActions } from './message-menu.ts'
import { messageAt } from './message-window.ts'
import { messageMenu } from './open-message-menu.ts'
import { QuickEmoji } from './QuickEmoji.tsx'
import { ReactionPicker } from './ReactionPicker.tsx'
import { hasReacted, type ListName, QUICK_EMOJI, reactionPicker } from './reactions.ts'

/** In a row as wide as a phone. */
const SHEET_EMOJI = 6

export type MessageMenuProps = { messages: readonly Message[]; list: ListName; context: MessageContext }

/** What opens at a message that asked for it: the one menu of the list, or the emoji to react with. */
export function MessageMenu({ messages, list, context }: MessageMenuProps) {
  const opened = messageMenu.value
  const picking = reactionPicker.value
  const message = opened?.list === list && messageAt(messages, opened.seq)
  const picked = picking?.list === list && messageAt(messages, picking.seq)
  return (
    <>
      {opened && message && (
        <Menu
          key={`menu-${opened.seq}`}
          label={t().messageActions}
          place={opened.place}
          items={messageActions(message, context, opened.place)}
          isSheet={isTouch()}
          onClose={closeMenu}
        >
          {isTouch() && canReact(message, context) && (
            <QuickEmoji
              conversation={context.conversation}
              message={message}
              meId={context.me.id}
              emoji={lately()}
              list={list}
              place={opened.place}
              onClose={closeMenu}
            />
          )}
        </Menu>
      )}
      {picking && picked && picking.isFull && (
        <EmojiPicker
          key={`picker-${picking.seq}`}
          place={picking.place}
          onClose={() => {
            reactionPicker.value = null
          }}
          onPick={(emoji) => {
            const { conversation, me } = context
            conversation.react(picked.seq, emoji, !hasReacted(picked.reactions, emoji, me.id))
          }}
        />
      )}
      {picking && picked && !picking.isFull && (
        <ReactionPicker
          key={`emoji-${picking.seq}`}
          conversation={context.conversation}
          message={picked}
          meId={context.me.id}
          list={list}
          place={picking.place}
        />
      )}
    </>
  )
}

function closeMenu(): void {
  messageMenu.value = null
}

function canReact(message: Message, { row }: MessageContext): boolean {
  return message.deletedAt === null && row.archivedAt === null
}

/** What was picked last, and what most people pick (MA-1). */
function lately(): string[] {
  const emoji = [...recentEmoji(), ...QUICK_EMOJI]
  return [...new Set(emoji)].slice(0, SHEET_EMOJI)
}
