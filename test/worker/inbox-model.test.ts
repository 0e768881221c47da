/**
 * The inbox against a model: random histories of everything that changes a list, through evictions, reconnects
 * and late or doubled news; in the end every list is what a fresh computation says. The seed of a history is in
 * its failure: `search(seed, 1)` plays it again.
 */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { OutboxRows } from '../../src/conversation/outbox-rows.ts'
import { Store } from '../../src/conversation/store.ts'
import { Threads } from '../../src/conversation/threads.ts'
import { UnreadCounts } from '../../src/conversation/unread.ts'
import { uuidv7 } from '../../src/protocol/index.ts'
import { accept } from '../../src/refusal.ts'
import type { InboxPut } from '../../src/user/inbox.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { type Person, person } from '../support/worker/people.ts'
import { objectOf } from '../support/worker/sockets.ts'

const HISTORIES = 1_000
const STEPS = 12
/** Longer than any pace at which an inbox is told, so that one alarm tells everything that waits. */
const PACE_MS = 20_000

type Said = {
  seq: number
  by: string
  names: string[]
  isToAll: boolean
  isDeleted: boolean
  /** The root that it is a reply to, and whether it stands in that thread alone. */
  thread: number | null
  isAside: boolean
}
/** Where a person is in a thread; `follows` undefined where they never did. */
type Mark = { follows: boolean | undefined; readSeq: number; namedIn?: number | undefined }
/** What a person's list must be derived from; undefined read marker: not a member. */
type Model = {
  said: Said[]
  head: number
  reads: Map<string, number>
  unreadFrom: Map<string, number>
  /** By person and root. */
  marks: Map<string, Mark>
  /** Up to where nothing waited for a person in any thread. */
  quiet: Map<string, number>
  /** Up to where a person has come too late for threads: what is named there is no news. */
  cleared: Map<string, number>
}

/** A small, fast generator (mulberry32): the same seed is the same history. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

let people: Person[] = []

function markOf(model: Model, userId: string, thread: number): Mark {
  const { follows, readSeq } = ownMarkOf(model, userId, thread)
  return { follows, readSeq: Math.max(readSeq, model.quiet.get(userId) ?? 0) }
}

/** Up to where they have read it themselves. */
function ownMarkOf(model: Model, userId: string, thread: number): Mark {
  const mark = model.marks.get(`${userId} ${thread}`) ?? { follows: undefined, readSeq: 0 }
  return { ...mark, readSeq: Math.max(mark.readSeq, model.cleared.get(userId) ?? 0) }
}

/** TH4: who follows from a reply on. An old one that names them by an edit is news all the same. */
function follow(
  model: Model,
  userId: string,
  thread: number,
  after: number,
  isAgain: boolean,
  namedIn?: number,
): void {
  const mark = ownMarkOf(model, userId, thread)
  if (model.reads.has(userId) && mark.follows) {
    model.marks.set(`${userId} ${thread}`, { follows: true, readSeq: mark.readSeq })
  }
  if (!model.reads.has(userId) || mark.follows || (mark.follows === false && !isAgain)) return
  const readSeq = Math.max(mark.readSeq, after)
  model.marks.set(`${userId} ${thread}`, { follows: true, readSeq, namedIn })
  model.quiet.set(userId, Math.min(model.quiet.get(userId) ?? 0, readSeq))
}

/** TH5: whom an edit names follows from that reply on, until one takes the name back. */
function rename(model: Model, { seq, by, names, thread }: Said, before: readonly string[]): void {
  if (thread === null) return
  for (const userId of names) {
    if (userId !== by && !before.includes(userId)) follow(model, userId, thread, seq - 1, true, seq)
  }
  for (const userId of before) {
    const { readSeq, namedIn } = ownMarkOf(model, userId, thread)
    if (names.includes(userId) || namedIn !== seq || !model.reads.has(userId)) continue
    model.marks.set(`${userId} ${thread}`, { follows: false, readSeq })
  }
}

function calls(said: Said, userId: string): boolean {
  return said.isToAll || said.names.includes(userId)
}

