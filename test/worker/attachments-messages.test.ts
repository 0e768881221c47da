/** Files as part of what is said: live, replayed, listed, found, and gone with their message. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ATTACHMENTS_PER_MESSAGE,
  type Attachment,
  type Message,
  UPLOAD_KEPT_MS,
  uuidv7,
} from '../../src/protocol/index.ts'
import { bytes, png } from '../support/sample-files.ts'
import { download, keptIn, rowsOf, uploaded } from '../support/worker/files.ts'
import { TestInbox } from '../support/worker/inbox-sockets.ts'
import { captureLogs } from '../support/worker/logs.ts'
import { call, type Person, person } from '../support/worker/people.ts'
import { group, live, objectOf, type TestSocket } from '../support/worker/sockets.ts'

let ada: Person
let grace: Person
const pdf = bytes('%PDF-1.7')

beforeAll(async () => {
  ;[ada, grace] = [await person('ada'), await person('grace')]
})

async function room(): Promise<{ id: string; socket: TestSocket }> {
  const { id } = await group(ada, grace)
  return { id, socket: await live(ada, id) }
}

const idsOf = (files: readonly { id: string }[]) => files.map((file) => file.id)

/** Sends over the socket and waits for the ack. */
async function send(socket: TestSocket, files: readonly Attachment[], text = '', id = uuidv7()) {
  socket.send({ type: 'send', id, text, attachments: idsOf(files) })
  return socket.next('ack')
}

async function refusal(socket: TestSocket, attachments: readonly string[]): Promise<string> {
  socket.send({ type: 'send', id: uuidv7(), text: 'x', attachments })
  return (await socket.next('error')).code
}

async function get<T>(who: Person, path: string): Promise<T> {
  return (await call('GET', path, { headers: who.bearer })).json<T>()
}

async function find(id: string, q: string): Promise<number[]> {
  const path = `/api/conversations/${id}/search?q=${encodeURIComponent(q)}`
  return (await get<{ messages: Message[] }>(ada, path)).messages.map(({ seq }) => seq)
}

async function remove(socket: TestSocket, target: number): Promise<void> {
  socket.send({ type: 'delete', id: uuidv7(), target })
  await socket.next('ack')
}

