/** Messages with files (rank 2, CO-8): they wait for their files, in order, through reloads and second tabs. */
import { beforeEach, describe, expect, it } from 'vitest'
import { memoryStore, type Store } from '../../src/client/store.ts'
import { SEND_RETRY_MS } from '../../src/protocol/index.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { CONVERSATION_ID, Tab } from '../support/fake-conversation.ts'
import { FakeServer } from '../support/fake-server.ts'
import { bytes } from '../support/fake-uploads.ts'
import { ada } from '../support/people.ts'

const SOON_MS = 10

let clock: FakeClock
let server: FakeServer
let store: Store
let tab: Tab

async function open(each = new Tab({ clock, server, store })): Promise<Tab> {
  each.conversation.open()
  await clock.advance(SOON_MS)
  return each
}

/** Adds a file and sends it with these words. */
async function sendFile(text: string, name = 'notes.txt', size = 100, each = tab): Promise<string> {
  const file = each.files.uploads.add(CONVERSATION_ID, bytes(size), { name, mediaType: 'text/plain' })
  const id = each.conversation.send(text, { files: [file] })
  await clock.advance(SOON_MS)
  return id
}

const said = () =>
  server.messages.map(({ text, attachments }) => [text, ...attachments.map(({ id }) => id)].join(' '))

beforeEach(async () => {
  clock = new FakeClock()
  server = new FakeServer({ clock })
  store = memoryStore()
  tab = await open()
})

describe('CO-8 a message with files', () => {
  it('waits for its files, says how far they are, and names them when they are there', async () => {
    await sendFile('see')
    tab.files.call.onProgress(43)
    expect(tab.state.pending).toMatchObject([{ text: 'see', state: 'sending', uploaded: 43 }])
    expect(said()).toEqual([])
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['see att-1'])
    expect(tab.state.pending).toEqual([])
    expect(server.malformed).toEqual([])
  })

  it('counts all its bytes for its percent', async () => {
    const add = (name: string, size: number) =>
      tab.files.uploads.add(CONVERSATION_ID, bytes(size), { name, mediaType: 'text/plain' })
    tab.conversation.send('', { files: [add('a', 100), add('b', 300)] })
    await clock.advance(SOON_MS)
    await tab.files.calls[0]?.arrive('att-a')
    tab.files.calls[1]?.onProgress(50)
    expect(tab.state.pending).toMatchObject([{ uploaded: 62 }])
  })

  it('goes out at once where its files were there before it was sent', async () => {
    const file = tab.files.uploads.add(CONVERSATION_ID, bytes(), {
      name: 'a',
      mediaType: 'text/plain',
    })
    await clock.advance(SOON_MS)
    await tab.files.call.arrive('att-1')
    tab.conversation.send('', { files: [file] })
    expect(tab.state.pending[0]?.uploaded).toBeUndefined()
    await clock.advance(SOON_MS)
    expect(said()).toEqual([' att-1'])
  })

  it('SO-4 holds back what is said after it, but no change of a message', async () => {
    server.say(ada, 'before')
    await clock.advance(SOON_MS)
    await sendFile('first')
    tab.conversation.send('second')
    tab.conversation.react(1, '👍', true)
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['before'])
    expect(tab.socket.framesSent('react')).toHaveLength(1)
    await tab.files.call.arrive('att-1')
    tab.socket.drop()
    await clock.advance(60_000)
    expect(said()).toEqual(['before', 'first att-1', 'second'])
  })

  it('G2 says nothing of files where there are none', async () => {
    tab.conversation.send('plain')
    await clock.advance(SOON_MS)
    expect(Object.keys(tab.socket.framesSent<object>('send')[0] ?? {}).sort()).toEqual(['id', 'text', 'type'])
  })

  it.each(['too_large', 'unsupported_media'] as const)(
    'SO-7 fails with %s, waits for its author, and lets the next one pass',
    async (code) => {
      const id = await sendFile('big')
      tab.conversation.send('next')
      await tab.files.call.fail(code)
      await clock.advance(SOON_MS)
      expect(tab.state.pending).toMatchObject([{ id, state: 'failed', error: { code } }])
      expect(said()).toEqual(['next'])
      tab.conversation.retry(id)
      await clock.advance(SOON_MS)
      expect(tab.files.tried).toHaveLength(2)
      tab.conversation.discard(id)
      expect(tab.state.pending).toEqual([])
      expect(tab.files.call.signal.aborted).toBe(true)
    },
  )

  it('uploads again what the server has let go of', async () => {
    const id = await sendFile('old')
    server.refusals.push({ code: 'invalid' })
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    expect(tab.state.pending).toMatchObject([{ state: 'failed', error: { code: 'invalid' } }])
    tab.conversation.retry(id)
    await clock.advance(SOON_MS)
    await tab.files.call.arrive('att-2')
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['old att-2'])
  })

  it('tries its files at once when the connection is back', async () => {
    await sendFile('see')
    await tab.files.call.fail('offline')
    await clock.advance(SEND_RETRY_MS)
    await tab.files.call.fail('offline')
    tab.socket.drop()
    await clock.advance(3_000)
    expect(tab.phase).toBe('live')
    expect(tab.files.tried).toHaveLength(3)
  })

  it('leaves no bytes on the disk once it is sent, or given up', async () => {
    const sent = await sendFile('sent')
    const file = tab.state.pending[0]?.files?.[0]?.id ?? ''
    expect((await store.file(file))?.size).toBe(100)
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    expect(await store.file(file)).toBeUndefined()
    expect(await store.operations(ada.id)).toEqual([])
    const dropped = await sendFile('dropped')
    const other = tab.state.pending[0]?.files?.[0]?.id ?? ''
    tab.conversation.discard(dropped)
    await clock.advance(SOON_MS)
    expect(await store.file(other)).toBeUndefined()
    expect(sent).not.toBe(dropped)
  })
})

