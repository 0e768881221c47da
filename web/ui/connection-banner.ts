/** What the connection banner says, from the state of the connection and the clock (CX-2). */
import type { ConversationState } from '../../src/client/conversation.ts'

/** Shorter breaks pass without a word. */
export const SILENT_MS = 3_000
export const SILENT_OFFLINE_MS = 1_000
/** A countdown of a shorter wait would only flicker. */
export const COUNTDOWN_FROM_MS = 5_000

export type Banner =
  | { kind: 'offline'; inSeconds: number | null }
  | { kind: 'reconnecting' }
  | { kind: 'countdown'; inSeconds: number }

/** A socket as far as a person can notice it. */
export type Link = Pick<ConversationState, 'connection' | 'downSince'>

type Clues = Link & {
  /** Since when the browser has had no network: it knows long before a silent socket does. */
  offlineSince: number | null
  /** When the wait for the next attempt began. */
  waitingSince: number
}

/**
 * @param now ms since 1970, like all the other times
 * @returns null: nothing to say
 */
export function bannerOf(clues: Clues, now: number): Banner | null {
  const { connection, downSince, offlineSince, waitingSince } = clues
  const since = offlineSince ?? downSince
  if (since === null || connection.phase === 'closed') return null
  if (offlineSince === null && connection.phase === 'live') return null
  if (now - since < (offlineSince === null ? SILENT_MS : SILENT_OFFLINE_MS)) return null
  const retryAt = connection.phase === 'waiting' ? connection.retryAt : null
  const isLong = retryAt !== null && retryAt - waitingSince >= COUNTDOWN_FROM_MS && retryAt > now
  const inSeconds = isLong ? Math.ceil((retryAt - now) / 1_000) : null
  if (offlineSince !== null) return { kind: 'offline', inSeconds }
  return inSeconds === null ? { kind: 'reconnecting' } : { kind: 'countdown', inSeconds }
}

/** Of several sockets the one that has been gone for longest: two that are down are one piece of news. */
export function worst(links: readonly [Link, ...Link[]]): Link {
  const isDown = ({ connection, downSince }: Link) => downSince !== null && connection.phase !== 'closed'
  const down = links.filter(isDown).sort((a, b) => (a.downSince ?? 0) - (b.downSince ?? 0))
  return down[0] ?? links[0]
}
