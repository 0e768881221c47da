/**
 * What the message list shows of a conversation and where its reader is: the window, the scroll position, the
 * unread divider and the read pointer. Knows elements, but no components.
 */
import { signal } from '@preact/signals'
import type { OpenConversation } from '../../src/client/client.ts'
import type { ConversationState } from '../../src/client/conversation.ts'
import { type Message, READ_EVERY_MS } from '../../src/protocol/index.ts'
import { isHeldUnread } from '../state/conversations.ts'
import { isWatched } from '../state/presence.ts'
import {
  follow,
  growNewer,
  growOlder,
  hasNewerRows,
  hasOlderRows,
  isWithin,
  type MessageWindow,
  messagesIn,
  newestWindow,
  windowAround,
} from './message-window.ts'
import { lightUp } from './reach-message.ts'
import { newestSeen } from './read-pointer.ts'
import { keepScroll, type ScrollKeeper } from './scroll-keeper.ts'
import { type Divider, dividerAfter, dividerAfterArrival, isNews, isUnreadAbove } from './unread-divider.ts'

/** Older messages are fetched this early, so that nobody reaches the end of what is there (ux.md 0). */
const FETCH_WITHIN_PX = 1_000
/** Pages fetched to reach the first unread message; someone further behind starts at the oldest of these. */
const UNREAD_PAGES_MAX = 4
/** ML-1: where the divider stands when a conversation opens with unread messages. */
const DIVIDER_AT = 0.2
/** ML-12: where the message stands that someone jumped to, with what led to it above. */
const JUMP_AT = 0.35
/** ML-6: further than this many viewports, a smooth scroll is only a blur. */
const SMOOTH_VIEWPORTS_MAX = 3

/** On top of the time for which a read marker is gathered: its way to the server. */
const READ_SPARE_MS = 300

type Place = { keeper: ScrollKeeper; scroller: HTMLElement; list: HTMLElement }

export class TimelineView {
  /** The jump pill: away from the bottom, and how many messages of others came since. */
  readonly pill = signal({ isShown: false, count: 0 })
  /** The chip at the top: the divider is above and was not seen yet. */
  readonly isDividerAbove = signal(false)
  /** The pill leads back to where a quote was opened, before it leads to the newest message (ML-6). */
  readonly hasOrigin = signal(false)
  divider: Divider | null = null

  readonly #conversation: OpenConversation
  readonly #meId: string
  readonly #redraw: () => void
  #window: MessageWindow = { first: 0, last: null }
  /** A window of nothing begins before everything, and would then hold every page that comes above. */
  #hasWindow = false
  #place: Place | null = null
  #opening: 'waiting' | 'paging' | 'done' = 'waiting'
  /** Where the next commit goes; a number is a message's seq. */
  #next: 'bottom' | 'divider' | number | null = 'bottom'
  /** The newest message at the last commit, and when the reader was last at the bottom. */
  #newestSeq = 0
  #bottomSeq = 0
  #isDividerSeen = false
  #origin: number | null = null
  /** Someone was led to a message: the divider must not take them away again. */
  #hasJumped = false
  /** When the read pointer last moved, ms since 1970. */
  #readAt = 0

  constructor(conversation: OpenConversation, meId: string, redraw: () => void) {
    this.#conversation = conversation
    this.#meId = meId
    this.#redraw = redraw
  }

  get keeper(): ScrollKeeper | null {
    return this.#place?.keeper ?? null
  }

