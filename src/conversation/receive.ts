/** From a socket's text to what it asks for: the only switch over client frames. */
import {
  CLOSE,
  type ClientFrame,
  type CloseCode,
  decodeClientFrame,
  FRAME_BYTES_MAX,
  isLongerThan,
} from '../protocol/index.ts'
import { Refusal } from '../refusal.ts'
import type { Effect } from './effects.ts'
import type { Session } from './session.ts'
import { edit } from './verbs/edit.ts'
import { pin } from './verbs/pin.ts'
import { react } from './verbs/react.ts'
import { read } from './verbs/read.ts'
import { remove } from './verbs/remove.ts'
import { send } from './verbs/send.ts'
import { readThread } from './verbs/thread.ts'
import type { Turn } from './verbs/turn.ts'
import { typing } from './verbs/typing.ts'

export type Received =
  | { is: 'frame'; frame: ClientFrame }
  | { is: 'refused'; refusal: Refusal; id?: string }
  | { is: 'fatal'; code: CloseCode; reason: string }

/** Reads and judges a frame. What it costs is bounded before it is parsed. */
export function receive(session: Session, data: string | ArrayBuffer, now: number): Received {
  const isTooLarge =
    typeof data === 'string' ? isLongerThan(data, FRAME_BYTES_MAX) : data.byteLength > FRAME_BYTES_MAX
  if (isTooLarge) return { is: 'fatal', code: CLOSE.frameTooLarge, reason: 'frame too large' }
  if (session.leaseExpiresAt <= now) return { is: 'fatal', code: CLOSE.leaseExpired, reason: 'lease ran out' }

  const decoded = decodeClientFrame(data)
  if (!decoded.ok) {
    if (session.countBadFrame(now)) {
      return { is: 'fatal', code: CLOSE.protocolViolation, reason: 'too many malformed frames' }
    }
    const refusal = new Refusal(decoded.code, decoded.message)
    return { is: 'refused', refusal, ...(decoded.id === undefined ? {} : { id: decoded.id }) }
  }
  // Sends have their own limit, and `got` is what the server asks for.
  const { frame } = decoded
  const retryAfterMs = frame.type === 'send' || frame.type === 'got' ? 0 : session.frames.take(now)
  if (retryAfterMs > 0) {
    if (session.countFrameOver()) return { is: 'fatal', code: CLOSE.abuse, reason: 'too many frames' }
    const refusal = new Refusal('rate_limited', 'too many frames', { retryAfterMs })
    return { is: 'refused', refusal, ...('id' in frame ? { id: frame.id } : {}) }
  }
  return { is: 'frame', frame }
}

/** Carries a frame out, inside the caller's transaction. `got` and `renew` are about the socket, not the log. */
export function perform(turn: Turn, frame: Exclude<ClientFrame, { type: 'got' | 'renew' }>): Effect[] {
  switch (frame.type) {
    case 'send':
      return send(turn, frame)
    case 'edit':
      return edit(turn, frame)
    case 'delete':
      return remove(turn, frame)
    case 'react':
      return react(turn, frame)
    case 'pin':
      return pin(turn, frame)
    case 'read': {
      const { thread, seq } = frame
      return thread === undefined ? read(turn, { seq }) : readThread(turn, { thread, seq })
    }
    case 'typing':
      return typing(turn, frame)
  }
}
