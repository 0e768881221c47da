/**
 * Answers a peer's close with our half, without which it waits until the object sleeps, and then sees 1006.
 * 1005 and 1006 are not codes that may be sent.
 */
export function answerClose(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason)
  } catch {
    // Closed from our side already.
  }
}
