/** A WebSocket client that writes any bytes, reads when it likes and answers nothing: what no library lets one do. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { type ServerFrame, SUBPROTOCOL } from '../../../src/protocol/index.ts'

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export type FrameOptions = {
  opcode?: number
  payload?: Buffer | string
  isFinal?: boolean
  /** The three reserved bits, 0 to 7. */
  reserved?: number
  isMasked?: boolean
  /** What the header says; the payload may be shorter. */
  length?: number
}

export type Where = { port: number; path: string; headers: Record<string, string> }

/** The connection ended without a Close frame. */
export const NO_CLOSE = 1006
const OPEN_WITHIN_MS = 20_000

/** RFC 6455, section 5.2, and whatever breaks it. */
export function frame(options: FrameOptions): Buffer {
  const { opcode = OPCODE.text, isFinal = true, reserved = 0, isMasked = true } = options
  const payload = Buffer.from(options.payload ?? '')
  const length = options.length ?? payload.length
  const first = (isFinal ? 0x80 : 0) | (reserved << 4) | opcode
  const maskBit = isMasked ? 0x80 : 0
  const header = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10)
  header.writeUInt8(first, 0)
  header.writeUInt8(maskBit | (length < 126 ? length : length < 65_536 ? 126 : 127), 1)
  if (header.length === 4) header.writeUInt16BE(length, 2)
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2)
  if (!isMasked) return Buffer.concat([header, payload])
  const mask = randomBytes(4)
  const masked = Buffer.from(payload)
  for (let n = 0; n < masked.length; n += 1) masked[n] = (masked[n] ?? 0) ^ (mask[n % 4] ?? 0)
  return Buffer.concat([header, mask, masked])
}

export class HostileSocket {
  /** Resolves with the code of the Close frame, or NO_CLOSE. */
  readonly closed: Promise<number>
  /** Hears each frame of the server. */
  hear: (frame: ServerFrame) => void = () => {}
  /** Hears the code of the Close frame as it comes. */
  hearClose: (code: number) => void = () => {}
  /** A client that is gone answers no close. */
  answersClose = true
  readonly #socket: Socket
  #code: number | undefined
  #bytes: Buffer = Buffer.alloc(0)

  /** @throws where the upgrade is refused, or not answered */
  static open({ port, path, headers }: Where): Promise<HostileSocket> {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    socket.write(
      [
        ...[`GET ${path} HTTP/1.1`, `host: localhost:${port}`, 'upgrade: websocket', 'connection: Upgrade'],
        ...[`sec-websocket-key: ${randomBytes(16).toString('base64')}`, 'sec-websocket-version: 13'],
        `sec-websocket-protocol: ${SUBPROTOCOL}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        ...['', ''],
      ].join('\r\n'),
    )
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0)
      const fail = () => reject(new Error(`no socket: ${head.toString().slice(0, 100)}`))
      const timer = setTimeout(fail, OPEN_WITHIN_MS)
      function answer(chunk: Buffer): void {
        head = Buffer.concat([head, chunk])
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        clearTimeout(timer)
        if (!head.toString('latin1').startsWith('HTTP/1.1 101')) return fail()
        socket.off('data', answer).off('close', fail)
        resolve(new HostileSocket(socket, head.subarray(end + 4)))
      }
      socket.on('data', answer).on('close', fail)
      // A reset is told by `close` as well.
      socket.on('error', () => undefined)
    })
  }

  private constructor(socket: Socket, rest: Buffer) {
    this.#socket = socket
    this.closed = new Promise((resolve) => {
      socket.on('close', () => resolve(this.#code ?? NO_CLOSE))
    })
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('end', () => socket.destroy())
    this.#bytes = rest
    // What came with the handshake is heard only once there is somebody to hear it.
    setImmediate(() => this.#read(Buffer.alloc(0)))
  }

  /** The code of the Close frame that has come, if one has. */
  get code(): number | undefined {
    return this.#code
  }

  get isOpen(): boolean {
    return this.#code === undefined && !this.#socket.destroyed
  }

  write(bytes: Buffer): void {
    if (!this.#socket.destroyed) this.#socket.write(bytes)
  }

  say(value: object | string): void {
    this.write(frame({ payload: typeof value === 'string' ? value : JSON.stringify(value) }))
  }

  /** Takes nothing from the network any more, as a client whose page is frozen. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
    for (;;) {
      const found = firstFrame(this.#bytes)
      if (!found) return
      this.#bytes = this.#bytes.subarray(found.size)
      this.#take(found.opcode, found.payload)
    }
  }

  #take(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.text && payload.toString() !== 'pong') this.hear(JSON.parse(payload.toString()))
    if (opcode !== OPCODE.close) return
    this.#code = payload.length >= 2 ? payload.readUInt16BE(0) : NO_CLOSE
    this.hearClose(this.#code)
    if (!this.answersClose) return
    this.write(frame({ opcode: OPCODE.close, payload: payload.subarray(0, 2) }))
    this.#socket.end()
  }
}

/** A server's frame: never masked, and ours come in one piece. */
function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | undefined {
  if (bytes.length < 2) return undefined
  const opcode = bytes.readUInt8(0) & 0x0f
  const short = bytes.readUInt8(1) & 0x7f
  const start = short < 126 ? 2 : short === 126 ? 4 : 10
  if (bytes.length < start) return undefined
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  const size = start + length
  return bytes.length < size ? undefined : { opcode, payload: bytes.subarray(start, size), size }
}
