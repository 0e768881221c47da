/** The tabs of one browser: which of them speaks for all, and whether any shows a conversation right now. */
import { open } from './conversations.ts'
import { isWatched } from './presence.ts'

/** A tab that does not answer within this is not there. */
const ANSWER_WITHIN_MS = 200

type Letter = { ask: string; from: string } | { watched: string; to: string }

const me = crypto.randomUUID()

export type Tabs = {
  /** True in exactly one tab of this browser. */
  isSpeaker(): boolean
  /** Whether a conversation is visible and focused in any tab. */
  isWatchedAnywhere(conversationId: string): Promise<boolean>
  leave(): void
}

export function joinTabs(): Tabs {
  const channel = new BroadcastChannel('edgewise.tabs')
  const waiting = new Map<string, () => void>()
  let isSpeaker = false
  let resign: (() => void) | undefined
  const leaving = new AbortController()
  channel.addEventListener('message', ({ data }: MessageEvent<Letter>) => {
    if ('ask' in data) {
      if (isWatchedHere(data.ask)) channel.postMessage({ watched: data.ask, to: data.from } satisfies Letter)
    } else if (data.to === me) waiting.get(data.watched)?.()
  })
  // Whoever holds the lock speaks; when that tab closes, or crashes, the browser hands it on.
  navigator.locks
    .request('edgewise.speaker', { signal: leaving.signal }, () => {
      isSpeaker = true
      return new Promise<void>((done) => {
        resign = done
      })
    })
    .catch(() => {
      // Left before its turn came.
    })
  return {
    isSpeaker: () => isSpeaker,
    async isWatchedAnywhere(conversationId) {
      if (isWatchedHere(conversationId)) return true
      return new Promise((resolve) => {
        const finish = (isShown: boolean) => {
          clearTimeout(timer)
          waiting.delete(conversationId)
          resolve(isShown)
        }
        const timer = setTimeout(() => finish(false), ANSWER_WITHIN_MS)
        waiting.set(conversationId, () => finish(true))
        channel.postMessage({ ask: conversationId, from: me } satisfies Letter)
      })
    },
    leave() {
      isSpeaker = false
      resign?.()
      leaving.abort()
      channel.close()
    },
  }
}

function isWatchedHere(conversationId: string): boolean {
  return isWatched.peek() && open.peek()?.id === conversationId
}
