/** What can be done with one message. A new action is one more entry here. */
import type { Signal } from '@preact/signals'
import type { OpenConversation } from '../../src/client/client.ts'
import type { InboxRow, Message, Role, User } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import { isSaved } from '../state/saved.ts'
import { showToast } from '../state/toasts.ts'
import { type ComposerTask, isDeletable, isEditable } from './composer-task.ts'
import { askToDelete } from './delete-message.ts'
import type { IconName } from './icon-names.ts'
import type { MenuItem, MenuPlace } from './Menu.tsx'
import { pinAction } from './pin-message.ts'
import { reactionPicker } from './reactions.ts'
import { messagePath } from './route.ts'
import { markUnreadFrom } from './row-menu.ts'
import { saveMessage } from './save-message.ts'
import type { TimelineView } from './timeline-view.ts'

/** Who looks, and at which conversation. */
export type MessageContext = {
  conversation: OpenConversation
  role: Role | null
  row: InboxRow
  me: User
  view: TimelineView
  task: Signal<ComposerTask | null>
  /** Null in a thread, from where no other is opened. */
  toThread: ((root: number) => void) | null
}

/** MA-2: in this order; what is not possible is not shown. */
export function messageActions(message: Message, context: MessageContext, place: MenuPlace): MenuItem[] {
  const { conversation, role, row, me, view, task, toThread } = context
  const text = t()
  const isThere = message.deletedAt === null
  const isOpen = row.archivedAt === null
  const items: MenuItem[] = []
  const add = (label: string, icon: IconName, run: () => void) =>
    items.push({ kind: 'action', label, icon, run })
  if (isThere && isOpen) {
    add(text.reply, 'reply', () => {
      task.value = { kind: 'reply', message }
    })
    add(text.react, 'smile-plus', () => {
      reactionPicker.value = { seq: message.seq, list: toThread ? 'main' : 'thread', place }
    })
    if (toThread) {
      add(text.threads.reply, 'messages-square', () => toThread(message.thread ?? message.seq))
    }
    if (isEditable(message, me.id)) {
      add(text.edit, 'pencil', () => {
        task.value = { kind: 'edit', message }
      })
    }
  }
  if (isThere && message.text !== '') {
    add(text.copyText, 'copy', () => void copy(message.text, text.textCopied, text.textCopyFailed))
  }
  add(text.copyLink, 'link', () => {
    const url = new URL(messagePath(row.id, message.seq), location.href)
    void copy(url.href, text.linkCopied, text.copyFailed)
  })
  const pin = pinAction(message, context)
  if (pin) add(pin.isPinned ? text.unpin : text.pin, pin.isPinned ? 'pin-off' : 'pin', pin.run)
  if (isThere && message.kind !== 'system') {
    const has = isSaved(row.id, message.seq)
    const save = () => void saveMessage(row.id, message.seq, !has)
    add(has ? text.unsaveMessage : text.saveMessage, has ? 'bookmark-x' : 'bookmark', save)
  }
  if (toThread) {
    add(text.markUnreadFromHere, 'mail', async () => {
      await view.holdUnread(message.seq)
      await markUnreadFrom(row, message.seq)
    })
  }
  if (isOpen && isDeletable(message, me.id, role)) {
    const run = () => askToDelete(conversation, message.seq)
    items.push({ kind: 'action', label: text.delete, icon: 'trash-2', isDanger: true, run })
  }
  return items
}

async function copy(text: string, done: string, failed: string): Promise<void> {
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  showToast({ text: isCopied ? done : failed, isError: !isCopied })
}
