import { GOT_AFTER_MS, GOT_EVENTS, SUBPROTOCOL } from '../../../src/protocol/index.ts'

/** CONTRACT 4, as much as a program needs that only sends and listens. */
export const dialect = {
  protocols: [SUBPROTOCOL],

  urlOf(seat, after) {
    return after === undefined ? seat.url : `${seat.url}?after=${after}`
  },

  send(id, text) {
    return JSON.stringify({ type: 'send', id, text })
  },

  read(data) {
    const frame = JSON.parse(data)
    if (frame.type === 'events') return { messages: frame.events.map(toMessage) }
    if (frame.type === 'ack') return { acked: frame.id }
    if (frame.type === 'error') return { error: `${frame.code}: ${frame.message}` }
    return { isReady: frame.type === 'live' }
  },

  /** What has been taken is confirmed, as often as the contract wants it: a window that is full delivers nothing. */
  credit: { every: GOT_EVENTS, afterMs: GOT_AFTER_MS, frame: (seq) => `{"type":"got","seq":${seq}}` },
}

/** Everything that is said in a benchmark is a message: any other event has no text, and shows as a problem. */
function toMessage({ seq, message }) {
  return { seq, text: message?.text ?? '' }
}
