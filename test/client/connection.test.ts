import { beforeEach, describe, expect, it } from 'vitest'
import type { Authorize } from '../../src/client/api.ts'
import { Connection, type ConnectionOptions, type ConnectionState } from '../../src/client/connection.ts'
import {
  BACKOFF_MAX_MS,
  BACKOFF_MIN_MS,
  BACKOFF_SOON_MS,
  CLOSE,
  CONNECT_WITHIN_MS,
  isTerminal,
  PING_EVERY_MS,
  PONG,
  PONG_WITHIN_MS,
} from '../../src/protocol/index.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { never } from '../support/fake-http.ts'
import { seededRandom } from '../support/fake-random.ts'
import { FakeSocket, type Wire } from '../support/fake-socket.ts'

/** A connection with a bare wire behind it: the test plays the server. */
class Line {
  readonly clock = new FakeClock()
  readonly sockets: FakeSocket[] = []
  readonly states: ConnectionState[] = []
  readonly frames: string[] = []
  readonly lost: number[] = []
  /** What the owner does with a frame, beyond noting it. */
  onFrame: (type: string) => void = () => {}
  onState: (state: ConnectionState) => void = () => {}
  onLost: (code: number) => void = () => {}
  authorize: Authorize = async () => ({})
  random = () => 0.5
  place = 0
  canOpen = true
  readonly connection: Connection

  constructor() {
    const wire: Wire = { clock: this.clock, latencyMs: () => 0, onText: () => {}, onGone: () => {} }
    const options: ConnectionOptions = {
      url: () => `ws://localhost/?after=${this.place}`,
      authorize: () => this.authorize(),
      openSocket: (url, protocol, headers) => {
        if (!this.canOpen) throw new TypeError('no sockets here')
        const socket = new FakeSocket(wire, url, protocol, headers)
        this.sockets.push(socket)
        return socket
      },
      clock: this.clock,
      random: () => this.random(),
      onFrame: ({ type }) => {
        this.frames.push(type)
        this.onFrame(type)
      },
      onState: (state) => {
        this.states.push(state)
        this.onState(state)
      },
      onLost: (code) => {
        this.lost.push(code)
        this.onLost(code)
      },
    }
    this.connection = new Connection(options)
  }

  get phase(): ConnectionState['phase'] {
    return this.connection.state.phase
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1)
    if (!socket) throw new Error('nothing was opened')
    return socket
  }

  get pings(): number {
    return this.socket.sent.filter((text) => text === 'ping').length
  }

  /** How long the connection will wait before it tries again. */
  get waitMs(): number {
    const { state } = this.connection
    return state.phase === 'waiting' ? state.retryAt - this.clock.now() : Number.NaN
  }

  async say(...types: string[]): Promise<void> {
    for (const type of types) this.socket.deliver(JSON.stringify({ type }))
    await this.clock.advance(0)
  }

  async goLive(): Promise<void> {
    this.connection.start()
    await settle()
    await this.say('hello', 'live')
  }

  /** Lets the server lose the socket, and waits out the backoff. */
  async fail(): Promise<void> {
    this.socket.drop()
    await this.clock.advance(this.waitMs)
  }
}

let line: Line
beforeEach(() => {
  line = new Line()
})

