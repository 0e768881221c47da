/** How a peer's server says where it is: the benchmark reads the line. */
import { createServer } from 'node:http'

/**
 * Listens on a free port of this machine.
 *
 * @param prepare adds to the HTTP server what the peer needs
 * @param answer what plain requests get
 */
export async function listen(prepare, answer = (_, response) => response.writeHead(404).end()) {
  const server = createServer(answer)
  prepare(server)
  server.listen(0, '127.0.0.1', () => sayReady(server.address().port))
}

export function sayReady(port) {
  console.log(`ready ${port}`)
}