  /** @returns lets go of the elements */
  attach(scroller: HTMLElement, content: HTMLElement, list: HTMLElement): () => void {
    const keeper = keepScroll({
      scroller,
      content,
      rows: () => list.querySelectorAll<HTMLElement>('[data-row]'),
      canStick: () => !this.#hasNewerRows(),
      onScroll: () => this.#moved(),
    })
    this.#place = { keeper, scroller, list }
    const stopWatching = isWatched.subscribe(() => this.#moved())
    return () => {
      stopWatching()
      keeper.stop()
      this.#place = null
    }
  }

  /** While drawing: the messages to draw. */
  rows(state: ConversationState): readonly Message[] {
    const { main: messages } = state
    if (!this.#hasWindow || !isWithin(this.#window, messages)) this.#window = newestWindow(messages)
    this.#hasWindow ||= messages.length > 0
    this.#settle(state)
    this.#window = follow(this.#window, messages, this.keeper?.isAtBottom ?? true)
    return messagesIn(this.#window, messages)
  }

  /** What is not sent yet stands below the newest message, and only there. */
  isAtNewest(): boolean {
    return !this.#hasNewerRows()
  }

  /** In the layout phase, after the rows were drawn. */
  committed(state: ConversationState): void {
    const place = this.#place
    if (!place) return
    if (this.#next === 'bottom') place.keeper.toBottom()
    if (this.#next === 'divider') {
      const row = place.list.querySelector<HTMLElement>('[data-divider]')
      if (row) place.keeper.toRow(row, DIVIDER_AT)
    }
    if (typeof this.#next === 'number') {
      const row = place.list.querySelector<HTMLElement>(`[data-seq="${this.#next}"]`)
      if (row) {
        place.keeper.toRow(row, JUMP_AT)
        lightUp(row)
        // The quote that was pressed may have left the document, and the focus with it.
        if (this.#origin !== null) row.querySelector<HTMLElement>('article')?.focus({ preventScroll: true })
      }
    }
    if (state.isLoaded) this.#next = null
    this.#takeNews(state)
    this.#moved()
  }

  /** Own send: whatever was being read, what was said is at the bottom (ML-4). */
  sent(): void {
    this.divider = null
    this.#goToNewest()
  }

  /** The jump pill: smooth where it is near. */
  jumpToNewest(): void {
    const place = this.#place
    if (!place) return
    if (this.#origin !== null) return this.jumpTo(this.#origin)
    const isNear =
      !this.#hasNewerRows() && place.keeper.distance() <= SMOOTH_VIEWPORTS_MAX * place.scroller.clientHeight
    if (isNear && !matchMedia('(prefers-reduced-motion: reduce)').matches) place.keeper.toBottom(true)
    else this.#goToNewest()
  }

  /** Esc: seen it all. */
  markAllRead(): void {
    this.divider = null
    isHeldUnread.value = false
    this.#markRead(this.#newestSeq)
    this.#goToNewest()
  }

  /**
   * Marked as unread from a message on: the read pointer rests until the conversation is left, or it would be
   * undone at once. Resolves when the marker that may be on its way has gone, so that it does not overtake.
   */
  async holdUnread(seq: number): Promise<void> {
    isHeldUnread.value = true
    this.divider = dividerAfter(this.#conversation.state.main, seq - 1, this.#meId)
    this.#isDividerSeen = true
    this.#redraw()
    const rest = this.#readAt + READ_EVERY_MS + READ_SPARE_MS - Date.now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
  }

  jumpToDivider(): void {
    if (!this.divider) return
    this.#window = windowAround(this.#conversation.state.main, this.divider.seq)
    this.#next = 'divider'
    this.#redraw()
  }

  /**
   * To a message that is in memory, which lights up (ML-12).
   * @param origin the message to come back to (ML-6)
   */
  jumpTo(seq: number, origin: number | null = null): void {
    this.#hasJumped = true
    this.#setOrigin(origin)
    this.#window = windowAround(this.#conversation.state.main, seq)
    this.#next = seq
    this.#redraw()
  }

  #setOrigin(seq: number | null): void {
    this.#origin = seq
    this.hasOrigin.value = seq !== null
  }

  #goToNewest(): void {
    this.#setOrigin(null)
    if (this.#hasNewerRows()) this.#window = newestWindow(this.#conversation.state.main)
    this.#next = 'bottom'
    this.#redraw()
  }

  /**
   * Once, when the conversation is live: sets the divider. Not sooner, because what is in memory from an
   * earlier visit knows nothing of what came meanwhile.
   */
  #settle(state: ConversationState): void {
    const { phase } = state.connection
    if (this.#opening !== 'waiting' || !state.isLoaded || (phase !== 'live' && phase !== 'closed')) return
    if (isUnreadAbove(state)) {
      this.#opening = 'paging'
      void this.#pageToUnread(state.readSeq)
    } else this.#placeDivider(state.main, state.readSeq)
  }

  async #pageToUnread(readSeq: number): Promise<void> {
    for (let page = 0; page < UNREAD_PAGES_MAX; page += 1) {
      const { state } = this.#conversation
      if (!this.#place || !isUnreadAbove({ ...state, readSeq })) break
      await this.#conversation.loadOlder()
    }
    if (!this.#place) return
    this.#placeDivider(this.#conversation.state.main, readSeq)
    this.#redraw()
  }

  #placeDivider(messages: readonly Message[], readSeq: number): void {
    this.#opening = 'done'
    this.#newestSeq = messages.at(-1)?.seq ?? 0
    this.#bottomSeq = this.#newestSeq
    this.divider = dividerAfter(messages, readSeq, this.#meId)
    if (!this.divider || this.#hasJumped) return
    this.#window = windowAround(messages, this.divider.seq)
    this.#next = 'divider'
  }

  #takeNews({ main: messages, readSeq }: ConversationState): void {
    const newest = messages.at(-1)?.seq ?? 0
    if (this.#opening !== 'done' || newest <= this.#newestSeq) return
    const before = this.#newestSeq
    this.#newestSeq = newest
    if (isWatched.peek()) return
    const news = { messages, newestBefore: before, readSeq, meId: this.#meId }
    const divider = dividerAfterArrival(this.divider, news)
    if (divider === this.divider) return
    this.divider = divider
    this.#isDividerSeen = false
    this.#redraw()
  }

  /** After a scroll or a commit: brings rows that will be needed, and says where the reader is. */
  #moved(): void {
    const place = this.#place
    if (!place) return
    this.#fill(place)
    const { main: messages } = this.#conversation.state
    if (place.keeper.isAtBottom) {
      this.#bottomSeq = this.#newestSeq
      if (this.#next === null && this.#origin !== null) this.#setOrigin(null)
    }
    const isShown = this.#hasNewerRows() || place.keeper.distance() > place.scroller.clientHeight
    const count = isShown
      ? messages.filter((message) => message.seq > this.#bottomSeq && isNews(message, this.#meId)).length
      : 0
    const { value } = this.pill
    if (value.isShown !== isShown || value.count !== count) this.pill.value = { isShown, count }
    this.#lookForDivider(place)
    this.#readVisible()
  }

  #fill({ keeper, scroller }: Place): void {
    const { state } = this.#conversation
    const near = Math.max(scroller.clientHeight, FETCH_WITHIN_PX)
    const before = this.#window
    if (scroller.scrollTop < near) {
      if (hasOlderRows(before, state.main)) this.#window = growOlder(before, state.main)
      else if (state.hasOlder && state.older === 'idle' && this.#opening === 'done')
        void this.#conversation.loadOlder()
    }
    // Not otherwise: a short list is near both of its ends.
    if (keeper.distance() < near && this.#hasNewerRows()) {
      this.#window = growNewer(this.#window, state.main)
    }
    if (this.#window !== before) this.#redraw()
  }

  #lookForDivider({ scroller, list }: Place): void {
    const row = list.querySelector('[data-divider]')
    const isAbove = row
      ? row.getBoundingClientRect().bottom < scroller.getBoundingClientRect().top
      : this.divider !== null && this.divider.seq < this.#window.first
    if (row && !isAbove && isWatched.peek()) this.#isDividerSeen = true
    const isWanted = this.divider !== null && isAbove && !this.#isDividerSeen
    if (this.isDividerAbove.peek() !== isWanted) this.isDividerAbove.value = isWanted
  }

  /** ML-7: reading is looking at it, and looking takes someone. */
  #readVisible(): void {
    if (!this.#place || this.#opening !== 'done' || !isWatched.peek() || isHeldUnread.peek()) return
    // Under a thread that covers it nobody reads.
    if (this.#place.scroller.closest('[inert]') !== null) return
    const seq = newestSeen(this.#place.scroller, this.#place.list)
    if (seq !== null) this.#markRead(seq)
  }

  #markRead(seq: number): void {
    if (seq <= this.#conversation.state.readSeq) return
    this.#readAt = Date.now()
    this.#conversation.markRead(seq)
  }

  #hasNewerRows(): boolean {
    return hasNewerRows(this.#window, this.#conversation.state.main)
  }
}