/** TH5: the replies in threads alone that wait for a person. */
function waitingInThreads(model: Model, userId: string): Said[] {
  return model.said.filter((said) => {
    if (!said.isAside || said.thread === null || said.by === userId || said.isDeleted) return false
    const mark = markOf(model, userId, said.thread)
    return said.seq > mark.readSeq && (mark.follows === true || calls(said, userId))
  })
}

/** Where nothing waits in threads, nothing that was said so far will. */
function settleThreads(model: Model, userId: string): void {
  const isAny = model.said.some(({ isAside }) => isAside)
  if (isAny && waitingInThreads(model, userId).length === 0) model.quiet.set(userId, model.head)
}

beforeAll(async () => {
  people = await Promise.all(['ada', 'grace', 'alan', 'joan'].map((name) => person(name)))
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Plays one history. @returns what differs between the lists and the model, empty where all is well */
async function play(seed: number): Promise<string[]> {
  const roll = dice(seed)
  const pick = <T>(items: readonly T[]): T => items[roll(items.length)] as T
  const [owner] = people as [Person, ...Person[]]
  const name = `model:${seed}:${uuidv7()}`
  const stub = env.CONVERSATIONS.get(env.CONVERSATIONS.idFromName(name))
  const id = stub.id.toString()
  const founders = people.slice(0, 2 + roll(3))
  const creation = { by: owner.user, kind: 'private', name: 'model', description: null } as const
  accept(await stub.create({ ...creation, members: founders.map(({ user }) => user) }))
  const model: Model = {
    said: [],
    head: 0,
    reads: new Map(founders.map(({ user }) => [user.id, 0])),
    unreadFrom: new Map(),
    marks: new Map(),
    quiet: new Map(),
    cleared: new Map(),
  }
  const tabs = new Map<string, TestInbox>()
  const late = new Map<string, InboxPut[]>()

  for (let step = 0; step < STEPS; step += 1) {
    const who = pick(people)
    const isMember = model.reads.has(who.user.id)
    const action = roll(100)
    if (action < 34 && isMember) {
      const named = pick(people)
      const isToAll = roll(5) === 0 && who === owner
      const text = roll(3) === 0 ? `hey @${named.user.username}${isToAll ? ' @all' : ''}` : 'hello'
      const roots = model.said.filter(({ thread }) => thread === null)
      const root = roots.length > 0 && roll(2) === 0 ? pick(roots) : undefined
      const isAlso = root !== undefined && roll(4) === 0
      const place = root ? { thread: root.seq, alsoToConversation: isAlso } : {}
      const quoted = model.said.length > 0 && roll(4) === 0 ? pick(model.said) : undefined
      const quote = quoted ? { replyTo: quoted.seq } : {}
      const { seq } = accept(await stub.send(who.user.id, { id: uuidv7(), text, ...place, ...quote }))
      const names = text.includes('@') && model.reads.has(named.user.id) ? [named.user.id] : []
      const by = who.user.id
      const said = { seq, by, names, isToAll: text.includes('@all'), isDeleted: false }
      model.said.push({ ...said, thread: root?.seq ?? null, isAside: root !== undefined && !isAlso })
      model.head = seq
      if (root) {
        follow(model, by, root.seq, seq, true)
        for (const userId of quoted ? [...names, quoted.by] : names) {
          if (userId !== by) follow(model, userId, root.seq, seq - 1, true)
        }
        follow(model, root.by, root.seq, seq - 1, false)
      }
    } else if (action < 40 && isMember) {
      const own = model.said.filter((each) => each.by === who.user.id && !each.isDeleted)
      if (own.length === 0) continue
      const message = pick(own)
      const { seq: target } = message
      const named = pick(people)
      const frame = { id: uuidv7(), target }
      if (roll(2) === 0) {
        accept(await stub.operate(who.user.id, { ...frame, type: 'delete' }))
        message.isDeleted = true
      } else {
        accept(
          await stub.operate(who.user.id, { ...frame, type: 'edit', text: `now @${named.user.username}` }),
        )
        const before = message.names
        message.names = model.reads.has(named.user.id) ? [named.user.id] : []
        message.isToAll = false
        rename(model, message, before)
      }
      model.head += 1
    } else if (action < 55 && isMember) {
      const seq = roll(model.head + 2)
      accept(await stub.read(who.user.id, seq))
      const upTo = Math.min(seq, model.head)
      if (upTo > (model.reads.get(who.user.id) ?? 0) || model.unreadFrom.has(who.user.id)) {
        model.reads.set(who.user.id, Math.max(upTo, model.reads.get(who.user.id) ?? 0))
        model.unreadFrom.delete(who.user.id)
        settleThreads(model, who.user.id)
      }
    } else if (action < 59 && isMember && model.said.length > 0) {
      const roots = model.said.filter(({ thread }) => thread === null)
      const { seq: thread } = pick(roots)
      const mark = markOf(model, who.user.id, thread)
      const key = `${who.user.id} ${thread}`
      if (roll(3) === 0) {
        const on = roll(2) === 0
        accept(await stub.followThread(who.user.id, thread, on))
        if ((mark.follows ?? false) === on) continue
        model.marks.set(key, { follows: on, readSeq: on ? model.head : mark.readSeq })
      } else {
        const seq = Math.min(roll(model.head + 2), model.head)
        accept(await stub.readThread(who.user.id, thread, seq))
        if (seq <= mark.readSeq || !model.said.some((said) => said.thread === thread)) continue
        model.marks.set(key, { follows: mark.follows, readSeq: seq })
      }
      settleThreads(model, who.user.id)
    } else if (action < 66 && isMember && model.said.length > 0) {
      const { seq } = pick(model.said)
      accept(await stub.markUnread(who.user.id, seq))
      model.unreadFrom.set(who.user.id, seq)
    } else if (action < 73 && !isMember) {
      accept(await stub.putMember(owner.user.id, who.user, undefined))
      // Who comes (back) has read what was said before.
      model.reads.set(who.user.id, model.head)
      model.quiet.set(who.user.id, model.head)
      model.cleared.set(who.user.id, model.head)
      model.unreadFrom.delete(who.user.id)
      model.head += 1
    } else if (action < 79 && isMember && who !== owner) {
      accept(await stub.deleteMember(who.user.id, who.user.id))
      model.reads.delete(who.user.id)
      model.head += 1
    } else if (action < 84) {
      const inbox = env.USERS.getByName(who.user.id)
      // Only what runs can be evicted.
      await Promise.all([inbox.me(), stub.costs()])
      await evictDurableObject(pick([stub, inbox]))
    } else if (action < 92) {
      const rev = tabs.get(who.user.id)?.rev ?? 0
      tabs.get(who.user.id)?.close()
      const tab = await TestInbox.connect(who, rev)
      for (const [key, row] of tabs.get(who.user.id)?.rows ?? []) tab.rows.set(key, tab.rows.get(key) ?? row)
      tabs.set(who.user.id, tab)
    } else if (isMember) {
      // News that is told twice, or much later than newer news.
      const news = late.get(who.user.id) ?? []
      late.set(who.user.id, [...news, { conversationId: id, ...accept(await stub.inboxRow(who.user.id)) }])
      accept(await env.USERS.getByName(who.user.id).putInboxRow(pick(late.get(who.user.id) ?? [])))
    }
  }
  await settle(id)
  return differences(id, model)
}

/** Moves the clock past every pace and lets the alarm tell what waits, until nothing does. */
async function settle(id: string): Promise<void> {
  for (let round = 1; round <= 10; round += 1) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + PACE_MS })
    await runDurableObjectAlarm(objectOf(id))
    vi.useRealTimers()
    const waiting = await runInDurableObject(objectOf(id), (_, state) =>
      state.storage.sql.exec('SELECT key FROM outbox').toArray(),
    )
    if (waiting.length === 0) return
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + round * PACE_MS })
  }
  throw new Error('the outbox did not drain')
}

