/**
 * One socket that comes back. It knows how to open, keep alive and reopen; what the frames mean is its
 * owner's business.
 *
 *   idle → connecting → catching_up → live
 *             ↑              │          │
 *           waiting ←────────┴──────────┘      closed: the server said not to come back
 */
import {
  BACKOFF_MAX_MS,
  BACKOFF_MIN_MS,
  BACKOFF_SOON_MS,
  BACKOFF_SOON_TRIES,
  CLOSE,
  CONNECT_WITHIN_MS,
  isTerminal,
  PING,
  PING_EVERY_MS,
  PONG,
  PONG_WITHIN_MS,
  SUBPROTOCOL,
} from '../protocol/index.ts'
import type { Authorize } from './api.ts'
import type { Clock, OpenSocket, Socket, Timer } from './platform.ts'

export type ConnectionState =
  | { phase: 'idle' | 'connecting' | 'catching_up' | 'live' }
  /** `retryAt`: ms since 1970 */
  | { phase: 'waiting'; retryAt: number }
  | { phase: 'closed'; code: number; reason: string }

export type ConnectionOptions = {
  /** Where to connect now: it names the place to go on from, so it is asked anew each time. */
  url: () => string
  authorize: Authorize
  openSocket: OpenSocket
  clock: Clock
  /** 0 ≤ random < 1 */
  random: () => number
  onFrame: (frame: { type: string }) => void
  onState: (state: ConnectionState) => void
  /** The socket is gone, whatever comes next: called before the state changes. */
  onLost?: (code: number) => void
}

