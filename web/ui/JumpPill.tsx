import { t } from '../state/i18n.ts'
import { Icon } from './Icon.tsx'
import css from './JumpPill.module.css'
import type { TimelineView } from './timeline-view.ts'

/** The ways back: to the newest message (ML-6), and to the first unread one where it is above (ML-8). */
export function JumpPill({ view }: { view: TimelineView }) {
  const { isShown, count } = view.pill.value
  const text = t()
  return (
    <>
      {view.isDividerAbove.value && (
        <button type="button" class={css.chip} onClick={() => view.jumpToDivider()}>
          <Icon name="arrow-up" />
          {text.jumpToUnread}
        </button>
      )}
      {isShown && (
        <button
          type="button"
          class={css.pill}
          aria-label={count > 0 ? text.jumpToNew(count) : text.jumpToNewest}
          onClick={() => view.jumpToNewest()}
        >
          <Icon name="arrow-down" />
          {count > 0 && <span>{text.newMessages(count)}</span>}
        </button>
      )}
    </>
  )
}