describe('connection', () => {
  it('goes from idle over connecting and catching_up to live, and back to idle', async () => {
    expect(line.phase).toBe('idle')
    await line.goLive()
    line.connection.stop()
    const phases = line.states.map(({ phase }) => phase)
    expect(phases).toEqual(['connecting', 'catching_up', 'live', 'idle'])
    expect(line.frames).toEqual(['hello', 'live'])
    expect(line.socket.closedWith).toEqual({ code: 1000, reason: 'left' })
    expect(line.clock.waiting).toBe(0)
  })

  it('asks for the place and the headers anew with each socket', async () => {
    let asked = 0
    line.authorize = async () => {
      asked += 1
      return { authorization: `Bearer ${asked}` }
    }
    await line.goLive()
    line.place = 7
    await line.fail()
    expect(line.sockets.map(({ url, headers }) => [url.search, headers.authorization])).toEqual([
      ['?after=0', 'Bearer 1'],
      ['?after=7', 'Bearer 2'],
    ])
    expect(line.socket.protocol).toBe('chat.v1')
  })

  it('sends from hello on, and says where it could not', async () => {
    expect(line.connection.send({ type: 'got', seq: 1 })).toBe(false)
    line.connection.start()
    await settle()
    expect(line.connection.send({ type: 'got', seq: 1 })).toBe(false)
    await line.say('hello')
    expect(line.connection.send({ type: 'got', seq: 2 })).toBe(true)
    line.socket.drop()
    expect(line.connection.send({ type: 'got', seq: 3 })).toBe(false)
    expect(line.socket.framesSent('got')).toEqual([{ type: 'got', seq: 2 }])
  })

  it('starting twice opens one socket', async () => {
    line.connection.start()
    line.connection.start()
    await settle()
    line.connection.start()
    expect(line.sockets).toHaveLength(1)
  })
})

describe('connection: the heartbeat', () => {
  it.each([
    [0, 0.8],
    [0.5, 1],
    [0.999, 1.1996],
  ])('F4 with dice %d pings every 21 s × %d', async (dice, factor) => {
    line.random = () => dice
    await line.goLive()
    await line.clock.advance(PING_EVERY_MS * factor - 1)
    expect(line.pings).toBe(0)
    await line.clock.advance(2)
    expect(line.pings).toBe(1)
    line.socket.deliver(PONG)
    await line.clock.advance(PING_EVERY_MS * factor)
    expect(line.pings).toBe(2)
  })

  it('gives a socket up after 10 s without a pong, without waiting for its close', async () => {
    await line.goLive()
    const dead = line.socket
    dead.silence()
    await line.clock.advance(PING_EVERY_MS + PONG_WITHIN_MS - 1)
    expect(line.phase).toBe('live')
    await line.clock.advance(1)
    expect(line.lost).toEqual([CLOSE.heartbeatLost])
    expect(dead.closedWith?.code).toBe(4003)
    expect(line.waitMs).toBeLessThanOrEqual(1_000)
    await line.clock.advance(line.waitMs)
    expect(line.sockets).toHaveLength(2)
  })

  it('any frame is a sign of life', async () => {
    await line.goLive()
    await line.clock.advance(PING_EVERY_MS + PONG_WITHIN_MS - 1)
    await line.say('presence')
    await line.clock.advance(1)
    expect(line.phase).toBe('live')
  })
})