async function differences(id: string, model: Model): Promise<string[]> {
  const wrong: string[] = []
  for (const { user } of people) {
    const { conversations } = accept(await env.USERS.getByName(user.id).listConversations({ limit: 1 }))
    const [row] = conversations.filter((each) => each.id === id)
    const readMark = model.reads.get(user.id)
    if (readMark === undefined) {
      if (row) wrong.push(`${user.username}: still listed`)
      continue
    }
    const marked = model.unreadFrom.get(user.id)
    const readSeq = marked === undefined ? readMark : Math.min(readMark, marked - 1)
    const inThreads = waitingInThreads(model, user.id)
    const inMain = model.said.filter(
      ({ seq, by, isDeleted, isAside }) => seq > readSeq && by !== user.id && !isDeleted && !isAside,
    )
    const fresh = [...inMain, ...inThreads]
    const expected = {
      unread: fresh.length,
      mentions: fresh.filter((said) => calls(said, user.id)).length,
      inThreads: inThreads.length,
      readSeq,
      last: model.said.findLast(({ isAside }) => !isAside)?.seq,
      members: model.reads.size,
    }
    const found = row && {
      unread: row.unread,
      mentions: row.mentions,
      inThreads: row.inThreads?.unread ?? 0,
      readSeq: row.readSeq,
      last: row.lastMessage?.seq,
      members: row.memberCount,
    }
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      wrong.push(`${user.username}: ${JSON.stringify(found)} is not ${JSON.stringify(expected)}`)
    }
  }
  return wrong
}

