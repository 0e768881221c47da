import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { Announcer } from './Announcer.tsx'
import { IconButton } from './Button.tsx'
import css from './Dialog.module.css'

type Props = {
  title: string
  onClose: () => void
  /** False where there is no way past it, such as signing in again: no Esc, no close button. */
  canClose?: boolean
  size?: 'narrow' | 'wide' | 'full'
  children: ComponentChildren
}

/**
 * A modal dialog. The browser keeps the focus inside and gives it back to who had it; everything behind is
 * inert, so the announcer has to speak from inside (AX-3).
 */
export function Dialog({ title, onClose, canClose = true, size = 'narrow', children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const { current } = dialog
    const invoker = document.activeElement
    current?.showModal()
    return () => {
      current?.close()
      if (invoker instanceof HTMLElement && invoker.isConnected) invoker.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={`${css.dialog} ${css[size]}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        if (canClose) onClose()
      }}
      onClose={() => {
        // A browser closes a dialog on a second Esc whatever the page says; one that was left is none of ours.
        if (!dialog.current?.isConnected || dialog.current.open) return
        if (canClose) onClose()
        else dialog.current.showModal()
      }}
      onPointerDown={(event) => {
        // The dialog fills itself with its content: only its backdrop is the dialog itself.
        if (canClose && event.target === dialog.current) onClose()
      }}
    >
      <div class={css.sheet}>
        <header class={css.header}>
          <h2 id={titleId} class={css.title}>
            {title}
          </h2>
          {canClose && <IconButton name="x" label={t().close} onClick={onClose} />}
        </header>
        {children}
        <Announcer />
      </div>
    </dialog>
  )
}

/** The row of buttons that ends a dialog. */
export function DialogActions({ children }: { children: ComponentChildren }) {
  return <div class={css.actions}>{children}</div>
}
