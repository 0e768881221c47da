import { join } from 'node:path'
import { startServer } from '../server-process.mjs'

const SCRIPT = new URL('server.mjs', import.meta.url).pathname

/** Engine.IO 4 and Socket.IO 5, as much as a client over a WebSocket needs: the load client is the same for all. */
const dialect = {
  protocols: [],

  urlOf(seat) {
    return seat.url
  },

  send(id, text) {
    nextAck += 1
    return `42${nextAck}${JSON.stringify(['send', { id, text }])}`
  },

  read(data, seat, after) {
    if (data.startsWith('42')) return readEvent(JSON.parse(data.slice(2)))
    if (data.startsWith('43')) return { acked: JSON.parse(data.slice(data.indexOf('[')))[0].id }
    if (data.startsWith('40')) return { reply: `42${JSON.stringify(['join', { room: seat.room, after }])}` }
    if (data.startsWith('0')) return { reply: '40' }
    return data === '2' ? { reply: '3' } : {}
  },
}
let nextAck = 0

function readEvent([name, body]) {
  if (name === 'message') return { messages: [body] }
  return name === 'missed' ? { messages: body } : { isReady: name === 'ready' }
}

export const socketIo = {
  name: 'Socket.IO',
  cannot: [],
  dialect,
  start: (state) => startServer(SCRIPT, join(state, 'messages.sqlite')),
  openRoom(server, name, seats) {
    const url = `ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`
    const query = new URLSearchParams({ room: name })
    return {
      seats: Array.from({ length: seats }, () => ({ url, room: name })),
      history: { url: `http://127.0.0.1:${server.port}/history?${query}` },
    }
  },
}
