/** Threads as the log has them: what a root says, who follows, what is unread, and what pages leave out. */
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/conversation/effects.ts'
import { messagesPage, threadPage } from '../../src/conversation/http.ts'
import { deleteMember, putMember } from '../../src/conversation/membership.ts'
import { shared, summarize } from '../../src/conversation/summary.ts'
import { read } from '../../src/conversation/verbs/read.ts'
import { followThread, readThread } from '../../src/conversation/verbs/thread.ts'
import type { Event, SendBody, User } from '../../src/protocol/index.ts'
import { ackOf, Bench } from '../support/conversation.ts'
import { ada, alan, grace, user } from '../support/people.ts'
import { codeOf } from '../support/refusals.ts'

const NO_LIMITS = { sends10s: 10_000, sends60s: 10_000 }

function say(bench: Bench, who: User, body: Partial<SendBody> = {}): number {
  return ackOf(bench.send(who, body)).seq
}

function published(effects: Effect[]): Event | undefined {
  return effects.flatMap((effect) => (effect.do === 'publish' ? [effect.event] : []))[0]
}

function marks(effects: Effect[]): object[] {
  return effects.flatMap((effect) =>
    effect.do === 'tellOwn' ? [{ to: effect.userId, ...effect.frame }] : [],
  )
}

function countsOf(bench: Bench, who: User) {
  const summary = summarize(bench.store, shared(bench.store), bench.turn(who).member)
  const { unread, mentions, inThreads } = summary
  return { unread, mentions, inThreads: inThreads?.unread ?? 0 }
}

function reads(bench: Bench, who: User, seq: number): void {
  bench.store.transaction(() => read(bench.turn(who), { seq }))
}

function readsThread(bench: Bench, who: User, thread: number, seq: number): Effect[] {
  return bench.store.transaction(() => readThread(bench.turn(who), { thread, seq }))
}

function follows(bench: Bench, who: User, thread: number, on: boolean): Effect[] {
  return bench.store.transaction(() => followThread(bench.turn(who), { thread, on }))
}

function isFollowing(bench: Bench, who: User, thread: number): boolean {
  return bench.store.threads.mark(bench.turn(who).member, thread).follows === true
}

describe('TH1 a reply', () => {
  it('is a message of the log, and its event tells what the root says of the thread now', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const event = published(bench.send(grace, { text: 'a reply', thread: root }))
    const replies = { count: 1, last: { seq: 2, authorId: grace.id, at: bench.now }, rev: 1 }
    expect(event).toMatchObject({ kind: 'message.created', seq: 2, message: { thread: root }, replies })
    expect(bench.store.message(root)?.replies).toEqual(replies)
    expect([...bench.store.eventsAfter(1)]).toEqual([event])
  })

  it('stands under a message of the conversation only: not under a reply, nor under nothing', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const reply = say(bench, grace, { thread: root })
    const also = say(bench, grace, { thread: root, alsoToConversation: true })
    for (const thread of [reply, also, 99]) {
      expect(codeOf(() => bench.send(alan, { thread }))).toBe('invalid')
    }
    expect(bench.store.conversation().head).toBe(3)
  })

  it('G2 S2 the thread is part of the payload; a send without one hashes as it always did', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const id = bench.id()
    const first = ackOf(bench.send(ada, { id, text: 'x', thread: root }))
    expect(ackOf(bench.send(ada, { id, text: 'x', thread: root }))).toMatchObject({
      seq: first.seq,
      duplicate: true,
    })
    for (const other of [{}, { thread: root, alsoToConversation: true }]) {
      expect(codeOf(() => bench.send(ada, { id, text: 'x', ...other }))).toBe('idempotency_mismatch')
    }
    const plain = bench.id()
    bench.send(ada, { id: plain, text: 'hello', replyTo: root })
    // Of `["hello",1,[]]`, as the code of before threads made it.
    expect(bench.store.operation(ada.id, plain)?.payloadHash).toBe('KZkPyr00s8YViWr5hQHvrX')
    expect(
      ackOf(bench.send(ada, { id: plain, text: 'hello', replyTo: root, alsoToConversation: false }))
        .duplicate,
    ).toBe(true)
  })
})

