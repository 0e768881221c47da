import { useEffect, useRef } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import css from './Composer.module.css'
import { Icon } from './Icon.tsx'

type Props = { isHidden: boolean; onPicked: (files: readonly File[]) => void }

/** The way to attach that needs no dragging; Ctrl/⌘+U is the same. */
export function AttachButton({ isHidden, onPicked }: Props) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (isHidden) return
    const pressed = (event: KeyboardEvent) => {
      const isChord = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey
      if (!isChord || event.code !== 'KeyU' || event.isComposing) return
      if (!isOurs(input.current)) return
      // The browser's own shows the page's source, which is of use to nobody here.
      event.preventDefault()
      if (!document.querySelector('dialog[open]')) input.current?.click()
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [isHidden])
  if (isHidden) return null
  const label = t().files.attach
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          onPicked([...(currentTarget.files ?? [])])
          // The same file may be picked again.
          currentTarget.value = ''
        }}
      />
      <button
        type="button"
        class={css.attach}
        aria-label={label}
        aria-keyshortcuts="Control+U Meta+U"
        title={label}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => input.current?.click()}
      >
        <Icon name="paperclip" />
      </button>
    </>
  )
}

/** Of several composers it is the one that is being written in, or else the first. */
function isOurs(input: HTMLInputElement | null): boolean {
  const written = document.activeElement?.closest('form')
  return written ? written === input?.form : document.querySelector('input[type=file]') === input
}
