/** What the client needs of the world. Handed in, so that tests hold the clock, the network and the dice. */

export type Timer = unknown

export type Clock = {
  /** ms since 1970 */
  now(): number
  setTimer(work: () => void, ms: number): Timer
  clearTimer(timer: Timer): void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (work, ms) => setTimeout(work, ms),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
}

/** The part of a WebSocket that is used; a browser's and Node's both are one. */
export type Socket = {
  send(text: string): void
  close(code?: number, reason?: string): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number; reason: string }) => void) | null
  onerror: ((event: never) => void) | null
}

export type OpenSocket = (url: string, protocol: string, headers: Record<string, string>) => Socket

/** A browser sends its cookies by itself and takes no headers; Node's WebSocket takes headers. */
export const openWebSocket: OpenSocket = (url, protocol, headers) => {
  if (Object.keys(headers).length === 0) return new WebSocket(url, protocol) as unknown as Socket
  const options = { protocols: [protocol], headers }
  return new WebSocket(url, options as unknown as string[]) as unknown as Socket
}
