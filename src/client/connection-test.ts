/** Looks at each part of the way between a person and the server, one after the other. */
import { PING, PONG, SUBPROTOCOL, TEST_STEP_WITHIN_MS, uuidv7 } from '../protocol/index.ts'
import type { Api, Authorize } from './api.ts'
import type { Clock, OpenSocket, Timer } from './platform.ts'
import type { Store } from './store.ts'

export type Check = { ok: boolean; detail: string }

export type ConnectionReport = {
  signedIn: Check
  socket: Check
  /** A ping over the socket and back; null where there was none. */
  roundTripMs: number | null
  /** The disk of this device, where unsent messages wait. */
  storage: Check
}

export type TestParts = {
  api: Api
  socketUrl: string
  openSocket: OpenSocket
  authorize: Authorize
  store: Store
  clock: Clock
}

/** Ends within 10 s, whatever hangs: three steps of at most TEST_STEP_WITHIN_MS. */
export async function testConnection(parts: TestParts): Promise<ConnectionReport> {
  const { clock } = parts
  const signedIn = await step(clock, async () => `Signed in as @${(await parts.api.me()).username}`)
  let roundTripMs: number | null = null
  const socket = await step(clock, async () => {
    roundTripMs = await pingOnce(parts)
    return 'WebSocket opened and answered'
  })
  const storage = await step(clock, () => tryStore(parts.store, clock))
  return { signedIn, socket, roundTripMs: socket.ok ? roundTripMs : null, storage }
}

async function step(clock: Clock, work: () => Promise<string>): Promise<Check> {
  let timer: Timer
  const late = new Promise<never>((_, reject) => {
    timer = clock.setTimer(() => reject(new Error('no answer in time')), TEST_STEP_WITHIN_MS)
  })
  try {
    return { ok: true, detail: await Promise.race([work(), late]) }
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) }
  } finally {
    clock.clearTimer(timer)
  }
}

/** Opens a socket of its own, away from any conversation, and times one ping. */
async function pingOnce({ socketUrl, openSocket, authorize, clock }: TestParts): Promise<number> {
  const socket = openSocket(`${socketUrl}/api/health/socket`, SUBPROTOCOL, await authorize())
  let timer: Timer
  try {
    return await new Promise<number>((resolve, reject) => {
      let sentAt = 0
      socket.onopen = () => {
        sentAt = clock.now()
        socket.send(PING)
      }
      socket.onmessage = ({ data }) => {
        if (data === PONG) resolve(clock.now() - sentAt)
      }
      socket.onclose = ({ code }) => reject(new Error(`the socket closed (${code})`))
      socket.onerror = () => reject(new Error('the socket could not be opened'))
      timer = clock.setTimer(() => reject(new Error('no answer in time')), TEST_STEP_WITHIN_MS)
    })
  } finally {
    clock.clearTimer(timer)
    socket.onclose = socket.onerror = null
    socket.close(1000, 'tested')
  }
}

async function tryStore(store: Store, clock: Clock): Promise<string> {
  const id = uuidv7(clock.now())
  const probe = {
    ...{ id, userId: id, conversationId: id, createdAt: clock.now() },
    ...{ type: 'send' as const, text: 'probe', replyTo: null },
  }
  await store.put(probe)
  const found = (await store.operations(id)).length
  await store.remove(id)
  if (found !== 1) throw new Error('what was written could not be read')
  return 'Unsent messages can be kept on this device'
}
