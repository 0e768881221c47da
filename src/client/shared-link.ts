/**
 * One inbox socket for all tabs of a browser. The tab that holds the lock has the socket and passes on what
 * it hears; the others say through it how they are and whom they show. When it goes, the lock goes to another,
 * which connects from where it is: the list is keyed state, so nothing is missed and nothing comes twice.
 */
import {
  type InboxClientFrame,
  type InboxServerFrame,
  TAB_FORGOTTEN_MS,
  WATCH_MAX,
} from '../protocol/index.ts'
import type { ConnectionState } from './connection.ts'
import type { Clock } from './platform.ts'

/** What an inbox needs of its socket, whether that is its own or another tab's. */
export type Link = {
  readonly state: ConnectionState
  start(): void
  stop(): void
  /** @returns false where there is nobody to send it */
  send(frame: InboxClientFrame): boolean
  reconnectNow(): void
}

export type LinkEvents = {
  onFrame: (frame: InboxServerFrame) => void
  onState: (state: ConnectionState) => void
  onLost: (code: number) => void
}

/** The platform's way for tabs to agree and to talk; a browser's own by default, see {@link browserSharing}. */
export type Sharing = {
  /** Runs `work` once this tab alone holds the name, and holds it until the promise ends. */
  lock: (name: string, signal: AbortSignal, work: () => Promise<void>) => void
  channel: (name: string) => Channel
}
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & {
  onmessage: ((event: { data: Note }) => void) | null
}

/** What tabs tell each other. */
export type Note =
  | { is: 'frame'; frame: InboxServerFrame; to?: string }
  | { is: 'state'; state: ConnectionState; lostCode?: number; to?: string }
  /** A tab has opened. */
  | { is: 'hello'; tab: string; rev: number }
  /** The socket is live again: what does this tab lack? */
  | { is: 'ask'; tab: string; rev: number }
  /** A new tab leads, and wants to know how the others are. */
  | { is: 'who' }
  | { is: 'say'; tab: string; frame: InboxClientFrame }
  | { is: 'wake' }
  | { is: 'bye'; tab: string }

export type SharedLinkOptions = {
  /** Whose inbox it is: tabs of other people do not share it. */
  name: string
  /** Names this tab among the others. */
  tab: string
  sharing: Sharing
  clock: Clock
  events: LinkEvents
  /** Makes the one real socket. */
  connect: (events: LinkEvents) => Link
  /** What this tab knows that came after a place: for a tab that has just opened. */
  framesAfter: (rev: number) => InboxServerFrame[]
  /** Up to where this tab knows. */
  rev: () => number
}

/** How another tab is, as far as it has said. */
type Tab = { status: 'online' | 'away'; watching: readonly string[]; at: number }

export class SharedLink implements Link {
  readonly #options: SharedLinkOptions
  readonly #tabs = new Map<string, Tab>()
  #state: ConnectionState = { phase: 'idle' }
  #channel: Channel | undefined
  #abort: AbortController | undefined
  #release: (() => void) | undefined
  /** The real socket: only the leading tab has one. */
  #own: Link | undefined

  constructor(options: SharedLinkOptions) {
    this.#options = options
  }

  get state(): ConnectionState {
    return this.#state
  }

