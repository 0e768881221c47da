/** Everything that a person can do, in one table: what it takes to draw it, and how it is done. */
import type { Message } from '../../../src/protocol/index.ts'
import { uuidv7 } from '../../../src/protocol/index.ts'
import {
  addMember,
  markUnread,
  removeMember,
  retryOverHttp,
  sendFile,
  sendOverHttp,
  setRole,
} from './calls.ts'
import type { Player } from './player.ts'
import type { Room } from './room.ts'

/** One person's turn in one conversation. */
export type Turn = { player: Player; room: Room; number: number }

export type Kind = {
  name: string
  /** How often it is drawn, next to the others. */
  weight: number
  /** @returns false where there is nothing to do it to: another kind is drawn */
  play(turn: Turn): boolean
}

const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏', '👀', '🔥', '👩‍💻', '🇰🇷']

export const KINDS: readonly Kind[] = [
  { name: 'send', weight: 28, play: (turn) => send(turn, {}) },
  { name: 'reply', weight: 8, play: (turn) => toAny(turn, ({ seq }) => send(turn, { replyTo: seq })) },
  { name: 'reply in a thread', weight: 6, play: (turn) => toRoot(turn, (thread) => send(turn, { thread })) },
  {
    name: 'reply in a thread, and beside it',
    weight: 1,
    play: (turn) => toRoot(turn, (thread) => send(turn, { thread, alsoToConversation: true })),
  },
  { name: 'edit', weight: 12, play: (turn) => toOwn(turn, ({ seq }) => edit(turn, seq)) },
  { name: 'delete', weight: 3, play: (turn) => toOwn(turn, ({ seq }) => remove(turn, seq)) },
  { name: 'react', weight: 18, play: (turn) => toAny(turn, ({ seq }) => react(turn, seq, true)) },
  { name: 'react off', weight: 8, play: reactOff },
  { name: 'react on and off', weight: 3, play: (turn) => toAny(turn, ({ seq }) => flicker(turn, seq)) },
  { name: 'pin', weight: 2, play: (turn) => toAny(turn, ({ seq }) => pin(turn, seq, true)) },
  { name: 'unpin', weight: 2, play: (turn) => toAny(turn, ({ seq }) => pin(turn, seq, false)) },
  { name: 'read', weight: 4, play: read },
  { name: 'mark unread', weight: 1, play: (turn) => toAny(turn, ({ seq }) => markUnread(turn, seq)) },
  { name: 'typing', weight: 1, play: typing },
  { name: 'load older', weight: 2, play: loadOlder },
  { name: 'send over HTTP', weight: 3, play: sendOverHttp },
  { name: 'send a file', weight: 1, play: sendFile },
  { name: 'retry over HTTP', weight: 2, play: retryOverHttp },
  { name: 'edit another’s', weight: 0.5, play: (turn) => toOthers(turn, ({ seq }) => edit(turn, seq)) },
  { name: 'delete another’s', weight: 0.5, play: (turn) => toOthers(turn, ({ seq }) => remove(turn, seq)) },
  { name: 'remove or leave', weight: 0.4, play: removeMember },
  { name: 'add or join', weight: 1, play: addMember },
  { name: 'role', weight: 0.4, play: setRole },
]

type Where = { replyTo?: number; thread?: number; alsoToConversation?: true }

function send({ player, room, number }: Turn, where: Where): boolean {
  player.in(room.id).send(player.dice.text(number), where)
  return true
}

function edit({ player, room, number }: Turn, target: number): boolean {
  player.in(room.id).edit(target, player.dice.text(number))
  return true
}

function remove({ player, room }: Turn, target: number): boolean {
  player.in(room.id).remove(target)
  return true
}

function react(
  turn: Turn,
  target: number,
  on: boolean,
  emoji = turn.player.dice.pick(EMOJI) ?? '👍',
): boolean {
  const { player, room } = turn
  const { kept, dropped } = player.recorder.footprintOf(() => player.in(room.id).react(target, emoji, on))
  const [undone] = dropped
  if (kept.length > 0 || undone === undefined) return true
  player.recorder.undone(undone, {
    id: uuidv7(),
    conversationId: room.id,
    client: player.name,
    by: player.user.id,
    asked: { kind: 'reaction.set', target, emoji, on },
  })
  return true
}

/** Takes off one of the person's own, as they see it. */
function reactOff(turn: Turn): boolean {
  const { player, room } = turn
  const mine = ({ reactions }: Message) => reactions.find(({ userIds }) => userIds.includes(player.user.id))
  const target = pickOf(turn, (message) => mine(message) !== undefined)
  return target !== undefined && react({ player, room, number: 0 }, target.seq, false, mine(target)?.emoji)
}

/** A second thought, before the first is known to have arrived. */
function flicker(turn: Turn, target: number): boolean {
  const emoji = turn.player.dice.pick(EMOJI)
  react(turn, target, true, emoji)
  return react(turn, target, false, emoji)
}

function pin({ player, room }: Turn, target: number, on: boolean): boolean {
  player.in(room.id).pin(target, on)
  return true
}

function read({ player, room }: Turn): boolean {
  const newest = player.in(room.id).state.messages.at(-1)
  if (newest) player.in(room.id).markRead(newest.seq)
  return newest !== undefined
}

function typing({ player, room }: Turn): boolean {
  player.in(room.id).setTyping(player.dice.chance(0.5))
  return true
}

function loadOlder({ player, room }: Turn): boolean {
  const conversation = player.in(room.id)
  if (!conversation.state.hasOlder) return false
  void conversation.loadOlder()
  return true
}

function toAny(turn: Turn, work: (message: Message) => boolean): boolean {
  const message = pickOf(turn, () => true)
  return message !== undefined && work(message)
}

/** A message that a thread may hang on: one that is in none itself. Erased ones may have theirs already. */
function toRoot(turn: Turn, work: (root: number) => boolean): boolean {
  const message = pickOf(turn, ({ thread }) => thread === null)
  return message !== undefined && work(message.seq)
}

function toOwn(turn: Turn, work: (message: Message) => boolean): boolean {
  const message = pickOf(
    turn,
    ({ authorId, deletedAt }) => authorId === turn.player.user.id && deletedAt === null,
  )
  return message !== undefined && work(message)
}

function toOthers(turn: Turn, work: (message: Message) => boolean): boolean {
  const message = pickOf(turn, ({ authorId }) => authorId !== turn.player.user.id)
  return message !== undefined && work(message)
}

/** Mostly one of the last few, which others change as well, and sometimes any that is on the screen. */
function pickOf({ player, room }: Turn, isMeant: (message: Message) => boolean): Message | undefined {
  const { messages } = player.in(room.id).state
  const near = player.dice.chance(0.8) ? messages.slice(-12) : messages
  return player.dice.pick(near.filter(isMeant))
}
