/** What the two smallest peers speak: a JSON object a frame, the room in the address. */
export const plainDialect = {
  protocols: [],

  urlOf(seat, after) {
    return after === undefined ? seat.url : `${seat.url}&after=${after}`
  },

  send(id, text) {
    return JSON.stringify({ id, text })
  },

  read(data) {
    const frame = JSON.parse(data)
    if (frame.type === 'message') return { messages: [frame] }
    if (frame.type === 'missed') return { messages: frame.messages }
    if (frame.type === 'ack') return { acked: frame.id }
    return { isReady: frame.type === 'ready' }
  },
}

/** Any number of sockets of one room: nobody is asked who they are. */
export function plainRoom(server, name, seats) {
  const query = new URLSearchParams({ room: name })
  return {
    seats: Array.from({ length: seats }, () => ({ url: `ws://127.0.0.1:${server.port}/?${query}` })),
    history: { url: `http://127.0.0.1:${server.port}/history?${query}` },
  }
}
