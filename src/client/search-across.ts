/**
 * One question to many conversations: each has its own index, so each is asked by itself, the most likely first
 * and a few at a time. What they answer is merged by time. It stops when nobody left can have a newer hit than
 * those that were wanted, or after so many conversations that a person would rather be asked.
 */
import {
  SEARCH_CONVERSATIONS,
  SEARCH_WANTED,
  SEARCHES_AT_ONCE,
  SEND_RETRY_MS,
  type SearchAnswer,
} from '../protocol/index.ts'
import { ApiError } from './api.ts'
import type { Clock, Timer } from './platform.ts'
import { hitKey, newestFirst, type SearchHit } from './search-hit.ts'

export type SearchAcrossOptions = {
  q: string
  /** Where to look. `updatedAt`: of its newest activity, after which it can hold nothing. */
  conversations: readonly { id: string; updatedAt: number; repliedAt?: number | undefined }[]
  search: (id: string, q: string, before?: number, signal?: AbortSignal) => Promise<SearchAnswer>
  clock: Clock
  onChange: () => void
}

export type AcrossState = {
  isBusy: boolean
  /** Newest first. */
  hits: readonly SearchHit[]
  /** How many conversations have been asked and have answered, of how many that are to be before it rests. */
  answered: number
  planned: number
  /** … and of how many there are. */
  total: number
  /** Those that could not be searched. */
  failed: number
  hasMore: boolean
  /** Nobody can be asked any more: no network, no session. */
  error: unknown
}

/** A conversation, and how far it has been searched. */
type Source = {
  id: string
  /** Nothing that is not known yet is newer than this; undefined where there is nothing left. */
  reach: number | undefined
  hits: SearchHit[]
  state: 'waiting' | 'asking' | 'answered' | 'failed'
}

/** Fails for all alike: asking the next would only fail again. */
const FOR_ALL: ReadonlySet<string> = new Set(['offline', 'unauthorized'])

export class SearchAcross {
  readonly #options: SearchAcrossOptions
  readonly #sources: readonly Source[]
  readonly #stopping = new AbortController()
  readonly #wasShown = new Set<string>()
  #wanted = SEARCH_WANTED
  #planned: number
  #pause: Timer | undefined
  #error: unknown = null
  #snapshot: AcrossState | undefined

  constructor(options: SearchAcrossOptions) {
    this.#options = options
    this.#sources = [...options.conversations]
      .sort((a, b) => newestOf(b) - newestOf(a) || (a.id < b.id ? -1 : 1))
      .map((each) => ({ id: each.id, reach: newestOf(each), hits: [], state: 'waiting' }))
    this.#planned = Math.min(SEARCH_CONVERSATIONS, this.#sources.length)
  }

  /** An immutable snapshot: a new object after each change. */
  get state(): AcrossState {
    this.#snapshot ??= this.#makeSnapshot()
    return this.#snapshot
  }

  start(): void {
    this.#ask()
    this.#changed()
  }