describe('connection: coming back', () => {
  it('waits with full jitter between 0.5 s and a bound that grows to 30 s, and never gives up', async () => {
    const bounds = [1_000, 2_000, ...Array(8).fill(2_000), 4_000, 8_000, 16_000]
    const random = seededRandom(7)
    const waits: number[] = []
    line.random = random
    line.connection.start()
    await settle()
    for (let n = 1; n <= 200; n += 1) {
      line.socket.drop()
      const bound = bounds[n - 1] ?? BACKOFF_MAX_MS
      expect(line.waitMs).toBeGreaterThanOrEqual(BACKOFF_MIN_MS)
      expect(line.waitMs).toBeLessThanOrEqual(bound)
      waits.push(line.waitMs)
      await line.clock.advance(line.waitMs)
    }
    expect(line.sockets).toHaveLength(201)
    const late = waits.slice(10)
    expect(Math.min(...late)).toBeLessThan(3_000)
    expect(Math.max(...late)).toBeGreaterThan(27_000)
  })

  it('waits for longer at once where the server has too many connections', async () => {
    line.random = () => 0.999_999
    await line.goLive()
    line.socket.drop(CLOSE.overloaded)
    expect(line.waitMs).toBe(2 * BACKOFF_SOON_MS)
  })

  it('begins anew with short waits only once it was live', async () => {
    line.random = () => 0.999_999
    line.connection.start()
    await settle()
    for (let n = 0; n < 13; n += 1) await line.fail()
    await line.say('hello')
    line.socket.drop()
    expect(line.waitMs).toBeGreaterThan(15_000)
    await line.clock.advance(line.waitMs)
    await line.say('hello', 'live')
    line.socket.drop()
    expect(line.waitMs).toBeLessThan(1_001)
  })

  it('tries a connection again that failed without a close, as Node’s do, and believes a close that follows', async () => {
    line.connection.start()
    await settle()
    line.socket.onerror?.(undefined as never)
    await line.clock.advance(0)
    expect(line.phase).toBe('waiting')
    await line.clock.advance(line.waitMs)
    await line.say('hello', 'live')
    line.socket.onerror?.(undefined as never)
    line.socket.drop(4501)
    await line.clock.advance(0)
    expect(line.connection.state).toMatchObject({ phase: 'closed', code: 4501 })
    expect(line.lost).toEqual([1006, 4501])
  })

  it('reconnectNow does not wait out the backoff', async () => {
    await line.goLive()
    line.socket.drop()
    line.connection.reconnectNow()
    await settle()
    expect(line.phase).toBe('connecting')
    expect(line.sockets).toHaveLength(2)
    await line.say('hello', 'live')
    await line.clock.advance(PING_EVERY_MS - 1)
    expect(line.phase).toBe('live')
    expect(line.sockets, 'the retry that was planned is off').toHaveLength(2)
  })

  it('reconnectNow asks a live socket for a sign of life, once', async () => {
    await line.goLive()
    line.connection.reconnectNow()
    line.connection.reconnectNow()
    expect(line.pings).toBe(1)
    await line.clock.advance(PONG_WITHIN_MS)
    expect(line.lost).toEqual([CLOSE.heartbeatLost])
  })

  it('reconnectNow does nothing where it is connecting, or was never started', async () => {
    line.connection.reconnectNow()
    expect(line.phase).toBe('idle')
    line.connection.start()
    await settle()
    line.connection.reconnectNow()
    await settle()
    expect(line.sockets).toHaveLength(1)
  })

  it('gives up an attempt that says nothing for 10 s', async () => {
    line.connection.start()
    await line.clock.advance(CONNECT_WITHIN_MS - 1)
    expect(line.phase).toBe('connecting')
    await line.clock.advance(1)
    expect(line.phase).toBe('waiting')
    expect(line.socket.isOpen).toBe(false)
  })

  it('restart goes on over a new socket', async () => {
    await line.goLive()
    line.connection.restart()
    expect(line.socket.closedWith).toEqual({ code: CLOSE.goingAway, reason: 'gap' })
    await line.clock.advance(line.waitMs)
    expect(line.sockets).toHaveLength(2)
  })

  it.each(['not json', '[]', 'null', '7', '{"kind":"events"}'])(
    'G4 comes back rather than pass over what it cannot read: %s',
    async (text) => {
      await line.goLive()
      line.socket.deliver(text)
      await line.clock.advance(0)
      expect(line.phase).toBe('waiting')
      expect(line.frames).toEqual(['hello', 'live'])
    },
  )
})

describe('connection: what ends it', () => {
  it.each(Object.entries(CLOSE))('%s (%d) is final exactly where the contract says so', async (_, code) => {
    await line.goLive()
    line.socket.drop(code)
    expect(line.phase).toBe(isTerminal(code) ? 'closed' : 'waiting')
    await line.clock.advance(BACKOFF_MAX_MS)
    expect(line.sockets.length > 1).toBe(code < 4_500)
  })

  it.each([1001, 1006, 1011, 1012, 4499])('comes back after %d', async (code) => {
    await line.goLive()
    await line.fail()
    line.socket.drop(code)
    expect(line.phase).toBe('waiting')
  })

  it('says why it is closed, waits for nothing, and starts again when told to', async () => {
    line.connection.start()
    await settle()
    line.socket.end(4508, 'session ended')
    await line.clock.advance(0)
    expect(line.connection.state).toEqual({ phase: 'closed', code: 4508, reason: 'session ended' })
    expect(line.clock.waiting).toBe(0)
    line.connection.reconnectNow()
    expect(line.phase).toBe('closed')
    await line.goLive()
    expect(line.phase).toBe('live')
  })
})

