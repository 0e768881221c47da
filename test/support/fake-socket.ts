/**
 * A WebSocket as its client holds it, and the wire behind it. What is sent arrives in order, after the wire's
 * latency, unless the wire breaks first: `drop` (both sides know), `silence` (neither does), `end` (the server
 * closes). Like a browser's, it swallows what is sent after it was closed.
 */
import type { Clock, Socket } from '../../src/client/platform.ts'

export type Wire = {
  clock: Clock
  latencyMs: () => number
  /** The client's end of an opened wire has said something, or has closed. */
  onText: (socket: FakeSocket, text: string) => void
  onGone: (socket: FakeSocket) => void
}

export class FakeSocket implements Socket {
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null
  onerror: Socket['onerror'] = null
  readonly url: URL
  readonly protocol: string
  readonly headers: Record<string, string>
  /** Everything that the client has handed over, also what never arrived. */
  readonly sent: string[] = []
  /** What the client has closed it with. */
  closedWith: { code: number | undefined; reason: string | undefined } | undefined
  /** Nothing goes through any more, and nobody was told. */
  isSilent = false
  #isOpen = true
  readonly #wire: Wire
  readonly #lastAt = { out: 0, in: 0 }

  constructor(wire: Wire, url: string, protocol: string, headers: Record<string, string>) {
    this.#wire = wire
    this.url = new URL(url)
    this.protocol = protocol
    this.headers = headers
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The frames that the client has sent of this type, in order. */
  framesSent<T = Record<string, unknown>>(type: string): T[] {
    const frames = this.sent.filter((text) => text.startsWith('{')).map((text) => JSON.parse(text))
    return frames.filter((frame) => frame.type === type)
  }

  // ── the client's side ─────────────────────────────────────────────────────────────────────────────────

  send(text: string): void {
    if (!this.#isOpen) return
    this.sent.push(text)
    this.#carry('out', () => this.#wire.onText(this, text))
  }

  close(code?: number, reason?: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.closedWith = { code, reason }
    this.#wire.onGone(this)
  }

  // ── the server's side ─────────────────────────────────────────────────────────────────────────────────

  accept(): void {
    this.#carry('in', () => this.onopen?.(undefined as never))
  }

  deliver(text: string): void {
    this.#carry('in', () => this.onmessage?.({ data: text }))
  }

  /** The server closes, after what it has sent. */
  end(code: number, reason = ''): void {
    this.#carry('in', () => this.#gone(code, reason))
  }

  // ── the wire ──────────────────────────────────────────────────────────────────────────────────────────

  /** The network breaks now: what is under way in either direction is lost. */
  drop(code = 1006): void {
    if (this.#isOpen) this.#gone(code, '')
  }

  silence(): void {
    this.isSilent = true
  }

  #gone(code: number, reason: string): void {
    this.#isOpen = false
    this.#wire.onGone(this)
    this.onclose?.({ code, reason })
  }

  #carry(way: 'out' | 'in', arrive: () => void): void {
    const { clock, latencyMs } = this.#wire
    const at = Math.max(this.#lastAt[way], clock.now() + latencyMs())
    this.#lastAt[way] = at
    clock.setTimer(() => {
      if (this.#isOpen && !this.isSilent) arrive()
    }, at - clock.now())
  }
}