  start(): void {
    if (this.#own) return this.#own.start()
    if (this.#channel) return this.reconnectNow()
    const { name, tab, sharing, rev } = this.#options
    this.#channel = sharing.channel(name)
    this.#channel.onmessage = ({ data }) => this.#hear(data)
    this.#abort = new AbortController()
    this.#setState({ phase: 'connecting' })
    this.#channel.postMessage({ is: 'hello', tab, rev: rev() })
    sharing.lock(name, this.#abort.signal, () => this.#lead())
  }

  stop(): void {
    this.#post({ is: 'bye', tab: this.#options.tab })
    this.#abort?.abort()
    this.#own?.stop()
    this.#own = undefined
    this.#release?.()
    this.#channel?.close()
    this.#channel = undefined
    this.#setState({ phase: 'idle' })
  }

  send(frame: InboxClientFrame): boolean {
    const { tab } = this.#options
    this.#remember(tab, frame)
    if (this.#own) return this.#sayForAll(frame)
    this.#post({ is: 'say', tab, frame })
    return this.#channel !== undefined
  }

  reconnectNow(): void {
    if (this.#own) this.#own.reconnectNow()
    else this.#post({ is: 'wake' })
  }

  /** The lock is ours: from here on this tab has the socket. */
  #lead(): Promise<void> {
    const { connect, events } = this.#options
    return new Promise((resolve) => {
      // Stopped while the lock was on its way.
      if (!this.#channel) return resolve()
      this.#post({ is: 'who' })
      this.#release = resolve
      this.#own = connect({
        onFrame: (frame) => {
          events.onFrame(frame)
          this.#post({ is: 'frame', frame })
        },
        onState: (state) => {
          this.#setState(state)
          this.#post({ is: 'state', state })
          if (state.phase === 'live') this.#sayEverything()
        },
        onLost: (code) => {
          events.onLost(code)
          this.#post({ is: 'state', state: { phase: 'connecting' }, lostCode: code })
        },
      })
      this.#own.start()
    })
  }

  #hear(note: Note): void {
    const { events, tab, framesAfter, rev } = this.#options
    if ('to' in note && note.to !== undefined && note.to !== tab) return
    switch (note.is) {
      case 'frame':
        if (!this.#own) events.onFrame(note.frame)
        break
      case 'state':
        if (this.#own) break
        if (note.lostCode !== undefined) events.onLost(note.lostCode)
        this.#setState(note.state)
        // What the leading tab asked the server for came after its own place, not after this one's.
        if (note.state.phase === 'live' && note.to === undefined) this.#post({ is: 'ask', tab, rev: rev() })
        break
      case 'hello':
      case 'ask':
        if (!this.#own) break
        if (this.#state.phase === 'live') {
          for (const frame of framesAfter(note.rev)) this.#post({ is: 'frame', frame, to: note.tab })
        }
        if (note.is === 'hello') this.#post({ is: 'state', state: this.#state, to: note.tab })
        break
      case 'who':
        this.#introduce()
        break
      case 'say':
        this.#remember(note.tab, note.frame)
        if (this.#own) this.#sayForAll(note.frame)
        break
      case 'wake':
        this.#own?.start()
        this.#own?.reconnectNow()
        break
      case 'bye':
        this.#tabs.delete(note.tab)
        if (this.#own) this.#sayEverything()
        break
    }
  }

  /** Says how this tab is to one that leads from now on. */
  #introduce(): void {
    const { tab } = this.#options
    const own = this.#tabs.get(tab)
    if (!own || this.#own) return
    this.#post({ is: 'say', tab, frame: { type: 'presence', status: own.status } })
    if (own.watching.length > 0) {
      this.#post({ is: 'say', tab, frame: { type: 'watch', userIds: [...own.watching] } })
    }
  }

  #remember(tab: string, frame: InboxClientFrame): void {
    const known = this.#tabs.get(tab) ?? { status: 'away', watching: [], at: 0 }
    const at = this.#options.clock.now()
    if (frame.type === 'presence') this.#tabs.set(tab, { ...known, status: frame.status, at })
    else this.#tabs.set(tab, { ...known, watching: frame.userIds, at })
  }

  /** The server knows one socket: it is online while any tab is, and shows whom any tab shows. */
  #sayForAll(frame: InboxClientFrame): boolean {
    const tabs = this.#present()
    if (frame.type === 'presence') {
      const isOnline = tabs.some((tab) => tab.status === 'online')
      return this.#own?.send({ type: 'presence', status: isOnline ? 'online' : 'away' }) ?? false
    }
    const userIds = [...new Set(tabs.flatMap((tab) => tab.watching))].slice(0, WATCH_MAX)
    return this.#own?.send({ type: 'watch', userIds }) ?? false
  }

  #sayEverything(): void {
    this.#sayForAll({ type: 'presence', status: 'away' })
    if (this.#present().some((tab) => tab.watching.length > 0))
      this.#sayForAll({ type: 'watch', userIds: [] })
  }

  /** A tab that crashed says no farewell: who has been silent for long does not count. */
  #present(): Tab[] {
    const { clock, tab: own } = this.#options
    for (const [tab, { at }] of this.#tabs) {
      if (tab !== own && clock.now() - at > TAB_FORGOTTEN_MS) this.#tabs.delete(tab)
    }
    return [...this.#tabs.values()]
  }

  #post(note: Note): void {
    this.#channel?.postMessage(note)
  }

  #setState(state: ConnectionState): void {
    this.#state = state
    this.#options.events.onState(state)
  }
}

/** The browser's own means, or undefined where it has none (Node, old browsers): each tab then has a socket. */
export function browserSharing(): Sharing | undefined {
  const locks = globalThis.navigator?.locks
  if (!locks || typeof BroadcastChannel !== 'function') return undefined
  return {
    lock: (name, signal, work) => {
      locks.request(name, { signal }, work).catch(() => {
        // Given up before it was our turn.
      })
    },
    channel: (name) => new BroadcastChannel(name) as unknown as Channel,
  }
}
