/**
 * A Socket.IO room that stores before it emits: SQLite beside it, in WAL mode with `synchronous = FULL`, so that
 * each INSERT is on disk when it returns, as an ack of Edgewise is.
 */
import { DatabaseSync } from 'node:sqlite'
import { Server } from 'socket.io'
import { listen } from '../listen.mjs'

const [path] = process.argv.slice(2)
const database = new DatabaseSync(path)
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS messages (
    room TEXT NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (room, seq)
  ) WITHOUT ROWID`)
const insert = database.prepare('INSERT INTO messages (room, seq, id, text, at) VALUES (?, ?, ?, ?, ?)')
const newest = database.prepare('SELECT coalesce(max(seq), 0) AS head FROM messages WHERE room = ?')
const later = database.prepare(
  'SELECT seq, id, text, at FROM messages WHERE room = ? AND seq > ? ORDER BY seq',
)
const older = database.prepare(
  'SELECT seq, id, text, at FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
)
const heads = new Map()

await listen((server) => {
  const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
  io.on('connection', (socket) => {
    socket.on('join', ({ room, after }) => {
      socket.join(room)
      socket.on('send', ({ id, text }, ack) => {
        const message = store(room, id, text)
        ack({ id, seq: message.seq })
        io.to(room).emit('message', message)
      })
      if (after !== undefined) socket.emit('missed', later.all(room, after))
      socket.emit('ready')
    })
  })
}, answerHistory)

function store(room, id, text) {
  const seq = (heads.get(room) ?? newest.get(room).head) + 1
  const at = Date.now()
  insert.run(room, seq, id, text, at)
  heads.set(room, seq)
  return { seq, id, text, at }
}

function answerHistory(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  // Everything else is Socket.IO's own, which listens beside this.
  if (pathname !== '/history') return
  const page = older.all(
    searchParams.get('room'),
    Number(searchParams.get('before')),
    Number(searchParams.get('limit')),
  )
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ messages: page.reverse() }))
}
