import { useId } from 'preact/hooks'
import css from './Switch.module.css'

type Props = {
  label: string
  hint?: string
  isOn: boolean
  isDisabled?: boolean
  onChange: (isOn: boolean) => void
}

/** On or off, at once: a check box that says "switch" and looks like one. */
export function Switch({ label, hint, isOn, isDisabled = false, onChange }: Props) {
  const hintId = useId()
  return (
    <label class={css.switch}>
      <span class={css.words}>
        <span class={css.label}>{label}</span>
        {hint && (
          <span id={hintId} class={css.hint}>
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a check box brings its own checked state
        role="switch"
        class={css.input}
        checked={isOn}
        disabled={isDisabled}
        aria-label={label}
        aria-describedby={hint ? hintId : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  )
}
