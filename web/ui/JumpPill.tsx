import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import css from './JumpPill.module.css'
import type { TimelineView } from './timeline-view.ts'

/** The ways back: to the newest message (ML-6), and to the first unread one where it is above (ML-8). */
export function JumpPill({ view }: { view: TimelineView }) {
  const { isShown, count } = view.pill.value
  const text = t()
  const isWayBack = view.hasOrigin.value
  const label = isWayBack ? text.jumpBack : count > 0 ? text.jumpToNew(count) : text.jumpToNewest
  return (
    <>
      {view.isDividerAbove.value && (
        <button type="button" class={css.chip} onClick={() => view.jumpToDivider()}>
          <Icon name="arrow-up" />
          {text.jumpToUnread}
        </button>
      )}
      {(isShown || isWayBack) && (
        <button type="button" class={css.pill} aria-label={label} onClick={() => view.jumpToNewest()}>
          <Icon name="arrow-down" />
          {isWayBack ? <span>{text.jumpBack}</span> : count > 0 && <span>{text.newMessages(count)}</span>}
        </button>
      )}
    </>
  )
}
