import { type ComponentProps, createElement } from 'preact'
import { useState } from 'preact/hooks'
import { t } from '../state/i18n.ts'
import { IconButton } from './Button.tsx'
import { Field } from './Field.tsx'

/** A password that can be shown: nothing to remember while typing it, and paste is welcome (AU-2). */
export function PasswordField(props: Omit<ComponentProps<typeof Field>, 'type' | 'end'>) {
  const [isShown, setShown] = useState(false)
  const button = (
    <IconButton
      name={isShown ? 'eye-off' : 'eye'}
      label={isShown ? t().hidePassword : t().showPassword}
      aria-pressed={isShown}
      onClick={() => setShown(!isShown)}
    />
  )
  return createElement(Field, { ...props, type: isShown ? 'text' : 'password', end: button })
}