  /** Further back, and in conversations that were quiet for longer. */
  more(): void {
    if (this.#isBusy || this.#stopping.signal.aborted) return
    this.#wanted = this.#shown().length + SEARCH_WANTED
    const asked = this.#sources.filter(({ state }) => state !== 'waiting').length
    this.#planned = Math.min(asked + SEARCH_CONVERSATIONS, this.#sources.length)
    this.start()
  }

  /** Asks those again that could not be searched. */
  retry(): void {
    this.#error = null
    for (const source of this.#sources) {
      if (source.state === 'failed') source.state = source.hits.length > 0 ? 'answered' : 'waiting'
    }
    this.start()
  }

  /** Gives up what is under way: nothing that still comes is taken. */
  stop(): void {
    this.#stopping.abort()
    if (this.#pause !== undefined) this.#options.clock.clearTimer(this.#pause)
    this.#pause = undefined
  }

  /** As many as may be under way, each the one that may hold the newest of what is missing. */
  #ask(): void {
    while (this.#error === null && this.#pause === undefined && this.#underWay < SEARCHES_AT_ONCE) {
      const next = this.#next()
      if (!next) return
      void this.#askOne(next)
    }
  }

  #next(): Source | undefined {
    const next = this.#open().reduce<Source | undefined>(
      (best, each) => (best && (best.reach ?? 0) >= (each.reach ?? 0) ? best : each),
      undefined,
    )
    if (!next) return undefined
    const certain = this.#shown().filter(({ message }) => message.createdAt > (next.reach ?? 0))
    return certain.length >= this.#wanted ? undefined : next
  }

  /** Those that may hold more and can be asked now. */
  #open(isPlannedOnly = true): Source[] {
    return this.#sources.filter(
      ({ reach, state }, at) =>
        reach !== undefined &&
        (state === 'answered' || (state === 'waiting' && (at < this.#planned || !isPlannedOnly))),
    )
  }

  async #askOne(source: Source): Promise<void> {
    const { q, search } = this.#options
    const { signal } = this.#stopping
    const before = source.state
    source.state = 'asking'
    try {
      const oldest = source.hits.at(-1)?.message.seq
      const answer = await search(source.id, q, oldest, signal)
      if (!signal.aborted) this.#take(source, answer)
    } catch (error) {
      if (!signal.aborted) this.#fail(source, before, error)
    }
    if (signal.aborted) return
    this.#ask()
    this.#changed()
  }

  #take(source: Source, { messages, hasOlder }: SearchAnswer): void {
    source.hits = [...source.hits, ...messages.map((message) => ({ conversationId: source.id, message }))]
    source.reach = hasOlder ? messages.at(-1)?.createdAt : undefined
    source.state = 'answered'
  }

  #fail(source: Source, before: Source['state'], error: unknown): void {
    const code = error instanceof ApiError ? error.code : 'internal'
    source.state = 'failed'
    if (code === 'not_found') {
      // Not a member any more: there is nothing to find, and nothing to try again.
      source.state = 'answered'
      source.reach = undefined
      source.hits = []
    } else if (code === 'rate_limited') {
      source.state = before
      this.#pauseFor((error as ApiError).retryAfterMs ?? SEND_RETRY_MS)
    } else if (FOR_ALL.has(code)) {
      source.state = before
      this.#error = error
    }
  }

  #pauseFor(ms: number): void {
    this.#pause ??= this.#options.clock.setTimer(() => {
      this.#pause = undefined
      this.#ask()
      this.#changed()
    }, ms)
  }

  get #underWay(): number {
    return this.#sources.filter(({ state }) => state === 'asking').length
  }

  get #isBusy(): boolean {
    return this.#underWay > 0 || this.#pause !== undefined
  }

  /**
   * Everything that was found, but not what lies further back than a conversation has been asked: its next page
   * would come in between. What has been shown stays: somebody may be reading it.
   */
  #shown(): SearchHit[] {
    const reaches = this.#sources.map(({ reach, hits, state }) =>
      hits.length > 0 && state !== 'failed' ? (reach ?? 0) : 0,
    )
    const from = Math.max(0, ...reaches)
    const hits = this.#sources.flatMap((source) => source.hits)
    return hits
      .filter((hit) => hit.message.createdAt >= from || this.#wasShown.has(hitKey(hit)))
      .sort(newestFirst)
  }

  #changed(): void {
    this.#snapshot = undefined
    this.#options.onChange()
  }

  #makeSnapshot(): AcrossState {
    const hits = this.#shown()
    for (const hit of hits) this.#wasShown.add(hitKey(hit))
    const isDone = (source: Source) =>
      source.state !== 'waiting' && (source.state !== 'asking' || source.hits.length > 0)
    return {
      isBusy: this.#isBusy,
      hits,
      answered: this.#sources.filter(isDone).length,
      planned: this.#planned,
      total: this.#sources.length,
      failed: this.#sources.filter(({ state }) => state === 'failed').length,
      hasMore: !this.#isBusy && this.#open(false).length > 0,
      error: this.#error,
    }
  }
}

/** Nothing in it is newer: what is said in threads alone does not move it in the list. */
function newestOf({ updatedAt, repliedAt = 0 }: SearchAcrossOptions['conversations'][number]): number {
  return Math.max(updatedAt, repliedAt)
}
