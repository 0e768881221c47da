/**
 * Keeps a message list where its reader is: pinned to the bottom while they are there (ML-4), and on the row
 * they are looking at while rows come and go around it (ML-3). Native scroll anchoring does most of the
 * second; it does nothing at scrollTop 0, and that is exactly where older messages arrive.
 */

/** At the bottom within this, left only beyond the other: a wobble must not let go (ML-4). */
export const BOTTOM_ENTER_PX = 100
export const BOTTOM_LEAVE_PX = 160

/**
 * Whether the reader is at the bottom after a scroll. Only scrolling up leaves it: growth makes the distance
 * larger too, and that must pin, not let go.
 */
export function isAtBottomAfter(
  before: { isAtBottom: boolean; top: number },
  now: { top: number; distance: number },
) {
  if (now.distance <= BOTTOM_ENTER_PX) return true
  if (!before.isAtBottom) return false
  return now.distance <= BOTTOM_LEAVE_PX || now.top >= before.top
}

type Anchor = { row: HTMLElement; top: number }

export type ScrollKeeper = {
  readonly isAtBottom: boolean
  /** How far the bottom is away, px. */
  distance(): number
  toBottom(isSmooth?: boolean): void
  /** Puts a row's top at this share of the viewport's height. */
  toRow(row: HTMLElement, share: number): void
  /** Before rows change: remembers the first visible one. */
  capture(): void
  /** After rows changed, in the layout phase: puts that row back where it was, or stays at the bottom. */
  restore(): void
  stop(): void
}

/**
 * @param scroller the element that scrolls; `content` grows inside it
 * @param rows the elements that can be anchors, in order
 * @param onScroll after each scroll, once `isAtBottom` is right
 */
export function keepScroll(options: {
  scroller: HTMLElement
  content: HTMLElement
  rows: () => Iterable<HTMLElement>
  onScroll: () => void
  /** False where the bottom of the list is not the end of the conversation: then there is nothing to stick to. */
  canStick: () => boolean
}): ScrollKeeper {
  const { scroller, content, rows, onScroll, canStick } = options
  let isStuck = true
  let lastTop = scroller.scrollTop
  let anchor: Anchor | null = null

  const distance = () => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop
  const setTop = (top: number) => {
    scroller.scrollTop = top
    lastTop = scroller.scrollTop
  }
  const isAtBottom = () => isStuck && canStick()
  const toBottom = (isSmooth = false) => {
    isStuck = true
    if (isSmooth) scroller.scrollTo({ top: scroller.scrollHeight, behavior: 'smooth' })
    else setTop(scroller.scrollHeight)
  }
  const scrolled = () => {
    isStuck = isAtBottomAfter(
      { isAtBottom: isStuck, top: lastTop },
      { top: scroller.scrollTop, distance: distance() },
    )
    lastTop = scroller.scrollTop
    onScroll()
  }
  scroller.addEventListener('scroll', scrolled, { passive: true })

  // Before the next paint, whatever grew or shrank: an image, the composer, a keyboard, a banner.
  const resized = new ResizeObserver(() => {
    if (isAtBottom()) setTop(scroller.scrollHeight)
  })
  resized.observe(scroller)
  resized.observe(content)

  return {
    get isAtBottom() {
      return isAtBottom()
    },
    distance,
    toBottom,
    toRow(row, share) {
      const offset = row.getBoundingClientRect().top - scroller.getBoundingClientRect().top
      setTop(scroller.scrollTop + offset - scroller.clientHeight * share)
      isStuck = distance() <= BOTTOM_ENTER_PX
      // A jump is no change above the reader: restoring the row that they had looked at would undo it.
      anchor = null
    },
    capture() {
      anchor = isAtBottom() ? null : firstVisible(scroller, rows())
    },
    restore() {
      if (isAtBottom()) setTop(scroller.scrollHeight)
      else if (anchor?.row.isConnected) {
        const moved = anchor.row.getBoundingClientRect().top - anchor.top
        if (Math.abs(moved) >= 0.5) setTop(scroller.scrollTop + moved)
      }
      anchor = null
    },
    stop() {
      scroller.removeEventListener('scroll', scrolled)
      resized.disconnect()
    },
  }
}

function firstVisible(scroller: HTMLElement, rows: Iterable<HTMLElement>): Anchor | null {
  const edge = scroller.getBoundingClientRect().top
  for (const row of rows) {
    const box = row.getBoundingClientRect()
    if (box.bottom > edge) return { row, top: box.top }
  }
  return null
}