describe('connection: what comes too late, or in the middle', () => {
  it('ignores everything from a socket that it let go', async () => {
    await line.goLive()
    const { onmessage, onclose } = line.socket
    line.connection.restart()
    await line.clock.advance(line.waitMs)
    await line.say('hello', 'live')
    onmessage?.({ data: '{"type":"events"}' })
    onclose?.({ code: 4500, reason: 'late' })
    expect(line.phase).toBe('live')
    expect(line.frames).toEqual(['hello', 'live', 'hello', 'live'])
  })

  it('tries again where it was not authorized', async () => {
    line.authorize = () => Promise.reject(new Error('offline'))
    line.connection.start()
    await settle()
    expect(line.phase).toBe('waiting')
    expect(line.sockets).toHaveLength(0)
    line.authorize = async () => ({})
    await line.clock.advance(line.waitMs)
    expect(line.sockets).toHaveLength(1)
  })

  it('does not come back when the authorization fails after it was left', async () => {
    let reject = (_: Error) => {}
    line.authorize = () => new Promise((_, fail) => (reject = fail))
    line.connection.start()
    line.connection.stop()
    reject(new Error('late'))
    await line.clock.advance(BACKOFF_MAX_MS)
    expect(line.phase).toBe('idle')
    expect(line.clock.waiting).toBe(0)
  })

  it('an authorization that comes after its attempt was given up opens nothing', async () => {
    const grants: (() => void)[] = []
    line.authorize = () => new Promise((resolve) => grants.push(() => resolve({ n: String(grants.length) })))
    line.connection.start()
    await line.clock.advance(CONNECT_WITHIN_MS)
    await line.clock.advance(line.waitMs)
    expect(line.phase).toBe('connecting')
    grants[0]?.()
    await settle()
    expect(line.sockets).toHaveLength(0)
    grants[1]?.()
    await settle()
    expect(line.sockets).toHaveLength(1)
  })

  it('an authorization that hangs is given up like a socket', async () => {
    line.authorize = never
    line.connection.start()
    await line.clock.advance(CONNECT_WITHIN_MS)
    expect(line.phase).toBe('waiting')
  })

  it('tries again where the platform makes no socket', async () => {
    line.canOpen = false
    line.connection.start()
    await settle()
    expect(line.phase).toBe('waiting')
    line.canOpen = true
    await line.clock.advance(line.waitMs)
    expect(line.sockets).toHaveLength(1)
  })

  it.each(['hello', 'live', 'events'])('survives the socket closing while %s is handled', async (type) => {
    line.onFrame = (each) => {
      if (each === type) line.socket.drop()
    }
    line.connection.start()
    await settle()
    await line.say('hello', 'events', 'live')
    expect(line.phase).toBe('waiting')
    expect(line.frames.at(-1)).toBe(type)
  })

  it.each(['connecting', 'catching_up', 'live', 'waiting'] as const)(
    'its owner may leave while it is told of %s',
    async (phase) => {
      line.onState = (state) => {
        if (state.phase === phase) line.connection.stop()
      }
      line.connection.start()
      await settle()
      if (line.sockets.length > 0) {
        await line.say('hello', 'live')
        line.socket.drop()
      }
      await line.clock.advance(2 * BACKOFF_MAX_MS)
      expect(line.phase).toBe('idle')
      expect(line.clock.waiting).toBe(0)
      // Whoever has left is told nothing more.
      const told = { connecting: [], catching_up: [], live: ['hello', 'live'], waiting: ['hello', 'live'] }
      expect(line.frames).toEqual(told[phase])
    },
  )

  it('its owner may leave while it is told of the loss', async () => {
    await line.goLive()
    line.onLost = () => line.connection.stop()
    line.socket.drop()
    expect(line.phase).toBe('idle')
    expect(line.clock.waiting).toBe(0)
  })

  it('reconnectNow in the middle of a loss does not undo that it was final', async () => {
    await line.goLive()
    line.onLost = () => line.connection.reconnectNow()
    line.socket.drop(CLOSE.sessionEnded)
    await line.clock.advance(BACKOFF_MAX_MS)
    expect(line.phase).toBe('closed')
    expect(line.sockets).toHaveLength(1)
    expect(line.clock.waiting).toBe(0)
  })
})