describe('TH2 what a root says', () => {
  it('follows deletions: one fewer, and the newest that is left', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const first = say(bench, grace, { thread: root })
    bench.now += 1
    const second = say(bench, alan, { thread: root })
    const gone = published(bench.perform(alan, { type: 'delete', id: bench.id(), target: second }))
    const left = { count: 1, last: { seq: first, authorId: grace.id, at: bench.now - 1 }, rev: 3 }
    expect(gone).toMatchObject({ kind: 'message.deleted', target: second, thread: root, replies: left })
    expect([...bench.store.eventsAfter(3)]).toEqual([gone])
    bench.perform(grace, { type: 'delete', id: bench.id(), target: first })
    expect(bench.store.message(root)?.replies).toEqual({ count: 0, last: null, rev: 4 })
    // Told again, both deletions say what is so now.
    const again = [...bench.store.eventsAfter(3)].map((event) => 'replies' in event && event.replies)
    expect(again).toEqual([0, 0].map(() => ({ count: 0, last: null, rev: 4 })))
  })

  it('survives the deletion of the root, whose thread stays', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    say(bench, grace, { thread: root })
    bench.perform(ada, { type: 'delete', id: bench.id(), target: root })
    say(bench, grace, { thread: root })
    expect(bench.store.message(root)).toMatchObject({ text: '', replies: { count: 2 } })
  })
})

describe('TH3 pages', () => {
  it('the log has everything, the conversation what is not in threads alone, a thread its replies', () => {
    const bench = new Bench(NO_LIMITS)
    const root = say(bench, ada)
    const other = say(bench, ada)
    const reply = say(bench, grace, { thread: root })
    const also = say(bench, grace, { thread: root, alsoToConversation: true })
    const elsewhere = say(bench, alan, { thread: other })
    const seqs = (page: { messages: { seq: number }[] }) => page.messages.map(({ seq }) => seq)
    expect(seqs(messagesPage(bench.store, {}, 50))).toEqual([root, other, reply, also, elsewhere])
    expect(seqs(messagesPage(bench.store, {}, 50, 'main'))).toEqual([root, other, also])
    const ofThread = threadPage(bench.store, bench.turn(ada).member, { thread: root, position: {}, limit: 1 })
    expect(ofThread).toMatchObject({
      hasOlder: true,
      hasNewer: false,
      thread: { root: { seq: root }, follows: true },
    })
    expect(seqs(ofThread)).toEqual([also])
    const { member } = bench.turn(ada)
    expect(codeOf(() => threadPage(bench.store, member, { thread: reply, position: {}, limit: 1 }))).toBe(
      'not_found',
    )
    expect(bench.store.lastMessage()?.seq).toBe(also)
  })

  it('a thousand replies at the end hide nothing: one page is a full page', () => {
    const bench = new Bench(NO_LIMITS)
    for (let n = 0; n < 60; n += 1) say(bench, ada)
    for (let n = 0; n < 1_000; n += 1) say(bench, ada, { thread: 1 })
    const page = messagesPage(bench.store, {}, 50, 'main')
    expect(page.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => 11 + n))
    expect(page.hasOlder).toBe(true)
    expect(bench.store.lastMessage()?.seq).toBe(60)
  })
})

