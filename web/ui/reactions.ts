/** Who reacted with what, in words. */
import { signal } from '@preact/signals'
import type { Member, Message } from '../../src/protocol/index.ts'
import { t } from '../state/i18n.ts'
import type { MenuPlace } from './Menu.tsx'

/** One press away; behind them stands the way to all others. */
export const QUICK_EMOJI = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '👀'] as const

/** More names than this are a count. */
const NAMES_MAX = 8

/** The message that is being reacted to, by its seq; `isFull`: with any emoji there is. */
export const reactionPicker = signal<{
  seq: number
  list: ListName
  place: MenuPlace
  isFull?: boolean
} | null>(null)

/** The conversation's own messages, or a thread's. */
export type ListName = 'main' | 'thread'

export function hasReacted(reactions: Message['reactions'], emoji: string, userId: string): boolean {
  return reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(userId))
}

/** "Ada, Grace and you": oneself last, and a number for those who do not fit. */
export function reactorNames(
  userIds: readonly string[],
  members: ReadonlyMap<string, Member>,
  meId: string,
): string {
  const words = t()
  const others = userIds.filter((id) => id !== meId)
  const isMine = others.length < userIds.length
  const names = others
    .slice(0, NAMES_MAX)
    .map((id) => members.get(id)?.user.displayName ?? words.deletedPerson)
  const rest = others.length - names.length
  return words.reactedBy([
    ...names,
    ...(rest > 0 ? [words.othersToo(rest)] : []),
    ...(isMine ? [words.youLast] : []),
  ])
}
