/**
 * Four programs send 2,000 messages to a real `wrangler dev`, all of whose processes are killed in the middle
 * and started again on the same data. One scenario; each test looks at one promise about how it ended.
 */
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Client, createClient, type OpenConversation } from '../../src/client/client.ts'
import { type OpenSocket, openWebSocket } from '../../src/client/platform.ts'
import { signInProgram } from '../../src/client/program.ts'
import type { Message, ServerFrame, User } from '../../src/protocol/index.ts'
import { uuidv7 } from '../../src/protocol/index.ts'
import { type Edgewise, startEdgewise } from '../support/edgewise.ts'
import { prove } from '../support/soak/proof.ts'

const NAMES = ['ada', 'grace', 'alan', 'edsger']
const SENDS_EACH = 500
const KILL_AFTER_ACKS = 800
const SETTLED_WITHIN_MS = 90_000
const SETTLED = 'has sent and seen all'
const NO_LIMITS = { LIMIT_SENDS_10S: 1_000_000, LIMIT_SENDS_60S: 1_000_000 }

const proof = prove({
  id: 'F1',
  fault: '`kill -9` of all processes in the middle of sends',
  target: '0 acked lost, 0 doubled, order kept',
})

type Sender = {
  user: User
  client: Client
  conversation: OpenConversation
  /** Client ids in the order in which they were sent. */
  sent: string[]
  /** Client id → seq, as each ack came in. */
  acks: Map<string, number>
}

let edgewise: Edgewise
let senders: Sender[]
/** The acks that had arrived when the server was killed. */
let ackedBefore: Map<string, number>
/** The conversation's messages as the server tells them at the end. */
let log: Message[]

beforeAll(async () => {
  edgewise = await startEdgewise({ vars: NO_LIMITS })
  senders = await startSenders(edgewise.url)
  for (let turn = 0; turn < SENDS_EACH; turn += 1) {
    for (const { user, conversation, sent } of senders)
      sent.push(conversation.send(`${user.username} ${turn}`))
  }

  await vi.waitFor(() => expect(allAcks().size).toBeGreaterThan(KILL_AFTER_ACKS), {
    timeout: SETTLED_WITHIN_MS,
    interval: 5,
  })
  await edgewise.kill9()
  ackedBefore = allAcks()

  edgewise = await startEdgewise({ state: edgewise.state, port: edgewise.port, vars: NO_LIMITS })
  await vi.waitFor(() => expect(senders.map(howFar)).toEqual(senders.map(() => SETTLED)), {
    timeout: SETTLED_WITHIN_MS,
    interval: 100,
  })
  log = await readLog()
  proof.load(
    `${NAMES.length * SENDS_EACH} sends of ${NAMES.length} programs, 1 kill after ${ackedBefore.size} acks`,
  )
  proof.saw(`${log.length} messages in the log`)
})

afterAll(async () => {
  for (const { conversation } of senders ?? []) conversation.close()
  await edgewise?.stop()
})

it('G1 the kill came in the middle, and every message acked before it is where its ack said', () => {
  expect(ackedBefore.size).toBeGreaterThan(KILL_AFTER_ACKS)
  expect(ackedBefore.size).toBeLessThan(NAMES.length * SENDS_EACH)
  const seqs = new Map(log.map(({ id, seq }) => [id, seq]))
  const lost = [...ackedBefore].filter(([id, seq]) => seqs.get(id) !== seq)
  expect(lost).toEqual([])
})

it('G2 every message is there once, however often it was sent', () => {
  expect(log.map(({ id }) => id).sort()).toEqual(senders.flatMap(({ sent }) => sent).sort())
})

it('G3 each author’s messages stand in the order in which they were sent', () => {
  for (const { user, sent } of senders) {
    expect(log.filter(({ authorId }) => authorId === user.id).map(({ id }) => id)).toEqual(sent)
  }
})

it('G5 every client went on by itself from where it was, and ends with the same log', async () => {
  for (const { conversation } of senders) {
    while (conversation.state.hasOlder) await conversation.loadOlder()
    expect(conversation.state.messages.map(({ seq, id, text }) => ({ seq, id, text }))).toEqual(
      log.map(({ seq, id, text }) => ({ seq, id, text })),
    )
  }
})

async function startSenders(url: string): Promise<Sender[]> {
  const programs = await Promise.all(
    NAMES.map(async (username) => {
      const credentials = { username, displayName: username, password: 'long enough for a test' }
      const { user, authorize } = await signInProgram(url, credentials)
      const acks = new Map<string, number>()
      return {
        user,
        acks,
        client: createClient({ baseUrl: url, authorize, openSocket: recordingAcks(acks) }),
      }
    }),
  )
  const [first, ...others] = programs
  if (!first) throw new Error('nobody is there')
  const { id } = await first.client.api.createGroup({
    id: uuidv7(Date.now()),
    name: 'Through a crash',
    memberIds: others.map(({ user }) => user.id),
  })
  return programs.map((program) => ({
    ...program,
    sent: [],
    conversation: program.client.conversation(id, program.user),
  }))
}

/** Sockets that note each ack as the wire brings it, before the client makes anything of it. */
function recordingAcks(acks: Map<string, number>): OpenSocket {
  return (...where) => {
    const socket = openWebSocket(...where)
    if (!(socket instanceof WebSocket)) throw new Error('not the WebSocket of this platform')
    socket.addEventListener('message', ({ data }) => {
      if (data === 'pong') return
      const frame: ServerFrame = JSON.parse(data)
      if (frame.type === 'ack') acks.set(frame.id, frame.seq)
    })
    return socket
  }
}

function allAcks(): Map<string, number> {
  return new Map(senders.flatMap(({ acks }) => [...acks]))
}

/** In words, so that a timeout says which client is stuck and where. */
function howFar({ user, conversation, sent }: Sender): string {
  const { connection, pending, messages } = conversation.state
  const newest = Math.max(...allAcks().values())
  const held = messages.at(-1)?.seq ?? 0
  // An ack may have died with the server: its message then comes back as an event, and is not sent again.
  if (pending.length === 0 && held >= newest) return SETTLED
  return `${user.username}: ${connection.phase}, ${pending.length} of ${sent.length} pending, at ${held} of ${newest}`
}

async function readLog(): Promise<Message[]> {
  const [reader] = senders
  if (!reader) return []
  const { client, conversation } = reader
  let after = 0
  const messages: Message[] = []
  for (;;) {
    const page = await client.api.events(conversation.id, after)
    for (const event of page.events) {
      expect(event.seq).toBe(after + 1)
      after = event.seq
      if (event.kind === 'message.created') messages.push(event.message)
    }
    if (after >= page.head) return messages
  }
}
