/** Saying no to a socket: browsers hide the HTTP status of a failed upgrade, so it is accepted, then closed. */
import { CLOSE, type CloseCode, type ErrorCode, SUBPROTOCOL } from '../protocol/index.ts'

/**
 * Accepts an upgrade with the subprotocol that was asked for, and closes it with its reason.
 * @param reason plain words, at most 123 bytes: what a Close frame holds
 */
export function refuseUpgrade(request: Request, closeCode: number, reason: string): Response {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  server.close(closeCode, reason)
  return new Response(null, { status: 101, webSocket: client, headers: subprotocolHeader(request) })
}

/** The header that a browser insists on when it asked for a subprotocol: ours, or else its first. */
export function subprotocolHeader(request: Request): Record<string, string> {
  const offered = (request.headers.get('sec-websocket-protocol') ?? '').split(',').map((name) => name.trim())
  const chosen = offered.includes(SUBPROTOCOL) ? SUBPROTOCOL : offered[0]
  return chosen ? { 'sec-websocket-protocol': chosen } : {}
}

/** What an error code means for a socket: come back (4005), or not (4500 and up). */
export function closeCodeOf(code: ErrorCode): CloseCode {
  switch (code) {
    case 'unauthorized':
    case 'bad_credentials':
    case 'forbidden':
      return CLOSE.notSignedIn
    case 'not_found':
    case 'not_member':
      return CLOSE.notMember
    case 'internal':
    case 'overloaded':
    case 'unavailable':
    case 'rate_limited':
      return CLOSE.overloaded
    default:
      return CLOSE.protocolViolation
  }
}
