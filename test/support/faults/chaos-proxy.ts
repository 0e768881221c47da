/** A TCP proxy that fails as networks do: it cuts in the middle of a frame, goes silent, or is not there. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

type Pair = { near: Socket; far: Socket }

export class ChaosProxy {
  readonly #server: Server
  readonly #target: number
  readonly #pairs = new Set<Pair>()
  #port = 0
  /** Bytes that still pass, in both directions together, before everything is cut. */
  #budget = Number.POSITIVE_INFINITY
  #isSilent = false
  #isAway = false
  #cutsInFrames = 0
  #isMute = false

  /** @param target the port that everything goes to, on this machine */
  static async start(target: number): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    const address = proxy.#server.address()
    if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
    proxy.#port = address.port
    return proxy
  }

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer((near) => this.#join(near))
  }

  get url(): string {
    return `http://localhost:${this.#port}`
  }

  /** How often bytes that were on their way were cut in two. */
  get cutsInFrames(): number {
    return this.#cutsInFrames
  }

  /** Every connection is reset, now. */
  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
    this.#budget = Number.POSITIVE_INFINITY
  }

  /** The same once so many bytes more have passed: in the middle of whatever they are. */
  cutAfter(bytes: number): void {
    this.#budget = bytes
  }

  /** Connections stand and carry nothing: what is sent waits, or is lost when they are cut. */
  silence(): void {
    this.#isSilent = true
    for (const { near, far } of this.#pairs) {
      near.pause()
      far.pause()
    }
  }

  /** What is sent arrives, what is answered does not: once it is cut, an ack has been lost on its way. */
  loseAnswers(): void {
    this.#isMute = true
    for (const { far } of this.#pairs) far.pause()
  }

  /** Nothing gets through, and nothing new is taken. */
  leave(): void {
    this.#isAway = true
    this.cut()
  }

  /** As a good network again. */
  heal(): void {
    this.#isSilent = this.#isAway = this.#isMute = false
    this.#budget = Number.POSITIVE_INFINITY
    for (const { near, far } of this.#pairs) {
      near.resume()
      far.resume()
    }
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(near: Socket): void {
    if (this.#isAway) return void near.resetAndDestroy()
    const far = connect(this.#target, '127.0.0.1')
    const pair = { near, far }
    this.#pairs.add(pair)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true)
      from.on('data', (chunk) => this.#pass(chunk, from, to))
      from.on('end', () => to.end())
      from.on('drain', () => to.resume())
      // What ends one side ends the other as abruptly.
      from.on('error', () => to.resetAndDestroy())
      from.on('close', () => {
        this.#pairs.delete(pair)
        to.destroy()
      })
    }
    if (this.#isSilent) this.silence()
    if (this.#isMute) this.loseAnswers()
  }

  #pass(chunk: Buffer, from: Socket, to: Socket): void {
    if (chunk.length < this.#budget) {
      this.#budget -= chunk.length
      if (!to.write(chunk)) from.pause()
      return
    }
    // The first part arrives, the rest never does.
    if (this.#budget > 0) this.#cutsInFrames += 1
    to.write(chunk.subarray(0, this.#budget), () => this.cut())
  }
}