describe('a message with files', () => {
  it('AT10 goes to everyone live, and stands in the window, the page, the log and the replay', async () => {
    const { id, socket } = await room()
    const other = await live(grace, id)
    const files = [await uploaded(ada, id), await uploaded(ada, id, { name: 'plan.pdf', body: pdf })]
    const { seq } = await send(socket, files)
    const [event] = await other.upTo(seq)
    expect(event).toMatchObject({ message: { seq, kind: 'file', text: '', attachments: files } })
    const [window, replay] = [await live(grace, id), await live(grace, id, '?after=0')]
    const { messages } = window.frames.find((frame) => frame.type === 'resync') ?? { messages: [] }
    expect(messages[0]?.attachments).toEqual(files)
    expect(await replay.upTo(seq)).toEqual([event])
    const page = await get<{ messages: Message[] }>(grace, `/api/conversations/${id}/messages`)
    expect(page.messages[0]?.attachments).toEqual(files)
    const log = await get<{ events: unknown[] }>(grace, `/api/conversations/${id}/events`)
    expect(log.events).toEqual([event])
  })

  it('AT10 S8 the same over HTTP, with or without words', async () => {
    const { id } = await room()
    const file = await uploaded(ada, id)
    const path = `/api/conversations/${id}/messages`
    const body = { id: uuidv7(), text: '', attachments: [file.id] }
    const post = (more = {}) => call('POST', path, { body: { ...body, ...more }, headers: ada.bearer })
    expect((await post({ attachments: [] })).status).toBe(422)
    const first = await post()
    expect([first.status, await first.json()]).toEqual([201, { seq: 1, createdAt: expect.any(Number) }])
    expect(await (await post()).json()).toMatchObject({ seq: 1, duplicate: true })
    expect((await post({ text: 'words' })).status).toBe(409)
    const { messages } = await get<{ messages: Message[] }>(ada, path)
    expect(messages[0]).toMatchObject({ kind: 'image', text: '', attachments: [file] })
  })

  it('AT10 takes ten files, and not eleven', async () => {
    const { id, socket } = await room()
    const files: Attachment[] = []
    while (files.length <= ATTACHMENTS_PER_MESSAGE) files.push(await uploaded(ada, id))
    expect(await refusal(socket, idsOf(files))).toBe('invalid')
    const { seq } = await send(socket, files.slice(0, 10), 'ten')
    const [event] = await socket.upTo(seq)
    expect(event).toMatchObject({ message: { attachments: files.slice(0, 10) } })
  })

  it('AT11 refuses somebody else’s, another conversation’s, a used one, and one that is not there', async () => {
    const { id, socket } = await room()
    const elsewhere = (await group(ada, grace)).id
    const [mine, used] = [await uploaded(ada, id), await uploaded(ada, id)]
    await send(socket, [used])
    const [hers, there] = [await uploaded(grace, id), await uploaded(ada, elsewhere)]
    for (const ids of [[hers.id], [there.id], [used.id], [mine.id, mine.id], [uuidv7()], ['x'], ['']]) {
      expect(await refusal(socket, ids)).toBe('invalid')
    }
    expect((await send(socket, [mine])).seq).toBe(2)
    expect((await rowsOf(id)).filter(({ state }) => state === 'sent')).toHaveLength(2)
  })

  it('G2 AT12 a retry is a duplicate over any way, and nobody is told twice', async () => {
    const { id, socket } = await room()
    const file = await uploaded(ada, id)
    const sendId = uuidv7()
    const first = await send(socket, [file], '', sendId)
    const again = await send(await live(ada, id), [file], '', sendId)
    expect(again).toEqual({ ...first, duplicate: true })
    const { head } = (await live(ada, id)).frames.find((frame) => frame.type === 'hello') ?? { head: 0 }
    expect(head).toBe(1)
  })

  it('AT10 an edit of its words leaves its files', async () => {
    const { id, socket } = await room()
    const file = await uploaded(ada, id, { name: 'plan.pdf', body: pdf })
    const { seq: target } = await send(socket, [file], 'first words')
    expect(await find(id, 'plan')).toEqual([target])
    socket.send({ type: 'edit', id: uuidv7(), target, text: 'other words' })
    await socket.next('ack')
    expect(await find(id, 'plan other')).toEqual([target])
    expect((await download(grace, id, file.id)).status).toBe(200)
  })

  it('AT10 lists say what came where there are no words', async () => {
    const { id, socket } = await room()
    const inbox = await TestInbox.connect(grace)
    const files = [await uploaded(ada, id, { name: 'a.png' }), await uploaded(ada, id)]
    const { seq } = await send(socket, files)
    const attachment = { kind: 'image', name: 'a.png', count: 2 }
    await expect
      .poll(() => inbox.rows.get(id)?.lastMessage, { timeout: 10_000 })
      .toMatchObject({ seq, preview: '', attachment })
    const { conversations } = await get<{ conversations: { lastMessage: unknown }[] }>(
      grace,
      '/api/conversations',
    )
    expect(conversations[0]?.lastMessage).toMatchObject({ attachment })
    // The index in D1 has one column for it.
    const listed = () =>
      env.DB.prepare('SELECT last_preview FROM conversations WHERE id = ?').bind(id).first()
    await expect.poll(listed, { timeout: 10_000 }).toEqual({ last_preview: 'a.png' })
    await remove(socket, seq)
    await expect
      .poll(() => inbox.rows.get(id)?.lastMessage, { timeout: 10_000 })
      .not.toHaveProperty('attachment')
  })

  it('says how large a file may be when a socket opens', async () => {
    const { socket } = await room()
    expect(socket.frames[0]).toMatchObject({ type: 'hello', limits: { attachmentBytesMax: 26_214_400 } })
  })
})

describe('finding it', () => {
  it('Q2 Q3 has:image, has:file and the names of files, and nothing of it once it is deleted', async () => {
    const { id, socket } = await room()
    await socket.say('a plan without a file')
    const { seq: image } = await send(socket, [await uploaded(ada, id, { name: 'Sunset_Beach.PNG' })])
    expect(await find(id, 'sunset')).toEqual([image])
    const named = await uploaded(ada, id, { name: '분기 보고서.pdf', body: pdf })
    const { seq: file } = await send(socket, [named], 'the numbers')
    const { seq: both } = await send(socket, [
      await uploaded(ada, id, { name: 'chart.png', body: png(9, 9) }),
      await uploaded(ada, id, { name: '"mediaType":"image/x.pdf', body: pdf }),
    ])
    const { seq: trick } = await send(socket, [
      await uploaded(ada, id, { name: '"mediaType":"image/png"', body: pdf }),
    ])
    expect(await find(id, 'has:image')).toEqual([both, image])
    expect(await find(id, 'has:file')).toEqual([trick, both, file, image])
    expect(await find(id, 'numbers has:file')).toEqual([file])
    expect(await find(id, '보고서')).toEqual([file])
    expect(await find(id, 'beach has:image')).toEqual([image])
    expect(await find(id, 'plan')).toEqual([1])
    for (const target of [image, file, both, trick]) await remove(socket, target)
    for (const q of ['sunset', '보고서', 'chart', 'has:image', 'has:file'])
      expect(await find(id, q)).toEqual([])
  })

  it('L3 has:file among 20,000 messages reads the few that have one', async () => {
    const { id, socket } = await room()
    const { seq } = await send(socket, [await uploaded(ada, id)])
    await find(id, 'anything')
    await runInDurableObject(objectOf(id), (_, state) => {
      state.storage.sql.exec(
        `INSERT INTO messages (seq, author_id, client_id, payload_hash, kind, text, mentions, attachments, created_at)
          WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
          SELECT i, ?, printf('%08d-0000-7000-8000-000000000000', i), '', 'text', 'words', '[]', '[]', i FROM n`,
        ada.user.id,
      )
      state.storage.sql.exec('UPDATE conversation SET head = 20000')
      state.storage.sql.exec('UPDATE search_state SET indexed_to = 20000')
    })
    const before = (await objectOf(id).costs()).rowsRead
    expect(await find(id, 'has:image')).toEqual([seq])
    expect((await objectOf(id).costs()).rowsRead - before).toBeLessThan(50)
  })
})

