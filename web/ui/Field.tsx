import type { ComponentChildren, PartialInputHTMLAttributes, RefObject } from 'preact'
import { useId } from 'preact/hooks'
import css from './Field.module.css'

type Props = Omit<PartialInputHTMLAttributes<HTMLInputElement>, 'class' | 'ref' | 'id' | 'role' | 'type'> & {
  label: string
  type?: 'text' | 'password'
  hint?: ComponentChildren
  error?: string | undefined
  inputRef?: RefObject<HTMLInputElement | null>
  /** A button inside the field, at its end. */
  end?: ComponentChildren
}

/** A labelled text field. What is wrong with it, or a hint, stands under it and is read with it. */
export function Field({ label, type = 'text', hint, error, inputRef, end, ...rest }: Props) {
  const id = useId()
  const note = error ?? hint
  const attributes = {
    dir: 'auto' as const,
    ...rest,
    ...(inputRef ? { ref: inputRef } : {}),
    id,
    class: css.input,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': note ? `${id}-note` : undefined,
  }
  return (
    <div class={css.field}>
      <label class={css.label} for={id}>
        {label}
      </label>
      <div class={css.box}>
        {type === 'password' ? (
          <input {...attributes} type="password" />
        ) : (
          <input {...attributes} type="text" />
        )}
        {end}
      </div>
      <p id={`${id}-note`} class={error ? css.error : css.hint} aria-live="polite">
        {note}
      </p>
    </div>
  )
}