export class Connection {
  readonly #options: ConnectionOptions
  #state: ConnectionState = { phase: 'idle' }
  #socket: Socket | undefined
  /** Failed attempts since the last time that everything was well. */
  #attempts = 0
  /** Grows when a socket, or an attempt to get one, is given up: what was begun for an earlier one is void. */
  #turn = 0
  #timers = new Map<'retry' | 'ping' | 'pong' | 'connect', Timer>()

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Connects, also where the server had said not to: the caller knows what has changed. */
  start(): void {
    if (this.#state.phase === 'idle' || this.#state.phase === 'closed') this.#connect()
  }

  stop(): void {
    this.#drop(1000, 'left')
    this.#setState({ phase: 'idle' })
  }

  /** @returns false where there is no socket to send on; the caller keeps what it wanted to send */
  send(frame: object): boolean {
    if (!this.#socket || (this.#state.phase !== 'live' && this.#state.phase !== 'catching_up')) return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  /** The network is back, the page is seen again, or a person is impatient. */
  reconnectNow(): void {
    if (this.#state.phase === 'waiting') this.#connect()
    // A socket that slept may be dead without knowing: ask it.
    else if (this.#socket && this.#state.phase === 'live' && !this.#timers.has('pong')) this.#ping()
  }

  /** The owner has found a gap: it goes on from what it holds, over a new socket. */
  restart(): void {
    this.#lose(CLOSE.goingAway, 'gap')
  }

  #connect(): void {
    this.#clearTimers()
    this.#setTimer('connect', CONNECT_WITHIN_MS, () => this.#lose(1006, 'no answer'))
    const turn = this.#turn
    this.#setState({ phase: 'connecting' })
    this.#options
      .authorize()
      .then((headers) => {
        if (turn === this.#turn) this.#open(headers)
      })
      .catch(() => {
        // Also where the platform refuses to make a socket at all.
        if (turn === this.#turn) this.#lose(1006, 'not authorized')
      })
  }

  #open(headers: Record<string, string>): void {
    const socket = this.#options.openSocket(this.#options.url(), SUBPROTOCOL, headers)
    this.#socket = socket
    socket.onmessage = (event) => {
      if (this.#socket === socket) this.#receive(event.data)
    }
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lose(event.code, event.reason)
    }
    socket.onerror = () => {
      // A browser's close follows in the same turn, and says more. Where Node's never opened, none follows: without
      // this a refused connection would be tried again only after the 10 s in which it may answer.
      if (this.#socket === socket) this.#setTimer('connect', 0, () => this.#lose(1006, 'no connection'))
    }
  }

  #receive(data: unknown): void {
    this.#clearTimer('pong')
    if (data === PONG || typeof data !== 'string') return
    const frame = parseFrame(data)
    // Passing it over could lose an event unseen; over a new socket the log is asked for again.
    if (!frame) return this.#lose(CLOSE.goingAway, 'unreadable frame')
    const turn = this.#turn
    if (frame.type === 'hello') {
      this.#clearTimer('connect')
      this.#schedulePing()
      this.#setState({ phase: 'catching_up' })
    }
    // Whoever is told may let this socket go: what follows would be about none, or about another.
    if (turn !== this.#turn) return
    this.#options.onFrame(frame)
    if (frame.type === 'live' && turn === this.#turn) {
      this.#attempts = 0
      this.#setState({ phase: 'live' })
    }
  }

  #schedulePing(): void {
    const spread = 0.8 + 0.4 * this.#options.random()
    this.#setTimer('ping', PING_EVERY_MS * spread, () => this.#ping())
  }

  #ping(): void {
    this.#socket?.send(PING)
    this.#schedulePing()
    this.#setTimer('pong', PONG_WITHIN_MS, () => this.#lose(CLOSE.heartbeatLost, 'heartbeat lost'))
  }

  #lose(code: number, reason: string): void {
    this.#drop(code, reason)
    const turn = this.#turn
    this.#options.onLost?.(code)
    if (turn !== this.#turn) return
    if (isTerminal(code)) return this.#setState({ phase: 'closed', code, reason })
    // Whoever has too many connections is not helped by quick tries.
    this.#attempts = Math.max(this.#attempts + 1, code === CLOSE.overloaded ? BACKOFF_SOON_TRIES + 1 : 0)
    const most = longestWait(this.#attempts)
    const wait = Math.round(BACKOFF_MIN_MS + this.#options.random() * (most - BACKOFF_MIN_MS))
    this.#setTimer('retry', wait, () => this.#connect())
    this.#setState({ phase: 'waiting', retryAt: this.#options.clock.now() + wait })
  }

  /** Lets go at once: waiting for the other side's close is how a dead socket holds a client for minutes. */
  #drop(code: number, reason: string): void {
    this.#turn += 1
    this.#clearTimers()
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    try {
      socket.close(code === 1000 || code >= 4000 ? code : 4000, reason)
    } catch {
      // It never opened, or is closed already.
    }
  }

  #setState(state: ConnectionState): void {
    this.#state = state
    this.#options.onState(state)
  }

  #setTimer(name: 'retry' | 'ping' | 'pong' | 'connect', ms: number, work: () => void): void {
    this.#clearTimer(name)
    const timer = this.#options.clock.setTimer(() => {
      this.#timers.delete(name)
      work()
    }, ms)
    this.#timers.set(name, timer)
  }

  #clearTimer(name: 'retry' | 'ping' | 'pong' | 'connect'): void {
    const timer = this.#timers.get(name)
    if (timer === undefined) return
    this.#timers.delete(name)
    this.#options.clock.clearTimer(timer)
  }

  #clearTimers(): void {
    for (const name of [...this.#timers.keys()]) this.#clearTimer(name)
  }
}

/** Of the wait after so many failures (ms): doubling, but for the seconds that a restart takes. */
function longestWait(failures: number): number {
  const soon = Math.min(BACKOFF_SOON_MS, BACKOFF_MIN_MS * 2 ** failures)
  return Math.min(BACKOFF_MAX_MS, soon * 2 ** Math.max(0, failures - BACKOFF_SOON_TRIES))
}

function parseFrame(data: string): { type: string } | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isFrame(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isFrame(value: unknown): value is { type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
