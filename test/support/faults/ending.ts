/** How a run ends: all is calm, everyone has said what they had to say, and what is left is collected. */
import { expect, vi } from 'vitest'
import { type Event, type Message, PAGE_MAX, uuidv7 } from '../../../src/protocol/index.ts'
import { patiently } from './calls.ts'
import type { History } from './history.ts'
import type { Player } from './player.ts'
import type { Recorder } from './recorder.ts'
import type { Room } from './room.ts'

const SETTLED_WITHIN_MS = 120_000
const LAST_WORD = 'the last word'

/** `owner` owns every room, and is in all of them to the end. */
export type World = { owner: Player; players: readonly Player[]; rooms: readonly Room[]; recorder: Recorder }

/**
 * Everyone is let in, sends what waits, sees the last word and pages back to the first.
 * @param nudge brings back a device that was sent away and may come again
 */
export async function settle(world: World, nudge: (player: Player, room: Room) => void): Promise<void> {
  const { rooms, recorder } = world
  for (const room of rooms) {
    while (room.calls.size > 0) await Promise.all(room.calls)
    for (const userId of room.settled(false)) await letIn(world, room, userId)
  }
  await until(world, 'has sent everything', (player, room) => {
    nudge(player, room)
    const { connection } = player.look(room.id)
    const left = recorder.unsettled(player.name)
    return connection.phase === 'live' && left === 0 ? null : `${connection.phase}, ${left} unsettled`
  })
  for (const room of rooms) await sayLastWord(world, room)
  await until(world, 'has the last word', (player, room) => {
    const newest = player.look(room.id).messages.at(-1)
    return newest?.text === LAST_WORD ? null : `holds ${newest?.seq}`
  })
  await until(world, 'holds everything', async (player, room) => {
    const conversation = player.in(room.id)
    while (conversation.state.hasOlder && conversation.state.older !== 'failed')
      await conversation.loadOlder()
    if (conversation.state.older === 'failed') await conversation.loadOlder()
    return conversation.state.hasOlder ? `from ${conversation.state.messages[0]?.seq}` : null
  })
}

export async function historyOf({ owner, players, recorder }: World, room: Room): Promise<History> {
  const { api } = owner
  const { members } = await patiently(() => api.conversation(room.id))
  const messages = await pagesOf(owner, room)
  const roots = new Set(messages.flatMap(({ thread }) => thread ?? []))
  return {
    beginning: room.beginning,
    invocations: recorder.invocationsIn(room.id),
    sockets: recorder.socketsIn(room.id),
    shown: players.flatMap((player) => player.shownIn(room.id)),
    log: await logOf(owner, room),
    server: { who: 'the server', messages, members },
    views: await Promise.all(
      players.map(async (player) => ({
        who: player.name,
        messages: await heldBy(player, room, roots),
        members: [...player.look(room.id).members.values()],
      })),
    ),
    pins: [
      { who: 'the server', seqs: (await patiently(() => api.pins(room.id))).map(({ seq }) => seq) },
      ...players.map((player) => {
        const { pins } = player.look(room.id)
        return { who: player.name, seqs: pins.map(({ seq }) => seq) }
      }),
    ],
  }
}

/** The conversation as this device shows it, and each thread as it shows that: older replies are in threads only. */
async function heldBy(player: Player, room: Room, roots: ReadonlySet<number>): Promise<Message[]> {
  const conversation = player.in(room.id)
  const held = new Map(conversation.state.messages.map((message) => [message.seq, message]))
  for (const root of roots) {
    const thread = conversation.thread(root)
    await vi.waitFor(
      async () => {
        if (thread.state.failure) await thread.load()
        else if (thread.state.hasOlder) await thread.loadOlder()
        expect(thread.state).toMatchObject({ isLoaded: true, failure: null, hasOlder: false })
      },
      { timeout: SETTLED_WITHIN_MS, interval: 20 },
    )
    for (const message of thread.state.messages) held.set(message.seq, message)
    thread.close()
  }
  return [...held.values()].sort((a, b) => a.seq - b.seq)
}

async function letIn({ owner, recorder }: World, room: Room, userId: string): Promise<void> {
  const id = uuidv7()
  const asked = { kind: 'member.added', userId } as const
  const call = { id, conversationId: room.id, client: owner.name, by: owner.user.id, asked, sent: true }
  recorder.begin(call)
  await patiently(() => owner.api.addMember(room.id, userId))
  recorder.settle(id, { is: 'done' })
  room.membership(userId).role = 'member'
}

async function sayLastWord({ owner, recorder }: World, room: Room): Promise<void> {
  const id = uuidv7()
  const asked = { kind: 'message.created', text: LAST_WORD, replyTo: null } as const
  const call = { id, conversationId: room.id, client: owner.name, by: owner.user.id, asked, sent: true }
  recorder.begin(call)
  const { seq } = await patiently(() => owner.api.send(room.id, { id, text: LAST_WORD }))
  recorder.ack(id, seq)
}

/** @param state null once it is so, else how far it is: a timeout then says who is stuck where */
async function until(
  { players, rooms }: World,
  what: string,
  state: (player: Player, room: Room) => string | null | Promise<string | null>,
): Promise<void> {
  const pairs = rooms.flatMap((room) => players.map((player) => ({ room, player })))
  const all = pairs.map(({ player }) => `${player.name} ${what}`)
  await vi.waitFor(
    async () => {
      const states: string[] = []
      for (const { player, room } of pairs) {
        const left = await state(player, room)
        states.push(`${player.name} ${left ?? what}`)
      }
      expect(states).toEqual(all)
    },
    { timeout: SETTLED_WITHIN_MS, interval: 100 },
  )
}

async function logOf({ api }: Player, room: Room): Promise<Event[]> {
  const log: Event[] = []
  for (;;) {
    const page = await patiently(() => api.events(room.id, log.length))
    log.push(...page.events)
    if (page.to >= page.head) return log
  }
}

async function pagesOf({ api }: Player, room: Room): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0
    const page = await patiently(() => api.messages(room.id, { after, limit: PAGE_MAX }))
    messages.push(...page.messages)
    if (!page.hasNewer) return messages
  }
}
