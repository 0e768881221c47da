/** The floor: `ws`, rooms in memory, nothing stored. What a message costs when nobody is to find it again. */
import { WebSocketServer } from 'ws'
import { listen } from '../listen.mjs'

const rooms = new Map()
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })

await listen((server) => {
  server.on('upgrade', (request, stream, head) => {
    const { searchParams } = new URL(request.url, 'http://localhost')
    sockets.handleUpgrade(request, stream, head, (socket) => join(socket, searchParams.get('room')))
  })
})

function join(socket, name) {
  const room = rooms.get(name) ?? { head: 0, members: new Set() }
  rooms.set(name, room)
  room.members.add(socket)
  socket.on('close', () => room.members.delete(socket))
  socket.on('message', (data) => {
    const { id, text } = JSON.parse(data.toString())
    room.head += 1
    socket.send(JSON.stringify({ type: 'ack', id, seq: room.head }))
    const frame = JSON.stringify({ type: 'message', seq: room.head, id, text })
    for (const member of room.members) member.send(frame)
  })
  socket.send(JSON.stringify({ type: 'ready', head: room.head }))
}
