import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import css from './MessageText.module.css'

/** Hidden until it is asked for. What is hidden is in the page as room only: no eye and no reader gets at it. */
export function Spoiler({ room, children }: { room: string; children: ComponentChildren }) {
  const [isShown, setShown] = useState(false)
  const shown = useRef<HTMLSpanElement>(null)
  // The button that had the focus is gone: without this the keyboard starts over at the top of the page.
  useLayoutEffect(() => {
    if (isShown) shown.current?.focus({ preventScroll: true })
  }, [isShown])

  if (isShown) {
    return (
      <span ref={shown} class={css.shown} tabIndex={-1}>
        {children}
      </span>
    )
  }
  return (
    <button type="button" class={css.spoiler} aria-label={t().showSpoiler} onClick={() => setShown(true)}>
      <span aria-hidden="true">{room}</span>
    </button>
  )
}
