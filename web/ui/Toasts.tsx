import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { isWatched } from '../state/presence.ts'
import { closeToast, type Toast, toasts } from '../state/toasts.ts'
import { Button, IconButton } from './Button.tsx'
import css from './Toasts.module.css'

const STAYS_MS = 5_000
/** One with something to press needs longer. */
const STAYS_WITH_ACTION_MS = 10_000

/** In the top layer, above dialogs. A popover that is shown again comes to the front. */
export function Toasts() {
  const layer = useRef<HTMLDivElement>(null)
  const list = toasts.value
  useEffect(() => {
    const { current } = layer
    if (!current?.showPopover) return
    if (current.matches(':popover-open')) current.hidePopover()
    if (list.length > 0) current.showPopover()
  }, [list])
  return (
    <div ref={layer} popover="manual" class={css.layer}>
      {list.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const [isHeld, setHeld] = useState(false)
  const isPaused = isHeld || !isWatched.value
  useEffect(() => {
    if (isPaused) return
    const timer = setTimeout(() => closeToast(toast.id), toast.action ? STAYS_WITH_ACTION_MS : STAYS_MS)
    return () => clearTimeout(timer)
  }, [toast, isPaused])
  return (
    <div
      class={css.toast}
      role={toast.isError ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span class={css.text}>{toast.text}</span>
      {toast.action && (
        <Button
          look="text"
          onClick={() => {
            toast.action?.run()
            closeToast(toast.id)
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton name="x" label={t().close} onClick={() => closeToast(toast.id)} />
    </div>
  )
}
