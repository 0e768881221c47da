/**
 * F7: what a released client says is answered as it was when it was released, to the byte. A transcript stays when
 * clients change. That today's client says what its transcript says is shown in test/client/transcript.test.ts.
 *
 * Seen to fail where an ack has one field more, and where unknown fields of a frame are refused.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { COALESCE_MS, type Summary, uuidv7 } from '../../src/protocol/index.ts'
import { Names, readTranscript } from '../support/transcript.ts'
import CLIENT_0_1_0 from '../support/transcripts/client-0.1.0.jsonl?raw'
import NEWER from '../support/transcripts/newer.jsonl?raw'
import { captureLogs } from '../support/worker/logs.ts'
import { call, open, type Person, person } from '../support/worker/people.ts'
import { group } from '../support/worker/sockets.ts'

const HEARD_WITHIN_MS = 5_000

let ada: Person
let grace: Person
let conversation: Summary
let logs: string[]

beforeEach(async () => {
  ;[ada, grace] = [await person('ada'), await person('grace')]
  conversation = await group(ada, grace)
  logs = captureLogs()
})

describe('F7 transcripts', () => {
  it.each([
    ['client 0.1.0', CLIENT_0_1_0],
    ['a client that says more than we know', NEWER],
  ])('%s: the same answers, to the byte', async (_, text) => {
    await replay(text)
    expect(bugs()).toEqual([])
  })
})

describe('F7 versions', () => {
  it.each([
    ['chat.v0', 'chat.v0'],
    ['chat.v0, chat.v2', 'chat.v0'],
    ['', null],
  ])('R7 %j alone: accepted, then closed with 4506', async (offered, echoed) => {
    const path = `/api/conversations/${conversation.id}/socket`
    const { protocol, closed } = await open(path, { ...ada.bearer, 'sec-websocket-protocol': offered })
    expect(protocol).toBe(echoed)
    expect(await closed).toEqual({ code: 4506, reason: 'no common version' })
    expect(bugs()).toEqual([])
  })
})

/** Says every line again, and expects to hear every line again. */
async function replay(text: string): Promise<void> {
  const names = new Names({
    [ada.user.username]: '<ada>',
    [grace.user.username]: '<grace>',
    [ada.user.id]: '<ada’s id>',
    [grace.user.id]: '<grace’s id>',
    [conversation.id]: '<conversation>',
  })
  let socket: WebSocket | undefined
  let heard: string[] = []
  for (const [n, line] of readTranscript(text).entries()) {
    if ('opens' in line) {
      socket?.close(1000, 'bye')
      const into: string[] = []
      heard = into
      const path = `/api/conversations/${conversation.id}/socket${names.toReal(line.opens)}`
      socket = (await open(path, ada.bearer)).socket
      socket.addEventListener('message', ({ data }) => into.push(String(data)))
    } else if ('says' in line) {
      // As slowly as it was recorded: events of one moment would travel together.
      await scheduler.wait(2 * COALESCE_MS)
      socket?.send(names.toReal(line.says))
    } else if ('other' in line) {
      await graceSays(line.other)
    } else {
      await expect.poll(() => heard.length, { timeout: HEARD_WITHIN_MS, interval: 2 }).toBeGreaterThan(0)
      expect(names.toPlaceholders(heard.shift() ?? ''), `line ${n + 1}`).toBe(line.hears)
    }
  }
  expect(heard).toEqual([])
  socket?.close(1000, 'bye')
}

async function graceSays(text: string): Promise<void> {
  const path = `/api/conversations/${conversation.id}/messages`
  const answer = await call('POST', path, { body: { id: uuidv7(), text }, headers: grace.bearer })
  expect(answer.status).toBe(201)
}

function bugs(): string[] {
  return logs.filter((line) => line.includes('"level":"error"'))
}
