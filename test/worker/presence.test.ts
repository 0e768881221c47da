/** Presence (CONTRACT 5): who is there, told to whom it concerns, at no cost while nobody moves. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { OFFLINE_AFTER_MS, PRESENCE_STALE_MS, uuidv7 } from '../../src/protocol/index.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, direct, type Person, personOf, put, trio } from '../support/worker/people.ts'
import { group, live, objectOf } from '../support/worker/sockets.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
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
      const rows = await runInDurableObject(personOf(grace), (_, state) =>
        state.storage.sql.exec<{ at: number | null }>('SELECT offline_at AS at FROM presence').toArray(),
      )
      expect(rows[0]?.at).toBeGreaterThan(Date.now() + OFFLINE_AFTER_MS - 5_000)
    })
    await runDurableObjectAlarm(personOf(grace))
    expect(seen()).toBe('online')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + OFFLINE_AFTER_MS + 1_000 })
    await runDurableObjectAlarm(personOf(grace))
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
    await evictDurableObject(personOf(grace))
    await evictDurableObject(personOf(ada))
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
      runInDurableObject(objectOf(id), (_, state) =>
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
    await evictDurableObject(personOf(grace))
    const bookmark = () => runInDurableObject(personOf(grace), (_, state) => state.storage.sql.databaseSize)
    const alarm = await runInDurableObject(personOf(grace), (_, state) => state.storage.getAlarm())
    expect(alarm).toBeNull()
    const before = await bookmark()
    const receive = vi.fn()
    await runInDurableObject(personOf(grace), (object) => {
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
    await evictDurableObject(objectOf(id))
    a.send({ type: 'typing', active: true })
    await expect
      .poll(() => tab.frames.find((frame) => frame.type === 'typing'), { timeout: 2_000 })
      .toEqual({ type: 'typing', conversationId: id, userId: ada.user.id, active: true })
  })
})
