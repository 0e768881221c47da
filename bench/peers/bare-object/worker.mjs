/**
 * The platform's own ceiling: an object that inserts and broadcasts, each message as a frame of its own, and does
 * nothing else: no membership, no retries, no window, no lists.
 */
import { DurableObject } from 'cloudflare:workers'

export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env)
    ctx.storage.sql.exec(
      'CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL)',
    )
  }

  fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    if (pathname === '/history') return this.#history(searchParams)
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    const after = searchParams.get('after')
    if (after !== null) {
      const query = 'SELECT seq, id, text, at FROM messages WHERE seq > ? ORDER BY seq'
      const missed = this.ctx.storage.sql.exec(query, Number(after)).toArray()
      server.send(JSON.stringify({ type: 'missed', messages: missed }))
    }
    server.send('{"type":"ready"}')
    return new Response(null, { status: 101, webSocket: client })
  }

  webSocketMessage(socket, data) {
    const { id, text } = JSON.parse(data)
    const at = Date.now()
    const query = 'INSERT INTO messages (id, text, at) VALUES (?, ?, ?) RETURNING seq'
    const { seq } = this.ctx.storage.sql.exec(query, id, text, at).one()
    socket.send(JSON.stringify({ type: 'ack', id, seq }))
    const frame = JSON.stringify({ type: 'message', seq, id, text, at })
    for (const member of this.ctx.getWebSockets()) member.send(frame)
  }

  webSocketClose(socket, code, reason) {
    // Not every code that comes may be sent: 1005 and 1006 only say that there was none.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason)
  }

  #history(searchParams) {
    const query = 'SELECT seq, id, text, at FROM messages WHERE seq < ? ORDER BY seq DESC LIMIT ?'
    const page = this.ctx.storage.sql.exec(
      query,
      Number(searchParams.get('before')),
      Number(searchParams.get('limit')),
    )
    return Response.json({ messages: page.toArray().reverse() })
  }
}

export default {
  fetch(request, env) {
    const { searchParams } = new URL(request.url)
    return env.ROOMS.getByName(searchParams.get('room')).fetch(request)
  },
}
