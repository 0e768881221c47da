/** The live inbox (CONTRACT 5): the conversation list that is always true, on every tab and device. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  FRAMES_OVER_MAX,
  OFFLINE_AFTER_MS,
  PRESENCE_STALE_MS,
  SESSIONS_MAX,
  type Summary,
  uuidv7,
} from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, cookieHeader, open, type Person, person, signIn } from '../support/worker/people.ts'
import { group, live } from '../support/worker/sockets.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const put = (who: Person, path: string, body: unknown) => call('PUT', path, { body, headers: who.bearer })
const objectOf = (who: Person) => env.USERS.getByName(who.user.id)

async function direct(from: Person, to: Person): Promise<string> {
  const body = { kind: 'direct', userId: to.user.id }
  const answer = await call('POST', '/api/conversations', { body, headers: from.bearer })
  return (await answer.json<{ conversation: Summary }>()).conversation.id
}

async function trio(): Promise<[Person, Person, Person]> {
  return [await person('ada'), await person('grace'), await person('alan')]
}

describe('rows', () => {
  it('a message in a conversation that is not open reaches every tab within 2 s, without being asked for', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tabs = [await TestInbox.connect(grace), await TestInbox.connect(grace)]
    await (await live(ada, id)).say(`hello @${grace.user.username}`)
    for (const tab of tabs) {
      await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
      expect(tab.rows.get(id)).toMatchObject({ mentions: 1, lastMessage: { seq: 1, authorId: ada.user.id } })
      expect(tab.frames.map((frame) => frame.type).slice(0, 3)).toEqual(['hello', 'rows', 'live'])
    }
  })

  it('reading on one device clears the badge on the others within 1 s', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    await (await live(ada, id)).say('hello')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    ;(await live(grace, id)).send({ type: 'read', seq: 1 })
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 1_000 }).toBe(0)
  })

  it('asks only for what came after, and a row that comes twice is the same row', async () => {
    const [ada, grace] = await trio()
    const [first, second] = [await group(ada, grace), await group(ada, grace)]
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    expect([...tab.rows.keys()].sort()).toEqual([first.id, second.id].sort())
    tab.close()
    const late = await TestInbox.connect(grace, tab.rev)
    await expect.poll(() => late.isLive).toBe(true)
    expect(late.rows.size).toBe(0)
    await (await live(ada, second.id)).say('only this one')
    await expect.poll(() => [...late.rows.keys()], { timeout: 2_000 }).toEqual([second.id])
    const ahead = await TestInbox.connect(grace, 1_000_000)
    await expect.poll(() => ahead.rows.size).toBe(2)
  })

  it('lives through the eviction of its object', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    await evictDurableObject(objectOf(grace))
    await (await live(ada, id)).say('after')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    expect(tab.frames.filter((frame) => frame.type === 'hello')).toHaveLength(1)
  })

  it('membership arrives and goes', async () => {
    const [ada, grace, alan] = await trio()
    const tab = await TestInbox.connect(alan)
    const { id } = await group(ada, grace)
    const path = `/api/conversations/${id}/members/${alan.user.id}`
    await put(ada, path, {})
    await expect.poll(() => tab.rows.has(id), { timeout: 2_000 }).toBe(true)
    await call('DELETE', path, { headers: ada.bearer })
    await expect.poll(() => tab.rows.has(id), { timeout: 2_000 }).toBe(false)
  })

  it('marks unread from a message for oneself alone, and all read at once', async () => {
    const [ada, grace] = await trio()
    const [one, two] = [await direct(ada, grace), (await group(ada, grace)).id]
    const tab = await TestInbox.connect(grace)
    const [a, g] = [await live(ada, one), await live(grace, one)]
    for (const text of ['one', 'two', 'three']) await a.say(text)
    await (await live(ada, two)).say('elsewhere')
    g.send({ type: 'read', seq: 3 })
    await a.next('read')
    expect((await put(grace, `/api/conversations/${one}/unread`, { seq: 2 })).status).toBe(204)
    await expect.poll(() => tab.rows.get(one)?.unread, { timeout: 2_000 }).toBe(2)
    expect(tab.rows.get(one)).toMatchObject({ readSeq: 1, markedUnread: true })
    // Nobody else's ticks go back.
    const hello = await (await live(ada, one)).frames[0]
    expect(hello).toMatchObject({ reads: { [grace.user.id]: 3 } })
    expect((await put(grace, `/api/conversations/${one}/unread`, { seq: 99 })).status).toBe(422)
    // Who looks at it hears of it seldom in the list.
    g.close()
    await g.closed
    await a.say('news, which is not a mark')
    await expect.poll(() => tab.rows.get(one)?.unread, { timeout: 4_000 }).toBe(3)
    expect(tab.rows.get(one)?.markedUnread).toBeUndefined()
    expect((await put(grace, '/api/me/read', {})).status).toBe(204)
    await expect
      .poll(() => [tab.rows.get(one)?.unread, tab.rows.get(two)?.unread], { timeout: 2_000 })
      .toEqual([0, 0])
  })
})

describe('preferences and drafts', () => {
  it('follow the person to every tab', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const until = Date.now() + 3_600_000
    await put(grace, `/api/conversations/${id}/preferences`, {
      level: 'mentions',
      mutedUntil: until,
      pinned: true,
    })
    await expect
      .poll(() => tab.rows.get(id))
      .toMatchObject({ level: 'mentions', mutedUntil: until, pinned: true })
    await put(grace, `/api/conversations/${id}/preferences`, { mutedUntil: null })
    await expect
      .poll(() => tab.rows.get(id))
      .toMatchObject({ level: 'mentions', mutedUntil: 0, pinned: true })
    expect((await put(ada, `/api/conversations/${'f'.repeat(64)}/preferences`, {})).status).toBe(404)
    const stranger = await person('mallory')
    expect((await put(stranger, `/api/conversations/${id}/preferences`, { pinned: true })).status).toBe(404)
  })

  it('a hidden conversation comes back with the next message', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const socket = await live(ada, id)
    await socket.say('one')
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(1)
    await put(grace, `/api/conversations/${id}/preferences`, { hidden: true })
    await expect.poll(() => tab.rows.get(id)?.hidden).toBe(true)
    await put(grace, `/api/conversations/${id}/read`, { seq: 1 })
    await expect.poll(() => tab.rows.get(id)?.unread, { timeout: 2_000 }).toBe(0)
    expect(tab.rows.get(id)?.hidden).toBe(true)
    await socket.say('two')
    await expect.poll(() => tab.rows.get(id)?.hidden, { timeout: 4_000 }).toBe(false)
  })

  it('the later edit of a draft wins, whichever arrives first, and a sent one stays gone', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const draft = (text: string, editedAt: number) =>
      put(grace, `/api/conversations/${id}/draft`, { text, editedAt })
    await draft('the later one', 2_000)
    await draft('the earlier one', 1_000)
    await expect
      .poll(() => tab.rows.get(id)?.draft)
      .toEqual({ text: 'the later one', replyTo: null, editedAt: 2_000 })
    await draft('', 3_000)
    await expect.poll(() => tab.rows.get(id)?.draft).toBeNull()
    await draft('late', 2_500)
    expect((await TestInbox.connect(grace)).rows.get(id)?.draft ?? null).toBeNull()
    expect((await TestInbox.connect(ada)).rows.get(id)?.draft ?? null).toBeNull()
  })
})

describe('presence', () => {
  async function watching(watcher: Person, watched: Person): Promise<TestInbox> {
    const tab = await TestInbox.connect(watcher)
    await expect.poll(() => tab.isLive).toBe(true)
    tab.send({ type: 'watch', userIds: [watched.user.id] })
    await expect.poll(() => tab.presence.has(watched.user.id)).toBe(true)
    return tab
  }

  it('shows who comes, is away in all tabs, and comes back; two tabs, one closed: still online', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const watcher = await watching(ada, grace)
    const seen = () => watcher.presence.get(grace.user.id)
    expect(seen()).toBe('offline')
    const tabs = [await TestInbox.connect(grace), await TestInbox.connect(grace)]
    await expect.poll(seen, { timeout: 2_000 }).toBe('online')
    tabs[0]?.send({ type: 'presence', status: 'away' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen()).toBe('online')
    tabs[1]?.send({ type: 'presence', status: 'away' })
    await expect.poll(seen, { timeout: 2_000 }).toBe('away')
    tabs[1]?.send({ type: 'presence', status: 'online' })
    await expect.poll(seen, { timeout: 2_000 }).toBe('online')
    tabs[0]?.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen()).toBe('online')
  })

  it('is offline 30 s after the last tab closed, not sooner, and a reload never flickers', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const watcher = await watching(ada, grace)
    const seen = () => watcher.presence.get(grace.user.id)
    const tab = await TestInbox.connect(grace)
    await expect.poll(seen, { timeout: 2_000 }).toBe('online')
    tab.close()
    await tab.closed
    const again = await TestInbox.connect(grace)
    await expect.poll(() => again.isLive).toBe(true)
    expect(
      watcher.frames.flatMap((frame) => (frame.type === 'presence' ? [frame.status] : [])),
    ).not.toContain('away')
    expect(seen()).toBe('online')
    again.close()
    await again.closed
    await vi.waitFor(async () => {
      const rows = await runInDurableObject(objectOf(grace), (_, state) =>
        state.storage.sql.exec<{ at: number | null }>('SELECT offline_at AS at FROM presence').toArray(),
      )
      expect(rows[0]?.at).toBeGreaterThan(Date.now() + OFFLINE_AFTER_MS - 5_000)
    })
    await runDurableObjectAlarm(objectOf(grace))
    expect(seen()).toBe('online')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + OFFLINE_AFTER_MS + 1_000 })
    await runDurableObjectAlarm(objectOf(grace))
    vi.useRealTimers()
    await expect.poll(seen, { timeout: 2_000 }).toBe('offline')
    const last = watcher.frames.findLast((frame) => frame.type === 'presence')
    expect(last).toMatchObject({ status: 'offline', lastSeenAt: expect.any(Number) })
  })

  it('a cable that was pulled is noticed by the next look, and lastSeenAt is its last sign of life', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    tab.send('ping')
    const watcher = await watching(ada, grace)
    expect(watcher.presence.get(grace.user.id)).toBe('online')
    const pulledAt = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: pulledAt + PRESENCE_STALE_MS + 1_000 })
    watcher.send({ type: 'watch', userIds: [grace.user.id] })
    await expect.poll(() => watcher.presence.get(grace.user.id)).toBe('offline')
    const last = watcher.frames.findLast((frame) => frame.type === 'presence')
    expect(last?.type === 'presence' && Math.abs((last.lastSeenAt ?? 0) - pulledAt)).toBeLessThan(60_000)
  })

  it('lives through hibernation: how each tab is, and that it is there', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    tab.send({ type: 'presence', status: 'away' })
    tab.send('ping')
    const watcher = await watching(ada, grace)
    await expect.poll(() => watcher.presence.get(grace.user.id)).toBe('away')
    await evictDurableObject(objectOf(grace))
    await evictDurableObject(objectOf(ada))
    watcher.presence.clear()
    watcher.send({ type: 'watch', userIds: [grace.user.id] })
    await expect.poll(() => watcher.presence.get(grace.user.id)).toBe('away')
    tab.send({ type: 'presence', status: 'online' })
    await expect.poll(() => watcher.presence.get(grace.user.id), { timeout: 2_000 }).toBe('online')
  })

  it('a status by choice stands, and offline by choice looks like nobody there', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const watcher = await watching(ada, grace)
    await TestInbox.connect(grace)
    await put(grace, '/api/me/status', { status: 'busy' })
    await expect.poll(() => watcher.presence.get(grace.user.id), { timeout: 2_000 }).toBe('busy')
    await put(grace, '/api/me/status', { status: 'offline' })
    await expect.poll(() => watcher.presence.get(grace.user.id), { timeout: 2_000 }).toBe('offline')
  })

  it('strangers see nothing, and each off-switch is mutual', async () => {
    const [ada, grace, mallory] = await trio()
    const id = await direct(ada, grace)
    await TestInbox.connect(grace)
    const stranger = await TestInbox.connect(mallory)
    stranger.send({ type: 'watch', userIds: [grace.user.id] })
    const watcher = await watching(ada, grace)
    expect(watcher.presence.get(grace.user.id)).toBe('online')
    expect(stranger.presence.size).toBe(0)
    const patch = (who: Person, body: object) =>
      call('PATCH', '/api/me/preferences', { body, headers: who.bearer })
    expect((await patch(grace, { presence: false })).status).toBe(200)
    await expect.poll(() => watcher.presence.get(grace.user.id), { timeout: 2_000 }).toBe('offline')
    const hidden = await TestInbox.connect(grace)
    hidden.send({ type: 'watch', userIds: [ada.user.id] })
    // Receipts and typing: off for grace means that she neither shows nor sees them.
    await patch(grace, { receipts: false, typing: false })
    const [a, g] = [await live(ada, id), await live(grace, id)]
    await a.say('hello')
    await g.upTo(1)
    g.send({ type: 'read', seq: 1 })
    g.send({ type: 'typing', active: true })
    a.send({ type: 'typing', active: true })
    a.send({ type: 'read', seq: 1 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(a.frames.filter((frame) => frame.type === 'typing')).toEqual([])
    expect(a.frames.filter((frame) => frame.type === 'read' && frame.userId === grace.user.id)).toEqual([])
    expect(g.frames.filter((frame) => frame.type === 'typing')).toEqual([])
    expect(g.frames.filter((frame) => frame.type === 'read' && frame.userId === ada.user.id)).toEqual([])
    expect(hidden.presence.size).toBe(0)
  })

  it('E4 who no longer shares a conversation is not told any more, whatever their page asked for', async () => {
    const [ada, grace, alan] = await trio()
    const { id } = await group(grace, ada, alan)
    const tab = await watching(ada, grace)
    expect(tab.presence.get(grace.user.id)).toBe('offline')
    await call('DELETE', `/api/conversations/${id}/members/${ada.user.id}`, { headers: grace.bearer })
    await expect.poll(() => tab.rows.has(id), { timeout: 2_000 }).toBe(false)
    for (let n = 0; n < 2; n += 1) {
      await TestInbox.connect(grace)
      await put(grace, '/api/me/status', { status: n === 0 ? 'busy' : 'away' })
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(tab.presence.get(grace.user.id)).toBe('offline')
      tab.send({ type: 'watch', userIds: [grace.user.id] })
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  })

  it('E4 what is hidden is hidden in a conversation that begins later, and in one that one comes back to', async () => {
    const [ada, grace, alan] = await trio()
    const { id: left } = await group(grace, alan, ada)
    const path = `/api/conversations/${left}/members/${ada.user.id}`
    const tab = await TestInbox.connect(ada)
    await expect.poll(() => tab.rows.has(left)).toBe(true)
    await call('DELETE', path, { headers: grace.bearer })
    await expect.poll(() => tab.rows.has(left), { timeout: 3_000 }).toBe(false)
    const body = { presence: false, receipts: false, typing: false }
    await call('PATCH', '/api/me/preferences', { body, headers: ada.bearer })
    await put(grace, path, {})
    const begun = await direct(grace, ada)
    const hides = (id: string) =>
      runInDurableObject(env.CONVERSATIONS.get(env.CONVERSATIONS.idFromString(id)), (_, state) =>
        state.storage.sql.exec('SELECT hides FROM members WHERE user_id = ?', ada.user.id).one(),
      )
    for (const id of [begun, left]) {
      await expect.poll(() => hides(id), { timeout: 3_000 }).toEqual({ hides: 7 })
      const g = await live(grace, id)
      const a = await live(ada, id)
      expect(a.frames[0]).toMatchObject({ type: 'hello', present: [] })
      await g.say('hello')
      await put(ada, `/api/conversations/${id}/read`, { seq: (await a.next('events')).to })
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(g.frames.filter(({ type }) => type === 'presence' || type === 'read')).toEqual([])
    }
  }, 15_000)

  it('E4 the switch works at once where a conversation is open, both ways', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const [a, g] = [await live(ada, id), await live(grace, id)]
    const lastOf = (frames: typeof a.frames) => frames.findLast((frame) => frame.type === 'presence')
    await expect.poll(() => lastOf(a.frames)).toMatchObject({ userId: grace.user.id, status: 'online' })
    for (const status of ['offline', 'online']) {
      const body = { presence: status === 'online' }
      await call('PATCH', '/api/me/preferences', { body, headers: grace.bearer })
      await expect.poll(() => lastOf(a.frames)).toMatchObject({ userId: grace.user.id, status })
      await expect.poll(() => lastOf(g.frames)).toMatchObject({ userId: ada.user.id, status })
    }
  })

  it('asking about somebody who never lived here is no bug, and makes nothing', async () => {
    const logs = captureLogs()
    const nobody = env.USERS.getByName(uuidv7())
    const [watcherId, conversationId] = [uuidv7(), 'f'.repeat(64)]
    expect(await nobody.watchedBy({ watcherId, conversationId })).toEqual({
      ok: true,
      value: { status: 'offline' },
    })
    expect(await nobody.typing({ conversationId, userId: watcherId, active: true })).toMatchObject({
      ok: true,
    })
    expect(await nobody.presenceOf({ userId: watcherId, status: 'online' })).toMatchObject({ ok: true })
    expect(logs).toEqual([])
  })

  it('an idle online person costs no write and no wake-up', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    await expect.poll(() => tab.isLive).toBe(true)
    await evictDurableObject(objectOf(grace))
    const bookmark = () => runInDurableObject(objectOf(grace), (_, state) => state.storage.sql.databaseSize)
    const alarm = await runInDurableObject(objectOf(grace), (_, state) => state.storage.getAlarm())
    expect(alarm).toBeNull()
    const before = await bookmark()
    const receive = vi.fn()
    await runInDurableObject(objectOf(grace), (object) => {
      vi.spyOn(object, 'webSocketMessage').mockImplementation(receive)
    })
    for (let n = 0; n < 20; n += 1) tab.send('ping')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(receive).not.toHaveBeenCalled()
    expect(await bookmark()).toBe(before)
  })

  it('typing in a direct conversation that is not open shows in the list', async () => {
    const [ada, grace] = await trio()
    const id = await direct(ada, grace)
    const tab = await TestInbox.connect(grace)
    const a = await live(ada, id)
    // After a sleep nobody is known to be away.
    await evictDurableObject(env.CONVERSATIONS.get(env.CONVERSATIONS.idFromString(id)))
    a.send({ type: 'typing', active: true })
    await expect
      .poll(() => tab.frames.find((frame) => frame.type === 'typing'), { timeout: 2_000 })
      .toEqual({ type: 'typing', conversationId: id, userId: ada.user.id, active: true })
  })
})

describe('sessions', () => {
  it('lists devices, ends one, ends all others; each closes its sockets within 2 s', async () => {
    const ada = await person('ada')
    const sign = async () => {
      const answer = await signIn(ada.user.username)
      const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0])
      return { cookie: cookies.join('; '), origin: 'https://edgewise.test' }
    }
    const [phone, laptop] = [await sign(), await sign()]
    const list = async () => {
      const answer = await call('GET', '/api/me/sessions', { headers: phone })
      return (await answer.json<{ sessions: { id: string; current: boolean; device: string }[] }>()).sessions
    }
    expect(await list()).toHaveLength(3)
    expect((await list()).filter((session) => session.current)).toHaveLength(1)
    const { closed } = await open('/api/inbox/socket', laptop)
    const other = (await list()).find((session) => !session.current && session.id !== ada.identity.sessionId)
    const before = Date.now()
    expect((await call('DELETE', `/api/me/sessions/${other?.id}`, { headers: phone })).status).toBe(204)
    expect((await closed).code).toBe(4508)
    expect(Date.now() - before).toBeLessThan(2_000)
    expect((await call('DELETE', '/api/me/sessions', { headers: phone })).status).toBe(204)
    expect(await list()).toHaveLength(1)
    expect((await call('POST', '/api/auth/lease', { body: {}, headers: ada.cookies })).status).toBe(401)
  })

  it('G6 a session that ends by itself closes its inbox sockets too: a copied secret, one device too many', async () => {
    const ada = await person('ada')
    const tab = await TestInbox.connect(ada)
    await runInDurableObject(objectOf(ada), (_, state) => {
      state.storage.sql.exec('UPDATE sessions SET generation = 3, confirmed_at = 0')
    })
    const headers = { cookie: cookieHeader({ session: ada.session }) }
    expect((await call('POST', '/api/auth/token', { headers })).status).toBe(401)
    expect((await tab.closed).code).toBe(4508)

    const grace = await person('grace')
    const oldest = await TestInbox.connect(grace)
    await runInDurableObject(objectOf(grace), (_, state) => {
      for (let n = 1; n < SESSIONS_MAX; n += 1) {
        const later = Date.now() + n
        state.storage.sql.exec(
          "INSERT INTO sessions VALUES (?, 'a test', ?, ?, 1, ?, 0)",
          uuidv7(),
          later,
          later,
          later,
        )
      }
    })
    expect((await signIn(grace.user.username)).status).toBe(200)
    expect((await oldest.closed).code).toBe(4508)
  })

  it('changes the password with the current one, and signs the others out when asked to', async () => {
    const ada = await person('ada')
    const change = (body: object) => put(ada, '/api/me/password', body)
    expect((await change({ current: 'wrong one here', next: 'a new pass phrase' })).status).toBe(401)
    expect((await change({ current: ada.password, next: 'short' })).status).toBe(422)
    await signIn(ada.user.username)
    expect(
      (await change({ current: ada.password, next: 'a new pass phrase', signOutOthers: true })).status,
    ).toBe(204)
    expect((await signIn(ada.user.username)).status).toBe(401)
    expect((await signIn(ada.user.username, 'a new pass phrase')).status).toBe(200)
    const answer = await call('GET', '/api/me/sessions', { headers: ada.cookies })
    expect((await answer.json<{ sessions: unknown[] }>()).sessions).toHaveLength(2)
  })

  it('refuses an inbox socket of a session that has ended, or of nobody', async () => {
    const ada = await person('ada')
    await call('POST', '/api/auth/sign-out', { body: {}, headers: ada.cookies })
    expect((await (await open('/api/inbox/socket', ada.bearer)).closed).code).toBe(4500)
    expect((await (await open('/api/inbox/socket', {})).closed).code).toBe(4500)
    const foreign = { ...ada.cookies, origin: 'https://evil.example' }
    expect((await (await open('/api/inbox/socket', foreign)).closed).code).toBe(4500)
  })
})

describe('frames of the inbox socket', () => {
  it('F7 are as many as a page needs: more are refused, and a flood closes', async () => {
    const [ada, grace] = await trio()
    await direct(ada, grace)
    const tab = await TestInbox.connect(ada)
    await expect.poll(() => tab.isLive).toBe(true)
    const asked = vi.spyOn(env.USERS, 'getByName')
    const refusals = () => tab.frames.filter((frame) => frame.type === 'error').length
    for (let n = 0; n < 60; n += 1) tab.send({ type: 'watch', userIds: [grace.user.id] })
    await expect.poll(refusals).toBeGreaterThan(20)
    expect(asked.mock.calls.length).toBeLessThan(40)
    for (let n = 0; n < FRAMES_OVER_MAX; n += 1) tab.send('{}')
    expect((await tab.closed).code).toBe(4505)
  })

  it('F2 bytes are not a frame, and close nothing', async () => {
    const tab = await TestInbox.connect(await person('ada'))
    tab.socket.send(new Uint8Array([1, 2, 3]))
    await expect.poll(() => tab.frames.at(-1)).toMatchObject({ type: 'error', code: 'bad_frame' })
  })
})

describe('what a message costs in calls to inboxes', () => {
  it.each([2, 50])(
    '%i members: one call each when quiet, at most one each in 2 s when busy',
    async (count) => {
      const people = [await person('creator')]
      for (let n = 1; n < count; n += 1) people.push(await person(`m${n}`))
      const [creator, ...others] = people
      if (!creator) throw new Error('nobody')
      const { id } = await group(creator, ...others)
      const stub = env.CONVERSATIONS.get(env.CONVERSATIONS.idFromString(id))
      const calls = vi.fn()
      const original = env.USERS.getByName.bind(env.USERS)
      await runInDurableObject(stub, (object) => {
        const users = Reflect.get(object, 'env').USERS
        vi.spyOn(users, 'getByName').mockImplementation((name) => {
          calls(name)
          return original(String(name))
        })
      })
      const socket = await live(creator, id)
      await new Promise((resolve) => setTimeout(resolve, 300))
      calls.mockClear()
      await socket.say('quiet')
      await expect.poll(() => calls.mock.calls.length, { timeout: 2_000 }).toBe(count)
      for (let n = 0; n < 40; n += 1) await socket.say(`busy ${n}`)
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      console.log(`${count} members: ${calls.mock.calls.length} calls for 41 messages in 2.5 s`)
      expect(calls.mock.calls.length).toBeLessThanOrEqual(count * 3)
    },
  )

  const conversationOf = (id: string) => env.CONVERSATIONS.get(env.CONVERSATIONS.idFromString(id))

  /** A conversation of 500, two of whom are real. */
  async function largeGroup(creator: Person, reader: Person): Promise<string> {
    const { id } = await group(creator, reader)
    await runInDurableObject(conversationOf(id), (_, state) => {
      for (let n = 0; n < 498; n += 1) {
        state.storage.sql.exec(
          "INSERT INTO members (user_id, username, display_name, role, read_seq, rev) VALUES (?, ?, 'x', 'member', 0, 1)",
          uuidv7(),
          `filler_${n}`,
        )
      }
    })
    return id
  }

  it('500 members: one conversation that does not answer hides nothing of the others', async () => {
    const [creator, reader] = [await person('creator'), await person('reader')]
    const [broken, healthy] = [await largeGroup(creator, reader), await largeGroup(creator, reader)]
    const tab = await TestInbox.connect(reader)
    for (const id of [broken, healthy]) {
      const socket = await live(creator, id)
      await socket.say('one')
      await put(reader, `/api/conversations/${id}/read`, { seq: 1 })
      await expect.poll(() => tab.rows.get(id)?.memberCount, { timeout: 3_000 }).toBe(500)
      await socket.say('two')
    }
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await runInDurableObject(
      conversationOf(broken),
      (_, state) => void state.storage.sql.exec('ALTER TABLE messages RENAME TO away'),
    )
    tab.send({ type: 'watch', userIds: [] })
    await expect.poll(() => tab.rows.get(healthy)?.lastMessage?.seq, { timeout: 2_000 }).toBe(2)
  }, 15_000)

  it('500 members: none; whoever looks asks, and gets the exact row', async () => {
    const [creator, reader] = [await person('creator'), await person('reader')]
    const id = await largeGroup(creator, reader)
    const socket = await live(creator, id)
    // The first message tells the size; it is asked for from then on.
    await call('PUT', `/api/conversations/${id}/read`, { body: { seq: 0 }, headers: reader.bearer })
    await socket.say('one')
    await put(reader, `/api/conversations/${id}/read`, { seq: 1 })
    const tab = await TestInbox.connect(reader)
    await expect.poll(() => tab.rows.get(id)?.memberCount, { timeout: 3_000 }).toBe(500)
    // The own read marker is told to everyone: it must have been, before there is more to tell.
    await expect.poll(() => tab.rows.get(id)?.readSeq, { timeout: 3_000 }).toBe(1)
    await socket.say('two')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(tab.rows.get(id)?.lastMessage?.seq).toBe(1)
    tab.send({ type: 'watch', userIds: [] })
    await expect.poll(() => tab.rows.get(id)?.lastMessage?.seq, { timeout: 2_000 }).toBe(2)
    expect(tab.rows.get(id)?.unread).toBe(1)
  }, 15_000)
})
