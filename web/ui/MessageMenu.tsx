import type { Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { EmojiPicker } from './LazyEmojiPicker.tsx'
import { Menu } from './Menu.tsx'
import { type MessageContext, messageActions, messageMenu } from './message-menu.ts'
import { messageAt } from './message-window.ts'
import { ReactionPicker } from './ReactionPicker.tsx'
import { hasReacted, reactionPicker } from './reactions.ts'

type Props = { messages: readonly Message[]; context: MessageContext }

/** What opens at a message that asked for it: the one menu of the list, or the emoji to react with. */
export function MessageMenu({ messages, context }: Props) {
  const opened = messageMenu.value
  const picking = reactionPicker.value
  const message = opened && messageAt(messages, opened.seq)
  const picked = picking && messageAt(messages, picking.seq)
  return (
    <>
      {opened && message && (
        <Menu
          key={`menu-${opened.seq}`}
          label={t().messageActions}
          place={opened.place}
          items={messageActions(message, context, opened.place)}
          onClose={() => {
            messageMenu.value = null
          }}
        />
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
          place={picking.place}
        />
      )}
    </>
  )
}
