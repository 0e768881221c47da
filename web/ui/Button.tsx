import type { ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact'
import css from './Button.module.css'
import { Icon } from './Icon.tsx'
import type { IconName } from './icon-names.ts'
import { useSlow } from './use-slow.ts'

type Props = Omit<ButtonHTMLAttributes, 'class' | 'icon'> & {
  look?: 'filled' | 'plain' | 'danger' | 'text'
  icon?: IconName
  /** Under way: stays as wide as it was, spins after 300 ms, and a second press does nothing (AU-3). */
  isBusy?: boolean
  isWide?: boolean
  buttonRef?: Ref<HTMLButtonElement>
  children: ComponentChildren
}

export function Button({
  look = 'plain',
  icon,
  isBusy = false,
  isWide = false,
  buttonRef,
  children,
  ...rest
}: Props) {
  const isSpinning = useSlow(isBusy)
  return (
    <button
      type="button"
      {...rest}
      {...(buttonRef ? { ref: buttonRef } : {})}
      class={`${css.button} ${css[look]} ${isWide ? css.wide : ''}`}
      aria-busy={isBusy}
      aria-disabled={isBusy || rest['aria-disabled']}
    >
      <span class={isSpinning ? css.hidden : css.label}>
        {icon && <Icon name={icon} />}
        {children}
      </span>
      {isSpinning && <Icon name="loader-circle" class={`${css.spinner} spin`} />}
    </button>
  )
}

/** A square button that shows only an icon; `label` is its name and its tooltip. */
export function IconButton({
  name,
  label,
  ...rest
}: Omit<ButtonHTMLAttributes, 'class' | 'label'> & { name: IconName; label: string }) {
  return (
    <button type="button" {...rest} class={css.icon} aria-label={label} title={label}>
      <Icon name={name} />
    </button>
  )
}