describe('TH4 following', () => {
  it('begins with writing the root or in it, being named or quoted', () => {
    const bench = new Bench({}, 'private', [ada, grace, alan, user(9)])
    const root = say(bench, ada)
    const started = bench.send(grace, { text: 'hello @alan', thread: root })
    expect(marks(started)).toEqual([
      { to: grace.id, type: 'thread', seq: root, follows: true, readSeq: 2 },
      { to: alan.id, type: 'thread', seq: root, follows: true, readSeq: 1 },
      { to: ada.id, type: 'thread', seq: root, follows: true, readSeq: 1 },
    ])
    expect(marks(bench.send(grace, { thread: root }))).toEqual([])
    expect(isFollowing(bench, user(9), root)).toBe(false)
    const other = say(bench, ada)
    const said = say(bench, user(9))
    bench.send(alan, { thread: other, replyTo: said })
    expect(isFollowing(bench, user(9), other)).toBe(true)
    expect(isFollowing(bench, grace, other)).toBe(false)
  })

  it('an edit that names somebody makes them follow, from that reply on', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const target = say(bench, ada, { thread: root })
    const edited = bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'and you, @grace?' })
    expect(marks(edited)).toEqual([
      { to: grace.id, type: 'thread', seq: root, follows: true, readSeq: target - 1 },
    ])
    expect(countsOf(bench, grace)).toEqual({ unread: 2, mentions: 1, inThreads: 1 })
  })

  it('ends when asked, until one writes, is named or quoted again; not for being the root’s author', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    say(bench, grace, { thread: root })
    follows(bench, ada, root, false)
    say(bench, grace, { thread: root })
    expect(countsOf(bench, ada)).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
    say(bench, grace, { thread: root, text: 'what do you say, @ada?' })
    expect(isFollowing(bench, ada, root)).toBe(true)
    // Not those that came while she did not follow.
    expect(countsOf(bench, ada)).toEqual({ unread: 1, mentions: 1, inThreads: 1 })
  })

  it('TH4 is not begun again by an edit that names nobody new', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const first = say(bench, grace, { thread: root })
    const target = say(bench, ada, { thread: root, replyTo: first, text: 'as @grace says' })
    follows(bench, grace, root, false)
    for (let n = 0; n < 3; n += 1) say(bench, ada, { thread: root })
    const before = countsOf(bench, grace)
    bench.perform(ada, { type: 'edit', id: bench.id(), target, text: 'as @grace said' })
    expect(isFollowing(bench, grace, root)).toBe(false)
    expect(countsOf(bench, grace)).toEqual(before)
  })

  it('by hand begins now: what was said before is no news', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const reply = say(bench, ada, { thread: root })
    reads(bench, grace, root)
    expect(marks(follows(bench, grace, root, true))).toEqual([
      { to: grace.id, type: 'thread', seq: root, follows: true, readSeq: reply },
    ])
    expect(follows(bench, grace, root, true)).toEqual([])
    expect(countsOf(bench, grace).unread).toBe(0)
    say(bench, ada, { thread: root })
    expect(countsOf(bench, grace).unread).toBe(1)
  })

  it('in a direct conversation both follow', () => {
    const bench = new Bench({}, 'direct', [ada, grace])
    const root = say(bench, ada)
    reads(bench, grace, root)
    say(bench, ada, { thread: root })
    expect(countsOf(bench, grace)).toEqual({ unread: 1, mentions: 0, inThreads: 1 })
  })
})