describe('SO-4 a message with files, after the page has died', () => {
  it('goes up again from the disk', async () => {
    await sendFile('see', 'notes.txt', 7)
    tab.conversation.leave()
    tab = await open()
    expect(tab.state.pending).toMatchObject([{ text: 'see', files: [{ name: 'notes.txt', size: 7 }] }])
    expect(tab.files.tried).toEqual(['notes.txt'])
    expect(tab.files.call.bytes.size).toBe(7)
    await tab.files.call.arrive('att-2')
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['see att-2'])
  })

  it('is sent with the same ids where they were told and the answer was not', async () => {
    await sendFile('see')
    server.isStalled = true
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    // It had arrived after all.
    const [frame] = tab.socket.framesSent<{ id: string; attachments: string[] }>('send')
    tab.conversation.leave()
    server.isStalled = false
    tab = await open()
    await clock.advance(SOON_MS)
    expect(tab.files.tried).toEqual([])
    expect(tab.socket.framesSent('send')).toEqual([frame])
    expect(said()).toEqual(['see att-1'])
  })

  it('G2 is one message where two tabs have both uploaded its file: the first one names it', async () => {
    await sendFile('see')
    const other = await open()
    expect(other.files.tried).toEqual(['notes.txt'])
    server.isStalled = true
    await tab.files.call.arrive('att-1')
    await other.files.call.arrive('att-2')
    await clock.advance(SOON_MS)
    const named = [tab, other].flatMap(({ socket }) =>
      socket.framesSent<{ attachments: string[] }>('send').map(({ attachments }) => attachments),
    )
    expect(named).toEqual([['att-1'], ['att-1']])
    server.isStalled = false
    await clock.advance(120_000)
    expect(said()).toEqual(['see att-1'])
    expect([...tab.state.pending, ...other.state.pending]).toEqual([])
  })

  it('is not sent by the tab that comes late, when it is sent already', async () => {
    await sendFile('see')
    const other = await open()
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['see att-1'])
    expect(other.state.pending).toEqual([])
    expect(other.files.call.signal.aborted).toBe(true)
  })

  it('still goes out where there is no disk', async () => {
    const broken = { ...memoryStore(), put: () => Promise.reject(new Error('no disk')) }
    tab = await open(new Tab({ clock, server, store: broken }))
    await sendFile('see')
    await tab.files.call.arrive('att-1')
    await clock.advance(SOON_MS)
    expect(said()).toEqual(['see att-1'])
  })
})