describe('what is cleared away', () => {
  it('C3 AT13 its files go with a deleted message, whoever deletes it: at once for readers, then out of R2', async () => {
    const { id, socket } = await room()
    const g = await live(grace, id)
    const file = await uploaded(grace, id)
    const kept = await uploaded(ada, id)
    const { seq } = await send(g, [file])
    await send(socket, [kept])
    // Ada owns the conversation.
    await remove(socket, seq)
    for (const who of [ada, grace]) expect((await download(who, id, file.id)).status).toBe(404)
    const page = await get<{ messages: Message[] }>(grace, `/api/conversations/${id}/messages`)
    expect(page.messages[0]).toMatchObject({ seq, attachments: [] })
    await vi.waitFor(async () => expect(await keptIn(id)).toEqual([kept.id]), 10_000)
    expect(idsOf(await rowsOf(id))).toEqual([kept.id])
    expect((await download(grace, id, kept.id)).status).toBe(200)
    expect(await refusal(g, [file.id])).toBe('invalid')
  })

  it('AT13 R2 that does not answer is asked again, and lists do not wait for it', async () => {
    const { id, socket } = await room()
    captureLogs()
    const failing = vi.spyOn(env.FILES, 'delete').mockRejectedValue(new Error('R2 is down'))
    const { seq } = await send(socket, [await uploaded(ada, id)])
    await remove(socket, seq)
    await vi.waitFor(() => expect(failing).toHaveBeenCalled(), 10_000)
    const inbox = await TestInbox.connect(grace)
    await socket.say('news')
    await expect.poll(() => inbox.rows.get(id)?.lastMessage?.seq, { timeout: 10_000 }).toBe(seq + 2)
    expect(await keptIn(id)).toHaveLength(1)
    failing.mockRestore()
    await vi.waitFor(async () => expect(await keptIn(id)).toEqual([]), 20_000)
    await vi.waitFor(async () => expect(await rowsOf(id)).toEqual([]))
  }, 40_000)

  it('AT14 an upload that nobody sends is gone after 24 h, and the alarm is set for it', async () => {
    const { id, socket } = await room()
    const before = Date.now()
    const [orphan, used] = [await uploaded(ada, id), await uploaded(ada, id)]
    await send(socket, [used])
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(id))
      const at = await runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())
      expect(at).toBeGreaterThanOrEqual(before + UPLOAD_KEPT_MS)
      expect(at).toBeLessThanOrEqual(Date.now() + UPLOAD_KEPT_MS)
    }, 10_000)
    vi.useFakeTimers({ toFake: ['Date'], now: before + UPLOAD_KEPT_MS - 1_000 })
    try {
      await runDurableObjectAlarm(objectOf(id))
      expect((await keptIn(id)).sort()).toEqual([orphan.id, used.id].sort())
      vi.setSystemTime(Date.now() + 60_000)
      await runDurableObjectAlarm(objectOf(id))
      expect(await keptIn(id)).toEqual([used.id])
      expect(idsOf(await rowsOf(id))).toEqual([used.id])
      await vi.waitFor(async () => {
        await runDurableObjectAlarm(objectOf(id))
        expect(await runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())).toBeNull()
      })
    } finally {
      vi.useRealTimers()
    }
  })

  it('AT14 S9 where nobody uploads, no alarm is set and no row is written for files', async () => {
    const { id, socket } = await room()
    await socket.say('only words')
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(objectOf(id))
      expect(await runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())).toBeNull()
    }, 10_000)
    expect(await rowsOf(id)).toEqual([])
  })
})
