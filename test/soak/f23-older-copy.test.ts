/**
 * A conversation's file is put back as it was some time ago, and somebody goes on in it before the others are back.
 * Whoever holds what is gone starts over; nobody ends with a log that is made of two.
 *
 * Half of the clients come back while the log is still shorter than theirs, half when it is longer again: those,
 * only another epoch can tell.
 *
 * Seen to fail where the epoch is the file’s alone: then half are told `ahead`, and half end with a mixed log.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { OpenConversation } from '../../src/client/client.ts'
import { type Message, uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { copyOf, putBack } from '../support/soak/copies.ts'
import { Crowd, NO_LIMITS } from '../support/soak/crowd.ts'
import { prove } from '../support/soak/proof.ts'
import { byTier, SEED, WITHIN_MS } from '../support/soak/tier.ts'

const PEOPLE = byTier({ smoke: 4, full: 10 })
const KEPT = byTier({ smoke: 30, full: 300 })
const LOST = byTier({ smoke: 20, full: 200 })
const SEEN_WITHIN_MS = 30_000

const proof = prove({
  id: 'F23',
  fault: 'an older copy of a conversation’s SQLite file is put back, and written on',
  target: 'found out by everyone (`epoch`, `ahead`), all clients resync, no mixed log',
})

let edgewise: Edgewise
let crowd: Crowd
/** Client ids of what was said after the copy was made. */
let lost: Set<string>
let server: Message[]
/** What each ends with. */
let ends: (readonly Message[])[]
/** Why each was given a window after the restore. */
let reasons: string[]

beforeAll(async () => {
  edgewise = await startEdgewise({ mode: 'serve', vars: NO_LIMITS })
  const { url, port, state } = edgewise
  crowd = await Crowd.start({ url, port, people: PEOPLE, seed: SEED })
  await everyoneSays(KEPT)
  const copy = copyOf(state, crowd.room.id)
  await everyoneSays(LOST)
  lost = new Set(
    heldBy(conversations()[0])
      .slice(KEPT)
      .map(({ id }) => id),
  )
  for (const { player } of crowd.speakers) player.proxy.leave()
  await edgewise.stop()
  putBack(copy, state, crowd.room.id)
  const windowsBefore = windows().length

  edgewise = await startEdgewise({ mode: 'serve', vars: { ...NO_LIMITS, HISTORY: 'restored' }, state, port })
  await comeBack(crowd.speakers.slice(0, PEOPLE / 2))
  for (let n = 0; n < 2 * LOST; n += 1) await sayOverHttp(`anew ${n}`)
  await comeBack(crowd.speakers.slice(PEOPLE / 2))
  await everyoneHolds(KEPT + 2 * LOST)
  server = await readMessages()
  ends = conversations().map(heldBy)
  reasons = windows().slice(windowsBefore)
  proof.load(`${PEOPLE} clients, ${KEPT} messages kept, ${LOST} gone, ${2 * LOST} new in their places`)
  const mixed = ends.filter((messages) => messages.some(({ id }) => lost.has(id)))
  proof.saw(`${reasons.length} resyncs (${[...new Set(reasons)]}), ${mixed.length} mixed logs`)
}, WITHIN_MS)

afterAll(async () => {
  await crowd?.stop()
  await edgewise?.stop()
})

it('R10 everyone was given a window, once, whether ahead of the log or not', () => {
  expect(reasons).toEqual(Array(PEOPLE).fill('epoch'))
})

it('R10 nobody holds anything of what is gone', () => {
  expect(lost.size).toBe(LOST)
  for (const messages of ends) expect(messages.filter(({ id }) => lost.has(id))).toEqual([])
})

it('G4 everyone ends with the server’s log', () => {
  const all = server.map(({ seq, id, text }) => ({ seq, id, text }))
  expect(all).toHaveLength(KEPT + 2 * LOST)
  for (const messages of ends) expect(messages.map(({ seq, id, text }) => ({ seq, id, text }))).toEqual(all)
})

function conversations(): OpenConversation[] {
  return crowd.speakers.map(({ player }) => player.in(crowd.room.id))
}

function heldBy(conversation: OpenConversation | undefined): readonly Message[] {
  return conversation?.state.messages ?? []
}

/** The reasons of all windows that anyone was given, in their order. */
function windows(): string[] {
  const frames = crowd.recorder.socketsIn(crowd.room.id).flatMap(({ told }) => told)
  return frames.flatMap((frame) => (frame.type === 'resync' ? [frame.reason] : []))
}

async function everyoneSays(count: number): Promise<void> {
  const wanted = crowd.said + count
  while (crowd.said < wanted) {
    const speaker = crowd.speakers[crowd.said % PEOPLE]
    if (speaker) crowd.say(speaker.player)
  }
  await everyoneHolds(wanted)
}

async function everyoneHolds(count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      for (const conversation of conversations())
        if (conversation.state.hasOlder) await conversation.loadOlder()
      expect(conversations().map((each) => heldBy(each).length)).toEqual(Array(PEOPLE).fill(count))
    },
    { timeout: SEEN_WITHIN_MS, interval: 50 },
  )
}

async function comeBack(speakers: Crowd['speakers']): Promise<void> {
  for (const { player } of speakers) {
    player.proxy.heal()
    player.in(crowd.room.id).reconnectNow()
  }
  await Promise.all(speakers.map(({ phases }) => phases.untilLive()))
}

async function sayOverHttp(text: string): Promise<void> {
  await owner().api.send(crowd.room.id, { id: uuidv7(), text })
}

async function readMessages(): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const page = await owner().api.messages(crowd.room.id, { after: messages.at(-1)?.seq ?? 0, limit: 100 })
    messages.push(...page.messages)
    if (!page.hasNewer) return messages
  }
}

function owner() {
  const [first] = crowd.speakers
  if (!first) throw new Error('nobody is there')
  return first.player
}
