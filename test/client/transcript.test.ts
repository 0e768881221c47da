/**
 * F7: today's client says, to the byte, what its transcript says, when it hears what its transcript hears; and it
 * passes over fields and frames that it does not know. The server's half is test/worker/transcripts.test.ts.
 *
 * Where the client has changed on purpose, this transcript stays for the server's half, and a new one is made.
 */
import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { createClient, type OpenConversation } from '../../src/client/client.ts'
import { type Clock, type OpenSocket, type Socket, systemClock } from '../../src/client/platform.ts'
import { type ClientFrame, uuidv7 } from '../../src/protocol/index.ts'
import { type Line, Names, readTranscript } from '../support/transcript.ts'

const LINES = readTranscript(readFileSync('test/support/transcripts/client-0.1.0.jsonl', 'utf8'))
const ada = { id: uuidv7(), username: 'ada', displayName: 'ada', avatarUrl: null }
/** Heartbeats and patience stay out of a transcript: they come when they come. */
const SHORT_MS = 2_000
const patient: Clock = {
  ...systemClock,
  setTimer: (work, ms) => (ms < SHORT_MS ? systemClock.setTimer(work, ms) : undefined),
}

it('F7 today’s client says what its transcript says', async () => {
  const { said, messages } = await play((text) => [text])
  expect(said).toEqual(LINES.filter((line) => 'says' in line || 'opens' in line))
  expect(messages).toHaveLength(13)
})

it('F3 F7 fields and frames that it does not know change nothing', async () => {
  const plain = await play((text) => [text])
  const strange = await play(withStrangeness)
  expect(strange.said).toEqual(plain.said)
  expect(strange.messages.map(seen)).toEqual(plain.messages.map(seen))
})

type Played = { said: Line[]; messages: OpenConversation['state']['messages'] }

/** A server that says the transcript's lines, and a person who does what makes a client say its own. */
async function play(onTheWay: (text: string) => string[]): Promise<Played> {
  const names = new Names({
    [ada.id]: '<ada’s id>',
    [uuidv7()]: '<grace’s id>',
    ['c'.repeat(64)]: '<conversation>',
  })
  const said: Line[] = []
  let at = 0
  let socket: Socket | undefined
  const tellOn = () => {
    for (let line = LINES[at]; line && 'hears' in line; line = LINES[at]) {
      at += 1
      for (const text of onTheWay(names.toReal(line.hears))) socket?.onmessage?.({ data: text })
    }
  }
  const openSocket: OpenSocket = (url) => {
    said.push({ opens: names.toPlaceholders(new URL(url).search) })
    at += 1
    socket = { onopen: null, onmessage: null, onclose: null, onerror: null, close: () => {}, send: hear }
    setTimeout(tellOn)
    return socket
  }
  function hear(text: string): void {
    said.push({ says: names.toPlaceholders(text) })
    at += 1
    setTimeout(tellOn)
  }
  const client = createClient({
    baseUrl: 'http://localhost',
    authorize: async () => ({}),
    fetch: async () => new Response(null, { status: 503 }),
    openSocket,
    clock: patient,
    random: () => 0,
    sharing: undefined,
  })
  const here = client.conversation('c'.repeat(64), ada)
  while (at < LINES.length) {
    tellOn()
    await quiet()
    const before = at
    const line = LINES[at]
    if (!line) break
    if ('other' in line) at += 1
    if ('opens' in line) socket?.onclose?.({ code: 1006, reason: 'the network is gone' })
    if ('says' in line) does(here, JSON.parse(line.says))
    await vi.waitFor(
      () => expect(at, `after line ${before}, ${JSON.stringify(line)}`).toBeGreaterThan(before),
      3_000,
    )
  }
  const { messages } = here.state
  here.close()
  return { said, messages }
}

/** What makes a client say this. What it says by itself, nobody has to do. */
function does(here: OpenConversation, frame: ClientFrame): void {
  switch (frame.type) {
    case 'send':
      here.send(frame.text, {
        ...(frame.replyTo === undefined ? {} : { replyTo: frame.replyTo }),
        ...(frame.thread === undefined ? {} : { thread: frame.thread }),
      })
      break
    case 'edit':
      here.edit(frame.target, frame.text)
      break
    case 'delete':
      here.remove(frame.target)
      break
    case 'react':
      here.react(frame.target, frame.emoji, frame.on)
      break
    case 'pin':
      here.pin(frame.target, frame.on)
      break
    case 'read':
      here.markRead(frame.seq)
      break
    case 'typing':
      here.setTyping(frame.active)
  }
}

/** Fields that nobody knows, in the frame and in its events, and a frame of a type that nobody knows. */
function withStrangeness(text: string): string[] {
  const frame = JSON.parse(text)
  const events = frame.events?.map((event: object) => ({ ...event, colour: 'green', weight: { kg: 1 } }))
  const more = { ...frame, ...(events ? { events } : {}), colour: 'green' }
  return [JSON.stringify({ type: 'weather', seq: -1, events: 'none' }), JSON.stringify(more)]
}

/** The parts of a message that are the same in two runs. */
function seen({ seq, text, kind, editedAt, deletedAt, reactions }: Played['messages'][number]) {
  return { seq, text, kind, isEdited: editedAt !== null, isDeleted: deletedAt !== null, reactions }
}

/** Until what was just heard has had its effect. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