/** Plays histories until one goes wrong. @returns its seed and what was wrong */
async function search(from: number, count: number): Promise<string | undefined> {
  for (let seed = from; seed < from + count; seed += 1) {
    // One that does not end is as wrong as one that ends badly.
    const wrong = await play(seed).catch((error: unknown) => [String(error)])
    if (wrong.length > 0) return `seed ${seed}: ${wrong.join('; ')}`
  }
  return undefined
}

describe('the inbox model', () => {
  it(`${HISTORIES} random histories: every list is what a fresh computation says`, async () => {
    expect(await search(1, HISTORIES)).toBeUndefined()
  }, 600_000)

  it.each<[string, () => void]>([
    [
      'own messages are counted as unread',
      () => {
        const whole = UnreadCounts.prototype.of
        vi.spyOn(UnreadCounts.prototype, 'of').mockImplementation(function (
          this: UnreadCounts,
          member,
          head,
        ) {
          return whole.call(this, { ...member, user_id: '' }, head)
        })
      },
    ],
    [
      'a read marker does not make a new version',
      () => {
        vi.spyOn(Store.prototype, 'setRead').mockImplementation(function (this: Store, userId, seq) {
          this.sql.run('UPDATE members SET read_seq = ? WHERE user_id = ?', seq, userId)
        })
      },
    ],
    [
      'marking unread is forgotten',
      () => {
        vi.spyOn(Store.prototype, 'setUnreadFrom').mockImplementation(() => {})
      },
    ],
    [
      'reading the conversation reads its threads',
      () => {
        const whole = Threads.prototype.unread
        vi.spyOn(Threads.prototype, 'unread').mockImplementation(function (this: Threads, member, log) {
          return whole.call(this, { ...member, threads_read: member.read_seq }, log)
        })
      },
    ],
    [
      'a removed member is not told',
      () => {
        const whole = Store.prototype.memberOrFormer
        vi.spyOn(Store.prototype, 'memberOrFormer').mockImplementation(function (this: Store, userId) {
          const row = whole.call(this, userId)
          return row?.removed_at === null ? row : undefined
        })
      },
    ],
    [
      'an outbox row is struck out before it was told',
      () => {
        const whole = OutboxRows.prototype.due
        vi.spyOn(OutboxRows.prototype, 'due').mockImplementation(function (this: OutboxRows, now, limit) {
          for (const { key } of whole.call(this, now, limit)) this.delete(key)
          return []
        })
      },
    ],
  ])(
    'catches the seeded bug: %s',
    async (_, seedBug) => {
      seedBug()
      expect(await search(1, 60)).toMatch(/^seed \d+: /)
    },
    120_000,
  )
})