describe('TH5 what is unread', () => {
  it('is listed by thread, the newest reply first: where one follows, and where one is named', () => {
    const bench = new Bench()
    const [one, two, three] = [say(bench, ada), say(bench, alan), say(bench, alan)]
    say(bench, grace, { thread: one })
    say(bench, grace, { thread: one })
    say(bench, grace, { thread: three })
    const everyone = bench.turn(ada)
    bench.store.putMember(grace, 'admin', 0)
    say(bench, grace, { thread: two, text: 'for @all' })
    expect(bench.store.threads.waiting(everyone.member)).toEqual([
      { thread: two, unread: 1 },
      { thread: one, unread: 2 },
    ])
    readsThread(bench, ada, one, 99)
    readsThread(bench, ada, two, 99)
    expect(bench.store.threads.waiting(bench.turn(ada).member)).toEqual([])
  })

  it('a reply to me counts, however far the conversation was read; others’ threads do not', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const reply = say(bench, grace, { thread: root })
    reads(bench, ada, reply)
    reads(bench, alan, reply)
    expect(countsOf(bench, ada)).toEqual({ unread: 1, mentions: 0, inThreads: 1 })
    expect(countsOf(bench, alan)).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
    const told = readsThread(bench, ada, root, 99)
    expect(marks(told)).toEqual([{ to: ada.id, type: 'thread', seq: root, follows: true, readSeq: reply }])
    expect(countsOf(bench, ada).unread).toBe(0)
    expect(readsThread(bench, ada, root, 1)).toEqual([])
  })

  it('a reply that names everyone counts for everyone, followed or not, until the thread is read', () => {
    const bench = new Bench()
    const root = say(bench, grace)
    reads(bench, alan, root)
    const reply = say(bench, ada, { thread: root, text: 'look, @all' })
    expect(countsOf(bench, alan)).toEqual({ unread: 1, mentions: 1, inThreads: 1 })
    expect(countsOf(bench, grace)).toEqual({ unread: 1, mentions: 1, inThreads: 1 })
    reads(bench, alan, reply)
    expect(countsOf(bench, alan).mentions).toBe(1)
    readsThread(bench, alan, root, reply)
    expect(countsOf(bench, alan)).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
    expect(isFollowing(bench, alan, root)).toBe(false)
  })

  it('SE-3 a list says when a thread was busy last, without moving for it', () => {
    const bench = new Bench()
    const repliedAt = () => summarize(bench.store, shared(bench.store), bench.turn(ada).member).repliedAt
    const root = say(bench, ada)
    expect(repliedAt()).toBeUndefined()
    bench.now += 1_000
    say(bench, grace, { thread: root })
    expect(repliedAt()).toBe(bench.now)
    say(bench, grace)
    expect(repliedAt()).toBeUndefined()
  })

  it('a reply that is also in the conversation counts once, there', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const also = say(bench, grace, { thread: root, alsoToConversation: true })
    expect(countsOf(bench, ada)).toEqual({ unread: 1, mentions: 0, inThreads: 0 })
    reads(bench, ada, also)
    expect(countsOf(bench, ada).unread).toBe(0)
  })

  it('a deleted reply does not count', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    const target = say(bench, grace, { thread: root })
    bench.perform(grace, { type: 'delete', id: bench.id(), target })
    expect(countsOf(bench, ada).unread).toBe(0)
  })

  it('who comes (back) has read what was said before, in threads too', () => {
    const bench = new Bench()
    const root = say(bench, ada)
    say(bench, ada, { thread: root, text: 'dear @all' })
    const turn = { store: bench.store, actor: bench.turn(ada).member, now: bench.now }
    putMember(turn, user(9), undefined)
    expect(countsOf(bench, user(9))).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
    say(bench, ada, { thread: root, text: 'dear @all' })
    expect(countsOf(bench, user(9)).mentions).toBe(1)
    deleteMember(turn, user(9).id)
    putMember(turn, user(9), undefined)
    expect(countsOf(bench, user(9))).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
  })

  it('reading all threads reads them, and tells each that was behind', () => {
    const bench = new Bench()
    const [one, two] = [say(bench, ada), say(bench, ada)]
    const [first, second] = [say(bench, grace, { thread: one }), say(bench, grace, { thread: two })]
    readsThread(bench, ada, one, first)
    const told = bench.store.transaction(() => read(bench.turn(ada), { seq: second, threads: true }))
    expect(marks(told).slice(0, 2)).toMatchObject([
      { seq: two, readSeq: second },
      { seq: one, readSeq: second },
    ])
    expect(countsOf(bench, ada).unread).toBe(0)
  })

  describe('a name that an edit adds', () => {
    /** Two threads of ada's; alan, whom neither names, has read the whole conversation. */
    function quietBench() {
      const bench = new Bench()
      const [root, other] = [say(bench, ada), say(bench, ada)]
      const old = say(bench, grace, { thread: root })
      const target = say(bench, ada, { thread: root })
      say(bench, grace, { thread: other })
      reads(bench, alan, 99)
      expect(countsOf(bench, alan)).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
      return { bench, root, other, old, target }
    }
    const none = { unread: 0, mentions: 0, inThreads: 0 }
    const edits = (bench: Bench, target: number, text: string, id = bench.id()) =>
      bench.perform(bench.store.message(target)?.authorId === ada.id ? ada : grace, {
        ...{ type: 'edit', id, target, text },
      })
    const waitingFor = (bench: Bench, who: User) => bench.store.threads.waiting(bench.turn(who).member)

    it('is news to whom has read everything but that thread, once, until they read it', () => {
      const { bench, root, target } = quietBench()
      const id = bench.id()
      const first = edits(bench, target, 'and you, @alan? @alan!', id)
      expect(marks(first)).toEqual([
        { to: alan.id, type: 'thread', seq: root, follows: true, readSeq: target - 1 },
      ])
      expect(countsOf(bench, alan)).toEqual({ unread: 1, mentions: 1, inThreads: 1 })
      expect(waitingFor(bench, alan)).toEqual([{ thread: root, unread: 1 }])
      // A retry, an eviction and a second look at the conversation change nothing.
      edits(bench, target, 'and you, @alan? @alan!', id)
      bench.evict()
      reads(bench, alan, 99)
      expect(countsOf(bench, alan)).toEqual({ unread: 1, mentions: 1, inThreads: 1 })
      readsThread(bench, alan, root, target)
      expect(countsOf(bench, alan)).toEqual(none)
      edits(bench, target, 'and you, @alan, once more?')
      expect(countsOf(bench, alan)).toEqual(none)
    })

    it('is cleared by reading all threads, and nothing that was cleared comes back with the next', () => {
      const { bench, root, old, target } = quietBench()
      const all = () => bench.store.transaction(() => read(bench.turn(alan), { seq: 99, threads: true }))
      edits(bench, target, 'look, @alan')
      all()
      expect(countsOf(bench, alan)).toEqual(none)
      edits(bench, old, 'and @alan')
      expect(countsOf(bench, alan)).toEqual(none)
      const newer = say(bench, grace, { thread: say(bench, ada) })
      reads(bench, alan, 99)
      edits(bench, newer, 'and @alan')
      expect(waitingFor(bench, alan)).toEqual([{ thread: newer - 1, unread: 1 }])
      expect(waitingFor(bench, alan)).not.toContainEqual(expect.objectContaining({ thread: root }))
    })

    it('brings back nothing of other threads', () => {
      const { bench, root, other, target } = quietBench()
      const loud = say(bench, ada, { thread: other, text: 'dear @all' })
      readsThread(bench, alan, other, loud)
      expect(countsOf(bench, alan)).toEqual(none)
      edits(bench, target, 'and you, @alan?')
      expect(waitingFor(bench, alan)).toEqual([{ thread: root, unread: 1 }])
    })

    it('is no news where they have read that thread, nor to who came later', () => {
      const { bench, root, target } = quietBench()
      const reply = say(bench, grace, { thread: root })
      readsThread(bench, alan, root, reply)
      edits(bench, target, 'and you, @alan?')
      expect(countsOf(bench, alan)).toEqual(none)
      putMember({ store: bench.store, actor: bench.turn(ada).member, now: bench.now }, user(9), undefined)
      edits(bench, target, 'and you, @person_9?')
      expect(countsOf(bench, user(9))).toEqual(none)
    })

    it('is taken back, with its thread, by the edit that takes it away', () => {
      const { bench, root, target } = quietBench()
      edits(bench, target, 'and you, @alan?')
      say(bench, grace, { thread: root })
      expect(countsOf(bench, alan)).toEqual({ unread: 2, mentions: 1, inThreads: 2 })
      const told = edits(bench, target, 'and you, all of you?')
      expect(marks(told)).toEqual([
        { to: alan.id, type: 'thread', seq: root, follows: false, readSeq: target - 1 },
      ])
      expect(countsOf(bench, alan)).toEqual(none)
      edits(bench, target, 'and you, @alan, after all?')
      expect(countsOf(bench, alan)).toEqual({ unread: 2, mentions: 1, inThreads: 2 })
    })

    it('is taken back without the thread from whom has read it, has written there, or was named again', () => {
      const since: ((bench: Bench, root: number) => void)[] = [
        (bench, root) => readsThread(bench, alan, root, 99),
        (bench, root) => say(bench, alan, { thread: root }),
        (bench, root) => say(bench, grace, { thread: root, text: 'as @alan says' }),
      ]
      for (const happens of since) {
        const { bench, root, target } = quietBench()
        edits(bench, target, 'and you, @alan?')
        happens(bench, root)
        const told = edits(bench, target, 'and you, all of you?')
        expect(marks(told)).toEqual([])
        expect(isFollowing(bench, alan, root)).toBe(true)
      }
    })

    it('that a reply had from the start makes them follow for good', () => {
      const bench = new Bench()
      const root = say(bench, ada)
      const target = say(bench, ada, { thread: root, text: 'and you, @alan?' })
      edits(bench, target, 'and you, all of you?')
      expect(isFollowing(bench, alan, root)).toBe(true)
    })
  })

  it('reading all threads tells the lists, also where none of them is followed', () => {
    const bench = new Bench()
    const root = say(bench, grace)
    const reply = say(bench, ada, { thread: root, text: 'look, @all' })
    reads(bench, alan, reply)
    bench.store.outbox.delete(`inbox:${alan.id}`)
    bench.store.transaction(() => read(bench.turn(alan), { seq: reply, threads: true }))
    expect(countsOf(bench, alan)).toEqual({ unread: 0, mentions: 0, inThreads: 0 })
    expect(bench.store.outbox.has(`inbox:${alan.id}`)).toBe(true)
  })
})
